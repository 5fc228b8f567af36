//! When, how long, since when: in the words that were said.

use crate::numbers::value;
use crate::words::Token;

/// A time may stand this far from what it dates, in words.
const REACH: usize = 12;

const SPANS: &[&str] = &[
    "second", "seconds", "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month", "months",
    "year", "years", "decade", "decades",
];

const FEW: &[&str] = &[
    "a", "an", "the", "last", "past", "few", "couple", "of", "several", "about", "around", "like", "almost", "over",
    "nearly", "to", "or", "maybe", "probably", "roughly", "more", "than", "some", "many", "half", "good", "at",
    "least", "other",
];

const POINTS: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "yesterday",
    "morning",
    "night",
    "week",
    "month",
    "year",
    "weekend",
    "summer",
    "winter",
    "spring",
    "fall",
    "childhood",
    "christmas",
    "thanksgiving",
    "today",
    "then",
    "birth",
];

/// The places of all expressions of time.
pub(super) fn all(tokens: &[Token]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match length(tokens, at) {
            Some(length) => {
                found.push((at, at + length));
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// The words of the time that is nearest to a stretch of words, in its sentence.
pub(super) fn nearest(tokens: &[Token], times: &[(usize, usize)], from: usize, to: usize) -> Option<String> {
    let apart = |&&(start, end): &&(usize, usize)| {
        let (low, high) = if start >= to { (to, start) } else { (end, from) };
        let distance = high.checked_sub(low)?;
        let crosses = low > 0
            && tokens[low - 1..high.max(low)]
                .iter()
                .any(|token| token.ends_sentence() && !token.mark.contains('?'));
        // What follows is meant rather than what came before.
        (distance <= REACH && !crosses).then_some(distance * 2 + usize::from(start < from))
    };
    let (_, &(start, end)) = times.iter().filter_map(|time| Some((apart(&time)?, time))).min()?;
    let words: Vec<&str> = tokens[start..end].iter().map(|token| token.text.as_ref()).collect();
    Some(words.join(" "))
}

fn length(tokens: &[Token], at: usize) -> Option<usize> {
    let key = |ahead: usize| {
        let joined = tokens[at..].iter().take(ahead).all(|token| token.mark.is_empty());
        joined
            .then(|| tokens.get(at + ahead))
            .flatten()
            .map_or("", |token| token.key.as_ref())
    };
    let counted = |from: usize| {
        let words = (from..from + 8).take_while(|&ahead| {
            value(key(ahead)).is_some()
                || key(ahead).split('-').all(|part| value(part).is_some())
                || FEW.contains(&key(ahead))
        });
        let end = from + words.count();
        // "For a 51 year old" is an age.
        (end > from && SPANS.contains(&key(end)) && key(end + 1) != "old").then_some(end + 1)
    };
    let year = |ahead: usize| {
        key(ahead)
            .parse::<u32>()
            .is_ok_and(|year| (1900..=2099).contains(&year))
    };
    let point = |ahead: usize| POINTS.contains(&key(ahead)) || year(ahead);
    let dated = |ahead: usize| {
        let day = usize::from(key(ahead + 1).starts_with(|c: char| c.is_ascii_digit()) && !year(ahead + 1));
        let end = ahead + 1 + day;
        end + usize::from(year(end)) + 2 * usize::from(key(end) == "of" && year(end + 1))
    };
    match key(0) {
        "for" | "over" | "within" => counted(1),
        "in" if matches!(key(1), "the") && matches!(key(2), "past" | "last") => counted(1),
        "in" if key(1) == "the" && key(2) == "year" && year(3) => Some(4),
        "in" if point(1) => Some(dated(1)),
        "back" if key(1) == "in" && point(2) => Some(dated(2)),
        "since" => {
            if let Some(end) = counted(1) {
                return Some(end + usize::from(key(end) == "ago"));
            }
            let skip = 1 + usize::from(matches!(key(1), "last" | "this" | "about" | "my" | "the"));
            point(skip).then(|| dated(skip))
        }
        "on" if point(1) => Some(dated(1)),
        "last" | "this" if point(1) => Some(2),
        "yesterday" | "today" | "tonight" => Some(1),
        _ => {
            let end = counted(0).filter(|_| {
                value(key(0)).is_some() || matches!(key(0), "a" | "an" | "about" | "several" | "few" | "couple")
            })?;
            (key(end) == "ago").then_some(end + 1)
        }
    }
}
