//! Notes to export, and what a reader of each should find.

use export::{Handover, sheet};
use note::{Attestation, Document, Draft, Evidence, Format, Line, Origin, Section, WhenEmpty};
use speech::{Segment, SegmentId, Span, Transcript};

/// A visit with every format, a silent section of each kind, and every kind of awkward character.
pub fn soap() -> Draft {
    let mut subjective = section(
        "Subjective",
        Format::Paragraph,
        &["Knee pain for two weeks.", "Denies fever."],
    );
    subjective.lines[0].origin = Origin::Drafted;
    subjective.lines[0].evidence = vec![Evidence {
        segment: SegmentId(7),
        span: Span { start: 4, end: 13 },
    }];
    Draft {
        template: "SOAP".into(),
        document: Document::Progress,
        sections: vec![
            subjective,
            section(
                "Objective",
                Format::Lines,
                &["BP 128/82, SpO₂ 97 % <normal> & “stable”.", "Größe 1,80 m \\ {ok}"],
            ),
            section(
                "Assessment",
                Format::Numbered,
                &["Osteoarthritis, right knee.", "Hypertension → controlled."],
            ),
            section(
                "Plan",
                Format::Bullets,
                &["Naproxen 500 mg twice a day.", "*** return in 6 weeks", "आराम करें 👍"],
            ),
            Section {
                heading: "Results".into(),
                when_empty: WhenEmpty::NotDiscussed,
                ..Section::default()
            },
            Section {
                heading: "Goals".into(),
                when_empty: WhenEmpty::Wildcard,
                ..Section::default()
            },
            Section {
                heading: "Allergies".into(),
                when_empty: WhenEmpty::Omit,
                ..Section::default()
            },
        ],
    }
}

pub fn section(heading: &str, format: Format, lines: &[&str]) -> Section {
    Section {
        heading: heading.into(),
        format,
        lines: lines.iter().map(|&text| Line::typed(text)).collect(),
        ..Section::default()
    }
}

pub fn transcript() -> Transcript {
    let mut transcript = Transcript::default();
    transcript.insert(Segment::new(
        SegmentId(7),
        12.5,
        15.0,
        "The knee pain began two weeks ago",
    ));
    transcript
}

pub fn draft_of(draft: &Draft) -> Handover<'_> {
    Handover {
        draft,
        label: "Room 4 <left> & “knee”",
        created: 1_795_356_309,
        offset: -300,
        attested: None,
    }
}

/// Who vouches for a note, for [`reviewed`].
pub fn attest(draft: &Draft) -> Attestation {
    Attestation {
        by: "Dr. A. O’Neil & Partner".into(),
        at: 1_795_359_909,
        hash: note::note_hash(draft),
    }
}

pub fn reviewed<'a>(draft: &'a Draft, attestation: &'a Attestation) -> Handover<'a> {
    Handover {
        attested: Some(attestation),
        ..draft_of(draft)
    }
}

/// Every line that a person sees in a file, in order.
pub fn seen(handover: &Handover) -> Vec<String> {
    let sheet = sheet(handover);
    let mut lines = vec![sheet.title.clone(), sheet.subtitle()];
    for section in &sheet.sections {
        lines.push(section.heading.clone());
        let marked = |(index, line): (usize, &String)| section.mark(index) + line;
        lines.extend(section.lines.iter().enumerate().map(marked));
    }
    lines.push(sheet.footer);
    lines.retain(|line| !line.is_empty());
    lines
}
