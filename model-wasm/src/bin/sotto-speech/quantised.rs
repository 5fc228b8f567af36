//! What it costs to store a model in fewer bits: bytes, distances of the scores, and wrong words.

use std::path::PathBuf;

use burn::tensor::Device;
use lexopt::prelude::*;
use model_wasm::{
    Transcriber, block_on, checkpoint,
    decode::{self, Draft},
    import::{self, Label, Quantisation},
    word_errors,
};
use speech::Utterance;

use crate::{audio, device, needed, plain, text, wer::entries};

/// A way to store the model, and what came of it.
struct Way {
    name: &'static str,
    transcriber: Transcriber,
    bytes: u64,
    errors: usize,
    /// Sums over all scores of the same tokens: squares of the distances from the floats', and the largest distance.
    squares: f64,
    farthest: f32,
    /// Tokens that would have been chosen as the floats chose.
    same: usize,
}

/// What the floats had to say, summed over all utterances.
#[derive(Default)]
struct Floats {
    squares: f64,
    tokens: usize,
    words: usize,
}

pub fn run(arguments: &mut lexopt::Parser) -> Result<(), String> {
    let (mut source, mut data, mut every) = (None, None, 1);
    while let Some(argument) = arguments.next().map_err(text)? {
        match argument {
            Long("data") => data = Some(PathBuf::from(arguments.value().map_err(text)?)),
            Long("every") => every = arguments.value().map_err(text)?.parse::<usize>().map_err(text)?.max(1),
            Value(folder) if source.is_none() => source = Some(PathBuf::from(folder)),
            other => return Err(text(other.unexpected())),
        }
    }
    let (source, data) = (needed(source, "SRC")?, needed(data, "--data")?);
    let ways = [
        ("f32", Quantisation::F32),
        ("q8", Quantisation::Q8),
        ("q4", Quantisation::Q4),
    ];
    let mut ways: Vec<Way> = ways
        .into_iter()
        .map(|(name, quantisation)| way(name, quantisation, &source))
        .collect::<Result<_, _>>()?;
    let mut floats = Floats::default();
    for entry in entries(&data)?.iter().step_by(every) {
        let utterances = audio::open(&data.join(&entry.path))?.utterances;
        for way in &mut ways {
            let mut heard = Vec::new();
            for utterance in &utterances {
                heard.push(block_on(way.transcriber.transcribe(utterance)).map_err(plain)?.text);
            }
            way.errors += word_errors::count(&entry.transcript, &heard.join(" ")).errors;
        }
        floats.words += word_errors::count(&entry.transcript, "").words;
        for utterance in &utterances {
            compare(&mut ways, &mut floats, utterance)?;
        }
    }
    println!(
        "{:<4} {:>12} {:>16} {:>16} {:>14} {:>12}",
        "", "bytes", "mean distance", "largest", "same choice", "wrong words"
    );
    for way in &ways {
        println!(
            "{:<4} {:>12} {:>14.2} % {:>16.3} {:>12.2} % {:>10.2} %",
            way.name,
            way.bytes,
            100.0 * (way.squares / floats.squares).sqrt(),
            way.farthest,
            100.0 * way.same as f64 / floats.tokens.max(1) as f64,
            100.0 * way.errors as f64 / floats.words.max(1) as f64
        );
    }
    println!("over {} tokens and {} words", floats.tokens, floats.words);
    Ok(())
}

fn way(name: &'static str, quantisation: Quantisation, source: &std::path::Path) -> Result<Way, String> {
    let label = Label {
        name: name.to_owned(),
        demonstration: true,
        licence: String::new(),
        origin: String::new(),
    };
    let checkpoint = checkpoint::read(source).map_err(plain)?;
    let (manifest, shards) = import::pack(checkpoint, quantisation, label).map_err(plain)?;
    Ok(Way {
        name,
        transcriber: Transcriber::load(&manifest, shards, &Device::flex()).map_err(plain)?,
        bytes: manifest.total_bytes(),
        errors: 0,
        squares: 0.0,
        farthest: 0.0,
        same: 0,
    })
}

/// The scores of all ways where the floats say what was said.
fn compare(ways: &mut [Way], floats: &mut Floats, utterance: &Utterance) -> Result<(), String> {
    let network = device::moonshine(&ways[0].transcriber)?;
    if !ways[0].transcriber.fits(utterance).map_err(plain)? {
        return Ok(());
    }
    let wave = ways[0].transcriber.wave(utterance);
    let encoded = network.encode(&wave);
    let said = decode::greedy(network, &encoded, wave.len(), Draft::default());
    let said = block_on(said).map_err(plain)?.tokens;
    let inputs: Vec<u32> = [network.config.start_token()].into_iter().chain(said).collect();
    let vocabulary = network.config.vocab_size;
    let mut exact: Option<Vec<f32>> = None;
    for way in ways {
        let network = way.transcriber.network();
        let mut session = network.begin(&network.encode(&wave), inputs.len());
        let scores = network.advance(&mut session, network.tokens(&inputs)).into_data();
        let scores: Vec<f32> = scores.try_into_vec().map_err(|why| why.to_string())?;
        let exact = exact.get_or_insert_with(|| scores.clone());
        if way.name == "f32" {
            floats.squares += exact.iter().map(|score| f64::from(score * score)).sum::<f64>();
            floats.tokens += inputs.len();
        }
        for (a, b) in scores.iter().zip(exact.iter()) {
            way.squares += f64::from((a - b) * (a - b));
            way.farthest = way.farthest.max((a - b).abs());
        }
        let rows = scores.chunks_exact(vocabulary).zip(exact.chunks_exact(vocabulary));
        way.same += rows.filter(|(a, b)| best(a) == best(b)).count();
    }
    Ok(())
}

fn best(scores: &[f32]) -> Option<usize> {
    (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b]))
}
