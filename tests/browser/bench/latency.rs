//! How long a word takes from the mouth to the screen: the sample dictation, played to the page by a microphone.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::{percentile, samples};
use crate::chrome::{Chrome, Gpu};
use crate::clinician::{Clinician, EVENTUALLY};
use crate::site::{Site, data, workspace};

const WATCH: &str = include_str!("../../bench/watch.js");

/// What both the recording and the file first exceed where somebody speaks.
const LOUD: f64 = 0.01;

/// The tap's blocks hold so many seconds.
const BLOCK: f64 = 0.1;

/// What was on the screen from `at` on: the segments that are done, and the words of the one that is being said.
struct Shown {
    at: f64,
    done: Vec<String>,
    partial: String,
}

#[test]
#[ignore = "a measurement: `cargo xtask bench latency`"]
fn from_the_mouth_to_the_screen() {
    println!("| engine | what | words | p50 ms | p95 ms | max ms |\n|---|---|---:|---:|---:|---:|");
    measure(Gpu::None, "CPU");
    // As the app chooses: a software GPU is not taken.
    measure(Gpu::SwiftShader, "CPU");
}

fn measure(gpu: Gpu, status: &str) {
    let sound = workspace().join("public/samples/dictation.wav");
    let site = Site::serve();
    let chrome = Chrome::hearing(gpu, &sound, &site.origin);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.reads_status(status, EVENTUALLY);
    chrome.script(WATCH, json!([]));
    let seconds = samples(&sound).len() as f64 / 16_000.0;
    clinician.dictates(Duration::from_secs_f64(seconds + 2.0));
    clinician.waits_for_note();
    let seen = chrome.script("return window.seen;", json!([]));
    let clock = Clock::of(&seen["blocks"], &sound);
    report(&format!("{status}, {gpu:?}"), &shown(&seen["texts"]), &clock);
}

fn report(engine: &str, screens: &[Shown], clock: &Clock) {
    let sentences = sentences();
    let done = &screens.last().expect("words were shown").done;
    assert_eq!(done.len(), sentences.len(), "one segment for each sentence: {done:?}");
    let (mut word, mut whole, mut done_after) = (vec![], vec![], vec![]);
    for (number, (spoken, text)) in sentences.iter().zip(done).enumerate() {
        let written = words(text);
        let first = |is: &dyn Fn(&Shown, &[String]) -> bool| {
            let screen = screens.iter().find(|screen| is(screen, &of_sentence(screen, number)));
            screen.expect("the last screen holds all of it").at
        };
        for (at, (_, end)) in matches(&written, spoken) {
            word.push(first(&|_, words| words.get(at) == Some(&written[at])) - clock.wall(*end));
        }
        let end = clock.wall(spoken.last().expect("a sentence has words").1);
        whole.push(first(&|_, words| *words == *written) - end);
        done_after.push(first(&|screen, _| screen.done.len() > number) - end);
    }
    for (what, times) in [
        ("a word's end to the word on the screen", &word),
        ("the last word's end to the whole text on the screen", &whole),
        ("the last word's end to the segment", &done_after),
    ] {
        let [half, most, all] = [50, 95, 100].map(|percent| percentile(times, percent));
        println!(
            "| {engine} | {what} | {} | {half:.0} | {most:.0} | {all:.0} |",
            times.len()
        );
    }
}

/// The words of a sentence as far as a screen shows them.
fn of_sentence(screen: &Shown, number: usize) -> Vec<String> {
    match screen.done.get(number) {
        Some(text) => words(text),
        None if screen.done.len() == number => words(&screen.partial),
        None => vec![],
    }
}

/// Lower case, without punctuation: a comma that comes later does not make a word new.
fn words(text: &str) -> Vec<String> {
    let plain = |word: &str| {
        word.chars()
            .filter(|c| c.is_alphanumeric())
            .collect::<String>()
            .to_lowercase()
    };
    text.split_whitespace()
        .map(plain)
        .filter(|word| !word.is_empty())
        .collect()
}

/// Written words that were spoken so, in order: places in `written` with what was spoken (longest common subsequence).
fn matches<'a>(written: &[String], spoken: &'a [(String, f64)]) -> Vec<(usize, &'a (String, f64))> {
    let mut longest = vec![vec![0; spoken.len() + 1]; written.len() + 1];
    for (i, word) in written.iter().enumerate().rev() {
        for (j, (heard, _)) in spoken.iter().enumerate().rev() {
            longest[i][j] = match word == heard {
                true => longest[i + 1][j + 1] + 1,
                false => longest[i + 1][j].max(longest[i][j + 1]),
            };
        }
    }
    let (mut i, mut j, mut found) = (0, 0, vec![]);
    while i < written.len() && j < spoken.len() {
        if written[i] == spoken[j].0 {
            found.push((i, &spoken[j]));
            (i, j) = (i + 1, j + 1);
        } else if longest[i + 1][j] >= longest[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    found
}

/// Sentence by sentence the words of the sample dictation and the second at which each ends.
fn sentences() -> Vec<Vec<(String, f64)>> {
    let table = std::fs::read_to_string(data("sample-words.tsv")).expect("the table is text");
    let mut sentences: Vec<Vec<(String, f64)>> = vec![];
    for line in table.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let number: usize = cells[0].parse().expect("a number");
        if number == sentences.len() {
            sentences.push(vec![]);
        }
        let end = cells[1].parse().expect("seconds");
        sentences[number].extend(words(cells[2]).pop().map(|word| (word, end)));
    }
    sentences
}

fn shown(texts: &Value) -> Vec<Shown> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let shown = |screen: &Value| Shown {
        at: screen[0].as_f64().expect("a time"),
        done: screen[1].as_array().expect("segments").iter().map(text).collect(),
        partial: text(&screen[2]),
    };
    texts.as_array().expect("screens").iter().map(shown).collect()
}

/// From seconds of the file to the page's milliseconds.
struct Clock {
    zero: f64,
}

impl Clock {
    /// The quickest block is taken to have come without delay.
    fn of(blocks: &Value, file: &Path) -> Self {
        let number = |value: &Value| value.as_f64().expect("a number");
        let blocks: Vec<[f64; 3]> = blocks
            .as_array()
            .expect("blocks")
            .iter()
            .map(|block| [0, 1, 2].map(|at| number(&block[at])))
            .collect();
        let size = blocks.iter().map(|block| block[1]).fold(0.0, f64::max);
        let begun = blocks
            .iter()
            .enumerate()
            .map(|(index, block)| block[0] - 1e3 * BLOCK * (index + 1) as f64)
            .fold(f64::INFINITY, f64::min);
        let (index, block) = blocks
            .iter()
            .enumerate()
            .find(|(_, block)| block[2] >= 0.0)
            .expect("somebody spoke");
        let heard = BLOCK * (index as f64 + block[2] / size);
        let file = samples(file);
        let loud = file
            .iter()
            .position(|sample| f64::from(sample.unsigned_abs()) / 32_768.0 > LOUD);
        let spoken = loud.expect("somebody speaks in the file") as f64 / 16_000.0;
        Self {
            zero: begun + 1e3 * (heard - spoken),
        }
    }

    fn wall(&self, second: f64) -> f64 {
        self.zero + 1e3 * second
    }
}
