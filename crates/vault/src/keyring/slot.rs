use sha2::{Digest, Sha256};

use super::Entry;
use crate::secret::Wrapped;
use crate::wire::Cut;
use crate::{Class, Failure, Namespace, RecordId, VaultId};

/// Bytes of a slot.
pub(super) const SLOT: usize = 128;

/// Bytes of a page: what a disk writes at once.
pub(super) const PAGE: usize = 4096;

pub(super) const VERSION: u8 = 1;

const LIVE: u8 = 1;
const SHREDDED: u8 = 2;
const CHECKSUM: usize = 120;

/// What one copy of a slot holds.
#[derive(Clone)]
pub(super) enum State {
    /// Never used.
    Free,
    /// The key was destroyed.
    Shredded { counter: u64, noise: [u8; 104] },
    /// Holds a record's key.
    Live(Slot),
    /// Torn, altered, or of another vault or vault key.
    Damaged,
}

#[derive(Clone)]
pub(super) struct Slot {
    pub(super) entry: Entry,
    pub(super) counter: u64,
    pub(super) wrapped: Wrapped,
}

impl State {
    pub(super) fn read(bytes: &[u8; SLOT], vault: VaultId, generation: u32) -> State {
        if bytes.iter().all(|byte| *byte == 0) {
            return State::Free;
        }
        let sound = bytes[CHECKSUM..] == checksum(vault, bytes) && bytes[4..8] == generation.to_be_bytes();
        let state = match bytes[0] {
            LIVE if sound => Slot::parse(bytes).map(State::Live),
            SHREDDED if sound => shredded(bytes),
            _ => Err(Failure::Damaged),
        };
        state.unwrap_or(State::Damaged)
    }

    pub(super) fn to_bytes(&self, vault: VaultId, generation: u32) -> [u8; SLOT] {
        let mut bytes = [0; SLOT];
        match self {
            State::Free | State::Damaged => return bytes,
            State::Live(slot) => {
                bytes[..40].copy_from_slice(&slot.head(generation));
                bytes[40..100].copy_from_slice(&slot.wrapped);
            }
            State::Shredded { counter, noise } => {
                bytes[0] = SHREDDED;
                bytes[4..8].copy_from_slice(&generation.to_be_bytes());
                bytes[8..16].copy_from_slice(&counter.to_be_bytes());
                bytes[16..CHECKSUM].copy_from_slice(noise);
            }
        }
        let sum = checksum(vault, &bytes);
        bytes[CHECKSUM..].copy_from_slice(&sum);
        bytes
    }

    /// Of two copies the one with the higher rank counts. A free copy beside a damaged one is a first write that was
    /// torn.
    pub(super) fn rank(&self) -> (u8, u64) {
        let whole = match self {
            State::Damaged => 0,
            State::Free => 1,
            State::Live(_) | State::Shredded { .. } => 2,
        };
        (whole, self.counter())
    }

    pub(super) fn counter(&self) -> u64 {
        match self {
            State::Live(slot) => slot.counter,
            State::Shredded { counter, .. } => *counter,
            State::Free | State::Damaged => 0,
        }
    }
}

impl Slot {
    fn parse(bytes: &[u8; SLOT]) -> Result<Slot, Failure> {
        let mut cut = Cut(bytes);
        cut.expect(&[LIVE])?;
        let namespace = Namespace::from_byte(cut.u8()?).ok_or(Failure::Damaged)?;
        let class = Class::from_byte(cut.u8()?).ok_or(Failure::Damaged)?;
        let hold = match cut.u8()? {
            0 => false,
            1 => true,
            _ => return Err(Failure::Damaged),
        };
        cut.u32()?;
        let counter = cut.u64()?;
        let entry = Entry {
            id: RecordId(cut.array()?),
            namespace,
            class,
            expires_at: cut.u64()?,
            hold,
        };
        let wrapped = cut.array()?;
        cut.expect(&[0; 20])?;
        Ok(Slot {
            entry,
            counter,
            wrapped,
        })
    }

    fn head(&self, generation: u32) -> [u8; 40] {
        let mut head = [0; 40];
        head[..4].copy_from_slice(&[
            LIVE,
            self.entry.namespace as u8,
            self.entry.class as u8,
            u8::from(self.entry.hold),
        ]);
        head[4..8].copy_from_slice(&generation.to_be_bytes());
        head[8..16].copy_from_slice(&self.counter.to_be_bytes());
        head[16..32].copy_from_slice(&self.entry.id.0);
        head[32..].copy_from_slice(&self.entry.expires_at.to_be_bytes());
        head
    }

    /// Authenticated together with the wrapped key.
    pub(super) fn aad(&self, vault: VaultId, generation: u32) -> Vec<u8> {
        [vault.0.as_slice(), &self.head(generation)].concat()
    }
}

/// The first slot of the file.
pub(super) fn file_slot(vault: VaultId, generation: u32) -> [u8; SLOT] {
    let mut bytes = [0; SLOT];
    bytes[..8].copy_from_slice(b"SottoKey");
    bytes[8] = VERSION;
    bytes[12..16].copy_from_slice(&generation.to_be_bytes());
    bytes[16..32].copy_from_slice(&vault.0);
    let sum = checksum(vault, &bytes);
    bytes[CHECKSUM..].copy_from_slice(&sum);
    bytes
}

fn shredded(bytes: &[u8; SLOT]) -> Result<State, Failure> {
    let mut cut = Cut(bytes);
    cut.expect(&[SHREDDED, 0, 0, 0])?;
    cut.u32()?;
    Ok(State::Shredded {
        counter: cut.u64()?,
        noise: cut.array()?,
    })
}

fn checksum(vault: VaultId, bytes: &[u8; SLOT]) -> [u8; 8] {
    let hash = Sha256::new()
        .chain_update(b"sotto/v1/slot")
        .chain_update(vault.0)
        .chain_update(&bytes[..CHECKSUM])
        .finalize();
    *hash.first_chunk().expect("a SHA-256 is longer")
}

#[cfg(test)]
pub(super) fn sum_for_tests(vault: VaultId, bytes: &[u8; SLOT]) -> [u8; 8] {
    checksum(vault, bytes)
}
