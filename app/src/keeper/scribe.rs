//! Sound as it comes from the microphone in, frames of a journal out. What is framed is what the page's own recording holds,
//! to the last bit, because both bring it to 16 kHz in the same way.

use speech::Resampler;
use vault::Failure;
use vault::journal::{CHUNK, Journal};

pub struct Scribe {
    journal: Journal,
    /// One opening of the microphone, until the next pause.
    take: Option<Resampler>,
    /// Too few for a chunk.
    samples: Vec<i16>,
    framed: u64,
}

impl Scribe {
    pub fn new(journal: Journal) -> Self {
        Self {
            journal,
            take: None,
            samples: Vec::new(),
            framed: 0,
        }
    }

    /// Samples in frames so far.
    pub fn framed(&self) -> u64 {
        self.framed
    }

    /// Takes a block at `rate` hertz and gives the frames of the chunks that it fills. An empty block ends the take: then
    /// everything is in frames.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] for a rate that cannot be brought to 16 kHz; those of sealing.
    pub fn hear(&mut self, rate: u32, block: &[f32]) -> Result<Vec<u8>, Failure> {
        if block.is_empty() {
            return self.rest();
        }
        let take = match &mut self.take {
            Some(take) => take,
            None => self
                .take
                .insert(Resampler::new(rate).map_err(|_| Failure::Unsupported)?),
        };
        self.samples.extend_from_slice(take.push(block).as_slice());
        let whole = self.samples.len() / CHUNK * CHUNK;
        self.frames(whole)
    }

    /// True when nothing waits for a frame.
    pub fn is_settled(&self) -> bool {
        self.take.is_none() && self.samples.is_empty()
    }

    /// The last frames, and how many samples there are in all.
    ///
    /// # Errors
    /// Those of sealing.
    pub fn finish(mut self) -> Result<(Vec<u8>, u64), Failure> {
        let mut frames = self.rest()?;
        frames.extend(self.journal.finish()?);
        Ok((frames, self.framed))
    }

    fn rest(&mut self) -> Result<Vec<u8>, Failure> {
        if let Some(mut take) = self.take.take() {
            self.samples.extend_from_slice(take.finish().as_slice());
        }
        self.frames(self.samples.len())
    }

    fn frames(&mut self, samples: usize) -> Result<Vec<u8>, Failure> {
        let mut frames = Vec::new();
        for chunk in self.samples[..samples].chunks(CHUNK) {
            frames.extend(self.journal.append(self.framed, chunk)?);
            self.framed += chunk.len() as u64;
        }
        self.samples.drain(..samples);
        Ok(frames)
    }
}

#[cfg(test)]
mod tests {
    use vault::keyring::{self, Dek, Entry};
    use vault::{Class, Cost, Kdf, Namespace, RecordId, header, journal};

    use super::*;
    use crate::tape::Tape;

    fn dek() -> Dek {
        let made = header::create("seven quiet herons near a lake", Kdf::Argon2id(Cost::FLOOR));
        let (header, key) = made.expect("a good passphrase");
        let entry = Entry {
            id: RecordId([7; 16]),
            namespace: Namespace::Audio,
            class: Class::Audio,
            expires_at: u64::MAX,
            hold: false,
        };
        let (mut keyring, _) = keyring::create(&header);
        keyring.add(&key.keys(), entry).expect("room").0
    }

    fn taken(tape: &Tape) -> Vec<i16> {
        let all = tape.whole(&speech::Samples::default());
        all.expect("nothing was let go").as_slice().to_vec()
    }

    #[test]
    fn a_journal_holds_what_the_tape_holds() {
        let dek = dek();
        let (journal, mut file) = Journal::start(&dek, speech::RATE).expect("random bytes");
        let (mut scribe, mut tape) = (Scribe::new(journal), Tape::default());
        // Two takes at different rates, in blocks of the tap's length; neither fills its last chunk.
        for (rate, blocks) in [(48_000, 13), (44_100, 7)] {
            for block in 0..blocks {
                let length = rate as usize / 10;
                let wave: Vec<f32> = (0..length)
                    .map(|n| ((block * length + n) as f32 * 0.05).sin() * 0.3)
                    .collect();
                file.extend(scribe.hear(rate, &wave).expect("a common rate"));
                tape.push(rate, &wave).expect("a common rate");
                let behind = tape.held() as u64 - scribe.framed();
                assert!(behind < CHUNK as u64 + 1, "{behind} samples wait for a frame");
            }
            assert!(!scribe.is_settled());
            file.extend(scribe.hear(rate, &[]).expect("the take ends"));
            tape.end_take();
            assert!(scribe.is_settled());
            assert_eq!(scribe.framed(), tape.held() as u64);
        }
        let cut = journal::recover(&dek, &file).expect("a journal");
        assert!(*cut.samples == taken(&tape) && !cut.complete);
        file.extend(scribe.finish().expect("room").0);
        let whole = journal::recover(&dek, &file).expect("a journal");
        assert!(*whole.samples == taken(&tape) && whole.complete && whole.gaps.is_empty());
    }
}
