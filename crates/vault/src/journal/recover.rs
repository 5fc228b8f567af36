use zeroize::Zeroizing;

use super::{FRAME, HEAD, LONGEST_CHUNK, MAGIC, MARK, VERSION, aad, file_key, nonce};
use crate::keyring::Dek;
use crate::secret::{Secret, TAG};
use crate::wire::Cut;
use crate::{Failure, RecordId, VaultId};

/// What looks like a frame and is none is skipped this often: bits rot, but only someone who means to keep the page
/// busy plants more.
const MOST_FALSE_FRAMES: u32 = 1000;

const LONGEST_FRAME: usize = FRAME + 2 * LONGEST_CHUNK + TAG;

/// What the head of a journal says, **not authenticated**: enough to list what was interrupted while the vault is
/// locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Samples per second.
    pub rate: u32,
    /// Which vault it belongs to.
    pub vault: VaultId,
    /// Which record of the keyring has its key.
    pub id: RecordId,
}

/// A recording as read back.
pub struct Recovered {
    /// Samples per second.
    pub rate: u32,
    /// All that was said, gaps left out.
    pub samples: Zeroizing<Vec<i16>>,
    /// Where sound is missing.
    pub gaps: Vec<Gap>,
    /// False when the recording did not end in order: the last half second may be missing.
    pub complete: bool,
}

/// What a [`Reader`] has found in some bytes of a file.
pub struct Part {
    /// 16-bit samples, little-endian, gaps left out.
    pub pcm: Zeroizing<Vec<u8>>,
    /// Where sound is missing; their places count the samples of this part.
    pub gaps: Vec<Gap>,
    /// The recording ended in order, and this was its end.
    pub complete: bool,
}

/// Samples that are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Where it lies in [`Recovered::samples`].
    pub at: usize,
    /// Number of the first missing sample, counted over the whole recording.
    pub first: u64,
    /// How many are missing.
    pub samples: u64,
    /// They were written, and damaged later; else they were never recorded.
    pub damaged: bool,
}

/// Reads the head of a journal without a key.
///
/// # Errors
/// [`Failure::Damaged`] or [`Failure::Unsupported`].
pub fn read_head(file: &[u8]) -> Result<Head, Failure> {
    let mut cut = Cut(file.get(..HEAD).ok_or(Failure::Damaged)?);
    cut.expect(MAGIC)?;
    if cut.u8()? != VERSION {
        return Err(Failure::Unsupported);
    }
    cut.expect(&[0; 3])?;
    Ok(Head {
        rate: cut.u32()?,
        vault: VaultId(cut.array()?),
        id: RecordId(cut.array()?),
    })
}

/// Reads a recording, however its writing ended: what is whole is given back in order, and what is missing is named.
///
/// # Errors
/// [`Failure::Damaged`] when the head is not this recording's, [`Failure::Unsupported`].
pub fn recover(dek: &Dek, file: &[u8]) -> Result<Recovered, Failure> {
    let mut reader = Reader::new(dek, file)?;
    let part = reader.read(&file[HEAD..], true);
    let samples = part.pcm.chunks_exact(2);
    Ok(Recovered {
        rate: reader.head.rate,
        samples: Zeroizing::new(samples.map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect()),
        gaps: part.gaps,
        complete: part.complete,
    })
}

/// Reads a recording piece by piece, as its file is read.
pub struct Reader {
    head: Head,
    key: Secret,
    session: [u8; 16],
    next: Next,
    /// Too few bytes to tell what they are.
    rest: Vec<u8>,
    damaged: bool,
    skipped: u32,
    complete: bool,
}

impl Reader {
    /// Begins with the first [`HEAD`] bytes of a file.
    ///
    /// # Errors
    /// [`Failure::Damaged`] when the head is not this recording's, [`Failure::Unsupported`].
    pub fn new(dek: &Dek, file: &[u8]) -> Result<Reader, Failure> {
        let head = read_head(file)?;
        if (head.vault, head.id) != (dek.vault(), dek.entry().id) {
            return Err(Failure::Damaged);
        }
        let front = file.first_chunk::<HEAD>().ok_or(Failure::Damaged)?;
        Ok(Reader {
            head,
            key: file_key(dek, front),
            session: *front.last_chunk().ok_or(Failure::Damaged)?,
            next: Next::default(),
            rest: Vec::new(),
            damaged: false,
            skipped: 0,
            complete: false,
        })
    }

    /// What the next bytes of the file hold, in whole frames; with the `last` ones, whatever is left.
    pub fn read(&mut self, bytes: &[u8], last: bool) -> Part {
        let mut front = std::mem::take(&mut self.rest);
        let mut rest = if front.is_empty() {
            bytes
        } else {
            front.extend_from_slice(bytes);
            &front
        };
        let mut found = Part {
            pcm: Zeroizing::new(Vec::with_capacity(rest.len())),
            gaps: Vec::new(),
            complete: self.complete,
        };
        while !rest.is_empty() && !found.complete && self.skipped < MOST_FALSE_FRAMES {
            if !last && rest.len() < LONGEST_FRAME {
                self.rest = rest.to_vec();
                break;
            }
            let from = found.pcm.len();
            match Frame::open(&self.key, &self.session, rest, self.next.sequence, &mut found.pcm) {
                Some((frame, after)) => {
                    self.next.gap(&frame, self.damaged, from / 2, &mut found.gaps);
                    self.damaged = false;
                    found.complete = frame.last;
                    self.next = Next {
                        sequence: frame.sequence.saturating_add(1),
                        sample: frame.first_sample.saturating_add((found.pcm.len() - from) as u64 / 2),
                    };
                    rest = after;
                }
                None => {
                    self.damaged = true;
                    self.skipped += 1;
                    // On to the next frame, wherever it begins; a mark may lie across the end of these bytes.
                    let mark = rest[1..].windows(MARK.len()).position(|bytes| bytes == MARK);
                    let none = if last {
                        rest.len()
                    } else {
                        rest.len() - (MARK.len() - 1)
                    };
                    rest = &rest[mark.map_or(none, |at| at + 1)..];
                }
            }
        }
        self.complete = found.complete;
        found
    }
}

/// Where the next frame belongs.
#[derive(Default)]
struct Next {
    sequence: u32,
    sample: u64,
}

impl Next {
    fn gap(&self, frame: &Frame, damaged: bool, at: usize, gaps: &mut Vec<Gap>) {
        let missing = frame.first_sample.saturating_sub(self.sample);
        if missing > 0 || frame.sequence > self.sequence {
            gaps.push(Gap {
                at,
                first: self.sample,
                samples: missing,
                damaged: damaged || frame.sequence > self.sequence,
            });
        }
    }
}

struct Frame {
    sequence: u32,
    first_sample: u64,
    last: bool,
}

impl Frame {
    /// The frame at the front and what follows it, if it is whole and not before `earliest`; its sound is added to `pcm`.
    fn open<'a>(
        key: &Secret,
        session: &[u8],
        bytes: &'a [u8],
        earliest: u32,
        pcm: &mut Vec<u8>,
    ) -> Option<(Frame, &'a [u8])> {
        let mut cut = Cut(bytes);
        cut.expect(MARK).ok()?;
        let (sequence, first_sample) = (cut.u32().ok()?, cut.u64().ok()?);
        let samples = usize::from(cut.u16().ok()?);
        let last = match cut.u16().ok()? {
            0 => false,
            1 => true,
            _ => return None,
        };
        if sequence < earliest || samples > LONGEST_CHUNK {
            return None;
        }
        let text = cut.bytes(2 * samples).ok()?;
        let tag = cut.array().ok()?;
        let aad = aad(session, sequence, first_sample);
        let from = pcm.len();
        pcm.extend_from_slice(text);
        // An hour of sound is opened where it stays: each copy of it would cost time.
        if key
            .decrypt(&nonce(sequence, last), &aad, &mut pcm[from..], &tag)
            .is_err()
        {
            pcm.truncate(from);
            return None;
        }
        let frame = Frame {
            sequence,
            first_sample,
            last,
        };
        Some((frame, cut.0))
    }
}
