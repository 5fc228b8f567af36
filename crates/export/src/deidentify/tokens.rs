use std::ops::Range;

use super::{Clue, Identifier, Replaced};

/// A text as words, numbers and marks.
pub struct Text<'a> {
    pub all: &'a str,
    pub tokens: Vec<Token<'a>>,
}

pub struct Token<'a> {
    pub text: &'a str,
    /// In small letters.
    pub lower: String,
    pub start: usize,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Letters, with hyphens and apostrophes between them.
    Word,
    /// Digits alone.
    Number,
    /// Any other character; also a whole `[PLACEHOLDER]`.
    Mark,
}

impl<'a> Text<'a> {
    pub fn new(all: &'a str) -> Self {
        let mut tokens = Vec::new();
        let mut at = 0;
        while let Some(c) = all[at..].chars().next() {
            let (kind, length) = if c.is_whitespace() {
                at += c.len_utf8();
                continue;
            } else if c.is_alphabetic() {
                (Kind::Word, word(&all[at..]))
            } else if c.is_ascii_digit() {
                (Kind::Number, run(&all[at..], |c| c.is_ascii_digit()))
            } else {
                (Kind::Mark, placeholder(&all[at..]).unwrap_or(c.len_utf8()))
            };
            let text = &all[at..at + length];
            tokens.push(Token {
                text,
                lower: text.to_lowercase().replace('’', "'"),
                start: at,
                kind,
            });
            at += length;
        }
        Self { all, tokens }
    }

    /// In small letters; empty beyond the end.
    pub fn lower(&self, index: usize) -> &str {
        self.tokens.get(index).map_or("", |token| &token.lower)
    }

    pub fn is(&self, index: usize, words: &[&str]) -> bool {
        words.contains(&self.lower(index))
    }

    /// Before the token of this index, `back` tokens earlier.
    pub fn before(&self, index: usize, back: usize) -> &str {
        index.checked_sub(back).map_or("", |index| self.lower(index))
    }

    pub fn number(&self, index: usize) -> Option<u32> {
        let token = self.tokens.get(index)?;
        (token.kind == Kind::Number).then(|| token.text.parse().ok())?
    }

    /// A word with a capital first letter.
    pub fn capital(&self, index: usize) -> bool {
        let token = self.tokens.get(index);
        token.is_some_and(|token| token.kind == Kind::Word && token.text.starts_with(char::is_uppercase))
    }

    pub fn is_word(&self, index: usize) -> bool {
        self.tokens.get(index).is_some_and(|token| token.kind == Kind::Word)
    }

    /// Whether nothing stands between this token and the next.
    pub fn touches(&self, index: usize) -> bool {
        let next = self.tokens.get(index + 1);
        self.tokens
            .get(index)
            .zip(next)
            .is_some_and(|(token, next)| token.end() == next.start)
    }

    /// The tokens of these words in a row, one find for each place where they begin; the index after them too.
    pub fn phrase(&self, index: usize, words: &str) -> Option<usize> {
        let count = words.split(' ').count();
        let same = words
            .split(' ')
            .enumerate()
            .all(|(at, word)| self.lower(index + at) == word);
        same.then_some(index + count)
    }

    /// The bytes from one token's start to another's end.
    pub fn span(&self, tokens: Range<usize>) -> Range<usize> {
        let last = tokens.end.min(self.tokens.len());
        match (
            self.tokens.get(tokens.start),
            last.checked_sub(1).and_then(|at| self.tokens.get(at)),
        ) {
            (Some(first), Some(last)) if first.start < last.end() => first.start..last.end(),
            _ => 0..0,
        }
    }

    pub fn found(&self, class: Identifier, tokens: Range<usize>, why: Clue) -> Replaced {
        Replaced {
            class,
            span: self.span(tokens),
            shown: format!("[{}]", class.mark()),
            why,
        }
    }

    /// The index after everything that touches the token of this index, closing punctuation left out.
    pub fn chunk(&self, index: usize) -> usize {
        let mut end = index;
        while self.touches(end) {
            end += 1;
        }
        while end > index && self.tokens[end].kind == Kind::Mark && !self.lower(end).starts_with('/') {
            end -= 1;
        }
        end + 1
    }
}

impl Token<'_> {
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

fn word(text: &str) -> usize {
    let mut length = 0;
    for (at, c) in text.char_indices() {
        let joins = matches!(c, '-' | '\'' | '’') && text[at + c.len_utf8()..].starts_with(char::is_alphabetic);
        if !c.is_alphabetic() && !joins && !('\u{300}'..='\u{36f}').contains(&c) {
            break;
        }
        length = at + c.len_utf8();
    }
    length
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// What an earlier replacement left, so that it is not replaced again.
fn placeholder(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('[')?;
    let length = run(inside, |c| {
        c.is_ascii_uppercase() || c.is_ascii_digit() || " *+".contains(c)
    });
    (length > 0 && inside[length..].starts_with(']')).then_some(length + 2)
}
