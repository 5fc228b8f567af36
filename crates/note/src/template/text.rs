//! A template as a clinician reads and edits it:
//!
//! ```text
//! # A comment.
//! Template: SOAP
//! Document: progress note
//! As dictated: no
//! Leaves out: family history
//!
//! [Subjective]
//! Text: A line that always stands here.
//! Takes: chief complaint, history of present illness
//! Format: bullets
//! Length: concise
//! When empty: leave out
//! Required: yes
//! ```

use super::{Kind, Length, Mistake, Problem, SectionSpec, Template};
use crate::{Document, Format, WhenEmpty};

/// In bytes; a longer text is something else that was pasted by mistake.
pub const LARGEST_TEMPLATE: usize = 64 * 1024;

/// More than a person will read at once.
const MOST_MISTAKES: usize = 20;

pub(super) const DOCUMENTS: [(&str, Document); 7] = [
    ("progress note", Document::Progress),
    ("history and physical", Document::HistoryAndPhysical),
    ("consultation", Document::Consultation),
    ("procedure note", Document::Procedure),
    ("telephone", Document::Telephone),
    ("discharge summary", Document::Discharge),
    ("letter", Document::Letter),
];

pub(super) const FORMATS: [(&str, Format); 4] = [
    ("lines", Format::Lines),
    ("paragraph", Format::Paragraph),
    ("bullets", Format::Bullets),
    ("numbered", Format::Numbered),
];

pub(super) const LENGTHS: [(&str, Length); 3] = [
    ("concise", Length::Concise),
    ("standard", Length::Standard),
    ("detailed", Length::Detailed),
];

pub(super) const WHEN_EMPTY: [(&str, WhenEmpty); 3] = [
    ("leave out", WhenEmpty::Omit),
    ("not discussed", WhenEmpty::NotDiscussed),
    ("***", WhenEmpty::Wildcard),
];

const YES_OR_NO: [(&str, bool); 2] = [("yes", true), ("no", false)];

const HEAD_SETTINGS: [&str; 4] = ["Template", "Document", "As dictated", "Leaves out"];
const SECTION_SETTINGS: [&str; 6] = ["Text", "Takes", "Format", "Length", "When empty", "Required"];

impl Template {
    /// Reads a template's text; the mistakes are in the order of the lines, at most twenty.
    pub fn parse(text: &str) -> Result<Template, Vec<Mistake>> {
        if text.len() > LARGEST_TEMPLATE {
            return Err(vec![Mistake {
                line: 1,
                problem: Problem::TooLong,
            }]);
        }
        let mut reader = Reader::default();
        for (at, line) in text.lines().enumerate() {
            reader.at = at + 1;
            // A file that was saved by Windows Notepad begins with a mark that nobody sees.
            reader.read(line.trim_start_matches('\u{feff}').trim());
            if reader.mistakes.len() == MOST_MISTAKES {
                return Err(reader.mistakes);
            }
        }
        reader.finish()
    }
}

#[derive(Default)]
struct Reader {
    template: Template,
    /// The line that is being read.
    at: usize,
    /// Where each heading, each setting of the current section, and each kind stands.
    headings: Vec<(String, usize)>,
    settings: Vec<(&'static str, usize)>,
    kinds: Vec<(Kind, usize)>,
    mistakes: Vec<Mistake>,
}

impl Reader {
    fn read(&mut self, line: &str) {
        if line.is_empty() || line.starts_with('#') {
            return;
        }
        match line.strip_prefix('[') {
            Some(rest) => self.heading(rest),
            None => self.setting(line),
        }
    }

    fn heading(&mut self, rest: &str) {
        let closed = rest.strip_suffix(']');
        let heading = one_line(closed.unwrap_or(rest));
        if closed.is_none() {
            self.wrong(Problem::OpenHeading);
        } else if heading.is_empty() {
            self.wrong(Problem::EmptyHeading);
        }
        let key = heading.to_lowercase();
        if let Some(&(_, line)) = self.headings.iter().find(|(other, _)| *other == key) {
            self.wrong(Problem::HeadingTwice { line });
        }
        self.headings.push((key, self.at));
        self.settings.clear();
        self.template.sections.push(SectionSpec {
            heading,
            ..SectionSpec::default()
        });
    }

    fn setting(&mut self, line: &str) {
        let settings: &'static [&'static str] = match self.template.sections.is_empty() {
            true => &HEAD_SETTINGS,
            false => &SECTION_SETTINGS,
        };
        let (key, value) = line.split_once(':').unwrap_or((line, ""));
        let key = one_line(key);
        let known = settings.iter().find(|setting| setting.eq_ignore_ascii_case(&key));
        let Some(&setting) = known.filter(|_| line.contains(':')) else {
            return self.wrong(Problem::NotASetting { settings });
        };
        if setting != "Text" {
            if let Some(&(_, line)) = self.settings.iter().find(|(other, _)| *other == setting) {
                return self.wrong(Problem::SettingTwice { line });
            }
            self.settings.push((setting, self.at));
        }
        let value = one_line(value);
        match self.template.sections.last() {
            None => self.head(setting, value),
            Some(_) => self.section(setting, value),
        }
    }

    fn head(&mut self, setting: &str, value: String) {
        match setting {
            "Template" => self.template.name = value,
            "Document" => self.template.document = self.value(&DOCUMENTS, &value),
            "As dictated" => self.template.dictated = self.value(&YES_OR_NO, &value),
            _ => self.template.leaves_out = self.kinds(&value),
        }
    }

    fn section(&mut self, setting: &str, value: String) {
        let mut section = self.template.sections.pop().unwrap_or_default();
        match setting {
            "Text" if value.is_empty() => (),
            "Text" => section.text.push(value),
            "Takes" => section.takes = self.kinds(&value),
            "Format" => section.format = self.value(&FORMATS, &value),
            "Length" => section.length = self.value(&LENGTHS, &value),
            "When empty" => section.when_empty = self.value(&WHEN_EMPTY, &value),
            _ => section.required = self.value(&YES_OR_NO, &value),
        }
        self.template.sections.push(section);
    }

    fn value<T: Copy + Default>(&mut self, values: &[(&'static str, T)], said: &str) -> T {
        let meant = values.iter().find(|(word, _)| word.eq_ignore_ascii_case(said));
        if meant.is_none() {
            self.wrong(Problem::NotAValue {
                said: said.into(),
                values: values.iter().map(|&(word, _)| word).collect(),
            });
        }
        meant.map(|&(_, value)| value).unwrap_or_default()
    }

    fn kinds(&mut self, list: &str) -> Vec<Kind> {
        let mut found = Vec::new();
        for said in list.split(',').map(str::trim).filter(|said| !said.is_empty()) {
            let Some(kind) = Kind::named(said) else {
                self.wrong(Problem::NotAKind {
                    said: said.into(),
                    near: nearest(said),
                });
                continue;
            };
            if let Some(&(_, line)) = self.kinds.iter().find(|(other, _)| *other == kind) {
                self.wrong(Problem::KindTwice { kind, line });
                continue;
            }
            self.kinds.push((kind, self.at));
            found.push(kind);
        }
        found
    }

    fn wrong(&mut self, problem: Problem) {
        self.mistakes.push(Mistake { line: self.at, problem });
    }

    fn finish(mut self) -> Result<Template, Vec<Mistake>> {
        if self.template.name.is_empty() {
            let line = 1;
            self.mistakes.insert(
                0,
                Mistake {
                    line,
                    problem: Problem::Nameless,
                },
            );
        }
        if self.template.sections.is_empty() && !self.template.dictated {
            self.wrong(Problem::NoSections);
        }
        match self.mistakes.is_empty() {
            true => Ok(self.template),
            false => Err(self.mistakes),
        }
    }
}

/// Words with one space between them: what a heading, a name or a fixed line is made of.
pub(super) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// A kind that was meant, perhaps: one whose name is a slip of the finger away, or holds the same words.
fn nearest(said: &str) -> Option<Kind> {
    let said = said.to_lowercase();
    let similar = |kind: &Kind| {
        let name = kind.name();
        let holds = said.len() > 3 && (name.contains(&said) || said.contains(name));
        (holds || strsim::damerau_levenshtein(name, &said) <= 2).then_some(*kind)
    };
    // Past this length there is nothing to be near to, and the comparison grows with the square.
    (said.len() <= 64).then(|| Kind::ALL.iter().find_map(similar)).flatten()
}
