use note::Format;

use crate::{Handover, sheet};

/// The note as CommonMark: whatever was said stays text, whatever it looks like.
pub fn markdown(handover: &Handover) -> String {
    let sheet = sheet(handover);
    let mut blocks = vec![format!("# {}", escape(&sheet.title)), escape(&sheet.subtitle())];
    for section in &sheet.sections {
        blocks.push(format!("## {}", escape(&section.heading)));
        let lines = section.lines.iter().enumerate();
        match section.format {
            Format::Lines | Format::Paragraph => blocks.extend(section.lines.iter().map(|line| escape(line))),
            Format::Bullets | Format::Numbered => {
                let items: Vec<String> = lines.map(|(index, line)| section.mark(index) + &escape(line)).collect();
                blocks.push(items.join("\n"));
            }
        }
    }
    blocks.push("---".into());
    blocks.push(escape(&sheet.footer));
    blocks.join("\n\n") + "\n"
}

/// CommonMark, 2.4: a backslash before ASCII punctuation takes away its meaning.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // A number with a dot or a bracket begins a list only where a line begins.
    let mut only_digits = true;
    for (at, c) in text.char_indices() {
        let anywhere = matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '#' | '$' | '!'
        );
        let at_start = at == 0 && matches!(c, '-' | '+' | '=');
        let after_number = at > 0 && only_digits && matches!(c, '.' | ')');
        if anywhere || at_start || after_number {
            out.push('\\');
        }
        out.push(c);
        only_digits &= c.is_ascii_digit();
    }
    out
}
