//! The bytes that a clinician pastes.

use note::{Document, Draft, Format, Line, Section, WhenEmpty, plain_text, printed, section_text};

#[test]
fn a_note_is_these_bytes() {
    let draft = Draft {
        template: "SOAP".into(),
        document: Document::Progress,
        sections: vec![
            section("Subjective", &["Knee pain for two weeks.", "Denies fever."]),
            section("Objective", &[]),
            section("Assessment", &["Osteoarthritis, right knee <grade II> & stiffness."]),
            section(
                "Plan",
                &[
                    "Naproxen 500 mg twice a day, ½ tablet at night.",
                    "*** return in 6 weeks",
                ],
            ),
        ],
    };
    assert_eq!(plain_text(&draft).as_bytes(), include_bytes!("golden/soap.txt"));
}

#[test]
fn what_moves_hides_or_breaks_text_does_not_leave() {
    let cases = [
        ("give 5\u{202e}001\u{202c} mg", "give 5001 mg"),
        ("a\u{0}b\u{7}c\u{1b}[31md\u{7f}\u{9b}", "abc[31md"),
        (
            "one\ttwo\nthree\r\nfour\u{2028}five\u{b}six",
            "one two three  four five six",
        ),
        ("zero\u{200b}width\u{feff}\u{2060}\u{ad}", "zerowidth"),
        ("tag\u{e0041}\u{fff9}s", "tags"),
        ("no\u{fffe}\u{fdd0}char\u{10ffff}acter", "nocharacter"),
        ("Grüße, Ångström µg 5 °C ≥ 3×", "Grüße, Ångström µg 5 °C ≥ 3×"),
        (
            "नमस्ते क्\u{200d}ष 👩\u{200d}⚕\u{fe0f}",
            "नमस्ते क्\u{200d}ष 👩\u{200d}⚕\u{fe0f}",
        ),
    ];
    for (typed, pasted) in cases {
        assert_eq!(section_text(&section("Plan", &[typed])), pasted);
    }
}

#[test]
fn a_section_of_invisible_lines_is_an_empty_one() {
    assert_eq!(section_text(&section("Plan", &["\u{200b}", " "])), "Not discussed.");
    assert_eq!(plain_text(&Draft::default()), "");
}

#[test]
fn a_section_is_laid_out_as_its_format_says() {
    let cases = [
        (Format::Lines, "One.\nTwo."),
        (Format::Paragraph, "One. Two."),
        (Format::Bullets, "- One.\n- Two."),
        (Format::Numbered, "1. One.\n2. Two."),
    ];
    for (format, text) in cases {
        let mut plan = section("Plan", &["One.", "\u{200b}", "Two."]);
        plan.format = format;
        assert_eq!(section_text(&plan), text);
    }
}

#[test]
fn a_silent_section_prints_what_its_template_wants() {
    let cases = [
        (WhenEmpty::Omit, "", ""),
        (WhenEmpty::NotDiscussed, "Not discussed.", "PLAN\nNot discussed.\n"),
        (WhenEmpty::Wildcard, "***", "PLAN\n***\n"),
    ];
    for (when_empty, alone, whole) in cases {
        let mut plan = section("Plan", &[]);
        plan.format = Format::Numbered;
        plan.when_empty = when_empty;
        assert_eq!(section_text(&plan), alone);
        let draft = Draft {
            sections: vec![plan],
            ..Draft::default()
        };
        assert_eq!(plain_text(&draft), whole);
        assert!(printed(&draft).iter().all(|section| section.silent));
    }
}

fn section(heading: &str, lines: &[&str]) -> Section {
    let lines = lines.iter().map(|&text| Line::typed(text)).collect();
    Section {
        heading: heading.into(),
        lines,
        ..Section::default()
    }
}
