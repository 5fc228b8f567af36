//! The building blocks that the encoder and the decoder share.

use burn::tensor::{Tensor, TensorData};
use speech::protocol::Failure;

use crate::{
    config::Activation,
    ops::{self, Packed},
    weights::{Matrix, Weights},
};

/// y = x·W + b
pub struct Linear {
    weight: Weight,
}

/// W `[d_in, d_out]` and b `[d_out]`: integers in the layout of the device, or floats as they are.
// A network holds a few dozen: boxing one of the two would put an indirection into every product and save nothing.
#[allow(clippy::large_enum_variant)]
enum Weight {
    Packed(Packed),
    Float(Tensor<2>, Option<Tensor<1>>),
}

/// A layer norm.
pub struct Norm {
    /// `[d]`
    scale: Tensor<1>,
    /// `[1, d]`
    bias: Option<Tensor<2>>,
}

/// A feed-forward part: expand, activate, contract.
pub struct Mlp {
    expand: Linear,
    contract: Linear,
    activation: Activation,
    inner: Inner,
}

/// What becomes of the expansion.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Inner {
    Activated,
    /// Its first half counts as much as its activated second half says.
    Gated,
}

/// Of several linear layers with the same input.
pub struct Part {
    pub name: String,
    pub output: usize,
    pub bias: Bias,
}

/// Whether a linear layer of the checkpoint has a bias.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Bias {
    Present,
    Absent,
}

impl Linear {
    /// # Errors
    /// [`Failure::Unsupported`] for a weight that is missing or of another shape.
    pub fn load(weights: &mut Weights, name: &str, [input, output]: [usize; 2], bias: Bias) -> Result<Self, Failure> {
        let part = Part {
            name: name.to_owned(),
            output,
            bias,
        };
        Self::joined(weights, &[part], input)
    }

    /// Layers of the same input as one, their outputs side by side.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] for a weight that is missing or of another shape.
    pub fn joined(weights: &mut Weights, parts: &[Part], input: usize) -> Result<Self, Failure> {
        let matrices = parts.iter().map(|part| (format!("{}.weight", part.name), part.output));
        let (matrix, output) = weights.matrix(matrices, input)?;
        let bias = if parts.iter().any(|part| part.bias == Bias::Present) {
            let biases = parts.iter().map(|part| match part.bias {
                Bias::Present => weights.float(&format!("{}.bias", part.name), [part.output]),
                Bias::Absent => Ok(Tensor::zeros([part.output], weights.device())),
            });
            Some(Tensor::cat(biases.collect::<Result<Vec<Tensor<1>>, _>>()?, 0))
        } else {
            None
        };
        let weight = match matrix {
            Matrix::Packed(bits, bytes) => {
                Weight::Packed(Packed::new(bits, &bytes, [input, output], bias, weights.device()))
            }
            Matrix::Float(values) => {
                let values = TensorData::new(values, [input, output]);
                Weight::Float(Tensor::from_data(values, weights.device()), bias)
            }
        };
        Ok(Self { weight })
    }

    /// # Shapes
    /// `[n, d_in]` → `[n, d_out]`
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        match &self.weight {
            Weight::Packed(packed) => packed.product(x, None),
            Weight::Float(weight, bias) => ops::plain::product(x, weight.clone(), bias.clone(), None),
        }
    }

    /// Added to what is there already.
    ///
    /// # Shapes
    /// x `[n, d_in]`, stream `[n, d_out]` → `[n, d_out]`
    pub fn forward_onto(&self, x: Tensor<2>, stream: Tensor<2>) -> Tensor<2> {
        match &self.weight {
            Weight::Packed(packed) => packed.product(x, Some(stream)),
            Weight::Float(weight, bias) => ops::plain::product(x, weight.clone(), bias.clone(), Some(stream)),
        }
    }
}

impl Norm {
    /// Without a bias.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] for a weight that is missing or of another shape.
    pub fn load(weights: &mut Weights, name: &str, size: usize) -> Result<Self, Failure> {
        Ok(Self {
            scale: weights.float(&format!("{name}.weight"), [size])?,
            bias: None,
        })
    }

    /// # Errors
    /// [`Failure::Unsupported`] for a weight that is missing or of another shape.
    pub fn load_biased(weights: &mut Weights, name: &str, size: usize) -> Result<Self, Failure> {
        let bias: Tensor<1> = weights.float(&format!("{name}.bias"), [size])?;
        Ok(Self {
            bias: Some(bias.unsqueeze()),
            ..Self::load(weights, name, size)?
        })
    }

    /// Moonshine's encoder keeps the scale as a distance from one, under the name `gamma`.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] for a weight that is missing or of another shape.
    pub fn load_unit_offset(weights: &mut Weights, name: &str, size: usize) -> Result<Self, Failure> {
        Ok(Self {
            scale: weights.float(&format!("{name}.gamma"), [size])?.add_scalar(1.0),
            bias: None,
        })
    }

    /// # Shapes
    /// `[n, d]` → `[n, d]`
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let y = ops::norm(x, self.scale.clone());
        match &self.bias {
            Some(bias) => y + bias.clone(),
            None => y,
        }
    }
}

impl Mlp {
    /// `fc1` and `fc2` of a layer.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] for a weight that is missing or of another shape.
    pub fn load(
        weights: &mut Weights,
        name: &str,
        [size, width]: [usize; 2],
        activation: Activation,
        inner: Inner,
    ) -> Result<Self, Failure> {
        let expanded = match inner {
            Inner::Activated => width,
            Inner::Gated => 2 * width,
        };
        Ok(Self {
            expand: Linear::load(weights, &format!("{name}.fc1"), [size, expanded], Bias::Present)?,
            contract: Linear::load(weights, &format!("{name}.fc2"), [width, size], Bias::Present)?,
            activation,
            inner,
        })
    }

    /// Added to `stream`.
    ///
    /// # Shapes
    /// x, stream `[n, d]` → `[n, d]`
    pub fn forward(&self, x: Tensor<2>, stream: Tensor<2>) -> Tensor<2> {
        let expanded = self.expand.forward(x);
        let inner = match self.inner {
            Inner::Activated => ops::activate(expanded, self.activation),
            Inner::Gated => ops::gate(expanded, self.activation),
        };
        self.contract.forward_onto(inner, stream)
    }
}
