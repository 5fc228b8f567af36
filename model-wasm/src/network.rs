//! The network, top-down: Moonshine v2 streaming, batch of one.
//!
//! Mirrors `modeling_moonshine_streaming.py` of Hugging Face transformers 5.23 and keeps the checkpoint's names. The
//! window mask is always on, as in `generate()`, which always passes an attention mask.

mod decoder;

use burn::tensor::{Device, Int, Tensor, TensorData};
use speech::protocol::Failure;

use decoder::Decoder;

use crate::{
    attention::SelfAttention,
    config::{Activation, Config, EncoderConfig},
    features::{FRAMES_PER_STEP, Frames, frames, steps},
    layers::{Bias, Mlp, Norm},
    ops::{self, Heads, Sight},
    weights::Weights,
};

/// Kernel and stride of both convolutions of the stem.
const KERNEL: usize = 5;
const STRIDE: usize = 2;

/// Rows of an utterance come in such steps: the products take so many at a time.
const ROW_STEP: usize = 4;

pub struct Network {
    pub config: Config,
    encoder: Encoder,
    decoder: Decoder,
    device: Device,
}

/// What the encoder makes of an utterance.
pub struct Encoded {
    /// `[rows, encoder width]`; rows from `steps` on are padding.
    hidden: Tensor<2>,
    /// Rows of speech, 20 ms each.
    steps: usize,
}

/// The decoder's memory of one utterance.
pub struct Session {
    /// Keys and values of the encoder's output, per layer.
    heard: Vec<Tensor<2>>,
    /// Rows of `heard` that are no padding.
    steps: usize,
    /// Keys and values of the tokens so far, per layer, with room for more.
    said: Vec<Option<Tensor<2>>>,
    /// `[capacity, head_dim]`
    turns: Tensor<2>,
    position: usize,
}

impl Network {
    /// # Errors
    /// [`Failure::Unsupported`] for a weight that is missing, of another shape, or that nothing here uses.
    pub fn load(config: Config, mut weights: Weights) -> Result<Self, Failure> {
        let encoder = Encoder::load(&config.encoder, &mut weights)?;
        let decoder = Decoder::load(&config, &mut weights)?;
        let device = weights.finish()?;
        Ok(Self {
            config,
            encoder,
            decoder,
            device,
        })
    }

    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Samples of the longest utterance that has positions.
    pub fn max_samples(&self) -> usize {
        self.config.max_position_embeddings * self.row_samples()
    }

    /// The wave, floats in −1…1 at 16 kHz, must hold a sample and at most [`Network::max_samples`].
    pub fn encode(&self, wave: &[f32]) -> Encoded {
        let frame_len = self.config.encoder.frame_len();
        debug_assert!((1..=self.config.max_position_embeddings).contains(&steps(wave.len(), frame_len)));
        let frames = frames(wave, frame_len, self.encoder.gain, ROW_STEP);
        let steps = frames.steps;
        Encoded {
            hidden: self.encoder.forward(frames, &self.device),
            steps,
        }
    }

    /// [`Network::encode`] of a wave whose first rows are known: those that [`Network::settled`] gave for a part of the
    /// same wave. Only the rest is computed, and as much before it as it looks back on.
    pub fn encode_rest(&self, known: Option<Tensor<2>>, wave: &[f32]) -> Encoded {
        let row = self.row_samples();
        let start = known
            .as_ref()
            .map_or(0, |rows| rows.dims()[0])
            .saturating_sub(self.encoder.looks_back());
        let fresh = self.encode(&wave[start * row..]);
        let Some(known) = known else { return fresh };
        let ([rows, width], [known_rows, _]) = (fresh.hidden.dims(), known.dims());
        let rest = fresh.hidden.slice([known_rows - start..rows, 0..width]);
        Encoded {
            hidden: Tensor::cat(vec![known, rest], 0),
            steps: start + fresh.steps,
        }
    }

    /// The rows of a wave of so many samples that nothing can change that is said later.
    pub fn settled(&self, encoded: &Encoded, samples: usize) -> Option<Tensor<2>> {
        let whole = samples / self.row_samples();
        let settled = whole.saturating_sub(self.encoder.looks_ahead());
        let [_, width] = encoded.hidden.dims();
        (settled > 0).then(|| encoded.hidden.clone().slice([0..settled, 0..width]))
    }

    /// Starts on an utterance, with room for `capacity` tokens.
    pub fn begin(&self, encoded: &Encoded, capacity: usize) -> Session {
        self.decoder.begin(encoded, capacity, &self.config, &self.device)
    }

    /// Takes the next tokens, `[n]`; gives for each the scores of its successor, `[n, vocabulary]`.
    pub fn advance(&self, session: &mut Session, tokens: Tensor<1, Int>) -> Tensor<2> {
        self.decoder.forward(session, tokens)
    }

    /// How much the decoder looks at each row of speech before it says each of the tokens, and before it ends: the sum of
    /// all layers, `[tokens + 1, steps]`. The session starts anew and needs room for one token more.
    pub fn looks(&self, session: &mut Session, tokens: &[u32]) -> Tensor<2> {
        let inputs: Vec<u32> = [self.config.start_token()].iter().chain(tokens).copied().collect();
        session.rewind(0);
        self.decoder.looks(session, self.tokens(&inputs))
    }

    /// Samples of sound in a row of the encoder's output.
    pub fn row_samples(&self) -> usize {
        FRAMES_PER_STEP * self.config.encoder.frame_len()
    }

    pub fn tokens(&self, ids: &[u32]) -> Tensor<1, Int> {
        let ids: Vec<i32> = ids.iter().map(|id| *id as i32).collect();
        let count = ids.len();
        Tensor::from_data(TensorData::new(ids, [count]), &self.device)
    }
}

impl Encoded {
    /// `[steps, encoder width]`
    pub fn speech(&self) -> Tensor<2> {
        let [_, width] = self.hidden.dims();
        self.hidden.clone().slice([0..self.steps, 0..width])
    }
}

impl Session {
    /// Tokens taken so far, the start token among them.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Forgets the tokens from `position` on.
    pub fn rewind(&mut self, position: usize) {
        self.position = position;
    }
}

struct Encoder {
    stem: Stem,
    layers: Vec<EncoderLayer>,
    norm: Norm,
    windows: Vec<(usize, usize)>,
    frame_len: usize,
    /// e^log_k of the front end's compression.
    gain: f32,
}

impl Encoder {
    fn load(config: &EncoderConfig, weights: &mut Weights) -> Result<Self, Failure> {
        let name = "model.encoder";
        Ok(Self {
            stem: Stem::load(config, weights)?,
            layers: (0..config.num_hidden_layers)
                .map(|layer| EncoderLayer::load(config, &format!("{name}.layers.{layer}"), weights))
                .collect::<Result<_, _>>()?,
            norm: Norm::load_unit_offset(weights, &format!("{name}.final_norm"), config.hidden_size)?,
            windows: config.sliding_windows.clone(),
            frame_len: config.frame_len(),
            gain: weights.scalar(&format!("{name}.embedder.comp.log_k"))?.exp(),
        })
    }

    /// Rows before a row that it depends on: the stem's two convolutions reach back over three, each layer over its window.
    fn looks_back(&self) -> usize {
        3 + self.windows.iter().map(|(left, _)| left - 1).sum::<usize>()
    }

    /// Rows after a row that it depends on.
    fn looks_ahead(&self) -> usize {
        self.windows.iter().map(|(_, right)| right.saturating_sub(1)).sum()
    }

    /// # Shapes
    /// frames `[4·rows, frame_len]` → `[rows, d]`
    fn forward(&self, frames: Frames, device: &Device) -> Tensor<2> {
        let data = TensorData::new(frames.values, [frames.rows, self.frame_len]);
        let mut x = self.stem.forward(Tensor::from_data(data, device));
        for (layer, window) in self.layers.iter().zip(&self.windows) {
            x = layer.forward(x, Sight::window(*window, frames.steps));
        }
        self.norm.forward(x)
    }
}

/// Frames of 5 ms to rows of 20 ms: a projection and two causal convolutions.
struct Stem {
    project: CausalConv,
    first: CausalConv,
    second: CausalConv,
}

impl Stem {
    fn load(config: &EncoderConfig, weights: &mut Weights) -> Result<Self, Failure> {
        let (name, size) = ("model.encoder.embedder", config.hidden_size);
        let project = weights.float(&format!("{name}.linear.weight"), [config.frame_len(), size])?;
        Ok(Self {
            project: CausalConv {
                bias: Tensor::zeros([size], weights.device()),
                weight: project,
                stride: 1,
            },
            first: CausalConv::load(weights, &format!("{name}.conv1"), [2 * size, size])?,
            second: CausalConv::load(weights, &format!("{name}.conv2"), [size, 2 * size])?,
        })
    }

    /// # Shapes
    /// `[4·rows, frame_len]` → `[rows, d]`
    fn forward(&self, frames: Tensor<2>) -> Tensor<2> {
        let x = ops::activate(self.project.forward(frames), Activation::Silu);
        let x = ops::activate(self.first.forward(x), Activation::Silu);
        self.second.forward(x)
    }
}

/// A convolution that sees no later frame.
struct CausalConv {
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

struct EncoderLayer {
    attention_norm: Norm,
    attention: SelfAttention,
    mlp_norm: Norm,
    mlp: Mlp,
}

impl EncoderLayer {
    fn load(config: &EncoderConfig, name: &str, weights: &mut Weights) -> Result<Self, Failure> {
        let size = config.hidden_size;
        let heads = Heads {
            query: config.num_attention_heads,
            key: config.num_key_value_heads,
            dim: config.head_dim(),
        };
        let bias = bias(config.attention_bias);
        Ok(Self {
            attention_norm: Norm::load_unit_offset(weights, &format!("{name}.input_layernorm"), size)?,
            attention: SelfAttention::load(weights, &format!("{name}.self_attn"), size, heads, [bias, bias])?,
            mlp_norm: Norm::load_unit_offset(weights, &format!("{name}.post_attention_layernorm"), size)?,
            mlp: Mlp::load(
                weights,
                &format!("{name}.mlp"),
                [size, config.intermediate_size],
                config.hidden_act,
            )?,
        })
    }

    /// # Shapes
    /// `[rows, d]` → `[rows, d]`
    fn forward(&self, x: Tensor<2>, sight: Sight) -> Tensor<2> {
        let x = self
            .attention
            .windowed(self.attention_norm.forward(x.clone()), x, sight);
        self.mlp.forward(self.mlp_norm.forward(x.clone()), x)
    }
}

fn bias(present: bool) -> Bias {
    if present { Bias::Present } else { Bias::Absent }
}
