//! Word error rates over a folder of labelled recordings, by source and, if the folder says it, by kind.

use std::{collections::BTreeMap, path::Path, time::Instant};

use model_wasm::word_errors;
use serde::Deserialize;

use crate::{asked::Asked, transcribe::transcribe};

/// A line of `manifest.jsonl`.
#[derive(Deserialize)]
pub struct Entry {
    pub path: String,
    pub transcript: String,
    pub source: String,
    /// What kind of recording it is, where the manifest says so.
    #[serde(default)]
    pub tier: Option<String>,
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
    let asked = Asked::parse(arguments, "every")?;
    let (transcriber, data, every) = (&asked.transcriber, asked.data()?, asked.number(1));
    let entries = entries(&data)?;
    let begun = Instant::now();
    let (mut sources, mut tiers) = (BTreeMap::<&str, Count>::new(), BTreeMap::<&str, Count>::new());
    for (done, entry) in entries.iter().step_by(every).enumerate() {
        let (transcript, audio_seconds) = transcribe(transcriber, &data.join(&entry.path))?;
        let compared = word_errors::count(&entry.transcript, &transcript.text());
        let count = Count {
            recordings: 1,
            words: compared.words,
            errors: compared.errors,
            audio_seconds,
        };
        sources.entry(&entry.source).or_default().add(count);
        if let Some(tier) = &entry.tier {
            tiers.entry(tier).or_default().add(count);
        }
        if done % 20 == 19 {
            eprintln!("{} of {} recordings", done + 1, entries.len().div_ceil(every));
        }
    }
    let mut total = Count::default();
    for (source, count) in sources {
        println!("{}", count.line(source));
        total.add(count);
    }
    for (tier, count) in tiers {
        println!("{}", count.line(&format!("all {tier}")));
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

pub fn entries(data: &Path) -> Result<Vec<Entry>, String> {
    let path = data.join("manifest.jsonl");
    let lines = std::fs::read_to_string(&path).map_err(|why| format!("{}: {why}", path.display()))?;
    let parse = |line| serde_json::from_str(line).map_err(|why| format!("{}: {why}", path.display()));
    lines
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(parse)
        .collect()
}
