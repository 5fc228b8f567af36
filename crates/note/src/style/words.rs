//! Which words were replaced, and how they are replaced again.

use std::collections::HashSet;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{Replacement, SEEN_ENOUGH};
use crate::support::claims::{self, Claim};
use crate::{Origin, Section};

/// In words, on either side.
const LONGEST: usize = 4;

/// Longer lines, and sections of more lines, are rewritten, not edited; and comparing grows with the square.
const LONGEST_LINE: usize = 400;
const MOST_LINES: usize = 200;

/// Words on which a treatment hangs: what is taken how often, and what is changed how.
const GRAVE: &str = "\
    daily weekly monthly hourly nightly once twice thrice every each bid tid qid qd prn am pm morning evening night \
    half double start started stop stopped increase increased decrease decreased continue continued hold held \
    discontinue discontinued resume positive normal abnormal left right bilateral bilaterally both worse better if \
    unless mother father brother sister son daughter he she his her";

/// What was replaced by what in a section, each once. Pairs whose sides mean different things are not style.
pub(super) fn replaced(drafted: &Section, kept: &Section) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (before, after) in edited(drafted, kept) {
        let (old, new) = (words(before), words(after));
        let (old_keys, new_keys) = (keys(&old), keys(&new));
        for change in capture_diff_slices(Algorithm::Myers, &old_keys, &new_keys) {
            let DiffOp::Replace {
                old_index,
                old_len,
                new_index,
                new_len,
            } = change
            else {
                continue;
            };
            if old_len > LONGEST || new_len > LONGEST {
                continue;
            }
            if old_keys[old_index..old_index + old_len].contains(&String::new()) {
                continue;
            }
            let from = old_keys[old_index..old_index + old_len].join(" ");
            let to = bare(&new[new_index..new_index + new_len].join(" ")).to_owned();
            let pair = (from, to);
            if !grave(&pair.0) && !grave(&pair.1) && !pair.0.is_empty() && !pair.1.is_empty() && !found.contains(&pair)
            {
                found.push(pair);
            }
        }
    }
    found
}

/// Drafted lines and what the clinician made of them: the new line that shares most words, and at least half.
fn edited<'a>(drafted: &'a Section, kept: &'a Section) -> Vec<(&'a str, &'a str)> {
    let texts = |section: &'a Section| {
        section
            .lines
            .iter()
            .take(MOST_LINES)
            .map(|line| line.text.as_str())
            .collect::<HashSet<_>>()
    };
    let (before, after) = (texts(drafted), texts(kept));
    let short = |text: &&str| text.split_whitespace().count() <= LONGEST_LINE;
    let mine = kept
        .lines
        .iter()
        .take(MOST_LINES)
        .filter(|line| line.origin == Origin::Clinician);
    let mut new: Vec<&str> = mine
        .map(|line| line.text.as_str())
        .filter(|text| !before.contains(text))
        .filter(short)
        .collect();
    let old = drafted
        .lines
        .iter()
        .take(MOST_LINES)
        .filter(|line| line.origin == Origin::Drafted);
    let mut pairs = Vec::new();
    for old in old
        .map(|line| line.text.as_str())
        .filter(|text| !after.contains(text))
        .filter(short)
    {
        let best = (0..new.len()).max_by_key(|&at| (shared(old, new[at]), std::cmp::Reverse(at)));
        if let Some(at) = best.filter(|&at| 2 * shared(old, new[at]) >= words(old).len()) {
            pairs.push((old, new.remove(at)));
        }
    }
    pairs
}

fn shared(a: &str, b: &str) -> usize {
    let (a, b): (HashSet<String>, HashSet<String>) = (
        keys(&words(a)).into_iter().collect(),
        keys(&words(b)).into_iter().collect(),
    );
    a.intersection(&b).count()
}

/// The replacements that were seen often enough and harm nothing, the longest first.
pub(super) fn usable(replacements: &[Replacement]) -> Vec<(Vec<String>, &str)> {
    let harmless = |one: &&Replacement| one.seen >= SEEN_ENOUGH && !grave(&one.from) && !grave(&one.to);
    let mut usable: Vec<(Vec<String>, &str)> = replacements
        .iter()
        .filter(harmless)
        .map(|one| (keys(&words(&one.from)), one.to.trim()))
        .filter(|(from, to)| {
            (1..=LONGEST).contains(&from.len()) && !from.contains(&String::new()) && to.lines().count() == 1
        })
        .collect();
    usable.sort_by_key(|(from, _)| std::cmp::Reverse(from.len()));
    usable
}

/// A line with every replacement made once, from left to right; what was put in is not looked at again. A line whose
/// claims would change stays as it is.
pub(super) fn rewritten(usable: &[(Vec<String>, &str)], line: &str) -> String {
    let said = words(line);
    let keys = keys(&said);
    let mut text = String::with_capacity(line.len());
    let (mut at, mut copied, mut changed) = (0, 0, false);
    while at < said.len() {
        let unbroken = |length: usize| {
            said[at..at + length - 1]
                .iter()
                .all(|word| word.ends_with(char::is_alphanumeric))
        };
        let fits = |(from, _): &&(Vec<String>, &str)| keys[at..].starts_with(from) && unbroken(from.len());
        let Some((from, to)) = usable.iter().find(fits) else {
            at += 1;
            continue;
        };
        let last = said[at + from.len() - 1];
        let start = place(line, said[at]) + said[at].find(bare(said[at])).unwrap_or(0);
        let end = place(line, last) + last.find(bare(last)).unwrap_or(0) + bare(last).len();
        text.push_str(&line[copied..start]);
        text.push_str(&with_case_of(bare(said[at]), to));
        (copied, changed) = (end, true);
        at += from.len();
    }
    text.push_str(&line[copied..]);
    if changed && vital(&text) == vital(line) {
        text
    } else {
        line.into()
    }
}

/// Where a part of a text begins in it.
fn place(text: &str, part: &str) -> usize {
    part.as_ptr().addr() - text.as_ptr().addr()
}

/// A large first letter stays one.
fn with_case_of(said: &str, to: &str) -> String {
    let large = said.starts_with(char::is_uppercase);
    let mut letters = to.chars();
    match letters.next() {
        Some(first) if large => first.to_uppercase().chain(letters).collect(),
        Some(_) | None => to.into(),
    }
}

/// True of words that no replacement may take away or bring in.
fn grave(phrase: &str) -> bool {
    let word = |key: String| GRAVE.split(' ').any(|grave| grave == key) || claims::is_vital_word(&key);
    keys(&words(phrase)).into_iter().any(word) || !vital(phrase).is_empty()
}

/// What of a text must survive a change of style, without its surroundings.
fn vital(text: &str) -> Vec<String> {
    let name = |claim: Claim| match claim {
        Claim::Number { value, unit } => Some(format!("{value} {unit:?}")),
        Claim::Drug { name, dose, changes } => Some(format!("{name} {dose:?} {changes}")),
        Claim::Side { side, .. } => Some(format!("{side:?}")),
        Claim::Negation(_) => Some("no".into()),
        Claim::Finding { .. } | Claim::Report(_) | Claim::Implausible(_) => None,
    };
    claims::claims(text)
        .into_iter()
        .filter_map(|claimed| name(claimed.claim))
        .collect()
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

fn keys(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| bare(word).to_lowercase()).collect()
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}
