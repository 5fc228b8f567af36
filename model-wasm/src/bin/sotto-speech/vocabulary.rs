//! What a list of words brings and costs: recall of those on it, word error rate of speech without them, and time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use burn::tensor::Device;
use lexopt::prelude::*;
use model_wasm::{
    Transcriber, block_on,
    listener::Listener,
    wishes::{BONUS, Wishes},
    word_errors::{self, WordErrors},
};
use serde::Deserialize;
use speech::{Utterance, WordList};

use crate::{audio, device, needed, plain, text};

/// Samples between two passes over an utterance that is being said, as in the page.
const BETWEEN_PASSES: usize = 5_120;

/// Terms of the long list.
const LONG: usize = 2_000;

/// Bonuses that are tried, in natural logarithms, and likelihoods from which a term stays.
const TRIED: [[f32; 2]; 13] = [
    [0.0, 0.0],
    [0.5, 0.0],
    [0.5, 0.3],
    [1.0, 0.0],
    [1.0, 0.2],
    [1.0, 0.3],
    [1.0, 0.4],
    [2.0, 0.0],
    [2.0, 0.2],
    [2.0, 0.3],
    [2.0, 0.4],
    [2.0, 0.5],
    [3.0, 0.3],
];

/// A line of `manifest.jsonl`: a sentence, and the term of the list that is said in it.
#[derive(Deserialize)]
struct Entry {
    path: PathBuf,
    transcript: String,
    source: String,
    listed: Option<String>,
}

struct Recording {
    entry: Entry,
    utterances: Vec<Utterance>,
}

/// Sums over recordings.
#[derive(Clone, Copy, Default)]
struct Count {
    /// Terms of the list that were said, and that were written.
    said: usize,
    written: usize,
    /// Terms of the list that were written and not said.
    invented: usize,
    /// Of recordings without a term of the list.
    errors: usize,
    words: usize,
}

pub fn run(arguments: &mut lexopt::Parser) -> Result<(), String> {
    let (mut model, mut data, mut long, mut device, mut tune) = (None, None, None, Device::flex(), false);
    while let Some(argument) = arguments.next().map_err(text)? {
        match argument {
            Long("model") => model = Some(PathBuf::from(arguments.value().map_err(text)?)),
            Long("data") => data = Some(PathBuf::from(arguments.value().map_err(text)?)),
            Long("long") => long = Some(PathBuf::from(arguments.value().map_err(text)?)),
            Long("device") => device = device::parse(&arguments.value().map_err(text)?.string().map_err(text)?)?,
            Long("tune") => tune = true,
            other => return Err(text(other.unexpected())),
        }
    }
    let data = needed(data, "--data")?;
    let listed = list(&data.join("listed.txt"))?;
    let mut long = list(&needed(long, "--long")?)?;
    long.truncate(LONG);
    let recordings = recordings(&data)?;
    let mut transcriber = device::load(&needed(model, "--model")?, &device)?;
    if tune {
        for [bonus, sure] in TRIED {
            let wishes = Wishes::with(&listed, transcriber.vocabulary(), [bonus, sure]);
            transcriber.expect(wishes);
            let total = total(&heard(&transcriber, &recordings, &listed)?);
            println!("b = {bonus:4.2}, {sure:4.2}  {}", total.line());
        }
        return Ok(());
    }
    quality(&mut transcriber, &recordings, &listed)?;
    time(&mut transcriber, &recordings, &long)
}

/// Prints recall and error rate for each voice, without the list and with it.
fn quality(transcriber: &mut Transcriber, recordings: &[Recording], listed: &[String]) -> Result<(), String> {
    transcriber.expect(Wishes::default());
    let without = heard(transcriber, recordings, listed)?;
    let wishes = Wishes::new(listed, transcriber.vocabulary());
    println!("{} terms listed, b = {BONUS}", wishes.len());
    transcriber.expect(wishes);
    let with = heard(transcriber, recordings, listed)?;
    for (voice, before) in &without {
        println!("{voice:<10} without  {}", before.line());
        println!("{voice:<10} with     {}", with[voice].line());
    }
    let (before, after) = (total(&without), total(&with));
    println!("{:<10} without  {}", "all", before.line());
    println!("{:<10} with     {}", "all", after.line());
    let missed = before.said - before.written;
    println!(
        "{:.1} % of the listed words that were missed are written; the error rate without listed words moves by {:+.2} points",
        100.0 * (after.written as f64 - before.written as f64) / missed.max(1) as f64,
        after.rate() - before.rate()
    );
    Ok(())
}

/// Prints what a long list costs, as the page hears: passes while an utterance is being said, and the last one.
fn time(transcriber: &mut Transcriber, recordings: &[Recording], long: &[String]) -> Result<(), String> {
    let begun = Instant::now();
    let wishes = Wishes::new(long, transcriber.vocabulary());
    println!(
        "{} terms are ready after {:.0} ms",
        wishes.len(),
        begun.elapsed().as_secs_f64() * 1e3
    );
    let mut spent = [Duration::ZERO; 2];
    let mut words = [0; 2];
    for (index, recording) in recordings.iter().enumerate() {
        // Taking turns, so that whatever else the machine does falls on both.
        for list in [index % 2, 1 - index % 2] {
            transcriber.expect(if list == 1 { wishes.clone() } else { Wishes::default() });
            for utterance in &recording.utterances {
                let begun = Instant::now();
                words[list] += live(transcriber, utterance)?;
                spent[list] += begun.elapsed();
            }
        }
    }
    let [without, with] = spent.map(|time| time.as_secs_f64());
    println!(
        "with them {with:.2} s, without {without:.2} s: × {:.3}; {} and {} words",
        with / without,
        words[1],
        words[0]
    );
    Ok(())
}

/// The number of words.
fn live(transcriber: &Transcriber, utterance: &Utterance) -> Result<usize, String> {
    let mut listener = Listener::default();
    for heard in (BETWEEN_PASSES..utterance.samples.len()).step_by(BETWEEN_PASSES) {
        let samples = speech::Samples::new(utterance.samples.as_slice()[..heard].to_vec());
        let start = utterance.start;
        block_on(listener.hear(transcriber, &Utterance { start, samples })).map_err(plain)?;
    }
    Ok(block_on(listener.finish(transcriber, utterance))
        .map_err(plain)?
        .words
        .len())
}

/// By voice.
fn heard(
    transcriber: &Transcriber,
    recordings: &[Recording],
    listed: &[String],
) -> Result<BTreeMap<String, Count>, String> {
    let mut voices = BTreeMap::<String, Count>::new();
    for recording in recordings {
        let mut found = Vec::new();
        for utterance in &recording.utterances {
            found.push(block_on(transcriber.transcribe(utterance)).map_err(plain)?.text);
        }
        let count = Count::of(&recording.entry, &found.join(" "), listed);
        voices.entry(recording.entry.source.clone()).or_default().add(count);
    }
    Ok(voices)
}

fn total(voices: &BTreeMap<String, Count>) -> Count {
    let mut total = Count::default();
    voices.values().for_each(|count| total.add(*count));
    total
}

impl Count {
    fn of(entry: &Entry, found: &str, listed: &[String]) -> Self {
        let words = |text: &str| -> Vec<String> {
            text.split(|c: char| !c.is_alphanumeric())
                .map(str::to_lowercase)
                .collect()
        };
        let (spoken, found_words) = (words(&entry.transcript), words(found));
        let written = entry.listed.as_ref().is_some_and(|term| found_words.contains(term));
        let invented = listed
            .iter()
            .filter(|term| found_words.contains(term) && !spoken.contains(term));
        let WordErrors { errors, words } = match entry.listed {
            Some(_) => WordErrors { errors: 0, words: 0 },
            None => word_errors::count(&entry.transcript, found),
        };
        Self {
            said: usize::from(entry.listed.is_some()),
            written: usize::from(written),
            invented: invented.count(),
            errors,
            words,
        }
    }

    fn add(&mut self, other: Count) {
        self.said += other.said;
        self.written += other.written;
        self.invented += other.invented;
        self.errors += other.errors;
        self.words += other.words;
    }

    /// In percent.
    fn rate(self) -> f64 {
        100.0 * self.errors as f64 / self.words.max(1) as f64
    }

    fn line(self) -> String {
        format!(
            "recall {:5.1} % ({} of {}), {} written that were not said; without listed words {:.2} % wrong ({} of {})",
            100.0 * self.written as f64 / self.said.max(1) as f64,
            self.written,
            self.said,
            self.invented,
            self.rate(),
            self.errors,
            self.words
        )
    }
}

/// The terms of a list.
pub fn list(path: &Path) -> Result<Vec<String>, String> {
    let bytes = std::fs::read(path).map_err(|why| format!("{}: {why}", path.display()))?;
    let list = WordList::read(&bytes).map_err(|why| format!("{}: {why}", path.display()))?;
    Ok(list.into_terms())
}

fn recordings(data: &Path) -> Result<Vec<Recording>, String> {
    let path = data.join("manifest.jsonl");
    let lines = std::fs::read_to_string(&path).map_err(|why| format!("{}: {why}", path.display()))?;
    let parse = |line: &str| -> Result<Recording, String> {
        let entry: Entry = serde_json::from_str(line).map_err(|why| format!("{}: {why}", path.display()))?;
        let utterances = audio::open(&data.join(&entry.path))?.utterances;
        Ok(Recording { entry, utterances })
    };
    lines.lines().map(parse).collect()
}
