//! The directions for a medication: how much, by which way, how often, how long, what for.

use super::super::Reading;
use super::at;
use crate::lexicon::Sense;
use crate::numbers::{DAYS, PIECES, STRENGTHS, value};

/// A dose and the place behind it.
pub(super) struct Dose {
    /// In digits.
    pub amount: String,
    pub unit: Option<String>,
    pub end: usize,
}

/// The dose of the drug between `start` and `behind`: what belongs to another drug is not taken. Of "from 10 mg to 20 mg" the
/// second.
pub(super) fn dose(reading: &Reading, start: usize, drug: usize, behind: (usize, usize)) -> Option<Dose> {
    let before = dose_before(reading, start, drug);
    // "20 mg of lisinopril" leaves no doubt; "two tablets of lisinopril 20 mg" has its strength behind.
    let linked = before
        .as_ref()
        .is_some_and(|_| reading.key(drug - 1) == "of" || reading.key(drug - 2) == "of");
    let behind_it = dose_behind(reading, behind);
    match (before, behind_it) {
        (Some(before), Some(behind)) if linked && !pieces(&behind) && !pieces(&before) => Some(before),
        (Some(before), Some(behind)) => Some(if pieces(&behind) && !pieces(&before) {
            before
        } else {
            behind
        }),
        (before, behind_it) => behind_it.or(before).or_else(|| bare(reading, behind)),
    }
}

fn pieces(dose: &Dose) -> bool {
    dose.unit.as_ref().is_some_and(|unit| PIECES.contains(&unit.as_str()))
}

fn dose_behind(reading: &Reading, behind: (usize, usize)) -> Option<Dose> {
    // "... and 20 mg of metformin": the next drug's.
    let foreign = |dose: &Dose| {
        let next = (dose.end..dose.end + 4)
            .find(|&at| !matches!(reading.key(at), "of" | "the" | "your" | "tablets" | "tablet"));
        let joined = reading.tokens[dose.end - 1].mark.is_empty();
        joined && next.is_some_and(|next| at(reading, next, |sense| matches!(sense, Sense::Drug(_))).is_some())
    };
    let mut doses: Vec<(usize, Dose)> = (behind.0..behind.1)
        .filter_map(|place| amount(reading, place).map(|dose| (place, dose)))
        .filter(|(_, dose)| !foreign(dose))
        .collect();
    let raised = doses
        .iter()
        .rposition(|&(place, _)| reading.key(place - 1) == "to" && !range(reading, place));
    match raised {
        Some(last) => Some(doses.swap_remove(last).1),
        None => doses.into_iter().next().map(|(_, dose)| dose),
    }
}

/// "20 mg of lisinopril", "two 500 mg tablets of metformin"
fn dose_before(reading: &Reading, start: usize, drug: usize) -> Option<Dose> {
    (start.max(drug.saturating_sub(6))..drug).rev().find_map(|place| {
        let dose = amount(reading, place)?;
        let between = &reading.tokens[dose.end.min(drug)..drug];
        let plain = between
            .iter()
            .all(|token| token.is_any(&["of", "the", "dose", "your", "a"]) || token.is_any(PIECES));
        let joined = reading.tokens[place..drug].iter().all(|token| token.mark.is_empty());
        (plain && joined).then_some(dose)
    })
}

/// "Lisinopril 20 a day": a number alone right behind the name.
fn bare(reading: &Reading, behind: (usize, usize)) -> Option<Dose> {
    let place = behind.0;
    let joined = reading.tokens[place.checked_sub(1)?].mark.is_empty();
    let follows = [
        "a", "once", "twice", "daily", "per", "every", "mg", "in", "at", "bid", "nightly", "",
    ];
    let number = value(reading.key(place)).filter(|&number| number > 0.0 && place < behind.1)?;
    let ends = reading.tokens[place].ends_clause() || place + 1 == reading.tokens.len();
    let year = (1900.0..2100.0).contains(&number);
    let fits = joined && !year && (ends || follows.contains(&reading.key(place + 1)));
    fits.then(|| Dose {
        amount: reading.tokens[place].text.to_string(),
        unit: None,
        end: place + 1,
    })
}

/// A number and its unit: `20 mg`, `2 puffs`, `1 to 2 tablets`, `1%`.
fn amount(reading: &Reading, place: usize) -> Option<Dose> {
    let token = &reading.tokens[place];
    let dose = |amount: &str, unit: &str, end| Dose {
        amount: amount.into(),
        unit: Some(unit.into()),
        end,
    };
    if let Some(percent) = token.text.strip_suffix('%').filter(|number| value(number).is_some()) {
        return Some(dose(percent, "%", place + 1));
    }
    // "500mg"
    let digits = token.key.trim_end_matches(|c: char| c.is_alphabetic());
    if digits.len() < token.key.len() && value(digits).is_some() && STRENGTHS.contains(&&token.key[digits.len()..]) {
        return Some(dose(digits, &token.key[digits.len()..], place + 1));
    }
    // "5/325", "7.5-325"
    let compound = token.key.split(['/', '-']).all(|part| value(part).is_some());
    let unit = reading.tokens.get(place + 1)?;
    if !compound || !token.mark.is_empty() || !(unit.is_any(STRENGTHS) || unit.is_any(PIECES)) {
        return None;
    }
    let from = if range(reading, place) { place - 2 } else { place };
    Some(dose(&reading.text(from, place + 1), &unit.text, place + 2))
}

/// "1 to 2"
fn range(reading: &Reading, place: usize) -> bool {
    let between = place >= 2 && matches!(reading.key(place - 1), "to" | "or");
    // "From 10 to 20 mg" is a change.
    let change = place >= 3 && reading.key(place - 3) == "from";
    between && !change && value(reading.key(place - 2)).is_some() && reading.tokens[place - 2].mark.is_empty()
}

pub(super) fn route(reading: &Reading, behind: (usize, usize)) -> Option<String> {
    (behind.0..behind.1).find_map(
        |place| match at(reading, place, |sense| matches!(sense, Sense::Route(_)))?.sense {
            Sense::Route(name) => Some(name.to_owned()),
            _ => None,
        },
    )
}

const PERIODS: &[&str] = &["day", "week", "month", "night", "morning", "evening", "hour", "year"];
const WHOLE: &[&str] = &[
    "daily", "nightly", "weekly", "monthly", "bid", "b.i.d", "tid", "t.i.d", "qid", "q.i.d", "qd", "q.d", "qhs", "prn",
    "p.r.n", "biweekly", "hourly",
];

pub(super) fn frequency(reading: &Reading, behind: (usize, usize)) -> Option<String> {
    let first = (behind.0..behind.1).find_map(|place| often(reading, place).map(|length| (place, length)))?;
    let (from, mut to) = (first.0, first.0 + first.1);
    // "Twice a day as needed", "once a day at bedtime"
    while let Some(more) = (to < behind.1).then(|| often(reading, to)).flatten() {
        to += more;
    }
    Some(reading.text(from, to.min(reading.tokens.len())))
}

/// The length of a phrase that says how often, where one begins.
fn often(reading: &Reading, place: usize) -> Option<usize> {
    let key = |ahead: usize| reading.key(place + ahead);
    let number = |text: &str| value(text).is_some();
    let per = |ahead: usize| matches!(key(ahead), "a" | "per" | "each" | "every") && PERIODS.contains(&key(ahead + 1));
    let counted = matches!(key(0), "once" | "twice") || (number(key(0)) && matches!(key(1), "times" | "time"));
    if counted {
        let length = if matches!(key(0), "once" | "twice") { 1 } else { 2 };
        if per(length) {
            return Some(length + 2);
        }
        return WHOLE.contains(&key(length)).then_some(length + 1);
    }
    if WHOLE.contains(&key(0)) {
        return Some(1);
    }
    if key(0) == "every" {
        return every(reading, place);
    }
    if per(0) && place > 0 && key(0) != "every" {
        // "20 mg a day"
        let before = &reading.tokens[place - 1];
        let dosed = before.is_any(STRENGTHS) || before.is_any(PIECES) || number(&before.key);
        return dosed.then_some(2);
    }
    let phrases: [&[&str]; 14] = [
        &["at", "bedtime"],
        &["at", "night"],
        &["before", "bed"],
        &["in", "the", "morning"],
        &["in", "the", "evening"],
        &["with", "meals"],
        &["before", "meals"],
        &["after", "meals"],
        &["with", "food"],
        &["as", "needed"],
        &["when", "needed"],
        &["each", "day"],
        &["each", "night"],
        &["around", "the", "clock"],
    ];
    let fits = |words: &&&[&str]| words.iter().enumerate().all(|(ahead, word)| key(ahead) == *word);
    let hourly = key(0)
        .strip_prefix('q')
        .is_some_and(|rest| rest.trim_matches(['.', 'h']).parse::<u32>().is_ok());
    if hourly {
        return Some(if key(1) == "hours" { 2 } else { 1 });
    }
    phrases.iter().find(fits).map(|words| words.len())
}

/// "every 4 to 6 hours", "every other day", "every morning"
fn every(reading: &Reading, place: usize) -> Option<usize> {
    let period = |at: usize| {
        let key = reading.key(at);
        let named = DAYS.contains(&key) || key == "bedtime";
        named || PERIODS.contains(&key) || PERIODS.contains(&key.trim_end_matches('s'))
    };
    let is_number = |at: usize| reading.key(at).split('-').all(|part| value(part).is_some());
    let mut at = place + 1;
    if matches!(reading.key(at), "other" | "single") {
        at += 1;
    } else if is_number(at) {
        at += 1;
        if matches!(reading.key(at), "to" | "or") && is_number(at + 1) {
            at += 2;
        }
    }
    (period(at) && reading.tokens.get(at).is_some()).then(|| at + 1 - place)
}

/// "for 10 days", "for the next 2 weeks"
pub(super) fn duration(reading: &Reading, behind: (usize, usize)) -> Option<String> {
    let spans = ["day", "days", "week", "weeks", "month", "months", "year", "years"];
    (behind.0..behind.1)
        .filter(|&place| reading.key(place) == "for")
        .find_map(|place| {
            let end = (place + 2..(place + 7).min(behind.1)).find(|&at| spans.contains(&reading.key(at)))?;
            let between = &reading.tokens[place + 1..end];
            let plain = between.iter().all(|token| {
                value(&token.key).is_some()
                    || token.is_any(&[
                        "the", "next", "another", "a", "an", "about", "to", "or", "full", "few", "couple", "of",
                        "more", "at", "least",
                    ])
            });
            plain.then(|| reading.text(place + 1, end + 1))
        })
}

/// "for your blood pressure", "for pain"
pub(super) fn indication(reading: &Reading, behind: (usize, usize)) -> Option<String> {
    (behind.0..behind.1)
        .filter(|&place| reading.key(place) == "for")
        .find_map(|place| {
            (place + 1..(place + 4).min(behind.1)).find_map(|near| {
                let found = at(reading, near, |sense| {
                    matches!(sense, Sense::Finding(_) | Sense::Vital(_) | Sense::Result(_))
                })?;
                Some(reading.words(found.at, found.end()))
            })
        })
}
