//! The journal of a recording, version 1: sound on the disk as it is spoken, encrypted, so that a crash costs the last
//! half second and no more. The file is only ever appended to.
//!
//! | offset | bytes | head of the file |
//! |---:|---:|---|
//! | 0 | 8 | magic `SottoAud` |
//! | 8 | 1 | format version: 1 |
//! | 9 | 3 | zero |
//! | 12 | 4 | samples per second |
//! | 16 | 16 | vault id |
//! | 32 | 16 | record id of the recording |
//! | 48 | 16 | session, random |
//!
//! | offset | bytes | frame |
//! |---:|---:|---|
//! | 0 | 4 | `SotF` |
//! | 4 | 4 | sequence number, from 0 |
//! | 8 | 8 | number of the first sample, counted over the whole recording |
//! | 16 | 2 | samples, at most 16,000 |
//! | 18 | 2 | 1 in the last frame, else 0 |
//! | 20 | 2 × samples | 16-bit samples, **little-endian**, under AES-256-GCM |
//! | … | 16 | tag |
//!
//! ```text
//! key   = HKDF-SHA-256(ikm = DEK, no salt, info = "sotto/v2/journal" | bytes 0 to 63 of the file), 32 bytes
//! nonce = sequence number (11 bytes) | 1 in the last frame, else 0                (STREAM)
//! AAD   = session | sequence number (4) | number of the first sample (8)
//! ```
//!
//! The key belongs to one file alone and each frame has its own nonce, so none repeats as long as nothing is ever
//! appended after a crash: [`recover`] reads, and going on is a new file under a new session. A recording that ended
//! says so in its last frame, whose nonce no other frame can have: without it the recording is recovered, but may lack
//! up to the last chunk. A frame whose number skips samples marks a gap (the microphone was away); a damaged frame is a
//! gap too, and reading goes on behind it.

use crate::keyring::Dek;
use crate::secret::{NONCE, Secret, TAG, random};
use crate::{Failure, Namespace};

mod recover;
pub use recover::{Gap, Head, Part, Reader, Recovered, read_head, recover};

/// Samples of an ordinary chunk at 16 kHz: 500 ms.
pub const CHUNK: usize = 8000;

/// Samples of the longest chunk.
pub const LONGEST_CHUNK: usize = 16_000;

/// Bytes of the head of the file: one that is no longer holds no sound.
pub const HEAD: usize = 64;

const MAGIC: &[u8; 8] = b"SottoAud";
const VERSION: u8 = 1;
const MARK: &[u8; 4] = b"SotF";
const FRAME: usize = 20;

/// Writes one recording. Its key serves this file alone and is wiped when dropped.
pub struct Journal {
    key: Secret,
    session: [u8; 16],
    sequence: u32,
    next_sample: u64,
}

impl Journal {
    /// Begins a recording under its record's key; gives the head of its file.
    ///
    /// # Errors
    /// [`Failure::Damaged`] for a key that is not a recording's, [`Failure::Random`].
    pub fn start(dek: &Dek, rate: u32) -> Result<(Journal, Vec<u8>), Failure> {
        let entry = dek.entry();
        if entry.namespace != Namespace::Audio {
            return Err(Failure::Damaged);
        }
        let session = random::<16>()?;
        let mut head = [0; HEAD];
        head[..8].copy_from_slice(MAGIC);
        head[8] = VERSION;
        head[12..16].copy_from_slice(&rate.to_be_bytes());
        head[16..32].copy_from_slice(&dek.vault().0);
        head[32..48].copy_from_slice(&entry.id.0);
        head[48..].copy_from_slice(&session);
        let journal = Journal {
            key: file_key(dek, &head),
            session,
            sequence: 0,
            next_sample: 0,
        };
        Ok((journal, head.to_vec()))
    }

    /// Seals the next chunk; append what comes back, and flush. `first_sample` is the chunk's place in the recording,
    /// and skips what the microphone missed. If appending fails, append the *same bytes* again later, before the next
    /// ones.
    ///
    /// # Errors
    /// [`Failure::TooLarge`] for a chunk above [`LONGEST_CHUNK`], or after 2^32 of them; [`Failure::Damaged`] for one
    /// that lies before the end of the last.
    pub fn append(&mut self, first_sample: u64, samples: &[i16]) -> Result<Vec<u8>, Failure> {
        self.frame(first_sample, samples, false)
    }

    /// The last frame, which holds no samples.
    ///
    /// # Errors
    /// [`Failure::TooLarge`] after 2^32 chunks.
    pub fn finish(mut self) -> Result<Vec<u8>, Failure> {
        self.frame(self.next_sample, &[], true)
    }

    fn frame(&mut self, first_sample: u64, samples: &[i16], last: bool) -> Result<Vec<u8>, Failure> {
        if samples.len() > LONGEST_CHUNK || self.sequence == u32::MAX {
            return Err(Failure::TooLarge);
        }
        if first_sample < self.next_sample {
            return Err(Failure::Damaged);
        }
        let count = u16::try_from(samples.len()).expect("at most 16,000");
        let mut frame = vec![0; FRAME + 2 * samples.len() + TAG];
        let (head, rest) = frame.split_at_mut(FRAME);
        head[..4].copy_from_slice(MARK);
        head[4..8].copy_from_slice(&self.sequence.to_be_bytes());
        head[8..16].copy_from_slice(&first_sample.to_be_bytes());
        head[16..18].copy_from_slice(&count.to_be_bytes());
        head[18..].copy_from_slice(&u16::from(last).to_be_bytes());
        let (text, tag) = rest.split_at_mut(2 * samples.len());
        for (bytes, sample) in text.chunks_exact_mut(2).zip(samples) {
            bytes.copy_from_slice(&sample.to_le_bytes());
        }
        let aad = aad(&self.session, self.sequence, first_sample);
        tag.copy_from_slice(&self.key.encrypt(&nonce(self.sequence, last), &aad, text));
        self.sequence += 1;
        self.next_sample = first_sample.saturating_add(u64::from(count));
        Ok(frame)
    }
}

fn file_key(dek: &Dek, head: &[u8; HEAD]) -> Secret {
    dek.derive(&[b"sotto/v2/journal", head])
}

/// STREAM, Hoang, Reyhanitabar, Rogaway and Vizár, 2015: an 11-byte counter and the last flag.
fn nonce(sequence: u32, last: bool) -> [u8; NONCE] {
    let mut nonce = [0; NONCE];
    nonce[7..11].copy_from_slice(&sequence.to_be_bytes());
    nonce[11] = u8::from(last);
    nonce
}

fn aad(session: &[u8], sequence: u32, first_sample: u64) -> Vec<u8> {
    [session, &sequence.to_be_bytes(), &first_sample.to_be_bytes()].concat()
}
