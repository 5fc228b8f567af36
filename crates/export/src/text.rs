//! Plain text for the text box of an EHR.

use note::{Printed, Section};

use crate::{Handover, ascii, inert, sheet};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Lines are broken between words after this many characters; a longer word stays whole.
    pub width: Option<usize>,
    /// Line ends as Windows programs write them.
    pub crlf: bool,
    /// Nothing but ASCII, for programs that show other characters wrongly.
    pub ascii: bool,
    /// A last line that says who reviewed the note, and when.
    pub footer: bool,
}

/// Text to paste. It is patient text, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Pasted {
    pub text: String,
    /// How many characters have no likeness in ASCII and are printed as `?`.
    pub lost: usize,
}

/// The whole note. Without options it is [`note::plain_text`], but for what an EHR would expand (see [`inert`]).
pub fn text(handover: &Handover, options: &Options) -> Pasted {
    let sheet = sheet(handover);
    let mut blocks: Vec<Vec<String>> = sheet
        .sections
        .iter()
        .map(|section| {
            let mut lines = vec![section.heading.to_uppercase()];
            lines.extend(marked(section));
            lines
        })
        .collect();
    if options.footer {
        blocks.push(vec![sheet.footer]);
    }
    let blocks = blocks.iter().map(|lines| shaped(lines, options));
    let (blocks, lost): (Vec<String>, Vec<usize>) = blocks.map(|block| (block.text, block.lost)).unzip();
    let end = line_end(options);
    let between = format!("{end}{end}");
    let mut text = blocks.join(&between);
    if !text.is_empty() {
        text.push_str(end);
    }
    Pasted {
        text,
        lost: lost.iter().sum(),
    }
}

/// One section without its heading, no line end after the last line.
pub fn section(section: &Section, options: &Options) -> Pasted {
    let draft = note::Draft {
        sections: vec![section.clone()],
        ..note::Draft::default()
    };
    let lines: Vec<String> = note::printed(&draft).iter().flat_map(marked).collect();
    shaped(&lines, options)
}

fn marked(section: &Printed) -> Vec<String> {
    let marked = |(index, line): (usize, &String)| section.mark(index) + line;
    section.lines.iter().enumerate().map(marked).collect()
}

fn shaped(lines: &[String], options: &Options) -> Pasted {
    let mut lost = 0;
    let mut shaped = Vec::new();
    for line in lines {
        let mut line = inert::inert(line);
        if options.ascii {
            let folded = ascii::fold(&line);
            lost += folded.lost;
            // A fold can make what an EHR expands out of what it would not.
            line = inert::inert(&folded.text);
        }
        match options.width {
            Some(width) => wrap(&line, width, &mut shaped),
            None => shaped.push(line),
        }
    }
    Pasted {
        text: shaped.join(line_end(options)),
        lost,
    }
}

/// Breaks a line between words; what follows a bullet or a number stays right of it.
fn wrap(line: &str, width: usize, into: &mut Vec<String>) {
    if line.chars().count() <= width {
        return into.push(line.into());
    }
    let indent = " ".repeat(hanging(line));
    let mut row = String::new();
    let mut length = 0;
    for word in line.split(' ').filter(|word| !word.is_empty()) {
        let letters = word.chars().count();
        if length > 0 && length + 1 + letters > width {
            into.push(std::mem::replace(&mut row, indent.clone()));
            row.push_str(word);
            length = indent.len() + letters;
        } else {
            let space = usize::from(length > 0);
            row.extend(std::iter::repeat_n(' ', space));
            row.push_str(word);
            length += space + letters;
        }
    }
    into.push(row);
}

/// The width of a line's bullet or number with its space.
fn hanging(line: &str) -> usize {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if line.starts_with("- ") {
        2
    } else if digits > 0 && line[digits..].starts_with(". ") {
        digits + 2
    } else {
        0
    }
}

fn line_end(options: &Options) -> &'static str {
    if options.crlf { "\r\n" } else { "\n" }
}
