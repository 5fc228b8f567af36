use speech::{RATE, Resampler, Samples, Segmenter, Utterance};

use crate::problem::MicProblem;

/// A visit's recording: takes one after the other, from whatever device, as one stretch of 16 kHz sound. What the disk
/// holds of it is let go here.
#[derive(Default)]
pub struct Tape {
    /// The recording from sample `from` on.
    samples: Samples,
    from: u64,
    take: Option<OpenTake>,
}

/// Samples that are on the disk and still in memory, at most, until the next are kept: a minute.
const MOST_KEPT_TWICE: u64 = 60 * RATE as u64;

/// How far an utterance has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Index of its first sample in the recording.
    pub start: u64,
    pub samples: usize,
    /// These are all its samples unless somebody goes on at once.
    pub rests: bool,
}

/// One opening of a microphone, or one file. It ends at every pause, so that the words before it need not wait.
struct OpenTake {
    resampler: Resampler,
    segmenter: Segmenter,
    /// Index of its first sample in the recording.
    start: u64,
}

impl Tape {
    /// Takes a block of mono sound at `rate` hertz; a take begins with its first block.
    ///
    /// # Errors
    /// [`MicProblem::Format`] for a rate that cannot be brought to 16 kHz.
    pub fn push(&mut self, rate: u32, block: &[f32]) -> Result<Vec<Utterance>, MicProblem> {
        let start = self.end();
        let take = match &mut self.take {
            Some(take) => take,
            None => self.take.insert(OpenTake::new(rate, start)?),
        };
        let samples = take.resampler.push(block);
        self.samples.append(&samples);
        Ok(take.segment(&samples))
    }

    /// Ends the take, if one is open: what is still in the resampler and in the segmenter comes out.
    pub fn end_take(&mut self) -> Vec<Utterance> {
        let Some(mut take) = self.take.take() else {
            return vec![];
        };
        let tail = take.resampler.finish();
        self.samples.append(&tail);
        let mut utterances = take.segment(&tail);
        utterances.extend(take.segmenter.finish().into_iter().map(|mut last| {
            last.start += take.start;
            last
        }));
        utterances
    }

    /// How far the utterance has come that is being said, if one is.
    pub fn speaking(&self) -> Option<Stretch> {
        let take = self.take.as_ref()?;
        let pending = take.segmenter.pending()?;
        Some(Stretch {
            start: take.start + pending.start,
            samples: pending.samples.len(),
            rests: pending.rests,
        })
    }

    /// The utterance that is being said, as far as it has come.
    pub fn spoken(&self) -> Option<Utterance> {
        let take = self.take.as_ref()?;
        let pending = take.segmenter.pending()?;
        Some(Utterance {
            start: take.start + pending.start,
            samples: Samples::new(pending.samples.to_vec()),
        })
    }

    /// The first `kept` samples are on the disk. They go by the minute, so that what stays is not moved again and again.
    pub fn trim(&mut self, kept: u64) {
        let kept = kept.min(self.end());
        if kept >= self.from + MOST_KEPT_TWICE {
            self.samples = Samples::new(self.samples.as_slice()[(kept - self.from) as usize..].to_vec());
            self.from = kept;
        }
    }

    /// The whole recording; `kept` is what the disk holds of it. Nothing if that is less than what was let go here.
    pub fn whole(&self, kept: &Samples) -> Option<Samples> {
        let mut whole = Samples::new(kept.as_slice().get(..self.from as usize)?.to_vec());
        whole.append(&self.samples);
        Some(whole)
    }

    /// True if something of the recording is here, and then true if that is all of it.
    pub fn holds(&self) -> Option<bool> {
        (self.end() > 0).then_some(self.from == 0)
    }

    /// Samples that are held here.
    pub fn held(&self) -> usize {
        self.samples.len()
    }

    pub fn seconds(&self) -> f64 {
        self.end() as f64 / f64::from(RATE)
    }

    /// Samples that were recorded so far.
    fn end(&self) -> u64 {
        self.from + self.samples.len() as u64
    }
}

impl OpenTake {
    fn new(rate: u32, start: u64) -> Result<Self, MicProblem> {
        let resampler = Resampler::new(rate).map_err(|_| MicProblem::Format)?;
        Ok(Self {
            resampler,
            segmenter: Segmenter::new(),
            start,
        })
    }

    fn segment(&mut self, samples: &Samples) -> Vec<Utterance> {
        let mut utterances = self.segmenter.push(samples);
        for utterance in &mut utterances {
            utterance.start += self.start;
        }
        utterances
    }
}

/// The test dictation: 16 kHz, mono, 16 bits, behind a header of 44 bytes.
#[cfg(test)]
pub(crate) fn dictation() -> Vec<f32> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/dictation.wav");
    let bytes = std::fs::read(file).expect("the test dictation is part of the repository");
    let pcm = bytes[44..]
        .chunks_exact(2)
        .map(|pair| i16::from_le_bytes([pair[0], pair[1]]));
    Samples::new(pcm.take(20 * 16_000).collect()).to_f32()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_take_lies_behind_the_first() {
        let wave = dictation();
        let mut tape = Tape::default();
        let mut takes = Vec::new();
        for _ in 0..2 {
            let mut utterances = Vec::new();
            for block in wave.chunks(1_600) {
                utterances.extend(tape.push(16_000, block).expect("a common rate"));
            }
            utterances.extend(tape.end_take());
            takes.push(utterances);
        }
        let length = wave.len() as u64;
        assert_eq!(tape.held() as u64, 2 * length);
        assert!(!takes[0].is_empty());
        let shifted = |u: &Utterance| Utterance {
            start: u.start + length,
            samples: u.samples.clone(),
        };
        let expected: Vec<Utterance> = takes[0].iter().map(shifted).collect();
        assert_eq!(takes[1], expected);
        assert!(tape.end_take().is_empty());
    }

    #[test]
    fn what_the_disk_holds_is_let_go_and_found_again() {
        let (wave, mut tape, mut whole) = (dictation(), Tape::default(), Tape::default());
        let mut utterances = [Vec::new(), Vec::new()];
        for (second, block) in wave.chunks_exact(16_000).cycle().take(150).enumerate() {
            utterances[0].extend(tape.push(16_000, block).expect("a common rate"));
            utterances[1].extend(whole.push(16_000, block).expect("a common rate"));
            tape.trim(second as u64 * 16_000);
        }
        assert_eq!(utterances[0], utterances[1], "what was let go was heard before");
        assert!(tape.held() < 62 * 16_000 && whole.held() == 150 * 16_000);
        assert_eq!((tape.holds(), whole.holds()), (Some(false), Some(true)));
        let kept = whole.whole(&Samples::default()).expect("nothing was let go");
        assert_eq!(tape.whole(&kept), Some(kept.clone()));
        let too_little = Samples::new(kept.as_slice()[..16_000].to_vec());
        assert_eq!(tape.whole(&too_little), None);
        assert_eq!(tape.seconds(), 150.0);
    }
}
