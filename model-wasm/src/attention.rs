//! Attention: windowed in the encoder, remembering in the decoder, and from the decoder to the encoder.

use burn::tensor::{Device, Tensor, TensorData};
use speech::protocol::Failure;

use crate::{
    layers::{Bias, Linear, Part},
    ops::{self, Heads, Sight},
    weights::Weights,
};

/// Attention of a stream to itself.
pub struct SelfAttention {
    /// Queries, keys and values at once.
    fresh: Linear,
    output: Linear,
    heads: Heads,
}

/// Attention to another stream.
pub struct CrossAttention {
    query: Linear,
    /// Keys and values at once.
    memory: Linear,
    output: Linear,
    heads: Heads,
}

/// How a checkpoint names the output projection, and which of the four have a bias.
#[derive(Clone, Copy)]
pub struct Form {
    pub output_name: &'static str,
    pub query: Bias,
    pub key: Bias,
    pub value: Bias,
    pub output: Bias,
}

impl Form {
    /// `bias` is that of queries, keys and values. The decoder's output projections never have one.
    pub fn moonshine(bias: Bias, output: Bias) -> Self {
        Self {
            output_name: "o_proj",
            query: bias,
            key: bias,
            value: bias,
            output,
        }
    }

    pub const WHISPER: Self = Self {
        output_name: "out_proj",
        query: Bias::Present,
        key: Bias::Absent,
        value: Bias::Present,
        output: Bias::Present,
    };
}

impl SelfAttention {
    /// `size` is the width of the stream.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] for a weight that is missing or of another shape.
    pub fn load(weights: &mut Weights, name: &str, size: usize, heads: Heads, form: Form) -> Result<Self, Failure> {
        let parts = [
            part(name, "q_proj", heads.inner(), form.query),
            part(name, "k_proj", heads.key_inner(), form.key),
            part(name, "v_proj", heads.key_inner(), form.value),
        ];
        let output = format!("{name}.{}", form.output_name);
        Ok(Self {
            fresh: Linear::joined(weights, &parts, size)?,
            output: Linear::load(weights, &output, [heads.inner(), size], form.output)?,
            heads,
        })
    }

    /// Every row sees its window; the result is added to `stream`.
    ///
    /// # Shapes
    /// x, stream `[n, d]` → `[n, d]`
    pub fn windowed(&self, x: Tensor<2>, stream: Tensor<2>, sight: Sight) -> Tensor<2> {
        let fresh = self.fresh.forward(x);
        let mixed = ops::attend(fresh.clone(), fresh, self.heads, sight);
        self.output.forward_onto(mixed, stream)
    }

    /// Rows at `position`, `position + 1`, … see themselves and what came before; their keys and values enter `past`, the
    /// result is added to `stream`.
    ///
    /// # Shapes
    /// x, stream `[n, d]`, turns `[capacity, head_dim]` → `[n, d]`
    pub fn causal(
        &self,
        x: Tensor<2>,
        stream: Tensor<2>,
        turns: &Tensor<2>,
        past: &mut Option<Tensor<2>>,
        position: usize,
    ) -> Tensor<2> {
        let [rows, _] = x.dims();
        // Taken out, so that nobody else holds the memory and it can change in place.
        let memory = past
            .take()
            .unwrap_or_else(|| Tensor::zeros([turns.dims()[0], 2 * self.heads.inner()], &x.device()));
        let (query, memory) = ops::remember(self.fresh.forward(x), turns.clone(), memory, self.heads, position);
        let mixed = ops::attend(query, memory.clone(), self.heads, Sight::past(position, rows));
        *past = Some(memory);
        self.output.forward_onto(mixed, stream)
    }
}

impl CrossAttention {
    /// # Errors
    /// [`Failure::Unsupported`] for a weight that is missing or of another shape.
    pub fn load(weights: &mut Weights, name: &str, size: usize, heads: Heads, form: Form) -> Result<Self, Failure> {
        let inner = heads.inner();
        let parts = [
            part(name, "k_proj", inner, form.key),
            part(name, "v_proj", inner, form.value),
        ];
        let output = format!("{name}.{}", form.output_name);
        Ok(Self {
            query: Linear::load(weights, &format!("{name}.q_proj"), [size, inner], form.query)?,
            memory: Linear::joined(weights, &parts, size)?,
            output: Linear::load(weights, &output, [inner, size], form.output)?,
            heads,
        })
    }

    /// Keys and values of the other stream, computed once: `[m, d]` → `[m, 2·inner]`
    pub fn memory(&self, stream: Tensor<2>) -> Tensor<2> {
        self.memory.forward(stream)
    }

    /// Every row sees the first `steps` rows of the memory; the result is added to `stream`.
    ///
    /// # Shapes
    /// x, stream `[n, d]` → `[n, d]`
    pub fn across(&self, x: Tensor<2>, stream: Tensor<2>, memory: &Tensor<2>, steps: usize) -> Tensor<2> {
        let mixed = ops::attend(self.query.forward(x), memory.clone(), self.heads, Sight::all(steps));
        self.output.forward_onto(mixed, stream)
    }

    /// Adds to `sum` how much every row looks at the first rows of the memory.
    ///
    /// # Shapes
    /// x `[n, d]`, sum `[n, steps]` → `[n, steps]`
    pub fn look(&self, x: Tensor<2>, memory: &Tensor<2>, sum: Tensor<2>) -> Tensor<2> {
        ops::look(self.query.forward(x), memory.clone(), sum, self.heads)
    }
}

fn part(name: &str, projection: &str, output: usize, bias: Bias) -> Part {
    Part {
        name: format!("{name}.{projection}"),
        output,
        bias,
    }
}

/// Rotary positions 0 to `rows − 1`, `[rows, head_dim]`: for each pair of dimensions 2i and 2i+1 the cosine and the sine of
/// position · θ^(−2i/divisor). Those beyond the rotary part have cosine 1 and sine 0.
///
/// Angles in 32 bits, as the original computes them.
pub fn turns(rows: usize, head_dim: usize, rotary_divisor: usize, theta: f32, device: &Device) -> Tensor<2> {
    let rotary_dim = rotary_divisor.next_multiple_of(2);
    let turn = |position: usize, pair: usize| {
        if 2 * pair >= rotary_dim {
            return [1.0, 0.0];
        }
        let exponent = (2 * pair) as f32 / rotary_divisor as f32;
        let angle = position as f32 * (1.0 / theta.powf(exponent));
        [angle.cos(), angle.sin()]
    };
    let turns: Vec<f32> = (0..rows)
        .flat_map(|position| (0..head_dim / 2).flat_map(move |pair| turn(position, pair)))
        .collect();
    Tensor::from_data(TensorData::new(turns, [rows, head_dim]), device)
}
