//! How a voice sounds: cepstrum and pitch of its voiced frames.

use crate::cepstrum::{CEPSTRA, Cepstrum, WINDOW, log2};
use crate::voice::{Ear, FRAME, Frame};
use crate::{RATE, Samples};

/// The cepstrum and the pitch, in octaves.
pub const DIMENSIONS: usize = CEPSTRA + 1;

/// One voiced frame of 10 ms.
pub type Sound = [f32; DIMENSIONS];

/// How a stretch of speech sounds, apart from what it says: mean and spread of its voiced frames. Loudness is no part of it.
///
/// Enough to know somebody's voice again, hence biometric data: it stays in memory, is written nowhere and says nothing.
#[derive(Clone, Default, PartialEq)]
pub struct Timbre {
    /// Voiced frames.
    frames: f32,
    sum: Sound,
    products: Products,
}

/// Sums of the products of two coordinates each; the first is not after the second.
type Products = [Sound; DIMENSIONS];

impl Timbre {
    pub fn of(samples: &Samples) -> Self {
        let mut ear = Ear::new();
        let (whole, _) = samples.as_slice().as_chunks::<FRAME>();
        let heard: Vec<Frame> = whole.iter().map(|frame| ear.hear(frame)).collect();
        let sounds = Sounds::new().of(&heard, samples.as_slice());
        sounds.iter().flatten().collect()
    }

    /// Seconds of voice.
    pub fn seconds(&self) -> f32 {
        self.frames * FRAME as f32 / RATE as f32
    }

    /// Voiced frames.
    pub fn frames(&self) -> f32 {
        self.frames
    }

    pub fn mean(&self) -> Sound {
        self.sum.map(|sum| sum / self.frames.max(1.0))
    }

    /// Sum over the frames of the products of two coordinates' distances from their means.
    pub fn scatter(&self) -> Products {
        let mean = self.mean();
        std::array::from_fn(|a| std::array::from_fn(|b| self.products[a.min(b)][a.max(b)] - mean[a] * self.sum[b]))
    }

    pub fn add(&mut self, sound: &Sound) {
        self.frames += 1.0;
        for d in 0..DIMENSIONS {
            self.sum[d] += sound[d];
            for e in d..DIMENSIONS {
                self.products[d][e] += sound[d] * sound[e];
            }
        }
    }
}

impl<'a> FromIterator<&'a Sound> for Timbre {
    fn from_iter<T: IntoIterator<Item = &'a Sound>>(sounds: T) -> Self {
        let mut timbre = Self::default();
        sounds.into_iter().for_each(|sound| timbre.add(sound));
        timbre
    }
}

/// Says how long, never how it sounds.
impl std::fmt::Debug for Timbre {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Timbre({:.2} s)", self.seconds())
    }
}

/// Makes [`Sound`]s of voiced frames.
#[derive(Clone, Debug)]
pub struct Sounds {
    cepstrum: Cepstrum,
}

impl Sounds {
    pub fn new() -> Self {
        Self {
            cepstrum: Cepstrum::new(),
        }
    }

    /// Of each frame of `samples`, if it is voiced.
    pub fn of(&self, heard: &[Frame], samples: &[i16]) -> Vec<Option<Sound>> {
        let sound = |(at, frame): (usize, &Frame)| {
            let end = (at + 1) * FRAME;
            let window = &samples[end.saturating_sub(WINDOW)..end];
            frame.voiced.then(|| {
                let mut sound = [log2(frame.pitch); DIMENSIONS];
                sound[..CEPSTRA].copy_from_slice(&self.cepstrum.of(window));
                sound
            })
        };
        heard.iter().enumerate().map(sound).collect()
    }
}
