//! One thread for each result, or for a few of them.

use crate::config::Activation;
use cubecl::prelude::*;

/// The columns of a word, four or eight, and `tile` rows to a thread; `plus` counts where it `adds`.
#[cube(launch)]
pub fn product(
    x: &[f32],
    words: &[u32],
    scales: &[f32],
    bias: &[f32],
    plus: &[f32],
    y: &mut [f32],
    rows: usize,
    input: usize,
    columns: usize,
    #[comptime] tile: usize,
    #[comptime] per_word: usize,
    #[comptime] columns_per_scale: usize,
    #[comptime] adds: bool,
) {
    let column = ABSOLUTE_POS % columns;
    let first = ABSOLUTE_POS / columns * tile;
    if first >= rows {
        terminate!();
    }
    let bits = comptime!((32 / per_word) as u32);
    let signs = comptime!(if per_word == 4 {
        0x8080_8080_u32
    } else {
        0x8888_8888_u32
    });
    let mask = comptime!((1_u32 << (32 / per_word)) - 1);
    let middle = comptime!((1_u32 << (32 / per_word - 1)) as f32);
    let groups = columns.div_ceil(columns_per_scale);
    let group = column / columns_per_scale;
    let mut sums = Array::<f32>::new(per_word * tile);
    #[unroll]
    for at in 0..per_word * tile {
        sums[at] = 0.0;
    }
    let mut weights = Array::<f32>::new(per_word);
    for k in 0..input {
        let scale = scales[k * groups + group];
        // A number that is flipped at its highest bit is the signed one plus half of the range.
        let word = words[k * columns + column] ^ signs;
        #[unroll]
        for at in 0..per_word {
            let shift = u32::cast_from(at) * bits;
            weights[at] = (f32::cast_from((word >> shift) & mask) - middle) * scale;
        }
        #[unroll]
        for row in 0..tile {
            // Rows beyond the last are computed from the last, and not written.
            let value = x[least(first + row, rows - 1) * input + k];
            #[unroll]
            for at in 0..per_word {
                sums[per_word * row + at] += value * weights[at];
            }
        }
    }
    #[unroll]
    for row in 0..tile {
        if first + row < rows {
            #[unroll]
            for at in 0..per_word {
                let place = ((first + row) * columns + column) * per_word + at;
                let mut sum = sums[per_word * row + at] + bias[per_word * column + at];
                if adds {
                    sum += plus[place];
                }
                y[place] = sum;
            }
        }
    }
}

/// A column and `tile` rows to a thread.
#[cube(launch)]
pub fn convolve(
    x: &[f32],
    weight: &[f32],
    bias: &[f32],
    y: &mut [f32],
    rows: usize,
    input: usize,
    output: usize,
    taps: usize,
    stride: usize,
    #[comptime] tile: usize,
) {
    let column = ABSOLUTE_POS % output;
    let first = ABSOLUTE_POS / output * tile;
    if first >= rows {
        terminate!();
    }
    let mut sums = Array::<f32>::new(tile);
    let mut seen = Array::<usize>::new(tile);
    let mut there = Array::<f32>::new(tile);
    #[unroll]
    for row in 0..tile {
        sums[row] = bias[column];
    }
    for tap in 0..taps {
        #[unroll]
        for row in 0..tile {
            // Rows beyond the last are computed from the last, and not written; rows before the first are silent.
            let at = least(first + row, rows - 1) * stride + tap + 1;
            seen[row] = above(at, taps) * input;
            there[row] = select(at < taps, 0.0, 1.0);
        }
        for k in 0..input {
            let factor = weight[(tap * input + k) * output + column];
            #[unroll]
            for row in 0..tile {
                sums[row] += x[seen[row] + k] * there[row] * factor;
            }
        }
    }
    #[unroll]
    for row in 0..tile {
        if first + row < rows {
            y[(first + row) * output + column] = sums[row];
        }
    }
}

/// `share` columns to a thread; mean and variance are computed by each.
#[cube(launch)]
pub fn norm(x: &[f32], scale: &[f32], y: &mut [f32], rows: usize, width: usize, share: usize, epsilon: f32) {
    let shares = width.div_ceil(share);
    let row = ABSOLUTE_POS / shares;
    if row >= rows {
        terminate!();
    }
    let start = row * width;
    let mut sum = 0.0;
    for at in 0..width {
        sum += x[start + at];
    }
    let mean = sum / f32::cast_from(width);
    let mut squares = 0.0;
    for at in 0..width {
        let distance = x[start + at] - mean;
        squares += distance * distance;
    }
    let deviation = (squares / f32::cast_from(width) + epsilon).sqrt();
    let first = ABSOLUTE_POS % shares * share;
    let end = least(first + share, width);
    for at in first..end {
        y[start + at] = (x[start + at] - mean) / deviation * scale[at];
    }
}

#[cube(launch)]
pub fn activate(x: &[f32], y: &mut [f32], #[comptime] activation: Activation) {
    if ABSOLUTE_POS < y.len() {
        y[ABSOLUTE_POS] = activated(x[ABSOLUTE_POS], activation);
    }
}

#[cube(launch)]
pub fn gate(x: &[f32], y: &mut [f32], width: usize, #[comptime] activation: Activation) {
    if ABSOLUTE_POS < y.len() {
        let row = ABSOLUTE_POS / width;
        let at = row * 2 * width + ABSOLUTE_POS % width;
        y[ABSOLUTE_POS] = x[at] * activated(x[at + width], activation);
    }
}

#[cube]
fn activated(x: f32, #[comptime] activation: Activation) -> f32 {
    match activation {
        Activation::Gelu => 0.5 * x * (1.0 + Erf::erf(x * 0.707_106_77)),
        Activation::Silu => x / (1.0 + (-x).exp()),
    }
}

#[cube]
fn least(a: usize, b: usize) -> usize {
    select(a < b, a, b)
}

/// a − b, or zero.
#[cube]
fn above(a: usize, b: usize) -> usize {
    select(a > b, a, b) - b
}

/// [`crate::ops::Sight`]
#[derive(CubeType, CubeLaunch)]
pub struct Seen {
    step: usize,
    before: usize,
    width: usize,
    limit: usize,
    growth: usize,
}

/// Where heads lie in the rows of queries and memory.
#[derive(CubeType, CubeLaunch)]
pub struct Layout {
    heads: usize,
    dim: usize,
    group: usize,
    key_inner: usize,
    query_width: usize,
    memory_width: usize,
}

#[cube]
fn begin(seen: &Seen, row: usize) -> usize {
    let at = row * seen.step;
    above(at, seen.before)
}

/// The row after the last that is seen.
#[cube]
fn end(seen: &Seen, row: usize) -> usize {
    let at = row * seen.step + seen.width;
    least(above(at, seen.before), seen.limit + row * seen.growth)
}

/// A thread for each row, head, and row that is seen.
#[cube(launch)]
pub fn scores(query: &[f32], memory: &[f32], scores: &mut [f32], seen: Seen, layout: Layout, scale: f32) {
    if ABSOLUTE_POS >= scores.len() {
        terminate!();
    }
    let head = ABSOLUTE_POS / seen.width % layout.heads;
    let row = ABSOLUTE_POS / seen.width / layout.heads;
    let key = begin(&seen, row) + ABSOLUTE_POS % seen.width;
    if key < end(&seen, row) {
        let query_at = row * layout.query_width + head * layout.dim;
        let keys_at = layout.memory_width - 2 * layout.key_inner;
        let key_at = key * layout.memory_width + keys_at + head / layout.group * layout.dim;
        let mut sum = 0.0;
        for at in 0..layout.dim {
            sum += query[query_at + at] * memory[key_at + at];
        }
        scores[ABSOLUTE_POS] = sum * scale;
    }
}

/// A thread for each row and column.
#[cube(launch)]
pub fn mix(scores: &[f32], memory: &[f32], y: &mut [f32], seen: Seen, layout: Layout) {
    if ABSOLUTE_POS >= y.len() {
        terminate!();
    }
    let inner = layout.heads * layout.dim;
    let row = ABSOLUTE_POS / inner;
    let column = ABSOLUTE_POS % inner;
    let head = column / layout.dim;
    let start = begin(&seen, row);
    let count = above(end(&seen, row), start);
    let scores_at = (row * layout.heads + head) * seen.width;
    let mut highest = f32::new(-3.0e38);
    for at in 0..count {
        if scores[scores_at + at] > highest {
            highest = scores[scores_at + at];
        }
    }
    let values_at = layout.memory_width - layout.key_inner + head / layout.group * layout.dim + column % layout.dim;
    let mut weights = 0.0;
    let mut sum = 0.0;
    for at in 0..count {
        let weight = (scores[scores_at + at] - highest).exp();
        weights += weight;
        sum += weight * memory[(start + at) * layout.memory_width + values_at];
    }
    if count > 0 {
        sum /= weights;
    }
    y[ABSOLUTE_POS] = sum;
}

/// A thread for each pair of columns of queries, keys and values.
#[cube(launch)]
pub fn remember(
    fresh: &[f32],
    turns: &[f32],
    memory: &mut [f32],
    query: &mut [f32],
    pairs: usize,
    head_pairs: usize,
    position: usize,
) {
    if ABSOLUTE_POS * 2 >= fresh.len() {
        terminate!();
    }
    let row = ABSOLUTE_POS / (3 * pairs);
    let pair = ABSOLUTE_POS % (3 * pairs);
    let a = fresh[2 * ABSOLUTE_POS];
    let b = fresh[2 * ABSOLUTE_POS + 1];
    let turn = ((position + row) * head_pairs + pair % head_pairs) * 2;
    let cosine = turns[turn];
    let sine = turns[turn + 1];
    let kept = (position + row) * 4 * pairs;
    if pair < pairs {
        query[(row * pairs + pair) * 2] = a * cosine - b * sine;
        query[(row * pairs + pair) * 2 + 1] = b * cosine + a * sine;
    } else if pair < 2 * pairs {
        memory[kept + 2 * (pair - pairs)] = a * cosine - b * sine;
        memory[kept + 2 * (pair - pairs) + 1] = b * cosine + a * sine;
    } else {
        memory[kept + 2 * (pair - pairs)] = a;
        memory[kept + 2 * (pair - pairs) + 1] = b;
    }
}

/// For each part of a row of scores: the highest, where it is, Σ exp(score − highest), and 1 if all are finite.
#[cube(launch)]
pub fn best_of_parts(scores: &[f32], best: &mut [f32], vocabulary: usize, parts: usize, share: usize) {
    let row = ABSOLUTE_POS / parts * vocabulary;
    if row >= scores.len() {
        terminate!();
    }
    let first = ABSOLUTE_POS % parts * share;
    let end = least(first + share, vocabulary);
    let mut highest = scores[row + first];
    let mut token = first;
    let mut sound = 1.0;
    for at in first..end {
        let score = scores[row + at];
        // By its bits: a shader may take it that no number is infinite.
        if (u32::reinterpret(score) & 0x7F80_0000) == 0x7F80_0000 {
            sound = 0.0;
        }
        if score > highest {
            highest = score;
            token = at;
        }
    }
    let mut sum = 0.0;
    for at in first..end {
        sum += (scores[row + at] - highest).exp();
    }
    best[ABSOLUTE_POS * 4] = highest;
    best[ABSOLUTE_POS * 4 + 1] = f32::cast_from(token);
    best[ABSOLUTE_POS * 4 + 2] = sum;
    best[ABSOLUTE_POS * 4 + 3] = sound;
}

/// The best of a row's parts' best, and of what is leaned towards; the bits are those of [`crate::ops::Choice`].
#[cube(launch)]
pub fn best_of_all(
    best: &[f32],
    scores: &[f32],
    tokens: &[u32],
    bonuses: &[f32],
    choice: &mut [u32],
    vocabulary: usize,
    parts: usize,
    gate: f32,
    #[comptime] leans: bool,
) {
    let row = ABSOLUTE_POS;
    let first = row * parts * 4;
    if first >= best.len() {
        terminate!();
    }
    let mut top = best[first];
    let mut token = u32::cast_from(best[first + 1]);
    let mut sound = best[first + 3];
    for part in 1..parts {
        let at = first + 4 * part;
        if best[at] > top {
            top = best[at];
            token = u32::cast_from(best[at + 1]);
        }
        sound *= best[at + 3];
    }
    let mut sum = 0.0;
    for part in 0..parts {
        let at = first + 4 * part;
        sum += best[at + 2] * (best[at] - top).exp();
    }
    let mut chosen = top;
    let likeliest = token;
    if leans {
        let mut highest = top;
        let from = usize::cast_from(tokens[row]);
        let to = usize::cast_from(tokens[row + 1]);
        for at in from..to {
            let score = scores[row * vocabulary + usize::cast_from(tokens[at])];
            if score >= top + gate && score + bonuses[at] > highest {
                highest = score + bonuses[at];
                chosen = score;
                token = tokens[at];
            }
        }
    }
    let likelihood = (chosen - top).exp() / sum;
    let mut parts_of_one = u32::cast_from(likelihood * 65_535.0 + 0.5);
    if parts_of_one == 0 {
        parts_of_one = 1;
    }
    if parts_of_one > 65_535 {
        parts_of_one = 65_535;
    }
    if sound < 0.5 {
        parts_of_one = 0;
    }
    let mut wished = 0u32;
    if token != likeliest {
        wished = 1u32;
    }
    choice[row] = (wished << 31) | (token << 16) | parts_of_one;
}

/// Scores to shares of one, in place; a thread for each row and head.
#[cube(launch)]
pub fn shares(scores: &mut [f32], width: usize) {
    let first = ABSOLUTE_POS * width;
    if first >= scores.len() {
        terminate!();
    }
    let mut highest = f32::new(-3.0e38);
    for at in 0..width {
        if scores[first + at] > highest {
            highest = scores[first + at];
        }
    }
    let mut sum = 0.0;
    for at in 0..width {
        let weight = (scores[first + at] - highest).exp();
        scores[first + at] = weight;
        sum += weight;
    }
    for at in 0..width {
        scores[first + at] /= sum;
    }
}

/// A thread for each row and row that is seen: the mean over the heads, added to `sum`.
#[cube(launch)]
pub fn mean_share(shares: &[f32], sum: &[f32], y: &mut [f32], width: usize, layout: Layout) {
    if ABSOLUTE_POS >= y.len() {
        terminate!();
    }
    let row = ABSOLUTE_POS / width;
    let at = ABSOLUTE_POS % width;
    let mut mean = 0.0;
    for head in 0..layout.heads {
        mean += shares[(row * layout.heads + head) * width + at];
    }
    y[ABSOLUTE_POS] = sum[ABSOLUTE_POS] + mean / f32::cast_from(layout.heads);
}
