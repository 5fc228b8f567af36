//! The vault header, version 2: who may open the vault. Not secret; 536 to 3,616 bytes.
//!
//! | offset | bytes | field |
//! |---:|---:|---|
//! | 0 | 8 | magic `SottoVlt`; `SottoBak` at the head of a backup |
//! | 8 | 1 | format version: 2 |
//! | 9 | 1 | number of slots, 1 to 8 |
//! | 10 | 2 | zero |
//! | 12 | 4 | generation of the vault key: how often it was exchanged |
//! | 16 | 16 | vault id, random |
//! | 32 | 32 | salt for `prf.eval.first` of every passkey, random |
//! | 64 | 440 each | slots |
//! | … | 32 | SHA-256 of everything before it |
//!
//! # Slot: one way to open the vault
//!
//! | offset | bytes | field |
//! |---:|---:|---|
//! | 0 | 1 | kind: 1 passphrase, 2 passkey, 3 recovery code, 4 passphrase and passkey together |
//! | 1 | 1 | passphrase stretched by: 0 there is none, 1 Argon2id version 0x13, 2 PBKDF2-HMAC-SHA-256 |
//! | 2 | 2 | length of the credential id, at most 256 |
//! | 4 | 4 | Argon2id memory in KiB, 19,456 to 1,048,576 (65,536 in a backup); 0 otherwise |
//! | 8 | 4 | Argon2id passes, 2 to 16; PBKDF2 iterations, 600,000 to 2,000,000; 0 otherwise |
//! | 12 | 4 | Argon2id lanes, 1 to 4; 0 otherwise |
//! | 16 | 16 | salt, random |
//! | 32 | 32 | key commitment |
//! | 64 | 60 | the vault key under `wrapping`: nonce, ciphertext, tag |
//! | 124 | 60 | `wrapping` under the vault key: nonce, ciphertext, tag; zeros in a backup |
//! | 184 | 256 | credential id of the passkey, then zeros |
//!
//! ```text
//! U = Argon2id(passphrase as UTF-8 and not normalised, salt, cost), or PBKDF2      kind 1
//!   = HKDF(prf output, salt, "sotto/v2/prf")                                      kind 2
//!   = HKDF(the 26 digits as bytes 0 to 31, salt, "sotto/v2/recovery")             kind 3
//!   = HKDF(Argon2id(…) | HKDF(prf output, salt, "sotto/v2/prf"), salt, "sotto/v2/both")  kind 4
//! commitment = HKDF(U, no salt, "sotto/v2/commit")
//! wrapping   = HKDF(U, no salt, "sotto/v2/wrap")
//! AAD of both boxes = header bytes 0 to 8 and 12 to 63 | slot bytes 0 to 63 | the credential id
//! kept under   HKDF(vault key, no salt, "sotto/v2/slots" | vault id)
//! ```
//!
//! HKDF is HKDF-SHA-256 with 32 bytes of output; every box is AES-256-GCM. Costs are checked against their limits
//! before they are spent and are authenticated, so a planted header can neither exhaust the device nor make guessing
//! cheap. At most one slot has a passphrase, so one try never costs more than one stretching. AES-GCM does not commit
//! to its key: the commitment does, and is compared in constant time before anything is decrypted. A wrong passphrase
//! is told from a damaged header by this alone; the hash at the end is no defence, it finds damage before a right
//! passphrase is retyped.
//!
//! Each slot's `wrapping` is also kept under the vault key. That is how a new vault key, or the key of a backup, is
//! wrapped for a passkey or a printed code that is not at hand. It gives nothing to someone who holds the vault key;
//! someone who once held it *and* the header is shut out by a new passphrase and new passkeys, not by a new vault key
//! alone.

use sha2::{Digest, Sha256};

use crate::wire::Cut;
use crate::{Failure, Kdf, VaultId, VaultKey, strong_enough};

mod slot;
pub use slot::{Factor, Kind};
use slot::{SLOT, Slot};

/// The longest header, with eight slots.
pub const LONGEST: usize = HEAD + MOST_SLOTS * SLOT + HASH;

/// What a backup promises.
const _: () = assert!(LONGEST <= 4096);

const VERSION: u8 = 2;
const HEAD: usize = 64;
const HASH: usize = 32;
const MOST_SLOTS: usize = 8;

/// A header whose shape was checked. Nothing in it is secret, and nothing in it is trusted before a slot has opened.
#[derive(Clone, PartialEq, Eq)]
pub struct Header {
    purpose: Purpose,
    generation: u32,
    vault: VaultId,
    prf_salt: [u8; 32],
    slots: Vec<Slot>,
}

/// What the wrapped key opens.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Vault,
    Backup,
}

/// Makes a new vault that a passphrase opens: the header to store, and its key. A cost outside its limits, or
/// with more than 64 MiB, counts as [`crate::Cost::STANDARD`].
///
/// # Errors
/// [`Failure::WeakPassphrase`], [`Failure::Memory`] or [`Failure::Random`].
pub fn create(passphrase: &str, kdf: Kdf) -> Result<(Header, VaultKey), Failure> {
    strong_enough(passphrase)?;
    let mut header = Header {
        purpose: Purpose::Vault,
        generation: 1,
        vault: VaultId(crate::secret::random()?),
        prf_salt: crate::secret::random()?,
        slots: Vec::new(),
    };
    let key = VaultKey::random(header.vault, header.generation)?;
    header.put(&key, &Factor::Passphrase(passphrase), Some(kdf), &[])?;
    Ok((header, key))
}

impl Header {
    /// Reads a stored vault header.
    ///
    /// # Errors
    /// [`Failure::Damaged`] or [`Failure::Unsupported`].
    pub fn parse(bytes: &[u8]) -> Result<Header, Failure> {
        let (header, rest) = Header::read(bytes, Purpose::Vault)?;
        Cut(rest).end()?;
        Ok(header)
    }

    /// What [`Header::parse`] reads.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.head().to_vec();
        for slot in &self.slots {
            bytes.extend(slot.to_bytes());
        }
        let hash = Sha256::digest(&bytes);
        bytes.extend(hash);
        bytes
    }

    /// Opens the vault. A passphrase takes as long as its creator chose; everything else is instant.
    ///
    /// # Errors
    /// [`Failure::WrongPassphrase`], [`Failure::WrongPasskey`] or [`Failure::WrongCode`] for the factor that was given,
    /// also when the vault has no such slot; [`Failure::UnusablePasskey`], [`Failure::Damaged`], [`Failure::Memory`].
    pub fn unlock(&self, factor: &Factor) -> Result<VaultKey, Failure> {
        let mut outcome = Err(factor.refused());
        for slot in self.slots.iter().filter(|slot| slot.kind == factor.kind()) {
            outcome = slot.open(&self.head(), factor).map(|secret| VaultKey {
                vault: self.vault,
                generation: self.generation,
                secret,
            });
            // With several passkeys, the commitment says which slot is this one's.
            if outcome.as_ref().err() != Some(&factor.refused()) {
                break;
            }
        }
        outcome
    }

    /// Adds a way to open the vault, or exchanges the passphrase or the recovery code. A passphrase has its `kdf` (the
    /// standard one when it has none, or one outside its limits), a passkey its `credential` id. [`Factor::Both`] takes
    /// the place of a slot with the passphrase alone, and the other way round: the vault then opens only so (or by
    /// another passkey or the recovery code, if they were added).
    ///
    /// # Errors
    /// [`Failure::WeakPassphrase`], [`Failure::UnusablePasskey`], [`Failure::TooManySlots`], [`Failure::Memory`],
    /// [`Failure::Random`]; the header is unchanged then.
    pub fn put(&mut self, key: &VaultKey, factor: &Factor, kdf: Option<Kdf>, credential: &[u8]) -> Result<(), Failure> {
        if let Factor::Passphrase(passphrase) | Factor::Both { passphrase, .. } = factor {
            strong_enough(passphrase)?;
        }
        let new = Slot::seal(&self.head(), key, factor, kdf, credential)?;
        let replaces = |old: &Slot| old.same_place(&new);
        if !self.slots.iter().any(replaces) && self.slots.len() == MOST_SLOTS {
            return Err(Failure::TooManySlots);
        }
        self.slots.retain(|old| !replaces(old));
        self.slots.push(new);
        Ok(())
    }

    /// Removes the slot at this place of [`Header::slots`]. The last one stays: without it the vault is lost.
    pub fn remove(&mut self, at: usize) {
        if self.slots.len() > 1 && at < self.slots.len() {
            self.slots.remove(at);
        }
    }

    /// A new vault key under the same slots; see [`crate::keyring::Keyring::rotated`] for what must follow it.
    ///
    /// # Errors
    /// [`Failure::Damaged`] when a slot was exchanged behind the vault's back, [`Failure::Random`].
    pub fn rotated(&self, old: &VaultKey) -> Result<(Header, VaultKey), Failure> {
        let mut header = self.clone();
        header.generation += 1;
        let new = VaultKey::random(self.vault, header.generation)?;
        header.slots = self.rewrapped(old, &header.head(), &new)?;
        Ok((header, new))
    }

    /// The head of a backup: another key, under the same slots.
    pub(crate) fn for_backup(&self, old: &VaultKey) -> Result<(Header, VaultKey), Failure> {
        let mut header = self.clone();
        header.purpose = Purpose::Backup;
        header.generation = 1;
        header.vault = VaultId(crate::secret::random()?);
        let new = VaultKey::random(header.vault, header.generation)?;
        header.slots = self.rewrapped(old, &header.head(), &new)?;
        header.slots.iter_mut().for_each(Slot::forget_wrapping);
        Ok((header, new))
    }

    fn rewrapped(&self, old: &VaultKey, head: &[u8; HEAD], new: &VaultKey) -> Result<Vec<Slot>, Failure> {
        let again = |slot: &Slot| slot.rewrapped(&self.head(), old, head, new);
        self.slots.iter().map(again).collect()
    }

    /// Which vault this is the header of.
    pub fn vault(&self) -> VaultId {
        self.vault
    }

    /// How often the vault key was exchanged: says which copy of the keyring belongs to this header.
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// What to pass as `prf.eval.first` when a passkey is asked.
    pub fn prf_salt(&self) -> &[u8; 32] {
        &self.prf_salt
    }

    /// Each slot's kind, how it stretches a passphrase, and the credential id to ask the authenticator for.
    pub fn slots(&self) -> impl Iterator<Item = (Kind, Option<Kdf>, &[u8])> {
        self.slots
            .iter()
            .map(|slot| (slot.kind, slot.kdf, slot.credential.as_slice()))
    }

    /// True where every way in of an earlier header is one still: none was exchanged or removed.
    pub fn keeps_the_ways_of(&self, earlier: &Header) -> bool {
        earlier.slots.iter().all(|slot| self.slots.contains(slot))
    }

    /// SHA-256 of the stored bytes: kept in the vault's state, which shows when an old header was put back.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.to_bytes()).into()
    }

    /// The header at the front, and what follows it.
    pub(crate) fn read(bytes: &[u8], purpose: Purpose) -> Result<(Header, &[u8]), Failure> {
        let mut cut = Cut(bytes);
        cut.expect(purpose.magic())?;
        // Before anything else: another version may be laid out in another way.
        if cut.u8()? != VERSION {
            return Err(Failure::Unsupported);
        }
        let count = usize::from(cut.u8()?);
        cut.expect(&[0, 0])?;
        if !(1..=MOST_SLOTS).contains(&count) {
            return Err(Failure::Damaged);
        }
        let (whole, rest) = bytes
            .split_at_checked(HEAD + count * SLOT + HASH)
            .ok_or(Failure::Damaged)?;
        let (hashed, hash) = whole.split_at(whole.len() - HASH);
        if Sha256::digest(hashed).as_slice() != hash {
            return Err(Failure::Damaged);
        }
        let mut header = Header {
            purpose,
            generation: cut.u32()?,
            vault: VaultId(cut.array()?),
            prf_salt: cut.array()?,
            slots: Vec::with_capacity(count),
        };
        for _ in 0..count {
            let slot = Slot::parse(cut.bytes(SLOT)?, purpose)?;
            if header.slots.iter().any(|other| other.same_place(&slot)) {
                return Err(Failure::Damaged);
            }
            header.slots.push(slot);
        }
        Ok((header, rest))
    }

    fn head(&self) -> [u8; HEAD] {
        let mut head = [0; HEAD];
        head[..8].copy_from_slice(self.purpose.magic());
        head[8] = VERSION;
        head[9] = u8::try_from(self.slots.len()).expect("at most eight");
        head[12..16].copy_from_slice(&self.generation.to_be_bytes());
        head[16..32].copy_from_slice(&self.vault.0);
        head[32..].copy_from_slice(&self.prf_salt);
        head
    }
}

impl Purpose {
    fn magic(self) -> &'static [u8; 8] {
        match self {
            Purpose::Vault => b"SottoVlt",
            Purpose::Backup => b"SottoBak",
        }
    }
}

#[cfg(test)]
mod tests;
