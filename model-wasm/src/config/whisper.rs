//! Whisper's dimensions and token ids, from its `config.json` and `generation_config.json`.
//!
//! Mirrors `configuration_whisper.py` and `generation_whisper.py` of Hugging Face transformers 5.23. A pack holds the
//! second file in the first, under [`GENERATION`].

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use speech::{RATE, protocol::Failure};

use super::{Activation, Config, EncoderConfig, Ids, Rope};
use crate::pack::unsupported;

pub const MODEL_TYPE: &str = "whisper";

/// Where a pack's configuration holds `generation_config.json`.
pub const GENERATION: &str = "generation";

/// What a Whisper network has beyond the dimensions that all have.
#[derive(Clone, Debug)]
pub struct Whisper {
    /// Bands of the spectrum.
    pub mels: usize,
    /// Rows of the encoder's output, 20 ms each: a window of sound is always so long.
    pub window: usize,
    /// Tokens that have a position, so the longest prompt and answer together.
    pub positions: usize,
    pub end: u32,
    /// By ISO 639 code; empty for a network that knows English only.
    pub languages: BTreeMap<String, u32>,
    /// Write what is said, instead of translating it.
    pub transcribe: Option<u32>,
    /// Says that no timestamps follow; those have the ids after it.
    pub no_timestamps: u32,
    /// Stands before the words of the window before.
    pub previous: u32,
    /// Never said.
    pub suppressed: Vec<u32>,
    /// Never said first.
    pub suppressed_first: Vec<u32>,
    /// The latest first timestamp, in steps of 20 ms.
    pub latest_start: u32,
}

#[derive(Deserialize)]
struct Json {
    d_model: usize,
    encoder_layers: usize,
    encoder_attention_heads: usize,
    encoder_ffn_dim: usize,
    decoder_layers: usize,
    decoder_attention_heads: usize,
    decoder_ffn_dim: usize,
    activation_function: Activation,
    vocab_size: usize,
    num_mel_bins: usize,
    max_source_positions: usize,
    max_target_positions: usize,
    #[serde(default)]
    scale_embedding: bool,
}

#[derive(Deserialize)]
struct Generation {
    decoder_start_token_id: u32,
    eos_token_id: Ids,
    no_timestamps_token_id: u32,
    prev_sot_token_id: Option<u32>,
    #[serde(default)]
    lang_to_id: BTreeMap<String, u32>,
    #[serde(default)]
    task_to_id: BTreeMap<String, u32>,
    #[serde(default)]
    suppress_tokens: Vec<u32>,
    #[serde(default)]
    begin_suppress_tokens: Vec<u32>,
    max_initial_timestamp_index: Option<u32>,
}

/// # Errors
/// [`Failure::Unsupported`] naming the first field that this build cannot run.
pub(super) fn parse(json: &Value) -> Result<Config, Failure> {
    let refused = |why: serde_json::Error| unsupported(&format!("model configuration ({why})"));
    let generation: Generation = serde_json::from_value(json[GENERATION].clone()).map_err(refused)?;
    let json: Json = serde_json::from_value(json.clone()).map_err(refused)?;
    let fits = |heads: usize| heads > 0 && json.d_model.is_multiple_of(2 * heads);
    let stamps = generation.no_timestamps_token_id as usize + 1 + json.max_source_positions;
    let rules = [
        (fits(json.encoder_attention_heads), "encoder_attention_heads"),
        (fits(json.decoder_attention_heads), "decoder_attention_heads"),
        (json.max_source_positions > 0, "max_source_positions"),
        // A prompt, and a token behind it.
        (json.max_target_positions >= 16, "max_target_positions"),
        (json.num_mel_bins > 0, "num_mel_bins"),
        (!json.scale_embedding, "scale_embedding"),
        (stamps < json.vocab_size, "no_timestamps_token_id"),
        (generation.ids().all(|id| (id as usize) < json.vocab_size), "token ids"),
    ];
    if let Some((_, field)) = rules.iter().find(|(holds, _)| !holds) {
        return Err(unsupported(&format!("model configuration ({field})")));
    }
    Ok(Config {
        model_type: MODEL_TYPE.to_owned(),
        encoder: EncoderConfig {
            hidden_size: json.d_model,
            intermediate_size: json.encoder_ffn_dim,
            num_hidden_layers: json.encoder_layers,
            num_attention_heads: json.encoder_attention_heads,
            num_key_value_heads: json.encoder_attention_heads,
            head_dim: None,
            hidden_act: json.activation_function,
            attention_bias: true,
            sample_rate: RATE,
            frame_ms: 5.0,
            sliding_windows: Vec::new(),
        },
        vocab_size: json.vocab_size,
        hidden_size: json.d_model,
        intermediate_size: json.decoder_ffn_dim,
        num_hidden_layers: json.decoder_layers,
        num_attention_heads: json.decoder_attention_heads,
        num_key_value_heads: None,
        head_dim: None,
        hidden_act: json.activation_function,
        max_position_embeddings: json.max_source_positions,
        rope_parameters: Rope {
            // No dimension turns: positions are added to the tokens.
            partial_rotary_factor: 0.0,
            ..Rope::default()
        },
        attention_bias: true,
        tie_word_embeddings: true,
        bos_token_id: None,
        decoder_start_token_id: Some(generation.decoder_start_token_id),
        whisper: Some(generation.whisper(&json)),
        eos_token_id: generation.eos_token_id,
    })
}

impl Generation {
    fn ids(&self) -> impl Iterator<Item = u32> {
        let lists = [&self.suppress_tokens, &self.begin_suppress_tokens]
            .into_iter()
            .flatten();
        let maps = [&self.lang_to_id, &self.task_to_id]
            .into_iter()
            .flat_map(BTreeMap::values);
        let single = [self.decoder_start_token_id, self.end()].into_iter();
        single.chain(self.prev_sot_token_id).chain(lists.chain(maps).copied())
    }

    fn end(&self) -> u32 {
        match &self.eos_token_id {
            Ids::One(id) => *id,
            Ids::Many(ids) => ids.first().copied().unwrap_or(u32::MAX),
        }
    }

    fn whisper(&self, json: &Json) -> Whisper {
        let code = |name: &str| name.trim_start_matches("<|").trim_end_matches("|>").to_owned();
        Whisper {
            mels: json.num_mel_bins,
            window: json.max_source_positions,
            positions: json.max_target_positions,
            end: self.end(),
            languages: self.lang_to_id.iter().map(|(name, id)| (code(name), *id)).collect(),
            transcribe: self.task_to_id.get("transcribe").copied(),
            no_timestamps: self.no_timestamps_token_id,
            // As all published networks number them, with no-speech between the two.
            previous: self
                .prev_sot_token_id
                .unwrap_or(self.no_timestamps_token_id.saturating_sub(2)),
            suppressed: self.suppress_tokens.clone(),
            suppressed_first: self.begin_suppress_tokens.clone(),
            latest_start: self.max_initial_timestamp_index.unwrap_or(50),
        }
    }
}

impl Whisper {
    /// Samples of a window.
    pub fn window_samples(&self) -> usize {
        self.window * 2 * HOP
    }

    /// The timestamp of the window's first moment; each that follows is 20 ms later.
    pub fn first_timestamp(&self) -> u32 {
        self.no_timestamps + 1
    }

    /// Its likelihood after the start token tells whether anybody speaks.
    pub fn no_speech(&self) -> u32 {
        self.no_timestamps - 1
    }

    /// What follows the start token in a prompt: a language and the task, for a network that knows several.
    pub fn task(&self, language: Option<u32>) -> Vec<u32> {
        language
            .into_iter()
            .chain(self.transcribe.filter(|_| language.is_some()))
            .collect()
    }
}

/// Samples from one frame of the spectrum to the next; two frames make a row.
pub const HOP: usize = 160;

#[cfg(test)]
impl Whisper {
    /// With no more than these ids.
    pub fn test(end: u32, no_timestamps: u32) -> Self {
        Self {
            mels: 80,
            window: 1_500,
            positions: 448,
            end,
            languages: BTreeMap::new(),
            transcribe: None,
            no_timestamps,
            previous: no_timestamps - 2,
            suppressed: Vec::new(),
            suppressed_first: Vec::new(),
            latest_start: 50,
        }
    }
}
