//! The committed answers, and the networks that must give them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use model_wasm::{
    Device,
    checkpoint::{self, Matrix},
    config::Config,
    import::{self, Quantisation},
    network::{Encoded, Network},
    pack::{Golden, Manifest, Shard, hash},
    tokens::Vocabulary,
    weights::Weights,
};
use serde::Deserialize;
use serde_json::Value;

pub static GPU: LazyLock<Device> = LazyLock::new(|| {
    let device = Device::wgpu_options().init();
    device.expect("these tests need a Vulkan device; on Debian the package mesa-vulkan-drivers has a software one")
});

#[derive(Deserialize)]
struct Goldens {
    answers: Vec<Answer>,
}

#[derive(Deserialize)]
pub struct Answer {
    /// A clip of `tests/data`; the formula's signal if there is none.
    pub clip: Option<String>,
    pub samples: usize,
    pub frames: usize,
    pub encoder_stride: usize,
    pub encoder: Vec<f32>,
    pub logits: Vec<f32>,
    pub tokens: Vec<u32>,
}

pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/goldens")
        .join(name)
}

pub fn answers(name: &str) -> Vec<Answer> {
    let json = std::fs::read(folder(name).join("golden.json")).expect("the goldens are committed");
    serde_json::from_slice::<Goldens>(&json)
        .expect("the goldens are what make.py writes")
        .answers
}

/// Configuration and weights of a golden network.
pub fn checkpoint(name: &str) -> (Value, BTreeMap<String, Matrix>) {
    let config = checkpoint::read_config(&folder(name)).expect("the goldens are committed");
    let parsed = Config::parse(&config).expect("the golden configurations are supported");
    let tensors = checkpoint::read_tensors(&folder(name), &parsed).expect("the golden weights are committed");
    (config, tensors)
}

pub fn network(name: &str, quantisation: Quantisation, device: &Device) -> Network {
    let (config, tensors) = checkpoint(name);
    let parsed = Config::parse(&config).expect("the golden configurations are supported");
    let (tensors, shards) = import::lay_out(tensors, quantisation);
    let shard = |bytes: &Vec<u8>| Shard {
        file: String::new(),
        bytes: bytes.len() as u64,
        sha256: hash(bytes),
    };
    let manifest = Manifest {
        format: 1,
        family: String::new(),
        name: String::new(),
        demonstration: true,
        licence: String::new(),
        origin: String::new(),
        config,
        tokenizer: Vocabulary {
            pieces: Vec::new(),
            special: Vec::new(),
            byte_level: false,
        },
        shards: shards.iter().map(shard).collect(),
        tensors,
        golden: Golden::default(),
    };
    let weights = Weights::from_shards(&manifest, shards, device).expect("these shards were just made");
    Network::load(parsed, weights).expect("the golden networks are complete")
}

/// Scores of the successors of each token, in as many steps as there are runs.
pub fn scores(network: &Network, wave: &[f32], runs: &[&[u32]]) -> Vec<f32> {
    let capacity = runs.iter().map(|run| run.len()).sum();
    let mut session = network.begin(&network.encode(wave), capacity);
    let run = |tokens: &&[u32]| {
        let scores = network.advance(&mut session, network.tokens(tokens));
        scores.into_data().try_into_vec::<f32>().expect("scores are floats")
    };
    runs.iter().flat_map(run).collect()
}

/// What the encoder makes of a wave.
pub fn speech(network: &Network, wave: &[f32]) -> Vec<f32> {
    spoken(&network.encode(wave))
}

/// What an encoder has made.
pub fn spoken(encoded: &Encoded) -> Vec<f32> {
    encoded.speech().into_data().try_into_vec().expect("floats")
}

pub fn distance(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter()
        .zip(b)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, |largest, d| if d.is_nan() { f32::NAN } else { d.max(largest) })
}

#[track_caller]
pub fn assert_close(a: &[f32], b: &[f32], tolerance: f32) {
    let distance = distance(a, b);
    assert!(distance <= tolerance, "{distance} apart");
}
