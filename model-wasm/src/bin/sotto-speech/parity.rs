//! A model against the original implementation's answers.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use lexopt::prelude::*;
use model_wasm::{
    Transcriber, block_on, checkpoint,
    decode::{self, Draft},
    import::{self, Label, Quantisation},
    self_test::signal,
};
use serde::Deserialize;

use crate::{audio, device, needed, plain, text};

/// Largest distance of an encoder output or a score, in f32.
const TOLERANCE: f32 = 1e-3;

/// What `tests/goldens/make.py` writes.
#[derive(Deserialize)]
struct Goldens {
    answers: Vec<Answer>,
}

#[derive(Deserialize)]
struct Answer {
    /// A clip; the formula's signal if there is none.
    clip: Option<String>,
    samples: usize,
    frames: usize,
    encoder_stride: usize,
    encoder: Vec<f32>,
    logits: Vec<f32>,
    tokens: Vec<u32>,
}

pub fn run(arguments: &mut lexopt::Parser) -> Result<(), String> {
    let (mut model, mut goldens, mut clips, mut device) = (None, None, PathBuf::from("tests/data"), Device::flex());
    while let Some(argument) = arguments.next().map_err(text)? {
        match argument {
            Long("model") => model = Some(PathBuf::from(arguments.value().map_err(text)?)),
            Long("goldens") => goldens = Some(PathBuf::from(arguments.value().map_err(text)?)),
            Long("clips") => clips = PathBuf::from(arguments.value().map_err(text)?),
            Long("device") => device = device::parse(&arguments.value().map_err(text)?.string().map_err(text)?)?,
            other => return Err(text(other.unexpected())),
        }
    }
    let transcriber = load(&needed(model, "--model")?, &device)?;
    let path = needed(goldens, "--goldens")?.join("golden.json");
    let json = std::fs::read(&path).map_err(|why| format!("{}: {why}", path.display()))?;
    let goldens: Goldens = serde_json::from_slice(&json).map_err(|why| format!("{}: {why}", path.display()))?;
    let same: Vec<bool> = goldens
        .answers
        .iter()
        .map(|answer| compare(&transcriber, answer, &clips))
        .collect::<Result<_, _>>()?;
    if same.contains(&false) {
        Err("the answers differ".to_owned())
    } else {
        Ok(())
    }
}

/// A pack, or a Hugging Face folder with its weights as they are.
fn load(folder: &Path, device: &Device) -> Result<Transcriber, String> {
    if folder.join("manifest.json").exists() {
        return device::load(folder, device);
    }
    let label = Label {
        name: String::new(),
        demonstration: true,
        licence: String::new(),
        origin: String::new(),
    };
    let checkpoint = checkpoint::read(folder).map_err(plain)?;
    let (manifest, shards) = import::pack(checkpoint, Quantisation::F32, label).map_err(plain)?;
    Transcriber::load(&manifest, shards, device).map_err(plain)
}

/// Prints the distances; true if they are within [`TOLERANCE`] and the tokens are the same.
fn compare(transcriber: &Transcriber, answer: &Answer, clips: &Path) -> Result<bool, String> {
    let network = device::moonshine(transcriber)?;
    let wave = match &answer.clip {
        Some(name) => audio::samples(&clips.join(name))?.to_f32(),
        None => signal(answer.samples),
    };
    let encoded = network.encode(&wave);
    let speech = encoded.speech();
    let frames = speech.dims()[0];
    let hidden: Vec<f32> = speech.into_data().try_into_vec().map_err(|why| why.to_string())?;
    let hidden: Vec<f32> = hidden.into_iter().step_by(answer.encoder_stride).collect();
    let start = network.tokens(&[network.config.start_token()]);
    let scores = network.advance(&mut network.begin(&encoded, 1), start);
    let scores: Vec<f32> = scores.into_data().try_into_vec().map_err(|why| why.to_string())?;
    let tokens = block_on(decode::greedy(network, &encoded, wave.len(), Draft::default()))
        .map_err(plain)?
        .tokens;
    let (far, off) = (distance(&hidden, &answer.encoder), distance(&scores, &answer.logits));
    let same = tokens == answer.tokens;
    println!(
        "{:>6} samples, {frames} frames: encoder {far:.1e}, first scores {off:.1e}, {} tokens {}",
        answer.samples,
        tokens.len(),
        if same { "identical" } else { "DIFFERENT" }
    );
    Ok(frames == answer.frames && same && far <= TOLERANCE && off <= TOLERANCE)
}

/// Not a number, and so over every tolerance, if the lengths differ or a value is none.
fn distance(a: &[f32], b: &[f32]) -> f32 {
    let larger = |largest: f32, (a, b): (&f32, &f32)| {
        let distance = (a - b).abs();
        if distance.is_nan() {
            distance
        } else {
            largest.max(distance)
        }
    };
    if a.len() == b.len() {
        a.iter().zip(b).fold(0.0, larger)
    } else {
        f32::NAN
    }
}
