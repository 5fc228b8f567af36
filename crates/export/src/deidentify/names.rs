//! Names of people: after a title, after the words that introduce one, from a list of given names, and then wherever the
//! same name stands again. What is called after a person is no person: Parkinson disease stays.

use super::tokens::Text;
use super::words::{CALLED_AFTER, COMMON, EPONYMS, GIVEN, GIVEN_WORDS, RELATIVES};
use super::{Clue, Identifier, Replaced};

pub fn find(text: &Text) -> Vec<Replaced> {
    let mut found: Vec<(std::ops::Range<usize>, Clue)> = Vec::new();
    for index in 0..text.tokens.len() {
        found.extend(after_title(text, index).map(|span| (span, Clue::Title)));
        found.extend(introduced(text, index).map(|span| (span, Clue::Introduced)));
        found.extend(relative(text, index).map(|span| (span, Clue::Relative)));
        found.extend(given(text, index).map(|span| (span, Clue::GivenName)));
    }
    let known: Vec<&str> = found
        .iter()
        .flat_map(|(span, _)| span.clone())
        .filter(|&at| text.capital(at) && text.tokens[at].text.chars().count() > 2)
        .map(|at| base(text.lower(at)))
        .filter(|name| !COMMON.contains(name))
        .collect();
    let again = (0..text.tokens.len())
        .filter(|&at| text.capital(at) && known.contains(&base(text.lower(at))) && !thing(text, at));
    found.extend(again.map(|at| (at..at + 1, Clue::Again)));
    found.into_iter().map(|(span, why)| whole(text, span, why)).collect()
}

/// `'s` stays behind the name.
fn whole(text: &Text, tokens: std::ops::Range<usize>, why: Clue) -> Replaced {
    let mut found = text.found(Identifier::Name, tokens.clone(), why);
    let last = text.lower(tokens.end - 1);
    if base(last).len() < last.len() {
        let mark = text.tokens[tokens.end - 1].text.rfind(['\'', '’']).unwrap_or_default();
        found.span.end = text.tokens[tokens.end - 1].start + mark;
    }
    found
}

fn base(lower: &str) -> &str {
    lower.strip_suffix("'s").unwrap_or(lower)
}

/// `Dr. Smith`, `mrs jones`; a title in small letters may be a word, and then wants a capital after it.
fn after_title(text: &Text, index: usize) -> Option<std::ops::Range<usize>> {
    const TITLES: [&str; 8] = ["dr", "mr", "mrs", "ms", "mx", "prof", "drs", "rev"];
    const WORDS: [&str; 15] = [
        "doctor",
        "nurse",
        "professor",
        "miss",
        "mister",
        "missus",
        "pastor",
        "father",
        "sister",
        "officer",
        "judge",
        "practitioner",
        "assistant",
        "therapist",
        "chaplain",
    ];
    let short = text.is(index, &TITLES);
    (short || text.is(index, &WORDS)).then_some(())?;
    let at = if text.is(index + 1, &["."]) && text.touches(index) && short {
        index + 2
    } else {
        index + 1
    };
    if short && !text.capital(at) && text.is_word(at) && !COMMON.contains(&text.lower(at)) {
        return Some(at..at + 1);
    }
    run(text, at)
}

/// `my name is john smith`, `Patient: Jane Doe`
fn introduced(text: &Text, index: usize) -> Option<std::ops::Range<usize>> {
    const SURE: [&str; 8] = [
        "my name is",
        "name is",
        "name's",
        "his name is",
        "her name is",
        "goes by",
        "patient name",
        "name of",
    ];
    const CAPITAL: [&str; 8] = [
        "i'm",
        "i am",
        "this is",
        "named",
        "seen by",
        "referred by",
        "accompanied by",
        "hi",
    ];
    const HEADS: [&str; 5] = ["patient", "name", "signed", "provider", "physician"];
    let colon = |at: usize| text.is(at, &[":"]).then_some(at + 1);
    if let Some(at) = SURE.iter().find_map(|cue| text.phrase(index, cue)) {
        let at = colon(at).unwrap_or(at);
        let small = |at: usize| text.is_word(at) && !COMMON.contains(&text.lower(at));
        return run(text, at).or_else(|| small(at).then(|| at..at + 1 + usize::from(small(at + 1))));
    }
    let head = text.is(index, &HEADS).then(|| colon(index + 1)).flatten();
    let at = head.or_else(|| CAPITAL.iter().find_map(|cue| text.phrase(index, cue)))?;
    run(text, at)
}

/// `his wife Mary`
fn relative(text: &Text, index: usize) -> Option<std::ops::Range<usize>> {
    let at = if text.is(index + 1, &[","]) {
        index + 2
    } else {
        index + 1
    };
    text.is(index, &RELATIVES).then(|| run(text, at))?
}

/// A given name of the list, in small letters too; one that is also a word wants a capital, and a family name after it.
fn given(text: &Text, index: usize) -> Option<std::ops::Range<usize>> {
    let name = base(text.lower(index));
    let after_name = index > 0 && text.capital(index - 1) && GIVEN.contains(&text.lower(index - 1));
    if thing(text, index) || after_name {
        return None;
    }
    if GIVEN.contains(&name) {
        return run(text, index).or(Some(index..index + 1));
    }
    let word = GIVEN_WORDS.contains(&name) && text.capital(index);
    run(text, index).filter(|name| word && name.len() > 1)
}

/// Up to three capitalised words that can be a name, with the initials between them.
fn run(text: &Text, from: usize) -> Option<std::ops::Range<usize>> {
    let mut end = from;
    let mut names = 0;
    while names < 3 && text.capital(end) && !thing(text, end) {
        let forename = names == 0 && GIVEN_WORDS.contains(&text.lower(end));
        if COMMON.contains(&text.lower(end)) && !forename {
            break;
        }
        end += 1;
        names += 1;
        // `John Q. Public`
        let initial = text.tokens[end - 1].text.chars().count() == 1;
        if initial && text.is(end, &["."]) && text.capital(end + 1) {
            end += 1;
        }
        if text.lower(end - 1).ends_with("'s") {
            break;
        }
    }
    // `May` alone is a word, whatever stands before it.
    let alone = end == from + 1 && COMMON.contains(&text.lower(from));
    (end > from && !alone).then_some(from..end)
}

/// Whether the word is part of a term: `Crohn's disease`, `Murphy sign`, `the Foley`.
fn thing(text: &Text, index: usize) -> bool {
    let next = if text.is(index + 1, &["'s"]) {
        index + 2
    } else {
        index + 1
    };
    EPONYMS.contains(&base(text.lower(index))) || CALLED_AFTER.contains(&text.lower(next))
}
