//! Draft → plain text that survives an EHR's text box.

use crate::{Draft, Section};

/// Printed for a section without lines, so that a reader can tell silence from a lost section.
pub const NOT_DISCUSSED: &str = "Not discussed.";

/// Headings in capitals, one line per line, a blank line between sections, `\n` after every line, no markup.
pub fn plain_text(draft: &Draft) -> String {
    let sections: Vec<String> = draft
        .sections
        .iter()
        .map(|section| {
            format!(
                "{}\n{}\n",
                visible(&section.heading).to_uppercase(),
                section_text(section)
            )
        })
        .collect();
    sections.join("\n")
}

/// The lines of one section without its heading, no `\n` after the last.
pub fn section_text(section: &Section) -> String {
    let lines: Vec<String> = section
        .lines
        .iter()
        .map(|line| visible(&line.text))
        .filter(|line| !line.is_empty())
        .collect();
    if lines.is_empty() {
        NOT_DISCUSSED.into()
    } else {
        lines.join("\n")
    }
}

/// One line of what a reader sees: whatever moves, hides or breaks text is gone, since it would change what the next
/// program shows without changing what the clinician reviewed.
fn visible(text: &str) -> String {
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
    control || direction || zero_width || tags_and_annotations
}
