use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};
use speech::{SegmentId, Transcript};

use crate::classify::Classifier;
use crate::fuse::fuse;
use crate::sentences::{bare_words, sentences};
use crate::{Kind, Template};

/// A note to be reviewed; part of the sealed record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The name of the template that shaped it.
    pub template: String,
    pub sections: Vec<Section>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Section {
    pub heading: String,
    pub lines: Vec<Line>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub text: String,
    /// Where it was said, in time order; none for a line that the clinician typed.
    pub sources: Vec<SegmentId>,
}

/// Sounds that carry nothing, wherever they stand. Not `er` (the emergency room), not `mm` (millimetres), not `mm-hmm` and
/// `uh-huh` (answers).
const FILLERS: &[&str] = &["um", "umm", "uhm", "uh", "uhh", "erm", "hm", "hmm"];

/// Words that only lead into a sentence.
const LEAD_INS: &[&str] = &[
    "okay", "ok", "alright", "well", "so", "and", "yeah", "right", "but", "oh", "now",
];

/// Words of which a sentence that says nothing clinical consists.
const COURTESIES: &[&str] = &[
    "okay",
    "ok",
    "alright",
    "mm",
    "mm-hmm",
    "mhm",
    "uh-huh",
    "interesting",
    "thankfully",
    "all",
    "right",
    "yeah",
    "yes",
    "yep",
    "no",
    "nope",
    "sure",
    "thanks",
    "thank",
    "you",
    "hi",
    "hello",
    "hey",
    "bye",
    "goodbye",
    "good",
    "morning",
    "afternoon",
    "great",
    "perfect",
    "sounds",
    "excellent",
    "wonderful",
    "fine",
    "got",
    "it",
    "i",
    "see",
    "that's",
    "so",
    "well",
    "welcome",
    "you're",
    "doctor",
    "dragon",
    "much",
    "very",
    "too",
    "take",
    "care",
    "nice",
    "to",
    "meet",
    "absolutely",
    "exactly",
    "definitely",
    "of",
    "course",
    "cool",
    "mister",
    "miss",
    "ma'am",
    "sir",
    "understand",
    "understood",
    "awesome",
    "correct",
    "how",
    "are",
    "doing",
    "today",
    "is",
    "that",
    "the",
    "a",
    "and",
    "do",
    "have",
    "been",
    "sounds",
    "have",
    "day",
    "hear",
    "just",
    "one",
    "moment",
    "let",
    "me",
];

/// In words.
const LONGEST_ANNOUNCEMENT: usize = 25;

/// Spoken digits repeat on purpose.
const NUMBER_WORDS: &[&str] = &[
    "zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
];

/// A first draft: every sentence that says something goes, cleaned of fillers, to the section that takes its kind.
pub fn draft(transcript: &Transcript, template: &Template) -> Draft {
    let mut sections: Vec<Section> = template
        .sections
        .iter()
        .map(|spec| Section {
            heading: spec.heading.clone(),
            lines: Vec::new(),
        })
        .collect();
    let mut seen: HashMap<(usize, String), usize> = HashMap::new();
    let mut classifier = Classifier::default();
    for sentence in fuse(sentences(transcript.segments())) {
        if announcement(&sentence.text) {
            continue;
        }
        let (kind, rest) = classifier.classify(&sentence.text);
        let Some(at) = taker(template, kind) else { continue };
        let text = clean(rest);
        let words = bare_words(&text);
        if words.iter().all(|word| COURTESIES.contains(&word.as_str())) {
            continue;
        }
        let lines = &mut sections[at].lines;
        match seen.entry((at, words.join(" "))) {
            std::collections::hash_map::Entry::Occupied(first) => {
                let said_before = &mut lines[*first.get()].sources;
                said_before.extend(sentence.sources);
                said_before.sort_unstable();
                said_before.dedup();
            }
            std::collections::hash_map::Entry::Vacant(new) => {
                new.insert(lines.len());
                lines.push(Line {
                    text,
                    sources: sentence.sources,
                });
            }
        }
    }
    Draft {
        template: template.name.clone(),
        sections,
    }
}

/// What is said to the patient while the clinician turns to something else, or to a machine; not a finding.
fn announcement(text: &str) -> bool {
    let words = bare_words(text);
    let said = format!(" {} ", words.join(" "));
    let to_a_machine = said.starts_with(" hey dragon ");
    let next_step = [
        "going to",
        "gonna",
        "want to",
        "wanna",
        "go ahead and",
        "let me",
        "let's",
    ]
    .iter()
    .any(|n| said.contains(n))
        && [
            "listen",
            "examine",
            "take a look",
            "look at",
            "physical exam",
            "quick exam",
        ]
        .iter()
        .any(|step| said.contains(step));
    // A long sentence may hold a finding behind the announcement.
    to_a_machine || (next_step && words.len() <= LONGEST_ANNOUNCEMENT)
}

fn taker(template: &Template, kind: Kind) -> Option<usize> {
    template
        .sections
        .iter()
        .position(|section| section.takes.contains(&kind))
}

/// The words of a sentence without fillers, lead-ins and stutters, as a line: first letter large, a full stop at the end.
fn clean(sentence: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    // The last kept word and its place, to see a stutter ("the, the knee") past the punctuation between.
    let mut before = (String::new(), 0);
    for word in sentence.split_whitespace() {
        let name = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        if name.is_empty() {
            if !kept.is_empty() {
                kept.push(word);
            }
            continue;
        }
        let lead_in = kept.is_empty() && LEAD_INS.contains(&name.as_str());
        if lead_in || FILLERS.contains(&name.as_str()) {
            continue;
        }
        if name == before.0 && !number(&name) {
            kept.truncate(before.1);
        }
        before = (name, kept.len());
        kept.push(word);
    }
    spell(&kept)
}

fn number(name: &str) -> bool {
    name.contains(|c: char| c.is_ascii_digit()) || NUMBER_WORDS.contains(&name)
}

fn spell(words: &[&str]) -> String {
    let mut line = String::new();
    for word in words {
        // A tokenised full stop or comma goes back to its word, and at most one stays.
        if word.chars().all(|c| !c.is_alphanumeric() && c.is_ascii_punctuation()) && !line.is_empty() {
            if line.ends_with(|c: char| c.is_alphanumeric()) {
                line.push_str(word);
            }
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let ended = line.trim_end_matches([',', ';', ':', '-', ' ']).len();
    line.truncate(ended);
    if !line.is_empty() && !line.ends_with(['.', '!', '?']) {
        line.push('.');
    }
    let mut letters = line.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => line,
    }
}

impl Section {
    /// One line of text per line.
    pub fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|line| line.text.as_str()).collect();
        lines.join("\n")
    }

    /// Takes over the clinician's text, one line per line of text, blank ones left out. A line that is unchanged keeps its
    /// sources, wherever it was moved to; any other is the clinician's own and has none.
    pub fn edit(&mut self, text: &str) {
        let mut drafted: HashMap<String, VecDeque<Vec<SegmentId>>> = HashMap::new();
        for line in self.lines.drain(..) {
            drafted.entry(line.text).or_default().push_back(line.sources);
        }
        self.lines = text
            .lines()
            .map(str::trim_end)
            .filter(|line| !line.trim().is_empty())
            .map(|line| {
                let sources = drafted.get_mut(line).and_then(VecDeque::pop_front).unwrap_or_default();
                Line {
                    text: line.into(),
                    sources,
                }
            })
            .collect();
    }
}
