//! From what the encoder made to words: attention to the words so far and to the sound, layer after layer.

use burn::tensor::{Device, Int, Tensor};
use speech::protocol::Failure;

use super::{Encoded, ROW_STEP, Session, bias};
use crate::{
    attention::{CrossAttention, Form, SelfAttention, turns},
    config::Config,
    layers::{Bias, Inner, Linear, Mlp, Norm},
    weights::Weights,
};

pub struct Decoder {
    /// `[vocabulary, d]`
    embedding: Tensor<2>,
    /// Whisper's positions of tokens, `[max positions, d]`; Moonshine's attention turns by the position.
    token_positions: Option<Tensor<2>>,
    /// Moonshine's positions of encoder frames, `[max positions + ROW_STEP, encoder width]`: the last rows, zero, are for
    /// padding. Whisper's encoder knows its positions itself.
    frame_positions: Option<Tensor<2>>,
    /// Between streams of different widths.
    project: Option<Linear>,
    layers: Vec<DecoderLayer>,
    norm: Norm,
    head: Linear,
}

impl Decoder {
    pub fn load(config: &Config, weights: &mut Weights) -> Result<Self, Failure> {
        if let Some(whisper) = &config.whisper {
            return Self::load_whisper(config, whisper.positions, weights);
        }
        let (name, size, heard) = ("model.decoder", config.hidden_size, config.encoder.hidden_size);
        let positions = weights.float(
            &format!("{name}.pos_emb.weight"),
            [config.max_position_embeddings, heard],
        )?;
        let rest = Tensor::zeros([ROW_STEP, heard], &positions.device());
        Ok(Self {
            embedding: weights.table(&format!("{name}.embed_tokens.weight"), [config.vocab_size, size])?,
            token_positions: None,
            frame_positions: Some(Tensor::cat(vec![positions, rest], 0)),
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
            head: Linear::load(weights, "proj_out", [size, config.head_width()], Bias::Absent)?,
        })
    }

    fn load_whisper(config: &Config, positions: usize, weights: &mut Weights) -> Result<Self, Failure> {
        let (name, size) = ("model.decoder", config.hidden_size);
        Ok(Self {
            embedding: weights.table(&format!("{name}.embed_tokens.weight"), [config.vocab_size, size])?,
            token_positions: Some(weights.float(&format!("{name}.embed_positions.weight"), [positions, size])?),
            frame_positions: None,
            project: None,
            layers: (0..config.num_hidden_layers)
                .map(|layer| DecoderLayer::load_whisper(config, &format!("{name}.layers.{layer}"), weights))
                .collect::<Result<_, _>>()?,
            norm: Norm::load_biased(weights, &format!("{name}.layer_norm"), size)?,
            head: Linear::load(weights, "proj_out", [size, config.head_width()], Bias::Absent)?,
        })
    }

    pub fn begin(&self, encoded: &Encoded, capacity: usize, config: &Config, device: &Device) -> Session {
        let [rows, width] = encoded.hidden.dims();
        let placed = match &self.frame_positions {
            Some(positions) => encoded.hidden.clone() + positions.clone().slice([0..rows, 0..width]),
            None => encoded.hidden.clone(),
        };
        let heard = match &self.project {
            Some(project) => project.forward(placed),
            None => placed,
        };
        let (head_dim, divisor) = (config.head_dim(), config.rotary_divisor());
        Session {
            heard: self
                .layers
                .iter()
                .map(|layer| layer.across.memory(heard.clone()))
                .collect(),
            steps: encoded.steps,
            said: self.layers.iter().map(|_| None).collect(),
            turns: turns(capacity, head_dim, divisor, config.rope_parameters.rope_theta, device),
            position: 0,
        }
    }

    /// # Shapes
    /// tokens `[n]` → `[n, vocabulary]`
    pub fn forward(&self, session: &mut Session, tokens: Tensor<1, Int>) -> Tensor<2> {
        let x = self.run(session, tokens, |_, _, _| ());
        self.head.forward(self.norm.forward(x))
    }

    /// # Shapes
    /// tokens `[n]` → `[1, vocabulary]`
    pub fn forward_to_last(&self, session: &mut Session, tokens: Tensor<1, Int>) -> Tensor<2> {
        let x = self.run(session, tokens, |_, _, _| ());
        let [rows, width] = x.dims();
        self.head
            .forward(self.norm.forward(x.slice([rows - 1..rows, 0..width])))
    }

    /// Of all layers; of Whisper's the later half, which is what the original takes where it is told of no better heads
    /// (`whisper/model.py`, `alignment_heads`).
    ///
    /// # Shapes
    /// tokens `[n]` → `[n, steps]`
    pub fn looks(&self, session: &mut Session, tokens: Tensor<1, Int>) -> Tensor<2> {
        let mut sum = Tensor::zeros([tokens.dims()[0], session.steps], &tokens.device());
        let first = self.token_positions.as_ref().map_or(0, |_| self.layers.len() / 2);
        self.run(session, tokens, |layer, normed, heard| {
            if layer >= first {
                sum = self.layers[layer].across.look(normed.clone(), heard, sum.clone());
            }
        });
        sum
    }

    /// Through all layers; `seeing` gets the number of each, what it looks with, and at.
    ///
    /// # Shapes
    /// tokens `[n]` → `[n, d]`
    fn run(
        &self,
        session: &mut Session,
        tokens: Tensor<1, Int>,
        mut seeing: impl FnMut(usize, &Tensor<2>, &Tensor<2>),
    ) -> Tensor<2> {
        let [rows] = tokens.dims();
        let position = session.position;
        debug_assert!(
            position + rows <= session.turns.dims()[0],
            "the session was made with less room"
        );
        let mut x = self.embedding.clone().select(0, tokens);
        if let Some(positions) = &self.token_positions {
            let [_, width] = positions.dims();
            x = x + positions.clone().slice([position..position + rows, 0..width]);
        }
        let kept = session.heard.iter().zip(&mut session.said);
        for (number, (layer, (heard, said))) in self.layers.iter().zip(kept).enumerate() {
            let normed = layer.self_norm.forward(x.clone());
            x = layer.attention.causal(normed, x, &session.turns, said, position);
            let normed = layer.across_norm.forward(x.clone());
            seeing(number, &normed, heard);
            x = layer.across.across(normed, x, heard, session.steps);
            x = layer.mlp.forward(layer.mlp_norm.forward(x.clone()), x);
        }
        session.position += rows;
        x
    }
}

struct DecoderLayer {
    self_norm: Norm,
    attention: SelfAttention,
    across_norm: Norm,
    across: CrossAttention,
    mlp_norm: Norm,
    mlp: Mlp,
}

impl DecoderLayer {
    fn load(config: &Config, name: &str, weights: &mut Weights) -> Result<Self, Failure> {
        let (size, heads) = (config.hidden_size, config.heads());
        let form = Form::moonshine(bias(config.attention_bias), Bias::Absent);
        let mlp = format!("{name}.mlp");
        let shape = [size, config.intermediate_size];
        Ok(Self {
            self_norm: Norm::load(weights, &format!("{name}.input_layernorm"), size)?,
            attention: SelfAttention::load(weights, &format!("{name}.self_attn"), size, heads, form)?,
            across_norm: Norm::load(weights, &format!("{name}.post_attention_layernorm"), size)?,
            across: CrossAttention::load(weights, &format!("{name}.encoder_attn"), size, heads, form)?,
            mlp_norm: Norm::load(weights, &format!("{name}.final_layernorm"), size)?,
            mlp: Mlp::load(weights, &mlp, shape, config.hidden_act, Inner::Gated)?,
        })
    }

    fn load_whisper(config: &Config, name: &str, weights: &mut Weights) -> Result<Self, Failure> {
        let (size, heads, form) = (config.hidden_size, config.heads(), Form::WHISPER);
        let shape = [size, config.intermediate_size];
        Ok(Self {
            self_norm: Norm::load_biased(weights, &format!("{name}.self_attn_layer_norm"), size)?,
            attention: SelfAttention::load(weights, &format!("{name}.self_attn"), size, heads, form)?,
            across_norm: Norm::load_biased(weights, &format!("{name}.encoder_attn_layer_norm"), size)?,
            across: CrossAttention::load(weights, &format!("{name}.encoder_attn"), size, heads, form)?,
            mlp_norm: Norm::load_biased(weights, &format!("{name}.final_layer_norm"), size)?,
            mlp: Mlp::load(weights, name, shape, config.hidden_act, Inner::Activated)?,
        })
    }
}
