//! What there is to look at in a note before it is a clinician's own.

use language::{Locale, say};
use note::{Conflict, Doubt, Reason, Refused, Side, UnreadableCodes};

use super::Told;
use crate::session::Unconfirmed;

/// Nobody is here to look the note through.
pub fn not_looked(l: Locale) -> &'static str {
    say!(l, flags.not_looked)
}

/// What is still to be looked at.
pub fn flags_left(l: Locale, count: usize) -> String {
    match count {
        0 => say!(l, flags.none_left).to_owned(),
        1 => say!(l, flags.one_left).to_owned(),
        count => say!(l, flags.many_left, count = count),
    }
}

/// Why a review is not confirmed yet, and what to do.
pub fn not_confirmed(l: Locale, why: &Unconfirmed) -> String {
    let why = match why {
        Unconfirmed::Unchecked => return say!(l, flags.unchecked).to_owned(),
        Unconfirmed::Refused(why) => why,
    };
    match why {
        Refused::Open(flags) if flags.len() == 1 => say!(l, flags.one_open).to_owned(),
        Refused::Open(flags) => say!(l, flags.many_open, count = flags.len()),
        Refused::Unread(headings) => say!(l, flags.unread, headings = headings.join(", ")),
        Refused::Nameless => say!(l, flags.nameless).to_owned(),
        Refused::Empty => say!(l, flags.empty).to_owned(),
    }
}

impl Told for Reason {
    fn told(&self, l: Locale) -> String {
        match self {
            Reason::Missing { heading } => say!(l, flags.missing, heading = heading.clone()),
            Reason::Unfilled => say!(l, flags.unfilled).to_owned(),
            Reason::DoubtfulClaim { heard } | Reason::DoubtfulWord { heard } => {
                say!(l, flags.doubtful, heard = heard.clone())
            }
            Reason::Unsupported(doubt) => doubt.told(l),
            Reason::Implausible { name } => say!(l, flags.implausible, name = name.clone()),
            Reason::Conflict { what, .. } => what.told(l),
        }
    }
}

impl Told for Doubt {
    fn told(&self, l: Locale) -> String {
        let told = match self {
            Doubt::Unit { heard } => return say!(l, flags.number_of_other, heard = heard.join(", ")),
            Doubt::Number => say!(l, flags.number_not_heard),
            Doubt::Drug => say!(l, flags.drug_not_heard),
            Doubt::Side { heard: None } => say!(l, flags.side_not_heard),
            Doubt::Side {
                heard: Some(Side::Left),
            } => say!(l, flags.heard_left),
            Doubt::Side {
                heard: Some(Side::Right),
            } => say!(l, flags.heard_right),
            Doubt::Side {
                heard: Some(Side::Both),
            } => say!(l, flags.heard_both),
            Doubt::Negation => say!(l, flags.nobody_denied),
            Doubt::Denied => say!(l, flags.heard_denied),
        };
        told.to_owned()
    }
}

impl Told for Conflict {
    fn told(&self, l: Locale) -> String {
        match self {
            Conflict::Finding(name) => say!(l, flags.finding_conflict, name = name.clone()),
            Conflict::Dose(name) => say!(l, flags.dose_conflict, name = name.clone()),
            Conflict::Side => say!(l, flags.side_conflict).to_owned(),
        }
    }
}

impl Told for UnreadableCodes {
    fn told(&self, l: Locale) -> String {
        say!(l, flags.codes_unreadable).to_owned()
    }
}

impl Told for export::Failure {
    fn told(&self, l: Locale) -> String {
        match self {
            export::Failure::PartTooShort => say!(l, flags.part_too_short, count = export::SHORTEST_PART),
        }
    }
}
