//! Dates, days, temperatures and sizes, as they are written behind their numbers.

use crate::numbers::{DATED, DAYS, MONTHS, value};
use crate::words::Token;

/// Lengths in which a size is given: three by four centimetres.
const LENGTHS: &[&str] = &["cm", "mm", "m", "inches", "inch", "feet"];

/// Behind numbers that are already in digits.
pub(super) fn written(tokens: Vec<Token>) -> Vec<Token> {
    let mut done: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let token = &tokens[at];
        let joined = token.mark.is_empty();
        if let Some((day, year)) = date(&tokens, at) {
            done.push(capital(token));
            let mut number = Token::joined(day.to_string(), &tokens[at + 1..at + 2]);
            if year {
                number.mark = ",".into();
            }
            done.push(number);
            at += 2;
        } else if DAYS.contains(&token.key.as_ref()) || (MONTHS.contains(&token.key.as_ref()) && month(&tokens, at)) {
            done.push(capital(token));
            at += 1;
        } else if let Some((unit, words)) = temperature(&tokens, at, done.last()) {
            done.push(Token::joined(unit.into(), &tokens[at..at + words]));
            at += words;
        } else if joined && token.is("by") && sized(&tokens, at) {
            done.push(Token::joined("x".into(), &tokens[at..=at]));
            at += 1;
        } else {
            done.push(token.clone());
            at += 1;
        }
    }
    done
}

/// The day behind a month, and whether a year follows.
fn date(tokens: &[Token], at: usize) -> Option<(u32, bool)> {
    let day = tokens.get(at + 1).filter(|_| tokens[at].mark.is_empty())?;
    let number = day.key.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ordinal = day.key.len() > number.len() && tokens[at].is_any(MONTHS);
    let number: u32 = number
        .parse()
        .ok()
        .filter(|number| ordinal && (1..=31).contains(number))?;
    let year = day.mark.trim_end_matches(',').is_empty() && tokens.get(at + 2).is_some_and(year);
    Some((number, year))
}

fn year(token: &Token) -> bool {
    token.key.len() == 4 && value(&token.key).is_some_and(|year| (1900.0..2100.0).contains(&year))
}

/// Two of the twelve are also verbs.
fn month(tokens: &[Token], at: usize) -> bool {
    let verb = tokens[at].is_any(&["may", "march"]);
    let before = at.checked_sub(1).is_some_and(|at| tokens[at].is_any(DATED));
    !verb || before || tokens.get(at + 1).is_some_and(year)
}

fn capital(token: &Token) -> Token {
    let mut letters = token.text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    Token {
        text: (first + letters.as_str()).into(),
        ..token.clone()
    }
}

/// "Degrees fahrenheit" behind a number.
fn temperature(tokens: &[Token], at: usize, before: Option<&Token>) -> Option<(&'static str, usize)> {
    before.filter(|before| before.mark.is_empty() && value(&before.key).is_some())?;
    let degrees = usize::from(tokens[at].is_any(&["degrees", "degree"]) && tokens[at].mark.is_empty());
    let scale = match tokens.get(at + degrees)?.key.as_ref() {
        "fahrenheit" => "°F",
        "celsius" | "centigrade" => "°C",
        _ => return None,
    };
    Some((scale, degrees + 1))
}

/// Whether a number stands on both sides, and a length behind the last.
fn sized(tokens: &[Token], at: usize) -> bool {
    let number = |at: usize| tokens.get(at).is_some_and(|token| value(&token.key).is_some());
    let mut last = at;
    while number(last + 1) && tokens.get(last + 2).is_some_and(|token| token.is("by")) {
        last += 2;
    }
    at > 0 && number(at - 1) && number(last + 1) && tokens.get(last + 2).is_some_and(|unit| unit.is_any(LENGTHS))
}
