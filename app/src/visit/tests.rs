use speech::{Segment, SegmentId, Voice};
use vault::Failure;

use super::*;

/// The first visit of tests/data/vault-v1.json, opened.
const OLD: &str = include_str!("../../../tests/data/visit-v1.txt");

fn visit() -> Visit {
    let mut visit = Visit::new(1_000, Template::soap());
    visit.label = "Room 2".to_owned();
    visit
        .transcript
        .insert(Segment::new(SegmentId(0), 0.0, 3.5, "A dry cough."));
    visit.unheard = vec![(4.0, 5.5)];
    visit.wordless = vec![Stretch {
        start: 6.0,
        end: 7.5,
        why: speech::protocol::Wordless::Unclear,
    }];
    visit.languages.insert("es".to_owned());
    visit.words = "Nguyen\nwarfarin".to_owned();
    visit.review.opened.insert("Plan".to_owned());
    visit
}

#[test]
fn a_visit_survives_its_parts_and_nothing_else_does() {
    let visit = visit();
    let (note, words) = (visit.note_bytes(), visit.words_bytes());
    let both = Visit::from_parts((SCHEMA, &note), Some((SCHEMA, &words)));
    assert_eq!(both, Ok(visit));
    let newer = Visit::from_parts((SCHEMA + 1, &note), None);
    assert_eq!(newer, Err(Failure::Unsupported));
    let cut = Visit::from_parts((SCHEMA, &note[1..]), None);
    assert_eq!(cut, Err(Failure::Damaged));
    let longer = [note.as_slice(), b"{"].concat();
    assert_eq!(Visit::from_parts((SCHEMA, &longer), None), Err(Failure::Damaged));
}

/// As the first version with parts stored them. Whatever is added to a note, these must go on being read.
const NOTE: &[u8] = br#"{"label":"Room 2","created":1766300000,"seconds":16.5,"draft":{"template":"SOAP","document":"Progress","sections":[{"heading":"Plan","format":"Lines","when_empty":"NotDiscussed","lines":[{"text":"Start an inhaler.","origin":"Drafted","evidence":[{"segment":0,"span":{"start":0,"end":17}}]},{"text":"Seen by me.","origin":"Clinician","evidence":[]}]}]}}"#;
const WORDS: &[u8] = br#"{"transcript":{"segments":[{"id":0,"start":0.0,"end":3.5,"text":"Start an inhaler.","speaker":null,"doubtful":[]}]},"unheard":[[4.0,5.5]]}"#;

#[test]
fn a_visit_of_version_2_is_read() {
    let visit = Visit::from_parts((SCHEMA, NOTE), Some((SCHEMA, WORDS))).expect("it was written so");
    let draft = visit.draft.as_ref().expect("it has a note");
    assert_eq!(draft.sections[0].text(), "Start an inhaler.\nSeen by me.");
    assert_eq!(visit.transcript.get(SegmentId(0)).map(|segment| segment.end), Some(3.5));
    assert_eq!(visit.unheard, [(4.0, 5.5)]);
    assert!(visit.languages.is_empty());
    let again = Visit::from_parts((SCHEMA, &visit.note_bytes()), Some((SCHEMA, &visit.words_bytes())));
    assert_eq!(again, Ok(visit));
}

#[test]
fn of_a_voice_its_number_alone_is_stored() {
    let mut visit = visit();
    let id = SegmentId(0);
    visit
        .transcript
        .spoken_by(&[(id, Some(Voice::Second)), (SegmentId(9), None)]);
    let words = visit.words_bytes();
    let stored: serde_json::Value = serde_json::from_slice(&words).expect("JSON");
    let segment = stored["transcript"]["segments"][0].as_object().expect("a segment");
    let fields: Vec<&str> = segment.keys().map(String::as_str).collect();
    assert_eq!(
        fields,
        ["doubtful", "end", "id", "speaker", "start", "text", "voice", "words"]
    );
    assert_eq!(segment["voice"], "Second");
    let read = Visit::from_parts((SCHEMA, &visit.note_bytes()), Some((SCHEMA, &words)));
    assert_eq!(read, Ok(visit));
}

#[test]
fn a_note_outlives_its_words() {
    let visit = visit();
    let left = Visit::from_parts((SCHEMA, &visit.note_bytes()), None).expect("a note alone");
    assert_eq!((left.label, left.created), (visit.label, visit.created));
    assert!(left.transcript.is_empty() && left.unheard.is_empty() && left.words.is_empty());
}

#[test]
fn what_a_later_version_adds_is_left_out_and_what_it_lacks_is_empty() {
    let note = br#"{"label":"Room 2","colour":"blue","draft":null}"#;
    let visit = Visit::from_parts((SCHEMA, note), None).expect("known fields");
    assert_eq!(visit.label, "Room 2");
    assert_eq!(visit.created, 0);
}

#[test]
fn a_visit_of_version_1_is_read() {
    let digits = OLD.trim().as_bytes();
    let bytes: Vec<u8> = digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).expect("digits"), 16).expect("hexadecimal"))
        .collect();
    let visit = Visit::from_version_1(1, &bytes).expect("the bytes of version 0.1");
    assert_eq!(
        (visit.label.as_str(), visit.created, visit.seconds),
        ("Room 2", 1_766_300_000, 16.0)
    );
    assert_eq!(visit.stage(), Stage::Draft, "nobody knows who reviewed it");
    assert_eq!(visit.transcript.segments().len(), 4);
    let draft = visit.draft.expect("it had a note");
    let line = &draft.sections[0].lines[0];
    assert_eq!(line.text, "The patient reports a dry cough for three weeks.");
    assert_eq!(line.evidence[0].segment, SegmentId(0));
    assert_eq!(Visit::from_version_1(2, &bytes), Err(Failure::Unsupported));
    for length in 0..bytes.len() {
        assert_eq!(Visit::from_version_1(1, &bytes[..length]), Err(Failure::Damaged));
    }
}

#[test]
fn parts_last_as_long_as_the_settings_say_and_part_of_an_hour() {
    let retention = Retention {
        note_days: 30,
        transcript_days: 7,
        ..Retention::default()
    };
    for now in [0, 1, 3_599, 1_766_300_000] {
        let ends = Expiries::new(now, &retention);
        assert!((30 * DAY..30 * DAY + HOUR).contains(&(ends.note - now)));
        assert!((7 * DAY..7 * DAY + HOUR).contains(&(ends.words - now)));
        assert_eq!((ends.note % HOUR, ends.words % HOUR), (0, 0));
    }
    let odd = Retention {
        note_days: 3,
        transcript_days: 90,
        ..Retention::default()
    };
    let ends = Expiries::new(0, &odd);
    assert_eq!(ends.words, ends.note);
}

#[test]
fn sound_has_its_own_days_and_never_more_than_its_note() {
    let created = 1_766_300_400;
    let days = |audio_days, note_days| {
        let retention = Retention {
            audio_days,
            note_days,
            ..Retention::STANDARD
        };
        let expires_at = Expiries::sound(created, &retention);
        assert_eq!(expires_at % HOUR, 0);
        (expires_at - created) / DAY
    };
    assert_eq!([days(1, 30), days(14, 30), days(14, 2)], [1, 14, 2]);
}
