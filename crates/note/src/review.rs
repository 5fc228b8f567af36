//! What the clinician should look at before a note is theirs, and their word that they did.

use std::collections::HashMap;
use std::fmt::{Display, Formatter};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use speech::{Span, Transcript};

use crate::support::claims::{Claim, Claimed, claims};
use crate::support::{Doubt, Heard, doubts};
use crate::{Draft, Evidence, Line, Origin, Template, WILDCARD, visible};

mod attest;
pub use attest::{Attestation, Refused, Review, note_hash};

mod conflict;
pub use conflict::Conflict;

mod doubtful;

/// One thing to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flag {
    pub id: FlagId,
    /// The section's place in the draft; none for a section that the draft lacks.
    pub section: Option<usize>,
    /// Within the section; none where the section as a whole is meant.
    pub line: Option<usize>,
    /// Within the line's text.
    pub at: Option<Span>,
    pub reason: Reason,
    /// What was heard of it.
    pub evidence: Vec<Evidence>,
}

/// Names a flag across recomputations: the same for as long as its section's heading, its line's text and its reason are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FlagId(pub [u8; 16]);

/// Why something is flagged; as text, a sentence for the clinician.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// A required section without text, by heading.
    Missing {
        heading: String,
    },
    /// `***` still stands in a line.
    Unfilled,
    /// The recogniser was unsure of a number, a medication, a side or a negation.
    DoubtfulClaim {
        heard: String,
    },
    /// The recogniser was unsure of another word.
    DoubtfulWord {
        heard: String,
    },
    Unsupported(Doubt),
    /// A measurement that no living patient has.
    Implausible {
        name: String,
    },
    /// Another line says otherwise.
    Conflict {
        what: Conflict,
        section: usize,
        line: usize,
    },
}

impl Flag {
    /// False for what is only shown: an ordinary word that the recogniser was unsure of.
    pub fn must_resolve(&self) -> bool {
        !matches!(self.reason, Reason::DoubtfulWord { .. })
    }
}

/// Everything to look at in a draft, in the order of the note.
pub fn flags(draft: &Draft, template: &Template, transcript: &Transcript) -> Vec<Flag> {
    let heard = Heard::of(transcript);
    let doubtful = doubtful::Doubtful::of(transcript);
    let mut found = Vec::new();
    let mut read: Vec<conflict::ReadLine> = Vec::new();
    for (section, of) in draft.sections.iter().enumerate() {
        for (line, of) in of.lines.iter().enumerate() {
            let digest = Sha256::digest(&of.text).into();
            let place = Place { section, line, digest };
            let claims = match of.origin {
                Origin::Template => Vec::new(),
                Origin::Drafted | Origin::Clinician => claims(&of.text),
            };
            found.extend(unfilled(of).map(|at| place.flag(draft, Some(at), Reason::Unfilled)));
            found.extend(doubtful.flags(draft, place, &claims));
            found.extend(implausible(&claims).map(|(at, reason)| place.flag(draft, Some(at), reason)));
            found.extend(
                doubts(&of.text, &claims, &heard)
                    .into_iter()
                    .map(|one| place.flag(draft, Some(one.at), Reason::Unsupported(one.why))),
            );
            read.push(conflict::ReadLine { place, claims });
        }
    }
    found.extend(conflict::flags(draft, template, &read));
    found.extend(missing(draft, template));
    found.sort_by_key(|flag| (flag.section.unwrap_or(usize::MAX), flag.line, flag.at));
    number(&mut found);
    found
}

/// A line of a draft.
#[derive(Clone, Copy)]
struct Place {
    section: usize,
    line: usize,
    /// SHA-256 of the line's text: a long line with many flags is hashed once.
    digest: [u8; 32],
}

impl Place {
    fn of(self, draft: &Draft) -> &Line {
        &draft.sections[self.section].lines[self.line]
    }

    /// A flag of this line; its identity is made of what it is about.
    fn flag(self, draft: &Draft, at: Option<Span>, reason: Reason) -> Flag {
        self.flag_with(draft, at, reason, &[])
    }

    /// A flag that is about another line too.
    fn flag_beside(self, other: Place, draft: &Draft, at: Option<Span>, reason: Reason) -> Flag {
        self.flag_with(draft, at, reason, &other.digest)
    }

    fn flag_with(self, draft: &Draft, at: Option<Span>, reason: Reason, other: &[u8]) -> Flag {
        let about = at.map(|at| format!("{}-{}", at.start, at.end)).unwrap_or_default();
        let heading = draft.sections[self.section].heading.as_bytes();
        Flag {
            id: identity(&[reason.name().as_bytes(), heading, &self.digest, about.as_bytes(), other]),
            section: Some(self.section),
            line: Some(self.line),
            at,
            reason,
            evidence: self.of(draft).evidence.clone(),
        }
    }
}

/// Where `***` stands.
fn unfilled(line: &Line) -> impl Iterator<Item = Span> + '_ {
    line.text
        .match_indices(WILDCARD)
        .map(|(at, stars)| span(at, at + stars.len()))
}

fn implausible(claims: &[Claimed]) -> impl Iterator<Item = (Span, Reason)> + '_ {
    claims.iter().filter_map(|claimed| match &claimed.claim {
        Claim::Implausible(name) => Some((claimed.at, Reason::Implausible { name: name.clone() })),
        _ => None,
    })
}

/// Required sections in which nobody wrote anything; the template's own lines do not fill one.
fn missing(draft: &Draft, template: &Template) -> Vec<Flag> {
    let mut missing = Vec::new();
    for spec in template.sections.iter().filter(|spec| spec.required) {
        let heading = spec.heading.to_lowercase();
        let section = draft
            .sections
            .iter()
            .position(|section| section.heading.to_lowercase() == heading);
        let written = |line: &Line| line.origin != Origin::Template && !visible(&line.text).is_empty();
        if section.is_some_and(|at| draft.sections[at].lines.iter().any(written)) {
            continue;
        }
        let heading = spec.heading.clone();
        let reason = Reason::Missing { heading };
        missing.push(Flag {
            id: identity(&[reason.name().as_bytes(), spec.heading.as_bytes()]),
            section,
            line: None,
            at: None,
            reason,
            evidence: Vec::new(),
        });
    }
    missing
}

/// The first half of SHA-256 over the parts, each behind its length.
fn identity(parts: &[&[u8]]) -> FlagId {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let mut id = [0; 16];
    id.copy_from_slice(&hash.finalize()[..16]);
    FlagId(id)
}

/// Two equal lines of one section have flags of their own.
fn number(flags: &mut [Flag]) {
    let mut seen: HashMap<FlagId, u8> = HashMap::new();
    for flag in flags {
        let count = seen.entry(flag.id).or_default();
        flag.id.0[0] = flag.id.0[0].wrapping_add(*count);
        *count = count.wrapping_add(1);
    }
}

pub(crate) fn span(start: usize, end: usize) -> Span {
    let short = |at| u32::try_from(at).unwrap_or(u32::MAX);
    Span {
        start: short(start),
        end: short(end),
    }
}

impl Reason {
    /// Part of a flag's identity: never to be changed.
    fn name(&self) -> &'static str {
        match self {
            Reason::Missing { .. } => "missing",
            Reason::Unfilled => "unfilled",
            Reason::DoubtfulClaim { .. } => "doubtful claim",
            Reason::DoubtfulWord { .. } => "doubtful word",
            Reason::Unsupported(Doubt::Number) => "number",
            Reason::Unsupported(Doubt::Unit { .. }) => "unit",
            Reason::Unsupported(Doubt::Drug) => "drug",
            Reason::Unsupported(Doubt::Side { .. }) => "side",
            Reason::Unsupported(Doubt::Negation) => "negation",
            Reason::Unsupported(Doubt::Denied) => "denied",
            Reason::Implausible { .. } => "implausible",
            Reason::Conflict { .. } => "conflict",
        }
    }
}

impl Display for Reason {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Reason::Missing { heading } => write!(f, "“{heading}” has no text. Write it, or keep it empty."),
            Reason::Unfilled => write!(f, "*** waits to be filled in."),
            Reason::DoubtfulClaim { heard } => write!(f, "Heard as “{heard}”, with low confidence."),
            Reason::DoubtfulWord { heard } => write!(f, "Heard as “{heard}”, with low confidence."),
            Reason::Unsupported(doubt) => write!(f, "{doubt}"),
            Reason::Implausible { name } => write!(f, "Can this {name} be right?"),
            Reason::Conflict { what, .. } => write!(f, "{what}"),
        }
    }
}

/// The claims of a line that stand at or over a stretch of it.
fn overlapping(claims: &[Claimed], at: Span) -> bool {
    claims
        .iter()
        .any(|claimed| claimed.at.start < at.end && at.start < claimed.at.end)
}
