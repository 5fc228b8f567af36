use crate::{Handover, sheet};

/// The note as Rich Text Format 1.9, ASCII only. Bullets and numbers are text, so that no reader loses them.
pub fn rtf(handover: &Handover) -> String {
    let sheet = sheet(handover);
    let mut out = String::from(r"{\rtf1\ansi\ansicpg1252\deff0\uc1{\fonttbl{\f0\fswiss\fcharset0 Arial;}}");
    out.push('\n');
    paragraph(&mut out, r"\sa60\b\fs32", &sheet.title);
    paragraph(&mut out, r"\sa120\fs20", &sheet.subtitle());
    for section in &sheet.sections {
        paragraph(&mut out, r"\keepn\sb200\sa60\b\fs24", &section.heading);
        for (index, line) in section.lines.iter().enumerate() {
            let mark = section.mark(index);
            let indent = if mark.is_empty() { "" } else { r"\fi-280\li280" };
            paragraph(&mut out, &format!(r"{indent}\sa60\fs22"), &(mark + line));
        }
    }
    paragraph(&mut out, r"\sb300\i\fs18", &sheet.footer);
    out.push_str("}\n");
    out
}

fn paragraph(out: &mut String, style: &str, text: &str) {
    out.push_str(r"{\pard");
    out.push_str(style);
    out.push(' ');
    for c in text.chars() {
        match c {
            '\\' | '{' | '}' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            // A signed number for each UTF-16 code unit, and what a reader without Unicode shows.
            _ => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    out.push_str(&format!("\\u{}?", unit.cast_signed()));
                }
            }
        }
    }
    out.push_str("\\par}\n");
}
