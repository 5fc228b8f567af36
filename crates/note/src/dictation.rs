//! Dictation: what was said, as it is to be written. Marks, lines and headings are spoken; numbers, dates, times, units and
//! spelled names become characters. Nothing that was said is lost: each piece knows its words, and the pieces' words
//! together are the whole of what was said, to the letter.

use std::mem;

use speech::{Segment, Span, Transcript};

use crate::Evidence;
use crate::numbers::normalise;
use crate::words::{Token, extend, tokens};

mod calendar;
mod commands;
mod headings;
mod page;
mod sections;
mod spelled;
mod spoken;

use commands::{Command, Sign, command};
use page::Page;
pub(crate) use sections::sections;

/// Text with the words that it was made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Written {
    pub text: String,
    /// In the order in which they were said.
    pub pieces: Vec<Piece>,
}

/// A stretch of the text and what was said for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// Within the text, behind the piece before; empty for what was taken back, and for a command that shows nothing.
    pub at: Span,
    /// What was said, one place for each segment that it lies in: from its first letter up to the next piece's.
    pub said: Vec<Evidence>,
    pub form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Words, and the marks that the recogniser put behind them.
    Words,
    /// A mark, a new line or a new paragraph that was spoken.
    Mark,
    /// The name of a section.
    Heading,
    /// Taken back by "scratch that", or the command itself.
    Scratched,
}

/// Writes a transcript as dictation.
pub fn dictated(transcript: &Transcript) -> Written {
    let heard = heard(transcript.segments());
    let mut items = items(&heard);
    scratch(&mut items);
    let mut page = Page::default();
    for at in 0..items.len() {
        page.write(&items[at], items.get(at + 1));
    }
    page.done(transcript)
}

/// A word as it was heard.
struct Heard {
    token: Token,
    /// The first of its utterance.
    first: bool,
}

fn heard(segments: &[Segment]) -> Vec<Heard> {
    let words = segments
        .iter()
        .flat_map(|segment| tokens(segment).into_iter().enumerate());
    words.map(|(at, (token, _))| Heard { token, first: at == 0 }).collect()
}

/// What is to be written, in the order in which it was said.
struct Item {
    what: What,
    said: Vec<Evidence>,
    /// The first of its utterance.
    first: bool,
    gone: bool,
}

enum What {
    Word(Token),
    Sign(Sign),
    Heading(String),
    Scratch,
}

impl Item {
    fn new(what: What, said: Vec<Evidence>, first: bool) -> Self {
        Self {
            what,
            said,
            first,
            gone: false,
        }
    }

    /// True where a sentence, a line or a heading ends with it.
    fn ends(&self) -> bool {
        match &self.what {
            What::Word(token) => token.ends_sentence(),
            What::Sign(sign) => sign.ends(),
            What::Heading(_) | What::Scratch => true,
        }
    }
}

fn items(heard: &[Heard]) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut open: Vec<&Heard> = Vec::new();
    let mut at = 0;
    while let Some(here) = heard.get(at) {
        let begins = match open.last() {
            Some(last) => here.first || last.token.ends_sentence(),
            None => here.first || items.last().is_none_or(Item::ends),
        };
        let (what, words) = if let Some((name, words)) = headings::heading(heard, at, begins) {
            (What::Heading(name), words)
        } else if let Some((command, words)) = command(heard, at, begins) {
            let what = match command {
                Command::Write(sign) => What::Sign(sign),
                Command::Scratch => What::Scratch,
            };
            (what, words)
        } else {
            open.push(here);
            at += 1;
            continue;
        };
        let sign = if let What::Sign(sign) = &what {
            Some(*sign)
        } else {
            None
        };
        close(&mut items, mem::take(&mut open), sign);
        let mut said = Vec::new();
        for place in heard[at..at + words].iter().flat_map(|word| &word.token.evidence) {
            extend(&mut said, *place);
        }
        items.push(Item::new(what, said, here.first));
        at += words;
    }
    close(&mut items, open, None);
    items
}

/// The words between two commands, with numbers and names written out.
fn close(items: &mut Vec<Item>, open: Vec<&Heard>, next: Option<Sign>) {
    let firsts: Vec<Evidence> = open
        .iter()
        .filter(|word| word.first)
        .flat_map(|word| word.token.evidence.first().copied())
        .collect();
    let mut words: Vec<Token> = open.into_iter().map(|word| word.token.clone()).collect();
    // "One slash two", "one period" at the head of a line: a number, though nothing is counted.
    let last = items.last().map(|item| &item.what);
    let listed = matches!(
        last,
        None | Some(What::Heading(_) | What::Sign(Sign::Line | Sign::Paragraph))
    );
    let slashed = next == Some(Sign::Slash) || matches!(last, Some(What::Sign(Sign::Slash)));
    let alone = words.len() == 1 && ((listed && next == Some(Sign::Stop)) || slashed);
    if alone && words[0].is("one") {
        words[0] = Token::joined("1".into(), &words);
    }
    let written = calendar::written(normalise(spelled::written(words)));
    items.extend(written.into_iter().map(|token| {
        let said = token.evidence.clone();
        let first = said
            .first()
            .is_some_and(|place| firsts.contains(place) || begins_with(&firsts, *place));
        Item::new(What::Word(token), said, first)
    }));
}

fn begins_with(firsts: &[Evidence], place: Evidence) -> bool {
    firsts
        .iter()
        .any(|first| first.segment == place.segment && first.span.start == place.span.start)
}

/// Takes back what stands before each "scratch that": up to the sentence, line or utterance before.
fn scratch(items: &mut [Item]) {
    for at in 0..items.len() {
        if !matches!(items[at].what, What::Scratch) {
            continue;
        }
        let mut words = false;
        for back in (0..at)
            .rev()
            .filter(|&back| !matches!(items[back].what, What::Scratch))
            .collect::<Vec<_>>()
        {
            let item = &items[back];
            let kept = matches!(item.what, What::Heading(_)) || (words && item.ends());
            if item.gone || kept || (words && !matches!(item.what, What::Word(_) | What::Sign(_))) {
                break;
            }
            words |= matches!(item.what, What::Word(_));
            let first = item.first;
            items[back].gone = true;
            if first && words {
                break;
            }
        }
    }
}
