//! The primitives as linked here against their published vectors: a wrong feature or version shows before any format
//! does.

use vault::check::{Checked, Wrong, accumulated, argon2id, run};

const AES_GCM: &str = include_str!("../vectors/wycheproof/aes_gcm.txt");
const HKDF: &str = include_str!("../vectors/wycheproof/hkdf_sha256.txt");
const HMAC: &str = include_str!("../vectors/wycheproof/hmac_sha256.txt");
const PBKDF2: &str = include_str!("../vectors/wycheproof/pbkdf2_hmacsha256.txt");

#[test]
fn every_wycheproof_test_comes_out_as_published() {
    let counts = [AES_GCM, HKDF, HMAC, PBKDF2].map(|file| run(file).expect("as published"));
    let expected = [(39, 27), (83, 3), (66, 108), (60, 0)];
    assert_eq!(counts, expected.map(|(valid, invalid)| Checked { valid, invalid }));
    println!("wycheproof: {counts:?}");
}

#[test]
fn a_wrong_result_is_named() {
    let wrong = HMAC.replacen(" valid", " invalid", 1);
    assert_eq!(run(&wrong), Err(Wrong::Test { number: 1 }));
    let wrong = AES_GCM.replacen(" invalid", " valid", 1);
    assert!(matches!(run(&wrong), Err(Wrong::Test { .. })));
    for no_file in [
        "",
        "aes_gcm\nx",
        "hkdf_sha256\n1 00 valid",
        "hmac_sha256\n1 0g - - valid",
        "sha1\n",
    ] {
        assert_eq!(run(no_file), Err(Wrong::File), "{no_file}");
    }
}

/// RFC 9106, section 5.3.
#[test]
fn argon2id_is_that_of_rfc_9106() {
    assert!(argon2id());
}

#[test]
fn ten_thousand_operations_give_the_hash_of_the_other_implementation() {
    let hash: String = accumulated(10_000).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hash, include_str!("../vectors/accumulated.txt").trim());
}
