//! Products with weights that stay floats: y = x·W + b, where the rows of x may overlap, as a convolution's do.
//!
//! Every sum runs over k from the first to the last, in products and sums that are rounded one by one: the same bits on
//! every processor.

use super::lanes::{self, COLUMNS, Lanes};

/// Rows that share each load of the weights.
const ROWS: usize = 4;

/// Values of k that are worked off between two looks at the end of the loop.
const UNROLLED: usize = 8;

/// Rows of x, `length` numbers each, of which every one begins `step` numbers after the one before.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    pub values: &'a [f32],
    pub length: usize,
    pub step: usize,
}

impl<'a> Rows<'a> {
    fn count(self) -> usize {
        (self.values.len() + self.step).saturating_sub(self.length) / self.step
    }

    #[inline(always)]
    fn of(self, row: usize) -> &'a [f32] {
        &self.values[row * self.step..][..self.length]
    }
}

/// x·W + bias, row after row; W is `[length, bias.len()]`, row-major.
pub fn product(x: Rows<'_>, weight: &[f32], bias: &[f32]) -> Vec<f32> {
    lanes::fastest(Product { x, weight, bias })
}

struct Product<'a> {
    x: Rows<'a>,
    weight: &'a [f32],
    bias: &'a [f32],
}

/// Weights of neighbouring columns at one k.
type Across = [f32; COLUMNS];

impl lanes::Work for Product<'_> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn run<L: Lanes>(self) -> Vec<f32> {
        let (rows, output) = (self.x.count(), self.bias.len());
        let mut y = vec![0.0; rows * output];
        let mut panel = vec![[0.0; COLUMNS]; self.x.length];
        for first in (0..output).step_by(COLUMNS) {
            let width = COLUMNS.min(output - first);
            let mut start = [0.0; COLUMNS];
            start[..width].copy_from_slice(&self.bias[first..][..width]);
            for (to, from) in panel.iter_mut().zip(self.weight.chunks_exact(output)) {
                to[..width].copy_from_slice(&from[first..][..width]);
            }
            let mut row = 0;
            while row + ROWS <= rows {
                let sums = sums::<ROWS>(std::array::from_fn(|at| self.x.of(row + at)), &panel, start);
                for (at, sums) in sums.iter().enumerate() {
                    y[(row + at) * output + first..][..width].copy_from_slice(&sums[..width]);
                }
                row += ROWS;
            }
            while row < rows {
                let [sums] = sums([self.x.of(row)], &panel, start);
                y[row * output + first..][..width].copy_from_slice(&sums[..width]);
                row += 1;
            }
        }
        y
    }
}

/// `start` + x·panel for each row.
#[inline(always)]
fn sums<const R: usize>(x: [&[f32]; R], panel: &[Across], start: Across) -> [Across; R] {
    let mut sums = [start; R];
    let (blocks, rest) = panel.as_chunks::<UNROLLED>();
    let x_blocks = x.map(|x| &x.as_chunks::<UNROLLED>().0[..blocks.len()]);
    for (block, panel) in blocks.iter().enumerate() {
        let x: [&[f32; UNROLLED]; R] = std::array::from_fn(|row| &x_blocks[row][block]);
        for at in 0..UNROLLED {
            for row in 0..R {
                add(&mut sums[row], x[row][at], &panel[at]);
            }
        }
    }
    let done = blocks.len() * UNROLLED;
    for (k, across) in rest.iter().enumerate() {
        for row in 0..R {
            add(&mut sums[row], x[row][done + k], across);
        }
    }
    sums
}

#[inline(always)]
fn add(sums: &mut Across, x: f32, across: &Across) {
    for (sum, weight) in sums.iter_mut().zip(across) {
        *sum += x * weight;
    }
}
