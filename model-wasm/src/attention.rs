//! Attention: windowed in the encoder, cached in the decoder.

use burn::tensor::{Device, Tensor, TensorData, activation};
use speech::protocol::Failure;

use crate::{
    layers::{Bias, Linear},
    weights::Weights,
};

/// Added to the score of what must not be seen. Finite, so that a row of padding, which sees nothing, stays a number.
const UNSEEN: f32 = -1e9;

/// The four projections around the scores.
pub struct Attention {
    query: Linear,
    key: Linear,
    value: Linear,
    output: Linear,
    heads: usize,
    key_heads: usize,
    head_dim: usize,
}

/// Sizes of one attention layer.
#[derive(Clone, Copy)]
pub struct Heads {
    pub query: usize,
    /// Fewer than `query`: each key head serves a group of query heads.
    pub key: usize,
    pub dim: usize,
}

/// Keys and values of one layer, `[1, heads, rows, head_dim]` each.
pub struct KeyValues {
    keys: Tensor<4>,
    values: Tensor<4>,
}

impl Attention {
    /// `size` is the width of the stream. The decoder's output projections never have a bias, whatever the others have.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] for a weight that is missing or of another shape.
    pub fn load(
        weights: &mut Weights,
        name: &str,
        size: usize,
        heads: Heads,
        [bias, output_bias]: [Bias; 2],
    ) -> Result<Self, Failure> {
        let inner = heads.query * heads.dim;
        let key_inner = heads.key * heads.dim;
        Ok(Self {
            query: Linear::load(weights, &format!("{name}.q_proj"), [size, inner], bias)?,
            key: Linear::load(weights, &format!("{name}.k_proj"), [size, key_inner], bias)?,
            value: Linear::load(weights, &format!("{name}.v_proj"), [size, key_inner], bias)?,
            output: Linear::load(weights, &format!("{name}.o_proj"), [inner, size], output_bias)?,
            heads: heads.query,
            key_heads: heads.key,
            head_dim: heads.dim,
        })
    }

    /// Every row sees its window: the blocks of `mask` decide how many rows make a block, and a block sees itself and
    /// its two neighbours. The cost grows with the rows, not with their square.
    ///
    /// # Shapes
    /// x `[1, blocks·block, d]`, mask `[1, blocks, block, 3·block]` → `[1, blocks·block, d]`
    pub fn windowed(&self, x: Tensor<3>, mask: Tensor<4>) -> Tensor<3> {
        let [_, blocks, block, _] = mask.dims();
        let query =
            split(self.query.forward(x.clone()), self.heads).reshape([self.heads, blocks, block, self.head_dim]);
        let key = neighbourhoods(self.shared(self.key.forward(x.clone())), blocks);
        let value = neighbourhoods(self.shared(self.value.forward(x)), blocks);
        let mixed = attend(query, &key, &value, mask, self.head_dim); // [heads, blocks, block, head_dim]
        let rows = mixed.reshape([1, self.heads, blocks * block, self.head_dim]);
        self.output.forward(join(rows))
    }

    /// Rows at `position`, `position + 1`, … see themselves and what came before; their keys and values enter `past`.
    ///
    /// # Shapes
    /// x `[1, n, d]`, mask `[1, 1, n, capacity]`, rotations for n rows → `[1, n, d]`
    pub fn causal(
        &self,
        x: Tensor<3>,
        rotation: &Rotation,
        mask: Tensor<4>,
        past: &mut Option<KeyValues>,
        position: usize,
    ) -> Tensor<3> {
        let rows = x.dims()[1];
        let query = rotation.turn(split(self.query.forward(x.clone()), self.heads));
        let key = rotation.turn(split(self.key.forward(x.clone()), self.heads));
        let value = split(self.value.forward(x), self.heads);
        // Taken out, so that nobody else holds the tensors and the assignment can happen in place.
        let old = past
            .take()
            .unwrap_or_else(|| KeyValues::empty(self, mask.dims()[3], &mask.device()));
        let place = [0..1, 0..self.heads, position..position + rows, 0..self.head_dim];
        let now = KeyValues {
            keys: old.keys.slice_assign(place.clone(), key),
            values: old.values.slice_assign(place, value),
        };
        let mixed = attend(query, &now.keys, &now.values, mask, self.head_dim);
        *past = Some(now);
        self.output.forward(join(mixed))
    }

    /// Keys and values of another stream, computed once for [`Attention::across`].
    ///
    /// # Shapes
    /// `[1, rows, d]`
    pub fn key_values(&self, stream: Tensor<3>) -> KeyValues {
        KeyValues {
            keys: split(self.key.forward(stream.clone()), self.heads),
            values: split(self.value.forward(stream), self.heads),
        }
    }

    /// # Shapes
    /// x `[1, n, d]`, mask `[1, 1, 1, rows of the other stream]` → `[1, n, d]`
    pub fn across(&self, x: Tensor<3>, other: &KeyValues, mask: Tensor<4>) -> Tensor<3> {
        let query = split(self.query.forward(x), self.heads);
        self.output
            .forward(join(attend(query, &other.keys, &other.values, mask, self.head_dim)))
    }

    /// Key heads repeated until every query head has its own: `[1, n, key_heads·d]` → `[1, heads, n, d]`.
    fn shared(&self, x: Tensor<3>) -> Tensor<4> {
        let split = split(x, self.key_heads);
        if self.key_heads == self.heads {
            return split;
        }
        let [_, _, rows, dim] = split.dims();
        let group = self.heads / self.key_heads;
        split
            .reshape([self.key_heads, 1, rows, dim])
            .repeat_dim(1, group)
            .reshape([1, self.heads, rows, dim])
    }
}

impl KeyValues {
    fn empty(attention: &Attention, capacity: usize, device: &Device) -> Self {
        let shape = [1, attention.heads, capacity, attention.head_dim];
        Self {
            keys: Tensor::zeros(shape, device),
            values: Tensor::zeros(shape, device),
        }
    }
}

/// softmax(q·kᵀ / √head_dim + mask)·v
fn attend(query: Tensor<4>, keys: &Tensor<4>, values: &Tensor<4>, mask: Tensor<4>, head_dim: usize) -> Tensor<4> {
    let scale = (head_dim as f32).powf(-0.5);
    let scores = query.matmul(keys.clone().swap_dims(2, 3)).mul_scalar(scale) + mask;
    activation::softmax(scores, 3).matmul(values.clone())
}

/// `[1, n, heads·d]` → `[1, heads, n, d]`
fn split(x: Tensor<3>, heads: usize) -> Tensor<4> {
    let [_, rows, width] = x.dims();
    x.reshape([1, rows, heads, width / heads]).swap_dims(1, 2)
}

/// `[1, heads, n, d]` → `[1, n, heads·d]`
fn join(x: Tensor<4>) -> Tensor<3> {
    let [_, heads, rows, dim] = x.dims();
    x.swap_dims(1, 2).reshape([1, rows, heads * dim])
}

/// Each block with its two neighbours: `[1, heads, blocks·block, d]` → `[heads, blocks, 3·block, d]`; zeros at the ends.
fn neighbourhoods(x: Tensor<4>, blocks: usize) -> Tensor<4> {
    let [_, heads, rows, dim] = x.dims();
    let block = rows / blocks;
    let edge = Tensor::<4>::zeros([1, heads, block, dim], &x.device());
    let wide = Tensor::cat(vec![edge.clone(), x.clone(), edge], 2);
    let shape = [heads, blocks, block, dim];
    let before = wide.clone().slice([0..1, 0..heads, 0..rows, 0..dim]).reshape(shape);
    let after = wide
        .slice([0..1, 0..heads, 2 * block..2 * block + rows, 0..dim])
        .reshape(shape);
    Tensor::cat(vec![before, x.reshape(shape), after], 2)
}

/// Mask of [`Attention::windowed`] for the first `steps` of `blocks·block` rows: a row sees the `left − 1` before it,
/// itself and the `right − 1` after it, as `sliding_window_mask_function`.
///
/// # Shapes
/// `[1, blocks, block, 3·block]`
pub fn window_mask(
    (left, right): (usize, usize),
    block: usize,
    blocks: usize,
    steps: usize,
    device: &Device,
) -> Tensor<4> {
    let mut mask = Vec::with_capacity(blocks * block * 3 * block);
    for row in 0..blocks * block {
        let first_key = (row / block * block) as isize - block as isize;
        mask.extend((0..3 * block as isize).map(|offset| {
            let key = first_key + offset;
            let distance = row as isize - key;
            let near = if distance >= 0 {
                distance < left as isize
            } else {
                -distance < right as isize
            };
            if near && (0..steps as isize).contains(&key) {
                0.0
            } else {
                UNSEEN
            }
        }));
    }
    Tensor::from_data(TensorData::new(mask, [1, blocks, block, 3 * block]), device)
}

/// Mask of [`Attention::across`] for a stream whose first `steps` rows are speech: `[1, 1, 1, rows]`.
pub fn padding_mask(steps: usize, rows: usize, device: &Device) -> Tensor<4> {
    let mask: Vec<f32> = (0..rows).map(|row| if row < steps { 0.0 } else { UNSEEN }).collect();
    Tensor::from_data(TensorData::new(mask, [1, 1, 1, rows]), device)
}

/// Mask of [`Attention::causal`] for every position: `[1, 1, capacity, capacity]`.
pub fn causal_mask(capacity: usize, device: &Device) -> Tensor<4> {
    let mask: Vec<f32> = (0..capacity * capacity)
        .map(|at| if at % capacity <= at / capacity { 0.0 } else { UNSEEN })
        .collect();
    Tensor::from_data(TensorData::new(mask, [1, 1, capacity, capacity]), device)
}

/// Rotary positions for a run of rows: dimensions 2i and 2i+1 of a head turn together by position · θ^(−2i/divisor).
///
/// Those beyond the rotary part have cosine 1 and sine 0.
pub struct Rotation {
    /// `[1, 1, rows, head_dim]`
    cosine: Tensor<4>,
    /// `[1, 1, rows, head_dim]`, negative at even dimensions.
    sine: Tensor<4>,
}

impl Rotation {
    /// For positions 0 to `rows − 1`. Angles in 32 bits, as the original computes them.
    pub fn table(rows: usize, head_dim: usize, rotary_divisor: usize, theta: f32, device: &Device) -> Self {
        let rotary_dim = rotary_divisor.next_multiple_of(2);
        let mut cosine = vec![1.0; rows * head_dim];
        let mut sine = vec![0.0; rows * head_dim];
        for position in 0..rows {
            for pair in 0..rotary_dim / 2 {
                let exponent = (2 * pair) as f32 / rotary_divisor as f32;
                let angle = position as f32 * (1.0 / theta.powf(exponent));
                let at = position * head_dim + 2 * pair;
                cosine[at..at + 2].fill(angle.cos());
                sine[at] = -angle.sin();
                sine[at + 1] = angle.sin();
            }
        }
        let tensor = |values| Tensor::from_data(TensorData::new(values, [1, 1, rows, head_dim]), device);
        Self {
            cosine: tensor(cosine),
            sine: tensor(sine),
        }
    }

    /// The rows from `position` on.
    pub fn rows(&self, position: usize, rows: usize) -> Self {
        let [_, _, _, dim] = self.cosine.dims();
        let place = [0..1, 0..1, position..position + rows, 0..dim];
        Self {
            cosine: self.cosine.clone().slice(place.clone()),
            sine: self.sine.clone().slice(place),
        }
    }

    /// (a, b) → (a·cos − b·sin, b·cos + a·sin) for each pair; `[1, heads, rows, head_dim]`.
    fn turn(&self, x: Tensor<4>) -> Tensor<4> {
        let [_, heads, rows, dim] = x.dims();
        let swapped = x
            .clone()
            .reshape([heads, rows, dim / 2, 2])
            .flip([3])
            .reshape([1, heads, rows, dim]);
        x * self.cosine.clone() + swapped * self.sine.clone()
    }
}
