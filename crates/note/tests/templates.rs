//! Templates: text in, template out, and back.
//!
//! `cargo xtask fuzz template` runs the last test for as long as it is asked to.

use std::collections::HashSet;

use note::{BUILT_IN, Document, Format, Kind, LARGEST_TEMPLATE, Length, SectionSpec, Template, WhenEmpty};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

#[test]
fn every_built_in_template_reads_and_prints_as_itself() {
    let mut names = HashSet::new();
    for text in BUILT_IN {
        let template = Template::parse(text).unwrap_or_else(|mistakes| panic!("{}\n{text}", mistakes[0]));
        assert_eq!(Template::parse(&template.to_string()), Ok(template.clone()));
        assert!(names.insert(template.name.clone()), "{} is there twice", template.name);
    }
}

#[test]
fn a_built_in_template_has_a_place_for_everything_or_says_what_it_leaves_out() {
    for template in Template::built_in() {
        assert_eq!(template.unplaced(), [], "{}", template.name);
    }
}

#[test]
fn history_and_physical_has_the_sections_of_the_benchmark() {
    let template = Template::history_and_physical();
    let headings: Vec<String> = template.sections.iter().map(|s| s.heading.to_uppercase()).collect();
    let benchmark = [
        "CHIEF COMPLAINT",
        "HISTORY OF PRESENT ILLNESS",
        "PHYSICAL EXAM",
        "RESULTS",
        "ASSESSMENT AND PLAN",
    ];
    let found: Vec<&str> = headings
        .iter()
        .map(String::as_str)
        .filter(|h| benchmark.contains(h))
        .collect();
    assert_eq!(found, benchmark, "in this order");
    assert_eq!(template.section("Results").map(|s| s.when_empty), Some(WhenEmpty::Omit));
}

#[test]
fn a_template_is_read_setting_by_setting() {
    let text = "\u{feff}# mine\r\nTEMPLATE:  My   note \r\ndocument: Letter\r\nLeaves out: SH, family history\r\n\r\n\
                [ Plan [draft] ]\r\ntext: Dear ***,\r\nText: two\r\nTakes: plan, follow up\r\nformat: NUMBERED\r\n\
                Length: detailed\r\nwhen  empty: ***\r\nrequired: yes\r\n[Notes]";
    let plan = SectionSpec {
        heading: "Plan [draft]".into(),
        takes: vec![Kind::Plan, Kind::FollowUp],
        format: Format::Numbered,
        length: Length::Detailed,
        text: vec!["Dear ***,".into(), "two".into()],
        when_empty: WhenEmpty::Wildcard,
        required: true,
    };
    let notes = SectionSpec {
        heading: "Notes".into(),
        ..SectionSpec::default()
    };
    let template = Template {
        name: "My note".into(),
        document: Document::Letter,
        dictated: false,
        leaves_out: vec![Kind::SocialHistory, Kind::FamilyHistory],
        sections: vec![plan, notes],
    };
    assert_eq!(Template::parse(text), Ok(template));
}

#[test]
fn a_mistake_names_its_line_and_what_to_do() {
    for (text, said) in [
        ("", "Line 1: the template has no name"),
        ("Template: a", "Line 1: the template has no section"),
        ("[Plan]", "Line 1: the template has no name"),
        ("Template: a\n[Plan", "Line 2: a heading ends with “]”"),
        ("Template: a\n[ ]", "Line 2: there is no heading"),
        ("Template: a\n[Plan]\n[plan]", "Line 3: line 2 has the same heading"),
        (
            "Template: a\n[Plan]\nTakes: plan\nTakes: exam",
            "Line 4: line 3 sets this already",
        ),
        (
            "Template: a\n[A]\nTakes: plan\n[B]\nTakes: exam, Plan",
            "Line 5: line 3 names “plan” already",
        ),
        (
            "Template: a\n\n[A]\nFormt: bullets",
            "Settings here are Text, Takes, Format, Length, When empty, Required",
        ),
        ("Template: a\nFormat: bullets\n[A]", "Line 2: this line is neither"),
        ("Template: a\n[A]\nhello", "Line 3: this line is neither"),
        ("Template: a\n[A]\nTakes: medicatoins", "Did you mean “medications”?"),
        ("Template: a\n[A]\nTakes: weather", "Choose from chief complaint, "),
        (
            "Template: a\n[A]\nFormat: prose",
            "Choose lines or paragraph or bullets or numbered.",
        ),
        ("Template: a\nDocument: poem\n[A]", "Line 2: “poem” cannot stand here"),
        ("Template: a\n[A]\nRequired: maybe", "Choose yes or no."),
        ("Template: a\n[A]\nTakes plan", "Line 3: this line is neither"),
    ] {
        let mistakes = Template::parse(text).expect_err(text);
        assert!(mistakes[0].to_string().contains(said), "{text:?}: {}", mistakes[0]);
    }
    let long = "x".repeat(LARGEST_TEMPLATE + 1);
    assert!(Template::parse(&long).is_err_and(|m| m[0].to_string().contains("64 kB")));
    assert_eq!(Template::parse(&"x\n".repeat(1000)).map_err(|m| m.len()), Err(20));
}

#[test]
fn a_statement_goes_to_the_nearest_section_that_there_is() {
    let template =
        Template::parse("Template: a\nLeaves out: family history\n[S]\nTakes: hpi\n[O]\nTakes: exam").expect("reads");
    for (kind, section) in [
        (Kind::Allergies, Some(0)),
        (Kind::Imaging, Some(1)),
        (Kind::FamilyHistory, None),
        (Kind::Plan, None),
    ] {
        assert_eq!(template.taker(kind), section, "{kind:?}");
    }
    assert_eq!(template.unplaced().first(), Some(&Kind::Response));
}

#[test]
fn a_template_is_made_from_an_example() {
    let example = "DISCHARGE SUMMARY\n\n**HPI:** John is here. He coughs. He has done so for a week.\n\nPMH\n- asthma\n- gout\n\n\
                   Family and Social History: none of note\n\nPhysical Exam:\nWheezes.\n\n## Results\n***\n\nWOUND CARE\nDressing.\n\n\
                   A/P:\n1. Asthma: albuterol.\n2. Gout: rest.\n";
    let template = Template::from_example(example).expect("has headings");
    let found: Vec<(&str, &[Kind], Format, WhenEmpty)> = template
        .sections
        .iter()
        .map(|s| (s.heading.as_str(), s.takes.as_slice(), s.format, s.when_empty))
        .collect();
    let default = WhenEmpty::NotDiscussed;
    assert_eq!(
        found,
        [
            ("HPI", [Kind::PresentIllness].as_slice(), Format::Paragraph, default),
            ("PMH", &[Kind::MedicalHistory], Format::Bullets, default),
            (
                "Family and Social History",
                &[Kind::FamilyHistory, Kind::SocialHistory],
                Format::Lines,
                default
            ),
            ("Physical Exam", &[Kind::Exam], Format::Lines, default),
            (
                "Results",
                &[Kind::Labs, Kind::Imaging],
                Format::Lines,
                WhenEmpty::Wildcard
            ),
            ("WOUND CARE", &[], Format::Lines, default),
            ("A/P", &[Kind::Assessment, Kind::Plan], Format::Numbered, default),
        ]
    );
    assert_eq!(template.document, Document::Discharge);
    let printed = template.to_string();
    assert!(
        !printed.contains("John") && !printed.contains("gout"),
        "no text of the patient's: {printed}"
    );
    assert_eq!(Template::parse(&printed), Ok(template));
    assert!(Template::from_example("just a sentence").is_err());
}

/// A heading, a name or a line as a person could type it.
fn words() -> impl Strategy<Value = String> {
    proptest::string::string_regex("[^\\s\\u{feff}]{1,8}( [^\\s\\u{feff}]{1,8}){0,3}").expect("a valid pattern")
}

prop_compose! {
    fn any_template()(
        name in words(),
        headings in proptest::collection::vec((words(), 0..4usize, 0..3usize, 0..3usize, any::<bool>(), proptest::collection::vec(words(), 0..3)), 1..8),
        places in proptest::collection::vec(0..10usize, Kind::ALL.len()),
        document in 0..7usize,
    ) -> Template {
        let mut seen = HashSet::new();
        let sections: Vec<SectionSpec> = headings.into_iter()
            .filter(|(heading, ..)| seen.insert(heading.to_lowercase()))
            .enumerate()
            .map(|(at, (heading, format, length, when_empty, required, text))| SectionSpec {
                heading,
                takes: Kind::ALL.into_iter().zip(&places).filter(|(_, place)| **place == at).map(|(kind, _)| kind).collect(),
                format: [Format::Lines, Format::Paragraph, Format::Bullets, Format::Numbered][format],
                length: [Length::Concise, Length::Standard, Length::Detailed][length],
                text,
                when_empty: [WhenEmpty::Omit, WhenEmpty::NotDiscussed, WhenEmpty::Wildcard][when_empty],
                required,
            })
            .collect();
        Template {
            name,
            document: [Document::Progress, Document::HistoryAndPhysical, Document::Consultation, Document::Procedure,
                Document::Telephone, Document::Discharge, Document::Letter][document],
            // Printed, and read back.
            dictated: places[0] == 9,
            leaves_out: Kind::ALL.into_iter().zip(&places).filter(|(_, place)| **place == 9).map(|(kind, _)| kind).collect(),
            sections,
        }
    }
}

#[test]
fn a_text_of_a_megabyte_is_refused_or_read() {
    for piece in ["PLAN\n", "[a", "Takes: plan, ", "A b:\n- c\n", "x", "é"] {
        let text = piece.repeat(1_000_000 / piece.len());
        assert!(Template::parse(&text).is_err());
        if let Ok(template) = Template::from_example(&text) {
            assert!(template.sections.len() <= 60);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: Some(Box::new(KEPT)), ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_reads_as_the_same_template(template in any_template()) {
        prop_assert_eq!(Template::parse(&template.to_string()), Ok(template));
    }

    #[test]
    fn no_text_breaks_the_parser(text in hostile()) {
        let _ = Template::from_example(&text);
        match Template::parse(&text) {
            Ok(template) => prop_assert_eq!(Template::parse(&template.to_string()), Ok(template)),
            Err(mistakes) => prop_assert!(mistakes.iter().all(|mistake| mistake.line <= text.lines().count().max(1))),
        }
    }
}

/// Texts that broke the parser once are tried first, for ever.
const KEPT: FileFailurePersistence = FileFailurePersistence::Direct("tests/templates.kept");

/// Lines that look like a template's, with something wrong in many of them.
fn hostile() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        "\\PC{0,20}",
        "(Template|Document|Leaves out|Text|Takes|Format|Length|When empty|Required) ?: ?\\PC{0,12}",
        "\\[\\PC{0,8}\\]?",
        Just("Takes: plan, exam,, hpi".to_owned()),
        Just("Template: a".to_owned()),
        Just("<script>alert(1)</script> {\\rtf1 \u{202e}abc\u{2066} &amp;".to_owned()),
        Just("\u{0}\u{7}\r".to_owned()),
        Just("診察：痛み".to_owned()),
    ];
    proptest::collection::vec(line, 0..30).prop_map(|lines| lines.join("\n"))
}
