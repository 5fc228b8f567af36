//! The journal of the recording that goes on in this tab: sound in, frames on the disk, and what waits for room there.

use vault::Failure;
use vault::journal::{HEAD, Journal, Reader};

use super::protocol::{FromWorker, Id, Kept, News, SoundRead, encode};
use super::scribe::Scribe;
use crate::browser::disk::File;
use crate::browser::scope;
use crate::browser::wire::Listening;
use crate::problem::StoreProblem;

/// Bytes of the file that are read at once: two minutes of sound.
const PIECE: usize = 4 << 20;

/// The file of one recording, which no other tab can open meanwhile.
pub struct Reel {
    pub note: Id,
    file: File,
    /// Bytes of it that are written.
    at: u64,
    scribe: Option<Scribe>,
    /// Frames that the disk did not take yet, in the order in which they belong.
    waiting: Vec<u8>,
    /// Samples on the disk.
    kept: u64,
    /// Reads it from the front; with the bytes that are read. What is added meanwhile does not disturb it.
    reader: Option<(Reader, u64)>,
    /// Where the sound comes from.
    pub line: Option<Listening>,
}

impl Reel {
    /// Begins a file with its head.
    ///
    /// # Errors
    /// [`StoreProblem::Full`], [`StoreProblem::Unavailable`].
    pub fn begin(note: Id, file: File, journal: Journal, head: &[u8]) -> Result<Self, StoreProblem> {
        file.write(0, head)?;
        file.flush()?;
        Ok(Self {
            at: head.len() as u64,
            scribe: Some(Scribe::new(journal)),
            ..Self::over(note, file)
        })
    }

    /// A file to which nothing is added any more.
    pub fn over(note: Id, file: File) -> Self {
        Self {
            note,
            file,
            at: 0,
            scribe: None,
            waiting: Vec::new(),
            kept: 0,
            reader: None,
            line: None,
        }
    }

    /// Takes a block; an empty one ends the take. What fills a chunk is on the disk when this returns, and the page is
    /// told; what the disk refuses waits for the next time.
    pub fn hear(&mut self, rate: u32, block: &[f32]) {
        let Some(scribe) = &mut self.scribe else { return };
        match scribe.hear(rate, block) {
            Ok(frames) if frames.is_empty() => {}
            Ok(frames) => {
                let framed = scribe.framed();
                self.write(&frames, framed);
            }
            // A rate that cannot be brought to 16 kHz: the page says so, and stops.
            Err(_) => {}
        }
    }

    /// True once everything that was heard is in frames.
    pub fn is_settled(&self) -> bool {
        self.scribe.as_ref().is_none_or(Scribe::is_settled)
    }

    /// The last frame.
    ///
    /// # Errors
    /// Those of sealing.
    pub fn end(&mut self) -> Result<(), Failure> {
        self.line = None;
        if let Some(scribe) = self.scribe.take() {
            let (frames, framed) = scribe.finish()?;
            self.write(&frames, framed);
        }
        Ok(())
    }

    /// The next part of it; `start` gives the reader for the file's head.
    ///
    /// # Errors
    /// [`Failure::Damaged`] for a file that is no such journal, [`Failure::Unsupported`].
    pub fn read(
        &mut self,
        created: u64,
        start: impl FnOnce(&[u8]) -> Result<Reader, Failure>,
    ) -> Result<SoundRead, Failure> {
        let bytes = |at: u64, length: usize| self.file.read_at(at, length).map_err(|_| Failure::Damaged);
        let (reader, at) = match &mut self.reader {
            Some(reader) => reader,
            None => self.reader.insert((start(&bytes(0, HEAD)?)?, HEAD as u64)),
        };
        let piece = bytes(*at, PIECE)?;
        *at += piece.len() as u64;
        let last = piece.len() < PIECE;
        let mut found = reader.read(&piece, last);
        if last {
            self.reader = None;
        }
        Ok(SoundRead {
            created,
            pcm: std::mem::take(&mut *found.pcm),
            gaps: found.gaps.iter().map(|gap| (gap.at as u32, gap.samples)).collect(),
            last,
            complete: found.complete,
        })
    }

    /// The next reading begins at the front.
    pub fn rewind(&mut self) {
        self.reader = None;
    }

    fn write(&mut self, frames: &[u8], framed: u64) {
        self.waiting.extend_from_slice(frames);
        let written = self.file.write(self.at, &self.waiting);
        let written = written.and_then(|()| self.file.flush());
        if written.is_ok() {
            self.at += self.waiting.len() as u64;
            self.waiting.clear();
            self.kept = framed;
        }
        let kept = Kept {
            note: self.note,
            samples: self.kept,
            trouble: written.err(),
        };
        scope::post(&encode(&FromWorker::News(News::Kept(kept))));
    }
}
