//! Weight-only integers of 8 or 4 bits: a matrix in blocks of 32 along its rows, each block with one scale; the last block of
//! a row may be shorter.
//!
//! Bytes: the values, row-major, as `i8` or as two's complement of 4 bits with the even column in the lower half; then the
//! scales as little-endian `f32`, row-major. A GPU takes them as they are, several values to a word, and unpacks them inside
//! its matrix product; the CPU puts them in another order at load ([`crate::ops`]) and never makes floats of them.

/// Values that share a scale.
pub const BLOCK: usize = 32;

/// Bits of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bits {
    Eight,
    Four,
}

impl Bits {
    /// Values in a word of 32 bits.
    pub fn per_word(self) -> usize {
        match self {
            Bits::Eight => 4,
            Bits::Four => 8,
        }
    }

    /// The largest value; the one below its negative stays unused, so that the range is symmetric.
    pub fn max(self) -> f32 {
        match self {
            Bits::Eight => 127.0,
            Bits::Four => 7.0,
        }
    }

    /// Bytes of the values of a matrix.
    pub fn value_bytes(self, [d_in, d_out]: [usize; 2]) -> usize {
        d_in * d_out / self.per_word() * 4
    }
}

/// Whether a matrix `[d_in, d_out]` can be stored so: each of its rows must fill its words.
pub fn fits(bits: Bits, [_, d_out]: [usize; 2]) -> bool {
    d_out.is_multiple_of(bits.per_word())
}

/// Bytes of a matrix; nothing if there are too many.
pub fn byte_len(bits: Bits, [d_in, d_out]: [usize; 2]) -> Option<usize> {
    let values = d_in.checked_mul(d_out)? / bits.per_word();
    let scales = d_in.checked_mul(d_out.div_ceil(BLOCK))?;
    values.checked_add(scales)?.checked_mul(4)
}

/// Nearest values of a matrix that fits.
pub fn quantise(bits: Bits, weights: &[f32], [d_in, d_out]: [usize; 2]) -> Vec<u8> {
    let mut values = Vec::with_capacity(d_in * d_out);
    let mut scales = Vec::new();
    for block in weights.chunks_exact(d_out).flat_map(|row| row.chunks(BLOCK)) {
        let scale = scale(bits, block);
        values.extend(block.iter().map(|w| nearest(bits, *w, scale) as i8));
        scales.extend(scale.to_le_bytes());
    }
    let mut bytes: Vec<u8> = match bits {
        Bits::Eight => values.into_iter().map(|value| value as u8).collect(),
        Bits::Four => {
            let pairs = values.as_chunks().0.iter();
            pairs.map(|[even, odd]| (even & 15) as u8 | (odd << 4) as u8).collect()
        }
    };
    bytes.extend(scales);
    bytes
}

/// The inverse of [`quantise`], up to rounding.
pub fn dequantise(bits: Bits, bytes: &[u8], shape: [usize; 2]) -> Vec<f32> {
    let [_, d_out] = shape;
    let (_, scales) = bytes.split_at(bits.value_bytes(shape));
    let values = values(bits, bytes, shape);
    let rows = values.chunks_exact(d_out).flat_map(|row| row.chunks(BLOCK));
    rows.zip(scales.as_chunks().0)
        .flat_map(|(block, scale)| block.iter().map(|v| f32::from(*v) * f32::from_le_bytes(*scale)))
        .collect()
}

/// The values alone, each in a byte.
pub fn values(bits: Bits, bytes: &[u8], shape: [usize; 2]) -> Vec<i8> {
    let bytes = bytes[..bits.value_bytes(shape)].iter().map(|byte| *byte as i8);
    match bits {
        Bits::Eight => bytes.collect(),
        Bits::Four => bytes.flat_map(|pair| [(pair << 4) >> 4, pair >> 4]).collect(),
    }
}

/// In 8 bits the one that reaches the largest weight. In 4 bits a smaller one, which cuts that weight off, is often nearer to
/// all the others: the best of a few.
fn scale(bits: Bits, block: &[f32]) -> f32 {
    let largest = block.iter().fold(0.0_f32, |largest, w| largest.max(w.abs()));
    if largest == 0.0 {
        // A block of zeros gets a scale that is not zero, because some kernels divide by it.
        return 1.0;
    }
    let whole = largest / bits.max();
    let error = |scale: f32| -> f32 {
        let distances = block.iter().map(|w| w - nearest(bits, *w, scale) * scale);
        distances.map(|distance| distance * distance).sum()
    };
    match bits {
        Bits::Eight => whole,
        Bits::Four => (0..=10)
            .map(|part| whole * (1.0 - 0.03 * part as f32))
            .min_by(|a, b| error(*a).total_cmp(&error(*b)))
            .unwrap_or(whole),
    }
}

fn nearest(bits: Bits, weight: f32, scale: f32) -> f32 {
    (weight / scale).round().clamp(-bits.max(), bits.max())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(count: usize) -> Vec<f32> {
        (0..count)
            .map(|n| ((n * n) as f32 * 0.37).sin() * (n / BLOCK) as f32)
            .collect()
    }

    #[test]
    fn half_a_step_is_the_largest_error() {
        // Rows of whole blocks, and of blocks of 32 and 12.
        for shape in [[2, 4 * BLOCK], [6, 44]] {
            let weights = weights(shape[0] * shape[1]);
            let back = dequantise(Bits::Eight, &quantise(Bits::Eight, &weights, shape), shape);
            assert_eq!(back.len(), weights.len());
            let blocks = |x: &[f32]| -> Vec<Vec<f32>> {
                let rows = x.chunks_exact(shape[1]);
                rows.flat_map(|row| row.chunks(BLOCK)).map(<[f32]>::to_vec).collect()
            };
            for (block, restored) in blocks(&weights).iter().zip(blocks(&back)) {
                let step = block.iter().fold(0.0_f32, |m, w| m.max(w.abs())) / Bits::Eight.max();
                for (w, r) in block.iter().zip(&restored) {
                    assert!((w - r).abs() <= step * 0.5001, "{w} came back as {r}");
                }
            }
        }
    }

    #[test]
    fn four_bits_are_sixteen_times_as_coarse_and_no_worse() {
        let shape = [8, 64];
        let weights = weights(512);
        let error = |bits| {
            let bytes = quantise(bits, &weights, shape);
            assert_eq!(Some(bytes.len()), byte_len(bits, shape));
            let back = dequantise(bits, &bytes, shape);
            let squares = weights.iter().zip(back).map(|(w, b)| (w - b) * (w - b));
            squares.sum::<f32>().sqrt()
        };
        let (eight, four) = (error(Bits::Eight), error(Bits::Four));
        assert!(four > 10.0 * eight && four < 20.0 * eight, "{eight} {four}");
    }

    #[test]
    fn every_value_of_four_bits_comes_back() {
        let weights: Vec<f32> = (0..32).map(|n| (n % 15) as f32 - 7.0).collect();
        let bytes = quantise(Bits::Four, &weights, [1, 32]);
        assert_eq!(bytes.len(), 16 + 4);
        assert_eq!(dequantise(Bits::Four, &bytes, [1, 32]), weights);
        let values: Vec<f32> = values(Bits::Four, &bytes, [1, 32]).into_iter().map(f32::from).collect();
        assert_eq!(values, weights);
    }

    #[test]
    fn twice_is_once() {
        let weights: Vec<f32> = (0..4 * BLOCK).map(|n| (n as f32 * 1.3).cos()).collect();
        let again = |weights: &[f32]| {
            let bytes = quantise(Bits::Eight, weights, [1, 4 * BLOCK]);
            dequantise(Bits::Eight, &bytes, [1, 4 * BLOCK])
        };
        let once = again(&weights);
        assert!(once.iter().zip(again(&once)).all(|(a, b)| (a - b).abs() < 1e-6));
    }
}
