//! Sound to the rows of 20 ms that the encoder's layers see.

use burn::tensor::{Device, Tensor, TensorData};
use speech::protocol::Failure;

use super::ROW_STEP;
use crate::{
    config::{Activation, EncoderConfig, whisper::Whisper},
    features::frames,
    ops,
    weights::Weights,
};

/// Kernel and stride of both convolutions of Moonshine's stem.
const KERNEL: usize = 5;
const STRIDE: usize = 2;

/// Kernel of both convolutions of Whisper's: a frame, and one to each side.
const AROUND: usize = 3;

// A network has one: a box would save nothing.
#[allow(clippy::large_enum_variant)]
pub enum Stem {
    /// Moonshine's: frames of 5 ms, a projection and two causal convolutions.
    Frames {
        project: CausalConv,
        first: CausalConv,
        second: CausalConv,
        frame_len: usize,
        /// e^log_k of the front end's compression.
        gain: f32,
    },
    /// Whisper's: frames of a spectrum each 10 ms, two convolutions, and positions, `[rows, d]`.
    Spectrum {
        first: CausalConv,
        second: CausalConv,
        positions: Tensor<2>,
    },
}

impl Stem {
    pub fn load(config: &EncoderConfig, weights: &mut Weights) -> Result<Self, Failure> {
        let (name, size) = ("model.encoder.embedder", config.hidden_size);
        let project = weights.float(&format!("{name}.linear.weight"), [config.frame_len(), size])?;
        Ok(Self::Frames {
            project: CausalConv {
                bias: Tensor::zeros([size], weights.device()),
                weight: project,
                stride: 1,
            },
            first: CausalConv::load(weights, &format!("{name}.conv1"), [2 * size, size])?,
            second: CausalConv::load(weights, &format!("{name}.conv2"), [size, 2 * size])?,
            frame_len: config.frame_len(),
            gain: weights.scalar(&format!("{name}.comp.log_k"))?.exp(),
        })
    }

    pub fn load_whisper(config: &EncoderConfig, whisper: &Whisper, weights: &mut Weights) -> Result<Self, Failure> {
        let (name, size) = ("model.encoder", config.hidden_size);
        let first: Tensor<3> = weights.float(&format!("{name}.conv1.weight"), [size, whisper.mels, AROUND])?;
        let second: Tensor<3> = weights.float(&format!("{name}.conv2.weight"), [size, size, AROUND])?;
        let second = second.permute([2, 1, 0]).reshape([AROUND * size, size]);
        let nothing = Tensor::zeros([size, size], weights.device());
        Ok(Self::Spectrum {
            // What a frame sees comes side by side from the host.
            first: CausalConv {
                weight: first.permute([2, 1, 0]).reshape([AROUND * whisper.mels, size]),
                bias: weights.float(&format!("{name}.conv1.bias"), [size])?,
                stride: 1,
            },
            // A row sees its two frames and the last of the row before: of pairs of frames the own and the one before,
            // whose first frame counts for nothing.
            second: CausalConv {
                weight: Tensor::cat(vec![nothing, second], 0),
                bias: weights.float(&format!("{name}.conv2.bias"), [size])?,
                stride: 1,
            },
            positions: weights.float(&format!("{name}.embed_positions.weight"), [whisper.window, size])?,
        })
    }

    /// A wave as Moonshine hears it: `[rows, d]`, and how many of the rows are speech; the rest is padding.
    ///
    /// # Panics
    /// If the stem is Whisper's.
    pub fn hear(&self, wave: &[f32], device: &Device) -> (Tensor<2>, usize) {
        let Self::Frames {
            project,
            first,
            second,
            frame_len,
            gain,
        } = self
        else {
            unreachable!("Whisper sees a spectrum");
        };
        let frames = frames(wave, *frame_len, *gain, ROW_STEP);
        let data = TensorData::new(frames.values, [frames.rows, *frame_len]);
        let x = ops::activate(project.forward(Tensor::from_data(data, device)), Activation::Silu);
        let x = ops::activate(first.forward(x), Activation::Silu);
        (second.forward(x), frames.steps)
    }

    /// A window of a spectrum, `[frames, mels]` row after row, as Whisper sees it: `[frames / 2, d]`
    ///
    /// # Panics
    /// If the stem is Moonshine's.
    pub fn see(&self, window: Vec<f32>, device: &Device) -> Tensor<2> {
        let Self::Spectrum {
            first,
            second,
            positions,
        } = self
        else {
            unreachable!("Moonshine hears a wave");
        };
        let [rows, size] = positions.dims();
        let frames = 2 * rows;
        let around = around(&window, window.len() / frames);
        let columns = around.len() / frames;
        let x = Tensor::from_data(TensorData::new(around, [frames, columns]), device);
        let x = ops::activate(first.forward(x), Activation::Gelu);
        let x = ops::activate(second.forward(x.reshape([rows, 2 * size])), Activation::Gelu);
        x + positions.clone()
    }
}

/// Each row between its neighbours, of which those at the ends have one only: `[n, width]` → `[n, 3·width]`
fn around(rows: &[f32], width: usize) -> Vec<f32> {
    let nothing = vec![0.0; width];
    let padded = [nothing.as_slice(), rows, &nothing].concat();
    let seen = padded.windows(AROUND * width).step_by(width);
    seen.flatten().copied().collect()
}

/// A convolution that sees no later frame.
pub struct CausalConv {
    /// `[taps·channels in, channels out]`
    weight: Tensor<2>,
    bias: Tensor<1>,
    stride: usize,
}

impl CausalConv {
    fn load(weights: &mut Weights, name: &str, [out, input]: [usize; 2]) -> Result<Self, Failure> {
        let weight: Tensor<3> = weights.float(&format!("{name}.weight"), [out, input, KERNEL])?;
        Ok(Self {
            weight: weight.permute([2, 1, 0]).reshape([KERNEL * input, out]),
            bias: weights.float(&format!("{name}.bias"), [out])?,
            stride: STRIDE,
        })
    }

    /// # Shapes
    /// `[n, channels in]` → `[n / stride, channels out]`
    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        ops::convolve(x, self.weight.clone(), self.bias.clone(), self.stride)
    }
}

#[cfg(test)]
mod tests {
    use super::around;

    #[test]
    fn rows_see_their_neighbours() {
        assert_eq!(
            around(&[1.0, 2.0, 3.0], 1),
            [0.0, 1.0, 2.0, 1.0, 2.0, 3.0, 2.0, 3.0, 0.0]
        );
        assert_eq!(around(&[1.0, 2.0, 3.0, 4.0], 2).len(), 12);
    }
}
