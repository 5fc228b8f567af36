use std::fmt::{Display, Formatter};

use super::{Kind, LARGEST_TEMPLATE};

/// What is wrong with a template's text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Counted from 1.
    pub line: usize,
    pub problem: Problem,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    TooLong,
    Nameless,
    NoSections,
    EmptyHeading,
    OpenHeading,
    /// A heading that an earlier line has.
    HeadingTwice {
        line: usize,
    },
    /// A setting that an earlier line of the same section has.
    SettingTwice {
        line: usize,
    },
    /// A kind that an earlier line takes or leaves out.
    KindTwice {
        kind: Kind,
        line: usize,
    },
    NotASetting {
        settings: &'static [&'static str],
    },
    NotAKind {
        said: String,
        near: Option<Kind>,
    },
    NotAValue {
        said: String,
        values: Vec<&'static str>,
    },
    /// An example note in which no line is a heading.
    NoHeadings,
}

impl Display for Mistake {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "Line {}: {}", self.line, self.problem)
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Problem::TooLong => write!(
                f,
                "this is longer than a template can be ({} kB). Paste the template alone.",
                LARGEST_TEMPLATE / 1024
            ),
            Problem::Nameless => write!(
                f,
                "the template has no name. Begin with a line such as “Template: My visit note”."
            ),
            Problem::NoSections => write!(
                f,
                "the template has no section. Add a heading in square brackets, such as “[Plan]”."
            ),
            Problem::EmptyHeading => write!(
                f,
                "there is no heading between the brackets. Write one, such as “[Plan]”."
            ),
            Problem::OpenHeading => write!(f, "a heading ends with “]”. Add it at the end of the line."),
            Problem::HeadingTwice { line } => write!(
                f,
                "line {line} has the same heading. Rename one of the two, or join them."
            ),
            Problem::SettingTwice { line } => write!(f, "line {line} sets this already. Keep one of the two."),
            Problem::KindTwice { kind, line } => {
                write!(
                    f,
                    "line {line} names “{}” already. A kind has one place: remove one of the two.",
                    kind.name()
                )
            }
            Problem::NotASetting { settings } => {
                write!(
                    f,
                    "this line is neither a heading in brackets nor a setting. Settings here are {}, each followed by a colon; a comment begins with #.",
                    listed(settings)
                )
            }
            Problem::NotAKind { said, near: Some(kind) } => {
                write!(
                    f,
                    "“{}” is nothing that Sotto sorts by. Did you mean “{}”?",
                    short(said),
                    kind.name()
                )
            }
            Problem::NotAKind { said, near: None } => {
                let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
                write!(
                    f,
                    "“{}” is nothing that Sotto sorts by. Choose from {}.",
                    short(said),
                    listed(&names)
                )
            }
            Problem::NotAValue { said, values } => {
                write!(
                    f,
                    "“{}” cannot stand here. Choose {}.",
                    short(said),
                    values.join(" or ")
                )
            }
            Problem::NoHeadings => write!(
                f,
                "no heading was found in this example. Put each heading on a line of its own, in capitals or with a colon at its end."
            ),
        }
    }
}

impl std::error::Error for Mistake {}

fn listed(names: &[&str]) -> String {
    names.join(", ")
}

/// A message quotes no more than it takes to find the place.
fn short(said: &str) -> String {
    let mut start: String = said.chars().take(40).collect();
    if start.len() < said.len() {
        start.push('…');
    }
    start
}
