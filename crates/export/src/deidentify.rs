//! Helps to make a copy with less in it that says who the patient is: the eighteen classes of the HIPAA Safe Harbor
//! method, 45 CFR 164.514(b)(2)(i)(A)–(R), by cues and lists.
//!
//! It assists. It cannot know every name, and a story can identify without one: a person reads the result before it
//! goes anywhere. Numbers spelled out in words, days of the week and times of day are left as they are.

use std::ops::Range;

mod clue;
pub use clue::Clue;

mod dates;
mod names;
mod numbers;
mod places;
mod tokens;
// Lists read better as paragraphs than one word to a line.
#[rustfmt::skip]
mod words;

use tokens::Text;

/// A text with replacements, and what was replaced.
#[derive(Clone, PartialEq, Eq)]
pub struct Assisted {
    pub text: String,
    /// In the order of the text, none overlapping.
    pub replaced: Vec<Replaced>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    pub class: Identifier,
    /// Bytes of the original text.
    pub span: Range<usize>,
    /// What stands there now, like `[NAME]`.
    pub shown: String,
    /// What gave it away, for the person who checks.
    pub why: Clue,
}

/// The classes of identifiers, in the order of the law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identifier {
    Name,
    /// Smaller than a state; of a zip code the first three digits may stay.
    Place,
    /// Of a date the year may stay; of ages over 89 only that they are.
    Date,
    Phone,
    Fax,
    Email,
    SocialSecurity,
    MedicalRecord,
    HealthPlan,
    Account,
    Licence,
    Vehicle,
    Device,
    Url,
    Ip,
    Biometric,
    Photo,
    /// Any other number or characteristic that only one person has.
    Other,
}

/// Replaces what looks like an identifier.
pub fn deidentify(text: &str) -> Assisted {
    let read = Text::new(text);
    // The surer a finder is, the earlier: what overlaps an earlier find is dropped.
    let finders = [numbers::find, dates::find, places::find, names::find];
    let mut replaced: Vec<Replaced> = Vec::new();
    for find in finders {
        for found in find(&read) {
            let overlaps = |other: &Replaced| found.span.start < other.span.end && other.span.start < found.span.end;
            if !found.span.is_empty() && !replaced.iter().any(overlaps) {
                replaced.push(found);
            }
        }
    }
    replaced.sort_by_key(|found| found.span.start);
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for found in &replaced {
        out.push_str(&text[from..found.span.start]);
        out.push_str(&found.shown);
        from = found.span.end;
    }
    out.push_str(&text[from..]);
    Assisted { text: out, replaced }
}

impl Identifier {
    /// What stands in its place, without brackets.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Name => "NAME",
            Self::Place => "PLACE",
            Self::Date => "DATE",
            Self::Phone => "PHONE",
            Self::Fax => "FAX",
            Self::Email => "EMAIL",
            Self::SocialSecurity => "SSN",
            Self::MedicalRecord => "RECORD NUMBER",
            Self::HealthPlan => "HEALTH PLAN NUMBER",
            Self::Account => "ACCOUNT NUMBER",
            Self::Licence => "LICENCE NUMBER",
            Self::Vehicle => "VEHICLE",
            Self::Device => "DEVICE NUMBER",
            Self::Url => "URL",
            Self::Ip => "IP ADDRESS",
            Self::Biometric => "BIOMETRIC",
            Self::Photo => "PHOTO",
            Self::Other => "IDENTIFIER",
        }
    }
}
