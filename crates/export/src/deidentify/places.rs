//! What is smaller than a state; of a zip code its first three digits stay where many people share them.

use super::tokens::{Kind, Text};
use super::words::{COUNTRIES, MONTHS, SPARSE_ZIPS, STATE_CODES, STATES, STREETS, UNITS};
use super::{Clue, Identifier, Replaced};

pub fn find(text: &Text) -> Vec<Replaced> {
    let mut found = Vec::new();
    for index in 0..text.tokens.len() {
        found.extend(street(text, index));
        found.extend(zip(text, index));
        found.extend(institution(text, index));
        found.extend(before_state(text, index));
        found.extend(lived_in(text, index));
        found.extend(employer(text, index));
    }
    found
}

/// `12 Oak Tree Lane, Apt 4`
fn street(text: &Text, index: usize) -> Option<Replaced> {
    text.number(index).filter(|_| text.tokens[index].text.len() <= 5)?;
    let kind = (index + 2..index + 6).find(|&at| text.is(at, &STREETS))?;
    let named = (index + 1..kind).all(|at| {
        let number = text.number(at).is_some() || text.is(at, &["st", "nd", "rd", "th"]);
        (text.is_word(at) || number)
            && !text.is(at, &UNITS)
            && !text.is(at, &["the", "a", "and", "times", "days", "weeks"])
    });
    // Small letters are a street only where the word can be nothing else.
    let sure = text.capital(kind - 1) || text.is(kind, &["street", "avenue", "boulevard"]);
    if !named || !sure {
        return None;
    }
    let mut end = kind + 1;
    if text.is(end, &["."]) && text.tokens[kind].text.len() <= 4 && text.touches(kind) {
        end += 1;
    }
    let flat = if text.is(end, &[","]) { end + 1 } else { end };
    if text.is(flat, &["apt", "apartment", "unit", "suite", "#"]) {
        end = (flat..flat + 4)
            .find(|&at| text.number(at).is_some())
            .map_or(end, |at| text.chunk(at));
    }
    Some(text.found(Identifier::Place, index..end, Clue::Street))
}

fn zip(text: &Text, index: usize) -> Option<Replaced> {
    text.number(index).filter(|_| text.tokens[index].text.len() == 5)?;
    let code = |at: usize| {
        text.tokens
            .get(at)
            .is_some_and(|token| STATE_CODES.contains(&token.text))
    };
    let before = index.checked_sub(1)?;
    let state = code(before)
        || STATES.contains(&text.lower(before))
        || text.is(before, &[","]) && before > 0 && code(before - 1);
    let said = (1..=3).any(|back| ["zip", "zipcode", "postcode"].contains(&text.before(index, back)));
    let more = text.touches(index) && text.is(index + 1, &["-"]) && text.number(index + 2).is_some();
    let end = if more { index + 3 } else { index + 1 };
    (state || said).then(|| {
        let first = &text.tokens[index].text[..3];
        let first = if SPARSE_ZIPS.contains(&first) { "000" } else { first };
        Replaced {
            shown: format!("[{first}**]"),
            ..text.found(Identifier::Place, index..end, Clue::ZipCode)
        }
    })
}

/// `Mercy General Hospital`, `Suffolk County`
fn institution(text: &Text, index: usize) -> Option<Replaced> {
    const KINDS: [&str; 14] = [
        "hospital",
        "clinic",
        "medical",
        "county",
        "pharmacy",
        "school",
        "university",
        "college",
        "church",
        "elementary",
        "hospice",
        "township",
        "parish",
        "infirmary",
    ];
    text.capital(index).then_some(())?;
    let free = index > 0 && text.capital(index - 1) && !sentence_start(text, index - 1);
    let kind = (index + 1..index + 4).find(|&at| text.is(at, &KINDS) && text.capital(at))?;
    let named = (index..kind).all(|at| text.capital(at))
        && !text.is(index, &["the", "our", "your", "this", "his", "her", "my"]);
    let center = text.is(kind, &["medical"]) && !text.is(kind + 1, &["center", "centre", "school"]);
    if free || !named || center {
        return None;
    }
    let end = if text.is(kind, &["medical"]) {
        kind + 2
    } else {
        kind + 1
    };
    Some(text.found(Identifier::Place, index..end, Clue::Institution))
}

/// `Springfield, Illinois`; the state stays.
fn before_state(text: &Text, index: usize) -> Option<Replaced> {
    let comma = (index + 1..index + 4).find(|&at| text.is(at, &[","]))?;
    let state = text.tokens.get(comma + 1)?;
    let is_state =
        STATE_CODES.contains(&state.text) || (text.capital(comma + 1) && STATES.contains(&text.lower(comma + 1)));
    let city = (index..comma).all(|at| text.capital(at))
        && !STATES.contains(&text.lower(index))
        && !sentence_start(text, index);
    let first = index == 0 || !text.capital(index - 1) || sentence_start(text, index - 1);
    (is_state && city && first).then(|| text.found(Identifier::Place, index..comma, Clue::State))
}

fn lived_in(text: &Text, index: usize) -> Option<Replaced> {
    const CUES: [&str; 15] = [
        "lives in",
        "live in",
        "living in",
        "lived in",
        "resides in",
        "moved to",
        "moved from",
        "grew up in",
        "born in",
        "is from",
        "was from",
        "comes from",
        "transferred from",
        "raised in",
        "stayed in",
    ];
    let at = CUES.iter().find_map(|cue| text.phrase(index, cue))?;
    let end = (at..at + 3).find(|&at| !text.capital(at)).unwrap_or(at + 3);
    let name: Vec<&str> = (at..end).map(|at| text.lower(at)).collect();
    let whole = name.join(" ");
    let large =
        STATES.contains(&whole.as_str()) || COUNTRIES.contains(&whole.as_str()) || MONTHS.contains(&whole.as_str());
    (end > at && !large).then(|| text.found(Identifier::Place, at..end, Clue::LivesThere))
}

/// Who employs a person is part of who they are.
fn employer(text: &Text, index: usize) -> Option<Replaced> {
    const CUES: [&str; 6] = [
        "works at",
        "works for",
        "worked at",
        "worked for",
        "employed by",
        "employed at",
    ];
    let mut at = CUES.iter().find_map(|cue| text.phrase(index, cue))?;
    if text.is(at, &["the"]) {
        at += 1;
    }
    let end = (at..at + 4).find(|&at| !text.capital(at)).unwrap_or(at + 4);
    (end > at).then(|| text.found(Identifier::Other, at..end, Clue::WorksThere))
}

fn sentence_start(text: &Text, index: usize) -> bool {
    index == 0 || text.tokens[index - 1].kind == Kind::Mark && text.is(index - 1, &[".", "!", "?", ":", "-", ";"])
}
