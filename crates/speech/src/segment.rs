use serde::{Deserialize, Serialize};

use crate::{RATE, Samples};

/// A stretch of speech between two pauses, with its place in the recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Utterance {
    /// Index of the first sample, counted from the start of the recording.
    pub start: u64,
    pub samples: Samples,
}

impl Utterance {
    /// Seconds from the start of the recording.
    pub fn start_seconds(&self) -> f64 {
        self.start as f64 / f64::from(RATE)
    }

    /// Seconds from the start of the recording.
    pub fn end_seconds(&self) -> f64 {
        self.start_seconds() + self.samples.seconds()
    }
}

/// Cuts a stream of samples into utterances at its pauses.
#[derive(Debug, Default)]
pub struct Segmenter {}

impl Segmenter {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next samples of the recording, gives back the utterances that they complete.
    pub fn push(&mut self, _samples: &Samples) -> Vec<Utterance> {
        unimplemented!()
    }

    /// The recording ends: whatever speech is pending comes out, however short.
    pub fn finish(&mut self) -> Option<Utterance> {
        unimplemented!()
    }
}
