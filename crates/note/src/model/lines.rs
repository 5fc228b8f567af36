//! A clause of a visit → what it is about and whether a note would keep it; a word of it → whether a note would keep it.

use std::collections::HashMap;
use std::sync::LazyLock;

use speech::Speaker;

use super::{Features, Linear, best, sigmoid, softmax};
use crate::select::Candidate;
use crate::{About, Kind, Reply};

/// What a clause can be about as far as the model can tell; the first class is what a note leaves out.
pub const CLASSES: [Option<Kind>; 14] = [
    None,
    Some(Kind::PresentIllness),
    Some(Kind::ReviewOfSystems),
    Some(Kind::MedicalHistory),
    Some(Kind::SurgicalHistory),
    Some(Kind::Medications),
    Some(Kind::Allergies),
    Some(Kind::FamilyHistory),
    Some(Kind::SocialHistory),
    Some(Kind::Vitals),
    Some(Kind::Exam),
    Some(Kind::Labs),
    Some(Kind::Assessment),
    Some(Kind::Plan),
];

/// What the model says of one clause.
#[derive(Clone, Copy, Debug)]
pub struct Judgement {
    pub kind: Kind,
    /// How likely a note keeps it.
    pub kept: f32,
}

/// The two models of a draft.
pub struct Models {
    pub lines: Linear,
    pub words: Linear,
}

impl Models {
    /// Those that come with the crate.
    pub fn committed() -> &'static Self {
        static MODELS: LazyLock<Models> = LazyLock::new(|| {
            let both = Models::parse(include_bytes!("../../model/lines.bin"));
            both.expect("the committed models are whole")
        });
        &MODELS
    }

    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let (lines, rest) = Linear::parse(bytes)?;
        let (words, _) = Linear::parse(rest)?;
        Some(Self { lines, words })
    }

    pub fn bytes(&self) -> Vec<u8> {
        [self.lines.bytes(), self.words.bytes()].concat()
    }
}

/// What the model of clauses says of each.
pub fn judge(model: &Linear, candidates: &[Candidate]) -> Vec<Judgement> {
    Seen::default().judge(model, candidates)
}

/// What the models made of the clauses of a visit so far, without what changes as it goes on.
#[derive(Default)]
pub(crate) struct Seen {
    /// Of each clause the sums, and what its place in the visit weighs.
    clauses: Vec<(Vec<f32>, f32)>,
    /// Of each clause, for each of its units of content.
    words: Vec<Vec<f32>>,
    /// Of the letters of each word.
    letters: HashMap<String, f32>,
}

impl Seen {
    /// The clauses from this one on are others.
    pub fn forget(&mut self, from: usize) {
        // The last before them has other neighbours.
        self.clauses.truncate(from.saturating_sub(1));
        self.words.truncate(from);
    }

    /// What the model of clauses says of each.
    pub fn judge(&mut self, model: &Linear, candidates: &[Candidate]) -> Vec<Judgement> {
        for at in self.clauses.len()..candidates.len() {
            let (features, placed) = unplaced(candidates, at);
            self.clauses.push((model.sums(&features), placed));
        }
        let places: Vec<Vec<f32>> = (0..10).map(|tenth| model.sums(&place(tenth, 1.0))).collect();
        let judged = self.clauses.iter().zip(candidates).enumerate();
        judged
            .map(|(at, ((sums, placed), candidate))| {
                let here = &places[tenth(at, candidates.len())];
                let sums: Vec<f32> = sums.iter().zip(here).map(|(sum, here)| sum + placed * here).collect();
                Judgement::of(&model.scored(&sums), candidate.guess)
            })
            .collect()
    }

    /// How likely a note keeps each unit of content, by its number: the most that any of its occurrences is worth.
    pub fn worth(&mut self, model: &Linear, candidates: &[Candidate], judged: &[Judgement]) -> Vec<f32> {
        for candidate in &candidates[self.words.len()..] {
            let words = candidate.words();
            let sums = candidate.content.iter().map(|(place, unit)| {
                let word = words[*place];
                let letters = match self.letters.get(word) {
                    Some(known) => *known,
                    None => {
                        let sum = model.sums(&spelt(word))[0];
                        self.letters.insert(word.to_owned(), sum);
                        sum
                    }
                };
                letters + model.sums(&around(candidate, &words, *place, unit))[0]
            });
            self.words.push(sums.collect());
        }
        let often: Vec<f32> = uses(candidates)
            .iter()
            .map(|uses| model.sums(&uses.features())[0])
            .collect();
        let mut worth = vec![0f32; often.len()];
        for (at, (candidate, judgement)) in candidates.iter().zip(judged).enumerate() {
            let clause = model.sums(&within(judgement, tenth(at, candidates.len())))[0];
            for (sum, unit) in self.words[at].iter().zip(&candidate.units) {
                let kept = sigmoid(model.scored(&[sum + clause + often[*unit]])[0]);
                worth[*unit] = worth[*unit].max(kept);
            }
        }
        worth
    }
}

impl Judgement {
    fn of(scores: &[f32], guess: Kind) -> Self {
        let mut shares = softmax(scores);
        // A cue in the words weighs more than the model learned it to from long visits: alone it must do.
        let cued = CLASSES.iter().position(|kind| *kind == Some(guess));
        if let Some(cued) = cued.filter(|_| guess != Kind::PresentIllness) {
            shares[cued] *= CUED;
        }
        let kind = CLASSES[1 + best(&shares[1..])];
        Judgement {
            kind: kind.unwrap_or(Kind::PresentIllness),
            kept: 1.0 - shares[0],
        }
    }
}

/// How much more likely a kind is whose cues a clause holds.
const CUED: f32 = 4.0;

/// What the model sees of a clause, its neighbours, and its place in the visit.
pub fn line_features(candidates: &[Candidate], at: usize) -> Features {
    let (mut features, placed) = unplaced(candidates, at);
    features.extend(&place(tenth(at, candidates.len()), placed));
    features
}

/// In tenths of the visit.
fn tenth(at: usize, of: usize) -> usize {
    at * 10 / of.max(1)
}

fn place(tenth: usize, value: f32) -> Features {
    let mut features = Features::default();
    features.add('q', &tenth.to_string(), value);
    features
}

/// What the model sees but the place, and what the place counts beside it.
fn unplaced(candidates: &[Candidate], at: usize) -> (Features, f32) {
    let candidate = &candidates[at];
    let words = candidate.words();
    let mut features = Features::default();
    features.add_words('w', &words, 1.0);
    for word in words.iter().filter(|word| word.len() > 4) {
        features.add_letters('c', word, 0.2);
    }
    let beside = |at: Option<usize>| {
        at.and_then(|at| candidates.get(at))
            .map(Candidate::words)
            .unwrap_or_default()
    };
    for (space, words) in [('p', beside(at.checked_sub(1))), ('n', beside(Some(at + 1)))] {
        for word in words {
            features.add(space, word, 0.4);
        }
    }
    features.add('k', &format!("{:?}", candidate.guess), 1.5);
    features.add('s', role(candidate.speaker), 1.0);
    features.add('r', reply(candidate.reply), 1.0);
    features.add('l', &words.len().min(31).checked_ilog2().unwrap_or(0).to_string(), 1.0);
    for about in &candidate.abouts {
        features.add('f', about, 1.0);
    }
    if words.iter().any(|word| word.contains(|c: char| c.is_ascii_digit())) {
        features.add('d', "", 1.0);
    }
    features.normalised_beside(1.5)
}

/// Every occurrence of a unit of content, and what the model sees of it.
pub fn word_features(candidates: &[Candidate], judged: &[Judgement]) -> Vec<(String, Features)> {
    let uses = uses(candidates);
    let mut found = Vec::new();
    for (at, (candidate, judgement)) in candidates.iter().zip(judged).enumerate() {
        let words = candidate.words();
        for ((place, unit), number) in candidate.content.iter().zip(&candidate.units) {
            let mut features = around(candidate, &words, *place, unit);
            features.extend(&spelt(words[*place]));
            features.extend(&within(judgement, tenth(at, candidates.len())));
            features.extend(&uses[*number].features());
            found.push((unit.clone(), features));
        }
    }
    found
}

/// Of a word in its clause.
fn around(candidate: &Candidate, words: &[&str], place: usize, unit: &str) -> Features {
    let mut features = Features::default();
    features.add('S', unit, 1.0);
    features.add('P', place.checked_sub(1).map_or("<", |before| words[before]), 0.7);
    features.add('N', words.get(place + 1).copied().unwrap_or(">"), 0.7);
    features.add('R', role(candidate.speaker), 0.7);
    if words[place].contains(|c: char| c.is_ascii_digit()) {
        features.add('D', "", 1.0);
    }
    features.add('1', "", 1.0);
    features
}

fn spelt(word: &str) -> Features {
    let mut features = Features::default();
    features.add_letters('C', word, 0.25);
    features
}

/// Of the clause in which a word stands.
fn within(judgement: &Judgement, tenth: usize) -> Features {
    let mut features = Features::default();
    features.add('K', &format!("{:?}", judgement.kind), 1.0);
    #[expect(clippy::cast_possible_truncation, reason = "0 to 9")]
    features.add('L', &((judgement.kept * 9.99) as i32).to_string(), 1.0);
    features.add('O', &tenth.to_string(), 0.7);
    features
}

/// How often a unit was said, and by whom.
#[derive(Clone, Copy, Default)]
struct Uses {
    times: usize,
    clinician: bool,
    patient: bool,
}

impl Uses {
    fn features(&self) -> Features {
        let both = self.clinician && self.patient;
        let mut features = Features::default();
        features.add('T', &self.times.min(6).to_string(), 0.7);
        features.add('B', if both { "both" } else { "one" }, 0.7);
        features
    }
}

/// By the numbers of the units.
fn uses(candidates: &[Candidate]) -> Vec<Uses> {
    let mut uses: Vec<Uses> = Vec::new();
    for candidate in candidates {
        for &unit in &candidate.units {
            if unit >= uses.len() {
                uses.resize(unit + 1, Uses::default());
            }
            uses[unit].times += 1;
            uses[unit].clinician |= candidate.speaker == Some(Speaker::Clinician);
            uses[unit].patient |= candidate.speaker == Some(Speaker::Patient);
        }
    }
    uses
}

fn role(speaker: Option<Speaker>) -> &'static str {
    match speaker {
        Some(Speaker::Clinician) => "c",
        Some(Speaker::Patient) => "p",
        Some(Speaker::Other) => "o",
        None => "-",
    }
}

fn reply(reply: Option<Reply>) -> &'static str {
    match reply {
        Some(Reply::Denied) => "d",
        Some(Reply::Affirmed) => "a",
        Some(Reply::Told) => "t",
        None => "-",
    }
}

pub(crate) fn about(about: &About) -> &'static str {
    match about {
        About::Finding(_) => "finding",
        About::Medication(_) => "medication",
        About::Measurement(measured) if measured.vital => "vital",
        About::Measurement(_) => "result",
        About::Procedure { .. } => "procedure",
        About::Allergy { .. } => "allergy",
        About::Social(_) => "social",
    }
}
