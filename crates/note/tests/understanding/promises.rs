//! Promises on any text at all.

use std::time::{Duration, Instant};

use note::{Evidence, understand};
use proptest::{collection::vec, prelude::*};
use speech::{Segment, SegmentId, Speaker, Transcript};

use crate::{transcript, understood};

#[test]
fn an_hour_of_talk_is_understood_at_once() {
    let turn = "So the pain in my left shoulder started about three weeks ago when I lifted a box, and we will start naproxen 500 milligrams twice a day.";
    let turns: Vec<String> = (0..340).map(|n| format!("{turn} That was visit number {n}.")).collect();
    let said: Vec<&str> = turns.iter().map(String::as_str).collect();
    let transcript = transcript(&said);
    assert!(transcript.text().split_whitespace().count() > 9_000);
    understand(&transcript);
    let begun = Instant::now();
    let statements = understand(&transcript);
    // The tests' profile is far slower than what ships.
    assert!(begun.elapsed() < Duration::from_millis(400), "{:?}", begun.elapsed());
    assert!(statements.len() >= 680);
}

#[test]
fn a_line_of_a_megabyte_is_understood_in_the_time_that_its_length_asks_for() {
    let lines = [
        "and then the pain went to my left shoulder and i took lisinopril one hundred twenty milligrams ",
        "any fever or chills or cough or chest pain? ",
        "no pain, no fever, ",
        "one twenty over eighty ",
        "x",
        "a-",
    ];
    for line in lines {
        let text = line.repeat(1_000_000 / line.len());
        let begun = Instant::now();
        understand(&transcript(&[text]));
        // A second or so for each; what grows with the square takes an hour.
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "{line:?}: {:?}",
            begun.elapsed()
        );
    }
}

/// Text as speech gives it, as nobody would say it, and as an attacker would write it.
fn hostile() -> impl Strategy<Value = Vec<String>> {
    let clinical = "(any|no|yes|fever\\?|over|point|and a half|one|twenty|hundred|eighty|mg|lisinopril|blood pressure|my mom|if you|used to|allergic to|pack|a day|the the|uh|9|1,0|98\\.6|%|[.?!,;:…-]|\n|ß|’|\u{202e}|İ|\u{0}| ){0,30}";
    vec(prop_oneof![".*", "\\PC{0,120}", clinical], 0..10)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_understood_with_evidence_that_holds(said in hostile(), speakers in vec(0..4u8, 10)) {
        let mut transcript = Transcript::default();
        for ((id, text), speaker) in (0..).zip(&said).zip(speakers) {
            let mut segment = Segment::new(SegmentId(id), id.into(), f64::from(id) + 0.9, text.as_str());
            segment.speaker = [None, Some(Speaker::Clinician), Some(Speaker::Patient), Some(Speaker::Other)][usize::from(speaker)];
            transcript.insert(segment);
        }
        let mut last = 0;
        for statement in understand(&transcript) {
            prop_assert!(!statement.text.is_empty() && !statement.evidence.is_empty());
            for place in statement.evidence.iter().chain(statement.words.iter().flat_map(|word| &word.evidence)) {
                prop_assert!(!words_of(&transcript, *place).is_empty(), "{place:?}");
            }
            for pair in statement.evidence.windows(2) {
                prop_assert!(pair[0] < pair[1], "{:?}", statement.evidence);
            }
            for word in &statement.words {
                prop_assert!(!word.at.of(&statement.text).is_empty());
            }
            for pair in statement.words.windows(2) {
                prop_assert!(pair[0].at.end <= pair[1].at.start);
            }
            for fact in &statement.facts {
                prop_assert!(!fact.at.of(&statement.text).is_empty());
            }
            // Statements stay in the order of the talk.
            let end = statement.evidence.last().expect("not empty").segment.0;
            prop_assert!(end >= last);
            last = end;
        }
    }

    #[test]
    fn a_word_that_is_no_number_was_said(said in hostile()) {
        let texts: Vec<&str> = said.iter().map(String::as_str).collect();
        for statement in understood(&texts) {
            for word in &statement.words {
                let text = word.at.of(&statement.text).to_lowercase();
                let heard = word.evidence.iter().map(|place| words_of(&transcript(&texts), *place).to_lowercase()).collect::<Vec<_>>().join(" ");
                let made = text.contains(|c: char| c.is_ascii_digit()) || ["denies", "reports", "mg"].contains(&text.as_str());
                prop_assert!(made || text == heard || text == heard.replace('’', "'"), "{text:?} of {heard:?}");
            }
        }
    }
}

fn words_of(transcript: &Transcript, place: Evidence) -> String {
    let segment = transcript.get(place.segment).expect("evidence names a segment");
    place.span.of(&segment.text).to_owned()
}
