use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::Key;
use crate::kdf::{Cost, argon2id};
use crate::secret::{KEY, Secret, random};
use crate::{Failure, VaultId, strong_enough};

const MAGIC: &[u8; 8] = b"SottoVlt";
const VERSION: u8 = 1;
const ARGON2ID: u8 = 1;

// The table in the crate's documentation, as ranges.
const VAULT: std::ops::Range<usize> = 10..26;
const MEMORY: std::ops::Range<usize> = 26..30;
const PASSES: std::ops::Range<usize> = 30..34;
const LANES: std::ops::Range<usize> = 34..38;
const SALT: std::ops::Range<usize> = 38..54;
const COMMITMENT: std::ops::Range<usize> = 54..86;
const NONCE: std::ops::Range<usize> = 86..98;
const WRAPPED: std::ops::Range<usize> = 98..130;
const TAG: std::ops::Range<usize> = 130..146;
const HASH: std::ops::Range<usize> = 146..178;

/// Authenticated together with the wrapped key: everything up to the nonce.
const AAD: std::ops::Range<usize> = 0..NONCE.start;

/// Makes a vault of version 1: the header to store, and the key that it locks. Takes about a second and 64 MiB.
///
/// # Errors
/// [`Failure::WeakPassphrase`], [`Failure::Memory`] or [`Failure::Random`].
pub fn create(passphrase: &str) -> Result<(Vec<u8>, Key), Failure> {
    strong_enough(passphrase)?;
    wrap(passphrase, Cost::STANDARD)
}

/// Opens a vault by its stored header. Takes as long as its creator chose.
///
/// # Errors
/// [`Failure::WrongPassphrase`], [`Failure::Damaged`], [`Failure::Unsupported`] or [`Failure::Memory`].
pub fn unlock(header: &[u8], passphrase: &str) -> Result<Key, Failure> {
    let (salt, cost) = check(header)?;
    let stretched = argon2id(passphrase, &salt, cost)?;
    unwrap_key(header, &stretched)
}

fn wrap(passphrase: &str, cost: Cost) -> Result<(Vec<u8>, Key), Failure> {
    let mut header = vec![0; HASH.end];
    header[..8].copy_from_slice(MAGIC);
    header[8] = VERSION;
    header[9] = ARGON2ID;
    header[VAULT].copy_from_slice(&random::<16>()?);
    header[MEMORY].copy_from_slice(&cost.memory.to_be_bytes());
    header[PASSES].copy_from_slice(&cost.passes.to_be_bytes());
    header[LANES].copy_from_slice(&cost.lanes.to_be_bytes());
    header[SALT].copy_from_slice(&random::<16>()?);

    let stretched = argon2id(passphrase, &bytes(&header, SALT), cost)?;
    header[COMMITMENT].copy_from_slice(commitment(&stretched).bytes());

    let secret = Zeroizing::new(random::<KEY>()?);
    let nonce = random::<12>()?;
    let mut wrapped = Zeroizing::new(*secret);
    let tag = stretched
        .derive(&[b"sotto/v1/wrap"])
        .encrypt(&nonce, &header[AAD], wrapped.as_mut_slice());
    header[NONCE].copy_from_slice(&nonce);
    header[WRAPPED].copy_from_slice(wrapped.as_slice());
    header[TAG].copy_from_slice(&tag);

    let hash = Sha256::digest(&header[..HASH.start]);
    header[HASH].copy_from_slice(&hash);
    let vault = VaultId(bytes(&header, VAULT));
    Ok((header, Key::new(vault, secret)))
}

/// All that can be said of a header without the passphrase.
fn check(header: &[u8]) -> Result<([u8; 16], Cost), Failure> {
    if header.len() < 10 || &header[..8] != MAGIC {
        return Err(Failure::Damaged);
    }
    // Before the length: another version or way to unlock may have another one.
    if header[8] != VERSION || header[9] != ARGON2ID {
        return Err(Failure::Unsupported);
    }
    if header.len() != HASH.end || Sha256::digest(&header[..HASH.start]).as_slice() != &header[HASH] {
        return Err(Failure::Damaged);
    }
    let cost = Cost {
        memory: u32::from_be_bytes(bytes(header, MEMORY)),
        passes: u32::from_be_bytes(bytes(header, PASSES)),
        lanes: u32::from_be_bytes(bytes(header, LANES)),
    };
    if !cost.acceptable() {
        return Err(Failure::Damaged);
    }
    Ok((bytes(header, SALT), cost))
}

/// The header was checked.
fn unwrap_key(header: &[u8], stretched: &Secret) -> Result<Key, Failure> {
    if !bool::from(commitment(stretched).bytes().ct_eq(&header[COMMITMENT])) {
        return Err(Failure::WrongPassphrase);
    }
    let mut secret = Zeroizing::new(bytes::<KEY>(header, WRAPPED));
    stretched.derive(&[b"sotto/v1/wrap"]).decrypt(
        &bytes(header, NONCE),
        &header[AAD],
        secret.as_mut_slice(),
        &bytes(header, TAG),
    )?;
    Ok(Key::new(VaultId(bytes(header, VAULT)), secret))
}

fn commitment(stretched: &Secret) -> Secret {
    stretched.derive(&[b"sotto/v1/commit"])
}

fn bytes<const N: usize>(header: &[u8], field: std::ops::Range<usize>) -> [u8; N] {
    header[field].try_into().expect("the field is as long as its type")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSPHRASE: &str = "seven quiet herons near a lake";

    /// The cheapest cost that is accepted, so that the tests are quick.
    const CHEAP: Cost = Cost {
        memory: 19 * 1024,
        passes: 2,
        lanes: 1,
    };

    #[test]
    fn every_single_bit_flip_of_a_header_is_detected() {
        let (mut header, _) = wrap(PASSPHRASE, CHEAP).expect("memory");
        let mut flips = 0;
        for bit in 0..header.len() * 8 {
            header[bit / 8] ^= 1 << (bit % 8);
            assert!(unlock(&header, PASSPHRASE).is_err(), "bit {bit}");
            header[bit / 8] ^= 1 << (bit % 8);
            flips += 1;
        }
        assert!(unlock(&header, PASSPHRASE).is_ok());
        println!("header: {flips} single-bit flips, all detected");
    }

    /// Flips by someone who recomputes the hash, and, harder than the truth, with the stretched passphrase unchanged by
    /// a changed salt or cost: the authenticated data alone must catch them.
    #[test]
    fn every_single_bit_flip_under_a_recomputed_hash_is_detected() {
        let (mut header, _) = wrap(PASSPHRASE, CHEAP).expect("memory");
        let (salt, cost) = check(&header).expect("a good header");
        let stretched = argon2id(PASSPHRASE, &salt, cost).expect("memory");
        let mut flips = 0;
        for bit in 0..HASH.start * 8 {
            header[bit / 8] ^= 1 << (bit % 8);
            let hash = Sha256::digest(&header[..HASH.start]);
            header[HASH].copy_from_slice(&hash);
            assert!(
                check(&header).and_then(|_| unwrap_key(&header, &stretched)).is_err(),
                "bit {bit}"
            );
            header[bit / 8] ^= 1 << (bit % 8);
            flips += 1;
        }
        println!("header, hash recomputed: {flips} single-bit flips, all detected");
    }

    #[test]
    fn every_truncation_and_extension_of_a_header_is_detected() {
        let (header, _) = wrap(PASSPHRASE, CHEAP).expect("memory");
        for length in 0..header.len() {
            assert_eq!(
                unlock(&header[..length], PASSPHRASE).err(),
                Some(Failure::Damaged),
                "{length} bytes"
            );
        }
        assert_eq!(
            unlock(&[header, vec![0]].concat(), PASSPHRASE).err(),
            Some(Failure::Damaged)
        );
    }
}
