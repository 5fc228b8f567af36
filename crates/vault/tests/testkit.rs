//! The cases of version 2 in `vectors/v2/`, made by another implementation: what every reader of the formats must
//! accept, and what it must refuse and why.

mod cases;

use cases::{Fields, bytes, cases, said};
use vault::audit::Log;
use vault::backup::{self, Limits, Piece, Reader};
use vault::expiry::Mark;
use vault::keyring::{self, Keyring};
use vault::meta::Meta;
use vault::{Factor, Failure, Header, RecordId, RecoveryCode, VaultKey, header, journal, record};

const NOW: u64 = 1_800_000_000 - 1;

/// The vault of all cases, and its records.
struct Vault {
    header: Header,
    key: VaultKey,
    keyring: Keyring,
    note: RecordId,
    sound: RecordId,
}

impl Vault {
    fn open() -> Vault {
        let case = &cases("vectors/v2", "vault")["vault"];
        let header = Header::parse(&bytes(&case["header"])).expect("a header");
        let key = header
            .unlock(&Factor::Passkey(&bytes(&case["prf"])))
            .expect("its passkey");
        let parsed = keyring::parse(&bytes(&case["keyring"]), &header).expect("a keyring");
        let id = |name: &str| RecordId(bytes(&case[name]).try_into().expect("16 bytes"));
        Vault {
            header,
            key,
            keyring: parsed.keyring,
            note: id("note"),
            sound: id("sound"),
        }
    }
}

#[test]
fn headers() {
    check("header_", 66, |case, _| {
        let code = case
            .get("code")
            .map(|typed| RecoveryCode::parse(typed).expect("a code"));
        let prf = case.get("prf").map(|prf| bytes(prf));
        let factor = match (case.get("passphrase"), &prf, &code) {
            (Some(passphrase), Some(prf), None) => Factor::Both { passphrase, prf },
            (Some(passphrase), None, None) => Factor::Passphrase(passphrase),
            (None, Some(prf), None) => Factor::Passkey(prf),
            (None, None, Some(code)) => Factor::Recovery(code),
            _ => panic!("one factor"),
        };
        let data = bytes(&case["header"]);
        let opened = Header::parse(&data).and_then(|header| {
            assert!(header.to_bytes() == data, "one way to write it");
            header.unlock(&factor)
        });
        said(&opened.map(|key| assert_eq!(key.hand_over().as_slice(), bytes(&case["key"]))))
    });
}

#[test]
fn records() {
    check("record_", 41, |case, vault| {
        let keys = vault.key.keys();
        let now = case["now"].parse().expect("seconds");
        // Asked at a time when the slot is still open, so that the record's own check decides.
        let dek = vault.keyring.dek(&keys, vault.note, NOW).expect("the note's key");
        let outcome = record::open(&dek, &bytes(&case["sealed"]), now);
        if let Ok((head, plaintext)) = &outcome {
            assert_eq!(head.schema.to_string(), case["schema"]);
            assert_eq!(head.revision.to_string(), case["revision"]);
            assert_eq!(head.expires_at.to_string(), case["expires_at"]);
            assert_eq!(**plaintext, bytes(&case["plaintext"]));
        }
        said(&outcome)
    });
}

#[test]
fn keyrings() {
    check("keyring_", 36, |case, vault| {
        let file = bytes(&case["file"]);
        let outcome = keyring::parse(&file, &vault.header);
        if let Ok(parsed) = &outcome {
            assert_eq!(parsed.repairs.len().to_string(), case["repairs"]);
            assert_eq!(parsed.damaged.to_string(), case["damaged"]);
            assert_eq!(parsed.keyring.entries().count().to_string(), case["records"]);
            assert_eq!(
                said(&parsed.keyring.dek(&vault.key.keys(), vault.note, NOW)),
                case["opens"]
            );
        }
        said(&outcome)
    });
}

#[test]
fn states() {
    check("state_", 27, |case, vault| {
        said(&Meta::open(&vault.key.keys(), &bytes(&case["state"])))
    });
}

#[test]
fn logs() {
    check("log_", 16, |case, vault| {
        let meta = Meta::open(&vault.key.keys(), &bytes(&case["state"])).expect("a state");
        let rows: Vec<Vec<u8>> = case["rows"].split_whitespace().map(bytes).collect();
        let key = meta.log_key(&vault.key).expect("its own key");
        let (_, verdict) = Log::open(key, meta.audit, rows.iter().map(Vec::as_slice));
        format!("{verdict:?}")
    });
}

#[test]
fn journals() {
    check("journal_", 29, |case, vault| {
        let dek = vault
            .keyring
            .dek(&vault.key.keys(), vault.sound, NOW)
            .expect("the sound's key");
        let outcome = journal::recover(&dek, &bytes(&case["file"]));
        if let Ok(found) = &outcome {
            assert_eq!(found.samples.len().to_string(), case["samples"]);
            assert_eq!(found.gaps.len().to_string(), case["gaps"]);
            assert_eq!(found.complete.to_string(), case["complete"]);
        }
        said(&outcome)
    });
}

#[test]
fn backups() {
    check("backup_", 40, |case, _| {
        let restored = restored(
            &bytes(&case["file"]),
            &bytes(&case["prf"]),
            case["now"].parse().expect("seconds"),
        );
        said(&restored.map(|(records, first)| {
            assert_eq!(records.to_string(), case["records"]);
            assert_eq!(sha256(&first), bytes(&case["sha256"]));
        }))
    });
}

#[test]
fn marks_of_the_clock() {
    check("mark_", 7, |case, _| {
        let data = bytes(&case["mark"]);
        said(&Mark::parse(&data).map(|mark| {
            assert_eq!(mark.time().to_string(), case["time"]);
            assert_eq!(mark.to_bytes().as_slice(), data);
        }))
    });
}

#[test]
fn recovery_codes() {
    check("code_", 12, |case, _| {
        said(&RecoveryCode::parse(&case["typed"]).map(|code| assert_eq!(*code.text(), case["text"])))
    });
}

/// Runs every case of a kind; `outcome` gives `ok` or the failure's name, and checks what an accepted case says.
fn check(prefix: &str, count: usize, outcome: impl Fn(&Fields, &Vault) -> String) {
    let vault = Vault::open();
    let cases = cases("vectors/v2", prefix);
    for (name, case) in &cases {
        assert_eq!(outcome(case, &vault), case["expect"], "{name}");
    }
    assert_eq!(cases.len(), count);
    println!("testkit: {count} cases of {prefix}*");
}

fn restored(file: &[u8], prf: &[u8], now: u64) -> Result<(u32, Vec<u8>), Failure> {
    let (header, length) = backup::read_header(&file[..file.len().min(header::LONGEST)])?;
    let mut reader = Reader::open(&header, &Factor::Passkey(prf), now, Limits::default())?;
    let mut records: Vec<Vec<u8>> = Vec::new();
    let mut pieces = Vec::new();
    for bytes in file[length..].chunks(10_000) {
        pieces.extend(reader.push(bytes)?);
    }
    let (rest, summary) = reader.finish()?;
    for piece in pieces.into_iter().chain(rest) {
        match piece {
            Piece::Record { .. } => records.push(Vec::new()),
            Piece::Bytes(bytes) => records.last_mut().expect("a record").extend_from_slice(&bytes),
            Piece::End => {}
        }
    }
    assert_eq!(records.len(), summary.records as usize);
    Ok((summary.records, records.swap_remove(0)))
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).to_vec()
}
