use serde::{Deserialize, Serialize};

/// Samples per second of everything behind the resampler, in hertz.
pub const RATE: u32 = 16_000;

/// Mono speech at 16 kHz, 16 bits.
///
/// The rate is an invariant of the type. Sixteen bits, and not floats, so that what is recognised is to the last bit
/// what a saved recording holds: a transcript can be reproduced from the file.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Samples(Vec<i16>);

impl Samples {
    pub fn new(pcm: Vec<i16>) -> Self {
        Self(pcm)
    }

    /// From floats in −1…1 at 16 kHz; what lies outside is clipped, what is no number becomes silence.
    pub fn from_f32(wave: &[f32]) -> Self {
        Self(wave.iter().map(|&x| (x * 32_768.0).round() as i16).collect())
    }

    /// Floats in −1…1, the encoder's input.
    pub fn to_f32(&self) -> Vec<f32> {
        self.0.iter().map(|&x| f32::from(x) / 32_768.0).collect()
    }

    pub fn as_slice(&self) -> &[i16] {
        &self.0
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn seconds(&self) -> f64 {
        self.0.len() as f64 / f64::from(RATE)
    }

    pub fn append(&mut self, more: &Samples) {
        self.0.extend_from_slice(&more.0);
    }
}

/// Says how long, never what: audio is patient data.
impl std::fmt::Debug for Samples {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Samples({:.2} s)", self.seconds())
    }
}
