//! The building blocks that the encoder and the decoder share, on plain tensor operations.

use burn::tensor::{Tensor, activation, module};
use speech::protocol::Failure;

use crate::{config::Activation, weights::Weights};

/// Both norms of the original keep PyTorch's default.
const NORM_EPSILON: f64 = 1e-5;

/// y = x·W + b, with W float or quantised: the quantised form of the network is this struct with another tensor in it.
pub struct Linear {
    /// `[d_in, d_out]`
    weight: Tensor<2>,
    /// `[d_out]`
    bias: Option<Tensor<1>>,
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
    pub fn load(weights: &mut Weights, name: &str, shape: [usize; 2], bias: Bias) -> Result<Self, Failure> {
        let weight = weights.linear(&format!("{name}.weight"), shape)?;
        let bias = match bias {
            Bias::Present => Some(weights.float(&format!("{name}.bias"), [shape[1]])?),
            Bias::Absent => None,
        };
        Ok(Self { weight, bias })
    }

    /// # Shapes
    /// `[1, n, d_in]` → `[1, n, d_out]`
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        module::linear(x, self.weight.clone(), self.bias.clone())
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
    /// `[1, n, d]` → `[1, n, d]`
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        module::layer_norm(x, self.scale.clone(), None, NORM_EPSILON)
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

    /// # Shapes
    /// `[1, n, d]` → `[1, n, d]`
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        self.contract.forward(activate(self.activation, self.expand.forward(x)))
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

    /// # Shapes
    /// `[1, n, d]` → `[1, n, d]`
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let both = self.expand.forward(x);
        let inner = both.dims()[2] / 2;
        let value = both.clone().slice([0..1, 0..both.dims()[1], 0..inner]);
        let gate = both.clone().slice([0..1, 0..both.dims()[1], inner..2 * inner]);
        self.contract.forward(activate(self.activation, gate) * value)
    }
}

/// Elementwise.
pub fn activate<const D: usize>(activation: Activation, x: Tensor<D>) -> Tensor<D> {
    match activation {
        Activation::Gelu => activation::gelu(x),
        Activation::Silu => activation::silu(x),
    }
}
