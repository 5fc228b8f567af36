//! Numbers that belong together, and their units: `120/80`, `2/6`, `98%`, `500 mg`, `2+`.

use crate::numbers::{spoken::is_counted, value};
use crate::words::Token;

/// As spoken, and as written behind a number.
const UNITS: &[(&[&str], &str)] = &[
    (&["kilograms", "per", "square", "meter"], "kg/m2"),
    (&["kilograms", "per", "meter", "squared"], "kg/m2"),
    (&["liters", "per", "minute"], "L/min"),
    (&["beats", "per", "minute"], "bpm"),
    (&["milligrams", "per", "deciliter"], "mg/dL"),
    (&["milligram", "per", "deciliter"], "mg/dL"),
    (&["grams", "per", "deciliter"], "g/dL"),
    (&["millimeters", "of", "mercury"], "mmHg"),
    (&["milliequivalents", "per", "liter"], "mEq/L"),
    (&["millimoles", "per", "liter"], "mmol/L"),
    (&["millimoles", "per", "mole"], "mmol/mol"),
    (&["per", "cent"], "%"),
    (&["percent"], "%"),
    (&["milligrams"], "mg"),
    (&["milligram"], "mg"),
    (&["mgs"], "mg"),
    (&["micrograms"], "mcg"),
    (&["microgram"], "mcg"),
    (&["grams"], "g"),
    (&["gram"], "g"),
    (&["kilograms"], "kg"),
    (&["kilogram"], "kg"),
    (&["kilos"], "kg"),
    (&["milliliters"], "mL"),
    (&["milliliter"], "mL"),
    (&["millilitres"], "mL"),
    (&["mls"], "mL"),
    (&["centimeters"], "cm"),
    (&["centimeter"], "cm"),
    (&["centimetres"], "cm"),
    (&["millimeters"], "mm"),
    (&["millimeter"], "mm"),
    (&["millimetres"], "mm"),
    (&["milliequivalents"], "mEq"),
    (&["millimoles"], "mmol"),
];

/// What an amount is given for, behind a unit: `mg/kg/min`.
const SHARES: &[(&str, &str)] = &[
    ("kilogram", "kg"),
    ("kilo", "kg"),
    ("minute", "min"),
    ("hour", "h"),
    ("liter", "L"),
    ("deciliter", "dL"),
];

pub(crate) fn joined(tokens: Vec<Token>) -> Vec<Token> {
    let mut done: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let (token, used) = form(&tokens, at, done.last());
        let again = done
            .last()
            .is_some_and(|last| last.key == token.key && matches!(last.mark.as_ref(), "" | ","));
        let numbers = |token: &Token| value(&token.key).is_some();
        match done.last_mut() {
            // "Four, four days": said again, and counted once.
            Some(last) if again && numbers(&token) && tokens.get(at + used).is_some_and(|t| is_counted(&t.key)) => {
                *last = token;
            }
            Some(last) => {
                // Two numbers side by side are not one.
                if last.mark.is_empty() && numbers(last) && numbers(&token) {
                    last.mark = ",".into();
                }
                done.push(token);
            }
            None => done.push(token),
        }
        at += used;
    }
    done
}

/// What stands at a place, joined with what belongs to it, and how many words that takes.
fn form(tokens: &[Token], at: usize, before: Option<&Token>) -> (Token, usize) {
    let key = |ahead: usize| {
        let unmarked = tokens[at..].iter().take(ahead).all(|token| token.mark.is_empty());
        unmarked
            .then(|| tokens.get(at + ahead))
            .flatten()
            .map_or("", |token| token.key.as_ref())
    };
    let whole = |text: &str| value(text).filter(|_| !text.contains('.'));
    let join = |text: String, words: usize| (Token::joined(text, &tokens[at..at + words]), words);
    let first = tokens[at].key.as_ref();
    if let Some(unit) = unit(tokens, at, before) {
        return unit;
    }
    if let Some(upper) = whole(first) {
        // A recogniser may hear the "over" twice.
        let over = usize::from(matches!(key(1), "over" | "/")) + usize::from(key(1) == "over" && key(2) == "over");
        let lower = if over > 0 { whole(key(1 + over)) } else { None };
        if let Some(lower) = lower
            && pair(upper, lower)
        {
            return join(format!("{first}/{}", key(1 + over)), 2 + over);
        }
        if key(1) == "out" && key(2) == "of" && whole(key(3)).is_some_and(|of| upper <= of + 1.0) {
            return join(format!("{first}/{}", key(3)), 4);
        }
        if key(1) == "plus" && upper <= 4.0 {
            return join(format!("{first}+"), 2);
        }
        if matches!(key(1), "percent" | "%") {
            return join(format!("{first}%"), 2);
        }
        if key(1) == "per" && key(2) == "cent" {
            return join(format!("{first}%"), 3);
        }
    } else if value(first).is_some() && matches!(key(1), "percent" | "%") {
        return join(format!("{first}%"), 2);
    }
    if let Some(named) = spelled(first, key(1), key(2)) {
        return join(named.0.into(), named.1);
    }
    (tokens[at].clone(), 1)
}

/// A blood pressure, or a grade such as a murmur's.
fn pair(upper: f64, lower: f64) -> bool {
    let pressure = (50.0..=300.0).contains(&upper) && (20.0..=200.0).contains(&lower) && lower < upper;
    pressure || (upper <= lower && lower <= 10.0) || (upper == 20.0 && lower >= 10.0)
}

fn unit(tokens: &[Token], at: usize, before: Option<&Token>) -> Option<(Token, usize)> {
    let pressure = |key: &str| key.split_once('/').is_some_and(|(upper, _)| value(upper).is_some());
    before.filter(|token| (value(&token.key).is_some() || pressure(&token.key)) && token.mark.is_empty())?;
    let fits = |words: &[&str]| {
        let said = &tokens[at..];
        words.len() <= said.len()
            && words.iter().zip(said).all(|(word, token)| token.is(word))
            && said[..words.len() - 1].iter().all(|token| token.mark.is_empty())
    };
    let (words, written) = UNITS.iter().find(|(words, _)| fits(words))?;
    let mut written = (*written).to_owned();
    let mut end = words.len();
    let share = |end: usize| {
        let [before, per, what, ..] = &tokens[at + end - 1..] else {
            return None;
        };
        let said = per.is("per") && before.mark.is_empty() && per.mark.is_empty();
        SHARES.iter().find(|(share, _)| said && what.is(share))
    };
    while let Some((_, short)) = share(end).filter(|_| written != "%") {
        written = format!("{written}/{short}");
        end += 2;
    }
    Some((Token::joined(written, &tokens[at..at + end]), end))
}

/// Names with a number in them, spelled out by a recogniser.
fn spelled(first: &str, second: &str, third: &str) -> Option<(&'static str, usize)> {
    match (first, second, third) {
        ("a", "1" | "one", "c" | "see") => Some(("A1c", 3)),
        ("a", "1c", _) => Some(("A1c", 2)),
        ("b", "12", _) => Some(("B12", 2)),
        ("o", "2" | "two", _) => Some(("O2", 2)),
        _ => None,
    }
}
