//! Samples to encoder frames: 5 ms slices, each brought to mean 0 and variance 1, then compressed.
//!
//! On the host for every device: the work is tiny, and the network starts from the same bits everywhere.

/// Two convolutions of stride 2 lie between input frames (5 ms) and encoder frames (20 ms).
pub const FRAMES_PER_STEP: usize = 4;

/// Added to the variance, as `MoonshineStreamingFrameCMVN` does.
const EPSILON: f32 = 1e-6;

/// Input of the encoder.
pub struct Frames {
    /// `[rows, frame_len]`, row-major; the rows after the speech are zero.
    pub values: Vec<f32>,
    /// A multiple of `FRAMES_PER_STEP · block`.
    pub rows: usize,
    /// Encoder frames that hold speech; those up to `rows / FRAMES_PER_STEP` are padding.
    pub steps: usize,
}

/// Frames of a waveform, padded so that the encoder sees whole blocks of `block` encoder frames.
///
/// An incomplete last frame becomes a zero row: the original pads the waveform and masks that frame. The stem is causal,
/// so no row of padding reaches a frame of speech.
///
/// `gain` is e^log_k of the compression asinh(gain · x).
pub fn frames(wave: &[f32], frame_len: usize, gain: f32, block: usize) -> Frames {
    let steps = steps(wave.len(), frame_len);
    let rows = steps.next_multiple_of(block) * FRAMES_PER_STEP;
    let mut values = Vec::with_capacity(rows * frame_len);
    for slice in wave.chunks_exact(frame_len) {
        let mean = slice.iter().sum::<f32>() / frame_len as f32;
        let variance = slice.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / frame_len as f32;
        let deviation = (variance + EPSILON).sqrt();
        // In 64 bits, because mathematical libraries differ in the last bit of 32.
        values.extend(
            slice
                .iter()
                .map(|x| f64::from(gain * ((x - mean) / deviation)).asinh() as f32),
        );
    }
    values.resize(rows * frame_len, 0.0);
    Frames { values, rows, steps }
}

/// Encoder frames of a waveform of `samples` samples: an incomplete frame counts, each stride of 2 rounds up.
pub fn steps(samples: usize, frame_len: usize) -> usize {
    samples.div_ceil(frame_len).div_ceil(2).div_ceil(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_as_the_original() {
        // ((n − 1) // 2 + 1 − 1) // 2 + 1 with n whole or started frames of 80 samples.
        for (samples, expected) in [(80, 1), (320, 1), (321, 2), (400, 2), (16_000, 50), (16_001, 51)] {
            assert_eq!(steps(samples, 80), expected, "{samples}");
        }
    }

    #[test]
    fn the_incomplete_frame_is_silent() {
        let wave: Vec<f32> = (0..999).map(|n| (n as f32 * 0.7).sin()).collect();
        let mut other = wave.clone();
        other[960..].fill(0.5);
        let (a, b) = (frames(&wave, 80, 0.75, 16), frames(&other, 80, 0.75, 16));
        assert_eq!((a.rows, a.steps), (64, 4));
        assert_eq!(a.values, b.values);
    }

    #[test]
    fn silence_stays_zero() {
        assert!(frames(&[0.25; 800], 80, 0.75, 16).values.iter().all(|x| *x == 0.0));
    }
}
