//! The vault's state, version 2, rewritten with every change that must not be rolled back unnoticed.
//!
//! | offset | bytes | field |
//! |---:|---:|---|
//! | 0 | 8 | magic `SottoMta` |
//! | 8 | 1 | format version: 2 |
//! | 9 | 3 | zero |
//! | 12 | 4 | generation of the vault key |
//! | 16 | 16 | vault id |
//! | 32 | 8 | how often the state was written |
//! | 40 | 32 | SHA-256 of the vault header |
//! | 72 | 8 | the keyring's counter |
//! | 80 | 8 | when the vault key was last exchanged |
//! | 88 | 24 | high-water mark of the clock: time, doubted since, doubted last |
//! | 112 | 8 | audit log: number of the first row that is kept |
//! | 120 | 32 | audit log: MAC of the row before it |
//! | 152 | 8 | audit log: rows ever written |
//! | 160 | 32 | audit log: MAC of the last row |
//! | 192 | 60 | the audit log's root key under `K_log`: nonce, ciphertext, tag; AAD = bytes 12 to 31 |
//! | 252 | 4 | how many roots there are |
//! | 256 | 20 each | roots in the order of their ids: record id, newest revision |
//! | … | 32 | HMAC-SHA-256 under `K_meta` of everything before it |
//!
//! Version 1 had 36 zeros in the place of number and roots; it is still read.
//!
//! ```text
//! K_meta = HKDF-SHA-256(ikm = vault key, no salt, info = "sotto/v2/meta" | vault id)
//! K_log  = HKDF-SHA-256(ikm = vault key, no salt, info = "sotto/v2/log" | vault id)
//! ```
//!
//! The state is in the clear and authenticated: a locked vault can read the clock's mark, and only an open one can
//! write it. An old state put back together with everything else cannot be told from the past itself.

use crate::audit::{Checkpoint, LogKey};
use crate::expiry::Mark;
use crate::keyring::Keyring;
use crate::secret::{Secret, Wrapped};
use crate::wire::Cut;
use crate::{Failure, Header, Keys, VaultId, VaultKey};

mod roots;
pub use roots::Roots;

const MAGIC: &[u8; 8] = b"SottoMta";
const VERSION: u8 = 2;

/// Before it, a state did not know its roots.
const WITHOUT_ROOTS: u8 = 1;

/// Where the roots begin.
const ROOTS: usize = 252;

/// The vault key is exchanged after this long: 30 days, in seconds.
pub const ROTATION: u64 = 30 * 24 * 3600;

/// The vault's state.
#[derive(Clone, PartialEq, Eq)]
pub struct Meta {
    vault: VaultId,
    generation: u32,
    writes: u64,
    /// SHA-256 of the vault header that belongs to it: [`Header::hash`].
    pub header: [u8; 32],
    /// The keyring's counter: [`crate::keyring::Keyring::counter`]. A keyring that knows less was put back.
    pub keyring: u64,
    /// When the vault key was last exchanged; due again after [`ROTATION`].
    pub rotated_at: u64,
    /// The latest time that was seen.
    pub mark: Mark,
    /// Where the audit log stands.
    pub audit: Checkpoint,
    /// Nothing where the state does not know them: whoever reads the records next must say what they are.
    pub roots: Option<Roots>,
    log_root: Wrapped,
}

impl Meta {
    /// The state of a new vault.
    ///
    /// # Errors
    /// [`Failure::Random`].
    pub fn new(key: &VaultKey, header: &Header, now: u64) -> Result<Meta, Failure> {
        let (vault, generation) = (key.vault, key.generation);
        Ok(Meta {
            vault,
            generation,
            writes: 0,
            header: header.hash(),
            keyring: 0,
            rotated_at: now,
            mark: Mark::confirmed(now),
            audit: Checkpoint::default(),
            roots: None,
            log_root: key.log().wrap(&aad(vault, generation), &Secret::random()?)?,
        })
    }

    /// The bytes to store; counts how often that was done. Roots that are not known are none.
    pub fn to_bytes(&mut self, keys: &Keys) -> Vec<u8> {
        self.writes += 1;
        let mut text = vec![0; ROOTS];
        text[..8].copy_from_slice(MAGIC);
        text[8] = VERSION;
        text[12..32].copy_from_slice(&aad(self.vault, self.generation));
        text[32..40].copy_from_slice(&self.writes.to_be_bytes());
        text[40..72].copy_from_slice(&self.header);
        text[72..80].copy_from_slice(&self.keyring.to_be_bytes());
        text[80..88].copy_from_slice(&self.rotated_at.to_be_bytes());
        text[88..112].copy_from_slice(&self.mark.fields());
        text[112..120].copy_from_slice(&self.audit.first.to_be_bytes());
        text[120..152].copy_from_slice(&self.audit.before);
        text[152..160].copy_from_slice(&self.audit.count.to_be_bytes());
        text[160..192].copy_from_slice(&self.audit.head);
        text[192..ROOTS].copy_from_slice(&self.log_root);
        self.roots.get_or_insert_default().write(&mut text);
        let mac = keys.meta.mac(&[&text]);
        text.extend(mac);
        text
    }

    /// Reads and authenticates the state.
    ///
    /// # Errors
    /// [`Failure::Damaged`] or [`Failure::Unsupported`].
    pub fn open(keys: &Keys, bytes: &[u8]) -> Result<Meta, Failure> {
        let meta = Meta::peek(bytes)?;
        let (text, mac) = bytes.split_last_chunk().ok_or(Failure::Damaged)?;
        keys.meta.verify(&[text], mac)?;
        if (meta.vault, meta.generation) == (keys.vault, keys.generation) {
            Ok(meta)
        } else {
            Err(Failure::Damaged)
        }
    }

    /// Reads the state of a locked vault, **not authenticated**.
    ///
    /// # Errors
    /// [`Failure::Damaged`] or [`Failure::Unsupported`].
    pub fn peek(bytes: &[u8]) -> Result<Meta, Failure> {
        let mut cut = Cut(bytes);
        cut.expect(MAGIC)?;
        let version = cut.u8()?;
        if !(WITHOUT_ROOTS..=VERSION).contains(&version) {
            return Err(Failure::Unsupported);
        }
        cut.expect(&[0; 3])?;
        let generation = cut.u32()?;
        let mut meta = Meta {
            generation,
            vault: VaultId(cut.array()?),
            writes: cut.u64()?,
            header: cut.array()?,
            keyring: cut.u64()?,
            rotated_at: cut.u64()?,
            mark: Mark::from_fields(cut.array()?),
            audit: Checkpoint {
                first: cut.u64()?,
                before: cut.array()?,
                count: cut.u64()?,
                head: cut.array()?,
            },
            roots: None,
            log_root: cut.array()?,
        };
        if version == WITHOUT_ROOTS {
            cut.expect(&[0; 36])?;
        } else {
            meta.roots = Some(Roots::read(&mut cut)?);
        }
        cut.bytes(32)?;
        cut.end()?;
        Ok(meta)
    }

    /// The audit log's root key: goes to [`crate::audit::Log::open`] right after unlocking, and nowhere else.
    ///
    /// # Errors
    /// [`Failure::Damaged`].
    pub fn log_key(&self, key: &VaultKey) -> Result<LogKey, Failure> {
        let root = key
            .log()
            .unwrap_key(&aad(self.vault, self.generation), &self.log_root)?;
        Ok(LogKey::new(root, self.vault))
    }

    /// The state under a new vault key, which [`Header::rotated`] made, and a keyring that
    /// [`crate::keyring::Keyring::rotated`] made. To be stored together with the new header.
    ///
    /// # Errors
    /// [`Failure::Damaged`] or [`Failure::Random`].
    pub fn rotated(
        &self,
        old: &VaultKey,
        header: &Header,
        new: &VaultKey,
        keyring: u64,
        now: u64,
    ) -> Result<Meta, Failure> {
        let root = old
            .log()
            .unwrap_key(&aad(self.vault, self.generation), &self.log_root)?;
        let generation = new.generation;
        Ok(Meta {
            generation,
            header: header.hash(),
            keyring,
            rotated_at: now,
            log_root: new.log().wrap(&aad(self.vault, generation), &root)?,
            ..self.clone()
        })
    }

    /// True when an older header or keyring was put back behind the vault's back. A keyring that knows *more* is one
    /// whose state was not stored before a crash.
    pub fn rolled_back(&self, header: &Header, keyring: &Keyring) -> bool {
        self.header != header.hash() || self.generation != keyring.generation() || keyring.counter() < self.keyring
    }

    /// True when the vault key should be exchanged at this unlock.
    pub fn rotation_due(&self, now: u64) -> bool {
        now >= self.rotated_at.saturating_add(ROTATION)
    }

    /// How often the state was written. Of two tabs' states the higher number is the newer.
    pub fn writes(&self) -> u64 {
        self.writes
    }
}

fn aad(vault: VaultId, generation: u32) -> [u8; 20] {
    let mut aad = [0; 20];
    aad[..4].copy_from_slice(&generation.to_be_bytes());
    aad[4..].copy_from_slice(&vault.0);
    aad
}
