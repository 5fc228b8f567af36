//! What is done to each number, or to each row, by itself.

use super::lanes;
use crate::config::Activation;

/// log₂ e
const LOG2_E: f32 = std::f32::consts::LOG2_E;

/// Adding it rounds a float to an integer: 1.5 · 2²³.
const ROUND: f32 = 12_582_912.0;

/// Each row of `x` `[n, d]` brought to mean 0 and variance 1, then scaled.
pub fn norm(x: &[f32], scale: &[f32], epsilon: f32) -> Vec<f32> {
    let mut y = Vec::with_capacity(x.len());
    for row in x.chunks_exact(scale.len()) {
        let mean = sum(row, |x| x) / row.len() as f32;
        let variance = sum(row, |x| (x - mean) * (x - mean)) / row.len() as f32;
        let factor = 1.0 / (variance + epsilon).sqrt();
        y.extend(row.iter().zip(scale).map(|(x, scale)| (x - mean) * factor * scale));
    }
    y
}

pub fn activate(x: &[f32], activation: Activation) -> Vec<f32> {
    lanes::fastest(Activate { x, activation })
}

/// First half of each row, `[n, 2·d]`, times its activated second half.
pub fn gate(x: &[f32], width: usize, activation: Activation) -> Vec<f32> {
    let mut y = Vec::with_capacity(x.len() / 2);
    for row in x.chunks_exact(width) {
        let (value, gate) = row.split_at(width / 2);
        let gate = activate(gate, activation);
        y.extend(value.iter().zip(gate).map(|(value, gate)| value * gate));
    }
    y
}

/// Puts exp(x − highest) in the place of each x, and gives their sum.
pub fn exponentials(x: &mut [f32], highest: f32) -> f32 {
    lanes::fastest(Exponentials { x, highest })
}

struct Exponentials<'a> {
    x: &'a mut [f32],
    highest: f32,
}

impl lanes::Work for Exponentials<'_> {
    type Output = f32;

    #[inline(always)]
    fn run<L: lanes::Lanes>(self) -> f32 {
        self.x.iter_mut().for_each(|x| *x = exp(*x - self.highest));
        sum(self.x, |x| x)
    }
}

struct Activate<'a> {
    x: &'a [f32],
    activation: Activation,
}

impl lanes::Work for Activate<'_> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn run<L: lanes::Lanes>(self) -> Vec<f32> {
        match self.activation {
            Activation::Gelu => self.x.iter().map(|x| gelu(*x)).collect(),
            Activation::Silu => self.x.iter().map(|x| silu(*x)).collect(),
        }
    }
}

/// x·Φ(x), with the error function.
#[inline(always)]
fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2))
}

#[inline(always)]
fn silu(x: f32) -> f32 {
    x / (1.0 + exp(-x))
}

/// A ratio of polynomials on −4…4, the one that Eigen has; beyond, ±1 to the last bit but one.
#[inline(always)]
fn erf(x: f32) -> f32 {
    let x = x.clamp(-4.0, 4.0);
    let square = x * x;
    let above = [
        -2.726_142_3e-10,
        2.770_681_4e-8,
        -2.101_024e-6,
        -5.692_506_5e-5,
        -7.349_906e-4,
        -2.954_6e-3,
        -1.609_603_3e-2,
    ];
    let below = [
        -1.456_607_2e-5,
        -2.133_740_5e-4,
        -1.682_827e-3,
        -7.373_329e-3,
        -1.426_473_9e-2,
    ];
    x * polynomial(square, &above) / polynomial(square, &below)
}

/// 2ⁿ · 2ᶠ with n an integer and f in −½…½; below e⁻⁸⁷ and above e⁸⁷ it stays there.
#[inline(always)]
fn exp(x: f32) -> f32 {
    let x = x.clamp(-87.0, 87.0) * LOG2_E;
    let shifted = x + ROUND;
    let fraction = (x - (shifted - ROUND)) * std::f32::consts::LN_2;
    // Taylor's series reaches the last bit on ±½·ln 2 with its seventh power.
    let series = [
        1.0 / 5040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ];
    polynomial(fraction, &series) * f32::from_bits((shifted.to_bits() << 23).wrapping_add(0x3F80_0000))
}

/// Coefficients from the highest power down.
#[inline(always)]
fn polynomial(x: f32, coefficients: &[f32]) -> f32 {
    coefficients.iter().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

/// In eight sums, which a processor keeps side by side.
#[inline(always)]
fn sum(x: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let (blocks, rest) = x.as_chunks::<8>();
    let mut sums = [0.0_f32; 8];
    for block in blocks {
        for at in 0..8 {
            sums[at] += of(block[at]);
        }
    }
    sums.iter().sum::<f32>() + rest.iter().map(|x| of(*x)).sum::<f32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against sums in 64 bits: erf x = 2/√π · Σ (−1)ⁿ x²ⁿ⁺¹ / (n! (2n+1)).
    #[test]
    fn the_error_function_is_right_to_six_digits() {
        for n in -400..=400 {
            let x = f64::from(n) / 100.0;
            let (mut term, mut sum) = (x, x);
            for n in 1..120 {
                let n = f64::from(n);
                term *= -x * x / n;
                sum += term / (2.0 * n + 1.0);
            }
            let exact = sum * 2.0 / std::f64::consts::PI.sqrt();
            assert!((f64::from(erf(x as f32)) - exact).abs() < 5e-7, "{x}");
        }
        assert_eq!((erf(9.0), erf(-9.0)), (erf(4.0), -erf(4.0)));
    }

    #[test]
    fn the_exponential_is_right_to_six_digits() {
        for n in -860..=860 {
            let x = f64::from(n) / 10.0;
            let exact = x.exp();
            assert!((f64::from(exp(x as f32)) - exact).abs() < 2e-5 * exact, "{x}");
        }
        assert!(exp(f32::NAN).is_nan() && erf(f32::NAN).is_nan());
    }
}
