//! The bytes that a clinician pastes.

use note::{Draft, Line, Section, plain_text, section_text};

#[test]
fn a_note_is_these_bytes() {
    let draft = Draft {
        template: "SOAP".into(),
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

fn section(heading: &str, lines: &[&str]) -> Section {
    let lines = lines
        .iter()
        .map(|&text| Line {
            text: text.into(),
            sources: vec![],
        })
        .collect();
    Section {
        heading: heading.into(),
        lines,
    }
}
