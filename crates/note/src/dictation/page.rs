//! Words, marks and headings on a page: spaces, capitals and empty lines.

use std::mem;

use speech::{Segment, Span, Transcript};

use crate::Evidence;
use crate::clean::capitalise;
use crate::dictation::commands::Sign;
use crate::dictation::{Form, Item, Piece, What, Written};
use crate::words::{Token, span};

/// The text as it grows.
#[derive(Default)]
pub(super) struct Page {
    text: String,
    pieces: Vec<Piece>,
    /// The next word follows without a space.
    glued: bool,
    /// A word on this page begins no sentence.
    inside: bool,
}

impl Page {
    pub fn write(&mut self, item: &Item, next: Option<&Item>) {
        let form = match &item.what {
            _ if item.gone => Form::Scratched,
            What::Scratch => Form::Scratched,
            What::Word(_) => Form::Words,
            What::Sign(_) => Form::Mark,
            What::Heading(_) => Form::Heading,
        };
        let at = match &item.what {
            _ if form == Form::Scratched => span(self.text.len(), self.text.len()),
            What::Word(token) => self.word(token.clone(), next.filter(|next| !next.gone)),
            What::Sign(sign) => self.sign(*sign),
            What::Heading(name) => self.heading(name),
            What::Scratch => span(self.text.len(), self.text.len()),
        };
        let said = item.said.clone();
        self.pieces.push(Piece { at, said, form });
    }

    fn word(&mut self, mut token: Token, next: Option<&Item>) -> Span {
        if !self.inside || token.is("i") || token.key.starts_with("i'") {
            capitalise(&mut token);
        }
        // A spoken mark counts, not the one that was heard beside it.
        let spoken = next.is_some_and(|next| matches!(next.what, What::Sign(_)));
        let broken = matches!(
            next.map(|next| &next.what),
            Some(What::Sign(Sign::Line | Sign::Paragraph) | What::Heading(_))
        );
        if spoken && (!broken || !token.ends_sentence()) {
            token.mark = "".into();
        }
        self.space();
        let start = self.text.len();
        self.text.push_str(&token.text);
        self.text.push_str(&token.mark);
        self.glued = false;
        self.inside = !token.ends_sentence();
        span(start, self.text.len())
    }

    fn sign(&mut self, sign: Sign) -> Span {
        let start = self.text.len();
        match sign {
            Sign::Line | Sign::Paragraph => {
                let ends = self.text.bytes().rev().take_while(|&byte| byte == b'\n').count();
                let after_heading = self.pieces.iter().rev().find(|piece| piece.at.start < piece.at.end);
                let after_heading = after_heading.is_some_and(|piece| piece.form == Form::Heading);
                let more = if sign == Sign::Line { 1 } else { 2 };
                // None at the head of a page or under a heading, and no more than one empty line.
                let lines = if self.text.is_empty() || after_heading {
                    0
                } else {
                    more.min(2 - ends.min(2))
                };
                self.text.push_str(&"\n\n"[..lines]);
                self.inside = false;
                self.glued = true;
            }
            Sign::Open | Sign::OpenQuote => {
                self.space();
                self.text.push_str(sign.text());
                self.glued = true;
            }
            Sign::Dash => self.text.push_str(sign.text()),
            Sign::Hyphen | Sign::Slash => {
                self.text.push_str(sign.text());
                self.glued = true;
            }
            Sign::Stop | Sign::Question | Sign::Exclamation => {
                self.text.push_str(sign.text());
                self.inside = false;
            }
            Sign::Comma | Sign::Colon | Sign::Semicolon | Sign::Close | Sign::CloseQuote => {
                self.text.push_str(sign.text());
                self.glued = false;
            }
        }
        span(start, self.text.len())
    }

    fn heading(&mut self, name: &str) -> Span {
        let kept = self.text.trim_end().len();
        self.text.truncate(kept);
        for piece in &mut self.pieces {
            piece.at = clamped(piece.at, kept);
        }
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        let start = self.text.len();
        self.text.push_str(name);
        let at = span(start, self.text.len());
        self.text.push('\n');
        self.inside = false;
        self.glued = true;
        at
    }

    fn space(&mut self) {
        if !self.glued && !self.text.is_empty() && !self.text.ends_with(char::is_whitespace) {
            self.text.push(' ');
        }
    }

    /// The last line ends with its last word; each piece has all that was said up to the next.
    pub fn done(mut self, transcript: &Transcript) -> Written {
        let kept = self.text.trim_end().len();
        self.text.truncate(kept);
        for piece in &mut self.pieces {
            piece.at = clamped(piece.at, kept);
        }
        share(&mut self.pieces, transcript.segments());
        Written {
            text: self.text,
            pieces: self.pieces,
        }
    }
}

fn clamped(at: Span, end: usize) -> Span {
    let end = span(end, end).end;
    Span {
        start: at.start.min(end),
        end: at.end.min(end),
    }
}

/// Gives every letter that was said to one piece: the last that begins before it.
fn share(pieces: &mut Vec<Piece>, segments: &[Segment]) {
    let mut first = 0;
    // The segment before, where the first piece left began in it.
    let mut goes_on = None;
    for segment in segments.iter().filter(|segment| !segment.text.is_empty()) {
        let whole = Evidence {
            segment: segment.id,
            span: span(0, segment.text.len()),
        };
        let within = |piece: &Piece| piece.said.iter().find(|place| place.segment == segment.id).copied();
        let here: Vec<(usize, u32)> = (first..pieces.len())
            .map_while(|at| Some((at, within(&pieces[at])?.span.start)))
            .collect();
        let Some(&(last, _)) = here.last() else {
            // No word: sounds that were written as marks alone. Between two halves of a number they are a part of it.
            if let Some(before) = goes_on.replace(segment.id)
                && let Some(piece) = pieces.get_mut(first)
            {
                let behind = piece.said.iter().position(|place| place.segment == before);
                piece.said.insert(behind.map_or(0, |at| at + 1), whole);
                continue;
            }
            goes_on = None;
            let at = pieces.get(first.wrapping_sub(1)).map_or(span(0, 0), |piece| Span {
                start: piece.at.end,
                end: piece.at.end,
            });
            let form = Form::Words;
            pieces.insert(
                first,
                Piece {
                    at,
                    said: vec![whole],
                    form,
                },
            );
            first += 1;
            continue;
        };
        for (number, &(at, start)) in here.iter().enumerate() {
            let start = if number == 0 { 0 } else { start };
            let end = here.get(number + 1).map_or(whole.span.end, |(_, next)| *next);
            if let Some(place) = pieces[at].said.iter_mut().find(|place| place.segment == segment.id) {
                place.span = Span { start, end };
            }
            let mut seen = false;
            pieces[at]
                .said
                .retain(|place| place.segment != segment.id || !mem::replace(&mut seen, true));
        }
        // A number may go on in the next segment.
        let ends_here = pieces[last].said.last().is_none_or(|place| place.segment == segment.id);
        goes_on = (!ends_here).then_some(segment.id);
        first = if ends_here { last + 1 } else { last };
    }
}
