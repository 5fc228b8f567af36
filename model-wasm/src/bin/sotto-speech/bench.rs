//! How fast a model runs here: the shortest of several runs, because other programs only ever make one longer.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use burn::tensor::Device;
use lexopt::prelude::*;
use model_wasm::{
    Transcriber, block_on,
    decode::{self, Draft},
};
use speech::Utterance;

use crate::{audio, device, needed, plain, text};

/// Times of one utterance.
struct Times {
    encoder: Duration,
    decoder: Duration,
    tokens: usize,
}

pub fn run(arguments: &mut lexopt::Parser) -> Result<(), String> {
    let (mut model, mut device, mut repeats, mut files) = (None, Device::flex(), 10, Vec::new());
    while let Some(argument) = arguments.next().map_err(text)? {
        match argument {
            Long("model") => model = Some(PathBuf::from(arguments.value().map_err(text)?)),
            Long("device") => device = device::parse(&arguments.value().map_err(text)?.string().map_err(text)?)?,
            Long("repeats") => repeats = arguments.value().map_err(text)?.parse::<usize>().map_err(text)?.max(1),
            Value(file) => files.push(PathBuf::from(file)),
            other => return Err(text(other.unexpected())),
        }
    }
    let model = needed(model, "--model")?;
    needed(files.first(), "FILE")?;
    let begun = Instant::now();
    let transcriber = device::load(&model, &device)?;
    println!("loaded in {} ms", millis(begun.elapsed()));
    println!(
        "{:>8} {:>12} {:>7} {:>12} {:>11} {:>10}",
        "seconds", "encoder ms", "tokens", "decoder ms", "ms a token", "real time"
    );
    for file in &files {
        for utterance in audio::open(file)?.utterances {
            let runs = (0..repeats).map(|_| measure(&transcriber, &utterance));
            let runs: Vec<Times> = runs.collect::<Result<_, _>>()?;
            let encoder = runs.iter().map(|times| times.encoder).min().unwrap_or_default();
            let decoder = runs.iter().map(|times| times.decoder).min().unwrap_or_default();
            // The end of the sentence is a token, too.
            let (tokens, seconds) = (runs[0].tokens + 1, utterance.samples.seconds());
            println!(
                "{seconds:>8.2} {:>12} {tokens:>7} {:>12} {:>11} {:>10.4}",
                millis(encoder),
                millis(decoder),
                millis(decoder / tokens as u32),
                (encoder + decoder).as_secs_f64() / seconds
            );
        }
    }
    Ok(())
}

fn measure(transcriber: &Transcriber, utterance: &Utterance) -> Result<Times, String> {
    let network = device::moonshine(transcriber)?;
    let wave = utterance.samples.to_f32();
    let begun = Instant::now();
    let encoded = network.encode(&wave);
    // A GPU has only been told what to do until a number is asked for.
    block_on(encoded.speech().slice([0..1, 0..1]).into_data_async()).map_err(|why| why.to_string())?;
    let encoder = begun.elapsed();
    let begun = Instant::now();
    let said = block_on(decode::greedy(network, &encoded, wave.len(), Draft::default())).map_err(plain)?;
    Ok(Times {
        encoder,
        decoder: begun.elapsed(),
        tokens: said.tokens.len(),
    })
}

fn millis(time: Duration) -> String {
    format!("{:.2}", 1e3 * time.as_secs_f64())
}
