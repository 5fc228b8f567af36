//! What a sentence is about by rule: spoken headings, announcements, clinical cues.

use speech::Speaker;

use crate::cues::{
    ASSESSMENT_CUES, CARE_CUES, Cues, FINDINGS, MEASURES, NARRATION, NEXT, NEXT_STEPS, OWN, PLAN_CUES, PLAN_VERBS,
    PRESENTATION, RESULT_NOUNS, RESULT_VERBS,
};
use crate::sentences::bare_words;
use crate::{Kind, Statement};

/// Follows a visit; a heading that was spoken holds until the next one.
#[derive(Default)]
pub(crate) struct Headings {
    dictating: Option<(Heading, Option<Speaker>)>,
    /// Nobody else speaks.
    alone: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Heading {
    One(Kind),
    /// The two that are dictated in one breath.
    AssessmentAndPlan,
}

/// Headings that nobody says at the start of a sentence by chance.
const PLAIN_HEADINGS: &[(&str, Heading)] = &[
    ("subjective", Heading::One(Kind::PresentIllness)),
    ("history of present illness", Heading::One(Kind::PresentIllness)),
    ("hpi", Heading::One(Kind::PresentIllness)),
    ("chief complaint", Heading::One(Kind::PresentIllness)),
    ("past medical history", Heading::One(Kind::PresentIllness)),
    ("review of systems", Heading::One(Kind::PresentIllness)),
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
    ("history", Heading::One(Kind::PresentIllness)),
    ("medications", Heading::One(Kind::PresentIllness)),
    ("allergies", Heading::One(Kind::PresentIllness)),
    ("social history", Heading::One(Kind::PresentIllness)),
    ("family history", Heading::One(Kind::PresentIllness)),
    ("surgical history", Heading::One(Kind::PresentIllness)),
    ("vitals", Heading::One(Kind::Exam)),
    ("vital signs", Heading::One(Kind::Exam)),
    ("exam", Heading::One(Kind::Exam)),
    ("examination", Heading::One(Kind::Exam)),
    ("labs", Heading::One(Kind::Labs)),
    ("laboratory", Heading::One(Kind::Labs)),
    ("imaging", Heading::One(Kind::Labs)),
    ("results", Heading::One(Kind::Labs)),
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

impl Headings {
    /// Headings hold whoever seems to speak.
    pub(crate) fn of_dictation() -> Self {
        Self {
            dictating: None,
            alone: true,
        }
    }

    /// The kind of a statement below a spoken heading and the words that are left when a heading is taken off its start;
    /// none are left of a heading alone. `None` before the first heading, and once somebody else speaks.
    pub(crate) fn follow<'a>(&mut self, statement: &'a Statement) -> Option<(Kind, &'a str)> {
        let text = statement.text.as_str();
        let rest = match heading(text) {
            Some((heading, rest)) => {
                self.dictating = Some((heading, statement.speaker));
                rest
            }
            None => text,
        };
        let alone = self.alone;
        self.dictating = self
            .dictating
            .filter(|(_, speaker)| alone || *speaker == statement.speaker);
        let (heading, _) = self.dictating?;
        let kind = match heading {
            Heading::One(kind) => kind,
            Heading::AssessmentAndPlan if plans(&Cues::of(rest)) => Kind::Plan,
            Heading::AssessmentAndPlan => Kind::Assessment,
        };
        Some((kind, rest))
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

/// A first guess at what a sentence is about; the trained model weighs it among other things.
pub(crate) fn by_cues(text: &str, asked: bool) -> Kind {
    let cues = &Cues::of(text);
    let reports = cues.patient_speaks() || asked;
    if cues.any(PRESENTATION) {
        return Kind::PresentIllness;
    }
    if !reports && cues.any(FINDINGS) {
        return Kind::Exam;
    }
    if !asked && plans(cues) {
        return Kind::Plan;
    }
    if !reports && cues.any(RESULT_NOUNS) && cues.any(RESULT_VERBS) {
        return Kind::Labs;
    }
    if !reports && cues.any(MEASURES) {
        return Kind::Exam;
    }
    if !asked && cues.any(ASSESSMENT_CUES) && !cues.any(OWN) {
        return Kind::Assessment;
    }
    Kind::PresentIllness
}

fn plans(cues: &Cues) -> bool {
    let imperative = cues
        .words
        .first()
        .is_some_and(|first| PLAN_VERBS.contains(&first.as_str()));
    let ahead = cues.any(PLAN_CUES) && !cues.any(NARRATION);
    imperative || ahead || (cues.any(CARE_CUES) && !cues.any(OWN) && !cues.any(&["did", "had", "they"]))
}
