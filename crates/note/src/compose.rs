//! A statement → the lines that a note could hold of it: one per clause, told of the patient in the third person.
//!
//! Words are dropped, and stand in another person; beside them only a fixed few are written ([`FIXED`]). Numbers, names,
//! sides and negations are never touched.

use std::collections::BTreeSet;

use speech::{SegmentId, Span, Speaker, Transcript};

use crate::readings::numbers_in;
use crate::statement::bridge;
use crate::{About, Evidence, Fact, Reply, Statement};

mod clauses;
pub(crate) use clauses::begins;
mod person;
mod phrases;
mod register;

pub(crate) use person::Patient;
pub use phrases::FIXED;

/// One line that a note could hold.
#[derive(Clone, Debug)]
pub(crate) struct Clause {
    pub terms: Vec<Term>,
    /// How many of the first terms are a question that the line does without.
    untold: usize,
}

/// A word on its way into a line.
#[derive(Clone, Debug)]
pub(crate) struct Term {
    pub text: String,
    /// Lower case, without the punctuation around it.
    pub key: String,
    /// The marks that follow it.
    pub mark: String,
    /// Where it stands in the statement's text; `None` for a fixed word.
    pub at: Option<Span>,
    pub part: Part,
}

/// What a term is told as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// As it was said.
    Said,
    /// The patient: `the patient`, or `she`, `he`.
    Subject,
    /// `the patient`, or `her`, `him`.
    Object,
    /// `the patient's`, or `her`, `his`.
    Owner,
}

/// The clauses of a statement, each as a line would tell it.
pub(crate) fn clauses(statement: &Statement, heard: Heard) -> Vec<Clause> {
    let terms = phrases::expanded(heard.terms(statement));
    // A question apart from its answer, or an answer without its yes, would be another finding.
    let plain = matches!(statement.reply, Some(Reply::Denied | Reply::Affirmed));
    let asked = statement.reply.is_some() || terms.iter().rev().skip(1).any(|term| term.mark.contains('?'));
    let fused = plain || (asked && terms.len() <= LONGEST_QUESTION);
    let parts = if fused {
        vec![terms]
    } else {
        clauses::split(phrases::without_scaffolding(terms))
    };
    parts
        .into_iter()
        .filter(|terms| fused || !clauses::asks(terms))
        .map(|terms| {
            let speaks = if fused {
                Speaks::Both
            } else {
                Speaks::of(statement.speaker, &terms)
            };
            let terms = person::third(register::rewritten(terms, speaks), speaks);
            Clause {
                untold: if fused && !plain {
                    question(&terms, statement)
                } else {
                    0
                },
                terms: if fused { terms } else { phrases::trimmed(terms) },
            }
        })
        .filter(|clause| !clause.terms.is_empty())
        .collect()
}

/// How many of these terms ask what the others answer by themselves: `Any allergies? Penicillin gives me a rash.` None where
/// the question alone has a number or the name of something that is taken or done.
fn question(terms: &[Term], statement: &Statement) -> usize {
    let Some(asked) = terms.iter().rposition(|term| term.mark.contains('?')) else {
        return 0;
    };
    let (question, answer) = terms.split_at(asked + 1);
    let Some(from) = answer.iter().find_map(|term| term.at).map(|at| at.start) else {
        return 0;
    };
    let (asked_for, told): (Vec<&Fact>, Vec<&Fact>) = statement.facts.iter().partition(|fact| fact.at.start < from);
    let named = |fact: &&Fact| !matches!(fact.about, About::Finding(_) | About::Allergy { .. } | About::Social(_));
    let counts = question
        .iter()
        .any(|term| term.key.contains(|c: char| c.is_ascii_digit()));
    let needed = counts || asked_for.iter().any(named);
    match !needed && !told.is_empty() && clauses::states(answer) {
        true => question.len(),
        false => 0,
    }
}

/// In words. What is longer is a speech that ends in a question; its clauses stand by themselves.
const LONGEST_QUESTION: usize = 40;

/// Whom `I` and `you` mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaks {
    /// `I` is the patient.
    Patient,
    /// `you` is the patient.
    Clinician,
    /// A question and its answer: both are the patient.
    Both,
    /// Neither.
    Other,
}

impl Speaks {
    /// Who said it, and where its words speak against that (labels are swapped, turns run together), what its words say.
    fn of(speaker: Option<Speaker>, terms: &[Term]) -> Self {
        let count = |keys: &[&str]| terms.iter().filter(|term| keys.contains(&term.key.as_str())).count();
        let (mine, yours) = (count(&["my", "me"]), count(&["your"]));
        let (first, second) = (mine + count(&["i"]), yours + count(&["you"]));
        let examines = count(CLINICIAN) > 0;
        match speaker {
            Some(Speaker::Other) => Speaks::Other,
            Some(Speaker::Clinician) if mine > 0 && second == 0 && !examines => Speaks::Patient,
            Some(Speaker::Patient) if second > 0 && (mine == 0 && yours > 0 || examines) => Speaks::Clinician,
            Some(Speaker::Clinician) => Speaks::Clinician,
            Some(Speaker::Patient) => Speaks::Patient,
            None if second > 0 || (first == 0 && examines) => Speaks::Clinician,
            None => Speaks::Patient,
        }
    }
}

/// Words of the clinician alone.
const CLINICIAN: &[&str] = &[
    "let's",
    "prescribe",
    "order",
    "recommend",
    "exam",
    "examination",
    "assessment",
    "appreciate",
    "refer",
    "nurse",
    "auscultation",
    "palpation",
    "we",
];

/// The words of a visit as they were recognised.
#[derive(Clone, Copy)]
pub(crate) struct Heard<'a>(pub &'a Transcript);

impl Heard<'_> {
    /// Whether every number of a text can be read in the segments of these places.
    pub fn holds(self, text: &str, places: &[Evidence]) -> bool {
        let digits = text.contains(|c: char| c.is_ascii_digit());
        !digits || numbers_in(text).is_subset(&self.numbers(places))
    }

    /// All that can be read in the segments of these places, one behind the other.
    fn numbers(self, places: &[Evidence]) -> BTreeSet<String> {
        let segments: BTreeSet<SegmentId> = places.iter().map(|place| place.segment).collect();
        let words: Vec<&str> = segments.iter().map(|&segment| self.words(segment)).collect();
        numbers_in(&words.join(" "))
    }

    fn words(&self, segment: SegmentId) -> &str {
        self.0.get(segment).map_or("", |segment| segment.text.trim())
    }

    /// All that was said from the first place to the last, where they lie in one segment.
    fn between(self, places: &[Evidence]) -> String {
        let (Some(first), Some(last)) = (places.first(), places.last()) else {
            return String::new();
        };
        let words = |segment, span: Span| self.0.get(segment).map_or("", |s| span.of(&s.text)).to_owned();
        if first.segment == last.segment {
            return words(first.segment, span(first.span.start as usize, last.span.end as usize));
        }
        let each: Vec<String> = places.iter().map(|place| words(place.segment, place.span)).collect();
        each.join(" ")
    }

    /// The terms of a statement. A number that nobody can read in the transcript stays in the words in which it was said:
    /// how they are to be put together is the clinician's to say.
    fn terms(self, statement: &Statement) -> Vec<Term> {
        let mut terms = terms(&statement.text);
        let written = |term: &Term| term.text.contains(|c: char| c.is_ascii_digit());
        if !terms.iter().any(written) {
            return terms;
        }
        let numbers = self.numbers(&statement.evidence);
        for term in &mut terms {
            if written(term) && !numbers_in(&term.text).is_subset(&numbers) {
                let places = term.at.map(|at| statement.evidence_of(at)).unwrap_or_default();
                term.text = self.between(&places);
            }
        }
        terms.retain(|term| !term.text.is_empty());
        terms
    }
}

fn terms(text: &str) -> Vec<Term> {
    let mut found: Vec<Term> = Vec::new();
    let mut from = 0;
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim();
        let start = from + (piece.len() - piece.trim_start().len());
        from += piece.len();
        let core = word.trim_start_matches(['(', '"', '[', '-', ',']);
        let bare = core.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '%' && c != '+' && c != '\u{b0}');
        if bare.is_empty() {
            // A mark that stands alone belongs to the word before it.
            if let Some(last) = found.last_mut().filter(|last| last.mark.is_empty()) {
                last.mark = word.into();
            }
            continue;
        }
        found.push(Term {
            key: bare.to_lowercase().replace('\u{2019}', "'"),
            text: bare.into(),
            mark: core[bare.len()..].into(),
            at: Some(span(start, start + word.len())),
            part: Part::Said,
        });
    }
    found
}

impl Term {
    /// Another spelling of the same place.
    pub fn respelt(&self, word: &str) -> Self {
        Self {
            text: word.into(),
            key: word.to_lowercase(),
            ..self.clone()
        }
    }

    pub fn is(&self, key: &str) -> bool {
        self.key == key
    }
}

impl Clause {
    /// As a line: first letter large, a full stop at the end.
    pub fn line(&self, patient: Patient, named: bool) -> String {
        line(&self.terms[self.untold..], patient, named)
    }

    /// The same with everything that was asked.
    pub fn text(&self, patient: Patient, named: bool) -> String {
        line(&self.terms, patient, named)
    }

    /// Its words as they were said.
    pub fn said(&self) -> String {
        let words: Vec<&str> = self.terms.iter().map(|term| term.key.as_str()).collect();
        words.join(" ")
    }

    /// Where its words were said.
    pub fn evidence(&self, statement: &Statement) -> Vec<Evidence> {
        let mut places: Vec<Evidence> = self
            .terms
            .iter()
            .filter_map(|term| term.at)
            .flat_map(|at| statement.evidence_of(at))
            .collect();
        if places.is_empty() {
            places.clone_from(&statement.evidence);
        }
        joined(places)
    }
}

fn line(terms: &[Term], patient: Patient, mut named: bool) -> String {
    let mut line = String::new();
    let mut begins = false;
    for term in terms {
        if !line.is_empty() {
            line.push(' ');
        }
        let told = patient.told(term, &mut named);
        line.push_str(&if begins { capitalised(told) } else { told });
        line.push_str(&term.mark);
        begins = term.mark.ends_with(['?', '!']);
    }
    let end = line.trim_end_matches([',', ';', ':', '-', ' ', '.', '?', '!']).len();
    line.truncate(end);
    if !line.is_empty() {
        line.push('.');
    }
    capitalised(line)
}

/// In time order, what touches as one.
pub(crate) fn joined(mut places: Vec<Evidence>) -> Vec<Evidence> {
    places.sort_unstable();
    places.dedup();
    let mut evidence = Vec::new();
    for place in places {
        bridge(&mut evidence, place);
    }
    evidence
}

/// Only an ordinary lower-case word: `pH`, `µg` and `ß` would become something else.
pub(crate) fn capitalised(line: String) -> String {
    let word = line.split_whitespace().next().unwrap_or_default();
    let ordinary = !word.contains(|c: char| c.is_uppercase() || c.is_numeric());
    let mut letters = line.chars();
    match letters.next() {
        Some(first) if ordinary && first.to_uppercase().flat_map(char::to_lowercase).eq([first]) => {
            first.to_uppercase().chain(letters).collect()
        }
        Some(_) | None => line,
    }
}

fn span(start: usize, end: usize) -> Span {
    let short = |at| u32::try_from(at).unwrap_or(u32::MAX);
    Span {
        start: short(start),
        end: short(end),
    }
}
