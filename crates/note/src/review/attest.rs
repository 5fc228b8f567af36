//! The clinician's word that a note is reviewed, bound to the very text that they reviewed.

use std::collections::BTreeSet;
use std::fmt::{Display, Formatter};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Flag, FlagId};
use crate::{Document, Draft, Format, printed};

/// What the clinician has done to make a draft their own; part of the sealed record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    pub resolved: BTreeSet<FlagId>,
    /// The headings of the sections that were opened.
    pub opened: BTreeSet<String>,
    pub attestation: Option<Attestation>,
}

/// `I reviewed this`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attestation {
    /// The name that the clinician gave.
    pub by: String,
    /// Seconds since 1970-01-01 UTC.
    pub at: u64,
    /// [`note_hash`] of the note as it was then.
    pub hash: [u8; 32],
}

/// Why a note cannot be confirmed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Flags that must be resolved first.
    Open(Vec<FlagId>),
    /// Sections with text that were not opened, by heading.
    Unread(Vec<String>),
    Nameless,
    Empty,
}

impl Review {
    /// The flags that still want an answer; those that need none are never open.
    pub fn open<'a>(&self, flags: &'a [Flag]) -> Vec<&'a Flag> {
        let open = |flag: &&Flag| flag.must_resolve() && !self.resolved.contains(&flag.id);
        flags.iter().filter(open).collect()
    }

    /// Confirms the note as it is. A later edit makes this void: see [`Review::attested`].
    pub fn attest(&mut self, draft: &Draft, flags: &[Flag], by: &str, at: u64) -> Result<(), Refused> {
        let open: Vec<FlagId> = self.open(flags).into_iter().map(|flag| flag.id).collect();
        let unread: Vec<String> = draft
            .sections
            .iter()
            .filter(|section| !section.lines.is_empty() && !self.opened.contains(&section.heading))
            .map(|section| section.heading.clone())
            .collect();
        if draft.sections.iter().all(|section| section.lines.is_empty()) {
            return Err(Refused::Empty);
        }
        if !open.is_empty() {
            return Err(Refused::Open(open));
        }
        if !unread.is_empty() {
            return Err(Refused::Unread(unread));
        }
        if by.trim().is_empty() {
            return Err(Refused::Nameless);
        }
        self.attestation = Some(Attestation {
            by: by.trim().into(),
            at,
            hash: note_hash(draft),
        });
        Ok(())
    }

    /// The attestation, if it is of this very note.
    pub fn attested(&self, draft: &Draft) -> Option<&Attestation> {
        self.attestation
            .as_ref()
            .filter(|attestation| attestation.hash == note_hash(draft))
    }
}

/// SHA-256 over the note as it is printed, in this form: the line `sotto note 1`; one byte for the document; the number of
/// sections; for each its heading, one byte for its format, the number of its lines, and the lines. A number is four
/// bytes, the lowest first; a text is the number of its bytes and its UTF-8. Every export prints these and nothing else.
pub fn note_hash(draft: &Draft) -> [u8; 32] {
    let mut form = Sha256::new();
    form.update(b"sotto note 1\n");
    form.update([match draft.document {
        Document::Progress => 0,
        Document::HistoryAndPhysical => 1,
        Document::Consultation => 2,
        Document::Procedure => 3,
        Document::Telephone => 4,
        Document::Discharge => 5,
        Document::Letter => 6,
    }]);
    let sections = printed(draft);
    form.update(number(sections.len()));
    for section in &sections {
        text(&mut form, &section.heading);
        form.update([match section.format {
            Format::Lines => 0,
            Format::Paragraph => 1,
            Format::Bullets => 2,
            Format::Numbered => 3,
        }]);
        form.update(number(section.lines.len()));
        section.lines.iter().for_each(|line| text(&mut form, line));
    }
    form.finalize().into()
}

fn text(form: &mut Sha256, text: &str) {
    form.update(number(text.len()));
    form.update(text);
}

fn number(n: usize) -> [u8; 4] {
    u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes()
}

impl Display for Refused {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Refused::Open(flags) if flags.len() == 1 => {
                write!(f, "One flag is open. Correct the line, or keep it as it is.")
            }
            Refused::Open(flags) => write!(
                f,
                "{} flags are open. Correct each line, or keep it as it is.",
                flags.len()
            ),
            Refused::Unread(headings) => write!(f, "Not yet opened: {}. Open each section once.", headings.join(", ")),
            Refused::Nameless => write!(f, "The confirmation has no name. Enter yours, then confirm."),
            Refused::Empty => write!(f, "The note is empty. There is nothing to confirm."),
        }
    }
}

impl std::error::Error for Refused {}
