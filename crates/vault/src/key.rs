use aes_gcm::{Aes256Gcm, KeyInit};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::{Failure, RecordId};

/// Bytes of every key here.
pub(crate) const KEY: usize = 32;

/// An unlocked vault. It can be neither printed nor copied, and its bytes are wiped when it is dropped.
pub struct Key {
    vault: [u8; 16],
    /// Boxed, so that moving a `Key` leaves no copy of the bytes behind.
    secret: Box<[u8; KEY]>,
}

/// What stretching a passphrase costs; stored in the vault header, because later versions may choose another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes of the memory.
    pub lanes: u32,
}

impl Cost {
    /// RFC 9106's second recommendation with one lane: lanes buy nothing in a single wasm thread.
    pub const STANDARD: Cost = Cost {
        memory: 64 * 1024,
        passes: 3,
        lanes: 1,
    };

    /// False for a cost that makes guessing cheap, and for one that would stall or exhaust the device.
    pub fn acceptable(&self) -> bool {
        (19 * 1024..=1024 * 1024).contains(&self.memory)
            && (2..=16).contains(&self.passes)
            && (1..=4).contains(&self.lanes)
    }
}

/// `Argon2id(passphrase, salt, cost)`, [RFC 9106](https://www.rfc-editor.org/rfc/rfc9106); the cost must be acceptable.
pub(crate) fn stretch(passphrase: &str, salt: &[u8; 16], cost: Cost) -> Result<Zeroizing<[u8; KEY]>, Failure> {
    let params = Params::new(cost.memory, cost.passes, cost.lanes, Some(KEY)).expect("the cost was checked");
    // Our own memory rather than the crate's: that one is freed with the passphrase's traces still in it.
    let mut memory: Zeroizing<Vec<Block>> = Zeroizing::new(Vec::new());
    memory
        .try_reserve_exact(params.block_count())
        .map_err(|_| Failure::Memory)?;
    memory.resize(params.block_count(), Block::new());
    let mut stretched = Zeroizing::new([0; KEY]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(
            passphrase.as_bytes(),
            salt,
            stretched.as_mut_slice(),
            memory.as_mut_slice(),
        )
        .expect("salt and output have legal lengths and the memory is as long as the parameters ask");
    Ok(stretched)
}

/// `HKDF-SHA-256(ikm, no salt, info parts joined)`, [RFC 5869](https://www.rfc-editor.org/rfc/rfc5869).
pub(crate) fn derive(ikm: &[u8; KEY], info: &[&[u8]]) -> Zeroizing<[u8; KEY]> {
    let mut key = Zeroizing::new([0; KEY]);
    Hkdf::<Sha256>::new(None, ikm)
        .expand_multi_info(info, key.as_mut_slice())
        .expect("32 bytes are far below HKDF's limit of 255 blocks");
    key
}

/// Fills with bytes from the browser's or the system's generator.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Failure::Random)?;
    Ok(bytes)
}

pub(crate) fn cipher(key: &[u8; KEY]) -> Aes256Gcm {
    Aes256Gcm::new(key.into())
}

impl Key {
    pub(crate) fn new(vault: [u8; 16], secret: Zeroizing<[u8; KEY]>) -> Key {
        let mut boxed = Box::new([0; KEY]);
        boxed.copy_from_slice(secret.as_slice());
        Key { vault, secret: boxed }
    }

    pub(crate) fn vault(&self) -> &[u8; 16] {
        &self.vault
    }

    /// One key per revision of a record: what a nonce could repeat under is as small as can be.
    pub(crate) fn for_record(&self, id: RecordId, revision: u32) -> Zeroizing<[u8; KEY]> {
        derive(&self.secret, &[b"sotto/v1/record", &id.0, &revision.to_be_bytes()])
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}
