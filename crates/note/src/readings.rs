//! The numbers that a text names, however they are read.

use std::collections::BTreeSet;

use crate::numbers::{below_twenty, small, tens};

/// The numbers in a text: digits, and every reading of spoken numbers (`one ten` is 1, 10 and 110).
pub fn numbers_in(text: &str) -> BTreeSet<String> {
    let text = without_list_numbers(&text.to_lowercase());
    let text = without_group_commas(&text);
    let mut found = digits(&text);
    let whole: Vec<String> = found
        .iter()
        .filter_map(|n| n.strip_suffix(".0").map(str::to_owned))
        .collect();
    found.extend(whole);
    let words: Vec<&str> = text
        .split(|c: char| !c.is_ascii_lowercase())
        .filter(|word| !word.is_empty())
        .collect();
    spoken(&words, &mut found);
    found
}

/// "1. " and "2) " at the start of a line count items, not findings.
fn without_list_numbers(text: &str) -> String {
    let lines: Vec<&str> = text
        .split('\n')
        .map(|line| {
            let start = line.trim_start().trim_start_matches(['-', '*']).trim_start();
            let rest = start.trim_start_matches(|c: char| c.is_ascii_digit());
            let listed = rest.len() < start.len() && rest.starts_with(['.', ')']);
            let after = rest.get(1..).unwrap_or_default();
            if listed && (after.is_empty() || after.starts_with(char::is_whitespace)) {
                after
            } else {
                line
            }
        })
        .collect();
    lines.join("\n")
}

/// `1,200` is one number.
fn without_group_commas(text: &str) -> String {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    text.char_indices()
        .filter(|&(at, c)| !(c == ',' && at > 0 && digit(at - 1) && digit(at + 1) && digit(at + 2) && digit(at + 3)))
        .map(|(_, c)| c)
        .collect()
}

fn digits(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut rest = text;
    while let Some(from) = rest.find(|c: char| c.is_ascii_digit()) {
        rest = &rest[from..];
        let run = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let mut end = run(rest);
        if let Some(decimals) = rest[end..].strip_prefix('.') {
            let more = run(decimals);
            end += if more > 0 { more + 1 } else { 0 };
        }
        found.insert(rest[..end].to_owned());
        rest = &rest[end..];
    }
    found
}

/// A value, or what stands between two values.
#[derive(Clone, Copy, PartialEq)]
enum Group {
    Value(u64),
    Oh,
    Point,
}

fn spoken(words: &[&str], found: &mut BTreeSet<String>) {
    let mut i = 0;
    while i < words.len() {
        if small(words[i]).is_none() {
            i += 1;
            continue;
        }
        let (groups, next) = run_of_numbers(words, i);
        readings(&groups, found);
        i = next.max(i + 1);
    }
}

fn run_of_numbers(words: &[&str], from: usize) -> (Vec<Group>, usize) {
    let mut groups: Vec<Group> = Vec::new();
    let mut at = from;
    while at < words.len() {
        let word = words[at];
        if let Some(mut value) = tens(word).map(u64::from) {
            if let Some(more) = words
                .get(at + 1)
                .and_then(|next| below_twenty(next))
                .filter(|more| (1..10).contains(more))
            {
                value += u64::from(more);
                at += 1;
            }
            groups.push(Group::Value(value));
        } else if let Some(value) = below_twenty(word) {
            groups.push(Group::Value(value.into()));
        } else {
            let times = match word {
                "hundred" => 100,
                "thousand" => 1000,
                _ => 0,
            };
            match (groups.last_mut(), word) {
                (Some(_), "oh") => groups.push(Group::Oh),
                (Some(Group::Value(value)), _) if times > 0 => *value = value.saturating_mul(times),
                (Some(Group::Value(value)), "and") if *value >= 100 => {}
                (Some(_), "point") => groups.push(Group::Point),
                _ => break,
            }
        }
        at += 1;
    }
    (groups, at)
}

fn readings(groups: &[Group], found: &mut BTreeSet<String>) {
    let mut text = String::new();
    for (k, group) in groups.iter().enumerate() {
        match *group {
            Group::Oh => text.push('0'),
            Group::Point => text.push('.'),
            Group::Value(value) => {
                text.push_str(&value.to_string());
                found.insert(value.to_string());
                let before = k.checked_sub(1).map(|k| groups[k]);
                if let Some(Group::Value(big)) = before {
                    composed(big, value, k.checked_sub(2).map(|k| groups[k]), found);
                }
            }
        }
    }
    if text.trim_matches('.').contains('.') {
        found.extend(digits(&text).into_iter().filter(|n| n.contains('.')));
    }
    found.extend(text.split('.').filter(|n| !n.is_empty()).map(str::to_owned));
}

/// Two values next to each other: `one hundred twenty`, and digits said in groups.
fn composed(big: u64, value: u64, before: Option<Group>, found: &mut BTreeSet<String>) {
    if big >= 100 && value < 100 && big.is_multiple_of(100) {
        found.insert((big + value).to_string());
        if let Some(Group::Value(bigger)) = before
            && bigger >= 1000
            && big < 1000
        {
            found.insert((bigger + big + value).to_string());
        }
    }
    if big >= 1000 && value < 1000 {
        found.insert((big + value).to_string());
    }
    found.insert(format!("{big}{value}"));
}
