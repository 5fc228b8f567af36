//! Names of sections, where they are said as headings.

use crate::Kind;
use crate::dictation::Heard;
use crate::dictation::commands::{Command, Sign, command, said};

/// What a note is divided into, beside the kinds of a template's sections.
const WIDER: &[&str] = &["subjective", "objective", "assessment and plan", "impression and plan"];

/// In words.
const LONGEST: usize = 4;

/// Before a name, these make it a heading wherever they are said.
const CALLS: &[&[&str]] = &[&["heading"], &["next", "section"], &["new", "section"]];

/// Behind these names the section's text may follow at once, unless a sentence goes on about them.
const CERTAIN: &[&str] = &[
    "chief complaint",
    "history of present illness",
    "past medical history",
    "past surgical history",
    "review of systems",
    "family history",
    "social history",
    "physical exam",
    "physical examination",
    "assessment and plan",
];

const GOES_ON: &[&str] = &[
    "is",
    "was",
    "were",
    "are",
    "of",
    "has",
    "had",
    "and",
    "or",
    "with",
    "for",
    "to",
    "in",
    "on",
    "by",
    "at",
    "from",
    "as",
    "will",
    "includes",
    "included",
    "significant",
    "notable",
    "remarkable",
    "unremarkable",
    "positive",
    "negative",
    "reviewed",
    "noted",
    "obtained",
    "unchanged",
    "noncontributory",
    "limited",
    "reveals",
    "revealed",
    "shows",
    "showed",
    "today",
    "deferred",
    "unknown",
    "otherwise",
    "findings",
    "per",
    "that",
    "which",
    "cannot",
    "could",
    "suggests",
];

/// The heading that begins here, in capitals, and how many words are said for it. `begins`: a sentence, a line or an
/// utterance begins here.
pub(super) fn heading(heard: &[Heard], at: usize, begins: bool) -> Option<(String, usize)> {
    let call = CALLS
        .iter()
        .find(|call| said(heard, at, call))
        .map_or(0, |call| call.len());
    if call == 0 && !begins {
        return None;
    }
    let (name, words) = name(heard, at + call)?;
    let end = at + call + words;
    let last = &heard[end - 1].token.mark;
    let next = heard.get(end);
    let colon = next.is_some_and(|next| next.token.is("colon")) && command(heard, end, false).is_some();
    let heading = || {
        let alone = heard[at].first && next.is_none_or(|next| next.first);
        let broken = matches!(
            command(heard, end, false),
            Some((Command::Write(Sign::Line | Sign::Paragraph), _))
        );
        let follows = CERTAIN.contains(&name.as_str())
            && last.is_empty()
            && next.is_some_and(|next| !next.token.is_any(GOES_ON))
            && command(heard, end, false).is_none();
        alone || last.contains([':', '.']) || (next.is_some() && broken) || follows
    };
    (call > 0 || colon || heading()).then(|| (name.to_uppercase(), call + words + usize::from(colon)))
}

/// The longest name of a section that is said here.
fn name(heard: &[Heard], at: usize) -> Option<(String, usize)> {
    let longest = LONGEST.min(heard.len().saturating_sub(at));
    (1..=longest).rev().find_map(|words| {
        let keys: Vec<&str> = heard[at..at + words]
            .iter()
            .map(|word| word.token.key.as_ref())
            .collect();
        let name = keys.join(" ");
        let known = WIDER.contains(&name.as_str()) || (name.len() > 2 && Kind::named(&name).is_some());
        (known && said(heard, at, &keys)).then_some((name, words))
    })
}
