use super::file::offset;
use super::*;
use crate::{Class, Cost, Kdf, Namespace, VaultKey, header};

const NOW: u64 = 1_700_000_000;

struct Disk(Vec<u8>);

impl Disk {
    fn run(&mut self, writes: &[Write]) {
        for write in writes {
            self.torn(write, write.bytes.len());
        }
    }

    /// Only the first bytes of a write arrive.
    fn torn(&mut self, write: &Write, length: usize) {
        let at = usize::try_from(write.offset).expect("a small file");
        if self.0.len() < at + length {
            self.0.resize(at + length, 0);
        }
        self.0[at..at + length].copy_from_slice(&write.bytes[..length]);
    }
}

fn vault() -> (Header, VaultKey) {
    let made = header::create("seven quiet herons near a lake", Kdf::Argon2id(Cost::FLOOR));
    made.expect("a good passphrase")
}

fn entry(id: u8) -> Entry {
    Entry {
        id: RecordId([id; 16]),
        namespace: Namespace::Visit,
        class: Class::Note,
        expires_at: NOW + u64::from(id),
        hold: false,
    }
}

fn parsed(disk: &Disk, header: &Header) -> Parsed {
    parse(&disk.0, header).expect("a keyring")
}

#[test]
fn a_key_added_is_found_after_a_reload() {
    let (header, key) = vault();
    let keys = key.keys();
    let (mut keyring, writes) = create(&header);
    let mut disk = Disk(Vec::new());
    disk.run(&writes);
    let mut secrets = Vec::new();
    for id in 1..=100 {
        let (dek, writes) = keyring.add(&keys, entry(id)).expect("room");
        secrets.push(*dek.derive(&[b"x"]).bytes());
        disk.run(&writes);
    }
    let again = parsed(&disk, &header);
    assert!(again.repairs.is_empty() && again.damaged == 0);
    assert_eq!(again.keyring.entries().count(), 100);
    assert_eq!(again.keyring.counter(), 100);
    for (id, secret) in (1..=100).zip(&secrets) {
        let dek = again.keyring.dek(&keys, RecordId([id; 16]), NOW).expect("added");
        assert_eq!((dek.entry(), dek.derive(&[b"x"]).bytes()), (entry(id), secret));
    }
    assert!(disk.0.len() <= 8 * PAGE);
}

#[test]
fn a_key_is_gone_after_shredding_and_expired_in_time() {
    let (header, key) = vault();
    let keys = key.keys();
    let (mut keyring, writes) = create(&header);
    let mut disk = Disk(Vec::new());
    disk.run(&writes);
    for id in 1..=40 {
        disk.run(&keyring.add(&keys, entry(id)).expect("room").1);
    }
    let before = disk.0.clone();
    let id = RecordId([7; 16]);
    assert_eq!(keyring.dek(&keys, id, NOW + 7).err(), Some(Failure::Expired));
    assert!(keyring.dek(&keys, id, NOW + 6).is_ok());
    let held = Entry { hold: true, ..entry(7) };
    disk.run(&keyring.change(&keys, held).expect("there").1);
    assert!(keyring.dek(&keys, id, u64::MAX).is_ok(), "under legal hold");

    disk.run(&keyring.shred(&[id, RecordId([200; 16])]).expect("random bytes"));
    assert_eq!(keyring.dek(&keys, id, NOW).err(), Some(Failure::Gone));
    let again = parsed(&disk, &header).keyring;
    assert_eq!(again.dek(&keys, id, NOW).err(), Some(Failure::Gone));
    assert_eq!(again.entries().count(), 39);
    // No part of the former slot is left where it was: not even eight bytes of it.
    for copy in 0..2 {
        let at = offset(7, copy);
        let was = &before[at + 16..at + CHECKED];
        assert!(
            was.windows(8)
                .all(|piece| !disk.0.windows(8).any(|found| found == piece))
        );
    }
}

const CHECKED: usize = 100;

#[test]
fn a_crash_anywhere_leaves_the_old_state_or_the_new_one() {
    let (header, key) = vault();
    let keys = key.keys();
    let (mut keyring, writes) = create(&header);
    let mut disk = Disk(Vec::new());
    disk.run(&writes);
    disk.run(&keyring.add(&keys, entry(1)).expect("room").1);
    let old = disk.0.clone();
    let steps = [
        keyring.add(&keys, entry(2)).expect("room").1,
        keyring
            .change(
                &keys,
                Entry {
                    expires_at: 5,
                    ..entry(1)
                },
            )
            .expect("there")
            .1,
        keyring.shred(&[RecordId([1; 16])]).expect("random bytes"),
    ];
    let mut base = Disk(old);
    let mut crashes = 0;
    for writes in steps {
        let state = |disk: &Disk| {
            let mut entries: Vec<Entry> = parsed(disk, &header).keyring.entries().copied().collect();
            entries.sort_by_key(|entry| entry.id);
            entries
        };
        let before = state(&base);
        let mut after = Disk(base.0.clone());
        after.run(&writes);
        let expected = [before, state(&after)];
        for done in 0..writes.len() {
            for length in 0..SLOT {
                let mut torn = Disk(base.0.clone());
                torn.run(&writes[..done]);
                torn.torn(&writes[done], length);
                let found = state(&torn);
                assert!(expected.contains(&found), "write {done}, {length} bytes");
                let repairs = parsed(&torn, &header).repairs;
                torn.run(&repairs);
                let repaired = parsed(&torn, &header);
                assert!(repaired.repairs.is_empty() && repaired.damaged == 0);
                assert_eq!(state(&torn), found);
                crashes += 1;
            }
        }
        base = after;
    }
    assert_eq!(crashes, 768);
}

#[test]
fn every_single_bit_flip_is_repaired_or_reported() {
    let (header, key) = vault();
    let keys = key.keys();
    let (mut keyring, writes) = create(&header);
    let mut disk = Disk(Vec::new());
    disk.run(&writes);
    disk.run(&keyring.add(&keys, entry(1)).expect("room").1);
    let whole = disk.0.clone();
    let mut flips = 0;
    for copy in 0..2 {
        for bit in 0..2 * SLOT * 8 {
            disk.0[copy * PAGE + bit / 8] ^= 1 << (bit % 8);
            let found = parsed(&disk, &header);
            assert_eq!(found.repairs.len(), 1, "bit {bit}");
            assert!(found.keyring.dek(&keys, RecordId([1; 16]), NOW).is_ok());
            disk.run(&found.repairs);
            assert!(disk.0 == whole);
            flips += 1;
        }
    }
    // In both copies at once, with the checksum set right: the tag notices.
    for bit in 0..100 * 8 {
        for copy in 0..2 {
            let at = offset(1, copy);
            disk.0[at + bit / 8] ^= 1 << (bit % 8);
            let slot: [u8; SLOT] = disk.0[at..at + SLOT].try_into().expect("a slot");
            let sum = slot::sum_for_tests(header.vault(), &slot);
            disk.0[at + 120..at + SLOT].copy_from_slice(&sum);
        }
        let found = parsed(&disk, &header).keyring;
        let ids: Vec<RecordId> = found.entries().map(|entry| entry.id).collect();
        assert!(ids.iter().all(|id| found.dek(&keys, *id, 0).is_err()), "bit {bit}");
        disk.0.clone_from(&whole);
        flips += 1;
    }
    assert_eq!(flips, 4896);
}

#[test]
fn an_interrupted_exchange_of_the_vault_key_belongs_to_the_header_that_is_stored() {
    let (header, key) = vault();
    let keys = key.keys();
    let (mut keyring, writes) = create(&header);
    let mut disk = Disk(Vec::new());
    disk.run(&writes);
    for id in 1..=70 {
        disk.run(&keyring.add(&keys, entry(id)).expect("room").1);
    }
    disk.run(&keyring.shred(&[RecordId([3; 16])]).expect("random bytes"));
    let (new_header, new_key) = header.rotated(&key).expect("its own key");
    let new_keys = new_key.keys();
    let (rotated, [first, second]) = keyring.rotated(&keys, &new_header, &new_keys).expect("whole");
    let works = |disk: &Disk, header: &Header, keys: &Keys| {
        let mut disk = Disk(disk.0.clone());
        let found = parsed(&disk, header);
        disk.run(&found.repairs);
        let again = parsed(&disk, header);
        again.repairs.is_empty()
            && again.damaged == 0
            && again.keyring.entries().count() == 69
            && again
                .keyring
                .entries()
                .all(|entry| again.keyring.dek(keys, entry.id, NOW).is_ok())
    };
    for done in 0..=first.len() {
        let mut torn = Disk(disk.0.clone());
        torn.run(&first[..done]);
        assert!(works(&torn, &header, &keys), "{done} of the first half");
        if let Some(write) = first.get(done) {
            torn.torn(write, 1000);
            assert!(works(&torn, &header, &keys), "{done} of the first half and a piece");
        }
    }
    disk.run(&first);
    for done in 0..=second.len() {
        let mut torn = Disk(disk.0.clone());
        torn.run(&second[..done]);
        assert!(works(&torn, &new_header, &new_keys), "{done} of the second half");
    }
    disk.run(&second);
    assert!(parsed(&disk, &new_header).repairs.is_empty());
    assert_eq!(rotated.counter(), 69);
    assert!(parse(&disk.0, &header).is_err(), "the old header has no copy left");
}

#[test]
fn a_worn_key_wraps_no_more() {
    let (header, key) = vault();
    let (mut keyring, _) = create(&header);
    assert!(!keyring.worn());
    keyring.counter = MOST_WRAPS;
    assert!(keyring.worn());
    assert_eq!(keyring.add(&key.keys(), entry(1)).err(), Some(Failure::Worn));
    assert!(keyring.shred(&[RecordId([1; 16])]).is_ok());
}

#[test]
fn no_key_opens_another_vaults_slots() {
    let (header, key) = vault();
    let (other, stranger) = vault();
    let (mut keyring, _) = create(&header);
    assert!(keyring.add(&stranger.keys(), entry(1)).is_err());
    let (_, mut writes) = create(&header);
    let mut disk = Disk(Vec::new());
    disk.run(&writes);
    writes.clear();
    assert!(parse(&disk.0, &other).is_err());
    assert!(keyring.add(&key.keys(), entry(1)).is_ok());
    assert!(keyring.add(&key.keys(), entry(1)).is_err(), "one key for a record");
}
