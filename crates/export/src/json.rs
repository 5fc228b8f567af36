use note::{Evidence, Format, Line, Origin, WhenEmpty, plain_text, visible};
use serde_json::{Value, json};
use speech::{Speaker, Transcript};

use crate::handover::hex;
use crate::{Handover, codes, when};

/// The note as Sotto has it: every line with who wrote it and where it was said. `schema/note.schema.json` of this crate
/// describes each field. Words and times are there where the transcript is.
pub fn json(handover: &Handover, transcript: Option<&Transcript>) -> String {
    let reviewed = handover.reviewed();
    let sections: Vec<Value> = handover
        .draft
        .sections
        .iter()
        .map(|section| {
            json!({
                "heading": section.heading,
                "loinc": codes::section(&visible(&section.heading)).map(|known| known.code),
                "format": format_name(section.format),
                "whenEmpty": when_empty_name(section.when_empty),
                "lines": section.lines.iter().map(|said| line(said, transcript)).collect::<Vec<_>>(),
            })
        })
        .collect();
    let note = json!({
        "format": "sotto-note",
        "version": 1,
        "title": handover.title(),
        "loinc": handover.code(),
        "template": handover.draft.template,
        "label": handover.label,
        "created": when::instant(handover.created, handover.offset),
        "status": if reviewed.is_some() { "final" } else { "preliminary" },
        "attestation": reviewed.map(|attested| json!({
            "by": attested.by,
            "at": when::instant(attested.at, handover.offset),
            "sha256": hex(&attested.hash),
        })),
        "text": plain_text(handover.draft),
        "sections": sections,
    });
    format!("{note:#}\n")
}

fn line(line: &Line, transcript: Option<&Transcript>) -> Value {
    let origin = match line.origin {
        Origin::Drafted => "drafted",
        Origin::Clinician => "clinician",
        Origin::Template => "template",
    };
    let evidence: Vec<Value> = line.evidence.iter().map(|at| evidence(*at, transcript)).collect();
    json!({ "text": line.text, "origin": origin, "evidence": evidence })
}

fn evidence(evidence: Evidence, transcript: Option<&Transcript>) -> Value {
    let Evidence { segment, span } = evidence;
    let mut out = json!({ "segment": segment.0, "start": span.start, "end": span.end });
    if let Some(said) = transcript.and_then(|transcript| transcript.get(segment)) {
        let speaker = said.speaker.map(|speaker| match speaker {
            Speaker::Clinician => "clinician",
            Speaker::Patient => "patient",
            Speaker::Other => "other",
        });
        out["words"] = span.of(&said.text).into();
        out["seconds"] = json!([said.start, said.end]);
        out["speaker"] = speaker.into();
    }
    out
}

fn format_name(format: Format) -> &'static str {
    match format {
        Format::Lines => "lines",
        Format::Paragraph => "paragraph",
        Format::Bullets => "bullets",
        Format::Numbered => "numbered",
    }
}

fn when_empty_name(when_empty: WhenEmpty) -> &'static str {
    match when_empty {
        WhenEmpty::Omit => "omit",
        WhenEmpty::NotDiscussed => "notDiscussed",
        WhenEmpty::Wildcard => "wildcard",
    }
}
