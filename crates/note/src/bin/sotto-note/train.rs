//! `train note`: published visits → the weights that the crate carries.

use std::{fs, path::Path};

use note::model::Linear;
use note::model::lines::{CLASSES, Judgement, Models, judge, line_features, word_features};
use note::model::roles::turn_features;
use note::{CHOOSING, Candidate, Kind, Template, candidates, draft_by, plain_text, understand};
use speech::{Speaker, Transcript};

use crate::bench::Sum;
use crate::corpora::{Corpora, Part, Snippet, Visit};
use crate::headers::{cross_validated, headers, right};
use crate::learn::{Example, Settings, learn};
use crate::table::Failure;
use crate::targets::{Rarity, Target, rarity};

/// Writes the models into the crate that this command was built from.
pub fn note(folder: &str) -> Result<String, Failure> {
    let corpora = Corpora::at(folder);
    let part = Part::Train.learned_from();
    let (visits, snippets) = (corpora.visits(part)?, corpora.snippets(part)?);
    let lines = keep("lines.bin", &lines(&visits, &snippets).bytes())?;
    let sections = keep("sections.bin", &headers(&snippets).bytes())?;
    Ok(format!("{lines}\n{sections}"))
}

/// Writes the model of who speaks into the crate.
pub fn roles(folder: &str) -> Result<String, Failure> {
    let corpora = Corpora::at(folder);
    let part = Part::Train.learned_from();
    keep(
        "roles.bin",
        &speakers(&corpora.visits(part)?, &corpora.snippets(part)?).bytes(),
    )
}

/// How well what was not taught is answered: visits a third at a time, headers of exchanges a fifth at a time.
pub fn held_out(folder: &str) -> Result<String, Failure> {
    let corpora = Corpora::at(folder);
    let part = Part::Train.learned_from();
    let (visits, snippets) = (corpora.visits(part)?, corpora.snippets(part)?);
    let mut sum = Sum::default();
    for third in 0..3 {
        let models = lines(&others(&visits, third), &snippets);
        for visit in visits.iter().skip(third).step_by(3) {
            sum.add(&visit.dialogue, &visit.note, &noted(&models, &visit.transcript));
        }
    }
    let valid = corpora.snippets(Part::Valid.learned_from())?;
    let known = right(&headers(&snippets), &valid);
    let both = [snippets, valid.clone()].concat();
    let crossed = cross_validated(&both, PARTS);
    Ok(format!(
        "{sum}\n{known} of {} headers of the validation set\n{crossed:.1} of {} headers of both sets, a fifth at a time",
        valid.len(),
        both.len()
    ))
}

/// In how many parts the labelled exchanges are held out.
const PARTS: usize = 5;

fn others<T: Clone>(all: &[T], third: usize) -> Vec<T> {
    all.iter()
        .enumerate()
        .filter(|(at, _)| at % 3 != third)
        .map(|(_, one)| one.clone())
        .collect()
}

fn noted(models: &Models, transcript: &Transcript) -> String {
    plain_text(&draft_by(
        models,
        &CHOOSING,
        transcript,
        &Template::history_and_physical(),
    ))
}

fn keep(name: &str, bytes: &[u8]) -> Result<String, Failure> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("model").join(name);
    fs::write(&file, bytes).map_err(|why| Failure::Model {
        why: format!("{}: {why}", file.display()),
    })?;
    Ok(format!("{} bytes written to {}", bytes.len(), file.display()))
}

/// A dialogue's clauses beside the note that a person made of it.
struct Pair {
    candidates: Vec<Candidate>,
    target: Target,
    /// How much it counts: short exchanges are many, and their summaries keep more than a note would.
    weight: f32,
}

fn lines(visits: &[Visit], snippets: &[Snippet]) -> Models {
    let clauses = |transcript| candidates(transcript, &understand(transcript));
    let mut pairs: Vec<Pair> = visits
        .iter()
        .map(|visit| Pair {
            candidates: clauses(&visit.transcript),
            target: Target::of_note(&visit.note),
            weight: 1.0,
        })
        .collect();
    let rarity = rarity(pairs.iter().map(|pair| &pair.target));
    pairs.extend(snippets.iter().map(|snippet| Pair {
        candidates: clauses(&snippet.transcript),
        target: Target::of_summary(&snippet.header, &snippet.summary),
        weight: 0.3,
    }));
    let lines = learn_lines(&pairs, &rarity, |_| true);
    // The words learn from judgements as they will be of a visit that the clause model has not seen: each half of the visits is
    // judged by what the other half taught.
    let halves = [0, 1].map(|half| learn_lines(&pairs, &rarity, |at| at % 2 != half));
    let judged: Vec<Vec<Judgement>> = pairs
        .iter()
        .enumerate()
        .map(|(at, pair)| judge(&halves[at % 2], &pair.candidates))
        .collect();
    Models {
        lines,
        words: learn_words(&pairs, &judged),
    }
}

fn learn_lines(pairs: &[Pair], rarity: &Rarity, wanted: impl Fn(usize) -> bool) -> Linear {
    let mut examples = Vec::new();
    for (_, pair) in pairs.iter().enumerate().filter(|(at, _)| wanted(*at)) {
        for (at, candidate) in pair.candidates.iter().enumerate() {
            let features = line_features(&pair.candidates, at);
            let label = pair.target.label(candidate, rarity);
            let class = |kind: Kind| CLASSES.iter().position(|class| *class == Some(kind)).unwrap_or(1);
            let (class, weight) = match label {
                Some((kind, kept)) if kept >= 0.4 => (class(kind), kept),
                Some((_, kept)) => (0, 1.0 - kept),
                None => (0, 1.0),
            };
            examples.push(Example {
                features,
                class,
                weight: weight * pair.weight,
            });
        }
    }
    learn(
        &examples,
        &Settings {
            classes: CLASSES.len(),
            buckets: 1 << 14,
            rounds: 6,
            rate: 0.2,
            decay: 1e-5,
            steps: 15.0,
        },
    )
}

fn learn_words(pairs: &[Pair], judged: &[Vec<Judgement>]) -> Linear {
    let mut examples = Vec::new();
    for (pair, judged) in pairs.iter().zip(judged) {
        for (unit, mut features) in word_features(&pair.candidates, judged) {
            // Short exchanges have their own base rate, which a visit never sees.
            if pair.weight < 1.0 {
                features.add('2', "", 1.0);
            }
            examples.push(Example {
                class: usize::from(pair.target.units.contains(&unit)),
                features,
                weight: pair.weight,
            });
        }
    }
    learn(
        &examples,
        &Settings {
            classes: 2,
            buckets: 1 << 16,
            rounds: 5,
            rate: 0.1,
            decay: 1e-5,
            steps: 15.0,
        },
    )
}

/// Who spoke: the labels of visits and exchanges. Relatives, and whoever has no label, teach nothing.
fn speakers(visits: &[Visit], snippets: &[Snippet]) -> Linear {
    let visits = visits.iter().map(|visit| &visit.transcript);
    let mut examples = Vec::new();
    for transcript in visits.chain(snippets.iter().map(|snippet| &snippet.transcript)) {
        for (at, segment) in transcript.segments().iter().enumerate() {
            let class = match segment.speaker {
                Some(Speaker::Clinician) => 0,
                Some(Speaker::Patient) => 1,
                Some(Speaker::Other) | None => continue,
            };
            examples.push(Example {
                features: turn_features(transcript.segments(), at),
                class,
                weight: 1.0,
            });
        }
    }
    learn(
        &examples,
        &Settings {
            classes: 2,
            buckets: 1 << 12,
            rounds: 6,
            rate: 0.2,
            decay: 1e-5,
            steps: 15.0,
        },
    )
}
