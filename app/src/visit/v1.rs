//! A visit as Sotto 0.1 stored it: the very structures, in postcard's compact layout, which knows no names.

use note::{Document, Draft, Evidence, Format, Line, Origin, Section, Template, WhenEmpty};
use serde::Deserialize;
use speech::{Segment, SegmentId, Span, Transcript};
use vault::Failure;

use super::Visit;

const SCHEMA: u16 = 1;

#[derive(Deserialize)]
struct OldVisit {
    label: String,
    created: u64,
    seconds: f64,
    transcript: Vec<OldSegment>,
    unheard: Vec<(f64, f64)>,
    draft: Option<OldDraft>,
    /// Nobody knows by whom: the review has to be confirmed again.
    _reviewed: bool,
}

#[derive(Deserialize)]
struct OldSegment {
    id: SegmentId,
    start: f64,
    end: f64,
    text: String,
}

#[derive(Deserialize)]
struct OldDraft {
    template: String,
    sections: Vec<OldSection>,
}

#[derive(Deserialize)]
struct OldSection {
    heading: String,
    lines: Vec<OldLine>,
}

#[derive(Deserialize)]
struct OldLine {
    text: String,
    sources: Vec<SegmentId>,
}

pub fn read(schema: u16, bytes: &[u8]) -> Result<Visit, Failure> {
    if schema != SCHEMA {
        return Err(Failure::Unsupported);
    }
    let Ok((old, [])) = postcard::take_from_bytes::<OldVisit>(bytes) else {
        return Err(Failure::Damaged);
    };
    let mut transcript = Transcript::default();
    for segment in old.transcript {
        transcript.insert(Segment::new(segment.id, segment.start, segment.end, segment.text));
    }
    let draft = old.draft.map(|draft| Draft {
        template: draft.template,
        document: Document::Progress,
        sections: draft
            .sections
            .into_iter()
            .map(|section| read_section(section, &transcript))
            .collect(),
    });
    Ok(Visit {
        label: old.label,
        created: old.created,
        seconds: old.seconds,
        transcript,
        unheard: old.unheard,
        template: Template::soap(),
        draft,
        ..Visit::default()
    })
}

fn read_section(section: OldSection, transcript: &Transcript) -> Section {
    Section {
        heading: section.heading,
        format: Format::Lines,
        when_empty: WhenEmpty::NotDiscussed,
        lines: section
            .lines
            .into_iter()
            .map(|line| read_line(line, transcript))
            .collect(),
    }
}

/// A line rested on whole segments; one that rested on none was the clinician's.
fn read_line(line: OldLine, transcript: &Transcript) -> Line {
    let segments = line.sources.iter().filter_map(|&id| transcript.get(id));
    let evidence: Vec<Evidence> = segments
        .map(|segment| Evidence {
            segment: segment.id,
            span: Span {
                start: 0,
                end: u32::try_from(segment.text.len()).unwrap_or(u32::MAX),
            },
        })
        .collect();
    Line {
        text: line.text,
        origin: if evidence.is_empty() {
            Origin::Clinician
        } else {
            Origin::Drafted
        },
        evidence,
    }
}
