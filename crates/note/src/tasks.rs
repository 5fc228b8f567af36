//! The plan's lines → what somebody has to do after the visit.

use serde::{Deserialize, Serialize};

use crate::sentences::bare_words;
use crate::{Draft, Evidence, Kind, Template};

/// One thing to do, in the words of the note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    pub kind: TaskKind,
    pub text: String,
    /// Only if something comes about: `If it gets worse, order an MRI.`
    pub conditional: bool,
    /// Where the line stands in the draft.
    pub section: usize,
    pub line: usize,
    pub evidence: Vec<Evidence>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TaskKind {
    /// A test, an image, a tracing.
    Order,
    /// A medication to be started, changed, refilled or stopped.
    Prescription,
    Referral,
    /// The next contact.
    FollowUp,
}

/// The tasks of the sections that hold the plan, in the order of the note.
pub fn tasks(draft: &Draft, template: &Template) -> Vec<Task> {
    let planned = |heading: &str| {
        let takes = template
            .section(heading)
            .map(|spec| spec.takes.as_slice())
            .unwrap_or_default();
        takes.iter().any(|kind| PLANNED.contains(kind))
    };
    let mut found = Vec::new();
    for (section, of) in draft.sections.iter().enumerate().filter(|(_, s)| planned(&s.heading)) {
        for (line, of) in of.lines.iter().enumerate() {
            found.extend(clauses(&of.text).into_iter().filter_map(|clause| {
                Some(Task {
                    kind: kind(clause)?,
                    text: clause.into(),
                    conditional: conditional(clause),
                    section,
                    line,
                    evidence: of.evidence.clone(),
                })
            }));
        }
    }
    found
}

const PLANNED: [Kind; 4] = [Kind::Plan, Kind::Instructions, Kind::FollowUp, Kind::Disposition];

const CHANGES: &[&str] = &[
    "start",
    "begin",
    "prescribe",
    "prescribed",
    "refill",
    "refilled",
    "increase",
    "decrease",
    "switch",
    "stop",
    "discontinue",
    "taper",
    "titrate",
    "prescription",
    "resume",
    "wean",
    "starting",
    "give",
    "restart",
    "add",
];

/// Said of medicines alone; the other changes could be of anything.
const MEDICINE_ALONE: &[&str] = &[
    "prescribe",
    "prescribed",
    "refill",
    "refilled",
    "prescription",
    "titrate",
];

const DOSES: &[&str] = &[
    "mg",
    "mcg",
    "milligrams",
    "milligram",
    "micrograms",
    "units",
    "tablet",
    "tablets",
    "capsule",
    "capsules",
    "puffs",
    "ml",
    "g",
    "dose",
    "medication",
    "medicine",
    "antibiotic",
    "antibiotics",
    "inhaler",
    "cream",
    "ointment",
    "drops",
    "daily",
    "bid",
    "tid",
    "prn",
    "insulin",
    "statin",
    "course",
];

const ORDERS: &[&str] = &[
    "order", "ordered", "obtain", "get", "schedule", "send", "check", "recheck", "repeat", "draw", "need", "needs",
    "arrange", "request", "perform", "have",
];

const TESTS: &[&str] = &[
    "x-ray",
    "xray",
    "x-rays",
    "mri",
    "ct",
    "scan",
    "ultrasound",
    "echo",
    "echocardiogram",
    "ekg",
    "ecg",
    "eeg",
    "emg",
    "mammogram",
    "colonoscopy",
    "endoscopy",
    "biopsy",
    "lab",
    "labs",
    "bloodwork",
    "cbc",
    "bmp",
    "cmp",
    "panel",
    "a1c",
    "tsh",
    "lipid",
    "lipids",
    "culture",
    "cultures",
    "urinalysis",
    "ua",
    "test",
    "tests",
    "testing",
    "stress",
    "holter",
    "spirometry",
    "pft",
    "dexa",
    "level",
    "levels",
    "imaging",
    "swab",
    "psa",
    "inr",
    "film",
    "films",
    "radiograph",
    "radiographs",
    "study",
    "studies",
    "screening",
];

const REFERRALS: &[&str] = &["refer", "referral", "referred", "referrals", "consult", "consultation"];

const NO_RETURNS: &[&str] = &[
    "follow up from",
    "follow-up from",
    "here for",
    "come back to normal",
    "come back from",
];

const RETURNS: &[&str] = &[
    "follow up",
    "follow-up",
    "followup",
    "return",
    "come back",
    "see you in",
    "see you back",
    "see you again",
    "see you next",
    "see you soon",
    "recheck in",
    "next visit",
    "next appointment",
    "call back",
    "revisit",
];

const REFUSALS: &[&str] = &["no", "not", "without", "never", "declined", "declines"];

/// What may stand before the first verb of a clause.
const CONDITIONS: &[&str] = &["if", "unless", "should", "in case"];

/// A line at its full stops and semicolons, and where `and` or a comma begins the next thing to do. A condition keeps what
/// depends on it.
fn clauses(line: &str) -> Vec<&str> {
    let ends =
        |at: usize, c: char| c == ';' || (c == '.' && line[at + 1..].chars().next().is_none_or(char::is_whitespace));
    let sentences = cut(
        line,
        &line
            .char_indices()
            .filter(|&(at, c)| ends(at, c))
            .map(|(at, _)| at + 1)
            .collect::<Vec<_>>(),
    );
    let clauses = sentences.into_iter().flat_map(|sentence| {
        if conditional(sentence) {
            return vec![sentence];
        }
        let joints = sentence
            .char_indices()
            .filter(|&(at, c)| joins(c, &sentence[at + c.len_utf8()..]));
        cut(sentence, &joints.map(|(at, _)| at + 1).collect::<Vec<_>>())
    });
    let clauses = clauses.map(|clause| clause.trim_start_matches(|c: char| !c.is_alphanumeric()));
    clauses
        .map(|clause| clause.strip_prefix("and ").unwrap_or(clause))
        .map(|clause| clause.trim_end_matches([',', ';', '.', ' ']))
        .filter(|clause| !clause.is_empty())
        .collect()
}

/// True of a comma, or a space before `and`, behind which another task begins.
fn joins(c: char, rest: &str) -> bool {
    if !matches!(c, ',' | ' ') {
        return false;
    }
    let mut words = rest.split_whitespace();
    let first = words.next().unwrap_or_default();
    let begins = match first {
        "and" => starts_a_task(words.next().unwrap_or_default()),
        _ => starts_a_task(first),
    };
    begins
        && ((c == ',' && rest.starts_with(char::is_whitespace))
            || (c == ' ' && first == "and" && rest.starts_with("and")))
}

fn cut<'a>(text: &'a str, at: &[usize]) -> Vec<&'a str> {
    let starts = std::iter::once(0).chain(at.iter().copied());
    let ends = at.iter().copied().chain(std::iter::once(text.len()));
    starts.zip(ends).map(|(start, end)| &text[start..end]).collect()
}

/// What a clinician begins to speak of the next thing with.
const AHEAD: &[&str] = &["i'll", "i'd", "i'm", "we'll", "we're", "let's", "also", "then"];

fn starts_a_task(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let word = word.as_str();
    CHANGES.contains(&word)
        || AHEAD.contains(&word)
        || ORDERS[..10].contains(&word)
        || REFERRALS[..1].contains(&word)
        || matches!(word, "follow" | "return")
}

fn conditional(clause: &str) -> bool {
    let words = bare_words(clause);
    words.iter().any(|word| CONDITIONS.contains(&word.as_str()))
}

fn kind(clause: &str) -> Option<TaskKind> {
    let words = bare_words(clause);
    let spaced = format!(" {} ", words.join(" "));
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if refused(&words) {
        return None;
    }
    if any(REFERRALS) {
        return Some(TaskKind::Referral);
    }
    if any(MEDICINE_ALONE) || (any(CHANGES) && any(DOSES)) {
        return Some(TaskKind::Prescription);
    }
    if any(ORDERS) && any(TESTS) {
        return Some(TaskKind::Order);
    }
    let says = |list: &[&str]| list.iter().any(|said| spaced.contains(&format!(" {said} ")));
    if says(RETURNS) && !says(NO_RETURNS) && !words.iter().any(|word| refuses(word)) {
        return Some(TaskKind::FollowUp);
    }
    // "Start lisinopril": a change of one named thing, and that is all.
    let begins = words.first().is_some_and(|word| CHANGES.contains(&word.as_str()));
    (begins && words.len() <= 4 && words.len() > 1).then_some(TaskKind::Prescription)
}

fn refuses(word: &str) -> bool {
    REFUSALS.contains(&word) || word.ends_with("n't")
}

/// A refusal before what would be done: "no need for an MRI", "will not start".
fn refused(words: &[String]) -> bool {
    let refusal = words.iter().position(|word| refuses(word));
    let to_do = |word: &String| {
        CHANGES.contains(&word.as_str()) || TESTS.contains(&word.as_str()) || REFERRALS.contains(&word.as_str())
    };
    let done = words.iter().position(to_do);
    refusal.is_some_and(|refusal| done.is_none_or(|done| refusal < done))
}
