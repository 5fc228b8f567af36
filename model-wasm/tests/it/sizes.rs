//! Every kernel in every shape that the starter and the published networks use, with weights in 8 and in 4 bits.

use model_wasm::{Device, block_on, config::Config, quant::Bits, self_test::kernels};
use serde_json::{Value, json};

use crate::golden::GPU;

/// A published network (arXiv 2602.12241, table 1), as far as its kernels' shapes go.
fn published(encoder: usize, decoder: usize, layers: usize, heads: usize, head_dim: usize) -> Value {
    json!({
        "model_type": "moonshine_streaming",
        "encoder_config": {
            "hidden_size": encoder, "intermediate_size": 4 * encoder, "num_hidden_layers": layers,
            "num_attention_heads": heads, "num_key_value_heads": heads, "head_dim": head_dim, "hidden_act": "gelu",
            "sample_rate": 16_000, "frame_ms": 5.0,
            "sliding_windows": (0..layers)
                .map(|layer| if layer < 2 || layer + 2 >= layers { [16, 4] } else { [16, 0] })
                .collect::<Vec<_>>(),
        },
        "vocab_size": 32_768, "hidden_size": decoder, "intermediate_size": 4 * decoder, "num_hidden_layers": layers,
        "num_attention_heads": heads, "head_dim": head_dim, "hidden_act": "silu", "max_position_embeddings": 4_096,
        "eos_token_id": 2,
    })
}

fn starter() -> Value {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/models/starter/manifest.json");
    let manifest = std::fs::read(path).expect("the starter pack is committed");
    let manifest: Value = serde_json::from_slice(&manifest).expect("a manifest is JSON");
    manifest["config"].clone()
}

fn right_in_every_shape(config: &Value) {
    let config = Config::parse(config).expect("a supported configuration");
    for case in kernels::cases(&config, &[Bits::Eight, Bits::Four]) {
        for device in [&Device::flex(), &*GPU] {
            let distance = block_on(case.distance(device)).expect("the device answers");
            assert!(
                distance <= case.tolerance(device),
                "{}: {distance} on {device:?}",
                case.name
            );
        }
    }
}

#[test]
fn the_starter() {
    right_in_every_shape(&starter());
}

#[test]
fn tiny() {
    right_in_every_shape(&published(320, 320, 6, 8, 40));
}

#[test]
fn small() {
    right_in_every_shape(&published(620, 512, 10, 8, 64));
}

#[test]
fn medium() {
    right_in_every_shape(&published(768, 640, 14, 10, 64));
}

/// A published network of the other family (arXiv 2212.04356, table 1), as far as its kernels' shapes go.
fn whisper(width: usize, layers: usize, heads: usize, [vocabulary, mels]: [usize; 2]) -> Value {
    json!({
        "model_type": "whisper", "d_model": width, "activation_function": "gelu",
        "encoder_layers": layers, "encoder_attention_heads": heads, "encoder_ffn_dim": 4 * width,
        "decoder_layers": layers, "decoder_attention_heads": heads, "decoder_ffn_dim": 4 * width,
        "vocab_size": vocabulary, "num_mel_bins": mels, "max_source_positions": 1_500, "max_target_positions": 448,
        "generation": {
            "decoder_start_token_id": 50_257, "eos_token_id": 50_256, "no_timestamps_token_id": vocabulary - 1_502,
        },
    })
}

#[test]
fn whisper_tiny() {
    right_in_every_shape(&whisper(384, 4, 6, [51_864, 80]));
}

#[test]
fn whisper_small() {
    right_in_every_shape(&whisper(768, 12, 12, [51_865, 80]));
}

/// The encoder of the published small network is 620 wide, which is no whole number of blocks: its weights are packed all
/// the same.
#[test]
fn widths_that_are_no_whole_blocks_are_packed() {
    let config = Config::parse(&published(620, 512, 10, 8, 64)).expect("a supported configuration");
    let cases = kernels::cases(&config, &[Bits::Eight]);
    for shape in ["512×620", "620×2480", "2480×620"] {
        assert!(cases.iter().any(|case| case.name.contains(shape)), "{shape}");
    }
}
