//! Visits that are spoken by synthesisers, for `sotto-speech vocabulary` to hear with and without a list of drug names.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::cache::{self, checkout, finish};
use crate::{Outcome, tools};

/// Names on the list, and those of them that are spoken.
const LISTED: usize = 200;
const SPOKEN: usize = 40;

/// The bonus was chosen with these voices…
const TUNING: [&str; 2] = ["slt", "kal16"];
/// …and is measured with these; the model was not trained on awb.
const MEASURING: [&str; 3] = ["rms", "awb", ESPEAK];

/// One in so many lines of the note's own exchanges is spoken too, if no drug is named in it.
const EXCHANGES: usize = 10;

/// The voice of the other program.
const ESPEAK: &str = "espeak-ng";

/// `bench vocabulary [tune]`
pub fn vocabulary(rest: &[&str]) -> Outcome {
    let (voices, half) = match rest {
        [] => (&MEASURING[..], 1),
        ["tune"] => (&TUNING[..], 0),
        [..] => return Err("usage: bench vocabulary [tune]".to_owned()),
    };
    tools::for_speaking()?;
    let name = ["tuning", "measuring"][half];
    let data = cache::root()?.join("bench/vocabulary").join(name);
    let lists = Lists::read(half)?;
    speak(&data, &lists.sentences(), voices)?;
    let write = |file: &str, text: &str| {
        std::fs::write(data.join(file), text).map_err(|why| format!("{}: {why}", data.display()))
    };
    write("listed.txt", &lists.listed.join("\n"))?;
    let long = checkout().join("public/vocabulary/drugs.txt");
    let model = checkout().join("public/models/starter");
    let [data, long, model] = [&data, &long, &model].map(|path| path.to_string_lossy().into_owned());
    let asked = ["vocabulary", "--model", &model, "--data", &data, "--long", &long];
    cache::run_binary(
        "sotto-speech",
        &[&asked[..], if half == 0 { &["--tune"] } else { &[] }].concat(),
    )
}

/// What is said, of one half of the names and sentences.
struct Lists {
    listed: Vec<String>,
    spoken: Vec<String>,
    /// With `NAME` where one of the names is said.
    with: Vec<String>,
    without: Vec<String>,
}

impl Lists {
    /// The names are those of one word that the note's own list has first in a line and the site's list too.
    fn read(half: usize) -> Outcome<Self> {
        let read = |path: &str| {
            let path = checkout().join(path);
            std::fs::read_to_string(&path).map_err(|why| format!("{}: {why}", path.display()))
        };
        let (known, own, sentences, exchanges) = (
            read("public/vocabulary/drugs.txt")?,
            read("crates/note/data/drugs.txt")?,
            read("tests/bench/vocabulary.txt")?,
            read("crates/note/data/exchanges.txt")?,
        );
        let known: Vec<&str> = known.lines().collect();
        let own = own.lines().filter(|line| !line.starts_with(['#', '[']));
        let names = own.filter_map(|line| line.split(',').next()).map(str::trim);
        let names = names.filter(|name| known.contains(name) && name.chars().all(|c| c.is_ascii_lowercase()));
        // In order of the list, which goes by what they are for: each half has some of all.
        let (ours, others): (Vec<_>, Vec<_>) = names.enumerate().partition(|(at, _)| at % 2 == half);
        let take = |names: &[(usize, &str)], count: usize| -> Vec<String> {
            let step = names.len() as f64 / count as f64;
            (0..count)
                .map(|at| names[(at as f64 * step) as usize].1.to_owned())
                .collect()
        };
        let spoken = take(&ours, SPOKEN);
        let rest: Vec<(usize, &str)> = ours
            .iter()
            .chain(&others)
            .copied()
            .filter(|(_, name)| !spoken.iter().any(|s| s == name))
            .collect();
        let listed = spoken.iter().cloned().chain(take(&rest, LISTED - SPOKEN)).collect();
        let lines = sentences
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        let of_half = lines
            .enumerate()
            .filter(|(at, _)| at % 2 == half)
            .map(|(_, line)| line.to_owned());
        let (with, mut without): (Vec<String>, Vec<String>) = of_half.partition(|line| line.contains("NAME"));
        let is_known = |word: &str| known.contains(&word.to_lowercase().as_str());
        let plain = exchanges
            .lines()
            .filter_map(|line| Some(line.split_once(": ")?.1))
            .filter(|line| line.len() < 120 && !line.split(|c: char| !c.is_alphanumeric()).any(is_known));
        without.extend(plain.skip(half).step_by(EXCHANGES).map(str::to_owned));
        Ok(Self {
            listed,
            spoken,
            with,
            without,
        })
    }

    /// Sentences and what is listed of them.
    fn sentences(&self) -> Vec<(String, Option<String>)> {
        let named = self.spoken.iter().zip(self.with.iter().cycle());
        let named = named.map(|(name, sentence)| (sentence.replace("NAME", name), Some(name.clone())));
        named
            .chain(self.without.iter().map(|sentence| (sentence.clone(), None)))
            .collect()
    }
}

/// Each sentence in each voice, and `manifest.jsonl`; what was spoken before is kept.
fn speak(data: &Path, sentences: &[(String, Option<String>)], voices: &[&str]) -> Outcome {
    let mut manifest = String::new();
    for voice in voices {
        for (at, (text, listed)) in sentences.iter().enumerate() {
            let path = format!("{voice}-{at}.wav");
            let entry = json!({ "path": path, "transcript": text, "source": voice, "listed": listed });
            manifest.push_str(&format!("{entry}\n"));
        }
    }
    let file = data.join("manifest.jsonl");
    let failed = |why| format!("{}: {why}", data.display());
    if std::fs::read_to_string(&file).is_ok_and(|before| before == manifest) {
        return Ok(());
    }
    std::fs::create_dir_all(data).map_err(failed)?;
    for voice in voices {
        for (at, (text, _)) in sentences.iter().enumerate() {
            let wave = data.join(format!("{voice}-{at}.wav"));
            let mut program = if *voice == ESPEAK {
                let mut program = Command::new("espeak-ng");
                program.args(["-v", "en-us", "-s", "150", "-w"]).arg(wave).arg(text);
                program
            } else {
                let mut program = Command::new("flite");
                program.args(["-voice", voice, "-t", text, "-o"]).arg(wave);
                program
            };
            program.stdout(Stdio::null());
            finish(program)?;
        }
    }
    std::fs::write(&file, manifest).map_err(failed)
}
