use speech::{Resampler, Samples, Segmenter, Utterance};

use crate::problem::MicProblem;

/// A visit's recording: takes one after the other, from whatever device, as one stretch of 16 kHz sound.
#[derive(Default)]
pub struct Tape {
    samples: Samples,
    take: Option<OpenTake>,
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
        let start = self.samples.len() as u64;
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
        if let Some(mut last) = take.segmenter.finish() {
            last.start += take.start;
            utterances.push(last);
        }
        utterances
    }

    pub fn seconds(&self) -> f64 {
        self.samples.seconds()
    }

    pub fn samples(&self) -> &Samples {
        &self.samples
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The test dictation: 16 kHz, mono, 16 bits, behind a header of 44 bytes.
    fn dictation() -> Vec<f32> {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/dictation.wav");
        let bytes = std::fs::read(file).expect("the test dictation is part of the repository");
        let pcm = bytes[44..]
            .chunks_exact(2)
            .map(|pair| i16::from_le_bytes([pair[0], pair[1]]));
        Samples::new(pcm.take(20 * 16_000).collect()).to_f32()
    }

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
        assert_eq!(tape.samples().len() as u64, 2 * length);
        assert!(!takes[0].is_empty());
        let shifted = |u: &Utterance| Utterance {
            start: u.start + length,
            samples: u.samples.clone(),
        };
        let expected: Vec<Utterance> = takes[0].iter().map(shifted).collect();
        assert_eq!(takes[1], expected);
        assert!(tape.end_take().is_empty());
    }
}
