//! The audit log: what is altered, lost or put back is found and named.

use vault::audit::{Checkpoint, Event, Log, Row, Verdict, csv, jsonl};
use vault::backup::{Destroyed, certificate, verify_certificate};
use vault::meta::{Meta, Roots};
use vault::record::Head;
use vault::{Class, Cost, Failure, Header, Kdf, Namespace, RecordId, VaultKey, header};

const TIME: u64 = 1_800_000_000;

struct Vault {
    header: Header,
    key: VaultKey,
    meta: Meta,
}

impl Vault {
    fn new() -> Vault {
        let made = header::create("seven quiet herons near a lake", Kdf::Argon2id(Cost::FLOOR));
        let (header, key) = made.expect("a good passphrase");
        let meta = Meta::new(&key, &header, TIME).expect("random bytes");
        Vault { header, key, meta }
    }

    fn open(&self, rows: &[Vec<u8>]) -> (Log, Verdict) {
        let key = self.meta.log_key(&self.key).expect("its own key");
        Log::open(key, self.meta.audit, rows.iter().map(Vec::as_slice))
    }

    fn check(&self, rows: &[Vec<u8>]) -> Verdict {
        self.open(rows).1
    }

    /// A log of one row for each event.
    fn logged() -> (Vault, Vec<Vec<u8>>) {
        let mut vault = Vault::new();
        let (mut log, verdict) = vault.open(&[]);
        assert_eq!(verdict, Verdict::Intact { rows: 0 });
        let rows = (0..).zip(Event::ALL).map(|(n, event)| {
            let record = (n % 3 == 0).then_some(RecordId([n as u8 + 1; 16]));
            log.append(TIME + n, event, record, n as u32).expect("random bytes")
        });
        let rows = rows.collect();
        vault.meta.audit = log.checkpoint();
        (vault, rows)
    }
}

#[test]
fn rows_come_back_as_they_were_entered() {
    let (vault, rows) = Vault::logged();
    let (log, verdict) = vault.open(&rows);
    assert_eq!(verdict, Verdict::Intact { rows: 46 });
    let read: Vec<Row> = rows.iter().map(|row| log.read(row).expect("its own row")).collect();
    for (n, (row, event)) in (0..).zip(read.iter().zip(Event::ALL)) {
        assert_eq!(
            (row.number, row.time, row.event, row.detail),
            (n, TIME + n, event, n as u32)
        );
        assert!(!row.while_locked);
    }
}

#[test]
fn the_log_goes_on_behind_its_end() {
    let (mut vault, mut rows) = Vault::logged();
    let (mut log, _) = vault.open(&rows);
    rows.push(
        log.append_late(TIME, Event::UnlockFailed, None, 1)
            .expect("random bytes"),
    );
    assert_eq!(
        vault.check(&rows),
        Verdict::Long { number: 46 },
        "the state was not stored"
    );
    vault.meta.audit = log.checkpoint();
    let (log, verdict) = vault.open(&rows);
    assert_eq!(verdict, Verdict::Intact { rows: 47 });
    assert!(log.read(&rows[46]).expect("its own row").while_locked);
}

#[test]
fn every_single_bit_flip_of_a_row_is_named() {
    let (vault, mut rows) = Vault::logged();
    let mut flips = 0;
    for bit in 0..rows[5].len() * 8 {
        rows[5][bit / 8] ^= 1 << (bit % 8);
        assert_eq!(vault.check(&rows), Verdict::Broken { number: 5 }, "bit {bit}");
        rows[5][bit / 8] ^= 1 << (bit % 8);
        flips += 1;
    }
    println!("audit: {flips} single-bit flips, all detected");
}

#[test]
fn rows_removed_exchanged_or_repeated_are_named() {
    let (vault, rows) = Vault::logged();
    for at in 0..rows.len() {
        let mut without = rows.clone();
        without.remove(at);
        let expected = if at + 1 == rows.len() {
            Verdict::Short { number: at as u64 }
        } else {
            Verdict::Broken { number: at as u64 }
        };
        assert_eq!(vault.check(&without), expected);
        assert_eq!(vault.check(&rows[..at]), Verdict::Short { number: at as u64 });
        if at > 0 {
            let mut exchanged = rows.clone();
            exchanged.swap(at - 1, at);
            assert_eq!(vault.check(&exchanged), Verdict::Broken { number: at as u64 - 1 });
        }
        let mut repeated = rows.clone();
        repeated.insert(at, rows[at].clone());
        let number = at as u64 + 1;
        assert!(
            matches!(vault.check(&repeated), Verdict::Broken { number: n } | Verdict::Long { number: n } if n == number)
        );
    }
    let (other, theirs) = Vault::logged();
    assert_eq!(vault.check(&theirs), Verdict::Broken { number: 0 });
    assert_eq!(other.check(&theirs), Verdict::Intact { rows: 46 });
}

/// Two sessions that both wrote row 46: the state says which one counts.
#[test]
fn a_row_written_anew_does_not_pass_for_the_other() {
    let (mut vault, rows) = Vault::logged();
    let row = |event| {
        let (mut log, _) = vault.open(&rows);
        let row = log.append(TIME, event, None, 0).expect("random bytes");
        (row, log.checkpoint())
    };
    let (copied, _) = row(Event::Copied);
    let (printed, end) = row(Event::Printed);
    vault.meta.audit = end;
    let with = |row: Vec<u8>| [rows.clone(), vec![row]].concat();
    assert_eq!(vault.check(&with(printed)), Verdict::Intact { rows: 47 });
    assert_eq!(vault.check(&with(copied)), Verdict::Broken { number: 46 });
}

#[test]
fn old_rows_leave_and_the_rest_still_verifies() {
    let (mut vault, rows) = Vault::logged();
    let (mut log, _) = vault.open(&rows);
    let pruned = log
        .prune(TIME + 20, rows.iter().map(Vec::as_slice))
        .expect("its own rows");
    assert_eq!(pruned, 20);
    vault.meta.audit = log.checkpoint();
    assert_eq!(vault.check(&rows[20..]), Verdict::Intact { rows: 26 });
    assert_eq!(vault.check(&rows[21..]), Verdict::Broken { number: 20 });
    assert_eq!(vault.check(&rows), Verdict::Broken { number: 20 });
    let (mut log, _) = vault.open(&rows[20..]);
    assert_eq!(log.prune(TIME + 20, rows[20..].iter().map(Vec::as_slice)), Ok(0));
    assert_eq!(log.prune(u64::MAX, rows[20..].iter().map(Vec::as_slice)), Ok(26));
    assert!(log.append(TIME, Event::AuditPruned, None, 26).is_ok());
}

#[test]
fn the_log_outlives_an_exchange_of_the_vault_key() {
    let (vault, rows) = Vault::logged();
    let (header, key) = vault.header.rotated(&vault.key).expect("its own key");
    let meta = vault
        .meta
        .rotated(&vault.key, &header, &key, 9, TIME + 5)
        .expect("its own key");
    assert!(meta.log_key(&vault.key).is_err(), "the old key is out");
    assert!(!meta.rotation_due(TIME + 6) && meta.rotation_due(TIME + 5 + vault::meta::ROTATION));
    let vault = Vault { header, key, meta };
    assert_eq!(vault.check(&rows), Verdict::Intact { rows: 46 });
}

#[test]
fn every_single_bit_flip_of_the_state_is_detected() {
    let (mut vault, _) = Vault::logged();
    let keys = vault.key.keys();
    let head = Head {
        vault: vault.key.vault(),
        namespace: Namespace::Index,
        class: Class::Note,
        id: RecordId([7; 16]),
        schema: 1,
        revision: 3,
        expires_at: TIME,
    };
    let mut roots = Roots::default();
    roots.note(&head);
    let note = Head {
        namespace: Namespace::Visit,
        id: RecordId([8; 16]),
        ..head
    };
    roots.note(&note);
    vault.meta.roots = Some(roots);
    let mut bytes = vault.meta.to_bytes(&keys);
    let again = Meta::open(&keys, &bytes).expect("its own bytes");
    assert!(again == vault.meta && again.writes() == 1);
    let known: Vec<_> = again.roots.iter().flat_map(Roots::ids).collect();
    assert_eq!(known, [head.id], "a note is vouched for by its page");
    let mut flips = 0;
    for bit in 0..bytes.len() * 8 {
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(Meta::open(&keys, &bytes).is_err(), "bit {bit}");
        bytes[bit / 8] ^= 1 << (bit % 8);
        flips += 1;
    }
    for length in 0..bytes.len() {
        assert!(Meta::open(&keys, &bytes[..length]).is_err(), "{length} bytes");
    }
    assert!(Meta::peek(&[bytes, vec![0]].concat()).is_err());
    println!("state: {flips} single-bit flips, all detected");
}

#[test]
fn exports_have_a_line_for_each_row_and_no_formula() {
    let (vault, rows) = Vault::logged();
    let (log, _) = vault.open(&rows);
    let read: Vec<Row> = rows.iter().map(|row| log.read(row).expect("its own row")).collect();
    let (lines, table) = (jsonl(&read), csv(&read));
    assert_eq!((lines.lines().count(), table.lines().count()), (46, 47));
    assert!(lines.starts_with(
        "{\"number\":0,\"time\":\"2027-01-15T08:00:00Z\",\"event\":\"vault-created\",\"detail\":0,\"record\":\"0101"
    ));
    assert!(
        lines
            .lines()
            .all(|line| line.starts_with("{\"number\":") && line.ends_with("\"}"))
    );
    for cell in table.lines().flat_map(|line| line.split(',')) {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        assert!(!cell.contains(['"', ' ', '\t']), "{cell}");
    }
    let names: std::collections::BTreeSet<String> = Event::ALL.map(Event::name).into();
    assert_eq!(names.len(), 46);
}

#[test]
fn a_certificate_of_deletion_is_checked_by_its_vault() {
    let (vault, rows) = Vault::logged();
    let (log, _) = vault.open(&rows);
    let destroyed = [1, 2].map(|n| Destroyed {
        id: RecordId([n; 16]),
        hash: [n + 10; 32],
    });
    let text = certificate(&log, TIME, "key slot overwritten\nrecord 00", &destroyed);
    assert!(text.contains("time 2027-01-15T08:00:00Z\nmethod key slot overwritten record 00\n"));
    assert_eq!(verify_certificate(&log, &text), Ok(()));
    for at in 0..text.len() {
        let mut changed = text.clone().into_bytes();
        changed[at] ^= 1;
        let changed = String::from_utf8(changed).expect("ASCII");
        assert_eq!(verify_certificate(&log, &changed), Err(Failure::Damaged), "byte {at}");
    }
    let other = Vault::new();
    assert!(verify_certificate(&other.open(&[]).0, &text).is_err());
    assert!(verify_certificate(&log, "").is_err());
}

#[test]
fn a_checkpoint_of_a_new_vault_is_empty() {
    assert_eq!(Vault::new().meta.audit, Checkpoint::default());
}
