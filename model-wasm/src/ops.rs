//! The operations that cost the time: on the CPU ([`cpu`]), on a GPU ([`gpu`]), and beside both the plain form that says
//! what they compute ([`plain`]). Every tensor is `[rows, columns]`; the heads of an attention lie side by side in a row.

mod cpu;
mod gpu;
pub mod plain;

use std::ops::Range;

use burn::backend::{
    Backend, Dispatch, backend_extension,
    tensor::{FloatTensor, IntTensor},
};
use burn::tensor::{DType, Device, Int, Tensor, TensorData};

use crate::{config::Activation, quant::Bits};

/// Both norms of the original keep PyTorch's default.
pub const NORM_EPSILON: f32 = 1e-5;

/// Weights of a linear layer in integers, laid out for the device that they are on.
pub struct Packed {
    words: Tensor<1, Int>,
    scales: Tensor<1>,
    /// `[d_out]`
    bias: Tensor<1>,
}

impl Packed {
    /// From the bytes of a pack ([`crate::quant`]); `d_in` is even.
    pub fn new(bits: Bits, bytes: &[u8], shape: [usize; 2], bias: Option<Tensor<1>>, device: &Device) -> Self {
        let (words, scales) = if *device == Device::flex() {
            cpu::pack(bits, bytes, shape)
        } else {
            gpu::pack(bits, bytes, shape)
        };
        let [_, output] = shape;
        let (word_count, scale_count) = (words.len(), scales.len());
        Self {
            words: Tensor::from_data(TensorData::new(words, [word_count]), (device, DType::I32)),
            scales: Tensor::from_data(TensorData::new(scales, [scale_count]), device),
            bias: bias.unwrap_or_else(|| Tensor::zeros([output], device)),
        }
    }

    /// `plus` + x·W + bias: `[n, d_in]` → `[n, d_out]`
    pub fn product(&self, x: Tensor<2>, plus: Option<Tensor<2>>) -> Tensor<2> {
        let words = self.words.clone().into_dispatch();
        let scales = self.scales.clone().into_dispatch();
        let bias = self.bias.clone().into_dispatch();
        Tensor::from_dispatch(match plus {
            None => Dispatch::product(x.into_dispatch(), words, scales, bias),
            Some(plus) => Dispatch::product_onto(x.into_dispatch(), words, scales, bias, plus.into_dispatch()),
        })
    }
}

/// A convolution that sees no later row: x `[n, d_in]`, weight `[taps·d_in, d_out]`, tap after tap, the last of them on the
/// row itself → `[⌈n / stride⌉, d_out]`
pub fn convolve(x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>, stride: usize) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::convolve(
        x.into_dispatch(),
        weight.into_dispatch(),
        bias.into_dispatch(),
        stride,
    ))
}

/// A layer norm without bias: `[n, d]`, scale `[d]` → `[n, d]`
pub fn norm(x: Tensor<2>, scale: Tensor<1>) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::norm(x.into_dispatch(), scale.into_dispatch()))
}

/// Elementwise.
pub fn activate(x: Tensor<2>, activation: Activation) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::activate(x.into_dispatch(), activation))
}

/// The first half of each row times its activated second half: `[n, 2·d]` → `[n, d]`
pub fn gate(x: Tensor<2>, activation: Activation) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::gate(x.into_dispatch(), activation))
}

/// Softmax(q·kᵀ / √dim)·v over the rows of the memory that a row may see: query `[n, …]` whose first columns are the
/// queries, memory `[m, …]` whose last columns are the keys, then the values → `[n, inner]`. A row that sees nothing gives
/// zeros.
pub fn attend(query: Tensor<2>, memory: Tensor<2>, heads: Heads, sight: Sight) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::attend(
        query.into_dispatch(),
        memory.into_dispatch(),
        heads,
        sight,
    ))
}

/// Takes queries, keys and values of the rows at `position`, `position + 1`, … as one tensor `[n, 3·inner]`; turns queries
/// and keys by `turns` `[positions, dim]`, cosine and sine in turn for each pair of dimensions; gives the queries
/// `[n, inner]` and the memory `[capacity, 2·inner]` with keys and values in the rows of those positions.
///
/// The memory changes in place if nobody else holds it.
pub fn remember(
    fresh: Tensor<2>,
    turns: Tensor<2>,
    memory: Tensor<2>,
    heads: Heads,
    position: usize,
) -> (Tensor<2>, Tensor<2>) {
    let (query, memory) = Dispatch::remember(
        fresh.into_dispatch(),
        turns.into_dispatch(),
        memory.into_dispatch(),
        heads,
        position,
    );
    (Tensor::from_dispatch(query), Tensor::from_dispatch(memory))
}

/// The next tokens and how likely each is: `[n, vocabulary]` → `[n]`, the first of a row's highest scores, each as a
/// [`Choice`] in four bytes.
pub fn choose(scores: Tensor<2>) -> Tensor<1, Int> {
    Tensor::from_dispatch(Dispatch::choose(scores.into_dispatch()))
}

/// [`choose`] with a leaning towards some tokens, in the order of their rows: a bonus is added to a score before the highest
/// is taken, unless the score is further than [`GATE`] below the highest. How likely a token is stays what the network
/// thinks: a word that was wished for is no surer for it.
pub fn choose_leaning(scores: Tensor<2>, leanings: &[Leaning]) -> Tensor<1, Int> {
    if leanings.is_empty() {
        return choose(scores);
    }
    let ([rows, vocabulary], device) = (scores.dims(), scores.device());
    debug_assert!(leanings.is_sorted_by_key(|leaning| leaning.row));
    debug_assert!(leanings.iter().all(|l| l.row < rows && (l.token as usize) < vocabulary));
    // Where each row's leanings begin and the last one's end, then the tokens; as many zeros, then the bonuses.
    let begin = |row: usize| rows + 1 + leanings.partition_point(|leaning| leaning.row < row);
    let tokens = leanings.iter().map(|leaning| leaning.token as i32);
    let tokens: Vec<i32> = (0..=rows).map(|row| begin(row) as i32).chain(tokens).collect();
    let bonuses = leanings.iter().map(|leaning| leaning.bonus);
    let bonuses: Vec<f32> = std::iter::repeat_n(0.0, rows + 1).chain(bonuses).collect();
    let count = tokens.len();
    let tokens = Tensor::<1, Int>::from_data(TensorData::new(tokens, [count]), (&device, DType::I32));
    let bonuses = Tensor::<1>::from_data(TensorData::new(bonuses, [count]), &device);
    Tensor::from_dispatch(Dispatch::choose_leaning(
        scores.into_dispatch(),
        tokens.into_dispatch(),
        bonuses.into_dispatch(),
    ))
}

/// What [`choose_leaning`] does with a row on the host: the token that wins over the likeliest one, if any of those that are
/// wished for, each with its bonus, does.
pub fn lean(scores: &[f32], likeliest: usize, wished: impl Iterator<Item = (usize, f32)>) -> usize {
    let highest = scores[likeliest];
    let near = wished.filter(|(token, _)| scores[*token] >= highest + GATE);
    let (token, _) = near.fold((likeliest, highest), |best, (token, bonus)| {
        let score = scores[token] + bonus;
        if score > best.1 { (token, score) } else { best }
    });
    token
}

/// Adds to `sum` `[n, m]` how much each row looks at each row of the memory, as [`attend`] does, mean over the heads.
/// Every row sees the first m rows.
pub fn look(query: Tensor<2>, memory: Tensor<2>, sum: Tensor<2>, heads: Heads) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::look(
        query.into_dispatch(),
        memory.into_dispatch(),
        sum.into_dispatch(),
        heads,
    ))
}

/// A wish for a token as the successor of a row's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leaning {
    pub row: usize,
    pub token: u32,
    /// Added to the token's score; positive.
    pub bonus: f32,
}

/// The lowest score that a leaning counts for, under the highest of its row: a token must be at least a tenth as likely as
/// the likeliest. What was hardly heard is not written, whoever wishes for it.
pub const GATE: f32 = -std::f32::consts::LN_10;

/// A token and how likely it was, as it comes from a device: 15 and 16 bits, and above them one that is set if the network
/// held another to be likelier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice(pub u32);

/// What a likelihood of one is in [`Choice`].
pub const CERTAIN: f32 = 65_535.0;

impl Choice {
    /// Tokens below this fit.
    pub const TOKENS: usize = 1 << 15;

    /// A likelihood that is not positive stands for scores that are no numbers.
    pub fn new(token: u32, likelihood: f32, wished: bool) -> Self {
        let sound = likelihood > 0.0;
        // One in 32,768 tokens may be the likeliest: that is not nothing.
        let likelihood = if sound {
            (likelihood.min(1.0) * CERTAIN).round().max(1.0) as u32
        } else {
            0
        };
        Self(u32::from(wished) << 31 | token << 16 | likelihood)
    }

    pub fn token(self) -> u32 {
        self.0 >> 16 & (Self::TOKENS - 1) as u32
    }

    /// True if only its bonus made it the highest.
    pub fn wished(self) -> bool {
        self.0 >> 31 == 1
    }

    /// 0…1; nothing if a score was no finite number.
    pub fn likelihood(self) -> Option<f32> {
        let parts = self.0 & 0xFFFF;
        (parts > 0).then(|| parts as f32 / CERTAIN)
    }
}

/// Sizes of an attention.
#[derive(Clone, Copy, Debug)]
pub struct Heads {
    pub query: usize,
    /// Fewer than `query`: each key head serves a group of query heads.
    pub key: usize,
    pub dim: usize,
}

impl Heads {
    /// Columns of the queries, and of what comes out.
    pub fn inner(self) -> usize {
        self.query * self.dim
    }

    /// Columns of the keys, and of the values.
    pub fn key_inner(self) -> usize {
        self.key * self.dim
    }

    /// Query heads for each key head.
    pub fn group(self) -> usize {
        self.query / self.key
    }
}

/// Which rows of the memory a row may see: from `row·step − before` on `width` rows, of those that are there and below
/// `limit + row·growth`.
#[derive(Clone, Copy, Debug)]
pub struct Sight {
    step: usize,
    before: usize,
    width: usize,
    limit: usize,
    growth: usize,
}

impl Sight {
    /// The `left − 1` rows before a row, itself, and the `right − 1` after it, of the first `steps` rows.
    pub fn window((left, right): (usize, usize), steps: usize) -> Self {
        Self {
            step: 1,
            before: left - 1,
            width: left + right.saturating_sub(1),
            limit: steps,
            growth: 0,
        }
    }

    /// Every row up to the own one; the first row stands at `position`.
    pub fn past(position: usize, rows: usize) -> Self {
        Self {
            step: 0,
            before: 0,
            width: position + rows,
            limit: position + 1,
            growth: 1,
        }
    }

    /// The first `steps` rows.
    pub fn all(steps: usize) -> Self {
        Self {
            step: 0,
            before: 0,
            width: steps,
            limit: steps,
            growth: 0,
        }
    }

    /// What a row sees.
    pub fn of(self, row: usize) -> Range<usize> {
        let at = row * self.step;
        let end = (at + self.width).saturating_sub(self.before);
        let end = end.min(self.limit + row * self.growth);
        at.saturating_sub(self.before).min(end)..end
    }
}

/// The operations on a backend's own tensors.
#[backend_extension(Cube, Flex)]
pub trait SpeechOps: Backend {
    fn product(
        x: FloatTensor<Self>,
        words: IntTensor<Self>,
        scales: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self>;

    fn product_onto(
        x: FloatTensor<Self>,
        words: IntTensor<Self>,
        scales: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        stream: FloatTensor<Self>,
    ) -> FloatTensor<Self>;

    fn convolve(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        stride: usize,
    ) -> FloatTensor<Self>;

    fn norm(x: FloatTensor<Self>, scale: FloatTensor<Self>) -> FloatTensor<Self>;

    fn activate(x: FloatTensor<Self>, activation: Activation) -> FloatTensor<Self>;

    fn gate(x: FloatTensor<Self>, activation: Activation) -> FloatTensor<Self>;

    fn attend(query: FloatTensor<Self>, memory: FloatTensor<Self>, heads: Heads, sight: Sight) -> FloatTensor<Self>;

    fn remember(
        fresh: FloatTensor<Self>,
        turns: FloatTensor<Self>,
        memory: FloatTensor<Self>,
        heads: Heads,
        position: usize,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    fn choose(scores: FloatTensor<Self>) -> IntTensor<Self>;

    fn choose_leaning(
        scores: FloatTensor<Self>,
        tokens: IntTensor<Self>,
        bonuses: FloatTensor<Self>,
    ) -> IntTensor<Self>;

    fn look(
        query: FloatTensor<Self>,
        memory: FloatTensor<Self>,
        sum: FloatTensor<Self>,
        heads: Heads,
    ) -> FloatTensor<Self>;
}
