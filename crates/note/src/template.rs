use serde::{Deserialize, Serialize};

use crate::{Document, Format, WhenEmpty};

mod kind;
pub use kind::Kind;

mod text;
pub use text::LARGEST_TEMPLATE;

mod mistake;
pub use mistake::{Mistake, Problem};

mod print;

mod example;

mod builtin;
pub use builtin::BUILT_IN;

/// The shape of a note, as data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    pub name: String,
    pub document: Document,
    /// The note is what was dictated, word for word, under the headings that were spoken; sections are not needed.
    #[serde(default)]
    pub dictated: bool,
    /// What this note leaves out even though a section could hold it (see [`Template::taker`]).
    pub leaves_out: Vec<Kind>,
    /// In the order in which they are printed.
    pub sections: Vec<SectionSpec>,
}

/// One section and what goes into it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionSpec {
    pub heading: String,
    pub takes: Vec<Kind>,
    pub format: Format,
    pub length: Length,
    /// Lines that stand at the section's start whatever was said.
    pub text: Vec<String>,
    pub when_empty: WhenEmpty,
    /// A note without it is flagged.
    pub required: bool,
}

/// How much of what was said a section keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Length {
    Concise,
    #[default]
    Standard,
    Detailed,
}

impl Template {
    /// The section for a kind: the one that takes it, or else the one that takes the nearest wider kind, so that a short
    /// template loses nothing. None where the template leaves it out.
    pub fn taker(&self, kind: Kind) -> Option<usize> {
        if self.leaves_out.contains(&kind) {
            return None;
        }
        let taking = |kind: Kind| self.sections.iter().position(|section| section.takes.contains(&kind));
        std::iter::successors(Some(kind), |kind| kind.wider()).find_map(taking)
    }

    /// What would be lost: kinds that no section takes and that the template does not say it leaves out.
    pub fn unplaced(&self) -> Vec<Kind> {
        let lost = |kind: &Kind| !self.leaves_out.contains(kind) && self.taker(*kind).is_none();
        Kind::ALL
            .into_iter()
            .filter(|kind| !self.dictated && lost(kind))
            .collect()
    }

    /// The specification of a section by its heading, in any case.
    pub fn section(&self, heading: &str) -> Option<&SectionSpec> {
        let heading = heading.to_lowercase();
        self.sections.iter().find(|spec| spec.heading.to_lowercase() == heading)
    }
}
