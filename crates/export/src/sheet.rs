use note::{Printed, printed};

use crate::{Handover, when};

/// A note as a person reads it on paper or in a file; the page prints this very structure.
#[derive(Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The kind of note.
    pub title: String,
    /// What the clinician called the visit, for the head of every page; may be empty.
    pub label: String,
    /// When the visit began, local time.
    pub date: String,
    pub sections: Vec<Printed>,
    /// Who reviewed it, or that nobody did.
    pub footer: String,
}

pub fn sheet(handover: &Handover) -> Sheet {
    Sheet {
        title: handover.title().into(),
        label: handover.label(),
        date: when::readable(handover.created, handover.offset),
        sections: printed(handover.draft),
        footer: handover.footer(),
    }
}

impl Sheet {
    /// What stands under the title: the label, if there is one, and the date.
    pub fn subtitle(&self) -> String {
        if self.label.is_empty() {
            self.date.clone()
        } else {
            format!("{} · {}", self.label, self.date)
        }
    }
}
