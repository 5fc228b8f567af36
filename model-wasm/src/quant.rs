//! Weight-only int8: a matrix in blocks of 32 along its rows, each block with one scale.
//!
//! Bytes: the values as `i8`, row-major, then the scales as little-endian `f32`, row-major. That is what Burn stores as
//! `PackedU32(0)`, four values to a word, so a GPU takes the bytes as they are and unpacks them inside its matrix
//! product. The CPU backend would unpack the whole matrix for every product; there they are unpacked once, at load.

use burn::tensor::quantization::{QuantScheme, QuantStore, QuantValue, ScaleDtype};

/// Values that share a scale.
pub const BLOCK: usize = 32;

/// The largest value; −128 stays unused, so that the range is symmetric.
const MAX: f32 = 127.0;

/// How Burn is told about these bytes. The only combination that is sound in a browser: WGSL has no 8-bit type and, on
/// many devices, no 16-bit float, and a matrix with one scale alone may be repacked by a kernel that writes zeros.
pub fn scheme() -> QuantScheme {
    QuantScheme::default()
        .with_value(QuantValue::Q8S)
        .with_store(QuantStore::PackedU32(0))
        .per_block([BLOCK as u8], ScaleDtype::F32)
}

/// Whether a matrix `[d_in, d_out]` can be cut into blocks.
pub fn fits([_, d_out]: [usize; 2]) -> bool {
    d_out.is_multiple_of(BLOCK)
}

/// Bytes of a quantised matrix of so many values.
pub fn byte_len(values: usize) -> usize {
    values + values / BLOCK * size_of::<f32>()
}

/// Nearest values with scale = max |w| / 127 of each block. The length must be a multiple of [`BLOCK`].
pub fn quantise(weights: &[f32]) -> Vec<u8> {
    let mut values = Vec::with_capacity(byte_len(weights.len()));
    let mut scales = Vec::with_capacity(weights.len() / BLOCK * size_of::<f32>());
    for block in weights.chunks_exact(BLOCK) {
        let largest = block.iter().fold(0.0_f32, |largest, w| largest.max(w.abs()));
        // A block of zeros gets a scale that is not zero, because some kernels divide by it.
        let scale = if largest > 0.0 { largest / MAX } else { 1.0 };
        values.extend(block.iter().map(|w| (w / scale).round().clamp(-MAX, MAX) as i8 as u8));
        scales.extend(scale.to_le_bytes());
    }
    values.extend(scales);
    values
}

/// The inverse of [`quantise`], up to rounding; the bytes are those of `values` values.
pub fn dequantise(bytes: &[u8], values: usize) -> Vec<f32> {
    let (values, scales) = bytes.split_at(values);
    let (scales, _) = scales.as_chunks::<4>();
    values
        .chunks_exact(BLOCK)
        .zip(scales)
        .flat_map(|(block, scale)| block.iter().map(|v| f32::from(*v as i8) * f32::from_le_bytes(*scale)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_step_is_the_largest_error() {
        let weights: Vec<f32> = (0..8 * BLOCK)
            .map(|n| ((n * n) as f32 * 0.37).sin() * (n / BLOCK) as f32)
            .collect();
        let back = dequantise(&quantise(&weights), weights.len());
        for (block, restored) in weights.chunks(BLOCK).zip(back.chunks(BLOCK)) {
            let step = block.iter().fold(0.0_f32, |m, w| m.max(w.abs())) / MAX;
            for (w, r) in block.iter().zip(restored) {
                assert!((w - r).abs() <= step * 0.5001, "{w} came back as {r}");
            }
        }
    }

    #[test]
    fn twice_is_once() {
        let weights: Vec<f32> = (0..4 * BLOCK).map(|n| (n as f32 * 1.3).cos()).collect();
        let once = dequantise(&quantise(&weights), weights.len());
        let twice = dequantise(&quantise(&once), once.len());
        assert!(once.iter().zip(&twice).all(|(a, b)| (a - b).abs() < 1e-6));
    }
}
