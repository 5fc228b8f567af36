//! A first, honest, rule-based guess at what a sentence is about: spoken headings first, then clinical cues.

use crate::Kind;
use crate::cues::{
    ASSESSMENT_CUES, CARE_CUES, Cues, FINDINGS, MEASURES, NARRATION, NEXT, NEXT_STEPS, OWN, PLAN_CUES, PLAN_VERBS,
    PRESENTATION, RESULT_NOUNS, RESULT_VERBS,
};
use crate::sentences::bare_words;

/// Follows a visit; a heading that was spoken holds until the next one.
#[derive(Default)]
pub(crate) struct Classifier {
    dictating: Option<Heading>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Heading {
    One(Kind),
    /// The two that are dictated in one breath.
    AssessmentAndPlan,
}

/// Headings that nobody says at the start of a sentence by chance.
const PLAIN_HEADINGS: &[(&str, Heading)] = &[
    ("subjective", Heading::One(Kind::History)),
    ("history of present illness", Heading::One(Kind::History)),
    ("hpi", Heading::One(Kind::History)),
    ("chief complaint", Heading::One(Kind::History)),
    ("past medical history", Heading::One(Kind::History)),
    ("review of systems", Heading::One(Kind::History)),
    ("objective", Heading::One(Kind::Exam)),
    ("physical exam", Heading::One(Kind::Exam)),
    ("physical examination", Heading::One(Kind::Exam)),
    ("on examination", Heading::One(Kind::Exam)),
    ("assessment and plan", Heading::AssessmentAndPlan),
    ("assessment", Heading::One(Kind::Assessment)),
    ("impression", Heading::One(Kind::Assessment)),
    ("plan", Heading::One(Kind::Plan)),
];

/// Headings that are also ordinary words: they count when they stand alone or before a colon.
const MARKED_HEADINGS: &[(&str, Heading)] = &[
    ("history", Heading::One(Kind::History)),
    ("medications", Heading::One(Kind::History)),
    ("allergies", Heading::One(Kind::History)),
    ("social history", Heading::One(Kind::History)),
    ("family history", Heading::One(Kind::History)),
    ("surgical history", Heading::One(Kind::History)),
    ("vitals", Heading::One(Kind::Exam)),
    ("vital signs", Heading::One(Kind::Exam)),
    ("exam", Heading::One(Kind::Exam)),
    ("examination", Heading::One(Kind::Exam)),
    ("labs", Heading::One(Kind::Results)),
    ("laboratory", Heading::One(Kind::Results)),
    ("imaging", Heading::One(Kind::Results)),
    ("results", Heading::One(Kind::Results)),
    ("diagnosis", Heading::One(Kind::Assessment)),
    ("diagnoses", Heading::One(Kind::Assessment)),
    ("recommendations", Heading::One(Kind::Plan)),
    ("treatment", Heading::One(Kind::Plan)),
    ("treatment plan", Heading::One(Kind::Plan)),
    ("follow up", Heading::One(Kind::Plan)),
];

/// Words that may follow a heading word which is no heading: "plan is to", "assessment of the knee".
const GOES_ON: &[&str] = &[
    "is", "was", "are", "were", "of", "to", "for", "will", "would", "and", "on", "a", "b", "b's", "that", "looks",
];

impl Classifier {
    /// The kind of a sentence and the words that are left when a spoken heading is taken off its start; none are left of
    /// a heading alone.
    pub(crate) fn classify<'a>(&mut self, text: &'a str) -> (Kind, &'a str) {
        let rest = match heading(text) {
            Some((heading, rest)) => {
                self.dictating = Some(heading);
                rest
            }
            None => text,
        };
        let kind = match self.dictating {
            Some(Heading::One(kind)) => kind,
            Some(Heading::AssessmentAndPlan) if plans(&Cues::of(rest)) => Kind::Plan,
            Some(Heading::AssessmentAndPlan) => Kind::Assessment,
            None => by_cues(&Cues::of(rest), rest.contains('?')),
        };
        (kind, rest)
    }
}

/// What is said to the patient while the clinician turns to the examination, or to a machine. Short, and without a number,
/// a test or a finding: a longer sentence may hold one behind the announcement.
pub(crate) fn announcement(text: &str) -> bool {
    let cues = Cues::of(text);
    let to_a_machine = cues.words.starts_with(&["hey".into(), "dragon".into()]);
    let next_step = cues.any(NEXT) && cues.any(NEXT_STEPS) && !cues.any(RESULT_NOUNS) && !cues.any(FINDINGS);
    let short = cues.words.len() <= LONGEST_ANNOUNCEMENT && !text.contains(|c: char| c.is_numeric());
    to_a_machine || (next_step && short)
}

/// In words.
const LONGEST_ANNOUNCEMENT: usize = 16;

/// A heading at the start of a sentence, and what follows it.
fn heading(text: &str) -> Option<(Heading, &str)> {
    let plain = PLAIN_HEADINGS
        .iter()
        .filter_map(|(words, heading)| Some((words, heading, after(text, words)?, false)));
    let marked = MARKED_HEADINGS
        .iter()
        .filter_map(|(words, heading)| Some((words, heading, after(text, words)?, true)));
    let (_, heading, rest, needs_mark) = plain.chain(marked).max_by_key(|(words, ..)| words.len())?;
    let following = rest.trim_start();
    let is_marked = following.starts_with([':', '.', '-']) || following.is_empty();
    let begins = bare_words(following)
        .first()
        .is_some_and(|next| !GOES_ON.contains(&next.as_str()));
    let counts = is_marked || (!needs_mark && (following.starts_with(',') || begins));
    counts.then(|| (*heading, following.trim_start_matches(|c: char| !c.is_alphanumeric())))
}

/// What follows these words (lower case) at the start of a text, if it begins with them as whole words.
fn after<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    let start = text.get(..words.len())?;
    let rest = &text[words.len()..];
    (start.eq_ignore_ascii_case(words) && !rest.starts_with(|c: char| c.is_alphanumeric() || c == '\'')).then_some(rest)
}

fn by_cues(cues: &Cues, asked: bool) -> Kind {
    let reports = cues.patient_speaks() || asked;
    if cues.any(PRESENTATION) {
        return Kind::History;
    }
    if !reports && cues.any(FINDINGS) {
        return Kind::Exam;
    }
    if !asked && plans(cues) {
        return Kind::Plan;
    }
    if !reports && cues.any(RESULT_NOUNS) && cues.any(RESULT_VERBS) {
        return Kind::Results;
    }
    if !reports && cues.any(MEASURES) {
        return Kind::Exam;
    }
    if !asked && cues.any(ASSESSMENT_CUES) && !cues.any(OWN) {
        return Kind::Assessment;
    }
    Kind::History
}

fn plans(cues: &Cues) -> bool {
    let imperative = cues
        .words
        .first()
        .is_some_and(|first| PLAN_VERBS.contains(&first.as_str()));
    let ahead = cues.any(PLAN_CUES) && !cues.any(NARRATION);
    imperative || ahead || (cues.any(CARE_CUES) && !cues.any(OWN) && !cues.any(&["did", "had", "they"]))
}
