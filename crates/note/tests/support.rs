//! Which words of a line nobody said.

use note::{Doubt, Heard, Line, Origin, Side, unsupported};
use proptest::prelude::*;
use speech::{Segment, SegmentId, Transcript};

const VISIT: &[&str] = &[
    "So tell me what happened to your left knee.",
    "It has been hurting for two weeks, and I fell on it.",
    "Any fever or chills?",
    "No.",
    "Any chest pain?",
    "No, no chest pain.",
    "Are you short of breath?",
    "Yes, a little.",
    "I take metformin five hundred milligrams twice a day.",
    "Your blood pressure is one forty over ninety.",
    "There is no swelling of the right ankle.",
    "Lungs are clear on both sides.",
    "You left the hospital in 2019, right?",
    "Your A1c was seven point two.",
];

fn heard(said: &[&str]) -> Heard {
    let mut transcript = Transcript::default();
    for (at, text) in said.iter().enumerate() {
        let id = u32::try_from(at).expect("few");
        transcript.insert(Segment::new(SegmentId(id), f64::from(id), f64::from(id) + 1.0, *text));
    }
    Heard::of(&transcript)
}

/// The words that are doubted, and why.
fn doubted(line: &str) -> Vec<(String, Doubt)> {
    let found = unsupported(&Line::typed(line), &heard(VISIT));
    found
        .into_iter()
        .map(|one| (one.at.of(line).to_owned(), one.why))
        .collect()
}

#[test]
fn what_was_said_in_other_words_or_digits_is_supported() {
    for line in [
        "Left knee pain for 2 weeks after a fall.",
        "Left knee pain for two weeks.",
        "Denies fever, chills.",
        "Denies fever or chills and chest pain.",
        "No chest pain.",
        "Reports shortness of breath.",
        "Takes metformin 500 mg twice a day.",
        "Metformin 500mg.",
        "BP 140/90.",
        "Blood pressure 140 over 90.",
        "No swelling of the right ankle.",
        "Lungs clear bilaterally.",
        "A1c 7.2.",
        "A1C of 7.20%.",
        "The patient left the hospital in 2019.",
        "Will think about it.",
        "",
        "***",
    ] {
        assert_eq!(doubted(line), [], "{line}");
    }
}

#[test]
fn what_was_not_said_is_shown_with_its_reason() {
    for (line, words, why) in [
        ("Left knee pain for 3 weeks.", "3", Doubt::Number),
        ("Left knee pain for three weeks.", "three", Doubt::Number),
        (
            "Left knee pain for 2 months.",
            "2",
            Doubt::Unit {
                heard: vec!["week".to_owned()],
            },
        ),
        (
            "Metformin 500 mcg.",
            "500",
            Doubt::Unit {
                heard: vec!["mg".to_owned()],
            },
        ),
        ("Takes metformin 50 mg.", "50", Doubt::Number),
        ("BP 140/80.", "140/80", Doubt::Number),
        ("Temperature 98.6.", "98.6", Doubt::Number),
        ("Takes lisinopril.", "lisinopril", Doubt::Drug),
        (
            "Right knee pain.",
            "Right",
            Doubt::Side {
                heard: Some(Side::Left),
            },
        ),
        (
            "Swelling of the left ankle.",
            "left",
            Doubt::Side {
                heard: Some(Side::Right),
            },
        ),
        ("Pain in the left shoulder.", "left", Doubt::Side { heard: None }),
        (
            "Bilateral knee pain.",
            "Bilateral",
            Doubt::Side {
                heard: Some(Side::Left),
            },
        ),
        ("Reports fever.", "fever", Doubt::Denied),
        ("Reports chills.", "Reports chills", Doubt::Denied),
        ("Has had chest pain.", "chest pain", Doubt::Denied),
        ("No weight loss.", "No weight loss", Doubt::Negation),
        ("Denies vomiting.", "Denies vomiting", Doubt::Negation),
        ("Cannot take penicillin.", "Cannot take penicillin", Doubt::Negation),
    ] {
        let found = doubted(line);
        assert!(found.contains(&(words.to_owned(), why)), "{line}: {found:?}");
    }
}

#[test]
fn the_templates_own_words_are_not_doubted() {
    let line = Line {
        origin: Origin::Template,
        ..Line::typed("Call 911 or return within 24 hours.")
    };
    assert_eq!(unsupported(&line, &heard(VISIT)), []);
}

#[test]
fn a_line_of_a_megabyte_is_read() {
    for piece in [
        "left knee, ",
        "5 mg ",
        "no pain and no fever. ",
        "metformin ",
        "if you do, and ",
        "word ",
        "x",
        "🙂 ",
    ] {
        let line = piece.repeat(1_000_000 / piece.len());
        let found = unsupported(&Line::typed(line.as_str()), &heard(&[&line]));
        assert!(found.iter().all(|one| !one.at.of(&line).is_empty()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_doubt_names_words_of_the_line(line in hostile(), said in hostile()) {
        for one in unsupported(&Line::typed(line.as_str()), &heard(&[&said])) {
            prop_assert!(!one.at.of(&line).is_empty(), "{one:?} in {line:?}");
        }
    }

    #[test]
    fn a_line_that_was_said_to_the_letter_has_no_doubtful_number_or_side(
        line in "((the|left|right|knee|pain|ankle|5|120/80|98\\.6|mg|days|for|metformin|in) ){1,14}",
    ) {
        let found = unsupported(&Line::typed(line.as_str()), &heard(&[&line]));
        prop_assert!(found.is_empty(), "{found:?} in {line:?}");
    }
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,60}",
        "((no|left|Left|5|120/80|mg|metformin|denies|fever|\\*\\*\\*|é|🙂|\u{202e}|<b>|\\\\par|&amp;|診察|İ|ß|1,000\\.|\\.5|5-)[ ,.?]){0,20}",
        "[\u{0}-\u{20}a\u{85}\u{2028}]{0,20}",
    ]
}
