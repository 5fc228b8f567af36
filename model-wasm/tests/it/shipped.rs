//! The pack that the site ships: the original implementation, given the pack's own rounded weights, says the same.

use std::path::Path;

use model_wasm::{
    Device, Transcriber, block_on,
    decode::{self, Draft},
    import,
    self_test::signal,
};
use speech::Samples;

use crate::golden::{answers, assert_close, scores, spoken};

pub fn shipped() -> Transcriber {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/models/starter");
    let (manifest, shards) = import::read_pack(&folder).expect("the starter pack is committed and unaltered");
    Transcriber::load(&manifest, shards, &Device::flex()).expect("the starter pack fits this build")
}

/// What is said in `tests/data`, a sentence or two each.
pub const CLIPS: [&str; 5] = [
    "clips/1.wav",
    "clips/2.wav",
    "clips/3.wav",
    "clips/4.wav",
    "clips/5.wav",
];

/// A clip of `tests/data`: 16 bits after a header of 44 bytes.
pub fn clip(name: &str) -> Samples {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data").join(name);
    let bytes = std::fs::read(path).expect("the clips are committed");
    let samples = bytes[44..].as_chunks().0.iter().map(|bytes| i16::from_le_bytes(*bytes));
    Samples::new(samples.collect())
}

#[test]
fn the_starter_matches_the_original() {
    let transcriber = shipped();
    let network = transcriber.network();
    for answer in answers("starter") {
        let wave = answer
            .clip
            .as_deref()
            .map_or_else(|| signal(answer.samples), |name| clip(name).to_f32());
        assert_eq!(wave.len(), answer.samples);
        let encoded = network.encode(&wave);
        let sampled: Vec<f32> = spoken(&encoded).into_iter().step_by(answer.encoder_stride).collect();
        assert_close(&sampled, &answer.encoder, 1e-3);
        assert_close(
            &scores(network, &wave, &[&[network.config.start_token()]]),
            &answer.logits,
            1e-3,
        );
        let said =
            block_on(decode::greedy(network, &encoded, wave.len(), Draft::default())).expect("scores are numbers");
        assert_eq!(said.tokens, answer.tokens, "{:?}", answer.clip);
    }
}

#[test]
fn the_starter_passes_its_own_check() {
    assert_eq!(block_on(shipped().self_test()), Ok(()));
}
