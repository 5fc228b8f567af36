//! `bench speakers`: whose words are whose in visits of two synthesised voices, by the words, by the voices and by both.
//!
//! The words are those that were spoken and not what a recogniser heard, each in the stretch in which its middle lies: what
//! is measured are the stretches and their speakers.

use std::path::Path;

use note::model::roles::{PAUSES, roles};
use speech::{RATE, Segment, SegmentId, Segmenter, Speaker, Timbre, Transcript, Utterance, Voice, Voices};

use crate::corpora::{Corpora, Part, Visit};
use crate::roles::{mended, percent};
use crate::table::Failure;
use crate::two_voices::{Spoken, speak};
use crate::{dialogue, exchanges};

/// Clinician's and patient's voices for the measurement. Two of them, f5 and f2, are one throat at two pitches…
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
const VISITS_OF_A_PAIR: u64 = 5;
/// Of each visit, from its beginning on.
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
    println!(
        "                                 on the right speaker, %   turns not   cuts where nobody else began, an hour"
    );
    println!(
        "voices                     words    text   voice    both  begun anew  two voices  one voice  one taken for two"
    );
    let mut all = Tally::default();
    let mut talks = talks.iter().cycle();
    for pair in pairs {
        let mut of_pair = Tally::default();
        for (seed, talk) in (1..=VISITS_OF_A_PAIR).zip(talks.by_ref()) {
            of_pair.add(&visit(&speak(talk, TURNS, *pair, seed, cache)?));
            for voice in pair {
                of_pair.add(&of_one_voice(&speak(talk, TURNS / 2, [voice, voice], seed, cache)?));
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
    /// Turns behind another speaker's.
    turns: usize,
    /// Those of them with which no utterance begins.
    missed: usize,
    two: Cuts,
    one: Cuts,
    /// Visits of one voice, and those in which two were told apart.
    alone: usize,
    taken_for_two: usize,
}

/// Cuts where no turn begins or ends.
#[derive(Default)]
struct Cuts {
    wrong: usize,
    hours: f64,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.words += other.words;
        for (sum, right) in self.right.iter_mut().zip(other.right) {
            *sum += right;
        }
        self.turns += other.turns;
        self.missed += other.missed;
        for (sum, cuts) in [(&mut self.two, &other.two), (&mut self.one, &other.one)] {
            sum.wrong += cuts.wrong;
            sum.hours += cuts.hours;
        }
        self.alone += other.alone;
        self.taken_for_two += other.taken_for_two;
    }

    fn print(&self, name: &str) {
        let [text, voice, both] = self.right.map(|right| percent(right, self.words));
        let [two, one] = [&self.two, &self.one].map(|cuts| cuts.wrong as f64 / cuts.hours);
        println!(
            "{name:<24}{:>8}{text:>8.1}{voice:>8.1}{both:>8.1}{:>10.1} %{two:>12.1}{one:>11.1}{:>14} of {}",
            self.words,
            percent(self.missed, self.turns),
            self.taken_for_two,
            self.alone,
        );
    }
}

fn visit(spoken: &Spoken) -> Tally {
    let (utterances, heard) = hear(spoken);
    let segments = heard.segments();
    let mut unvoiced = Transcript::default();
    for segment in segments {
        unvoiced.insert(Segment {
            voice: None,
            ..segment.clone()
        });
    }
    let place = |at: usize| utterances.iter().position(|utterance| holds(utterance, at));
    // Whose utterance holds each word.
    let right = |given: &[Option<Speaker>]| {
        let words = spoken.words.iter();
        words
            .filter(|word| place(word.at).and_then(|place| given[place]) == Some(word.speaker))
            .count()
    };
    let by_roles = |transcript| right(&roles(transcript, PAUSES).into_iter().map(Some).collect::<Vec<_>>());
    let by_voice = [Voice::First, Voice::Second].map(|clinician| {
        let speaker = |voice| {
            if voice == clinician {
                Speaker::Clinician
            } else {
                Speaker::Patient
            }
        };
        right(
            &segments
                .iter()
                .map(|segment| segment.voice.map(speaker))
                .collect::<Vec<_>>(),
        )
    });
    let turns = spoken.turns.windows(2).filter(|pair| pair[0].2 != pair[1].2);
    let turns: Vec<usize> = turns.map(|pair| pair[1].0).collect();
    let begun = |turn: &usize| utterances.iter().any(|utterance| near(utterance.start as usize, *turn));
    Tally {
        words: spoken.words.len(),
        right: [by_roles(&unvoiced), by_voice[0].max(by_voice[1]), by_roles(&heard)],
        turns: turns.len(),
        missed: turns.iter().filter(|turn| !begun(turn)).count(),
        two: wrong_cuts(spoken, &utterances),
        ..Tally::default()
    }
}

fn of_one_voice(spoken: &Spoken) -> Tally {
    let (utterances, heard) = hear(spoken);
    let told_apart = heard.segments().iter().any(|segment| segment.voice.is_some());
    Tally {
        one: wrong_cuts(spoken, &utterances),
        alone: 1,
        taken_for_two: usize::from(told_apart),
        ..Tally::default()
    }
}

fn wrong_cuts(spoken: &Spoken, utterances: &[Utterance]) -> Cuts {
    let at_a_turn = |cut: usize| {
        let mut turns = spoken.turns.iter();
        turns.any(|(begin, end, _)| near(*begin, cut) || near(*end, cut))
    };
    let cuts = cuts(spoken, utterances).into_iter();
    Cuts {
        wrong: cuts.filter(|cut| !at_a_turn(*cut)).count(),
        hours: spoken.samples.seconds() / 3_600.0,
    }
}

fn near(a: usize, b: usize) -> bool {
    (a.abs_diff(b) as f64) < NEAR * f64::from(RATE)
}

/// Where an utterance was cut because another voice was heard: those that end without a pause where the next begins, but for
/// the one cut in each of 8 to 15 seconds that what goes on for longer gets anyway.
fn cuts(spoken: &Spoken, utterances: &[Utterance]) -> Vec<usize> {
    const TOO_LONG: usize = 148 * RATE as usize / 10;
    const EARLIEST: usize = 8 * RATE as usize;
    let joined = |a: &Utterance, b: &Utterance| end(a) == b.start as usize && !is_pause(spoken, end(a));
    let mut cuts = Vec::new();
    for chain in utterances.chunk_by(joined) {
        let mut begin = chain[0].start as usize;
        let last = chain.last().map_or(begin, end);
        let mut joins: Vec<usize> = chain[1..].iter().map(|utterance| utterance.start as usize).collect();
        while last - begin >= TOO_LONG {
            let of_length = |join: &usize| (EARLIEST..TOO_LONG).contains(&(join - begin));
            let Some(long) = joins.iter().rposition(of_length) else {
                break;
            };
            begin = joins[long];
            cuts.extend(joins.drain(..=long).take(long));
        }
        cuts.extend(joins);
    }
    cuts
}

/// Half a second of nothing but the room around a place.
fn is_pause(spoken: &Spoken, at: usize) -> bool {
    const ROOM: u16 = 150;
    let quiet = |sample: &&i16| sample.unsigned_abs() < ROOM;
    let (before, after) = spoken.samples.as_slice().split_at(at);
    let silent = before.iter().rev().take_while(quiet).count() + after.iter().take_while(quiet).count();
    silent > RATE as usize / 2
}

fn end(utterance: &Utterance) -> usize {
    utterance.start as usize + utterance.samples.len()
}

fn holds(utterance: &Utterance, at: usize) -> bool {
    (utterance.start as usize..end(utterance)).contains(&at)
}

/// The visit as the page would have it of a recogniser that never errs: a segment for each utterance, in order.
fn hear(spoken: &Spoken) -> (Vec<Utterance>, Transcript) {
    let mut segmenter = Segmenter::new();
    let mut utterances = segmenter.push(&spoken.samples);
    utterances.extend(segmenter.finish());
    let mut voices = Voices::default();
    let mut transcript = Transcript::default();
    for (id, utterance) in (0..).map(SegmentId).zip(&utterances) {
        let words = spoken.words.iter().filter(|word| holds(utterance, word.at));
        let words: Vec<&str> = words.map(|word| word.text.as_str()).collect();
        voices.hear(id, Timbre::of(&utterance.samples));
        let (start, end) = (utterance.start_seconds(), utterance.end_seconds());
        transcript.insert(Segment::new(id, start, end, words.join(" ")));
    }
    transcript.spoken_by(&voices.told_apart());
    (utterances, transcript)
}

fn published(folder: &str, parts: &[Part]) -> Result<Vec<Transcript>, Failure> {
    let corpora = Corpora::at(folder);
    let mut talks = Vec::new();
    for part in parts {
        talks.extend(corpora.visits(*part)?.into_iter().map(right_way_round));
    }
    Ok(talks)
}

/// With its labels the right way round.
fn right_way_round(visit: Visit) -> Transcript {
    let turns = visit.transcript.segments().iter();
    let turns = mended(&visit).into_iter().zip(turns);
    dialogue::spoken(turns.map(|(speaker, turn)| (speaker, turn.text.clone())))
}

/// Visits made of the exchanges that were written for Sotto.
fn own() -> Vec<Transcript> {
    let turns: Vec<Segment> = exchanges::own()
        .iter()
        .flat_map(|exchange| exchange.transcript.segments().to_vec())
        .collect();
    let talk = |turns: &[Segment]| dialogue::spoken(turns.iter().map(|turn| (turn.speaker, turn.text.clone())));
    turns.chunks(TURNS).map(talk).collect()
}
