//! Markdown, RTF and DOCX, read back.

use std::io::{Cursor, Read};

use export::{Handover, docx, markdown, rtf};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use zip::ZipArchive;

use crate::notes;

#[test]
fn every_line_of_a_note_is_a_line_of_each_file() {
    let draft = notes::soap();
    for handover in [notes::draft_of(&draft), notes::reviewed(&draft, &notes::attest(&draft))] {
        let seen = notes::seen(&handover);
        assert!(seen.len() > 15);
        assert_eq!(markdown_lines(&markdown(&handover)), without_marks(&handover));
        assert_eq!(rtf_lines(&rtf(&handover)), seen);
        assert_eq!(docx_lines(&docx(&handover)), seen);
    }
}

#[test]
fn the_same_note_gives_the_same_bytes() {
    let draft = notes::soap();
    assert!(
        docx(&notes::reviewed(&draft, &notes::attest(&draft)))
            == docx(&notes::reviewed(&draft, &notes::attest(&draft)))
    );
}

/// What CommonMark shows: bullets and numbers are its own.
pub fn without_marks(handover: &Handover) -> Vec<String> {
    let sheet = export::sheet(handover);
    let mut lines = vec![sheet.title.clone(), sheet.subtitle()];
    for section in sheet.sections {
        lines.push(section.heading);
        lines.extend(section.lines);
    }
    lines.push(sheet.footer);
    lines.retain(|line| !line.is_empty());
    lines
}

pub fn markdown_lines(markdown: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for event in Parser::new(markdown) {
        match event {
            Event::Text(text) => lines.last_mut().expect("never empty").push_str(&text),
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::Item | Tag::List(_)) | Event::Rule => {
                lines.push(String::new());
            }
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::List(_)) => {
                lines.push(String::new());
            }
            other => panic!("text became {other:?}"),
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// The text of an RTF file; panics where its groups do not balance.
pub fn rtf_lines(rtf: &str) -> Vec<String> {
    assert!(rtf.is_ascii());
    let mut units: Vec<u16> = Vec::new();
    let mut depth = 0;
    let mut silent_from = None;
    let mut rest = rtf;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                assert!(depth >= 0, "a group ends that never began");
                silent_from = silent_from.filter(|&from| from <= depth);
            }
            '\\' if rest.starts_with(['\\', '{', '}']) => {
                units.extend(rest.chars().next().map(|c| c as u16));
                rest = &rest[1..];
            }
            '\\' => {
                let letters = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
                let (word, after) = rest.split_at(letters);
                let digits = after
                    .find(|c: char| !c.is_ascii_digit() && c != '-')
                    .unwrap_or(after.len());
                let (number, after) = after.split_at(digits);
                rest = after.strip_prefix(' ').unwrap_or(after);
                match word {
                    "u" => {
                        let unit: i16 = number.parse().expect("a signed 16-bit number");
                        units.push(unit.cast_unsigned());
                        rest = rest.strip_prefix('?').expect("a fallback character");
                    }
                    "par" => units.push(10),
                    "fonttbl" => silent_from = Some(depth),
                    _ => assert!(!word.is_empty(), "a backslash before {rest:.10}"),
                }
            }
            '\n' => {}
            c if silent_from.is_none() => units.push(c as u16),
            _ => {}
        }
    }
    assert_eq!(depth, 0, "a group never ends");
    let text = String::from_utf16(&units).expect("no half of a pair");
    text.split('\n')
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The paragraphs of a Word file; panics where a part is no XML.
pub fn docx_lines(docx: &[u8]) -> Vec<String> {
    let mut archive = ZipArchive::new(Cursor::new(docx)).expect("a zip archive");
    let mut lines = Vec::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("a part");
        let mut text = String::new();
        part.read_to_string(&mut text).expect("UTF-8 with the right checksum");
        let tree = roxmltree::Document::parse(&text).expect("well-formed XML");
        if part.name().is_ok_and(|name| name == "word/document.xml") {
            let paragraphs = tree.descendants().filter(|node| node.tag_name().name() == "p");
            lines.extend(paragraphs.map(|p| {
                p.descendants()
                    .filter(|node| node.is_text())
                    .filter_map(|node| node.text())
                    .collect::<String>()
            }));
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}
