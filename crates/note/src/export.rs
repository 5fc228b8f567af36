//! Draft → what is printed → plain text that survives an EHR's text box.

use crate::{Draft, Format, Section, WhenEmpty};

/// Printed for a section without lines, so that a reader can tell silence from a lost section.
pub const NOT_DISCUSSED: &str = "Not discussed.";

/// Where an EHR stops and asks the clinician to fill in.
pub const WILDCARD: &str = "***";

/// A section as a reader sees it: its format and what stands for silence are settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    pub heading: String,
    pub format: Format,
    /// Never empty, and no line is: one for a paragraph, [`NOT_DISCUSSED`] or [`WILDCARD`] for a silent section.
    pub lines: Vec<String>,
    /// Nothing was said; `lines` only says so.
    pub silent: bool,
}

/// The canonical text of a note, which is hashed, measured and pasted: headings in capitals, one line per line, a blank
/// line between sections, `\n` after every line, no markup.
pub fn plain_text(draft: &Draft) -> String {
    let sections: Vec<String> = printed(draft)
        .iter()
        .map(|section| format!("{}\n{}\n", section.heading.to_uppercase(), section.text()))
        .collect();
    sections.join("\n")
}

/// One section without its heading, no `\n` after the last line; empty where the section is left out of a note.
pub fn section_text(section: &Section) -> String {
    print(section).map(|printed| printed.text()).unwrap_or_default()
}

/// The sections that a note shows, in order.
pub fn printed(draft: &Draft) -> Vec<Printed> {
    draft.sections.iter().filter_map(print).collect()
}

/// None for a silent section that is to be left out.
fn print(section: &Section) -> Option<Printed> {
    let heading = visible(&section.heading);
    let lines: Vec<String> = section
        .lines
        .iter()
        .map(|line| visible(&line.text))
        .filter(|line| !line.is_empty())
        .collect();
    if lines.is_empty() {
        let said = match section.when_empty {
            WhenEmpty::Omit => return None,
            WhenEmpty::NotDiscussed => NOT_DISCUSSED,
            WhenEmpty::Wildcard => WILDCARD,
        };
        return Some(Printed {
            heading,
            format: Format::Lines,
            lines: vec![said.into()],
            silent: true,
        });
    }
    let lines = match section.format {
        Format::Paragraph => vec![lines.join(" ")],
        Format::Lines | Format::Bullets | Format::Numbered => lines,
    };
    Some(Printed {
        heading,
        format: section.format,
        lines,
        silent: false,
    })
}

impl Printed {
    /// What stands before the line of this index in plain text.
    pub fn mark(&self, index: usize) -> String {
        match self.format {
            Format::Lines | Format::Paragraph => String::new(),
            Format::Bullets => "- ".into(),
            Format::Numbered => format!("{}. ", index + 1),
        }
    }

    /// The lines with their marks, no `\n` after the last.
    pub fn text(&self) -> String {
        let marked = |(index, line): (usize, &String)| self.mark(index) + line;
        let lines: Vec<String> = self.lines.iter().enumerate().map(marked).collect();
        lines.join("\n")
    }
}

/// One line of what a reader sees: whatever moves, hides or breaks text is gone, since it would change what the next
/// program shows without changing what the clinician reviewed. What no document format can hold is gone too.
pub fn visible(text: &str) -> String {
    let spaced: String = text
        .chars()
        .filter(|&c| !unseen(c))
        .map(|c| if breaks(c) { ' ' } else { c })
        .collect();
    spaced.trim().into()
}

/// White space other than a space, and every kind of line end.
fn breaks(c: char) -> bool {
    c.is_whitespace() && c != '\u{a0}' && c != '\u{202f}'
}

fn unseen(c: char) -> bool {
    let control = c.is_control() && !c.is_whitespace();
    let direction =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let zero_width =
        matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{feff}');
    let tags_and_annotations = matches!(c, '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    // Reserved code points that are no characters; XML forbids two of them.
    let no_character = matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe;
    control || direction || zero_width || tags_and_annotations || no_character
}
