//! The primitives against published vectors, as one plain function of the vectors' bytes: the same code runs natively,
//! in the continuous integration, and inside the shipped wasm in a browser, where a compiler or an engine could still
//! be wrong.
//!
//! `vectors/wycheproof/` holds the files ([Wycheproof](https://github.com/C2SP/wycheproof), Apache License 2.0) and
//! `vectors/wycheproof.py` makes them anew.

use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};
use hkdf::Hkdf;
use sha2::{Digest, Sha256};

use crate::kdf;
use crate::secret::{NONCE, Secret, TAG};

/// How many tests came out as the file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Good inputs with the right result.
    pub valid: u32,
    /// Bad inputs that were refused.
    pub invalid: u32,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// This test of the file came out otherwise.
    Test {
        /// Its number there.
        number: u32,
    },
    /// The file is not of the kind that `vectors/wycheproof.py` writes.
    File,
}

/// Runs every test of one file.
///
/// # Errors
/// The first that came out otherwise.
pub fn run(vectors: &str) -> Result<Checked, Wrong> {
    let mut lines = vectors.lines().skip_while(|line| line.starts_with('#'));
    let test: Test = match lines.next() {
        Some("aes_gcm") => aes_gcm,
        Some("hkdf_sha256") => hkdf_sha256,
        Some("hmac_sha256") => hmac_sha256,
        Some("pbkdf2_hmacsha256") => pbkdf2_hmac_sha256,
        Some(_) | None => return Err(Wrong::File),
    };
    let mut checked = Checked { valid: 0, invalid: 0 };
    for line in lines {
        let fields: Vec<&str> = line.split(' ').collect();
        let [number, inputs @ .., expected] = fields.as_slice() else {
            return Err(Wrong::File);
        };
        let number = number.parse().map_err(|_| Wrong::File)?;
        let right = test(inputs).ok_or(Wrong::File)?;
        match *expected {
            "valid" if right => checked.valid += 1,
            "invalid" if !right => checked.invalid += 1,
            "valid" | "invalid" => return Err(Wrong::Test { number }),
            _ => return Err(Wrong::File),
        }
    }
    Ok(checked)
}

/// Argon2id as in RFC 9106, section 5.3, and with the parameters of a vault against the reference implementation.
pub fn argon2id() -> bool {
    let (Ok(data), mut tag) = (AssociatedData::new(&[4; 12]), [0; 32]) else {
        return false;
    };
    let params = ParamsBuilder::new().m_cost(32).t_cost(3).p_cost(4).data(data).build();
    let argon2 =
        params.and_then(|params| Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params));
    let hashed = argon2.and_then(|argon2| argon2.hash_password_into(&[1; 32], &[2; 16], &mut tag));
    let rfc = bytes("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
    // argon2-cffi 25.1.0: hash_secret_raw(b"passphrase", bytes(16), 2, 19456, 1, 32, Type.ID, 0x13)
    let reference = bytes("bed4e80b4f6921e0a956031cbcbbb863e71688620d573af9fc158292426fa4e5");
    let ours = kdf::argon2id("passphrase", &[0; 16], kdf::Cost::FLOOR);
    hashed.is_ok() && Some(tag.to_vec()) == rfc && ours.is_ok_and(|key| Some(key.bytes().to_vec()) == reference)
}

/// SHA-256 over the results of so many random operations, the same everywhere: what takes megabytes of vectors
/// otherwise ([the method of XAES-256-GCM](https://c2sp.org/XAES-256-GCM)). `vectors/make_v2.py` computes it too.
///
/// ```text
/// seed(n)  = SHA-256("sotto accumulated" | n as 4 bytes)
/// key, aad = HKDF-SHA-256(seed(n), no salt, "key"), the first seed(n)[0] % 33 bytes of seed(n)
/// text     = (seed(n)[1] as a number) bytes of value seed(n)[2];  nonce = seed(n)[20..32]
/// hashed   = AES-256-GCM ciphertext | tag | HMAC-SHA-256(key, ciphertext)
/// ```
pub fn accumulated(operations: u32) -> [u8; 32] {
    let mut hash = Sha256::new();
    for n in 0..operations {
        let seed: [u8; 32] = Sha256::new()
            .chain_update(b"sotto accumulated")
            .chain_update(n.to_be_bytes())
            .finalize()
            .into();
        let key = Secret::from_bytes(&seed).derive(&[b"key"]);
        let aad = &seed[..usize::from(seed[0] % 33)];
        let mut text = vec![seed[2]; usize::from(seed[1])];
        let nonce = seed.last_chunk::<NONCE>().expect("a hash is longer");
        let tag = key.encrypt(nonce, aad, &mut text);
        hash.update(&text);
        hash.update(tag);
        hash.update(key.mac(&[&text]));
    }
    hash.finalize().into()
}

/// Whether the result is the file's; `None` when the fields cannot be read.
type Test = fn(&[&str]) -> Option<bool>;

fn aes_gcm(fields: &[&str]) -> Option<bool> {
    let [key, nonce, aad, message, ciphertext, tag] = read(fields)?;
    let key = Secret::from_bytes(key.first_chunk()?);
    let (nonce, tag) = (nonce.first_chunk::<NONCE>()?, tag.first_chunk::<TAG>()?);
    let mut opened = ciphertext.clone();
    let right = key.decrypt(nonce, &aad, &mut opened, tag).is_ok() && opened == message;
    let mut sealed = message;
    Some(right && key.encrypt(nonce, &aad, &mut sealed) == *tag && sealed == ciphertext)
}

fn hkdf_sha256(fields: &[&str]) -> Option<bool> {
    let [ikm, salt, info, size, expected] = fields else {
        return None;
    };
    let mut found = vec![0; size.parse().ok()?];
    let expanded = Hkdf::<Sha256>::new(Some(&bytes(salt)?), &bytes(ikm)?).expand(&bytes(info)?, &mut found);
    Some(expanded.is_ok() && found == bytes(expected)?)
}

fn hmac_sha256(fields: &[&str]) -> Option<bool> {
    let [key, message, tag] = read(fields)?;
    Some(crate::secret::hmac(&key, &[&message]).starts_with(&tag))
}

fn pbkdf2_hmac_sha256(fields: &[&str]) -> Option<bool> {
    let [password, salt, iterations, length, expected] = fields else {
        return None;
    };
    let mut found = vec![0; length.parse().ok()?];
    pbkdf2::pbkdf2_hmac::<Sha256>(&bytes(password)?, &bytes(salt)?, iterations.parse().ok()?, &mut found);
    Some(found == bytes(expected)?)
}

fn read<const N: usize>(fields: &[&str]) -> Option<[Vec<u8>; N]> {
    let read: Option<Vec<Vec<u8>>> = fields.iter().map(|field| bytes(field)).collect();
    read?.try_into().ok()
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    if hex == "-" {
        return Some(Vec::new());
    }
    let pairs = hex.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
    pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect()
}
