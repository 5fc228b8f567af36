//! What is told the pen and not the page, and the sentences in which the same words are meant.

use crate::Kind;
use crate::dictation::Heard;
use crate::dictation::spoken::{COMMANDS, LABELS};
use crate::numbers::is_number_word;

/// What a spoken command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    Write(Sign),
    Scratch,
}

/// What is written for a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Stop,
    Question,
    Exclamation,
    Comma,
    Colon,
    Semicolon,
    Hyphen,
    Dash,
    Slash,
    Open,
    Close,
    OpenQuote,
    CloseQuote,
    Line,
    Paragraph,
}

impl Sign {
    pub fn text(self) -> &'static str {
        match self {
            Sign::Stop => ".",
            Sign::Question => "?",
            Sign::Exclamation => "!",
            Sign::Comma => ",",
            Sign::Colon => ":",
            Sign::Semicolon => ";",
            Sign::Hyphen => "-",
            Sign::Dash => " -",
            Sign::Slash => "/",
            Sign::Open => "(",
            Sign::Close => ")",
            Sign::OpenQuote | Sign::CloseQuote => "\"",
            Sign::Line => "\n",
            Sign::Paragraph => "\n\n",
        }
    }

    /// True where the next word begins a sentence.
    pub fn ends(self) -> bool {
        matches!(
            self,
            Sign::Stop | Sign::Question | Sign::Exclamation | Sign::Line | Sign::Paragraph
        )
    }
}

/// The command that these words are, and how many they are. `begins`: a sentence, a line or an utterance begins here.
pub(super) fn command(heard: &[Heard], at: usize, begins: bool) -> Option<(Command, usize)> {
    let spoken = COMMANDS
        .iter()
        .find(|spoken| at < heard.len() && said(heard, at, spoken.words))?;
    let end = at + spoken.words.len();
    // A pause, and a mark, part what is before from what is behind.
    let next = heard
        .get(end)
        .filter(|next| !next.first && heard[end - 1].token.mark.is_empty());
    let before = if begins { &heard[at..at] } else { &heard[..at] };
    let literal = spoken.not_after.iter().any(|words| ends_with(before, words))
        || next.is_some_and(|next| next.token.is_any(spoken.not_before))
        || match spoken.does {
            Command::Write(Sign::Colon) => begins || !labels(before, heard.get(end)),
            Command::Write(Sign::Stop) => spans(before),
            Command::Write(_) | Command::Scratch => false,
        };
    let alone = heard[at].first && heard.get(end).is_none_or(|next| next.first);
    (alone || !literal).then_some((spoken.does, spoken.words.len()))
}

/// Whether these words are said here, in one breath.
pub(super) fn said(heard: &[Heard], at: usize, words: &[&str]) -> bool {
    let here = &heard[at..];
    words.len() <= here.len()
        && words.iter().zip(here).all(|(word, heard)| heard.token.is(word))
        && here[..words.len() - 1].iter().all(|heard| heard.token.mark.is_empty())
        && here[1..words.len()].iter().all(|heard| !heard.first)
}

fn ends_with(before: &[Heard], words: &str) -> bool {
    let mut back = before.iter().rev();
    words.rsplit(' ').all(|word| {
        back.next()
            .is_some_and(|heard| heard.token.is(word) && heard.token.mark.is_empty())
    })
}

/// Whether a colon can stand here as a mark: behind what is a label, or before a number. It is an organ everywhere else.
fn labels(before: &[Heard], next: Option<&Heard>) -> bool {
    let key = |back: usize| {
        let at = before.len().checked_sub(back);
        at.map_or("", |at| before[at].token.key.as_ref())
    };
    let name = (1..=4.min(before.len())).any(|words| {
        let keys: Vec<&str> = before[before.len() - words..]
            .iter()
            .map(|word| word.token.key.as_ref())
            .collect();
        Kind::named(&keys.join(" ")).is_some()
    });
    name || LABELS.contains(&key(1)) || next.is_some_and(|next| is_number_word(&next.token.key) || next.token.is("new"))
}

/// "Two week", "a four hour": a stretch of time, of which the period is one.
fn spans(before: &[Heard]) -> bool {
    const SPANS: &[&str] = &["second", "minute", "hour", "day", "week", "month", "year"];
    let key = |back: usize| {
        let at = before.len().checked_sub(back);
        at.map_or("", |at| before[at].token.key.as_ref())
    };
    let single = SPANS.contains(&key(1).rsplit('-').next().unwrap_or_default());
    let led = (3..=5).any(|back| ["a", "the", "this", "per", "each", "every", "any"].contains(&key(back)));
    let several = is_number_word(key(2)) && !matches!(key(2), "one" | "1");
    single && (several || led || key(1).contains('-'))
}
