//! Whether the words that the network doubts are the wrong ones, over a folder of labelled recordings.

use model_wasm::{
    block_on,
    decode::{self, Draft},
    word_errors,
};

use crate::{asked::Asked, audio, device, plain, wer::entries};

/// Words below each of these would be marked.
const THRESHOLDS: [f32; 10] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];

/// Of the words of one recording, those below its own such percentile.
const PERCENTILES: [usize; 5] = [5, 10, 20, 30, 40];

/// Utterances below each of these, in the mean logarithm of their tokens' likelihoods, would be taken for unclear.
const MEANS: [f32; 8] = [-2.0, -1.5, -1.2, -1.0, -0.8, -0.6, -0.4, -0.2];

/// A word that was heard.
#[derive(Clone, Copy)]
struct Judged {
    recording: usize,
    /// Mean logarithm of its utterance's tokens' likelihoods.
    mean: f32,
    confidence: f32,
    right: bool,
}

pub fn run(arguments: &mut lexopt::Parser) -> Result<(), String> {
    let asked = Asked::parse(arguments, "every")?;
    let (transcriber, data, every) = (&asked.transcriber, asked.data()?, asked.number(1));
    let network = device::moonshine(transcriber)?;
    let mut judged = Vec::new();
    for (recording, entry) in entries(&data)?.iter().step_by(every).enumerate() {
        let mut words: Vec<(String, f32, f32)> = Vec::new();
        for utterance in audio::open(&data.join(&entry.path))?.utterances {
            if !transcriber.fits(&utterance).map_err(plain)? {
                continue;
            }
            // As the listener does it, with what it would not show.
            let encoded = network.encode(&transcriber.wave(&utterance));
            let said = decode::greedy(network, &encoded, utterance.samples.len(), Draft::default());
            let said = block_on(said).map_err(plain)?;
            let mean = said.log_likelihood().unwrap_or_default();
            let heard = transcriber.spell(&said);
            let spelt = heard.words.iter().map(|word| {
                let spelling = word.span.of(&heard.text).to_owned();
                (spelling, mean, word.confidence)
            });
            words.extend(spelt);
        }
        let spelt: Vec<&str> = words.iter().map(|(word, ..)| word.as_str()).collect();
        let right = word_errors::right(&entry.transcript, &spelt);
        judged.extend(words.iter().zip(right).map(|((_, mean, confidence), right)| Judged {
            recording,
            mean: *mean,
            confidence: *confidence,
            right,
        }));
    }
    let wrong = judged.iter().filter(|word| !word.right).count();
    println!("{} words, {wrong} of them wrong", judged.len());
    println!(
        "{:<24} {:>8} {:>14} {:>16}",
        "marked", "words", "wrong found", "marked is wrong"
    );
    for threshold in THRESHOLDS {
        row(&format!("below {threshold}"), &judged, wrong, |word| {
            word.confidence < threshold
        });
    }
    for mean in MEANS {
        row(&format!("utterances below {mean}"), &judged, wrong, |word| {
            word.mean < mean
        });
    }
    for percentile in PERCENTILES {
        let limits = limits(&judged, percentile);
        let name = format!("{percentile} % of a recording");
        row(&name, &judged, wrong, |word| word.confidence <= limits[word.recording]);
    }
    Ok(())
}

fn row(name: &str, judged: &[Judged], wrong: usize, marked: impl Fn(&Judged) -> bool) {
    let marked: Vec<&Judged> = judged.iter().filter(|word| marked(word)).collect();
    let found = marked.iter().filter(|word| !word.right).count();
    let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    println!(
        "{name:<24} {:>6.1} % {:>12.1} % {:>14.1} %",
        percent(marked.len(), judged.len()),
        percent(found, wrong),
        percent(found, marked.len())
    );
}

/// For each recording the confidence at its percentile.
fn limits(judged: &[Judged], percentile: usize) -> Vec<f32> {
    let recordings = judged.last().map_or(0, |word| word.recording + 1);
    let mut sorted = vec![Vec::new(); recordings];
    for word in judged {
        sorted[word.recording].push(word.confidence);
    }
    let limit = |mut of: Vec<f32>| {
        of.sort_by(f32::total_cmp);
        let marked = of.len() * percentile / 100;
        marked.checked_sub(1).map_or(-1.0, |last| of[last])
    };
    sorted.into_iter().map(limit).collect()
}
