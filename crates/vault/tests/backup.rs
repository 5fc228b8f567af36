//! A backup comes back as it was, or not at all.

use std::time::{Duration, Instant};

use vault::backup::{Item, LONGEST_HEADER, Limits, Piece, Reader, Summary, Writer, read_header};
use vault::{Class, Cost, Factor, Failure, Header, Kdf, Namespace, RecordId, RecoveryCode, VaultKey, header};

const NOW: u64 = 1_800_000_000;
const PRF: [u8; 32] = [3; 32];
const PASSPHRASE: &str = "seven quiet herons near a lake";

type Record = (Item, Vec<u8>);

#[test]
fn a_backup_comes_back_as_it_was() {
    let (header, key) = vault();
    // Lengths around the chunk, and none at all.
    let records: Vec<Record> = [0, 1, 65_535 - 42, 65_536, 200_000, 7]
        .iter()
        .enumerate()
        .map(|(n, length)| record(n as u8, *length))
        .collect();
    let file = backup(&header, &key, &records);
    for step in [1000, 65_552, usize::MAX] {
        let (found, summary) = restored(&file, &Factor::Passkey(&PRF), step).expect("a backup");
        assert!(found == records);
        assert_eq!((summary.records, summary.expired, summary.ids.len()), (6, 0, 6));
        assert!(summary.ids.iter().all(|(old, new)| old != new));
    }
}

#[test]
fn a_backup_opens_in_every_way_in_which_the_vault_does_and_in_no_other() {
    let (mut header, key) = vault();
    let code = RecoveryCode::random().expect("random bytes");
    header.put(&key, &Factor::Recovery(&code), None, &[]).expect("room");
    let file = backup(&header, &key, &[record(1, 10)]);
    for factor in [
        Factor::Passphrase(PASSPHRASE),
        Factor::Passkey(&PRF),
        Factor::Recovery(&code),
    ] {
        assert!(restored(&file, &factor, 1000).is_ok());
    }
    assert_eq!(
        restored(&file, &Factor::Passkey(&[4; 32]), 1000).err(),
        Some(Failure::WrongPasskey)
    );
    // It is no header of a vault, and a vault's is none of a backup.
    let (_, length) = read_header(&file).expect("a header");
    assert!(Header::parse(&file[..length]).is_err());
    assert!(read_header(&header.to_bytes()).is_err());
    // The vault key is not in it.
    let opened = read_header(&file)
        .expect("a header")
        .0
        .unlock(&Factor::Passkey(&PRF))
        .expect("its own factor");
    assert!(opened.hand_over()[20..] != key.hand_over()[20..]);
}

/// Left for `vectors/read_backup.py`, the other reader: `SOTTO_SECRET="seven quiet herons near a lake"`.
#[test]
fn a_backup_is_written_for_the_other_reader() {
    let (header, key) = vault();
    let file = backup(&header, &key, &[record(1, 300), record(2, 0), record(3, 200_000)]);
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("sample.sottobak");
    std::fs::write(&path, &file).expect("a writable folder");
    println!("backup: {}", path.display());
}

#[test]
fn expiry_is_kept_and_what_is_over_stays_away() {
    let (header, key) = vault();
    let mut records = [record(1, 100), record(2, 70_000), record(3, 100)];
    records[0].0.expires_at = NOW;
    records[1].0.expires_at = NOW;
    records[1].0.hold = true;
    records[2].0.expires_at = NOW + 1;
    let file = backup(&header, &key, &records);
    let (found, summary) = restored(&file, &Factor::Passkey(&PRF), 9999).expect("a backup");
    assert!(found == records[1..]);
    assert_eq!((summary.records, summary.expired), (2, 1));
}

#[test]
fn every_truncation_and_extension_is_refused() {
    let (header, key) = vault();
    let file = backup(&header, &key, &[record(1, 300)]);
    for length in 0..file.len() {
        assert!(
            restored(&file[..length], &Factor::Passkey(&PRF), 4096).is_err(),
            "{length} bytes"
        );
    }
    assert!(restored(&[file, vec![0]].concat(), &Factor::Passkey(&PRF), 4096).is_err());
    // Cut between two chunks.
    let file = backup(&header, &key, &[record(1, 200_000)]);
    let (_, head) = read_header(&file).expect("a header");
    for chunks in 0..3 {
        let cut = &file[..head + chunks * 65_552];
        assert_eq!(
            restored(cut, &Factor::Passkey(&PRF), 4096).err(),
            Some(Failure::NotABackup)
        );
    }
    let exchanged = [
        &file[..head],
        &file[head + 65_552..head + 2 * 65_552],
        &file[head..head + 65_552],
    ]
    .concat();
    assert!(restored(&exchanged, &Factor::Passkey(&PRF), 4096).is_err());
}

#[test]
fn every_single_bit_flip_is_refused() {
    let (header, key) = vault();
    let mut file = backup(&header, &key, &[record(1, 300)]);
    let mut flips = 0;
    for bit in 0..file.len() * 8 {
        file[bit / 8] ^= 1 << (bit % 8);
        assert!(
            restored(&file, &Factor::Passkey(&PRF), usize::MAX).is_err(),
            "bit {bit}"
        );
        file[bit / 8] ^= 1 << (bit % 8);
        flips += 1;
    }
    println!("backup: {flips} single-bit flips, all refused");
}

/// Made by someone who has the passphrase, so that every tag is right.
#[test]
fn a_malicious_backup_is_refused_at_once() {
    let (header, key) = vault();
    let start = Instant::now();
    let with = |change: fn(&mut Vec<Record>)| {
        let mut records = vec![record(1, 300), record(2, 300)];
        change(&mut records);
        restored(&backup(&header, &key, &records), &Factor::Passkey(&PRF), 4096).err()
    };
    assert_eq!(
        with(|records| records[1].0.id = records[0].0.id),
        Some(Failure::NotABackup)
    );
    let limited = |limits: Limits| {
        let file = backup(&header, &key, &[record(1, 300), record(2, 300)]);
        read(&file, &Factor::Passkey(&PRF), 4096, limits).err()
    };
    let limits = Limits::default();
    assert_eq!(limited(limits), None);
    assert_eq!(limited(Limits { records: 1, ..limits }), Some(Failure::TooLarge));
    assert_eq!(limited(Limits { record: 299, ..limits }), Some(Failure::TooLarge));
    assert_eq!(limited(Limits { total: 599, ..limits }), Some(Failure::TooLarge));
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[test]
fn a_long_file_that_is_no_backup_costs_nothing() {
    let start = Instant::now();
    let junk = vec![0x53; 32 << 20];
    assert_eq!(read_header(&junk).err(), Some(Failure::NotABackup));
    assert_eq!(read_header(&[]).err(), Some(Failure::NotABackup));
    let (header, key) = vault();
    let mut file = backup(&header, &key, &[]);
    let (_, length) = read_header(&file).expect("a header");
    file.truncate(length);
    file.extend(junk);
    assert_eq!(
        restored(&file, &Factor::Passkey(&PRF), 65_536).err(),
        Some(Failure::NotABackup)
    );
    assert!(start.elapsed() < Duration::from_secs(2));
}

fn vault() -> (Header, VaultKey) {
    let made = header::create(PASSPHRASE, Kdf::Argon2id(Cost::FLOOR));
    let (mut header, key) = made.expect("a good passphrase");
    header.put(&key, &Factor::Passkey(&PRF), None, b"one").expect("room");
    (header, key)
}

fn record(n: u8, length: usize) -> Record {
    let item = Item {
        id: RecordId([n + 1; 16]),
        namespace: Namespace::ALL[usize::from(n) % 8],
        class: Class::ALL[usize::from(n) % 6],
        hold: n == 3,
        schema: 2,
        revision: u32::from(n) + 5,
        expires_at: NOW + 1000,
        length: length as u64,
    };
    (item, (0..length).map(|at| (at * 7 + usize::from(n)) as u8).collect())
}

fn backup(header: &Header, key: &VaultKey, records: &[Record]) -> Vec<u8> {
    let (mut writer, mut file) = Writer::start(header, key).expect("its own key");
    for (item, plaintext) in records {
        file.extend(writer.record(item, plaintext));
    }
    file.extend(writer.finish());
    file
}

fn restored(file: &[u8], factor: &Factor, step: usize) -> Result<(Vec<Record>, Summary), Failure> {
    read(file, factor, step, Limits::default())
}

fn read(file: &[u8], factor: &Factor, step: usize, limits: Limits) -> Result<(Vec<Record>, Summary), Failure> {
    let (header, length) = read_header(&file[..file.len().min(LONGEST_HEADER)])?;
    let mut reader = Reader::open(&header, factor, NOW, limits)?;
    let (mut records, mut open) = (Vec::new(), None);
    let mut take = |pieces: Vec<Piece>| {
        for piece in pieces {
            match (piece, &mut open) {
                (Piece::Record { item, .. }, None) => open = Some((item, Vec::new())),
                (Piece::Bytes(bytes), Some((_, plaintext))) => plaintext.extend_from_slice(&bytes),
                (Piece::End, Some(_)) => records.extend(open.take()),
                (Piece::Record { .. }, Some(_)) | (Piece::Bytes(_) | Piece::End, None) => {
                    panic!("pieces in their order")
                }
            }
        }
    };
    for bytes in file[length..].chunks(step.min(file.len())) {
        take(reader.push(bytes)?);
    }
    let (pieces, summary) = reader.finish()?;
    take(pieces);
    Ok((records, summary))
}
