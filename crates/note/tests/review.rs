//! What is flagged, and when a note may be confirmed.

use note::{
    Draft, Format, Line, Origin, Reason, Refused, Review, Section, SectionSpec, Template, WhenEmpty, flags, note_hash,
};
use proptest::prelude::*;
use speech::{Segment, SegmentId, Transcript};

fn transcript(said: &[&str]) -> Transcript {
    let mut transcript = Transcript::default();
    for (at, text) in said.iter().enumerate() {
        let id = u32::try_from(at).expect("few");
        transcript.insert(Segment::new(SegmentId(id), f64::from(id), f64::from(id) + 1.0, *text));
    }
    transcript
}

fn note(sections: &[(&str, &[&str])]) -> Draft {
    let section = |(heading, lines): &(&str, &[&str])| Section {
        heading: (*heading).into(),
        lines: lines.iter().map(|line| Line::typed(*line)).collect(),
        ..Section::default()
    };
    Draft {
        sections: sections.iter().map(section).collect(),
        ..Draft::default()
    }
}

fn soap(subjective: &str, plan: &str) -> Draft {
    note(&[
        ("Subjective", &[subjective]),
        ("Objective", &[]),
        ("Assessment", &["Cough."]),
        ("Plan", &[plan]),
    ])
}

fn opened(draft: &Draft) -> Review {
    Review {
        opened: draft.sections.iter().map(|section| section.heading.clone()).collect(),
        ..Review::default()
    }
}

#[test]
fn a_note_is_confirmed_when_every_flag_is_resolved_and_every_section_opened() {
    let mut draft = soap("A cough.", "Rest for *** days.");
    let heard = transcript(&["A cough."]);
    let found = flags(&draft, &Template::soap(), &heard);
    assert_eq!(
        found.iter().map(|flag| &flag.reason).collect::<Vec<_>>(),
        [&Reason::Unfilled]
    );
    let mut review = Review::default();
    assert_eq!(
        review.attest(&draft, &found, "Dr. Ada", 5),
        Err(Refused::Open(vec![found[0].id]))
    );
    review.resolved.insert(found[0].id);
    let unread = Refused::Unread(vec!["Subjective".into(), "Assessment".into(), "Plan".into()]);
    assert_eq!(review.attest(&draft, &found, "Dr. Ada", 5), Err(unread));
    review.opened = opened(&draft).opened;
    assert_eq!(review.attest(&draft, &found, "  ", 5), Err(Refused::Nameless));
    assert_eq!(review.attested(&draft), None);
    assert_eq!(review.attest(&draft, &found, " Dr. Ada ", 5), Ok(()));
    let attestation = review.attested(&draft).expect("of this very note");
    assert_eq!(
        (attestation.by.as_str(), attestation.at, attestation.hash),
        ("Dr. Ada", 5, note_hash(&draft))
    );

    draft.sections[3].edit("Rest for 3 days.");
    assert_eq!(review.attested(&draft), None, "an edit makes it void");
    draft.sections[3].edit("Rest for *** days.");
    assert!(
        review.attested(&draft).is_some(),
        "the very same text is what was confirmed"
    );
}

#[test]
fn an_empty_note_is_not_confirmed() {
    let draft = note(&[("Subjective", &[])]);
    assert_eq!(opened(&draft).attest(&draft, &[], "Dr. Ada", 5), Err(Refused::Empty));
}

#[test]
fn a_required_section_without_text_is_missing() {
    let mut draft = soap("A cough.", "Rest.");
    draft.sections[0].lines.clear();
    draft.sections[3].lines[0].origin = Origin::Template;
    draft.sections.remove(2);
    let found = flags(&draft, &Template::soap(), &Transcript::default());
    let missing: Vec<_> = found
        .iter()
        .filter_map(|flag| match &flag.reason {
            Reason::Missing { heading } => Some((heading.as_str(), flag.section)),
            _ => None,
        })
        .collect();
    assert_eq!(
        missing,
        [("Subjective", Some(0)), ("Plan", Some(2)), ("Assessment", None)]
    );
}

#[test]
fn a_flag_keeps_its_identity_while_its_line_does() {
    let heard = transcript(&["A cough."]);
    let before = soap("A cough.", "Rest for *** days.");
    let id = flags(&before, &Template::soap(), &heard)[0].id;
    let mut after = before.clone();
    after.sections[0].edit("A bad cough.");
    after.sections[3].edit("First this.\nRest for *** days.\nRest for *** days.");
    let ids: Vec<_> = flags(&after, &Template::soap(), &heard)
        .iter()
        .map(|flag| flag.id)
        .collect();
    assert_eq!(ids[0], id, "wherever it was moved to");
    assert_ne!(ids[1], id, "the second of two equal lines is another flag");
    after.sections[3].edit("Rest for *** weeks.");
    assert_ne!(
        flags(&after, &Template::soap(), &heard)[0].id,
        id,
        "a changed line is looked at anew"
    );
}

#[test]
fn the_hash_covers_all_that_is_printed() {
    let draft = soap("A cough.", "Rest.");
    let hash = note_hash(&draft);
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        hex, "4262bc985183cabd8bd00274112d21279dba80923b0e1153f2ca7186f2ee4b1e",
        "the form never changes: old confirmations rely on it"
    );
    let changes: [fn(&mut Draft); 6] = [
        |draft| draft.sections[0].edit("A cough"),
        |draft| draft.sections[0].heading.push('!'),
        |draft| draft.sections[0].format = Format::Bullets,
        |draft| draft.sections[1].when_empty = WhenEmpty::Omit,
        |draft| draft.sections.swap(0, 1),
        |draft| draft.document = note::Document::Letter,
    ];
    for (at, change) in changes.into_iter().enumerate() {
        let mut changed = draft.clone();
        change(&mut changed);
        assert_ne!(note_hash(&changed), hash, "change {at}");
    }
    let one = note(&[("A", &["b", "c"])]);
    let two = note(&[("A", &["b"]), ("c", &[])]);
    assert_ne!(note_hash(&one), note_hash(&two));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_the_flags(said in hostile(), line in hostile(), heading in "\\PC{0,12}") {
        let template = Template {
            sections: vec![SectionSpec { heading: heading.clone(), required: true, ..SectionSpec::default() }],
            ..Template::default()
        };
        let mut heard = transcript(&[&said, &line]);
        let mut doubtful = heard.segments()[0].clone();
        doubtful.doubtful = vec![speech::Span { start: 0, end: u32::try_from(said.len()).unwrap_or(0) }];
        heard.insert(doubtful);
        let draft = note(&[(&heading, &[&line, &said])]);
        let found = flags(&draft, &template, &heard);
        for flag in &found {
            if let (Some(section), Some(line), Some(at)) = (flag.section, flag.line, flag.at) {
                let text = &draft.sections[section].lines[line].text;
                prop_assert!(text.get(at.start as usize..at.end as usize).is_some(), "{at:?} in {text:?}");
            }
        }
        prop_assert_eq!(flags(&draft, &template, &heard), found);
    }
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,60}",
        "((no|left|Left|5|120/80|mg|metformin|\\*\\*\\*|é|🙂|\u{202e}|<b>|\\\\par|&amp;|診察|İ|ß)[ ,.?]){0,20}",
        "[\u{0}-\u{20}a\u{85}\u{2028}]{0,20}",
    ]
}

#[test]
fn lines_that_cannot_both_be_meant_are_shown() {
    let conflicts = |subjective: &[&str], plan: &[&str]| -> Vec<String> {
        let draft = note(&[
            ("Subjective", subjective),
            ("Objective", &[]),
            ("Assessment", &["Cough."]),
            ("Plan", plan),
        ]);
        let found = flags(&draft, &Template::soap(), &transcript(subjective));
        let reasons = found
            .iter()
            .map(|flag| &flag.reason)
            .filter(|reason| matches!(reason, Reason::Conflict { .. }));
        reasons.map(ToString::to_string).collect()
    };
    for (subjective, plan, said) in [
        (
            &["Denies fever.", "Reports fever."][..],
            &[][..],
            "One line reports fever, another denies it.",
        ),
        (
            &["Takes lisinopril 10 mg."],
            &["Continue lisinopril 20 mg."],
            "Two doses of lisinopril in this note.",
        ),
        (
            &["Left knee pain since Monday."],
            &["X-ray for the right knee pain."],
            "One line says left, another right.",
        ),
    ] {
        assert_eq!(conflicts(subjective, plan), [said], "{subjective:?} {plan:?}");
    }
    for (subjective, plan) in [
        (&["Denies fever."][..], &["Return if you get a fever."][..]),
        (&["Denies fever.", "Her son has a fever."], &[]),
        (&["Reports knee pain.", "Denies chest pain."], &[]),
        (&["Takes lisinopril 10 mg."], &["Increase lisinopril to 20 mg."]),
        (&["Left knee pain since Monday."], &["The right knee is fine."]),
        (
            &["Pain in the left and the right knee.", "Left knee pain is worse."],
            &[],
        ),
    ] {
        assert_eq!(conflicts(subjective, plan), [] as [&str; 0], "{subjective:?} {plan:?}");
    }
}

#[test]
fn what_the_recogniser_was_unsure_of_is_shown_where_it_reached_the_note() {
    let mut segment = Segment::new(
        SegmentId(0),
        0.0,
        1.0,
        "I take metformin fifty milligrams for my sugar, you know.",
    );
    let at = |word: &str| {
        let start = segment.text.find(word).expect("it is said");
        speech::Span {
            start: start as u32,
            end: (start + word.len()) as u32,
        }
    };
    segment.doubtful = vec![at("fifty"), at("sugar"), at("you")];
    let mut heard = Transcript::default();
    let whole = note::Evidence {
        segment: SegmentId(0),
        span: speech::Span {
            start: 0,
            end: segment.text.len() as u32,
        },
    };
    heard.insert(segment);
    let mut draft = soap("Takes metformin 50 mg for sugar.", "Rest.");
    draft.sections[0].lines[0].evidence = vec![whole];
    let found = flags(&draft, &Template::soap(), &heard);
    let said: Vec<(String, bool, &str)> = found
        .iter()
        .filter_map(|flag| {
            Some((
                flag.reason.to_string(),
                flag.must_resolve(),
                flag.at?.of(&draft.sections[0].lines[0].text),
            ))
        })
        .collect();
    assert_eq!(
        said,
        [
            ("Heard as “fifty”, with low confidence.".to_owned(), true, "50"),
            ("Heard as “sugar”, with low confidence.".to_owned(), false, "sugar"),
        ]
    );
}

#[test]
fn a_value_that_cannot_be_is_shown() {
    let said = "Heart rate is 700.";
    let found = flags(&soap(said, "Rest."), &Template::soap(), &transcript(&[said]));
    let reasons: Vec<String> = found.iter().map(|flag| flag.reason.to_string()).collect();
    assert_eq!(reasons, ["Can this heart rate be right?"]);
    let line = "Heart rate is 70.";
    assert_eq!(flags(&soap(line, "Rest."), &Template::soap(), &transcript(&[line])), []);
}

#[test]
fn a_line_of_a_megabyte_is_flagged_and_hashed() {
    let line = "no left knee pain, 5 mg of metformin and *** ".repeat(22_000);
    let draft = soap(&line, &line);
    let found = flags(&draft, &Template::soap(), &transcript(&["No."]));
    assert!(found.len() > 22_000);
    assert!(opened(&draft).attest(&draft, &found, "Dr. Ada", 5).is_err());
}
