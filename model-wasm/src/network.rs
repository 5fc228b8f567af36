//! The network, top-down, batch of one: Moonshine v2 streaming, and Whisper, which differs in its stem, in what a row of the
//! encoder sees, and in where positions are added.
//!
//! Mirrors `modeling_moonshine_streaming.py` and `modeling_whisper.py` of Hugging Face transformers 5.23 and keeps the
//! checkpoints' names. Moonshine's window mask is always on, as in `generate()`, which always passes an attention mask.

mod decoder;
mod stem;

use burn::tensor::{Device, Int, Tensor, TensorData};
use speech::protocol::Failure;

use decoder::Decoder;
use stem::Stem;

use crate::{
    attention::{Form, SelfAttention},
    config::{Config, EncoderConfig},
    features::{FRAMES_PER_STEP, steps},
    layers::{Bias, Inner, Mlp, Norm},
    ops::Sight,
    weights::Weights,
    whisper::Mel,
};

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
        let encoder = Encoder::load(&config, &mut weights)?;
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

    /// Samples of the longest utterance that has positions; Whisper hears any in windows.
    pub fn max_samples(&self) -> usize {
        match self.config.whisper {
            Some(_) => usize::MAX,
            None => self.config.max_position_embeddings * self.row_samples(),
        }
    }

    /// The wave, floats in −1…1 at 16 kHz, must hold a sample and at most [`Network::max_samples`]; of a longer one than its
    /// window Whisper hears the beginning.
    pub fn encode(&self, wave: &[f32]) -> Encoded {
        if let Some(whisper) = &self.config.whisper {
            return self.encode_window(&Mel::of(wave, whisper.mels, whisper.window_samples()), 0);
        }
        let frame_len = self.config.encoder.frame_len();
        debug_assert!((1..=self.config.max_position_embeddings).contains(&steps(wave.len(), frame_len)));
        let (x, steps) = self.encoder.stem.hear(wave, &self.device);
        Encoded {
            hidden: self.encoder.forward(x, steps),
            steps,
        }
    }

    /// Whisper's window of a spectrum, from a frame on.
    pub fn encode_window(&self, mel: &Mel, from: usize) -> Encoded {
        let steps = self.config.max_position_embeddings;
        let x = self.encoder.stem.see(mel.window(from, 2 * steps), &self.device);
        Encoded {
            hidden: self.encoder.forward(x, steps),
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
        let settled = match self.config.whisper {
            // Every row sees all of the window.
            Some(_) => 0,
            None => whole.saturating_sub(self.encoder.looks_ahead()),
        };
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

    /// [`Network::advance`] for the last of the tokens alone: `[1, vocabulary]`
    pub fn advance_to_last(&self, session: &mut Session, tokens: Tensor<1, Int>) -> Tensor<2> {
        self.decoder.forward_to_last(session, tokens)
    }

    /// How much the decoder looks at each row of speech before it says each of the tokens, and before it ends: the sum of
    /// all layers, `[tokens + 1, steps]`. The session starts anew, with a prompt of at least the start token, and needs room
    /// for all of them.
    pub fn looks(&self, session: &mut Session, prompt: &[u32], tokens: &[u32]) -> Tensor<2> {
        let inputs = [prompt, tokens].concat();
        session.rewind(0);
        let looks = self.decoder.looks(session, self.tokens(&inputs));
        let [rows, steps] = looks.dims();
        looks.slice([prompt.len() - 1..rows, 0..steps])
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
    /// None for a network whose rows see all others.
    windows: Vec<(usize, usize)>,
}

impl Encoder {
    fn load(config: &Config, weights: &mut Weights) -> Result<Self, Failure> {
        let (name, encoder) = ("model.encoder", &config.encoder);
        let layer = |layer: usize, weights: &mut Weights| {
            let name = format!("{name}.layers.{layer}");
            match config.whisper {
                Some(_) => EncoderLayer::load_whisper(encoder, &name, weights),
                None => EncoderLayer::load(encoder, &name, weights),
            }
        };
        Ok(Self {
            stem: match &config.whisper {
                Some(whisper) => Stem::load_whisper(encoder, whisper, weights)?,
                None => Stem::load(encoder, weights)?,
            },
            layers: (0..encoder.num_hidden_layers)
                .map(|at| layer(at, weights))
                .collect::<Result<_, _>>()?,
            norm: match config.whisper {
                Some(_) => Norm::load_biased(weights, &format!("{name}.layer_norm"), encoder.hidden_size)?,
                None => Norm::load_unit_offset(weights, &format!("{name}.final_norm"), encoder.hidden_size)?,
            },
            windows: encoder.sliding_windows.clone(),
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
    /// `[rows, d]`, of which `steps` are speech → `[rows, d]`
    fn forward(&self, mut x: Tensor<2>, steps: usize) -> Tensor<2> {
        for (at, layer) in self.layers.iter().enumerate() {
            let sight = match self.windows.get(at) {
                Some(window) => Sight::window(*window, steps),
                None => Sight::all(steps),
            };
            x = layer.forward(x, sight);
        }
        self.norm.forward(x)
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
        let bias = bias(config.attention_bias);
        let form = Form::moonshine(bias, bias);
        let mlp = format!("{name}.mlp");
        let shape = [size, config.intermediate_size];
        Ok(Self {
            attention_norm: Norm::load_unit_offset(weights, &format!("{name}.input_layernorm"), size)?,
            attention: SelfAttention::load(weights, &format!("{name}.self_attn"), size, config.heads(), form)?,
            mlp_norm: Norm::load_unit_offset(weights, &format!("{name}.post_attention_layernorm"), size)?,
            mlp: Mlp::load(weights, &mlp, shape, config.hidden_act, Inner::Activated)?,
        })
    }

    fn load_whisper(config: &EncoderConfig, name: &str, weights: &mut Weights) -> Result<Self, Failure> {
        let size = config.hidden_size;
        let attention = format!("{name}.self_attn");
        let shape = [size, config.intermediate_size];
        Ok(Self {
            attention_norm: Norm::load_biased(weights, &format!("{name}.self_attn_layer_norm"), size)?,
            attention: SelfAttention::load(weights, &attention, size, config.heads(), Form::WHISPER)?,
            mlp_norm: Norm::load_biased(weights, &format!("{name}.final_layer_norm"), size)?,
            mlp: Mlp::load(weights, name, shape, config.hidden_act, Inner::Activated)?,
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
