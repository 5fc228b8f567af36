use export::text::{Options, section, text};
use export::{Failure, SHORTEST_PART, parts};
use note::{Draft, Format, plain_text};

use crate::notes;

const SOAP: &str = "SUBJECTIVE
Knee pain for two weeks. Denies fever.

OBJECTIVE
BP 128/82, SpO₂ 97 % <normal> & “stable”.
Größe 1,80 m \\ {ok}

ASSESSMENT
1. Osteoarthritis, right knee.
2. Hypertension → controlled.

PLAN
- Naproxen 500 mg twice a day.
- *** return in 6 weeks
- आराम करें 👍

RESULTS
Not discussed.

GOALS
***
";

#[test]
fn without_options_the_text_is_the_canonical_one() {
    let draft = notes::soap();
    assert_eq!(plain_text(&draft), SOAP);
    let pasted = text(&notes::draft_of(&draft), &Options::default());
    assert_eq!((pasted.text.as_str(), pasted.lost), (SOAP, 0));
    assert_eq!(text(&notes::draft_of(&Draft::default()), &Options::default()).text, "");
}

#[test]
fn options_change_line_ends_letters_and_width_and_nothing_else() {
    let draft = notes::soap();
    let options = Options {
        width: Some(24),
        crlf: true,
        ascii: true,
        footer: true,
    };
    let pasted = text(&notes::reviewed(&draft, &notes::attest(&draft)), &options);
    let expected = "SUBJECTIVE
Knee pain for two weeks.
Denies fever.

OBJECTIVE
BP 128/82, SpO2 97 %
<normal> & \"stable\".
Groesse 1,80 m \\ {ok}

ASSESSMENT
1. Osteoarthritis, right
   knee.
2. Hypertension ->
   controlled.

PLAN
- Naproxen 500 mg twice
  a day.
- *** return in 6 weeks
- ???? ???? ?

RESULTS
Not discussed.

GOALS
***

Reviewed and confirmed
by Dr. A. O'Neil &
Partner on 22 Nov 2026,
10:05. Fingerprint of
the note:";
    assert!(
        pasted.text.starts_with(&expected.replace('\n', "\r\n")),
        "{}",
        pasted.text
    );
    assert_eq!(pasted.lost, 9);
    assert!(!pasted.text.replace("\r\n", "").contains(['\r', '\n']));
}

#[test]
fn a_section_is_copied_alone() {
    let plan = notes::section("Plan", Format::Numbered, &["Start .aspirin 81 mg", "Call @NAME@"]);
    let pasted = section(&plan, &Options::default());
    assert_eq!(pasted.text, "1. Start . aspirin 81 mg\n2. Call @ NAME@");
}

#[test]
fn a_review_of_another_text_counts_for_nothing() {
    let draft = notes::soap();
    let mut changed = draft.clone();
    changed.sections[3].lines[0].text = "Naproxen 50 mg twice a day.".into();
    let attestation = notes::attest(&draft);
    let handover = export::Handover {
        draft: &changed,
        ..notes::reviewed(&draft, &attestation)
    };
    assert!(notes::reviewed(&draft, &notes::attest(&draft)).reviewed().is_some());
    assert!(handover.reviewed().is_none());
    assert_eq!(handover.footer(), "Draft: not reviewed.");
}

#[test]
fn parts_keep_lines_whole_where_that_is_possible() {
    let text = "PLAN\nfirst line of the plan\nsecond line of the plan\n\nRESULTS\nnone\n";
    let expected = [
        "PLAN\nfirst line of the plan",
        "second line of the plan\n\nRESULTS\nnone\n",
    ];
    assert_eq!(parts(text, 42, false).expect("a fair limit"), expected);
    let labelled = parts(text, 48, true).expect("a fair limit");
    assert_eq!(
        labelled,
        [
            "(1/2)\nPLAN\nfirst line of the plan",
            "(2/2)\nsecond line of the plan\n\nRESULTS\nnone\n"
        ]
    );
    assert_eq!(parts("short", 4_000, true).expect("a fair limit"), ["short"]);
    assert_eq!(parts("", 4_000, true).expect("a fair limit"), [""]);
}

#[test]
fn parts_fit_even_where_a_word_does_not() {
    for text in ["a".repeat(1_000), "👍".repeat(500), "word ".repeat(200)] {
        let parts = parts(&text, SHORTEST_PART, true).expect("the shortest limit");
        assert!(parts.iter().all(|part| part.encode_utf16().count() <= SHORTEST_PART));
    }
    assert_eq!(parts("text", SHORTEST_PART - 1, false), Err(Failure::PartTooShort));
}
