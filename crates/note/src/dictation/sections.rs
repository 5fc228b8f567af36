//! What was dictated as the sections of a note.

use speech::{Span, Transcript};

use crate::dictation::{Form, Written, dictated};
use crate::words::{extend, span};
use crate::{Evidence, Line, Origin, Section};

/// Of what was said before the first heading.
const UNNAMED: &str = "Dictation";

/// A section for each spoken heading, in the order in which they were first said; at least one. Each line of text is a line.
pub(crate) fn sections(transcript: &Transcript) -> Vec<Section> {
    let written = dictated(transcript);
    let mut sections: Vec<Section> = Vec::new();
    let mut open = section(&mut sections, UNNAMED);
    let mut start = 0;
    for text in written.text.split('\n') {
        let at = span(start, start + text.len());
        start += text.len() + 1;
        if written
            .pieces
            .iter()
            .any(|piece| piece.form == Form::Heading && piece.at == at)
        {
            open = section(&mut sections, &sentence_case(text));
        } else if !text.trim().is_empty() {
            sections[open].lines.push(Line {
                text: text.trim().to_owned(),
                origin: Origin::Drafted,
                evidence: evidence(&written, at),
            });
        }
    }
    // Nothing stands before the first heading of most dictations.
    if sections.len() > 1 && sections[0].lines.is_empty() {
        sections.remove(0);
    }
    sections
}

/// The place of the section with this heading.
fn section(sections: &mut Vec<Section>, heading: &str) -> usize {
    let known = sections.iter().position(|section| section.heading == heading);
    known.unwrap_or_else(|| {
        sections.push(Section {
            heading: heading.to_owned(),
            ..Section::default()
        });
        sections.len() - 1
    })
}

fn sentence_case(capitals: &str) -> String {
    let (first, rest) = capitals.split_at(capitals.chars().next().map_or(0, char::len_utf8));
    first.to_owned() + &rest.to_lowercase()
}

fn evidence(written: &Written, at: Span) -> Vec<Evidence> {
    let within = |piece: Span| piece.start < at.end && piece.end > at.start;
    let pieces = written.pieces.iter().filter(|piece| within(piece.at));
    let mut evidence = Vec::new();
    for place in pieces.flat_map(|piece| &piece.said) {
        extend(&mut evidence, *place);
    }
    evidence
}
