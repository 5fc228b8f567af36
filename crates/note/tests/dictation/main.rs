//! What is dictated and what is written for it: `cases.txt` was written before the code, `held_out.txt` after the last
//! change that it could have led to.

use note::{Form, Template, Written, dictated, draft, flags};
use proptest::prelude::*;
use speech::{Segment, SegmentId, Transcript};

const CASES: &str = include_str!("cases.txt");
const HELD_OUT: &str = include_str!("held_out.txt");

/// Of a hundred cases at least so many are written as they should be.
const RIGHT: usize = 98;

#[test]
fn what_is_dictated_is_written_as_it_should_be() {
    check("cases.txt", CASES);
}

#[test]
fn what_no_rule_was_made_for_is_written_as_it_should_be() {
    check("held_out.txt", HELD_OUT);
}

fn check(name: &str, table: &str) {
    let cases = cases(table);
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(said, wanted)| {
            let got = written(said).text.replace("\n\n", "¶").replace('\n', "⏎");
            (got != wanted.trim()).then(|| format!("{said}\n  wanted {}\n  got    {got}", wanted.trim()))
        })
        .collect();
    let right = cases.len() - wrong.len();
    println!("{name}: {right} of {} cases right\n{}", cases.len(), wrong.join("\n"));
    assert!(cases.len() > 80, "{name} holds {} cases", cases.len());
    assert!(right * 100 >= RIGHT * cases.len(), "{name}: {right} of {}", cases.len());
}

/// What is said, and what is to be written for it.
fn cases(table: &str) -> Vec<(&str, &str)> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(" =>")).collect()
}

fn written(said: &str) -> Written {
    dictated(&transcript(&said.split('|').map(str::trim).collect::<Vec<_>>()))
}

fn transcript(said: &[&str]) -> Transcript {
    let mut transcript = Transcript::default();
    for (id, text) in (0..).zip(said) {
        transcript.insert(Segment::new(SegmentId(id), id.into(), f64::from(id) + 0.9, *text));
    }
    transcript
}

/// All that the pieces were made of, one after the other.
fn said(written: &Written, transcript: &Transcript) -> String {
    let places = written.pieces.iter().flat_map(|piece| &piece.said);
    places
        .map(|place| place.span.of(&transcript.get(place.segment).expect("a segment").text))
        .collect()
}

fn recovers(said_by_segment: &[&str]) {
    let transcript = transcript(said_by_segment);
    let written = dictated(&transcript);
    assert_eq!(said(&written, &transcript), said_by_segment.concat());
    let mut end = 0;
    for piece in &written.pieces {
        assert!(piece.at.start >= end && piece.at.start <= piece.at.end, "{written:?}");
        assert!(
            written
                .text
                .get(piece.at.start as usize..piece.at.end as usize)
                .is_some()
        );
        end = piece.at.end;
    }
    // Only white space lies between the pieces: nothing is written that nobody said.
    let mut between = written.text.clone();
    for piece in written.pieces.iter().rev() {
        between.replace_range(piece.at.start as usize..piece.at.end as usize, "");
    }
    assert_eq!(between.trim(), "", "{written:?}");
}

#[test]
fn every_case_leads_back_to_its_words() {
    for (said, _) in cases(CASES).into_iter().chain(cases(HELD_OUT)) {
        recovers(&said.split('|').collect::<Vec<_>>());
    }
    // A number over a segment in which no word was heard.
    recovers(&["one \n", "=> ", "…\n", "five\n\n", "<ࡡ)\n"]);
}

#[test]
fn a_piece_names_what_was_said_for_it() {
    let raw = "pressure one twenty over eighty period lungs wet scratch that lungs clear full stop";
    let transcript = transcript(&[raw]);
    let written = dictated(&transcript);
    assert_eq!(written.text, "Pressure 120/80. Lungs clear.");
    let said_for = |text: &str| {
        let piece = written.pieces.iter().find(|piece| piece.at.of(&written.text) == text);
        let said = &piece.expect("a piece").said;
        said.iter().map(|place| place.span.of(raw).trim()).collect::<Vec<_>>()
    };
    assert_eq!(said_for("120/80"), ["one twenty over eighty"]);
    assert_eq!(said_for("."), ["period"]);
    let gone: Vec<&str> = written
        .pieces
        .iter()
        .filter(|piece| piece.form == Form::Scratched)
        .flat_map(|piece| piece.said.iter().map(|place| place.span.of(raw).trim()))
        .collect();
    assert_eq!(gone, ["lungs", "wet", "scratch that"]);
}

#[test]
fn a_dictated_note_has_the_sections_that_were_spoken_and_nothing_to_doubt() {
    let template = Template::built_in().into_iter().find(|template| template.dictated);
    let template = template.expect("one is built in");
    let transcript = transcript(&[
        "forty five year old man with cough full stop",
        "physical exam colon temperature thirty eight point two new line blood pressure one twenty over eighty full stop",
        "plan colon amoxicillin five hundred milligrams three times a day full stop",
        "physical exam colon lungs clear full stop",
    ]);
    let note = draft(&transcript, &template);
    let sections: Vec<(&str, String)> = note.sections.iter().map(|s| (s.heading.as_str(), s.text())).collect();
    let expected = [
        ("Dictation", "45 year old man with cough."),
        (
            "Physical exam",
            "Temperature 38.2\nBlood pressure 120/80.\nLungs clear.",
        ),
        ("Plan", "Amoxicillin 500 mg 3 times a day."),
    ];
    assert_eq!(sections, expected.map(|(heading, text)| (heading, text.to_owned())));
    let line = &note.sections[1].lines[1];
    let place = line.evidence[0];
    let words = place.span.of(&transcript.get(place.segment).expect("a segment").text);
    assert_eq!(words, "blood pressure one twenty over eighty full stop");
    assert_eq!(flags(&note, &template, &transcript), []);
    assert_eq!(
        draft(&Transcript::default(), &template).sections.len(),
        1,
        "a place to write"
    );
}

/// Words with which the rules have to do, and some with which they have not.
fn word() -> impl Strategy<Value = String> {
    let known: Vec<&str> = CASES
        .split_whitespace()
        .filter(|word| !word.contains(['¶', '⏎', '#']))
        .collect();
    prop_oneof![
        8 => proptest::sample::select(known).prop_map(str::to_owned),
        1 => "[a-zA-Z]{1,6}[.,?!:;…-]{0,2}",
        1 => "\\PC{1,5}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_raw_words_can_always_be_recovered(
        segments in proptest::collection::vec(proptest::collection::vec((word(), "[ \n]{1,2}"), 0..12), 0..5)
    ) {
        let texts: Vec<String> = segments
            .iter()
            .map(|words| words.iter().map(|(word, space)| format!("{word}{space}")).collect())
            .collect();
        recovers(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    }
}
