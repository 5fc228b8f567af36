//! One spoken number, by the grammar of English number words as clinicians use them.

use super::vocabulary::{
    COUNTED, DATED, EVENTS, HOURS, MONTHS, NUMBERED, ORDINALS, PIECES, STRENGTHS, TEENS, TENS, UNITS,
};
use crate::words::Token;

pub(crate) fn is_number_word(key: &str) -> bool {
    small(key).is_some() || matches!(key, "hundred" | "thousand") || crate::numbers::value(key).is_some()
}

pub(crate) fn begins_number(key: &str) -> bool {
    let part = key.split('-').next().unwrap_or(key);
    small(part).is_some() || ordinal(part).is_some() || matches!(part, "hundred" | "thousand" | "point" | "million")
}

fn of(list: &[(&str, u32)], key: &str) -> Option<u32> {
    list.iter().find(|(word, _)| *word == key).map(|&(_, value)| value)
}

/// 0 to 19, and the tens up to 90.
pub(crate) fn small(key: &str) -> Option<u32> {
    below_twenty(key).or_else(|| tens(key))
}

pub(crate) fn below_twenty(key: &str) -> Option<u32> {
    // Every number word begins with one of these: most words are answered here.
    if !key.starts_with(['z', 'o', 't', 'f', 's', 'e', 'n']) {
        return None;
    }
    of(UNITS, key).or_else(|| of(TEENS, key))
}

pub(crate) fn tens(key: &str) -> Option<u32> {
    of(TENS, key)
}

fn ordinal(key: &str) -> Option<u32> {
    of(ORDINALS, key)
}

/// Words that may belong to one number, up to the next mark.
struct Run<'t> {
    keys: Vec<&'t str>,
    /// How many tokens are used up behind each key; `None` inside of a hyphenated word.
    ends: Vec<Option<usize>>,
}

/// No number has more words.
const LONGEST: usize = 14;

/// The number that begins at a word, as it is written, and how many words it takes. What has two readings near at hand is
/// written as it was said.
pub(crate) fn number(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let key = tokens[at].key.as_ref();
    let next = tokens
        .get(at + 1)
        .filter(|_| tokens[at].mark.is_empty())
        .map(|token| token.key.as_ref());
    let article = key == "a" && matches!(next, Some("hundred" | "thousand"));
    let digits = crate::numbers::value(key).is_some();
    let early = key == "oh" && next.is_some_and(|next| of(UNITS, next).is_some());
    if !(article || digits || early || begins_number(key)) {
        return None;
    }
    if let Some(written) = hyphenated(key) {
        return Some((written, 1));
    }
    let before = at.checked_sub(1).map_or("", |before| tokens[before].key.as_ref());
    let earlier = at.checked_sub(2).map_or("", |earlier| tokens[earlier].key.as_ref());
    // "Half past eight" is written as it is said.
    if matches!((earlier, before), ("half" | "quarter", "past") | ("quarter", "to")) {
        return None;
    }
    // "She may first try" names no day.
    if let Some(found) =
        day(tokens, at, before).filter(|_| before != "may" || earlier.is_empty() || DATED.contains(&earlier))
    {
        return Some(found);
    }
    let run = run(tokens, at + usize::from(article));
    let (text, keys) = clock(&run.keys, before, earlier).or_else(|| read(&run.keys, before))?;
    let words = run.ends.get(keys.checked_sub(1)?).copied().flatten()? + usize::from(article);
    let said = tokens.get(at..at + words)?;
    let unchanged = text.is_empty() || (words == 1 && text == said[0].key);
    (!unchanged).then_some((text, words))
}

fn run<'t>(tokens: &'t [Token], at: usize) -> Run<'t> {
    let mut run = Run {
        keys: Vec::with_capacity(LONGEST),
        ends: Vec::with_capacity(LONGEST),
    };
    for (used, token) in (1..=LONGEST).zip(&tokens[at..]) {
        let parts = token.key.split('-').count();
        let whole = parts == 1 || !token.key.split('-').all(is_number_word);
        for (part, key) in token.key.split('-').enumerate().take(if whole { 1 } else { parts }) {
            run.keys.push(if whole { token.key.as_ref() } else { key });
            run.ends.push((whole || part + 1 == parts).then_some(used));
        }
        if token.mark == "." && token.apart {
            run.keys.push("point");
            run.ends.push(Some(used));
        } else if !token.mark.is_empty() {
            break;
        }
    }
    run
}

/// Reads the number that the keys begin with: how it is written, and how many keys it takes. Nothing written: leave it.
fn read(keys: &[&str], before: &str) -> Option<(String, usize)> {
    let key = |at: usize| keys.get(at).copied().unwrap_or_default();
    if keys.starts_with(&["nine", "one", "one"]) {
        return Some(("911".into(), 3));
    }
    if key(0) == "point" {
        let (digits, end) = decimals(keys, 1)?;
        let certain = is_counted(key(end)) || matches!(key(1), "oh" | "o" | "zero");
        return certain.then(|| (format!("0.{digits}"), end));
    }
    if let Some(said) = digit_by_digit(keys) {
        return Some(said);
    }
    let (whole, end) = match crate::numbers::value(key(0)) {
        Some(_) => (key(0).to_owned(), 1),
        None => {
            let (value, end) = cardinal(keys)?;
            if let Some(as_said) = two_readings(keys, end) {
                return Some(as_said);
            }
            (value.to_string(), end)
        }
    };
    if key(end) == "point" && !whole.contains('.') {
        // "At one point two doctors came" is no number.
        let story = before == "at" && keys.starts_with(&["one", "point"]);
        if let Some((digits, end)) = decimals(keys, end + 1)
            && (!story || is_counted(key(end)))
        {
            return Some((format!("{whole}.{digits}"), end));
        }
    }
    if [key(end), key(end + 1), key(end + 2)] == ["and", "a", "half"] && !whole.contains(['.', ',']) {
        return Some((format!("{whole}.5"), end + 3));
    }
    if key(0) == "one" && end == 1 && !counts(keys, before) {
        return None;
    }
    Some((whole, end))
}

/// Whether "one" is a number here and no pronoun.
fn counts(keys: &[&str], before: &str) -> bool {
    let key = |at: usize| keys.get(at).copied().unwrap_or_default();
    let compared = matches!(key(1), "to" | "or" | "over" | "in") && is_number_word(key(2));
    let share = key(1) == "out" && key(2) == "of" && is_number_word(key(3));
    // "One day" opens a story.
    let story = before.is_empty() && key(1) == "day";
    NUMBERED.contains(&before) || compared || share || (is_counted(key(1)) && !story)
}

/// "Two two four" is a code or a slip: it stays as it was said, unless something is counted behind it.
fn digit_by_digit(keys: &[&str]) -> Option<(String, usize)> {
    let digits = keys.iter().take_while(|key| of(UNITS, key).is_some()).count();
    let counted = keys.get(digits).is_some_and(|next| is_counted(next));
    let goes_on = keys
        .get(digits)
        .is_some_and(|next| matches!(*next, "hundred" | "thousand" | "point") || is_number_word(next));
    (digits > 1 && !counted && !goes_on).then(|| (keys[..digits].join(" "), digits))
}

/// `two twenty milligram tablets`: two of twenty, or tablets of 220?
fn two_readings(keys: &[&str], end: usize) -> Option<(String, usize)> {
    let key = |at: usize| keys.get(at).copied().unwrap_or_default();
    let first = of(UNITS, key(0))?;
    // Only "one twenty" without a "hundred" has two readings.
    if end < 2
        || keys[..end]
            .iter()
            .any(|key| matches!(*key, "hundred" | "thousand" | "oh" | "o" | "zero"))
    {
        return None;
    }
    let spans = [
        "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month", "months", "years", "times",
    ];
    let dosed = is_counted(key(end)) && PIECES.contains(&key(end + 1));
    let round = matches!(key(1), "ten" | "fifteen" | "twenty" | "thirty") && end == 2;
    let spanned = round && spans.contains(&key(end));
    let range = first > 1 && round && key(1) == "ten" && !dosed;
    (dosed || spanned || range).then(|| (keys[..end].join(" "), end))
}

/// `eight thirty in the morning`, `at ten fifteen`, `oh eight hundred hours`
fn clock(keys: &[&str], before: &str, earlier: &str) -> Option<(String, usize)> {
    let key = |at: usize| keys.get(at).copied().unwrap_or_default();
    if let ("oh" | "zero", Some(hour), "hundred") = (key(0), of(UNITS, key(1)), key(2)) {
        return Some((format!("0{hour}00"), 3));
    }
    if let ("oh" | "zero", Some(hour)) = (key(0), of(UNITS, key(1)))
        && let Some((minutes, end)) =
            under_hundred(keys, 2).filter(|&(minutes, end)| minutes < 60 && key(end) == "hours")
    {
        return Some((format!("0{hour}{minutes:02}"), end));
    }
    let (hour, at) = under_hundred(keys, 0)?;
    let (minutes, end) = match key(at) {
        "oh" | "o" => (of(UNITS, key(at + 1))?, at + 2),
        _ => under_hundred(keys, at).filter(|&(minutes, _)| (10..60).contains(&minutes))?,
    };
    if (13..24).contains(&hour) && key(end) == "hours" {
        return Some((format!("{hour}{minutes:02}"), end));
    }
    let named = HOURS.contains(&key(end))
        || (key(end) == "in" && key(end + 1) == "the" && matches!(key(end + 2), "morning" | "afternoon" | "evening"))
        || (key(end) == "at" && key(end + 1) == "night");
    // "At two forty" is also a value, unless somebody came.
    let told = before == "at" && (hour >= 10 || EVENTS.contains(&earlier));
    let goes_on =
        is_counted(key(end)) || is_number_word(key(end)) || matches!(key(end), "over" | "to" | "point" | "out");
    ((1..=12).contains(&hour) && (named || (told && !goes_on))).then(|| (format!("{hour}:{minutes:02}"), end))
}

/// 0 to 99, and the place behind it.
fn under_hundred(keys: &[&str], at: usize) -> Option<(u32, usize)> {
    let key = keys.get(at)?;
    if let Some(tens) = of(TENS, key) {
        let unit = keys
            .get(at + 1)
            .and_then(|next| of(UNITS, next))
            .filter(|&unit| unit > 0);
        return Some(unit.map_or((tens, at + 1), |unit| (tens + unit, at + 2)));
    }
    small(key).map(|value| (value, at + 1))
}

fn cardinal(keys: &[&str]) -> Option<(u32, usize)> {
    let key = |at: usize| keys.get(at).copied().unwrap_or_default();
    let (first, mut at) = match key(0) {
        "hundred" | "thousand" => (1, 0),
        _ => under_hundred(keys, 0)?,
    };
    let mut value = first;
    if !matches!(key(at), "hundred" | "thousand") {
        return Some(run_together(keys, first, at).unwrap_or((value, at)));
    }
    if key(at) == "hundred" {
        (value, at) = with_rest(keys, value * 100, at + 1);
    }
    if key(at) == "thousand" {
        (value, at) = with_rest(keys, value * 1000, at + 1);
        if key(at) == "hundred" {
            let rest = value % 1000;
            (value, at) = with_rest(keys, value - rest + rest * 100, at + 1);
        }
    }
    Some((value, at))
}

/// What follows "hundred" or "thousand" and belongs to it.
fn with_rest(keys: &[&str], value: u32, at: usize) -> (u32, usize) {
    let from = if keys.get(at) == Some(&"and") { at + 1 } else { at };
    match under_hundred(keys, from) {
        // "Five hundred, five hundred": a second number begins.
        Some((_, end)) if value < 1000 && keys.get(end) == Some(&"hundred") => (value, at),
        // "Two hundred ten thousand" is one number, "five hundred, one thousand" are two.
        Some((rest, end)) if value < 1000 && keys.get(end) == Some(&"thousand") && from == at && rest < 10 => {
            (value, at)
        }
        Some((0, _)) | None => (value, at),
        Some((rest, end)) => (value + rest, end),
    }
}

/// "One twenty" is 120, "one oh five" 105, "nineteen ninety" and "twenty eighteen" are years.
fn run_together(keys: &[&str], first: u32, at: usize) -> Option<(u32, usize)> {
    let scale = if (1..=9).contains(&first) || first == 19 || first == 20 {
        100
    } else {
        return None;
    };
    if matches!(keys.get(at), Some(&("oh" | "o" | "zero"))) {
        let unit = of(UNITS, keys.get(at + 1)?).filter(|&unit| unit > 0)?;
        return Some((first * scale + unit, at + 2));
    }
    let (second, end) = under_hundred(keys, at).filter(|&(second, _)| second >= 10)?;
    // "Twenty thirty miles" is no year.
    if (first == 20 && second > 29) || matches!(keys.get(end), Some(&("hundred" | "thousand"))) {
        return None;
    }
    Some((first * scale + second, end))
}

/// Digits behind a point: "two five", "twenty five", "oh five".
fn decimals(keys: &[&str], from: usize) -> Option<(String, usize)> {
    let mut digits = String::new();
    let mut at = from;
    while let Some(key) = keys.get(at) {
        let unit = if matches!(*key, "oh" | "o") {
            Some(0)
        } else {
            of(UNITS, key)
        };
        match unit {
            Some(unit) => {
                digits.push_str(&unit.to_string());
                at += 1;
            }
            None if digits.is_empty() => {
                let digit = crate::numbers::value(key).filter(|_| !key.contains(['.', ',']));
                let (text, end) = match digit {
                    Some(_) => ((*key).to_owned(), at + 1),
                    None => under_hundred(keys, at).map(|(value, end)| (value.to_string(), end))?,
                };
                return Some((text, end));
            }
            None => break,
        }
    }
    (!digits.is_empty()).then_some((digits, at))
}

/// `twenty-five`, `fifty-four-year-old`, `three-week-old`; not `one-sided`.
fn hyphenated(key: &str) -> Option<String> {
    if !key.contains('-') {
        return None;
    }
    let parts: Vec<&str> = key.split('-').collect();
    let numbers = parts
        .iter()
        .take_while(|part| small(part).is_some() || **part == "hundred")
        .count();
    let (value, end) = cardinal(&parts[..numbers])?;
    let rest = &parts[end..];
    let counted = rest.first().is_some_and(|part| is_counted(part));
    (end == numbers && counted).then(|| format!("{value}-{}", rest.join("-")))
}

/// The day of a month: "april fifteenth" → `15th`; "twenty eighth" wherever it stands.
fn day(tokens: &[Token], at: usize, before: &str) -> Option<(String, usize)> {
    let key = |ahead: usize| tokens.get(at + ahead).map_or("", |token| token.key.as_ref());
    if let (Some(tens), Some(unit)) = (of(TENS, key(0)), ordinal(key(1)).filter(|&day| day < 10))
        && tokens[at].mark.is_empty()
    {
        return Some((ending(tens + unit), 2));
    }
    if let Some((tens, unit)) = key(0).split_once('-') {
        return Some((ending(of(TENS, tens)? + ordinal(unit).filter(|&day| day < 10)?), 1));
    }
    let dated = MONTHS.contains(&before) || (key(1) == "of" && MONTHS.contains(&key(2)));
    ordinal(key(0)).filter(|_| dated).map(|value| (ending(value), 1))
}

fn ending(value: u32) -> String {
    let suffix = match (value % 10, value % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{value}{suffix}")
}

/// Whether something counted can follow a number.
pub(crate) fn is_counted(key: &str) -> bool {
    PIECES.contains(&key) || STRENGTHS.contains(&key) || COUNTED.contains(&key)
}
