use super::slot::{PAGE, SLOT, State, VERSION};
use super::{Keyring, MOST_RECORDS, PER_PAGE};
use crate::{Failure, Header};

/// A keyring read from a file.
pub struct Parsed {
    /// Every slot of which one copy is whole.
    pub keyring: Keyring,
    /// What makes both copies equal again; empty for a healthy file.
    pub repairs: Vec<Write>,
    /// Slots of which no copy is whole: their records are lost. They are never written again.
    pub damaged: usize,
}

/// One step on the keyring file: write these bytes there, then flush.
#[derive(Clone, PartialEq, Eq)]
pub struct Write {
    /// From the start of the file; the file grows if it is shorter.
    pub offset: u64,
    /// What to write.
    pub bytes: Vec<u8>,
}

/// Reads the file. Slots that another generation of the vault key wrapped are remains of an exchange that was
/// interrupted, and are overwritten by the repairs.
///
/// # Errors
/// [`Failure::Damaged`] when this is no keyring of this vault and generation, [`Failure::Unsupported`].
pub fn parse(file: &[u8], header: &Header) -> Result<Parsed, Failure> {
    let (vault, generation) = (header.vault(), header.generation());
    let mut keyring = Keyring::empty(vault, generation);
    let own = keyring.file_slot();
    let first = [slot_at(file, 0, 0), slot_at(file, 0, 1)];
    if !first.contains(&&own) {
        let newer = first
            .iter()
            .any(|slot| slot.starts_with(b"SottoKey") && slot[8] != VERSION);
        return Err(if newer { Failure::Unsupported } else { Failure::Damaged });
    }
    let (mut repairs, mut damaged) = (Vec::new(), 0);
    for copy in (0..2).filter(|copy| *first[*copy] != own) {
        repairs.push(write(0, copy, &own));
    }
    let pairs = file.len().div_ceil(2 * PAGE).min((MOST_RECORDS + 1) / PER_PAGE);
    for at in 1..pairs * PER_PAGE {
        let copies = [0, 1].map(|copy| slot_at(file, at, copy));
        let states = copies.map(|bytes| State::read(bytes, vault, generation));
        let [first, second] = &states;
        let best = if second.rank() > first.rank() { second } else { first };
        let state = best.clone();
        if let State::Damaged = state {
            damaged += 1;
        } else {
            let bytes = state.to_bytes(vault, generation);
            for copy in (0..2).filter(|copy| *copies[*copy] != bytes) {
                repairs.push(write(at, copy, &bytes));
            }
        }
        keyring.counter = keyring.counter.max(state.counter());
        keyring.slots.push(state);
    }
    keyring.index()?;
    Ok(Parsed {
        keyring,
        repairs,
        damaged,
    })
}

/// The bytes of one copy of a slot; zeros beyond the end of the file.
fn slot_at(file: &[u8], at: usize, copy: usize) -> &[u8; SLOT] {
    file.get(offset(at, copy)..)
        .and_then(|rest| rest.first_chunk())
        .unwrap_or(&[0; SLOT])
}

pub(super) fn offset(at: usize, copy: usize) -> usize {
    (2 * (at / PER_PAGE) + copy) * PAGE + at % PER_PAGE * SLOT
}

pub(super) fn write(at: usize, copy: usize, bytes: &[u8; SLOT]) -> Write {
    Write {
        offset: offset(at, copy) as u64,
        bytes: bytes.to_vec(),
    }
}
