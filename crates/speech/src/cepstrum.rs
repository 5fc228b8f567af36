//! The shape of a short piece of sound: mel-frequency cepstral coefficients (S. Davis & P. Mermelstein, "Comparison of
//! parametric representations for monosyllabic word recognition", IEEE ASSP 28, 1980). Who speaks shows in their means over
//! many sounds (D. Reynolds & R. Rose, "Robust text-independent speaker identification", IEEE SAP 3, 1995).
//!
//! Only additions, multiplications, divisions and tables, so that the page and a native run see the same to the last bit.

use std::f64::consts::{PI, TAU};

use crate::RATE;

/// Samples under the window: 25 ms.
pub const WINDOW: usize = RATE as usize / 40;
/// Coefficients, from the first on: the zeroth is the level, which tells of the microphone and not of the voice.
pub const CEPSTRA: usize = 16;

/// Points of the transform.
const POINTS: usize = 512;
const BANDS: usize = 24;
/// Where the bands begin and end, in hertz: below is the hum of the mains, above what telephones leave out.
const LOWEST: f64 = 100.0;
const HIGHEST: f64 = 6_800.0;
/// Power that is added to each band: digital silence has a logarithm too. −90 dB under full scale.
const SILENCE: f32 = 1e-9;

/// Tables for one piece after the other.
#[derive(Clone, Debug)]
pub struct Cepstrum {
    /// Hann.
    window: Vec<f32>,
    /// Where each input of the transform goes.
    order: Vec<usize>,
    /// `cos` and `−sin` of the first half of the circle.
    turns: Vec<[f32; 2]>,
    /// Of each bin: the lower of the two bands that take it, and that one's share.
    shares: Vec<Option<(usize, f32)>>,
    /// Cosines, `[CEPSTRA][BANDS]`.
    cosines: Vec<f32>,
}

impl Cepstrum {
    pub fn new() -> Self {
        let mel = |hertz: f64| (1.0 + hertz / 700.0).ln();
        let step = (mel(HIGHEST) - mel(LOWEST)) / (BANDS + 1) as f64;
        let share = |bin: usize| {
            let place = (mel(bin as f64 * f64::from(RATE) / POINTS as f64) - mel(LOWEST)) / step;
            let below = place.floor();
            (place >= 0.0 && place < (BANDS + 1) as f64).then_some((below as usize, (1.0 - (place - below)) as f32))
        };
        let hann = |i: usize| 0.5 - 0.5 * (TAU * (i as f64 + 0.5) / WINDOW as f64).cos();
        let turn = |i: usize| {
            let (sin, cos) = (TAU * i as f64 / POINTS as f64).sin_cos();
            [cos as f32, -sin as f32]
        };
        let cosine = |i: usize| {
            let (k, band) = (1 + i / BANDS, i % BANDS);
            ((PI * k as f64 * (band as f64 + 0.5) / BANDS as f64).cos() / (BANDS as f64).sqrt()) as f32
        };
        Self {
            window: (0..WINDOW).map(|i| hann(i) as f32).collect(),
            order: (0..POINTS)
                .map(|i| i.reverse_bits() >> (usize::BITS - POINTS.trailing_zeros()))
                .collect(),
            turns: (0..POINTS / 2).map(turn).collect(),
            shares: (0..POINTS / 2).map(share).collect(),
            cosines: (0..CEPSTRA * BANDS).map(cosine).collect(),
        }
    }

    /// Of [`WINDOW`] samples, or of fewer and silence.
    pub fn of(&self, samples: &[i16]) -> [f32; CEPSTRA] {
        let mut bands = self.bands(&self.spectrum(samples));
        bands.iter_mut().for_each(|band| *band = log2(*band + SILENCE));
        let coefficient = |k: usize| {
            let cosines = &self.cosines[k * BANDS..][..BANDS];
            bands.iter().zip(cosines).map(|(band, cosine)| band * cosine).sum()
        };
        std::array::from_fn(coefficient)
    }

    /// Each bin between the middles of two bands belongs to both of them, to the nearer one more.
    fn bands(&self, spectrum: &[[f32; 2]]) -> [f32; BANDS] {
        let mut bands = [0.0; BANDS];
        for ([real, imaginary], share) in spectrum.iter().zip(&self.shares) {
            let Some((above, lower)) = *share else { continue };
            let power = real * real + imaginary * imaginary;
            // Band `b` has its middle at place `b + 1`.
            if above > 0 {
                bands[above - 1] += power * lower;
            }
            if above < BANDS {
                bands[above] += power * (1.0 - lower);
            }
        }
        bands
    }

    /// The first half of the discrete Fourier transform (J. Cooley & J. Tukey 1965), real and imaginary.
    fn spectrum(&self, samples: &[i16]) -> Vec<[f32; 2]> {
        let mut x = vec![[0.0f32; 2]; POINTS];
        // Pre-emphasis: the strong low bands would leak into the weak high ones.
        let mut before = samples.first().copied().unwrap_or_default();
        for (i, (&sample, window)) in samples.iter().zip(&self.window).enumerate() {
            let flat = f32::from(sample) - 0.97 * f32::from(before);
            x[self.order[i]][0] = flat / 32_768.0 * window;
            before = sample;
        }
        let mut half = 1;
        while half < POINTS {
            for start in (0..POINTS).step_by(2 * half) {
                for i in 0..half {
                    let [cos, sin] = self.turns[i * (POINTS / 2 / half)];
                    let (a, b) = (x[start + i], x[start + i + half]);
                    let b = [b[0] * cos - b[1] * sin, b[0] * sin + b[1] * cos];
                    x[start + i] = [a[0] + b[0], a[1] + b[1]];
                    x[start + i + half] = [a[0] - b[0], a[1] - b[1]];
                }
            }
            half *= 2;
        }
        x.truncate(POINTS / 2);
        x
    }
}

/// The binary logarithm of a positive number, to 0.0002: the exponent, and of the rest the area-hyperbolic tangent's series.
pub fn log2(x: f32) -> f32 {
    let bits = x.to_bits();
    let exponent = (bits >> 23) as i32 - 127;
    let rest = f32::from_bits(bits & 0x007F_FFFF | 0x3F80_0000);
    let t = (rest - 1.0) / (rest + 1.0);
    let t2 = t * t;
    // 2 / ln 2 · (t + t³/3 + t⁵/5 + t⁷/7)
    exponent as f32 + 2.885_39 * t * (1.0 + t2 * (1.0 / 3.0 + t2 * (0.2 + t2 / 7.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hertz: f64) -> Vec<i16> {
        (0..WINDOW)
            .map(|i| (8_000.0 * (TAU * hertz * i as f64 / f64::from(RATE)).sin()) as i16)
            .collect()
    }

    #[test]
    fn a_tone_is_the_loudest_where_it_is() {
        let cepstrum = Cepstrum::new();
        for bin in [10, 40, 100, 200] {
            let spectrum = cepstrum.spectrum(&tone(bin as f64 * f64::from(RATE) / POINTS as f64));
            let power = |[re, im]: [f32; 2]| re * re + im * im;
            let loudest = (0..spectrum.len()).max_by(|a, b| power(spectrum[*a]).total_cmp(&power(spectrum[*b])));
            assert_eq!(loudest, Some(bin));
        }
    }

    #[test]
    fn the_transform_keeps_the_energy() {
        let cepstrum = Cepstrum::new();
        let spectrum = cepstrum.spectrum(&tone(1_234.5));
        let energy: f32 = spectrum.iter().map(|[re, im]| re * re + im * im).sum();
        let mut before = 0.0;
        let windowed = tone(1_234.5).into_iter().zip(&cepstrum.window).map(|(x, window)| {
            let x = f32::from(x) / 32_768.0;
            (x - 0.97 * std::mem::replace(&mut before, x)) * window
        });
        let expected = windowed.map(|x| x * x).sum::<f32>() * POINTS as f32 / 2.0;
        assert!((energy / expected - 1.0).abs() < 0.01, "{energy} {expected}");
    }

    #[test]
    fn loudness_changes_nothing() {
        let cepstrum = Cepstrum::new();
        // A hiss: in every band is something.
        let hiss = (0..WINDOW as u64).map(|i| (i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 52) as i16 * 4 - 8_192);
        let loud: Vec<i16> = tone(300.0).iter().zip(hiss).map(|(a, b)| a + b).collect();
        let soft: Vec<i16> = loud.iter().map(|x| x / 4).collect();
        for (a, b) in cepstrum.of(&loud).iter().zip(cepstrum.of(&soft)) {
            assert!((a - b).abs() < 0.5, "{a} {b}");
        }
    }

    #[test]
    fn the_logarithm_is_one() {
        for x in [1e-9f32, 0.3, 0.999, 1.0, 1.5, 2.0, 3e4] {
            assert!((log2(x) - x.log2()).abs() < 2e-4, "{x}");
        }
    }
}
