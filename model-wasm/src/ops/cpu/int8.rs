//! Products with weights in integers, without making floats of them: y = x·W + b.
//!
//! A pack scales its weights in blocks along a row of W ([`quant`]), so 32 neighbouring columns share one scale for each
//! k. That scale moves to the other factor: for each such group of columns, x·scale is rounded to 16 bits, and the sums
//! run in integers. Rounding to 15 bits and a sign costs a hundredth of what rounding the weights to 8 bits did; the
//! weights stay a quarter of their unpacked size.

use super::lanes::{self, COLUMNS, Lanes, Pairs};
use crate::quant::{self, BLOCK, Bits};

/// Rows of x that share each load of the weights.
const ROWS: usize = 4;

/// Panels of [`COLUMNS`] columns that share their scales.
const PANELS: usize = BLOCK / COLUMNS;

/// Adding it rounds a float to an integer, which then lies in the lowest bits: 1.5 · 2²³.
const ROUND: f32 = 12_582_912.0;

/// A matrix `[d_in, d_out]` as the product reads it.
pub struct Matrix<'a> {
    input: usize,
    output: usize,
    /// Panel by panel of columns; in each, for k below half of d_in, each column's weights at k and at k + half.
    pairs: &'a [Pairs],
    /// `[⌈d_out / BLOCK⌉, d_in]`
    scales: &'a [f32],
    /// Largest magnitude of a rounded x, so that no sum can leave 32 bits.
    top: f32,
}

/// 32-bit words of two weights for each column of a panel.
pub const PAIR_WORDS: usize = size_of::<Pairs>() / 4;

/// The words and the scales of [`Matrix::new`] from the bytes of a pack; d_in is even, and d_out one that fits. Weights of 4
/// bits are widened to 8, which costs memory and no time: the products wait for the arithmetic.
pub fn pack(bits: Bits, bytes: &[u8], [input, output]: [usize; 2]) -> (Vec<i32>, Vec<f32>) {
    let values = quant::values(bits, bytes, [input, output]);
    let scales = bytes[bits.value_bytes([input, output])..].as_chunks().0;
    let half = input / 2;
    // Columns up to a whole block: the last ones of a narrow matrix are zero.
    let panels = output.div_ceil(BLOCK) * PANELS;
    let pairs = (0..panels).flat_map(|panel| (0..half).map(move |k| (panel * COLUMNS, k)));
    let words = pairs.flat_map(|(first, k)| {
        let pairs: Pairs = std::array::from_fn(|at| match first + at / 2 {
            column if column < output => values[(k + half * (at % 2)) * output + column] as u8,
            _ => 0,
        });
        let words: [[u8; 4]; PAIR_WORDS] = std::array::from_fn(|at| std::array::from_fn(|byte| pairs[4 * at + byte]));
        words.map(i32::from_ne_bytes)
    });
    let groups = output.div_ceil(BLOCK);
    let scales = (0..groups).flat_map(|group| (0..input).map(move |k| f32::from_le_bytes(scales[k * groups + group])));
    (words.collect(), scales.collect())
}

impl<'a> Matrix<'a> {
    /// What [`pack`] made, as bytes.
    pub fn new(words: &'a [u8], scales: &'a [f32], output: usize) -> Self {
        let input = scales.len() / output.div_ceil(BLOCK);
        let top = f64::from(i32::MAX) / (f64::from(Bits::Eight.max()) * input as f64);
        Self {
            input,
            output,
            pairs: words.as_chunks().0,
            scales,
            top: top.min(f64::from(i16::MAX)).floor() as f32,
        }
    }
}

/// Adds x·W + bias to `y`, x `[n, d_in]`, y `[n, d_out]`; a row of x with a number that is not finite makes it NaN.
pub fn add_product(x: &[f32], matrix: Matrix<'_>, bias: &[f32], mut y: Vec<f32>) -> Vec<f32> {
    lanes::fastest(Product {
        matrix,
        x,
        bias,
        y: &mut y,
    });
    y
}

struct Product<'a> {
    matrix: Matrix<'a>,
    x: &'a [f32],
    bias: &'a [f32],
    y: &'a mut [f32],
}

impl lanes::Work for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(mut self) {
        let rows = self.x.len() / self.matrix.input;
        let mut done = 0;
        while done + ROWS <= rows {
            self.tile::<L, ROWS, 8>(done);
            done += ROWS;
        }
        while done < rows {
            self.tile::<L, 1, 4>(done);
            done += 1;
        }
    }
}

impl Product<'_> {
    /// All columns of `R` rows from `first` on, `K` pairs at a time.
    #[inline(always)]
    fn tile<L: Lanes, const R: usize, const K: usize>(&mut self, first: usize) {
        let Matrix { input, output, top, .. } = self.matrix;
        let half = input / 2;
        let mut scaled = vec![0.0; input];
        let mut rounded = vec![0_i32; R * half];
        let panels = self.matrix.pairs.chunks_exact(half * PANELS);
        for (group, (scales, panels)) in self.matrix.scales.chunks_exact(input).zip(panels).enumerate() {
            let mut steps = [0.0; R];
            for (row, (step, rounded)) in steps.iter_mut().zip(rounded.chunks_exact_mut(half)).enumerate() {
                let x = &self.x[(first + row) * input..][..input];
                let largest = scale(x, scales, &mut scaled);
                *step = largest / top;
                round(&scaled, if largest > 1e-30 { top / largest } else { 0.0 }, rounded);
            }
            let rows: [&[i32]; R] = std::array::from_fn(|row| &rounded[row * half..][..half]);
            for (panel, pairs) in panels.chunks_exact(half).enumerate() {
                let column = group * BLOCK + panel * COLUMNS;
                // The last panels of a block may lie beyond the last column.
                let from = column.min(output);
                let there = COLUMNS.min(output - from);
                let sums = sums::<L, R, K>(rows, pairs);
                for row in 0..R {
                    let sums = L::numbers(sums[row]);
                    let y = &mut self.y[(first + row) * output + from..][..there];
                    let bias = &self.bias[from..][..there];
                    for ((y, bias), sum) in y.iter_mut().zip(bias).zip(sums) {
                        *y += sum as f32 * steps[row] + bias;
                    }
                }
            }
        }
    }
}

/// The sums of a panel's columns for each of the rows.
#[inline(always)]
fn sums<L: Lanes, const R: usize, const K: usize>(rows: [&[i32]; R], pairs: &[Pairs]) -> [L::Sums; R] {
    let mut sums = [L::ZERO; R];
    let (blocks, rest) = pairs.as_chunks::<K>();
    let row_blocks = rows.map(|row| &row.as_chunks::<K>().0[..blocks.len()]);
    for (block, pairs) in blocks.iter().enumerate() {
        let factors: [&[i32; K]; R] = std::array::from_fn(|row| &row_blocks[row][block]);
        for at in 0..K {
            let weights = L::widen(&pairs[at]);
            for row in 0..R {
                sums[row] = L::add_products(sums[row], weights, factors[row][at]);
            }
        }
    }
    let done = blocks.len() * K;
    for (at, pairs) in rest.iter().enumerate() {
        let weights = L::widen(pairs);
        for row in 0..R {
            sums[row] = L::add_products(sums[row], weights, rows[row][done + at]);
        }
    }
    sums
}

/// x·scales and the largest magnitude among the products; NaN is larger than any number.
#[inline(always)]
fn scale(x: &[f32], scales: &[f32], scaled: &mut [f32]) -> f32 {
    // Magnitudes are in the order of their bits, and those have a maximum that a compiler takes many at a time.
    let mut largest = 0;
    for ((out, x), scale) in scaled.iter_mut().zip(x).zip(scales) {
        *out = x * scale;
        largest = i32::max(largest, (out.to_bits() & 0x7FFF_FFFF) as i32);
    }
    f32::from_bits(largest as u32)
}

/// Integers at k and k + half, 16 bits each, in one word.
#[inline(always)]
fn round(scaled: &[f32], inverse: f32, rounded: &mut [i32]) {
    let (low, high) = scaled.split_at(rounded.len());
    for ((out, low), high) in rounded.iter_mut().zip(low).zip(high) {
        let (low, high) = ((low * inverse + ROUND).to_bits(), (high * inverse + ROUND).to_bits());
        *out = (low & 0xFFFF | high << 16) as i32;
    }
}
