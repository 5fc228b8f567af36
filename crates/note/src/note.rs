//! The note as data: what is drafted, reviewed, sealed and exported.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};
use speech::{SegmentId, Span};

/// A note to be reviewed; part of the sealed record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The name of the template that shaped it.
    pub template: String,
    pub document: Document,
    pub sections: Vec<Section>,
}

/// What kind of document a note is in a patient's record; exports carry its code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Document {
    #[default]
    Progress,
    HistoryAndPhysical,
    Consultation,
    Procedure,
    Telephone,
    Discharge,
    Letter,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Section {
    pub heading: String,
    pub format: Format,
    pub when_empty: WhenEmpty,
    pub lines: Vec<Line>,
}

/// How the lines of a section are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Format {
    #[default]
    Lines,
    Paragraph,
    Bullets,
    Numbered,
}

/// What is printed for a section of which nothing was said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum WhenEmpty {
    /// Neither heading nor text.
    Omit,
    #[default]
    NotDiscussed,
    /// `***`, where an EHR stops and asks.
    Wildcard,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub text: String,
    pub origin: Origin,
    /// Where it was said, in time order; never empty for a drafted line.
    pub evidence: Vec<Evidence>,
}

/// Who wrote a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Origin {
    /// Sotto, from what was said.
    #[default]
    Drafted,
    /// The clinician, by typing or by changing a drafted line.
    Clinician,
    /// The template's fixed text.
    Template,
}

/// Words of the transcript that a line rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Evidence {
    pub segment: SegmentId,
    /// Within that segment's text.
    pub span: Span,
}

impl Line {
    /// A line that the clinician wrote.
    pub fn typed(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            origin: Origin::Clinician,
            evidence: Vec::new(),
        }
    }
}

impl Section {
    /// One line of text per line.
    pub fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|line| line.text.as_str()).collect();
        lines.join("\n")
    }

    /// Takes over the clinician's text, one line per line of text, blank ones left out. A line that is unchanged stays
    /// what it was, wherever it was moved to; any other is the clinician's own.
    pub fn edit(&mut self, text: &str) {
        let mut before: HashMap<String, VecDeque<Line>> = HashMap::new();
        for line in self.lines.drain(..) {
            before.entry(line.text.clone()).or_default().push_back(line);
        }
        self.lines = text
            .lines()
            .map(str::trim_end)
            .filter(|line| !line.trim().is_empty())
            .map(|line| {
                let unchanged = before.get_mut(line).and_then(VecDeque::pop_front);
                unchanged.unwrap_or_else(|| Line::typed(line))
            })
            .collect();
    }
}
