//! The primitives as linked here against their published vectors: a wrong feature or version shows before any format does.

use aes_gcm::{AeadInOut, Aes256Gcm, KeyInit};
use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};
use hkdf::Hkdf;
use sha2::Sha256;

/// RFC 9106, section 5.3.
#[test]
fn argon2id_is_that_of_rfc_9106() {
    let params = ParamsBuilder::new()
        .m_cost(32)
        .t_cost(3)
        .p_cost(4)
        .data(AssociatedData::new(&[4; 12]).expect("12 bytes are few enough"))
        .build()
        .expect("the parameters of the RFC");
    let argon2 = Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params).expect("a short secret");
    let mut tag = [0; 32];
    argon2
        .hash_password_into(&[1; 32], &[2; 16], &mut tag)
        .expect("legal lengths");
    assert_eq!(
        hex(&tag),
        "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"
    );
}

/// RFC 5869, A.3.
#[test]
fn hkdf_is_that_of_rfc_5869() {
    let mut okm = [0; 42];
    Hkdf::<Sha256>::new(None, &[0x0b; 22])
        .expand(&[], &mut okm)
        .expect("42 bytes are few enough");
    assert_eq!(
        hex(&okm),
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    );
}

/// The Galois/Counter Mode of Operation (McGrew, Viega), appendix B, the cases with 256-bit keys and 96-bit nonces.
#[test]
fn aes_256_gcm_is_that_of_its_authors() {
    let key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
    let zero = "00".repeat(32);
    let plaintext = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525\
                     b16aedf5aa0de657ba637b391aafd255";
    let ciphertext = "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838\
                      c5f61e6393ba7a0abcc9f662898015ad";
    let nonce = "cafebabefacedbaddecaf888";
    let aad = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
    let none = "00".repeat(12);
    gcm("case 13", &zero, &none, "", "", "", "530f8afbc74536b9a963b4f1c4cb738b");
    let block = "00".repeat(16);
    gcm(
        "case 14",
        &zero,
        &none,
        "",
        &block,
        "cea7403d4d606b6e074ec5d3baf39d18",
        "d0d1c8a799996bf0265b98b5d48ab919",
    );
    gcm(
        "case 15",
        key,
        nonce,
        "",
        plaintext,
        ciphertext,
        "b094dac5d93471bdec1a502270e3cc6c",
    );
    gcm(
        "case 16",
        key,
        nonce,
        aad,
        &plaintext[..120],
        &ciphertext[..120],
        "76fc6ece0f4e1768cddf8853bb2d551b",
    );
}

fn gcm(case: &str, key: &str, nonce: &str, aad: &str, plaintext: &str, ciphertext: &str, tag: &str) {
    let key: [u8; 32] = bytes(key).try_into().expect("32 bytes");
    let nonce: [u8; 12] = bytes(nonce).try_into().expect("12 bytes");
    let cipher = Aes256Gcm::new(&key.into());
    let mut text = bytes(plaintext);
    let computed = cipher
        .encrypt_inout_detached(&nonce.into(), &bytes(aad), text.as_mut_slice().into())
        .expect(case);
    assert_eq!(
        (hex(&text).as_str(), hex(&computed).as_str()),
        (ciphertext, tag),
        "{case}"
    );
    cipher
        .decrypt_inout_detached(&nonce.into(), &bytes(aad), text.as_mut_slice().into(), &computed)
        .expect(case);
    assert_eq!(hex(&text), plaintext, "{case}");
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

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
