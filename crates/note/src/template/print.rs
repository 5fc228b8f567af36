//! Template → text that [`Template::parse`] reads back as the same template.

use std::fmt::{Display, Formatter, Result};

use super::text::{DOCUMENTS, FORMATS, LENGTHS, WHEN_EMPTY, one_line};
use super::{Kind, SectionSpec, Template};

/// The format of [`Template::parse`]; what is as by default is not written.
impl Display for Template {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, "Template: {}", one_line(&self.name))?;
        writeln!(f, "Document: {}", word(&DOCUMENTS, self.document))?;
        if self.dictated {
            writeln!(f, "As dictated: yes")?;
        }
        if !self.leaves_out.is_empty() {
            writeln!(f, "Leaves out: {}", kinds(&self.leaves_out))?;
        }
        self.sections.iter().try_for_each(|section| write!(f, "\n{section}"))
    }
}

impl Display for SectionSpec {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let default = SectionSpec::default();
        writeln!(f, "[{}]", one_line(&self.heading))?;
        for line in &self.text {
            writeln!(f, "Text: {}", one_line(line))?;
        }
        if !self.takes.is_empty() {
            writeln!(f, "Takes: {}", kinds(&self.takes))?;
        }
        if self.format != default.format {
            writeln!(f, "Format: {}", word(&FORMATS, self.format))?;
        }
        if self.length != default.length {
            writeln!(f, "Length: {}", word(&LENGTHS, self.length))?;
        }
        if self.when_empty != default.when_empty {
            writeln!(f, "When empty: {}", word(&WHEN_EMPTY, self.when_empty))?;
        }
        if self.required {
            writeln!(f, "Required: yes")?;
        }
        Ok(())
    }
}

fn kinds(kinds: &[Kind]) -> String {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
    names.join(", ")
}

fn word<T: Copy + PartialEq>(words: &[(&'static str, T)], value: T) -> &'static str {
    let (word, _) = words
        .iter()
        .find(|(_, meant)| *meant == value)
        .expect("every value has a word");
    word
}
