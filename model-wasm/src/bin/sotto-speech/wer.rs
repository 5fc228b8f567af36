//! Word error rates over a folder of labelled recordings.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Instant,
};

use burn::tensor::Device;
use lexopt::prelude::*;
use model_wasm::word_errors;
use serde::Deserialize;

use crate::{device, needed, text, transcribe::transcribe};

/// A line of `manifest.jsonl`.
#[derive(Deserialize)]
struct Entry {
    path: String,
    transcript: String,
    source: String,
}

/// Sums over recordings.
#[derive(Clone, Copy, Default)]
struct Count {
    recordings: usize,
    words: usize,
    errors: usize,
    audio_seconds: f64,
}

pub fn run(arguments: &mut lexopt::Parser) -> Result<(), String> {
    let (mut model, mut data, mut device, mut every) = (None, None, Device::flex(), 1);
    while let Some(argument) = arguments.next().map_err(text)? {
        match argument {
            Long("model") => model = Some(PathBuf::from(arguments.value().map_err(text)?)),
            Long("data") => data = Some(PathBuf::from(arguments.value().map_err(text)?)),
            Long("device") => device = device::parse(&arguments.value().map_err(text)?.string().map_err(text)?)?,
            Long("every") => every = arguments.value().map_err(text)?.parse::<usize>().map_err(text)?.max(1),
            other => return Err(text(other.unexpected())),
        }
    }
    let transcriber = device::load(&needed(model, "--model")?, &device)?;
    let data = needed(data, "--data")?;
    let entries = entries(&data)?;
    let begun = Instant::now();
    let mut sources: BTreeMap<&str, Count> = BTreeMap::new();
    for (done, entry) in entries.iter().step_by(every).enumerate() {
        let (transcript, audio_seconds) = transcribe(&transcriber, &data.join(&entry.path))?;
        let compared = word_errors::count(&entry.transcript, &transcript.text());
        let count = sources.entry(&entry.source).or_default();
        count.add(Count {
            recordings: 1,
            words: compared.words,
            errors: compared.errors,
            audio_seconds,
        });
        if done % 20 == 19 {
            eprintln!("{} of {} recordings", done + 1, entries.len().div_ceil(every));
        }
    }
    let mut total = Count::default();
    for (source, count) in sources {
        println!("{}", count.line(source));
        total.add(count);
    }
    println!("{}", total.line("total"));
    println!(
        "{:.2} seconds of computing per second of sound",
        begun.elapsed().as_secs_f64() / total.audio_seconds
    );
    Ok(())
}

impl Count {
    fn add(&mut self, other: Count) {
        self.recordings += other.recordings;
        self.words += other.words;
        self.errors += other.errors;
        self.audio_seconds += other.audio_seconds;
    }

    fn line(&self, name: &str) -> String {
        let rate = 100.0 * self.errors as f64 / self.words.max(1) as f64;
        format!(
            "{name:<24} {rate:6.1} %  {} errors in {} words, {} recordings",
            self.errors, self.words, self.recordings
        )
    }
}

fn entries(data: &Path) -> Result<Vec<Entry>, String> {
    let path = data.join("manifest.jsonl");
    let lines = std::fs::read_to_string(&path).map_err(|why| format!("{}: {why}", path.display()))?;
    let parse = |line| serde_json::from_str(line).map_err(|why| format!("{}: {why}", path.display()));
    lines
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(parse)
        .collect()
}
