//! The network, top-down: Moonshine v2 streaming, batch of one.
//!
//! Mirrors `modeling_moonshine_streaming.py` of Hugging Face transformers 5.23 and keeps the checkpoint's names. The
//! window mask is always on, as in `generate()`, which always passes an attention mask.

use burn::tensor::{Device, Int, Tensor, TensorData, module, ops::ConvOptions};
use speech::protocol::Failure;

use crate::{
    attention::{Attention, Heads, KeyValues, Rotation, causal_mask, padding_mask, window_mask},
    config::{Activation, Config, EncoderConfig},
    features::{FRAMES_PER_STEP, Frames, frames, steps},
    layers::{Bias, GatedMlp, Linear, Mlp, Norm, activate},
    weights::Weights,
};

/// Kernel and stride of both convolutions of the stem.
const KERNEL: usize = 5;
const STRIDE: usize = 2;

pub struct Network {
    pub config: Config,
    encoder: Encoder,
    decoder: Decoder,
    device: Device,
}

/// What the encoder makes of an utterance.
pub struct Encoded {
    /// `[1, rows, encoder width]`; rows from `steps` on are padding.
    hidden: Tensor<3>,
    /// Rows of speech, 20 ms each.
    steps: usize,
}

/// The decoder's memory of one utterance.
pub struct Session {
    /// Keys and values of the encoder's output, per layer.
    heard: Vec<KeyValues>,
    /// Hides the padding of `heard`.
    heard_mask: Tensor<4>,
    /// Keys and values of the tokens so far, per layer.
    said: Vec<Option<KeyValues>>,
    /// `[1, 1, capacity, capacity]`
    said_mask: Tensor<4>,
    rotation: Rotation,
    position: usize,
}

impl Network {
    /// # Errors
    /// [`Failure::Unsupported`] for a weight that is missing, of another shape, or that nothing here uses.
    pub fn load(config: Config, mut weights: Weights) -> Result<Self, Failure> {
        let encoder = Encoder::load(&config.encoder, &mut weights)?;
        let decoder = Decoder::load(&config, encoder.block, &mut weights)?;
        let device = weights.finish()?;
        Ok(Self {
            config,
            encoder,
            decoder,
            device,
        })
    }

    /// Samples of the longest utterance that has positions.
    pub fn max_samples(&self) -> usize {
        self.config.max_position_embeddings * FRAMES_PER_STEP * self.config.encoder.frame_len()
    }

    /// The wave, floats in −1…1 at 16 kHz, must hold a sample and at most [`Network::max_samples`].
    pub fn encode(&self, wave: &[f32]) -> Encoded {
        let frame_len = self.config.encoder.frame_len();
        debug_assert!((1..=self.config.max_position_embeddings).contains(&steps(wave.len(), frame_len)));
        let frames = frames(wave, frame_len, self.encoder.gain, self.encoder.block);
        let steps = frames.steps;
        Encoded {
            hidden: self.encoder.forward(frames, &self.device),
            steps,
        }
    }

    /// Starts on an utterance, with room for `capacity` tokens.
    pub fn begin(&self, encoded: &Encoded, capacity: usize) -> Session {
        self.decoder.begin(encoded, capacity, &self.config, &self.device)
    }

    /// Takes the next tokens, `[n]`; gives for each the scores of its successor, `[n, vocabulary]`.
    pub fn advance(&self, session: &mut Session, tokens: Tensor<1, Int>) -> Tensor<2> {
        self.decoder.forward(session, tokens)
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
        let [_, rows, width] = self.hidden.dims();
        self.hidden
            .clone()
            .reshape([rows, width])
            .slice([0..self.steps, 0..width])
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
    /// Rows per block of the windowed attention: no window reaches beyond the neighbouring block.
    block: usize,
}

impl Encoder {
    fn load(config: &EncoderConfig, weights: &mut Weights) -> Result<Self, Failure> {
        let name = "model.encoder";
        let block = config
            .sliding_windows
            .iter()
            .map(|&(left, right)| left.max(right))
            .max()
            .unwrap_or(1)
            .max(16);
        Ok(Self {
            stem: Stem::load(config, weights)?,
            layers: (0..config.num_hidden_layers)
                .map(|layer| EncoderLayer::load(config, &format!("{name}.layers.{layer}"), weights))
                .collect::<Result<_, _>>()?,
            norm: Norm::load_unit_offset(weights, &format!("{name}.final_norm"), config.hidden_size)?,
            windows: config.sliding_windows.clone(),
            frame_len: config.frame_len(),
            gain: weights.scalar(&format!("{name}.embedder.comp.log_k"))?.exp(),
            block,
        })
    }

    /// # Shapes
    /// frames `[4·rows, frame_len]` → `[1, rows, d]`
    fn forward(&self, frames: Frames, device: &Device) -> Tensor<3> {
        let data = TensorData::new(frames.values, [1, frames.rows, self.frame_len]);
        let mut x = self.stem.forward(Tensor::from_data(data, device));
        let blocks = x.dims()[1] / self.block;
        let mut masks: Vec<((usize, usize), Tensor<4>)> = Vec::new();
        for (layer, window) in self.layers.iter().zip(&self.windows) {
            let known = masks.iter().find(|(of, _)| of == window).map(|(_, mask)| mask.clone());
            let mask = known.unwrap_or_else(|| {
                let mask = window_mask(*window, self.block, blocks, frames.steps, device);
                masks.push((*window, mask.clone()));
                mask
            });
            x = layer.forward(x, mask);
        }
        self.norm.forward(x)
    }
}

/// Frames of 5 ms to rows of 20 ms: a projection and two causal convolutions.
struct Stem {
    project: Linear,
    first: CausalConv,
    second: CausalConv,
}

impl Stem {
    fn load(config: &EncoderConfig, weights: &mut Weights) -> Result<Self, Failure> {
        let (name, size) = ("model.encoder.embedder", config.hidden_size);
        Ok(Self {
            project: Linear::load(
                weights,
                &format!("{name}.linear"),
                [config.frame_len(), size],
                Bias::Absent,
            )?,
            first: CausalConv::load(weights, &format!("{name}.conv1"), [2 * size, size])?,
            second: CausalConv::load(weights, &format!("{name}.conv2"), [size, 2 * size])?,
        })
    }

    /// # Shapes
    /// `[1, 4·rows, frame_len]` → `[1, rows, d]`
    fn forward(&self, frames: Tensor<3>) -> Tensor<3> {
        let x = activate(Activation::Silu, self.project.forward(frames)).swap_dims(1, 2);
        let x = activate(Activation::Silu, self.first.forward(x));
        self.second.forward(x).swap_dims(1, 2)
    }
}

/// A convolution that sees no later frame.
struct CausalConv {
    /// `[channels out, channels in, KERNEL]`
    weight: Tensor<3>,
    bias: Tensor<1>,
}

impl CausalConv {
    fn load(weights: &mut Weights, name: &str, [out, input]: [usize; 2]) -> Result<Self, Failure> {
        Ok(Self {
            weight: weights.float(&format!("{name}.weight"), [out, input, KERNEL])?,
            bias: weights.float(&format!("{name}.bias"), [out])?,
        })
    }

    /// # Shapes
    /// `[1, channels in, n]` → `[1, channels out, n / STRIDE]`
    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let options = ConvOptions::new_with_padding([STRIDE], [(KERNEL - 1, 0)], [1], 1);
        module::conv1d(x, self.weight.clone(), Some(self.bias.clone()), options)
    }
}

struct EncoderLayer {
    attention_norm: Norm,
    attention: Attention,
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
            attention: Attention::load(weights, &format!("{name}.self_attn"), size, heads, [bias, bias])?,
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
    /// `[1, rows, d]` → `[1, rows, d]`
    fn forward(&self, x: Tensor<3>, mask: Tensor<4>) -> Tensor<3> {
        let x = x.clone() + self.attention.windowed(self.attention_norm.forward(x), mask);
        x.clone() + self.mlp.forward(self.mlp_norm.forward(x))
    }
}

struct Decoder {
    /// `[vocabulary, d]`
    embedding: Tensor<2>,
    /// Positions of encoder frames, `[max positions + block, encoder width]`: the last rows, zero, are for padding.
    frame_positions: Tensor<2>,
    /// Between streams of different widths.
    project: Option<Linear>,
    layers: Vec<DecoderLayer>,
    norm: Norm,
    head: Linear,
}

impl Decoder {
    fn load(config: &Config, block: usize, weights: &mut Weights) -> Result<Self, Failure> {
        let (name, size, heard) = ("model.decoder", config.hidden_size, config.encoder.hidden_size);
        let positions = weights.float(
            &format!("{name}.pos_emb.weight"),
            [config.max_position_embeddings, heard],
        )?;
        let rest = Tensor::zeros([block, heard], &positions.device());
        Ok(Self {
            embedding: weights.float(&format!("{name}.embed_tokens.weight"), [config.vocab_size, size])?,
            frame_positions: Tensor::cat(vec![positions, rest], 0),
            project: match heard == size {
                true => None,
                false => Some(Linear::load(
                    weights,
                    &format!("{name}.proj"),
                    [heard, size],
                    Bias::Absent,
                )?),
            },
            layers: (0..config.num_hidden_layers)
                .map(|layer| DecoderLayer::load(config, &format!("{name}.layers.{layer}"), weights))
                .collect::<Result<_, _>>()?,
            norm: Norm::load(weights, &format!("{name}.norm"), size)?,
            head: Linear::load(weights, "proj_out", [size, config.vocab_size], Bias::Absent)?,
        })
    }

    fn begin(&self, encoded: &Encoded, capacity: usize, config: &Config, device: &Device) -> Session {
        let [_, rows, width] = encoded.hidden.dims();
        let positions = self
            .frame_positions
            .clone()
            .slice([0..rows, 0..width])
            .reshape([1, rows, width]);
        let placed = encoded.hidden.clone() + positions;
        let heard = match &self.project {
            Some(project) => project.forward(placed),
            None => placed,
        };
        let (head_dim, divisor) = (config.head_dim(), config.rotary_divisor());
        Session {
            heard: self
                .layers
                .iter()
                .map(|layer| layer.across.key_values(heard.clone()))
                .collect(),
            heard_mask: padding_mask(encoded.steps, rows, device),
            said: self.layers.iter().map(|_| None).collect(),
            said_mask: causal_mask(capacity, device),
            rotation: Rotation::table(capacity, head_dim, divisor, config.rope_parameters.rope_theta, device),
            position: 0,
        }
    }

    /// # Shapes
    /// tokens `[n]` → `[n, vocabulary]`
    fn forward(&self, session: &mut Session, tokens: Tensor<1, Int>) -> Tensor<2> {
        let [rows] = tokens.dims();
        let [_, size] = self.embedding.dims();
        let capacity = session.said_mask.dims()[3];
        let position = session.position;
        debug_assert!(position + rows <= capacity, "the session was made with less room");
        let mask = session
            .said_mask
            .clone()
            .slice([0..1, 0..1, position..position + rows, 0..capacity]);
        let rotation = session.rotation.rows(position, rows);
        let mut x = self.embedding.clone().select(0, tokens).reshape([1, rows, size]);
        for (layer, (heard, said)) in self.layers.iter().zip(session.heard.iter().zip(&mut session.said)) {
            let normed = layer.self_norm.forward(x.clone());
            x = x + layer.attention.causal(normed, &rotation, mask.clone(), said, position);
            let normed = layer.across_norm.forward(x.clone());
            x = x + layer.across.across(normed, heard, session.heard_mask.clone());
            x = x.clone() + layer.mlp.forward(layer.mlp_norm.forward(x));
        }
        session.position += rows;
        let logits = self.head.forward(self.norm.forward(x));
        let vocabulary = logits.dims()[2];
        logits.reshape([rows, vocabulary])
    }
}

struct DecoderLayer {
    self_norm: Norm,
    attention: Attention,
    across_norm: Norm,
    across: Attention,
    mlp_norm: Norm,
    mlp: GatedMlp,
}

impl DecoderLayer {
    fn load(config: &Config, name: &str, weights: &mut Weights) -> Result<Self, Failure> {
        let size = config.hidden_size;
        let count = config.num_attention_heads;
        let heads = Heads {
            query: count,
            key: count,
            dim: config.head_dim(),
        };
        let biases = [bias(config.attention_bias), Bias::Absent];
        Ok(Self {
            self_norm: Norm::load(weights, &format!("{name}.input_layernorm"), size)?,
            attention: Attention::load(weights, &format!("{name}.self_attn"), size, heads, biases)?,
            across_norm: Norm::load(weights, &format!("{name}.post_attention_layernorm"), size)?,
            across: Attention::load(weights, &format!("{name}.encoder_attn"), size, heads, biases)?,
            mlp_norm: Norm::load(weights, &format!("{name}.final_layernorm"), size)?,
            mlp: GatedMlp::load(
                weights,
                &format!("{name}.mlp"),
                [size, config.intermediate_size],
                config.hidden_act,
            )?,
        })
    }
}

fn bias(present: bool) -> Bias {
    if present { Bias::Present } else { Bias::Absent }
}
