//! A backup, version 1 (`.sottobak`): every record in one file that opens with the vault's passphrase, passkey or code.
//!
//! | part | bytes | |
//! |---|---:|---|
//! | header | 536 to 3,616 | as in [`crate::header`], with the magic `SottoBak` and a key of its own |
//! | chunks | 65,552 each, the last shorter | 65,536 bytes under AES-256-GCM, then the tag |
//!
//! ```text
//! key   = HKDF-SHA-256(ikm = the header's key, no salt, info = "sotto/v2/backup" | SHA-256(header)), 32 bytes
//! nonce = number of the chunk (11 bytes) | 1 for the last chunk, else 0          (STREAM, as in age)
//! AAD   = nothing: the key is bound to the whole header
//! ```
//!
//! Decrypted and joined, the chunks are entries, one after the other:
//!
//! | offset | bytes | record |
//! |---:|---:|---|
//! | 0 | 1 | 1 |
//! | 1 | 1 | namespace |
//! | 2 | 1 | retention class |
//! | 3 | 1 | 1 under legal hold, else 0 |
//! | 4 | 2 | schema |
//! | 6 | 4 | revision |
//! | 10 | 8 | expires at |
//! | 18 | 16 | record id |
//! | 34 | 8 | length of the plaintext |
//! | 42 | length | plaintext |
//!
//! | offset | bytes | end, once and last |
//! |---:|---:|---|
//! | 0 | 1 | 255 |
//! | 1 | 4 | number of records |
//!
//! The vault key is not in it, so a backup that is stolen together with its passphrase gives away what it holds and
//! nothing that came later. Nothing is compressed, nested or named by the file, so there is nothing to inflate or to
//! escape from.
//!
//! # Restoring
//!
//! [`Reader::push`] takes the file in pieces of any size and gives [`Piece`]s; the caller stages them **aside** and
//! commits only when [`Reader::finish`] agrees. Every record gets a new id, an expiry is never later than in the
//! backup, and what has expired is passed over. At most 128 KiB are kept at a time, whatever the file claims.

mod read;
pub use read::{Limits, Piece, Reader, Summary};

mod write;
pub use write::Writer;

mod certificate;
pub use certificate::{Destroyed, certificate, verify_certificate};

use sha2::{Digest, Sha256};

use crate::header::Purpose;
use crate::secret::{NONCE, Secret};
use crate::{Class, Failure, Header, Namespace, RecordId, VaultKey};

/// Plaintext bytes of a full chunk.
pub const CHUNK: usize = 64 * 1024;

/// The longest header; read this much of a file, or all of it, for [`read_header`].
pub const LONGEST_HEADER: usize = crate::header::LONGEST;

const RECORD: u8 = 1;
const END: u8 = 255;
const ENTRY: usize = 42;

/// What a backup says of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its id in the vault that it came from.
    pub id: RecordId,
    /// What kind of thing it is.
    pub namespace: Namespace,
    /// How long things of this kind are kept.
    pub class: Class,
    /// Under legal hold.
    pub hold: bool,
    /// How the caller laid out the plaintext.
    pub schema: u16,
    /// Counts the versions of this record.
    pub revision: u32,
    /// Seconds since 1970-01-01 00:00 UTC.
    pub expires_at: u64,
    /// Bytes of the plaintext.
    pub length: u64,
}

/// The header at the front of a backup, and how many bytes it has; the rest goes to [`Reader::push`].
///
/// # Errors
/// [`Failure::NotABackup`] or [`Failure::Unsupported`].
pub fn read_header(file: &[u8]) -> Result<(Header, usize), Failure> {
    let (header, rest) = Header::read(file, Purpose::Backup).map_err(not_a_backup)?;
    Ok((header, file.len() - rest.len()))
}

fn stream_key(header: &Header, key: &VaultKey) -> Secret {
    let hash = Sha256::digest(header.to_bytes());
    key.secret.derive(&[b"sotto/v2/backup", &hash])
}

fn nonce(chunk: u64, last: bool) -> [u8; NONCE] {
    let mut nonce = [0; NONCE];
    nonce[3..11].copy_from_slice(&chunk.to_be_bytes());
    nonce[11] = u8::from(last);
    nonce
}

fn not_a_backup(why: Failure) -> Failure {
    match why {
        Failure::Damaged => Failure::NotABackup,
        other => other,
    }
}
