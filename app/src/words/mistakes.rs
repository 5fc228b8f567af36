//! What is wrong with a text that somebody wrote for Sotto: a template, or a list of words.

use language::{Locale, say};
use note::{Kind, LARGEST_TEMPLATE, Mistake, Problem};
use speech::{BadList, WordList};

use super::Told;

impl Told for Mistake {
    fn told(&self, l: Locale) -> String {
        say!(l, mistake.at, line = self.line, problem = self.problem.told(l))
    }
}

impl Told for Problem {
    fn told(&self, l: Locale) -> String {
        let told = match self {
            Problem::TooLong => return say!(l, mistake.too_long, most = LARGEST_TEMPLATE / 1024),
            Problem::HeadingTwice { line } => return say!(l, mistake.heading_twice, line = *line),
            Problem::SettingTwice { line } => return say!(l, mistake.setting_twice, line = *line),
            Problem::KindTwice { kind, line } => {
                return say!(l, mistake.kind_twice, kind = kind.name(), line = *line);
            }
            Problem::NotASetting { settings } => return say!(l, mistake.not_a_setting, settings = settings.join(", ")),
            Problem::NotAKind { said, near: Some(kind) } => {
                return say!(l, mistake.not_a_kind_near, said = short(said), near = kind.name());
            }
            Problem::NotAKind { said, near: None } => {
                let kinds = Kind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ");
                return say!(l, mistake.not_a_kind, said = short(said), kinds = kinds);
            }
            Problem::NotAValue { said, values } => {
                let values = values.join(say!(l, mistake.or));
                return say!(l, mistake.not_a_value, said = short(said), values = values);
            }
            Problem::Nameless => say!(l, mistake.nameless),
            Problem::NoSections => say!(l, mistake.no_sections),
            Problem::EmptyHeading => say!(l, mistake.empty_heading),
            Problem::OpenHeading => say!(l, mistake.open_heading),
            Problem::NoHeadings => say!(l, mistake.no_headings),
        };
        told.to_owned()
    }
}

impl Told for BadList {
    fn told(&self, l: Locale) -> String {
        match self {
            BadList::TooLarge => say!(l, mistake.list_too_large, most = WordList::LARGEST >> 10),
            BadList::TooMany => say!(l, mistake.list_too_many, most = WordList::MOST),
            BadList::NotText => say!(l, mistake.list_no_text).to_owned(),
            BadList::Invisible { line } => say!(l, mistake.list_invisible, line = *line),
            BadList::TooLong { line } => {
                say!(l, mistake.list_line_long, line = *line, most = WordList::LONGEST)
            }
            BadList::TooShort { line } => say!(l, mistake.list_line_short, line = *line),
        }
    }
}

/// A message quotes no more than it takes to find the place.
fn short(said: &str) -> String {
    let mut start: String = said.chars().take(40).collect();
    if start.len() < said.len() {
        start.push('…');
    }
    start
}
