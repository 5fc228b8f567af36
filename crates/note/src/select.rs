//! Which clauses a note keeps: those that say most of what a note would say, in the fewest words, each thing once.
//!
//! The objective is a weighted coverage of content units under a budget of words (D. Gillick and B. Favre, "A scalable
//! global model for summarization", 2009), solved greedily; what is said already adds nothing, so repetition goes.

use std::cmp::{Ordering, Reverse};
use std::collections::hash_map::Entry;
use std::collections::{BinaryHeap, HashMap, HashSet};

use speech::{Speaker, Transcript};

use crate::classify::{announcement, by_cues};
use crate::clean::says_nothing;
use crate::compose::{Clause, Heard, Patient, clauses, joined};
use crate::listed::Listed;
use crate::model::lines::{Judgement, about};
use crate::numbers::small;
use crate::sentences::bare_words;
use crate::{About, Evidence, Kind, Reply, Statement, stem};

/// A clause that a note could hold, and what is known of it.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The number of its statement.
    pub statement: usize,
    pub(crate) clause: Clause,
    /// The same words at other places: the numbers of their statements.
    again: Vec<(usize, Clause)>,
    /// As a line would read.
    pub text: String,
    pub speaker: Option<Speaker>,
    pub reply: Option<Reply>,
    /// The kinds of facts in it.
    pub abouts: Vec<&'static str>,
    /// What the cues in the words as said make of it.
    pub guess: Kind,
    keys: Vec<String>,
    /// Units of content that name a medication, by their numbers.
    drugs: Vec<usize>,
    /// Its units of content: the place of the word, and its stem or number.
    pub content: Vec<(usize, String)>,
    /// The same by their numbers within the visit.
    pub(crate) units: Vec<usize>,
}

impl Candidate {
    /// Its words in lower case.
    pub fn words(&self) -> Vec<&str> {
        self.keys.iter().map(String::as_str).collect()
    }

    /// Wherever it was said.
    pub(crate) fn evidence(&self, statements: &[Statement]) -> Vec<Evidence> {
        let mut evidence = self.clause.evidence(&statements[self.statement]);
        for (at, clause) in &self.again {
            evidence.extend(clause.evidence(&statements[*at]));
        }
        joined(evidence)
    }
}

/// Every clause of every statement that is not a question.
pub fn candidates(transcript: &Transcript, statements: &[Statement]) -> Vec<Candidate> {
    let mut gathered = Gathered::of(Patient::of(statements));
    for (at, statement) in statements.iter().enumerate() {
        gathered.add(at, statement, Heard(transcript));
    }
    gathered.all
}

/// The clauses that a note could hold, gathered statement by statement.
#[derive(Default)]
pub(crate) struct Gathered {
    pub patient: Patient,
    pub all: Vec<Candidate>,
    /// Where the same words stand already.
    places: HashMap<String, usize>,
    /// The units of content by number.
    units: HashMap<String, usize>,
}

impl Gathered {
    pub fn of(patient: Patient) -> Self {
        Self {
            patient,
            ..Self::default()
        }
    }

    pub fn add(&mut self, at: usize, statement: &Statement, heard: Heard) {
        if statement.question || announcement(&statement.text) {
            return;
        }
        for clause in clauses(statement, heard) {
            let text = clause.text(self.patient, false);
            let keys = bare_words(&text);
            if says_nothing(&keys) {
                continue;
            }
            match self.places.entry(keys.join(" ")) {
                Entry::Occupied(first) => self.all[*first.get()].again.push((at, clause)),
                Entry::Vacant(new) => {
                    new.insert(self.all.len());
                    let candidate = self.candidate(at, statement, clause, text, keys);
                    self.all.push(candidate);
                }
            }
        }
    }

    /// Takes back every clause of the statements from this one on.
    pub fn forget(&mut self, statement: usize) {
        while let Some(last) = self.all.pop_if(|last| last.statement >= statement) {
            self.places.remove(&last.keys.join(" "));
        }
        for candidate in &mut self.all {
            while candidate.again.pop_if(|(at, _)| *at >= statement).is_some() {}
        }
    }

    fn candidate(
        &mut self,
        statement: usize,
        said: &Statement,
        clause: Clause,
        text: String,
        keys: Vec<String>,
    ) -> Candidate {
        let content: Vec<(usize, String)> = keys
            .iter()
            .enumerate()
            .flat_map(|(place, key)| units(key).into_iter().map(move |unit| (place, unit)))
            .collect();
        let inside = |fact: &&crate::Fact| {
            clause
                .terms
                .iter()
                .filter_map(|term| term.at)
                .any(|at| at.start < fact.at.end && fact.at.start < at.end)
        };
        let facts: Vec<&crate::Fact> = said.facts.iter().filter(inside).collect();
        let drugs = facts.iter().flat_map(|fact| match &fact.about {
            About::Medication(medication) => medication.name.split_whitespace().flat_map(units).collect(),
            _ => Vec::new(),
        });
        Candidate {
            drugs: drugs.map(|unit| self.number(&unit)).collect(),
            units: content.iter().map(|(_, unit)| self.number(unit)).collect(),
            statement,
            again: Vec::new(),
            text,
            speaker: said.speaker,
            reply: said.reply,
            abouts: facts.iter().map(|fact| about(&fact.about)).collect(),
            guess: by_cues(&clause.said(), said.reply.is_some()),
            keys,
            content,
            clause,
        }
    }

    fn number(&mut self, unit: &str) -> usize {
        match self.units.get(unit) {
            Some(&number) => number,
            None => {
                let number = self.units.len();
                self.units.insert(unit.to_owned(), number);
                number
            }
        }
    }
}

/// The units of content of a word: the stems of its parts, or its numbers; none for a function word.
pub fn units(word: &str) -> Vec<String> {
    word.split(|c: char| !c.is_ascii_alphanumeric() && c != '.')
        .map(|part| part.trim_matches('.'))
        .filter(|part| {
            part.contains(|c: char| c.is_ascii_digit()) || (part.len() > 2 && !FUNCTION_WORDS.contains(part))
        })
        // `one` counts nothing as often as not.
        .map(|part| match small(part).filter(|value| (2..=20).contains(value)) {
            Some(value) => value.to_string(),
            None if part.contains(|c: char| c.is_ascii_digit()) => part.to_owned(),
            None => stem(part),
        })
        .collect()
}

/// Marks the candidates to keep: a note grows with what was said, though slower.
///
/// `cost` is what a word of a candidate costs: more in a section that is to be concise, nothing where all is kept.
pub(crate) fn select(
    gathered: &Gathered,
    judged: &[Judgement],
    worth: Vec<f32>,
    cost: impl Fn(usize) -> f32,
    how: &Choosing,
    listed: &[Listed],
) -> Vec<bool> {
    let candidates = &gathered.all;
    let said: usize = candidates.iter().map(|candidate| candidate.keys.len()).sum();
    #[expect(clippy::cast_precision_loss, reason = "words of a visit")]
    let budget = how.least + how.share * said as f32;
    let mut choice = Choice::of(candidates, judged, worth, how);
    let mut kept = vec![false; candidates.len()];
    let mut spent = 0.0;
    // What stands in a list is said already, and its words are spent.
    for line in listed {
        let words = bare_words(&line.text);
        #[expect(clippy::cast_precision_loss, reason = "words of a line")]
        let price = words.len() as f32;
        spent += price;
        if line.kind == Kind::Vitals {
            let units = words.iter().flat_map(|word| units(word));
            choice.cover(units.filter_map(|unit| gathered.units.get(&unit).copied()));
        }
    }
    // What a candidate adds only falls as others are kept, so a stale gain is an upper bound (M. Minoux, 1978).
    let mut queue: BinaryHeap<(Gain, Reverse<usize>)> = (0..candidates.len())
        .map(|at| (Gain(choice.gain(at)), Reverse(at)))
        .collect();
    while let Some((stale, Reverse(at))) = queue.pop() {
        let gain = choice.gain(at);
        if gain < stale.0 && queue.peek().is_some_and(|(next, _)| next.0 > gain) {
            queue.push((Gain(gain), Reverse(at)));
            continue;
        }
        #[expect(clippy::cast_precision_loss, reason = "words of a clause")]
        let price = cost(at) * choice.words(at) as f32;
        if spent + price <= budget && !choice.said_already(at) {
            spent += price;
            kept[at] = true;
            choice.keep(at);
        }
    }
    kept
}

/// What is kept so far, and what that leaves of the worth of the rest.
struct Choice<'a> {
    candidates: &'a [Candidate],
    judged: &'a [Judgement],
    /// Of each candidate, each once, in the order in which they stand in it.
    units: Vec<Vec<usize>>,
    /// By the numbers of the units.
    worth: Vec<f32>,
    covered: Vec<bool>,
    /// The kept candidates that hold a unit.
    holders: Vec<Vec<usize>>,
    kept: Vec<usize>,
    how: &'a Choosing,
}

impl<'a> Choice<'a> {
    fn of(candidates: &'a [Candidate], judged: &'a [Judgement], mut worth: Vec<f32>, how: &'a Choosing) -> Self {
        let drugs: HashSet<usize> = candidates
            .iter()
            .flat_map(|candidate| &candidate.drugs)
            .copied()
            .collect();
        let mut counted = vec![false; worth.len()];
        let mut of = |candidate: &Candidate| {
            let mut units: Vec<usize> = Vec::with_capacity(candidate.units.len());
            for (&number, (_, unit)) in candidate.units.iter().zip(&candidate.content) {
                if !units.contains(&number) {
                    units.push(number);
                }
                if !std::mem::replace(&mut counted[number], true) {
                    if unit.starts_with(|c: char| c.is_ascii_digit()) {
                        worth[number] *= how.number;
                    } else if drugs.contains(&number) {
                        worth[number] *= how.drug;
                    }
                }
            }
            units
        };
        Self {
            units: candidates.iter().map(&mut of).collect(),
            candidates,
            judged,
            covered: vec![false; worth.len()],
            holders: vec![Vec::new(); worth.len()],
            worth,
            kept: Vec::new(),
            how,
        }
    }

    /// What a word of the candidate adds.
    fn gain(&self, at: usize) -> f32 {
        let worth = |unit: &usize| {
            if self.covered[*unit] {
                self.how.again * self.worth[*unit]
            } else {
                self.worth[*unit]
            }
        };
        let content: f32 = self.units[at].iter().map(worth).sum();
        #[expect(clippy::cast_precision_loss, reason = "words of a clause")]
        let words = self.words(at) as f32;
        (content + self.how.whole * self.judged[at].kept) / (words + self.how.per_line)
    }

    /// True where one line that is kept has all that this one has, with the same negations.
    fn said_already(&self, at: usize) -> bool {
        let negations = |at: usize| {
            self.candidates[at]
                .keys
                .iter()
                .filter(|key| NEGATIONS.contains(&key.as_str()))
                .count()
        };
        // A line that has all of them has the rarest.
        let holders = self.units[at].iter().map(|unit| &self.holders[*unit]);
        let others = holders.min_by_key(|holders| holders.len()).unwrap_or(&self.kept);
        others.iter().any(|&other| {
            let holds = |unit: &usize| self.units[other].contains(unit);
            self.units[at].iter().all(holds) && negations(at) == negations(other)
        })
    }

    fn words(&self, at: usize) -> usize {
        self.candidates[at].keys.len()
    }

    fn cover(&mut self, units: impl Iterator<Item = usize>) {
        for unit in units {
            if let Some(covered) = self.covered.get_mut(unit) {
                *covered = true;
            }
        }
    }

    fn keep(&mut self, at: usize) {
        for &unit in &self.units[at] {
            self.covered[unit] = true;
            self.holders[unit].push(at);
        }
        self.kept.push(at);
    }
}

#[derive(Clone, Copy, PartialEq)]
struct Gain(f32);

impl Eq for Gain {}

impl Ord for Gain {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Gain {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// What decides between a full note and a short one.
#[derive(Clone, Copy, Debug)]
pub struct Choosing {
    /// What a unit of content is worth that another line has already.
    pub again: f32,
    /// How much more a number is worth than a word: a note without the dose is no note.
    pub number: f32,
    /// How much more a medication is worth.
    pub drug: f32,
    /// How much the whole clause counts beside its content.
    pub whole: f32,
    /// In words: what a line costs before its first word.
    pub per_line: f32,
    /// In words: what a note may have whatever was said.
    pub least: f32,
    /// In words: how much more for each word that was said.
    pub share: f32,
}

/// Tuned on training and validation visits alone.
pub const CHOOSING: Choosing = Choosing {
    again: 0.2,
    number: 5.0,
    drug: 5.0,
    whole: 1.0,
    per_line: 18.0,
    least: 250.0,
    share: 0.2,
};

const NEGATIONS: &[&str] = &[
    "no", "not", "never", "denies", "without", "none", "cannot", "nor", "neither",
];

const FUNCTION_WORDS: &[&str] = &[
    "a", "an", "the", "and", "or", "of", "to", "in", "on", "for", "with", "is", "are", "was", "were", "be", "been",
    "being", "he", "she", "his", "her", "him", "they", "them", "it", "its", "this", "that", "these", "those", "at",
    "by", "as", "from", "has", "have", "had", "do", "does", "did", "not", "no", "any", "all", "will", "would", "can",
    "could", "should", "may", "i", "you", "your", "my", "we", "our", "us", "me", "if", "so", "but", "than", "then",
    "there", "here", "who", "which", "what", "when", "where", "how", "about", "into", "over", "under", "up", "out",
    "also", "more", "most", "some", "such", "very", "just", "due", "per", "s", "t", "re", "ve", "ll", "d", "m",
    "patient", "reports", "denies", "gon", "wan", "let",
];
