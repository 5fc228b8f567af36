//! The keyring file, version 1: the key of every record, in slots that are overwritten in place.
//!
//! The file is pages of 4,096 bytes in pairs: pages 0 and 1 hold the same 32 slots twice, pages 2 and 3 the next 32,
//! and so on. The first slot of the first pair says whose keyring it is; all others hold one record's key each. It
//! belongs where writing in place really writes in place (an OPFS access handle): a database keeps what it overwrites.
//!
//! | offset | bytes | first slot |
//! |---:|---:|---|
//! | 0 | 8 | magic `SottoKey` |
//! | 8 | 1 | format version: 1 |
//! | 9 | 3 | zero |
//! | 12 | 4 | generation of the vault key |
//! | 16 | 16 | vault id |
//! | 32 | 88 | zero |
//! | 120 | 8 | checksum |
//!
//! | offset | bytes | every other slot |
//! |---:|---:|---|
//! | 0 | 1 | state: 1 holds a key, 2 shredded; a slot never used is all zero |
//! | 1 | 1 | namespace |
//! | 2 | 1 | retention class |
//! | 3 | 1 | 1 under legal hold, else 0 |
//! | 4 | 4 | generation of the vault key that wraps it |
//! | 8 | 8 | when it was written: a counter over all slots, from 1 in each generation |
//! | 16 | 16 | record id |
//! | 32 | 8 | expires at, seconds since 1970-01-01 00:00 UTC |
//! | 40 | 60 | the record's key (DEK) under `K_wrap`: nonce, ciphertext, tag; AAD = vault id, bytes 0 to 39 |
//! | 100 | 20 | zero |
//! | 120 | 8 | checksum |
//!
//! ```text
//! K_wrap   = HKDF-SHA-256(ikm = vault key, no salt, info = "sotto/v2/wrap" | vault id)
//! checksum = the first 8 bytes of SHA-256("sotto/v1/slot" | vault id | bytes 0 to 119)
//! ```
//!
//! The checksum finds torn writes and makes the date readable while the vault is locked, so that purging needs no key;
//! the tag makes it trustworthy once there is one. In a shredded slot everything but state, generation, counter and
//! checksum is random, the former key included.
//!
//! # Writing
//!
//! Every change is a list of [`Write`]s: **carry out each, and flush, before the next**. The first goes to the first
//! copy, the second to the second. Whatever a crash leaves, one copy of each slot is whole: [`parse`] takes the newer
//! whole one and gives the writes that repair the other. Each generation of the vault key wraps at most 2^20 times (the
//! limit for random nonces is 2^32); then [`Failure::Worn`] asks for a new one.

use std::collections::HashMap;

use crate::secret::{Secret, random};
use crate::{Failure, Header, Keys, RecordId, VaultId};

mod dek;
pub use dek::{Dek, Entry};

mod file;
use file::write;
pub use file::{Parsed, Write, parse};

mod slot;
use slot::{PAGE, SLOT, Slot, State};

/// A keyring holds at most this many records, in 16 MiB.
pub const MOST_RECORDS: usize = (1 << 16) - 1;

/// NIST SP 800-38D allows 2^32 random nonces for a key; this leaves a wide margin and is still 100,000 visits.
const MOST_WRAPS: u64 = 1 << 20;

const PER_PAGE: usize = PAGE / SLOT;

/// The keyring as read from its file. It holds no key in the clear.
pub struct Keyring {
    vault: VaultId,
    generation: u32,
    /// Slot 0 is the file's own.
    slots: Vec<State>,
    places: HashMap<RecordId, usize>,
    counter: u64,
}

/// A new, empty keyring, and the writes that make its file.
pub fn create(header: &Header) -> (Keyring, Vec<Write>) {
    let keyring = Keyring::empty(header.vault(), header.generation());
    let writes = keyring.image();
    (keyring, writes)
}

impl Keyring {
    /// What the slots say, **not authenticated**, in no order: enough to find what is due in a locked vault.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.slots.iter().filter_map(|state| match state {
            State::Live(slot) => Some(&slot.entry),
            State::Free | State::Shredded { .. } | State::Damaged => None,
        })
    }

    /// What the slot of this record says, not authenticated.
    pub fn entry(&self, id: RecordId) -> Option<&Entry> {
        self.slot(id).map(|slot| &slot.entry)
    }

    /// The key of a record whose time is not over at `now`.
    ///
    /// # Errors
    /// [`Failure::Gone`] without a slot, [`Failure::Expired`], [`Failure::Damaged`].
    pub fn dek(&self, keys: &Keys, id: RecordId, now: u64) -> Result<Dek, Failure> {
        let slot = self.slot(id).ok_or(Failure::Gone)?;
        if !slot.entry.hold && now >= slot.entry.expires_at {
            return Err(Failure::Expired);
        }
        self.unwrapped(keys, slot)
    }

    /// Draws a key for a new record.
    ///
    /// # Errors
    /// [`Failure::TooLarge`] for a full keyring, [`Failure::Worn`], [`Failure::Random`], and [`Failure::Damaged`] when
    /// the record has a key already.
    pub fn add(&mut self, keys: &Keys, entry: Entry) -> Result<(Dek, Vec<Write>), Failure> {
        let dek = Dek {
            vault: self.vault,
            entry,
            secret: Secret::random()?,
        };
        if self.places.contains_key(&entry.id) {
            return Err(Failure::Damaged);
        }
        let at = self.vacancy()?;
        let writes = self.set(keys, at, &dek)?;
        Ok((dek, writes))
    }

    /// Changes the expiry, class or legal hold of a record, whose id and namespace stay.
    ///
    /// # Errors
    /// As [`Keyring::dek`], apart from expiry; [`Failure::Worn`], [`Failure::Random`].
    pub fn change(&mut self, keys: &Keys, entry: Entry) -> Result<(Dek, Vec<Write>), Failure> {
        let at = *self.places.get(&entry.id).ok_or(Failure::Gone)?;
        let mut dek = self.unwrapped(keys, self.slot(entry.id).ok_or(Failure::Gone)?)?;
        dek.entry = Entry {
            namespace: dek.entry.namespace,
            ..entry
        };
        let writes = self.set(keys, at, &dek)?;
        Ok((dek, writes))
    }

    /// Destroys the keys of these records, which need no key to be destroyed; unknown ids are passed over. Overwritten
    /// once with random bytes: what matters is that the file system writes in place.
    ///
    /// # Errors
    /// [`Failure::Random`].
    pub fn shred(&mut self, ids: &[RecordId]) -> Result<Vec<Write>, Failure> {
        let mut writes = Vec::new();
        for id in ids {
            let Some(at) = self.places.get(id).copied() else {
                continue;
            };
            writes.extend(self.shred_slot(at)?);
            self.places.remove(id);
        }
        Ok(writes)
    }

    /// Overwrites what is left of damaged slots, whose records are lost anyway; they can then be used again.
    ///
    /// # Errors
    /// [`Failure::Random`].
    pub fn shred_damaged(&mut self) -> Result<Vec<Write>, Failure> {
        let mut writes = Vec::new();
        for at in 1..self.slots.len() {
            if let State::Damaged = self.slots[at] {
                writes.extend(self.shred_slot(at)?);
            }
        }
        Ok(writes)
    }

    /// The keyring under a new vault key, which [`Header::rotated`] made; `header` is the new one. Carry out the first
    /// half of the writes, then store the new header **in one step**, then carry out the second half: whichever header
    /// a crash leaves, one copy of the file belongs to it.
    ///
    /// # Errors
    /// [`Failure::Damaged`] for a slot that does not open; shred it, or leave the old key. [`Failure::Random`].
    pub fn rotated(&self, old: &Keys, header: &Header, new: &Keys) -> Result<(Keyring, [Vec<Write>; 2]), Failure> {
        let mut keyring = Keyring::empty(header.vault(), header.generation());
        for state in self.slots.iter().skip(1) {
            if let State::Live(slot) = state {
                let dek = self.unwrapped(old, slot)?;
                let at = keyring.vacancy()?;
                keyring.set(new, at, &dek)?;
            }
        }
        // As long as the old file, so that nothing of it stays behind.
        keyring
            .slots
            .resize(self.slots.len().max(keyring.slots.len()), State::Free);
        let (first, second) = keyring
            .image()
            .into_iter()
            .partition(|write| write.offset % (2 * PAGE as u64) == 0);
        Ok((keyring, [first, second]))
    }

    /// How many slots were ever written under this vault key. The vault's state remembers it: a file that knows less is
    /// an old one that was put back.
    pub fn counter(&self) -> u64 {
        self.counter
    }

    /// True when the vault key should be exchanged at this unlock, long before [`Failure::Worn`] would ask for it.
    pub fn worn(&self) -> bool {
        self.counter >= MOST_WRAPS / 2
    }

    /// Which vault key wraps the slots.
    pub fn generation(&self) -> u32 {
        self.generation
    }

    fn empty(vault: VaultId, generation: u32) -> Keyring {
        Keyring {
            vault,
            generation,
            slots: vec![State::Free],
            places: HashMap::new(),
            counter: 0,
        }
    }

    fn slot(&self, id: RecordId) -> Option<&Slot> {
        match &self.slots[*self.places.get(&id)?] {
            State::Live(slot) => Some(slot),
            State::Free | State::Shredded { .. } | State::Damaged => None,
        }
    }

    fn unwrapped(&self, keys: &Keys, slot: &Slot) -> Result<Dek, Failure> {
        if (keys.vault, keys.generation) != (self.vault, self.generation) {
            return Err(Failure::Damaged);
        }
        let aad = slot.aad(self.vault, self.generation);
        Ok(Dek {
            vault: self.vault,
            entry: slot.entry,
            secret: keys.wrap.unwrap_key(&aad, &slot.wrapped)?,
        })
    }

    fn set(&mut self, keys: &Keys, at: usize, dek: &Dek) -> Result<Vec<Write>, Failure> {
        if (keys.vault, keys.generation) != (self.vault, self.generation) {
            return Err(Failure::Damaged);
        }
        if self.counter >= MOST_WRAPS {
            return Err(Failure::Worn);
        }
        let mut slot = Slot {
            entry: dek.entry,
            counter: self.counter + 1,
            wrapped: [0; crate::secret::WRAPPED],
        };
        slot.wrapped = keys.wrap.wrap(&slot.aad(self.vault, self.generation), &dek.secret)?;
        self.counter += 1;
        if at == self.slots.len() {
            self.slots.push(State::Free);
        }
        self.slots[at] = State::Live(slot);
        self.places.insert(dek.entry.id, at);
        Ok(self.both(at))
    }

    fn shred_slot(&mut self, at: usize) -> Result<Vec<Write>, Failure> {
        let noise = random()?;
        // The highest counter may be anyone's: until the tag was checked it is only a number in a file.
        self.counter = self.counter.saturating_add(1);
        self.slots[at] = State::Shredded {
            counter: self.counter,
            noise,
        };
        Ok(self.both(at))
    }

    /// The first slot without a key, which may be one behind the last.
    fn vacancy(&self) -> Result<usize, Failure> {
        let vacant = |state: &State| matches!(state, State::Free | State::Shredded { .. });
        let at = self
            .slots
            .iter()
            .skip(1)
            .position(vacant)
            .map_or(self.slots.len(), |at| at + 1);
        if at > MOST_RECORDS {
            return Err(Failure::TooLarge);
        }
        Ok(at)
    }

    fn both(&self, at: usize) -> Vec<Write> {
        let bytes = self.slots[at].to_bytes(self.vault, self.generation);
        vec![write(at, 0, &bytes), write(at, 1, &bytes)]
    }

    /// Every page of the file, first copy and second copy in turns.
    fn image(&self) -> Vec<Write> {
        let pairs = self.slots.len().div_ceil(PER_PAGE);
        let mut writes = Vec::with_capacity(2 * pairs);
        for pair in 0..pairs {
            let mut page = Vec::with_capacity(PAGE);
            for at in pair * PER_PAGE..(pair + 1) * PER_PAGE {
                page.extend(match self.slots.get(at) {
                    _ if at == 0 => self.file_slot(),
                    Some(state) => state.to_bytes(self.vault, self.generation),
                    None => [0; SLOT],
                });
            }
            for copy in 0..2 {
                writes.push(Write {
                    offset: ((2 * pair + copy) * PAGE) as u64,
                    bytes: page.clone(),
                });
            }
        }
        writes
    }

    fn file_slot(&self) -> [u8; SLOT] {
        slot::file_slot(self.vault, self.generation)
    }

    fn index(&mut self) -> Result<(), Failure> {
        for (at, state) in self.slots.iter().enumerate() {
            if let State::Live(slot) = state
                && self.places.insert(slot.entry.id, at).is_some()
            {
                return Err(Failure::Damaged);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
