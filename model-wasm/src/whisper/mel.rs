//! Whisper's front end: a wave to a spectrum in mel bands, in logarithms.
//!
//! As `WhisperFeatureExtractor` of Hugging Face transformers 5.23 computes it, in 64 bits and on the host for every device:
//! frames of 25 ms, a transform of 400 points, Slaney's bands, the logarithm cut off 8 under the highest of the whole wave.
//! A transform of a frame is a product of 400 by 201: a hundredth of what the encoder costs.

use std::f64::consts::PI;

use speech::RATE;

use crate::config::whisper::HOP;

/// Samples of a frame, which stands in the middle of them.
const FRAME: usize = 400;

/// Frequencies of its transform.
const BINS: usize = FRAME / 2 + 1;

/// Powers below this count as this.
const FLOOR: f64 = 1e-10;

/// The spectrum of a wave.
pub struct Mel {
    /// `[frames, bands]`, row after row.
    values: Vec<f32>,
    bands: usize,
    /// A frame each 10 ms.
    frames: usize,
}

impl Mel {
    /// Of a wave that is shorter than a window the spectrum of the window, the rest of which is silent; of a longer one that
    /// of the wave.
    pub fn of(wave: &[f32], bands: usize, window: usize) -> Self {
        let mut wave: Vec<f64> = wave.iter().map(|x| f64::from(*x)).collect();
        wave.resize(wave.len().max(window), 0.0);
        let frames = wave.len() / HOP;
        let (filters, transform) = (filters(bands), Transform::new());
        let mut logs = Vec::with_capacity(frames * bands);
        for frame in 0..frames {
            let powers = transform.powers(&around(&wave, frame * HOP));
            let band = |filter: &Filter| filter.of(&powers).max(FLOOR).log10();
            logs.extend(filters.iter().map(band));
        }
        let highest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let scaled = logs.into_iter().map(|log| (log.max(highest - 8.0) + 4.0) / 4.0);
        Self {
            values: scaled.map(|x| x as f32).collect(),
            bands,
            frames,
        }
    }

    pub fn frames(&self) -> usize {
        self.frames
    }

    /// `[count, bands]`, row after row, from a frame on; frames after the last are zero, as in the original.
    pub fn window(&self, from: usize, count: usize) -> Vec<f32> {
        let from = from.min(self.frames);
        let to = (from + count).min(self.frames);
        let mut window = self.values[from * self.bands..to * self.bands].to_vec();
        window.resize(count * self.bands, 0.0);
        window
    }
}

/// The samples of the frame that stands at `at`; beyond an end the wave is its own mirror image, without the end itself.
fn around(wave: &[f64], at: usize) -> [f64; FRAME] {
    let last = wave.len() - 1;
    std::array::from_fn(|n| {
        let place = (at + n).abs_diff(FRAME / 2);
        let place = if place > last {
            2 * last - place.min(2 * last)
        } else {
            place
        };
        wave[place]
    })
}

/// A window, and the discrete Fourier transform by its definition.
struct Transform {
    window: [f64; FRAME],
    cosines: [f64; FRAME],
    sines: [f64; FRAME],
}

impl Transform {
    fn new() -> Self {
        let angle = |n: usize| 2.0 * PI * n as f64 / FRAME as f64;
        Self {
            // Hann's, periodic.
            window: std::array::from_fn(|n| 0.5 - 0.5 * angle(n).cos()),
            cosines: std::array::from_fn(|n| angle(n).cos()),
            sines: std::array::from_fn(|n| angle(n).sin()),
        }
    }

    fn powers(&self, frame: &[f64; FRAME]) -> [f64; BINS] {
        if frame.iter().all(|x| *x == 0.0) {
            return [0.0; BINS];
        }
        let windowed: [f64; FRAME] = std::array::from_fn(|n| frame[n] * self.window[n]);
        // Samples as far before the end as after the start share their cosine and have opposite sines.
        let even: [f64; FRAME / 2] = std::array::from_fn(|n| match n {
            0 => windowed[0],
            _ => windowed[n] + windowed[FRAME - n],
        });
        let odd: [f64; FRAME / 2] = std::array::from_fn(|n| match n {
            0 => 0.0,
            _ => windowed[n] - windowed[FRAME - n],
        });
        std::array::from_fn(|bin| {
            let (mut real, mut imaginary, mut turn) = (0.0, 0.0, 0);
            for (even, odd) in even.iter().zip(&odd) {
                real += even * self.cosines[turn];
                imaginary += odd * self.sines[turn];
                turn = (turn + bin) % FRAME;
            }
            real += windowed[FRAME / 2] * self.cosines[FRAME / 2 * bin % FRAME];
            real * real + imaginary * imaginary
        })
    }
}

/// A band: the first frequency that it lets pass, and how much of each from there on.
struct Filter {
    first: usize,
    parts: Vec<f64>,
}

impl Filter {
    fn of(&self, powers: &[f64; BINS]) -> f64 {
        self.parts
            .iter()
            .zip(&powers[self.first..])
            .map(|(part, power)| part * power)
            .sum()
    }
}

/// Slaney's bands from 0 Hz to half the rate, triangles of equal area.
fn filters(bands: usize) -> Vec<Filter> {
    let top = f64::from(RATE) / 2.0;
    let edge = |n: usize| hertz(mels(top) * n as f64 / (bands + 1) as f64);
    let filter = |band: usize| {
        let [low, middle, high] = [edge(band), edge(band + 1), edge(band + 2)];
        let part = |bin: usize| {
            let at = top * bin as f64 / (BINS - 1) as f64;
            let rising = (at - low) / (middle - low);
            let falling = (high - at) / (high - middle);
            rising.min(falling).max(0.0) * 2.0 / (high - low)
        };
        let first = (0..BINS).find(|bin| part(*bin) > 0.0).unwrap_or(BINS);
        let parts = (first..BINS).map(part).take_while(|part| *part > 0.0).collect();
        Filter { first, parts }
    };
    (0..bands).map(filter).collect()
}

/// Even up to 1,000 Hz, in logarithms above.
fn mels(hertz: f64) -> f64 {
    if hertz < 1_000.0 {
        3.0 * hertz / 200.0
    } else {
        15.0 + (hertz / 1_000.0).ln() * 27.0 / 6.4_f64.ln()
    }
}

fn hertz(mels: f64) -> f64 {
    if mels < 15.0 {
        200.0 * mels / 3.0
    } else {
        1_000.0 * (6.4_f64.ln() / 27.0 * (mels - 15.0)).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_is_loudest_in_its_own_band() {
        let tone: Vec<f32> = (0..16_000)
            .map(|n| (2.0 * PI * 1_000.0 * f64::from(n) / 16_000.0).sin() as f32)
            .collect();
        let mel = Mel::of(&tone, 80, 16_000);
        assert_eq!(mel.frames(), 100);
        let frame = &mel.window(50, 1);
        let loudest = (0..80).max_by(|a, b| frame[*a].total_cmp(&frame[*b]));
        // 15 mels of 45.2 in 81 steps.
        assert_eq!(loudest, Some(26));
    }

    #[test]
    fn a_short_wave_fills_its_window_with_silence() {
        let mel = Mel::of(&[0.5; 800], 80, 32_000);
        assert_eq!(mel.frames(), 200);
        let window = mel.window(0, 200);
        assert_eq!(window.len(), 200 * 80);
        let quietest = window.iter().copied().fold(f32::INFINITY, f32::min);
        let highest = window.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        assert!((highest - quietest - 2.0).abs() < 1e-6, "eight tenth powers are two");
        assert_eq!(window[100 * 80], quietest);
        // What is no sound at all is zero.
        assert!(mel.window(190, 20)[10 * 80..].iter().all(|x| *x == 0.0));
        assert!(mel.window(900, 3).iter().all(|x| *x == 0.0));
    }

    #[test]
    fn silence_is_a_number() {
        let mel = Mel::of(&[], 128, 1_600);
        assert!(mel.window(0, 10).iter().all(|x| (x + 1.5).abs() < 1e-6));
    }

    #[test]
    fn the_mirror_leaves_the_end_out() {
        let wave: Vec<f64> = (0..1_000).map(f64::from).collect();
        let start = around(&wave, 0);
        assert_eq!((start[0], start[199], start[200], start[201]), (200.0, 1.0, 0.0, 1.0));
        let end = around(&wave, 960);
        assert_eq!((end[238], end[239], end[240]), (998.0, 999.0, 998.0));
    }
}
