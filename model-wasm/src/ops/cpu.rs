//! The operations on the CPU: in a browser 128 bits at a time, natively up to 256.

mod attention;
mod float32;
mod int8;
mod lanes;
mod pointwise;

use burn::backend::{
    Flex, TensorMetadata,
    ops::{FloatTensorOps, IntTensorOps},
    tensor::{FloatTensor, IntTensor},
};
use burn::tensor::TensorData;

use attention::Rows;
pub use int8::pack;

use super::{Choice, Heads, NORM_EPSILON, Sight, SpeechOps, lean};
use crate::config::Activation;

impl SpeechOps for Flex {
    fn product(
        x: FloatTensor<Self>,
        words: IntTensor<Self>,
        scales: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let ([rows, _], [output]) = (x.shape().dims(), bias.shape().dims());
        let matrix = int8::Matrix::new(words.bytes(), slice(&scales), output);
        let y = vec![0.0; rows * output];
        tensor(
            int8::add_product(slice(&x.to_contiguous()), matrix, slice(&bias), y),
            [rows, output],
        )
    }

    fn product_onto(
        x: FloatTensor<Self>,
        words: IntTensor<Self>,
        scales: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        stream: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let ([rows, _], [output]) = (x.shape().dims(), bias.shape().dims());
        let matrix = int8::Matrix::new(words.bytes(), slice(&scales), output);
        let y = slice(&stream.to_contiguous()).to_vec();
        tensor(
            int8::add_product(slice(&x.to_contiguous()), matrix, slice(&bias), y),
            [rows, output],
        )
    }

    fn convolve(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        stride: usize,
    ) -> FloatTensor<Self> {
        let ([rows, input], [length, output]) = (x.shape().dims(), weight.shape().dims());
        let (x, weight) = (x.to_contiguous(), weight.to_contiguous());
        // Rows before the first are silent; what a row sees lies in one piece.
        let mut padded = vec![0.0; length - input];
        padded.extend_from_slice(slice(&x));
        let seen = float32::Rows {
            values: &padded,
            length,
            step: stride * input,
        };
        let y = float32::product(seen, slice(&weight), slice(&bias));
        tensor(y, [rows.div_ceil(stride), output])
    }

    fn norm(x: FloatTensor<Self>, scale: FloatTensor<Self>) -> FloatTensor<Self> {
        let shape = x.shape().dims();
        let y = pointwise::norm(slice(&x.to_contiguous()), slice(&scale), NORM_EPSILON);
        tensor(y, shape)
    }

    fn activate(x: FloatTensor<Self>, activation: Activation) -> FloatTensor<Self> {
        let shape = x.shape().dims();
        tensor(pointwise::activate(slice(&x.to_contiguous()), activation), shape)
    }

    fn gate(x: FloatTensor<Self>, activation: Activation) -> FloatTensor<Self> {
        let [rows, width] = x.shape().dims();
        let y = pointwise::gate(slice(&x.to_contiguous()), width, activation);
        tensor(y, [rows, width / 2])
    }

    fn attend(query: FloatTensor<Self>, memory: FloatTensor<Self>, heads: Heads, sight: Sight) -> FloatTensor<Self> {
        let ([rows, width], [_, memory_width]) = (query.shape().dims(), memory.shape().dims());
        let (query, memory) = (query.to_contiguous(), memory.to_contiguous());
        let (query, memory) = (Rows::new(slice(&query), width), Rows::new(slice(&memory), memory_width));
        let mixed = attention::attend(query, memory, rows, heads, sight);
        tensor(mixed, [rows, heads.inner()])
    }

    fn remember(
        fresh: FloatTensor<Self>,
        turns: FloatTensor<Self>,
        mut memory: FloatTensor<Self>,
        heads: Heads,
        position: usize,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let [rows, _] = fresh.shape().dims();
        let fresh = fresh.to_contiguous();
        // In place: the caller gave the only handle away.
        let queries = attention::remember(slice(&fresh), slice(&turns), memory.storage_mut(), heads, position);
        (tensor(queries, [rows, heads.inner()]), memory)
    }

    fn choose(scores: FloatTensor<Self>) -> IntTensor<Self> {
        choose(scores, &[], &[])
    }

    fn choose_leaning(
        scores: FloatTensor<Self>,
        tokens: IntTensor<Self>,
        bonuses: FloatTensor<Self>,
    ) -> IntTensor<Self> {
        let tokens: Vec<usize> = numbers(&tokens).map(|token| token as usize).collect();
        choose(scores, &tokens, slice(&bonuses))
    }

    fn look(
        query: FloatTensor<Self>,
        memory: FloatTensor<Self>,
        sum: FloatTensor<Self>,
        heads: Heads,
    ) -> FloatTensor<Self> {
        let ([_, width], [_, memory_width]) = (query.shape().dims(), memory.shape().dims());
        let [rows, seen] = sum.shape().dims();
        let (query, memory, sum) = (query.to_contiguous(), memory.to_contiguous(), sum.to_contiguous());
        let (query, memory) = (Rows::new(slice(&query), width), Rows::new(slice(&memory), memory_width));
        let mut sum = slice(&sum).to_vec();
        attention::look(query, memory, &mut sum, heads, seen);
        tensor(sum, [rows, seen])
    }
}

/// The first of each row's highest scores; `tokens` says where those begin that a row leans towards, and their bonuses.
fn choose(scores: FloatTensor<Flex>, tokens: &[usize], bonuses: &[f32]) -> IntTensor<Flex> {
    let [rows, vocabulary] = scores.shape().dims();
    let scores = scores.to_contiguous();
    let choices = slice(&scores)
        .chunks_exact(vocabulary)
        .enumerate()
        .map(|(row, scores)| {
            let of_row = match tokens.get(row..row + 2) {
                Some(ends) => ends[0]..ends[1],
                None => 0..0,
            };
            best(scores, &tokens[of_row.clone()], &bonuses[of_row]).0 as i32
        });
    let choices = TensorData::new(choices.collect::<Vec<i32>>(), [rows]);
    Flex::int_from_data(choices, &Default::default())
}

/// The first of the highest scores, and how likely it is without its bonus; zero if a score is no finite number.
fn best(scores: &[f32], tokens: &[usize], bonuses: &[f32]) -> Choice {
    let higher = |best: (usize, f32), (token, score): (usize, f32)| if score > best.1 { (token, score) } else { best };
    let plain = scores.iter().copied().enumerate();
    let (likeliest, highest) = plain.fold((0, f32::NEG_INFINITY), higher);
    let token = lean(scores, likeliest, tokens.iter().copied().zip(bonuses.iter().copied()));
    let sum = pointwise::exponentials(&mut scores.to_vec(), highest);
    let sound = scores.iter().all(|score| score.is_finite());
    let likelihood = if sound {
        (scores[token] - highest).exp() / sum
    } else {
        0.0
    };
    Choice::new(token as u32, likelihood, token != likeliest)
}

/// Of a contiguous tensor of 32-bit integers.
fn numbers(x: &IntTensor<Flex>) -> impl Iterator<Item = i32> {
    x.bytes().as_chunks().0.iter().map(|bytes| i32::from_ne_bytes(*bytes))
}

/// Of a contiguous tensor.
fn slice(x: &FloatTensor<Flex>) -> &[f32] {
    x.as_slice().expect("the network computes in 32-bit floats")
}

fn tensor(values: Vec<f32>, shape: [usize; 2]) -> FloatTensor<Flex> {
    Flex::float_from_data(TensorData::new(values, shape), &Default::default())
}
