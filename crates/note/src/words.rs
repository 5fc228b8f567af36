//! Text → words that know where they were said. Every later step drops, joins or reads words; none makes up any but the
//! fixed ones.

use std::borrow::Cow;

use speech::{Segment, SegmentId, Span};

use crate::Evidence;

/// One word on its way into a statement.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    /// As it is written, without the marks that follow it.
    pub text: Cow<'static, str>,
    /// Lower case, without the punctuation around it: what rules look at.
    pub key: Cow<'static, str>,
    /// The marks that follow it: `,`, `.`, `?!`.
    pub mark: Cow<'static, str>,
    /// Whether white space stood before the mark.
    pub apart: bool,
    /// Of a fixed word what it stands for; two places where a number was said across two segments.
    pub evidence: Vec<Evidence>,
}

/// Marks that stand behind a word.
const MARKS: [char; 8] = ['.', ',', '?', '!', ';', ':', '…', '-'];

/// Signs that say something by themselves.
const SIGNS: [&str; 8] = ["%", "/", "+", "$", "°", "<", ">", "="];

impl Token {
    /// A word that nobody said: `Denies`.
    pub fn fixed(word: &'static str) -> Token {
        Token {
            text: word.into(),
            key: lower(word),
            mark: "".into(),
            apart: false,
            evidence: Vec::new(),
        }
    }

    /// One word in the place of several.
    pub fn joined(text: String, from: &[Token]) -> Token {
        let mut evidence: Vec<Evidence> = Vec::with_capacity(1);
        for new in from.iter().flat_map(|token| &token.evidence) {
            extend(&mut evidence, *new);
        }
        Token {
            key: text.to_lowercase().into(),
            text: text.into(),
            mark: from.last().map_or("".into(), |last| last.mark.clone()),
            apart: false,
            evidence,
        }
    }

    pub fn is(&self, key: &str) -> bool {
        self.key == key
    }

    pub fn is_any(&self, keys: &[&str]) -> bool {
        keys.contains(&self.key.as_ref())
    }

    /// True where a clause or a sentence ends behind it.
    pub fn ends_clause(&self) -> bool {
        !self.mark.is_empty()
    }

    pub fn ends_sentence(&self) -> bool {
        self.mark.contains(['.', '?', '!', ';'])
    }
}

/// Adds a place behind the others, as one with the last where they touch or overlap in one segment.
pub(crate) fn extend(evidence: &mut Vec<Evidence>, new: Evidence) {
    match evidence.last_mut() {
        // One apart: the space between two words.
        Some(last) if last.segment == new.segment && new.span.start <= last.span.end.saturating_add(1) => {
            last.span.start = last.span.start.min(new.span.start);
            last.span.end = last.span.end.max(new.span.end);
        }
        Some(_) | None => evidence.push(new),
    }
}

/// The words of a segment; `true` stands beside a word with which a line of text ends.
pub(crate) fn tokens(segment: &Segment) -> Vec<(Token, bool)> {
    words(&segment.text, segment.id)
}

/// The words of any text.
pub(crate) fn words(text: &str, segment: SegmentId) -> Vec<(Token, bool)> {
    let mut tokens: Vec<(Token, bool)> = Vec::with_capacity(text.len() / 5);
    let mut rest = 0;
    while let Some(start) = text[rest..].find(|c: char| !c.is_whitespace()).map(|at| rest + at) {
        let breaks = text[rest..start].contains(['\n', '\r']);
        if breaks && let Some((_, ends_line)) = tokens.last_mut() {
            *ends_line = true;
        }
        let end = text[start..]
            .find(char::is_whitespace)
            .map_or(text.len(), |at| start + at);
        rest = end;
        let word = &text[start..end];
        let key = if SIGNS.contains(&word) { word } else { bare(word) };
        if key.is_empty() {
            // A tokenised comma goes back to its word; a second mark is one too many.
            if let Some((before, _)) = tokens.last_mut()
                && before.mark.is_empty()
                && word.chars().all(|c| MARKS.contains(&c) && c != '-')
            {
                before.mark = word.to_owned().into();
                before.apart = true;
            }
            continue;
        }
        let said = word.trim_end_matches(MARKS);
        tokens.push((
            Token {
                text: said.to_owned().into(),
                key: lower(key),
                mark: owned(&word[said.len()..]),
                apart: false,
                evidence: vec![Evidence {
                    segment,
                    span: span(start, start + said.len()),
                }],
            },
            false,
        ));
    }
    tokens
}

/// A word without the punctuation around it.
pub(crate) fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

fn lower(key: &str) -> Cow<'static, str> {
    // A typographic apostrophe is the same letter.
    if key.contains('’') {
        key.replace('’', "'").to_lowercase().into()
    } else if key.contains(|c: char| c.is_uppercase() || !c.is_ascii()) {
        key.to_lowercase().into()
    } else {
        key.to_owned().into()
    }
}

/// Most words have no mark.
fn owned(mark: &str) -> Cow<'static, str> {
    if mark.is_empty() {
        "".into()
    } else {
        mark.to_owned().into()
    }
}

/// The words as text with the place of each: single spaces, each word's marks behind it.
pub(crate) fn written(tokens: &[Token]) -> (String, Vec<Span>) {
    let mut text = String::with_capacity(tokens.len() * 6);
    let mut places = Vec::with_capacity(tokens.len());
    for token in tokens {
        if !text.is_empty() {
            text.push(' ');
        }
        let start = text.len();
        text.push_str(&token.text);
        places.push(span(start, text.len()));
        text.push_str(&token.mark);
    }
    (text, places)
}

pub(crate) fn span(start: usize, end: usize) -> Span {
    let short = |at| u32::try_from(at).unwrap_or(u32::MAX);
    Span {
        start: short(start),
        end: short(end),
    }
}
