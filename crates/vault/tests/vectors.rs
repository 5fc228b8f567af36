//! The committed vectors, made by another implementation: each must open for ever, or fail for ever as its name says.

use std::{collections::BTreeMap, fs, path::Path};

use vault::{Failure, open, unlock};

#[test]
fn every_header_vector_unlocks_or_fails_as_it_says() {
    let vectors = vectors("header_");
    for (name, vector) in &vectors {
        let outcome = unlock(&bytes(&vector["header"]), &vector["passphrase"]);
        assert_eq!(said(outcome.map(|_| ())), vector["expect"], "{name}");
    }
    assert_eq!(vectors.len(), 20);
}

#[test]
fn every_record_vector_opens_or_fails_as_it_says() {
    let header = &vectors("header_v1")["header_v1"];
    let key = unlock(&bytes(&header["header"]), &header["passphrase"]).expect("the vector of version 1 unlocks");
    let vectors = vectors("record_");
    for (name, vector) in &vectors {
        let now = vector["now"].parse().expect("seconds");
        match open(&key, &bytes(&vector["sealed"]), now) {
            Ok((head, plaintext)) => {
                assert_eq!("ok", vector["expect"], "{name}");
                assert_eq!(head.id.to_string(), vector["id"], "{name}");
                assert_eq!(head.schema.to_string(), vector["schema"], "{name}");
                assert_eq!(head.revision.to_string(), vector["revision"], "{name}");
                assert_eq!(head.expires_at.to_string(), vector["expires_at"], "{name}");
                assert_eq!(*plaintext, bytes(&vector["plaintext"]), "{name}");
            }
            Err(failure) => assert_eq!(said(Err(failure)), vector["expect"], "{name}"),
        }
    }
    assert_eq!(vectors.len(), 27);
}

/// Name → fields, of the files whose name begins so.
fn vectors(prefix: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let paths = fs::read_dir(folder)
        .expect("the vectors are committed")
        .map(|entry| entry.expect("an entry").path());
    let texts = paths.filter(|path| path.extension().is_some_and(|e| e == "txt"));
    texts
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).expect("a text file");
            let fields = text.lines().map(|line| {
                let (field, value) = line.split_once(" =").expect("name = value");
                (field.to_owned(), value.strip_prefix(' ').unwrap_or(value).to_owned())
            });
            (name, fields.collect())
        })
        .filter(|(name, _): &(String, _)| name.starts_with(prefix))
        .collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    let pairs = hex
        .as_bytes()
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).expect("hexadecimal"));
    pairs
        .map(|pair| u8::from_str_radix(pair, 16).expect("hexadecimal"))
        .collect()
}

fn said(outcome: Result<(), Failure>) -> &'static str {
    match outcome {
        Ok(()) => "ok",
        Err(Failure::WrongPassphrase) => "WrongPassphrase",
        Err(Failure::WeakPassphrase { .. }) => "WeakPassphrase",
        Err(Failure::Damaged) => "Damaged",
        Err(Failure::Expired) => "Expired",
        Err(Failure::Unsupported) => "Unsupported",
        Err(Failure::TooLarge) => "TooLarge",
        Err(Failure::Memory) => "Memory",
        Err(Failure::Random) => "Random",
    }
}
