//! Attention of few rows to few rows, one head after the other.

use super::pointwise;
use crate::ops::{Heads, Sight};

/// A table, row after row.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    values: &'a [f32],
    width: usize,
}

impl<'a> Rows<'a> {
    pub fn new(values: &'a [f32], width: usize) -> Self {
        Self { values, width }
    }

    #[inline(always)]
    fn part(self, row: usize, column: usize, count: usize) -> &'a [f32] {
        &self.values[row * self.width + column..][..count]
    }
}

/// As [`crate::ops::attend`].
pub fn attend(query: Rows<'_>, memory: Rows<'_>, rows: usize, heads: Heads, sight: Sight) -> Vec<f32> {
    let (inner, key_inner) = (heads.inner(), heads.key_inner());
    let keys = memory.width - 2 * key_inner;
    let scale = (heads.dim as f32).powf(-0.5);
    let mut mixed = vec![0.0; rows * inner];
    let mut weights = Vec::new();
    for row in 0..rows {
        let seen = sight.of(row);
        for head in 0..heads.query {
            let query = query.part(row, head * heads.dim, heads.dim);
            let at = keys + head / heads.group() * heads.dim;
            weights.clear();
            let scores = seen
                .clone()
                .map(|key| dot(query, memory.part(key, at, heads.dim)) * scale);
            weights.extend(scores);
            let highest = weights.iter().copied().fold(f32::NEG_INFINITY, larger);
            let sum = pointwise::exponentials(&mut weights, highest);
            let mixed = &mut mixed[row * inner + head * heads.dim..][..heads.dim];
            for (key, weight) in seen.clone().zip(&weights) {
                let value = memory.part(key, at + key_inner, heads.dim);
                for (out, value) in mixed.iter_mut().zip(value) {
                    *out += weight * value;
                }
            }
            if sum != 0.0 {
                mixed.iter_mut().for_each(|out| *out /= sum);
            }
        }
    }
    mixed
}

/// As [`crate::ops::look`].
pub fn look(query: Rows<'_>, memory: Rows<'_>, sum: &mut [f32], heads: Heads, seen: usize) {
    let keys = memory.width - 2 * heads.key_inner();
    let scale = (heads.dim as f32).powf(-0.5);
    for (row, sum) in sum.chunks_exact_mut(seen).enumerate() {
        for head in 0..heads.query {
            let query = query.part(row, head * heads.dim, heads.dim);
            let at = keys + head / heads.group() * heads.dim;
            let scores = (0..seen).map(|key| dot(query, memory.part(key, at, heads.dim)) * scale);
            let weights = softmax(scores);
            for (sum, weight) in sum.iter_mut().zip(weights) {
                *sum += weight / heads.query as f32;
            }
        }
    }
}

fn softmax(scores: impl Iterator<Item = f32>) -> Vec<f32> {
    let mut weights: Vec<f32> = scores.collect();
    let highest = weights.iter().copied().fold(f32::NEG_INFINITY, larger);
    let whole = pointwise::exponentials(&mut weights, highest);
    weights.iter_mut().for_each(|weight| *weight /= whole);
    weights
}

/// As [`crate::ops::remember`]; gives the queries.
pub fn remember(fresh: &[f32], turns: &[f32], memory: &mut [f32], heads: Heads, position: usize) -> Vec<f32> {
    let inner = heads.inner();
    let mut queries = Vec::with_capacity(fresh.len() / 3);
    for (row, fresh) in fresh.chunks_exact(3 * inner).enumerate() {
        let turns = &turns[(position + row) * heads.dim..][..heads.dim];
        let turned = |x: &[f32], out: &mut Vec<f32>| {
            for (pair, turn) in x.as_chunks::<2>().0.iter().zip(turns.as_chunks::<2>().0.iter().cycle()) {
                let ([a, b], [cosine, sine]) = (pair, turn);
                out.extend([a * cosine - b * sine, b * cosine + a * sine]);
            }
        };
        turned(&fresh[..inner], &mut queries);
        let mut keys = Vec::with_capacity(inner);
        turned(&fresh[inner..2 * inner], &mut keys);
        let memory = &mut memory[(position + row) * 2 * inner..][..2 * inner];
        memory[..inner].copy_from_slice(&keys);
        memory[inner..].copy_from_slice(&fresh[2 * inner..]);
    }
    queries
}

/// NaN stays NaN, so that it reaches the scores.
fn larger(a: f32, b: f32) -> f32 {
    if b > a || b.is_nan() { b } else { a }
}

/// In eight sums, which a processor keeps side by side.
#[inline(always)]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a, a_rest) = a.as_chunks::<8>();
    let (b, b_rest) = b.as_chunks::<8>();
    let mut sums = [0.0_f32; 8];
    for (a, b) in a.iter().zip(b) {
        for at in 0..8 {
            sums[at] += a[at] * b[at];
        }
    }
    sums.iter().sum::<f32>() + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f32>()
}
