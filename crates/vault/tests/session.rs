//! The parts of version 2 together, as the page uses them, and the way from version 1.

use vault::keyring::{self, Entry, Keyring, Write};
use vault::{Class, Cost, Factor, Failure, Kdf, Keys, Namespace, RecordId, VaultKey, header, migrate, record, v1};

const NOW: u64 = 1_800_000_000;
const PASSPHRASE: &str = "seven quiet herons near a lake";
const NOTE: &[u8] = b"Denies fever. Ibuprofen 400 mg as needed.";

fn entry(id: u8) -> Entry {
    Entry {
        id: RecordId([id; 16]),
        namespace: Namespace::Visit,
        class: Class::Note,
        expires_at: NOW + 3600,
        hold: false,
    }
}

fn vault() -> (VaultKey, Keys, Keyring) {
    let made = header::create(PASSPHRASE, Kdf::Argon2id(Cost::FLOOR));
    let (header, key) = made.expect("a good passphrase");
    let (keyring, _) = keyring::create(&header);
    let keys = key.keys();
    (key, keys, keyring)
}

#[test]
fn a_record_opens_until_its_time_and_never_after_its_key_is_gone() {
    let (_, keys, mut keyring) = vault();
    let (dek, _) = keyring.add(&keys, entry(1)).expect("room");
    let sealed = record::seal(&dek, 1, 3, NOTE).expect("a short note");
    let head = record::read_head(&sealed).expect("a head");
    assert_eq!((head.id, head.schema, head.revision), (RecordId([1; 16]), 1, 3));
    let (opened, text) = record::open(&dek, &sealed, NOW).expect("in time");
    assert_eq!((opened, text.as_slice()), (head, NOTE));
    assert_eq!(record::open(&dek, &sealed, NOW + 3600).err(), Some(Failure::Expired));

    keyring.shred(&[head.id]).expect("random bytes");
    assert_eq!(keyring.dek(&keys, head.id, NOW).err(), Some(Failure::Gone));
    // A new key for the same id does not open what the old one sealed.
    let (again, _) = keyring.add(&keys, entry(1)).expect("room");
    assert_eq!(record::open(&again, &sealed, NOW).err(), Some(Failure::Damaged));
}

#[test]
fn of_two_dates_the_earlier_counts_and_legal_hold_is_above_both() {
    let (_, keys, mut keyring) = vault();
    let (dek, _) = keyring.add(&keys, entry(1)).expect("room");
    let sealed = record::seal(&dek, 1, 1, NOTE).expect("a short note");
    let at = |expires_at, hold| Entry {
        expires_at,
        hold,
        ..entry(1)
    };
    let (shorter, _) = keyring.change(&keys, at(NOW + 10, false)).expect("there");
    assert_eq!(record::open(&shorter, &sealed, NOW + 10).err(), Some(Failure::Expired));
    let (longer, _) = keyring.change(&keys, at(NOW + 9999, false)).expect("there");
    assert!(record::open(&longer, &sealed, NOW + 3599).is_ok());
    assert_eq!(record::open(&longer, &sealed, NOW + 3600).err(), Some(Failure::Expired));
    let anew = record::seal(&longer, 1, 2, NOTE).expect("a short note");
    assert!(record::open(&longer, &anew, NOW + 9998).is_ok());
    let (held, _) = keyring.change(&keys, at(NOW + 10, true)).expect("there");
    assert!(record::open(&held, &sealed, u64::MAX).is_ok());
}

#[test]
fn every_single_bit_flip_of_every_kind_of_record_is_detected() {
    let (_, keys, mut keyring) = vault();
    let mut flips = 0;
    for (id, namespace) in (0..).zip(Namespace::ALL) {
        let (dek, _) = keyring.add(&keys, Entry { namespace, ..entry(id) }).expect("room");
        let mut sealed = record::seal(&dek, 1, 3, NOTE).expect("a short note");
        for bit in 0..sealed.len() * 8 {
            sealed[bit / 8] ^= 1 << (bit % 8);
            assert!(record::open(&dek, &sealed, NOW).is_err(), "{namespace:?}, bit {bit}");
            sealed[bit / 8] ^= 1 << (bit % 8);
            flips += 1;
        }
        assert!(record::open(&dek, &sealed, NOW).is_ok());
        for length in 0..sealed.len() {
            assert!(record::open(&dek, &sealed[..length], NOW).is_err());
        }
    }
    println!(
        "record 2: {flips} single-bit flips over {} namespaces, all detected",
        Namespace::ALL.len()
    );
}

#[test]
fn no_record_passes_for_another() {
    let (_, keys, mut keyring) = vault();
    let deks: Vec<_> = (0..)
        .zip(Namespace::ALL)
        .map(|(id, namespace)| keyring.add(&keys, Entry { namespace, ..entry(id) }).expect("room").0)
        .collect();
    for ours in &deks {
        let sealed = record::seal(ours, 1, 1, NOTE).expect("a short note");
        for theirs in deks.iter().filter(|theirs| theirs.entry().id != ours.entry().id) {
            assert_eq!(record::open(theirs, &sealed, NOW).err(), Some(Failure::Damaged));
        }
        let later = record::seal(ours, 1, 2, NOTE).expect("a short note");
        for cut in [62, 74, sealed.len() - 16] {
            let mixed = [&sealed[..cut], &later[cut..]].concat();
            assert_eq!(record::open(ours, &mixed, NOW).err(), Some(Failure::Damaged));
        }
    }
    let (_, _, mut other) = vault();
    assert!(other.add(&keys, entry(1)).is_err(), "another vault's keys");
}

#[test]
fn a_vault_key_handed_over_is_the_same_key() {
    let (key, keys, mut keyring) = vault();
    let (dek, _) = keyring.add(&keys, entry(1)).expect("room");
    let sealed = record::seal(&dek, 1, 1, NOTE).expect("a short note");
    let again = VaultKey::take_over(&key.hand_over()).keys();
    let dek = keyring.dek(&again, RecordId([1; 16]), NOW).expect("its own key");
    assert!(record::open(&dek, &sealed, NOW).is_ok());
}

/// Copy, verify, switch, interrupted after every step: either the old vault is whole or the new one is.
#[test]
fn a_vault_of_version_1_moves_over_whatever_interrupts_it() {
    let (old_header, old_key) = v1::create(PASSPHRASE).expect("a good passphrase");
    let olds: Vec<Vec<u8>> = (1..=4)
        .map(|id| {
            let head = v1::Head {
                id: RecordId([id; 16]),
                schema: 1,
                revision: u32::from(id),
                // The fourth is over.
                expires_at: if id == 4 { NOW } else { NOW + 3600 },
            };
            v1::seal(&old_key, &head, &[id; 50]).expect("a short note")
        })
        .collect();
    for stop in 0..=10 {
        let (header, key) = header::create(PASSPHRASE, Kdf::Argon2id(Cost::FLOOR)).expect("a good passphrase");
        let keys = key.keys();
        let (mut keyring, writes) = keyring::create(&header);
        let (mut disk, mut news, mut steps) = (Vec::new(), Vec::new(), 0);
        carry_out(&writes, &mut disk);
        for old in &olds {
            steps += 1;
            if steps > stop {
                break;
            }
            match migrate::record(&old_key, &keys, &mut keyring, old, NOW) {
                Ok(new) => {
                    carry_out(&new.writes, &mut disk);
                    news.push((old, new.sealed));
                }
                Err(why) => assert_eq!(why, Failure::Expired),
            }
        }
        let keyring = keyring::parse(&disk, &header).expect("its own file").keyring;
        let verified = |(old, new): &(&Vec<u8>, Vec<u8>)| migrate::verify(&old_key, &keys, &keyring, old, new, NOW);
        let sound = news.iter().all(|pair| verified(pair) == Ok(true));
        assert!(sound);
        let switched = steps <= stop && stop > 6;
        if switched {
            assert_eq!((news.len(), keyring.entries().count()), (3, 3));
            let key = header
                .unlock(&Factor::Passphrase(PASSPHRASE))
                .expect("the same passphrase");
            for (id, (_, sealed)) in (1..).zip(&news) {
                let dek = keyring.dek(&key.keys(), RecordId([id; 16]), NOW).expect("moved");
                let (head, text) = record::open(&dek, sealed, NOW).expect("moved");
                assert_eq!((head.revision, text.as_slice()), (u32::from(id), [id; 50].as_slice()));
            }
        } else {
            let key = v1::unlock(&old_header, PASSPHRASE).expect("untouched");
            assert!(olds[..3].iter().all(|old| v1::open(&key, old, NOW).is_ok()));
        }
        if let [(first, _), (_, second), ..] = news.as_slice() {
            assert!(
                migrate::verify(&old_key, &keys, &keyring, first, second, NOW).is_err(),
                "not its copy"
            );
        }
    }
}

fn carry_out(writes: &[Write], disk: &mut Vec<u8>) {
    for write in writes {
        let at = usize::try_from(write.offset).expect("a small file");
        disk.resize(disk.len().max(at + write.bytes.len()), 0);
        disk[at..at + write.bytes.len()].copy_from_slice(&write.bytes);
    }
}
