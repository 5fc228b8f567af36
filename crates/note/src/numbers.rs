//! Spoken numbers → digits. "One twenty over eighty" becomes `120/80`; its evidence stays the words that were said. What
//! could be two numbers as well as one stays in words.

use crate::words::Token;

mod forms;
mod spoken;
mod vocabulary;

pub(crate) use spoken::{below_twenty, is_counted, is_number_word, small, tens};
pub(crate) use vocabulary::{DATED, DAYS, MONTHS, PIECES, STRENGTHS};

/// Writes every number of a sentence in digits, with its unit in short.
pub(crate) fn normalise(tokens: Vec<Token>) -> Vec<Token> {
    // Most sentences hold none.
    let any = tokens
        .iter()
        .any(|token| spoken::begins_number(&token.key) || token.key.contains(|c: char| c.is_ascii_digit()));
    if any { forms::joined(in_digits(tokens)) } else { tokens }
}

fn in_digits(tokens: Vec<Token>) -> Vec<Token> {
    let mut done: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        match spoken::number(&tokens, at) {
            Some((digits, words)) => {
                done.push(Token::joined(digits, &tokens[at..at + words]));
                at += words;
            }
            None => {
                done.push(tokens[at].clone());
                at += 1;
            }
        }
    }
    done
}

/// The value of a number in digits (`1,000`, `98.6`), if a token is one and no more.
pub(crate) fn value(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b',' || b == b'.');
    let digits =
        text.starts_with(|c: char| c.is_ascii_digit() || c == '.') && text.ends_with(|c: char| c.is_ascii_digit());
    if !(plain && digits) {
        return None;
    }
    text.replace(',', "").parse().ok()
}
