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

/// A layer norm without bias.
pub struct Norm {
    /// `[d]`
    scale: Tensor<1>,
}

/// The encoder's feed-forward part: expand, activate, contract.
pub struct Mlp {
    expand: Linear,
    contract: Linear,
    activation: Activation,
}

/// The decoder's feed-forward part, whose expansion is gated by its own second half.
pub struct GatedMlp {
    expand: Linear,
    contract: Linear,
    activation: Activation,
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
        Self::joined(weights, &[(name.to_owned(), output)], input, bias)
    }

    /// Layers of the same input as one, their outputs side by side.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] for a weight that is missing or of another shape.
    pub fn joined(weights: &mut Weights, parts: &[(String, usize)], input: usize, bias: Bias) -> Result<Self, Failure> {
        let matrices = parts.iter().map(|(name, output)| (format!("{name}.weight"), *output));
        let (matrix, output) = weights.matrix(matrices, input)?;
        let bias = match bias {
            Bias::Absent => None,
            Bias::Present => {
                let biases = parts
                    .iter()
                    .map(|(name, output)| weights.float(&format!("{name}.bias"), [*output]));
                Some(Tensor::cat(biases.collect::<Result<Vec<Tensor<1>>, _>>()?, 0))
            }
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
    /// # Errors
    /// [`Failure::Unsupported`] for a weight that is missing or of another shape.
    pub fn load(weights: &mut Weights, name: &str, size: usize) -> Result<Self, Failure> {
        Ok(Self {
            scale: weights.float(&format!("{name}.weight"), [size])?,
        })
    }

    /// The encoder's norms keep their scale as a distance from one, under the name `gamma`.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] for a weight that is missing or of another shape.
    pub fn load_unit_offset(weights: &mut Weights, name: &str, size: usize) -> Result<Self, Failure> {
        Ok(Self {
            scale: weights.float(&format!("{name}.gamma"), [size])?.add_scalar(1.0),
        })
    }

    /// # Shapes
    /// `[n, d]` → `[n, d]`
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        ops::norm(x, self.scale.clone())
    }
}

impl Mlp {
    /// # Errors
    /// [`Failure::Unsupported`] for a weight that is missing or of another shape.
    pub fn load(
        weights: &mut Weights,
        name: &str,
        [size, inner]: [usize; 2],
        activation: Activation,
    ) -> Result<Self, Failure> {
        Ok(Self {
            expand: Linear::load(weights, &format!("{name}.fc1"), [size, inner], Bias::Present)?,
            contract: Linear::load(weights, &format!("{name}.fc2"), [inner, size], Bias::Present)?,
            activation,
        })
    }

    /// Added to `stream`.
    ///
    /// # Shapes
    /// x, stream `[n, d]` → `[n, d]`
    pub fn forward(&self, x: Tensor<2>, stream: Tensor<2>) -> Tensor<2> {
        let inner = ops::activate(self.expand.forward(x), self.activation);
        self.contract.forward_onto(inner, stream)
    }
}

impl GatedMlp {
    /// # Errors
    /// [`Failure::Unsupported`] for a weight that is missing or of another shape.
    pub fn load(
        weights: &mut Weights,
        name: &str,
        [size, inner]: [usize; 2],
        activation: Activation,
    ) -> Result<Self, Failure> {
        Ok(Self {
            expand: Linear::load(weights, &format!("{name}.fc1"), [size, 2 * inner], Bias::Present)?,
            contract: Linear::load(weights, &format!("{name}.fc2"), [inner, size], Bias::Present)?,
            activation,
        })
    }

    /// Added to `stream`.
    ///
    /// # Shapes
    /// x, stream `[n, d]` → `[n, d]`
    pub fn forward(&self, x: Tensor<2>, stream: Tensor<2>) -> Tensor<2> {
        let inner = ops::gate(self.expand.forward(x), self.activation);
        self.contract.forward_onto(inner, stream)
    }
}
