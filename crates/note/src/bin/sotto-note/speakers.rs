//! `bench speakers`: whose words are whose in visits of two synthesised voices, by the words, by the voices and by both.
//!
//! The words are those that were spoken and not what a recogniser heard, each in the stretch in which its middle lies: what
//! is measured are the stretches and their speakers.

use std::path::Path;

use note::model::roles::{PAUSES, roles};
use speech::{RATE, Segment, SegmentId, Segmenter, Speaker, Timbre, Transcript, Utterance, Voice, Voices};

use crate::corpora::{Corpora, Part, Visit};
use crate::roles::EXCHANGED;
use crate::{dialogue, exchanges};
use crate::table::Failure;
use crate::two_voices::{Spoken, speak};

/// Clinician's and patient's voices for the measurement…
const MEASURING: [[&str; 2]; 6] = [
    ["rms", "slt"],
    ["awb", "rms"],
    ["slt", "awb"],
    ["en-us+m3", "en-us+f2"],
    ["en-us+f5", "en-us+f2"],
    ["en-us+m1", "en-us+m7"],
];
/// …and those with which the numbers in `speech` and `note` were chosen.
const TUNING: [[&str; 2]; 6] = [
    ["kal16", "en-us+f3"],
    ["en-us+m2", "kal16"],
    ["en-us+f4", "en-us+m4"],
    ["en-us+f1", "en-us+f3"],
    ["en-us+m2", "en-us+m5"],
    ["en-gb+m6", "en-us+f4"],
];
const VISITS_OF_A_PAIR: usize = 5;
const TURNS: usize = 50;
/// Seconds between a cut and the beginning or end of a turn that it is taken for.
const NEAR: f64 = 0.6;

pub fn speakers(cache: &str, data: Option<&str>) -> Result<String, Failure> {
    let talks = match data {
        Some(folder) => published(folder, &[Part::Test1, Part::Test2])?,
        None => own(),
    };
    table(cache, &MEASURING, &talks)
}

pub fn tune(cache: &str, folder: &str) -> Result<String, Failure> {
    table(cache, &TUNING, &published(folder, &[Part::Valid])?)
}

fn table(cache: &str, pairs: &[[&str; 2]], talks: &[Transcript]) -> Result<String, Failure> {
    let cache = Path::new(cache);
    std::fs::create_dir_all(cache).map_err(|why| Failure::Read {
        file: cache.to_string_lossy().into_owned(),
        why: why.to_string(),
    })?;
    println!("                           words on the right speaker, %");
    println!("voices                     words    text   voice    both  cuts  missed  false  one voice: false, told apart");
    let mut all = Tally::default();
    let mut talks = talks.iter().cycle();
    for pair in pairs {
        let mut of_pair = Tally::default();
        for (seed, talk) in (1..=VISITS_OF_A_PAIR as u64).zip(talks.by_ref()) {
            eprint!("two "); of_pair.add(&visit(&speak(talk, TURNS, *pair, seed, cache)?));
            for voice in pair {
                eprint!("one ");of_pair.add_one_voice(&speak(talk, TURNS / 2, [voice, voice], seed, cache)?);
            }
        }
        of_pair.print(&pair.join(" and "));
        all.add(&of_pair);
    }
    all.print("all");
    Ok(String::new())
}

/// Counts of one visit or of many.
#[derive(Default)]
struct Tally {
    words: usize,
    /// By text, by voice, by both.
    right: [usize; 3],
    seconds: f64,
    cuts: usize,
    /// Of turns of another speaker that begin without a cut or a pause.
    missed: usize,
    turns: usize,
    false_cuts: usize,
    one_voice_seconds: f64,
    one_voice_cuts: usize,
    one_voice_visits: usize,
    one_voice_apart: usize,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.words += other.words;
        for (sum, right) in self.right.iter_mut().zip(other.right) {
            *sum += right;
        }
        self.seconds += other.seconds;
        self.cuts += other.cuts;
        self.missed += other.missed;
        self.turns += other.turns;
        self.false_cuts += other.false_cuts;
        self.one_voice_seconds += other.one_voice_seconds;
        self.one_voice_cuts += other.one_voice_cuts;
        self.one_voice_visits += other.one_voice_visits;
        self.one_voice_apart += other.one_voice_apart;
    }

    fn add_one_voice(&mut self, spoken: &Spoken) {
        let (utterances, transcript) = transcript(spoken);
        self.one_voice_seconds += spoken.samples.seconds();
        self.one_voice_cuts += cuts(&utterances).len();
        self.one_voice_visits += 1;
        self.one_voice_apart += usize::from(transcript.segments().iter().any(|segment| segment.voice.is_some()));
    }

    fn print(&self, name: &str) {
        let [text, voice, both] = self.right.map(|right| percent(right, self.words));
        println!(
            "{name:<24}{:>8}{text:>8.1}{voice:>8.1}{both:>8.1}{:>6}{:>7.0}%{:>7}{:>12.1}/h{:>6}/{}",
            self.words,
            self.cuts,
            percent(self.missed, self.turns),
            self.false_cuts,
            self.one_voice_cuts as f64 / (self.one_voice_seconds / 3_600.0).max(f64::MIN_POSITIVE),
            self.one_voice_apart,
            self.one_voice_visits,
        );
    }
}

fn visit(spoken: &Spoken) -> Tally {
    let (utterances, with_voices) = transcript(spoken);
    let mut without = Transcript::default();
    for segment in with_voices.segments() {
        without.insert(Segment { voice: None, ..segment.clone() });
    }
    let by_voice = |clinician: Voice| -> Vec<Option<Speaker>> {
        let role = |segment: &Segment| {
            let own = segment.voice? == clinician;
            Some(if own { Speaker::Clinician } else { Speaker::Patient })
        };
        with_voices.segments().iter().map(role).collect()
    };
    let right = |given: &[Option<Speaker>]| {
        let place = |at: usize| utterances.iter().position(|utterance| holds(utterance, at));
        let words = spoken.words.iter();
        words.filter(|word| place(word.at).and_then(|place| given[place]) == Some(word.speaker)).count()
    };
    let told = |given: Vec<Speaker>| given.into_iter().map(Some).collect::<Vec<_>>();
    let voices = [Voice::First, Voice::Second].map(|clinician| right(&by_voice(clinician)));
    let text = right(&told(roles(&without, PAUSES)));
    let both = right(&told(roles(&with_voices, PAUSES)));
    let changes: Vec<usize> = spoken.turns.windows(2).filter(|pair| pair[0].2 != pair[1].2).map(|pair| pair[1].0).collect();
    let ends: Vec<usize> = spoken.turns.iter().flat_map(|turn| [turn.0, turn.1]).collect();
    let near = |a: usize, b: usize| (a.abs_diff(b) as f64) < NEAR * f64::from(RATE);
    let cuts = cuts(&utterances);
    let begins: Vec<usize> = utterances.iter().map(|utterance| utterance.start as usize).collect();
    Tally {
        words: spoken.words.len(),
        right: [text, voices[0].max(voices[1]), both],
        seconds: spoken.samples.seconds(),
        cuts: cuts.len(),
        missed: changes.iter().filter(|change| !begins.iter().any(|begin| near(*begin, **change))).count(),
        turns: changes.len(),
        false_cuts: cuts.iter().filter(|cut| !ends.iter().any(|end| near(*end, **cut))).count(),
        ..Tally::default()
    }
}

/// Where an utterance was cut because another voice was heard: those that end where the next begins, without the one cut
/// in each of 8 to 15 seconds that what goes on for longer gets anyway.
fn cuts(utterances: &[Utterance]) -> Vec<usize> {
    const TOO_LONG: usize = 148 * RATE as usize / 10;
    const EARLIEST: usize = 8 * RATE as usize;
    let mut cuts = Vec::new();
    for chain in utterances.chunk_by(|a, b| end(a) == b.start as usize) {
        let last = chain.last().map_or(0, end);
        let mut start = chain[0].start as usize;
        let mut joins: Vec<usize> = chain[1..].iter().map(|utterance| utterance.start as usize).collect();
        while last - start >= TOO_LONG {
            let Some(long) = joins.iter().rposition(|join| (EARLIEST..TOO_LONG).contains(&join.saturating_sub(start))) else {
                break;
            };
            cuts.extend(joins.drain(..=long));
            start = cuts.pop().unwrap_or(last);
        }
        cuts.extend(joins);
    }
    cuts
}

fn end(utterance: &Utterance) -> usize {
    utterance.start as usize + utterance.samples.len()
}

fn holds(utterance: &Utterance, at: usize) -> bool {
    let start = utterance.start as usize;
    (start..start + utterance.samples.len()).contains(&at)
}

/// The visit as the page would have it of a recogniser that errs never: a segment for each utterance, in its order.
fn transcript(spoken: &Spoken) -> (Vec<Utterance>, Transcript) {
    let mut segmenter = Segmenter::new();
    let mut utterances = segmenter.push(&spoken.samples);
    utterances.extend(segmenter.finish());
    let mut voices = Voices::default();
    let mut transcript = Transcript::default();
    for (id, utterance) in (0..).map(SegmentId).zip(&utterances) {
        let words = spoken.words.iter().filter(|word| holds(utterance, word.at));
        let words: Vec<&str> = words.map(|word| word.text.as_str()).collect();
        voices.hear(id, Timbre::of(&utterance.samples));
        transcript.insert(Segment::new(id, utterance.start_seconds(), utterance.end_seconds(), words.join(" ")));
    }
    transcript.spoken_by(&voices.told_apart());
    (utterances, transcript)
}

fn published(folder: &str, parts: &[Part]) -> Result<Vec<Transcript>, Failure> {
    let corpora = Corpora::at(folder);
    let mut talks = Vec::new();
    for part in parts {
        talks.extend(corpora.visits(*part)?.into_iter().map(mended));
    }
    Ok(talks)
}

/// With its labels the right way round.
fn mended(visit: Visit) -> Transcript {
    let exchanged = EXCHANGED.contains(&visit.id.as_str());
    let turns = visit.transcript.segments().iter().map(|turn| {
        let speaker = match turn.speaker {
            Some(Speaker::Clinician) if exchanged => Some(Speaker::Patient),
            Some(Speaker::Patient) if exchanged => Some(Speaker::Clinician),
            speaker => speaker,
        };
        (speaker, turn.text.clone())
    });
    dialogue::spoken(turns)
}

/// Visits made of the exchanges that were written for Sotto.
fn own() -> Vec<Transcript> {
    let turns: Vec<Segment> = exchanges::own()
        .iter()
        .flat_map(|exchange| exchange.transcript.segments().to_vec())
        .collect();
    let talk = |turns: &[Segment]| {
        dialogue::spoken(turns.iter().map(|turn| (turn.speaker, turn.text.clone())))
    };
    turns.chunks(TURNS).map(talk).collect()
}

fn percent(part: usize, all: usize) -> f64 {
    100.0 * part as f64 / all.max(1) as f64
}
