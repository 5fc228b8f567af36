//! The operations as plain tensor expressions: slower, and beyond doubt.

use burn::tensor::{Tensor, TensorData, activation, module, ops::ConvOptions};

use super::{GATE, Heads, NORM_EPSILON, Sight};
use crate::config::Activation;

/// Added to the score of what must not be seen.
const UNSEEN: f32 = -1e9;

/// With unpacked weights `[d_in, d_out]`.
pub fn product(x: Tensor<2>, weights: Tensor<2>, bias: Option<Tensor<1>>, plus: Option<Tensor<2>>) -> Tensor<2> {
    let y = module::linear(x, weights, bias);
    match plus {
        Some(plus) => y + plus,
        None => y,
    }
}

pub fn convolve(x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>, stride: usize) -> Tensor<2> {
    let ([_, input], [length, output]) = (x.dims(), weight.dims());
    let taps = length / input;
    let weight = weight.reshape([taps, input, output]).permute([2, 1, 0]);
    let options = ConvOptions::new_with_padding([stride], [(taps - 1, 0)], [1], 1);
    let y = module::conv1d(x.swap_dims(0, 1).unsqueeze(), weight, Some(bias), options);
    let [_, _, rows] = y.dims();
    y.swap_dims(1, 2).reshape([rows, output])
}

pub fn norm(x: Tensor<2>, scale: Tensor<1>) -> Tensor<2> {
    module::layer_norm(x, scale, None, f64::from(NORM_EPSILON))
}

pub fn activate(x: Tensor<2>, activation: Activation) -> Tensor<2> {
    match activation {
        Activation::Gelu => activation::gelu(x),
        Activation::Silu => activation::silu(x),
    }
}

pub fn gate(x: Tensor<2>, activation: Activation) -> Tensor<2> {
    let [rows, width] = x.dims();
    let value = x.clone().slice([0..rows, 0..width / 2]);
    activate(x.slice([0..rows, width / 2..width]), activation) * value
}

/// Every row must see something.
pub fn attend(query: Tensor<2>, memory: Tensor<2>, heads: Heads, sight: Sight) -> Tensor<2> {
    let ([rows, _], [kept, width]) = (query.dims(), memory.dims());
    let (inner, key_inner) = (heads.inner(), heads.key_inner());
    let query = split(query.slice([0..rows, 0..inner]), heads.query);
    let part = |from: usize| shared(memory.clone().slice([0..kept, from..from + key_inner]), heads);
    let (keys, values) = (part(width - 2 * key_inner), part(width - key_inner));
    let mask: Vec<f32> = (0..rows * kept)
        .map(|at| {
            if sight.of(at / kept).contains(&(at % kept)) {
                0.0
            } else {
                UNSEEN
            }
        })
        .collect();
    let mask = Tensor::<3>::from_data(TensorData::new(mask, [1, rows, kept]), &query.device());
    let scale = (heads.dim as f32).powf(-0.5);
    let scores = query.matmul(keys.swap_dims(1, 2)).mul_scalar(scale) + mask;
    join(activation::softmax(scores, 2).matmul(values))
}

pub fn remember(
    fresh: Tensor<2>,
    turns: Tensor<2>,
    memory: Tensor<2>,
    heads: Heads,
    position: usize,
) -> (Tensor<2>, Tensor<2>) {
    let ([rows, _], inner) = (fresh.dims(), heads.inner());
    let part = |at: usize| fresh.clone().slice([0..rows, at * inner..(at + 1) * inner]);
    // (a, b) → (a·cos − b·sin, b·cos + a·sin) for each pair.
    let turn = |x: Tensor<2>| {
        let turns = turns.clone().slice([position..position + rows, 0..heads.dim]);
        let turns = turns.reshape([rows, 1, heads.dim / 2, 2]);
        let [cosine, sine] = [0, 1].map(|at| turns.clone().slice([0..rows, 0..1, 0..heads.dim / 2, at..at + 1]));
        let pairs = x.reshape([rows, heads.query, heads.dim / 2, 2]);
        let [a, b] = [0, 1].map(|at| {
            pairs
                .clone()
                .slice([0..rows, 0..heads.query, 0..heads.dim / 2, at..at + 1])
        });
        let first = a.clone() * cosine.clone() - b.clone() * sine.clone();
        Tensor::cat(vec![first, b * cosine + a * sine], 3).reshape([rows, inner])
    };
    let kept = Tensor::cat(vec![turn(part(1)), part(2)], 1);
    let place = [position..position + rows, 0..2 * inner];
    (turn(part(0)), memory.slice_assign(place, kept))
}

/// As tokens, likelihoods, and 1 where only a bonus made a token the highest, `[n, 3]`; every score must be a finite number.
/// `bonuses` `[n, vocabulary]`
pub fn choose(scores: Tensor<2>, bonuses: Tensor<2>) -> Tensor<2> {
    let lowest = scores.clone().max_dim(1) + GATE;
    let near = scores.clone().greater_equal(lowest.expand(scores.dims())).float();
    let token = (scores.clone() + bonuses * near).argmax(1);
    let wished = token.clone().not_equal(scores.clone().argmax(1)).float();
    let likelihood = activation::softmax(scores, 1).gather(1, token.clone());
    Tensor::cat(vec![token.float(), likelihood, wished], 1)
}

pub fn look(query: Tensor<2>, memory: Tensor<2>, sum: Tensor<2>, heads: Heads) -> Tensor<2> {
    let [rows, seen] = sum.dims();
    let [_, width] = memory.dims();
    let keys = memory.slice([0..seen, width - 2 * heads.key_inner()..width - heads.key_inner()]);
    let query = split(query.slice([0..rows, 0..heads.inner()]), heads.query);
    let scale = (heads.dim as f32).powf(-0.5);
    let scores = query.matmul(shared(keys, heads).swap_dims(1, 2)).mul_scalar(scale);
    sum + activation::softmax(scores, 2).mean_dim(0).reshape([rows, seen])
}

/// Each key head for its group of query heads: `[m, key·dim]` → `[query, m, dim]`
fn shared(x: Tensor<2>, heads: Heads) -> Tensor<3> {
    let [rows, _] = x.dims();
    split(x, heads.key)
        .reshape([heads.key, 1, rows, heads.dim])
        .repeat_dim(1, heads.group())
        .reshape([heads.query, rows, heads.dim])
}

/// `[n, heads·dim]` → `[heads, n, dim]`
fn split(x: Tensor<2>, heads: usize) -> Tensor<3> {
    let [rows, width] = x.dims();
    x.reshape([rows, heads, width / heads]).swap_dims(0, 1)
}

/// `[heads, n, dim]` → `[n, heads·dim]`
fn join(x: Tensor<3>) -> Tensor<2> {
    let [heads, rows, dim] = x.dims();
    x.swap_dims(0, 1).reshape([rows, heads * dim])
}
