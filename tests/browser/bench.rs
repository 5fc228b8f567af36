//! Measurements in a real browser, which check little and print much: `cargo xtask bench …` runs them.

mod comparison;
mod latency;
mod visit;

use std::path::Path;

use speech::{Samples, Utterance};

use crate::site::workspace;
use crate::sound::samples;

/// A row of the encoder, 20 ms in samples.
const ROW: usize = 320;

/// The first whole rows of a recording, at most `seconds` of it.
fn utterance(wav: &Path, seconds: usize) -> Utterance {
    let samples = samples(wav);
    let count = samples.len().min(seconds * 16_000) / ROW * ROW;
    Utterance {
        start: 0,
        samples: Samples::new(samples[..count].to_vec()),
    }
}

/// Puts the scripts that measure beside the site.
fn add_scripts(dist: &Path) {
    for script in ["bench.html", "page.js", "counts.js", "sotto.js", "onnx.js"] {
        std::fs::copy(workspace().join("tests/bench").join(script), dist.join(script))
            .expect("the copy can be written");
    }
}

/// The value that so many percent of all are not above.
fn percentile(values: &[f64], percent: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (sorted.len() * percent).div_ceil(100).max(1) - 1;
    sorted.get(at).copied().unwrap_or(f64::NAN)
}
