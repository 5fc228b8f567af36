//! Dates keep their year; ages over 89 become one class.

use super::tokens::Text;
use super::words::{HOLIDAYS, MONTHS, ORDINALS, UNITS};
use super::{Clue, Identifier, Replaced};

pub fn find(text: &Text) -> Vec<Replaced> {
    let mut found = Vec::new();
    let ages: Vec<Replaced> = (0..text.tokens.len()).filter_map(|index| age(text, index)).collect();
    let old = !ages.is_empty();
    found.extend(ages);
    let mut index = 0;
    while index < text.tokens.len() {
        let date = numeric(text, index)
            .or_else(|| named(text, index))
            .or_else(|| holiday(text, index));
        if let Some((end, year)) = date {
            let mut date = text.found(Identifier::Date, index..end, Clue::Day);
            if let Some(year) = year.filter(|_| !old) {
                date.shown = format!("[{year}]");
            }
            found.push(date);
            index = end;
        } else {
            // The year of birth gives such an age away.
            let born = old && text.before(index, 2) == "born" && text.before(index, 1) == "in";
            if born && year(text, index).is_some() {
                found.push(text.found(Identifier::Date, index..index + 1, Clue::Old));
            }
            index += 1;
        }
    }
    found
}

/// The end of a date and its year, where it has one of four digits.
type Date = (usize, Option<u32>);

/// `3/14/2021`, `2021-03-14`, `14.3.2021`, `3/14/21`, and `3/14` after a word for a day.
fn numeric(text: &Text, index: usize) -> Option<Date> {
    let first = text.number(index)?;
    let mark = text.lower(index + 1);
    let touching = text.touches(index) && text.touches(index + 1);
    if !touching
        || !["/", "-", "."].contains(&mark)
        || index > 0 && text.touches(index - 1) && text.before(index, 1) != "("
    {
        return None;
    }
    let second = text.number(index + 2)?;
    if text.touches(index + 2) && text.lower(index + 3) == mark && text.touches(index + 3) {
        let third = text.number(index + 4)?;
        let length = |at: usize| text.tokens[at].text.len();
        let more = text.touches(index + 4) && text.touches(index + 5) && text.number(index + 6).is_some();
        let day_first = day(first) && day(second) && (first <= 12 || second <= 12);
        if more {
            return None;
        }
        if length(index) == 4 && (1800..2200).contains(&first) && second <= 12 && day(third) {
            return Some((index + 5, Some(first)));
        }
        if day_first && length(index + 4) == 4 && (1800..2200).contains(&third) {
            return Some((index + 5, Some(third)));
        }
        return (day_first && length(index + 4) == 2 && mark != ".").then_some((index + 5, None));
    }
    let months_year = mark == "/" && first <= 12 && (1900..2100).contains(&second);
    if months_year {
        return Some((index + 3, Some(second)));
    }
    const CUES: [&str; 9] = [
        "on",
        "dob",
        "born",
        "dated",
        "date",
        "since",
        "scheduled",
        "due",
        "visit",
    ];
    let strength = text.is(index + 3, &["strength", "pain", "power", "grade"]) || second == 5 || second == 10;
    let cued = CUES.contains(&text.before(index, 1)) || CUES.contains(&text.before(index, 2));
    let whole = !text.touches(index + 2) || text.is(index + 3, &[".", ",", ";", ")"]);
    (mark == "/" && cued && whole && (1..=12).contains(&first) && day(second) && !strength).then_some((index + 3, None))
}

/// `March 14, 2021`, `14 March`, `the fourteenth of March`, `March 2021`, `last March`.
fn named(text: &Text, index: usize) -> Option<Date> {
    // The day first.
    if let Some(mut at) = ordinal(text, index) {
        if text.is(at, &["of"]) {
            at += 1;
        }
        if month(text, at) && text.is_word(at) {
            let (end, year) = with_year(text, at + 1);
            return Some((end, year));
        }
    }
    if !month(text, index) {
        return None;
    }
    let mut at = index + 1;
    if text.is(at, &["."]) && text.touches(index) && text.tokens[index].text.len() <= 4 {
        at += 1;
    }
    if text.is(at, &["the"]) && ordinal(text, at + 1).is_some() {
        at += 1;
    }
    if let Some(after) = ordinal(text, at).filter(|_| year(text, at).is_none()) {
        return Some(with_year(text, after));
    }
    let (end, year) = with_year(text, at);
    if year.is_some() {
        return Some((end, year));
    }
    // Alone: `May` and `March` are verbs, and a short form may be a word.
    const NEAR: [&str; 15] = [
        "in", "since", "last", "until", "till", "next", "early", "late", "mid", "of", "by", "through", "during",
        "every", "before",
    ];
    let whole = text.tokens[index].text.len() > 4 || text.is(index, &["june", "july"]);
    let verb = text.is(index, &["may", "march"]);
    let near = NEAR.contains(&text.before(index, 1)) && text.capital(index);
    let is_month = if verb { near } else { whole && text.capital(index) };
    is_month.then_some((index + 1, None))
}

/// A year that follows, with what joins it.
fn with_year(text: &Text, at: usize) -> Date {
    for skip in 0..=2 {
        let joined = (0..skip).all(|back| text.is(at + back, &[",", "of", "in"]));
        if joined && let Some(year) = year(text, at + skip) {
            return (at + skip + 1, Some(year));
        }
    }
    (at, None)
}

fn year(text: &Text, index: usize) -> Option<u32> {
    let measured = text.is(index + 1, &UNITS) || text.touches(index) && text.is(index + 1, &["/", "-"]);
    text.number(index)
        .filter(|year| (1880..2100).contains(year) && !measured)
}

/// A day of a month: the index after it. A number of pills is none.
fn ordinal(text: &Text, index: usize) -> Option<usize> {
    if ORDINALS.contains(&text.lower(index)) {
        return Some(index + 1);
    }
    let number = text.number(index).filter(|&number| day(number))?;
    let suffix = number > 0 && text.touches(index) && text.is(index + 1, &["st", "nd", "rd", "th"]);
    if suffix {
        return Some(index + 2);
    }
    let joined = text.is(index + 1, &["/", "-", ".", ":"]) && text.number(index + 2).is_some();
    let more = text.touches(index) && (text.is_word(index + 1) || joined);
    (!more && !text.is(index + 1, &UNITS) && !text.is(index + 1, &["%", "/"])).then_some(index + 1)
}

fn month(text: &Text, index: usize) -> bool {
    MONTHS.contains(&text.lower(index))
        && (text.capital(index) || !text.is(index, &["may", "mar", "sep", "dec", "jun"]))
}

fn day(number: u32) -> bool {
    (1..=31).contains(&number)
}

fn holiday(text: &Text, index: usize) -> Option<Date> {
    HOLIDAYS
        .iter()
        .find_map(|words| text.phrase(index, words))
        .map(|end| (end, None))
}

/// `92-year-old`, `aged 95`, `ninety-one years old`.
fn age(text: &Text, index: usize) -> Option<Replaced> {
    let spelled = text.lower(index) == "ninety" || text.lower(index).starts_with("ninety-");
    let over = spelled || text.number(index).is_some_and(|age| (90..=125).contains(&age));
    let mut end = index + 1;
    if text.lower(index) == "ninety"
        && ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"].contains(&text.lower(end))
    {
        end += 1;
    }
    let at = if text.is(end, &["-"]) { end + 1 } else { end };
    let years = [
        "year-old",
        "years-old",
        "yo",
        "y",
        "year",
        "years",
        "yr",
        "yrs",
        "yr-old",
    ];
    let old = match text.lower(at) {
        "year" | "years" | "yr" | "yrs" => text.is(at + 1, &["old", "of", "-"]),
        // `y/o`
        "y" => text.is(at + 1, &["/"]) && text.is(at + 2, &["o"]),
        word => years.contains(&word),
    };
    let said = text.is(index.wrapping_sub(1), &["age", "aged"])
        || text.before(index, 2) == "age" && text.is(index.wrapping_sub(1), &["is", ":", "of"]);
    (over && (old || said)).then(|| Replaced {
        shown: "[90+]".into(),
        ..text.found(Identifier::Date, index..end, Clue::Ages)
    })
}
