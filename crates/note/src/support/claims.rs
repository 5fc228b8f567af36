//! What a text claims that one wrong letter makes dangerous: numbers, medications, sides, negations, findings.

use serde::{Deserialize, Serialize};
use speech::{Segment, SegmentId, Span, Transcript};

use crate::numbers::is_number_word;
use crate::{About, Action, Experiencer, Medication, Presence, Statement, Time, understand};

/// A claim and where it stands in the text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Claimed {
    pub at: Span,
    pub claim: Claim,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// In digits, without separators: `1000`, `98.6`; a name with a number in it as a whole: `l4`.
    Number { value: String, unit: Option<&'static str> },
    /// Name in lower case, dose with its unit; whether the line changes the dose.
    Drug {
        name: String,
        dose: Option<String>,
        changes: bool,
    },
    /// With the words that it stands beside.
    Side { side: Side, beside: Vec<String> },
    /// With the words that it negates.
    Negation(Vec<String>),
    /// What somebody is said to report, as the words behind it.
    Report(Vec<String>),
    /// A finding that the patient has, or has not, now.
    Finding { name: String, present: bool },
    /// A measurement with a value that no living patient has, by name.
    Implausible(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Side {
    Left,
    Right,
    Both,
}

/// A text as it is understood by itself, with its claims.
pub(crate) fn claims(text: &str) -> Vec<Claimed> {
    let mut found = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let piece = piece(&text[start..]);
        found.extend(claims_of(piece).into_iter().map(|claimed| claimed.moved(start)));
        start += piece.len();
    }
    found
}

/// In bytes. What a sentence means is looked for across all of it, and no sentence of a note is longer.
const LONGEST_PIECE: usize = 4_096;

/// The start of a text, up to white space where there is any.
fn piece(text: &str) -> &str {
    if text.len() <= LONGEST_PIECE {
        return text;
    }
    let most = &text[..text.floor_char_boundary(LONGEST_PIECE)];
    let end = most.rfind(char::is_whitespace).filter(|&at| at > 0);
    end.map_or(most, |at| &text[..at])
}

fn claims_of(text: &str) -> Vec<Claimed> {
    let mut alone = Transcript::default();
    alone.insert(Segment::new(SegmentId(0), 0.0, 0.0, text));
    let mut found = Vec::new();
    for statement in understand(&alone) {
        for Claimed { at, claim } in of_statement(&statement) {
            let places = statement.evidence_of(at);
            let start = places.iter().map(|place| place.span.start).min();
            let end = places.iter().map(|place| place.span.end).max();
            let (start, end) = start.zip(end).unwrap_or((0, short(text.len())));
            let at = Span { start, end };
            found.push(Claimed { at, claim });
        }
    }
    found
}

impl Claimed {
    fn moved(mut self, by: usize) -> Claimed {
        self.at.start += short(by);
        self.at.end += short(by);
        self
    }
}

/// The claims of a statement, by places in the statement's text.
pub(crate) fn of_statement(statement: &Statement) -> Vec<Claimed> {
    let words = words(statement);
    let mut found = Vec::new();
    for at in 0..words.len() {
        found.extend(numbers(&words, at));
        found.extend(side(&words, at));
        found.extend(negation(&words, at));
    }
    for fact in &statement.facts {
        let claim = match &fact.about {
            About::Medication(medication) => drug(medication),
            About::Measurement(measured) if !measured.plausible => Claim::Implausible(measured.name.clone()),
            About::Finding(finding)
                if fact.context.time == Time::Current
                    && fact.context.of == Experiencer::Patient
                    && fact.context.presence != Presence::Possible =>
            {
                Claim::Finding {
                    name: finding.name.clone(),
                    present: fact.context.presence == Presence::Affirmed,
                }
            }
            _ => continue,
        };
        found.push(Claimed { at: fact.at, claim });
    }
    found
}

fn drug(medication: &Medication) -> Claim {
    let unit = medication.unit.as_deref().unwrap_or_default();
    Claim::Drug {
        name: medication.name.to_lowercase(),
        dose: medication
            .dose
            .as_ref()
            .map(|dose| format!("{dose} {unit}").trim().to_lowercase()),
        changes: matches!(
            medication.action,
            Some(Action::Stop | Action::Increase | Action::Decrease)
        ),
    }
}

/// A word of a statement, lower case, without the punctuation around it.
struct Word {
    key: String,
    at: Span,
    /// A clause ends behind it.
    ends: bool,
}

fn words(statement: &Statement) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = 0;
    for piece in statement.text.split_inclusive(char::is_whitespace) {
        let bare = piece.trim_matches(|c: char| !c.is_alphanumeric() && c != '%');
        if !bare.is_empty() {
            let from = start + piece.find(bare).unwrap_or(0);
            words.push(Word {
                key: bare.to_lowercase().replace('’', "'"),
                at: Span {
                    start: short(from),
                    end: short(from + bare.len()),
                },
                ends: piece.trim_end().ends_with(['.', ';', ':', '?', '!']),
            });
        }
        start += piece.len();
    }
    words
}

/// Units that tell one number from another, and how they are written in full.
const UNITS: &[(&str, &[&str])] = &[
    ("mg", &["mgs", "milligram", "milligrams"]),
    ("mcg", &["microgram", "micrograms", "µg", "ug"]),
    ("g", &["gram", "grams", "gm"]),
    ("kg", &["kilogram", "kilograms", "kilos"]),
    ("ml", &["milliliter", "milliliters", "cc"]),
    ("l", &["liter", "liters"]),
    ("cm", &["centimeter", "centimeters"]),
    ("mm", &["millimeter", "millimeters"]),
    ("units", &["unit", "iu"]),
    ("%", &["percent"]),
    ("second", &["seconds"]),
    ("minute", &["minutes", "min"]),
    ("hour", &["hours", "hr", "hrs"]),
    ("day", &["days"]),
    ("week", &["weeks"]),
    ("month", &["months"]),
    ("year", &["years", "year-old", "yo"]),
    ("tablet", &["tablets", "pill", "pills", "tabs", "tab"]),
    ("pound", &["pounds", "lb", "lbs"]),
];

fn unit(word: &str) -> Option<&'static str> {
    let is = |(unit, spelled): &&(&'static str, &[&str])| *unit == word || spelled.contains(&word);
    UNITS.iter().find(is).map(|(unit, _)| *unit)
}

/// The numbers in a word: two in `120/80`, one with its unit in `10mg`.
fn numbers(words: &[Word], at: usize) -> Vec<Claimed> {
    let word = &words[at];
    let key = word.key.as_str();
    if !key.contains(|c: char| c.is_ascii_digit()) {
        return Vec::new();
    }
    let claimed = |value: String, unit: Option<&'static str>| Claimed {
        at: word.at,
        claim: Claim::Number { value, unit },
    };
    if !key.starts_with(|c: char| c.is_ascii_digit()) {
        return vec![claimed(key.into(), None)];
    }
    let parts = key
        .split(['/', '-', '–', '+', 'x', '×', ':'])
        .filter(|part| part.starts_with(|c: char| c.is_ascii_digit()));
    parts
        .map(|part| {
            let digits = part.trim_end_matches(|c: char| !c.is_ascii_digit());
            let behind = &part[digits.len()..];
            let next = words.get(at + 1).filter(|_| behind.is_empty() && !word.ends);
            let unit = if behind.is_empty() {
                next.and_then(|next| unit(&next.key))
            } else {
                unit(behind)
            };
            claimed(plain(digits), unit)
        })
        .collect()
}

/// `1,000.50` and `1000.5` are one number.
fn plain(digits: &str) -> String {
    let plain = digits.replace(',', "");
    let plain = match plain.split_once('.') {
        Some((whole, part)) if !part.contains('.') => format!("{whole}.{}", part.trim_end_matches('0')),
        Some(_) | None => plain,
    };
    let plain = plain.trim_end_matches('.').trim_start_matches('0');
    if plain.is_empty() || plain.starts_with('.') {
        format!("0{plain}")
    } else {
        plain.into()
    }
}

/// Behind these, `left` is a verb.
const LEFT_BEHIND: &[&str] = &[
    "the",
    "a",
    "an",
    "at",
    "for",
    "over",
    "to",
    "him",
    "her",
    "me",
    "my",
    "his",
    "work",
    "home",
    "early",
    "it",
    "in",
    "against",
    "off",
    "alone",
    "untreated",
];

/// Behind these, `right` is no side; before those neither.
const RIGHT_BEHIND: &[&str] = &[
    "now", "away", "after", "before", "there", "here", "then", "when", "in", "at", "as", "about", "around", "and",
    "or", "so", "but", "i", "you", "we", "it", "to",
];
const RIGHT_BEFORE: &[&str] = &["all", "that's", "you're", "i'm", "is", "be", "it's"];

fn side(words: &[Word], at: usize) -> Option<Claimed> {
    let word = &words[at];
    let next = words
        .get(at + 1)
        .filter(|_| !word.ends)
        .map_or("", |next| next.key.as_str());
    let before = at.checked_sub(1).map_or("", |before| words[before].key.as_str());
    let side = match word.key.as_str() {
        "left" | "left-sided" if !LEFT_BEHIND.contains(&next) => Side::Left,
        "right" | "right-sided"
            if !RIGHT_BEHIND.contains(&next) && !RIGHT_BEFORE.contains(&before) && !next.is_empty() =>
        {
            Side::Right
        }
        "bilateral" | "bilaterally" => Side::Both,
        "both" if !matches!(next, "of" | "and" | "a") => Side::Both,
        _ => return None,
    };
    Some(Claimed {
        at: word.at,
        claim: Claim::Side {
            side,
            beside: beside(words, at),
        },
    })
}

/// The content words on either side, at most two before and three behind.
fn beside(words: &[Word], at: usize) -> Vec<String> {
    let before = words[..at].iter().rev().take(FARTHEST).take_while(|word| !word.ends);
    let behind = words[at + 1..].iter().take(if words[at].ends { 0 } else { FARTHEST });
    let content = |word: &&Word| content(&word.key) && word.key != "left" && word.key != "right";
    let before = before.filter(content).take(2);
    let behind = behind.filter(content).take(3);
    before.chain(behind).map(|word| stem(&word.key)).collect()
}

const NEGATIONS: &[&str] = &[
    "no", "not", "never", "without", "denies", "denied", "deny", "denying", "cannot", "none", "neither", "nor",
    "negative", "absent", "unable",
];

const REPORTS: &[&str] = &["reports", "reported", "endorses", "complains"];

fn negates(key: &str) -> bool {
    NEGATIONS.contains(&key) || key.ends_with("n't")
}

fn negation(words: &[Word], at: usize) -> Option<Claimed> {
    let word = &words[at];
    let reports = REPORTS.contains(&word.key.as_str());
    if !negates(&word.key) && !reports {
        return None;
    }
    let behind = words[at + 1..].iter().take(if word.ends { 0 } else { FARTHEST });
    let mut negated = Vec::new();
    let mut end = word.at.end;
    for next in behind {
        if content(&next.key) && !negates(&next.key) {
            negated.push(stem(&next.key));
            end = next.at.end;
        }
        if next.ends || negated.len() == MOST_NEGATED || TURNS.contains(&next.key.as_str()) {
            break;
        }
    }
    Some(Claimed {
        at: Span { end, ..word.at },
        claim: if reports {
            Claim::Report(negated)
        } else {
            Claim::Negation(negated)
        },
    })
}

/// True of a word that is part of such a claim by itself: a negation, a number or its unit.
pub(crate) fn is_vital_word(key: &str) -> bool {
    negates(key) || unit(key).is_some() || is_number_word(key) || key.contains(|c: char| c.is_numeric())
}

/// In words from a negation or a side.
const FARTHEST: usize = 6;
const MOST_NEGATED: usize = 3;

/// Words that end what a negation reaches.
const TURNS: &[&str] = &["but", "however", "except", "although", "reports", "because", "which"];

/// Words that say nothing of what they stand beside.
const FUNCTION: &[&str] = &[
    "the", "a", "an", "and", "or", "of", "to", "in", "on", "at", "for", "with", "is", "are", "was", "were", "be",
    "been", "has", "have", "had", "having", "do", "does", "did", "any", "her", "his", "my", "your", "their", "she",
    "he", "they", "it", "you", "i", "we", "this", "that", "there", "some", "other", "side", "patient", "as", "from",
    "by", "will", "known", "evidence", "signs", "sign", "also", "or", "very", "been", "so", "then", "now", "today",
    "both",
];

pub(crate) fn content(key: &str) -> bool {
    key.chars().count() > 2 && !FUNCTION.contains(&key) && !key.contains(|c: char| c.is_ascii_digit())
}

/// A word without its inflection, roughly: enough to see that two words are forms of one.
pub(crate) fn stem(key: &str) -> String {
    let cut = [
        "ations", "ation", "ness", "ing", "ies", "ied", "es", "ed", "al", "ly", "s", "y", "e",
    ]
    .iter()
    .find_map(|ending| key.strip_suffix(ending).filter(|stem| stem.chars().count() >= 4));
    cut.unwrap_or(key).into()
}

/// The stems of the content words of a statement.
pub(crate) fn stems(statement: &Statement) -> Vec<String> {
    words(statement)
        .iter()
        .filter(|word| content(&word.key))
        .map(|word| stem(&word.key))
        .collect()
}

fn short(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
