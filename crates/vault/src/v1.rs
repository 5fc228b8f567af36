//! Version 1: one passphrase, one key, records of one kind. Vaults made by Sotto 0.1 are read for ever; see
//! [`crate::migrate`] for the way to version 2.
//!
//! # Vault header, version 1: 178 bytes, one per vault, not secret
//!
//! | offset | bytes | field |
//! |---:|---:|---|
//! | 0 | 8 | magic `SottoVlt` |
//! | 8 | 1 | format version: 1 |
//! | 9 | 1 | what wraps the vault key: 1 = a passphrase through Argon2id version 0x13 |
//! | 10 | 16 | vault id, random |
//! | 26 | 4 | Argon2id memory in KiB, 19,456 to 1,048,576 |
//! | 30 | 4 | Argon2id passes, 2 to 16 |
//! | 34 | 4 | Argon2id lanes, 1 to 4 |
//! | 38 | 16 | Argon2id salt, random |
//! | 54 | 32 | key commitment |
//! | 86 | 12 | nonce, random |
//! | 98 | 48 | the 32-byte vault key under AES-256-GCM: ciphertext and tag; AAD = bytes 0 to 85 |
//! | 146 | 32 | SHA-256 of bytes 0 to 145 |
//!
//! ```text
//! stretched  = Argon2id(passphrase as UTF-8 and not normalised, salt, memory, passes, lanes), 32 bytes
//! commitment = HKDF-SHA-256(ikm = stretched, no salt, info = "sotto/v1/commit"), 32 bytes
//! wrapping   = HKDF-SHA-256(ikm = stretched, no salt, info = "sotto/v1/wrap"), 32 bytes
//! ```
//!
//! The cost is checked against its limits before it is spent, so a planted header can neither exhaust the memory nor
//! make guessing cheap, and it is authenticated, so that it cannot be changed. AES-GCM does not commit to its key; the
//! commitment does, and it is compared in constant time before anything is decrypted. The hash at the end is no
//! defence (anyone can recompute it): it tells a damaged header from a wrong passphrase, so that nobody retypes a
//! right passphrase into a broken file.
//!
//! # Sealed record, version 1: 88 bytes and the padded body
//!
//! | offset | bytes | field |
//! |---:|---:|---|
//! | 0 | 8 | magic `SottoRec` |
//! | 8 | 1 | format version: 1 |
//! | 9 | 1 | namespace: 1 = a visit |
//! | 10 | 16 | vault id |
//! | 26 | 16 | record id, random |
//! | 42 | 2 | schema of the plaintext; the caller's, not interpreted here |
//! | 44 | 4 | revision |
//! | 48 | 8 | expires at, seconds since 1970-01-01 00:00 UTC |
//! | 56 | 4 | padded length |
//! | 60 | 12 | nonce, random, drawn anew by every [`seal`] |
//! | 72 | padded length | body under AES-256-GCM; AAD = bytes 0 to 59 |
//! | … | 16 | tag |
//!
//! ```text
//! record key  = HKDF-SHA-256(ikm = vault key, no salt, info = "sotto/v1/record" | record id | revision), 32 bytes
//! body        = length of the plaintext (4 bytes) | plaintext | zeros up to the padded length
//! ```
//!
//! Everything before the nonce is authenticated and nothing follows the tag: a swapped body, another vault's record,
//! another id, schema or revision, and a lengthened expiry all fail. The padded length is [Padmé]'s for
//! `4 + plaintext` and at least 4,096: it costs at most 12 % and gives away little more than the order of magnitude.
//!
//! [`open`] refuses from the instant `expires_at` on, before it decrypts. Shortening an expiry in a stored file
//! therefore hides a record; it cannot reveal one. What a vault cannot see is a whole record put back as it was before.
//!
//! A record key seals under random nonces; 2^32 seals of one revision of one record would be the limit of NIST
//! SP 800-38D, and one is the usual number.
//!
//! [Padmé]: https://lbarman.ch/blog/padme/

mod header;
pub use header::{create, unlock};

mod record;
pub use record::{Head, open, read_head, seal};

use zeroize::Zeroizing;

use crate::secret::{KEY, Secret};
use crate::{RecordId, VaultId};

/// An unlocked vault of version 1. It can be neither printed nor copied, and its bytes are wiped when it is dropped.
pub struct Key {
    vault: VaultId,
    secret: Secret,
}

impl Key {
    /// One key per revision of a record: what a nonce could repeat under is as small as can be.
    fn for_record(&self, id: RecordId, revision: u32) -> Secret {
        self.secret
            .derive(&[b"sotto/v1/record", &id.0, &revision.to_be_bytes()])
    }

    fn new(vault: VaultId, secret: Zeroizing<[u8; KEY]>) -> Key {
        let secret = Secret::from_bytes(&secret);
        Key { vault, secret }
    }
}

/// The records whose time is over at `now` (seconds since 1970-01-01 00:00 UTC), in the order given. They need no key
/// to be found and removed, so a locked vault can be swept.
pub fn expired(heads: &[Head], now: u64) -> Vec<RecordId> {
    heads
        .iter()
        .filter(|head| now >= head.expires_at)
        .map(|head| head.id)
        .collect()
}
