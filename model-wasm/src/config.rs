//! The network's dimensions, under the names of Moonshine's `config.json`.
//!
//! Mirrors `configuration_moonshine_streaming.py` of Hugging Face transformers 5.23; nothing here has a default that
//! the original does not have. A Whisper checkpoint has other names for the same, and more: see [`whisper`].

pub mod whisper;

use serde::Deserialize;
use serde_json::Value;
use speech::{RATE, protocol::Failure};

use crate::{
    ops::{Choice, Heads},
    pack::unsupported,
    quant::BLOCK,
    self_test::kernels::PERIOD,
};
use whisper::Whisper;

/// What the decoder and the whole need; the encoder has its own part.
#[derive(Clone, Debug, Deserialize)]
pub struct Config {
    model_type: String,
    #[serde(rename = "encoder_config")]
    pub encoder: EncoderConfig,
    pub vocab_size: usize,
    pub hidden_size: usize,
    pub intermediate_size: usize,
    pub num_hidden_layers: usize,
    pub num_attention_heads: usize,
    num_key_value_heads: Option<usize>,
    head_dim: Option<usize>,
    pub hidden_act: Activation,
    /// Encoder frames that have a learned position, so the longest utterance.
    pub max_position_embeddings: usize,
    #[serde(default)]
    pub rope_parameters: Rope,
    #[serde(default)]
    pub attention_bias: bool,
    #[serde(default)]
    pub tie_word_embeddings: bool,
    bos_token_id: Option<u32>,
    decoder_start_token_id: Option<u32>,
    eos_token_id: Ids,
    /// Of a network of the other family.
    #[serde(skip)]
    pub whisper: Option<Whisper>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct EncoderConfig {
    pub hidden_size: usize,
    pub intermediate_size: usize,
    pub num_hidden_layers: usize,
    pub num_attention_heads: usize,
    pub num_key_value_heads: usize,
    head_dim: Option<usize>,
    pub hidden_act: Activation,
    #[serde(default)]
    pub attention_bias: bool,
    sample_rate: u32,
    frame_ms: f64,
    /// For each layer: a frame sees the `left − 1` frames before it, itself, and the `right − 1` frames after it. Without
    /// windows it sees all.
    pub sliding_windows: Vec<(usize, usize)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Activation {
    /// The exact one, with the error function.
    Gelu,
    Silu,
}

/// Rotary positions of the decoder's self-attention.
#[derive(Clone, Debug, Deserialize)]
pub struct Rope {
    pub rope_theta: f32,
    rope_type: String,
    #[serde(default = "whole_head")]
    pub partial_rotary_factor: f64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Ids {
    One(u32),
    Many(Vec<u32>),
}

impl Config {
    /// # Errors
    /// [`Failure::Unsupported`] naming the first field that this build cannot run.
    pub fn parse(json: &Value) -> Result<Self, Failure> {
        if json["model_type"] == whisper::MODEL_TYPE {
            return whisper::parse(json);
        }
        let config: Self =
            serde_json::from_value(json.clone()).map_err(|e| unsupported(&format!("model configuration ({e})")))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), Failure> {
        let encoder = &self.encoder;
        let rules = [
            (self.model_type == "moonshine_streaming", "model_type"),
            (self.rope_parameters.rope_type == "default", "rope_type"),
            (encoder.sample_rate == RATE, "sample_rate"),
            (encoder.frame_len() > 0, "frame_ms"),
            (
                encoder.sliding_windows.len() == encoder.num_hidden_layers,
                "sliding_windows",
            ),
            // A frame that did not see itself could see nothing at all, and a softmax over nothing is no number.
            (encoder.sliding_windows.iter().all(|w| w.0 > 0), "sliding_windows"),
            (encoder.num_key_value_heads > 0, "num_key_value_heads"),
            (
                encoder
                    .num_attention_heads
                    .is_multiple_of(encoder.num_key_value_heads.max(1)),
                "num_key_value_heads",
            ),
            // The original views the queries with the number of key heads: it runs with equal numbers only.
            (
                self.num_key_value_heads.is_none_or(|n| n == self.num_attention_heads),
                "num_key_value_heads",
            ),
            (self.num_attention_heads > 0 && self.head_dim() > 0, "head_dim"),
            (self.head_dim().is_multiple_of(2), "head_dim"),
            (self.rotary_dim() <= self.head_dim(), "partial_rotary_factor"),
            (
                (1..=Choice::TOKENS).contains(&self.vocab_size) && self.max_position_embeddings > 0,
                "vocab_size",
            ),
        ];
        match rules.iter().find(|(holds, _)| !holds) {
            Some((_, field)) => Err(unsupported(&format!("model configuration ({field})"))),
            None => Ok(()),
        }
    }

    pub fn head_dim(&self) -> usize {
        self.head_dim
            .unwrap_or(self.hidden_size / self.num_attention_heads.max(1))
    }

    /// Of the decoder, to the tokens and to the sound.
    pub fn heads(&self) -> Heads {
        Heads {
            query: self.num_attention_heads,
            key: self.num_attention_heads,
            dim: self.head_dim(),
        }
    }

    /// `int(head_dim · factor)`, the divisor in the exponent of the frequencies.
    pub fn rotary_divisor(&self) -> usize {
        (self.head_dim() as f64 * self.rope_parameters.partial_rotary_factor) as usize
    }

    /// How many dimensions of a head turn; they come in pairs.
    pub fn rotary_dim(&self) -> usize {
        self.rotary_divisor().next_multiple_of(2)
    }

    /// The token that stands before the first word.
    pub fn start_token(&self) -> u32 {
        self.decoder_start_token_id.or(self.bos_token_id).unwrap_or(1)
    }

    /// Columns of the decoder's expansion, which Moonshine's gates.
    pub fn expanded(&self) -> usize {
        match &self.whisper {
            Some(_) => self.intermediate_size,
            None => 2 * self.intermediate_size,
        }
    }

    /// Columns of the head. Whisper's vocabulary is no whole number of blocks, and its head has some columns more; a wide one
    /// so many that it can be checked by a part of itself ([`crate::self_test::kernels`]).
    pub fn head_width(&self) -> usize {
        match &self.whisper {
            Some(_) if self.vocab_size > PERIOD => self.vocab_size.next_multiple_of(PERIOD),
            Some(_) => self.vocab_size.next_multiple_of(BLOCK),
            None => self.vocab_size,
        }
    }

    pub fn is_end(&self, token: u32) -> bool {
        match &self.eos_token_id {
            Ids::One(id) => *id == token,
            Ids::Many(ids) => ids.contains(&token),
        }
    }
}

impl EncoderConfig {
    pub fn head_dim(&self) -> usize {
        self.head_dim
            .unwrap_or(self.hidden_size / self.num_attention_heads.max(1))
    }

    pub fn heads(&self) -> Heads {
        Heads {
            query: self.num_attention_heads,
            key: self.num_key_value_heads,
            dim: self.head_dim(),
        }
    }

    /// Samples per input frame: 80, that is 5 ms, in every published model.
    pub fn frame_len(&self) -> usize {
        (f64::from(self.sample_rate) * self.frame_ms / 1000.0).round() as usize
    }
}

impl Default for Rope {
    fn default() -> Self {
        Self {
            rope_theta: 10_000.0,
            rope_type: "default".to_owned(),
            partial_rotary_factor: 0.8,
        }
    }
}

fn whole_head() -> f64 {
    1.0
}
