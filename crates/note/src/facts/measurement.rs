//! Vital signs and results: only with a value that was spoken next to their name.

use super::Reading;
use crate::lexicon::{Match, Sense};
use crate::numbers::value;
use crate::{About, Measurement, Trend};

/// How far behind its name a value may stand, in words.
const REACH: usize = 9;

/// Name, lowest and highest value that a living patient may have.
const PLAUSIBLE: &[(&str, f64, f64)] = &[
    ("heart rate", 20.0, 300.0),
    ("pulse", 20.0, 300.0),
    ("respiratory rate", 4.0, 80.0),
    // Celsius and Fahrenheit.
    ("temperature", 30.0, 110.0),
    ("oxygen saturation", 40.0, 100.0),
    ("weight", 1.0, 900.0),
    ("height", 1.0, 250.0),
    ("body mass index", 8.0, 120.0),
    ("pain score", 0.0, 10.0),
    ("hemoglobin a1c", 3.0, 20.0),
    ("hemoglobin", 2.0, 25.0),
    ("hematocrit", 5.0, 75.0),
    ("creatinine", 0.1, 30.0),
    ("sodium", 90.0, 200.0),
    ("potassium", 1.0, 10.0),
    ("glucose", 10.0, 1500.0),
    ("ejection fraction", 5.0, 85.0),
    ("calcium", 3.0, 20.0),
    ("inr", 0.5, 20.0),
];

const UNITS: &[&str] = &[
    "%",
    "mg/dl",
    "g/dl",
    "mmhg",
    "meq/l",
    "mmol/l",
    "mmol/mol",
    "degrees",
    "pounds",
    "lbs",
    "lb",
    "kg",
    "cm",
    "inches",
    "feet",
    "foot",
    "beats",
    "bpm",
    "mmol",
    "mg",
    "celsius",
    "fahrenheit",
    "milligrams",
];

/// Behind a number: it counts time, or is no value.
const OTHER_COUNTS: &[&str] = &[
    "year",
    "years",
    "month",
    "months",
    "week",
    "weeks",
    "day",
    "days",
    "hour",
    "hours",
    "minute",
    "minutes",
    "times",
    "time",
    "am",
    "pm",
    "o'clock",
    "tablets",
    "pills",
    "puffs",
    "mg",
    "or",
    "visits",
    "cigarettes",
];

/// A limit or an aim is no measurement.
const AIMS: &[&str] = &[
    "below", "under", "less", "goal", "target", "above", "greater", "than", "keep", "get", "bring", "aim", "if",
    "until",
];

const UP: &[&str] = &[
    "up",
    "higher",
    "elevated",
    "increased",
    "rising",
    "risen",
    "rose",
    "climbing",
    "worse",
];
const DOWN: &[&str] = &[
    "down",
    "lower",
    "decreased",
    "dropped",
    "dropping",
    "fell",
    "improved",
    "declined",
];
const STABLE: &[&str] = &["stable", "unchanged", "steady", "same"];

/// With the words that each takes up.
pub(super) fn all(reading: &Reading) -> Vec<(About, usize, usize)> {
    let mut found: Vec<(About, usize, usize)> = Vec::new();
    for (number, name) in reading.found.iter().enumerate() {
        let (Sense::Vital(what) | Sense::Result(what)) = name.sense else {
            continue;
        };
        let next = reading.found[number + 1..]
            .iter()
            .find(|next| matches!(next.sense, Sense::Vital(_) | Sense::Result(_) | Sense::Drug(_)));
        let end = next.map_or(reading.tokens.len(), |next| next.at);
        let behind = value_behind(reading, name, what, end.min(name.end() + REACH));
        if let Some(at) = behind.or_else(|| saturation_before(reading, name, what)) {
            let (from, to) = (name.at.min(at), name.end().max(at + 1));
            found.push((
                measured(reading, what, at, from, to, matches!(name.sense, Sense::Vital(_))),
                from,
                to,
            ));
        }
    }
    // "It was one fifty over seventy": nothing else is said like that.
    for at in 0..reading.tokens.len() {
        let taken = found.iter().any(|&(_, from, to)| from <= at && at < to);
        if !taken && pressure(reading.key(at)).is_some() {
            found.push((measured(reading, "blood pressure", at, at, at + 1, true), at, at + 1));
        }
    }
    found
}

fn value_behind(reading: &Reading, name: &Match, what: &str, end: usize) -> Option<usize> {
    for at in name.end()..end.min(reading.tokens.len()) {
        let before = &reading.tokens[at - 1];
        // "What was your blood pressure? 120/80."
        if (before.ends_sentence() && !before.mark.contains('?')) || reading.tokens[at].is_any(AIMS) {
            return None;
        }
        let key = reading.key(at);
        let fits = if what == "blood pressure" {
            pressure(key).is_some()
        } else {
            let dated = reading.tokens[at - 1].is_any(&["in", "stage", "type", "on", "last", "every"]);
            number(key).is_some() && !dated && !OTHER_COUNTS.contains(&reading.key(at + 1))
        };
        if fits {
            return Some(at);
        }
    }
    None
}

/// "98% on room air"
fn saturation_before(reading: &Reading, name: &Match, what: &str) -> Option<usize> {
    let near = (name.at.saturating_sub(3)..name.at).rev();
    let mut percentages = near.filter(|&at| reading.key(at).ends_with('%') && !reading.tokens[at].ends_sentence());
    if what == "oxygen saturation" {
        percentages.next()
    } else {
        None
    }
}

fn measured(reading: &Reading, what: &str, at: usize, from: usize, to: usize, vital: bool) -> About {
    let token = &reading.tokens[at];
    let next = reading
        .tokens
        .get(at + 1)
        .filter(|next| token.mark.is_empty() && next.is_any(UNITS));
    let (value, unit) = match token.text.strip_suffix('%') {
        Some(number) => (number.to_owned(), Some("%".to_owned())),
        None => (token.text.to_string(), next.map(|_| units(reading, at + 1))),
    };
    let plausible = match pressure(&value) {
        Some((upper, lower)) => lower < upper && (50.0..=260.0).contains(&upper) && (20.0..=160.0).contains(&lower),
        None => number(&value).is_some_and(|number| {
            let range = PLAUSIBLE.iter().find(|(name, ..)| *name == what);
            range.is_none_or(|&(_, low, high)| (low..=high).contains(&number))
        }),
    };
    let around = &reading.tokens[from.saturating_sub(2)..reading.clause_end(to - 1).min(to + 4)];
    let says = |words: &[&str]| around.iter().any(|token| token.is_any(words));
    let trend = match (says(UP), says(DOWN), says(STABLE)) {
        (true, false, false) => Some(Trend::Up),
        (false, true, false) => Some(Trend::Down),
        (false, false, true) => Some(Trend::Stable),
        _ => None,
    };
    About::Measurement(Measurement {
        name: what.into(),
        value,
        unit,
        trend,
        plausible,
        vital,
    })
}

/// The unit at a place, with the rest of "7 pounds 3 ounces" and "5 feet 10 inches".
fn units(reading: &Reading, at: usize) -> String {
    let small = ["ounces", "ounce", "inches", "inch", "oz"].contains(&reading.key(at + 2));
    let more = value(reading.key(at + 1)).is_some() && (small || matches!(reading.key(at), "foot" | "feet"));
    let joined = reading.tokens[at].mark.is_empty();
    let end = at + 1 + usize::from(more && joined) + usize::from(more && joined && small);
    reading.text(at, end)
}

fn number(key: &str) -> Option<f64> {
    value(key.trim_end_matches('%'))
}

/// Both values of a blood pressure; a murmur's grade or a visual acuity is none.
fn pressure(key: &str) -> Option<(f64, f64)> {
    let (upper, lower) = key.split_once('/')?;
    let (upper, lower) = (value(upper)?, value(lower)?);
    (upper >= 60.0 && lower >= 20.0).then_some((upper, lower))
}
