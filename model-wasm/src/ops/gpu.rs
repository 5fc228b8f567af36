//! The operations on a GPU. No kernel waits at a barrier or uses subgroups: browsers lack the one, software GPUs crawl at
//! the other. Sizes are arguments, so that a kernel is compiled once, whatever the utterance.

mod kernels;

use burn::backend::{
    TensorMetadata,
    tensor::{FloatTensor, IntTensor},
};
use burn::tensor::{DType, Shape};
use burn_wgpu::{CubeBackend, CubeTensor};
use cubecl::prelude::*;

use super::{GATE, Heads, NORM_EPSILON, Sight, SpeechOps};
use crate::{
    config::Activation,
    quant::{BLOCK, Bits},
};

/// Rows that share each load of the weights, where there are so many.
const TILE: usize = 4;

/// Columns of a row that one thread brings to their norm.
const SHARE: usize = 32;

/// The words and the scales of a pack, as they are.
pub fn pack(bits: Bits, bytes: &[u8], shape: [usize; 2]) -> (Vec<i32>, Vec<f32>) {
    let (values, scales) = bytes.split_at(bits.value_bytes(shape));
    let words = values.as_chunks().0.iter().map(|bytes| i32::from_le_bytes(*bytes));
    let scales = scales.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes));
    (words.collect(), scales.collect())
}

impl SpeechOps for CubeBackend {
    fn product(
        x: FloatTensor<Self>,
        words: IntTensor<Self>,
        scales: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        product([x, words, scales, bias], None)
    }

    fn product_onto(
        x: FloatTensor<Self>,
        words: IntTensor<Self>,
        scales: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        stream: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        product([x, words, scales, bias], Some(stream))
    }

    fn convolve(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        stride: usize,
    ) -> FloatTensor<Self> {
        let ([rows, input], [length, output]) = (x.shape().dims(), weight.shape().dims());
        let rows = rows.div_ceil(stride);
        let y = empty(&x, [rows, output]);
        let (count, dim) = grid(&x, rows.div_ceil(TILE) * output);
        kernels::convolve::launch(
            &x.client.clone(),
            count,
            dim,
            buffer(x),
            buffer(weight),
            buffer(bias),
            buffer(y.clone()),
            rows,
            input,
            output,
            length / input,
            stride,
            TILE,
        );
        y
    }

    fn norm(x: FloatTensor<Self>, scale: FloatTensor<Self>) -> FloatTensor<Self> {
        let [rows, width] = x.shape().dims();
        let y = empty(&x, [rows, width]);
        let (count, dim) = grid(&x, rows * width.div_ceil(SHARE));
        kernels::norm::launch(
            &x.client.clone(),
            count,
            dim,
            buffer(x),
            buffer(scale),
            buffer(y.clone()),
            rows,
            width,
            SHARE,
            NORM_EPSILON,
        );
        y
    }

    fn activate(x: FloatTensor<Self>, activation: Activation) -> FloatTensor<Self> {
        let [rows, width] = x.shape().dims();
        let y = empty(&x, [rows, width]);
        let (count, dim) = grid(&x, rows * width);
        kernels::activate::launch(&x.client.clone(), count, dim, buffer(x), buffer(y.clone()), activation);
        y
    }

    fn gate(x: FloatTensor<Self>, activation: Activation) -> FloatTensor<Self> {
        let [rows, width] = x.shape().dims();
        let y = empty(&x, [rows, width / 2]);
        let (count, dim) = grid(&x, rows * width / 2);
        kernels::gate::launch(
            &x.client.clone(),
            count,
            dim,
            buffer(x),
            buffer(y.clone()),
            width / 2,
            activation,
        );
        y
    }

    fn attend(query: FloatTensor<Self>, memory: FloatTensor<Self>, heads: Heads, sight: Sight) -> FloatTensor<Self> {
        let ([rows, query_width], [_, memory_width]) = (query.shape().dims(), memory.shape().dims());
        let client = query.client.clone();
        let scores = scores(&query, &memory, heads, sight);
        let y = empty(&query, [rows, heads.inner()]);
        let (count, dim) = grid(&query, rows * heads.inner());
        kernels::mix::launch(
            &client,
            count,
            dim,
            buffer(scores),
            buffer(memory),
            buffer(y.clone()),
            seen_launch(sight),
            heads_launch(heads, query_width, memory_width),
        );
        y
    }

    fn remember(
        fresh: FloatTensor<Self>,
        turns: FloatTensor<Self>,
        memory: FloatTensor<Self>,
        heads: Heads,
        position: usize,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let [rows, _] = fresh.shape().dims();
        let memory = if memory.can_mut() { memory } else { memory.copy() };
        let query = empty(&fresh, [rows, heads.inner()]);
        let (count, dim) = grid(&fresh, rows * heads.inner() * 3 / 2);
        kernels::remember::launch(
            &fresh.client.clone(),
            count,
            dim,
            buffer(fresh),
            buffer(turns),
            buffer(memory.clone()),
            buffer(query.clone()),
            heads.inner() / 2,
            heads.dim / 2,
            position,
        );
        (query, memory)
    }

    fn choose(scores: FloatTensor<Self>) -> IntTensor<Self> {
        choose(scores, None)
    }

    fn choose_leaning(
        scores: FloatTensor<Self>,
        tokens: IntTensor<Self>,
        bonuses: FloatTensor<Self>,
    ) -> IntTensor<Self> {
        choose(scores, Some((tokens, bonuses)))
    }

    fn look(
        query: FloatTensor<Self>,
        memory: FloatTensor<Self>,
        sum: FloatTensor<Self>,
        heads: Heads,
    ) -> FloatTensor<Self> {
        let ([_, query_width], [_, memory_width]) = (query.shape().dims(), memory.shape().dims());
        let [rows, seen] = sum.shape().dims();
        let client = query.client.clone();
        let scores = scores(&query, &memory, heads, Sight::all(seen));
        let (count, dim) = grid(&query, rows * heads.query);
        kernels::shares::launch(&client, count, dim, buffer(scores.clone()), seen);
        let y = empty(&query, [rows, seen]);
        let (count, dim) = grid(&query, rows * seen);
        kernels::mean_share::launch(
            &client,
            count,
            dim,
            buffer(scores),
            buffer(sum),
            buffer(y.clone()),
            seen,
            heads_launch(heads, query_width, memory_width),
        );
        y
    }
}

/// Scores of the rows that each row sees, head after head: `[n·heads, width]`
fn scores(query: &CubeTensor, memory: &CubeTensor, heads: Heads, sight: Sight) -> CubeTensor {
    let ([rows, query_width], [_, memory_width]) = (query.shape().dims(), memory.shape().dims());
    let scores = empty(query, [rows * heads.query, sight.width]);
    let (count, dim) = grid(query, rows * heads.query * sight.width);
    kernels::scores::launch(
        &query.client.clone(),
        count,
        dim,
        buffer(query.clone()),
        buffer(memory.clone()),
        buffer(scores.clone()),
        seen_launch(sight),
        heads_launch(heads, query_width, memory_width),
        (heads.dim as f32).powf(-0.5),
    );
    scores
}

/// In two stages, so that many threads share a row; `leanings` as [`super::choose_leaning`] lays them out.
fn choose(scores: CubeTensor, leanings: Option<(CubeTensor, CubeTensor)>) -> CubeTensor {
    let [rows, vocabulary] = scores.shape().dims();
    let client = scores.client.clone();
    let share = vocabulary.isqrt().max(1);
    let parts = vocabulary.div_ceil(share);
    let best = empty(&scores, [rows * parts, 4]);
    let (count, dim) = grid(&scores, rows * parts);
    kernels::best_of_parts::launch(
        &client,
        count,
        dim,
        buffer(scores.clone()),
        buffer(best.clone()),
        vocabulary,
        parts,
        share,
    );
    let choice = empty_of(DType::I32, &scores, [rows]);
    let (count, dim) = grid(&scores, rows);
    let leans = leanings.is_some();
    // A kernel that does not lean reads neither; and none may be the buffer that is written: a browser refuses that.
    let (tokens, bonuses) = leanings.unwrap_or((scores.clone(), scores.clone()));
    kernels::best_of_all::launch(
        &client,
        count,
        dim,
        buffer(best),
        buffer(scores),
        buffer(tokens),
        buffer(bonuses),
        buffer(choice.clone()),
        vocabulary,
        parts,
        GATE,
        leans,
    );
    choice
}

/// x, words, scales and bias; `stream` is what the result is added to.
fn product([x, words, scales, bias]: [CubeTensor; 4], stream: Option<CubeTensor>) -> CubeTensor {
    let ([rows, input], [output], [words_there]) = (x.shape().dims(), bias.shape().dims(), words.shape().dims());
    let y = empty(&x, [rows, output]);
    let tile = if rows < TILE { 1 } else { TILE };
    let per_word = input * output / words_there;
    let threads = rows.div_ceil(tile) * output / per_word;
    let (count, dim) = grid(&x, threads);
    let adds = stream.is_some();
    kernels::product::launch(
        &x.client.clone(),
        count,
        dim,
        buffer(x),
        buffer(words),
        buffer(scales),
        buffer(bias.clone()),
        buffer(stream.unwrap_or(bias)),
        buffer(y.clone()),
        rows,
        input,
        output / per_word,
        tile,
        per_word,
        BLOCK / per_word,
        adds,
    );
    y
}

fn seen_launch(sight: Sight) -> kernels::SeenLaunch {
    kernels::SeenLaunch::new(sight.step, sight.before, sight.width, sight.limit, sight.growth)
}

fn heads_launch(heads: Heads, query_width: usize, memory_width: usize) -> kernels::LayoutLaunch {
    kernels::LayoutLaunch::new(
        heads.query,
        heads.dim,
        heads.group(),
        heads.key_inner(),
        query_width,
        memory_width,
    )
}

/// Not filled.
fn empty<const D: usize>(like: &CubeTensor, shape: [usize; D]) -> CubeTensor {
    empty_of(DType::F32, like, shape)
}

/// Of numbers of 32 bits; not filled.
fn empty_of<const D: usize>(numbers: DType, like: &CubeTensor, shape: [usize; D]) -> CubeTensor {
    let shape = Shape::from(shape);
    let handle = like.client.empty(shape.num_elements() * size_of::<u32>());
    CubeTensor::new_contiguous(like.client.clone(), like.device.clone(), shape, handle, numbers)
}

fn grid(like: &CubeTensor, threads: usize) -> (CubeCount, CubeDim) {
    let dim = CubeDim::new(&like.client, threads);
    (cubecl::calculate_cube_count_elemwise(&like.client, threads, dim), dim)
}

/// # Panics
/// On a view: the kernels read buffers from their beginning, row after row.
fn buffer(x: CubeTensor) -> BufferArg {
    assert!(x.is_contiguous(), "the network hands on whole tensors");
    x.into_buffer_arg()
}
