use export::json;
use note::{Draft, plain_text};
use serde_json::{Value, json as value};

use crate::notes;

#[test]
fn the_file_is_what_its_schema_says() {
    for draft in [notes::soap(), Draft::default()] {
        for handover in [notes::draft_of(&draft), notes::reviewed(&draft, &notes::attest(&draft))] {
            let note = valid(&json(&handover, Some(&notes::transcript())));
            assert_eq!(note["text"], plain_text(&draft));
            valid(&json(&handover, None));
        }
    }
}

#[test]
fn a_line_says_where_and_when_it_was_said() {
    let draft = notes::soap();
    let note = valid(&json(
        &notes::reviewed(&draft, &notes::attest(&draft)),
        Some(&notes::transcript()),
    ));
    let line = &note["sections"][0]["lines"][0];
    assert_eq!(line["origin"], "drafted");
    assert_eq!(
        line["evidence"],
        value!([{ "segment": 7, "start": 4, "end": 13, "words": "knee pain", "seconds": [12.5, 15.0], "speaker": null }])
    );
    assert_eq!(note["attestation"]["by"], "Dr. A. O’Neil & Partner");
    assert_eq!(note["created"], "2026-11-22T09:05:09-05:00");
}

pub fn valid(note: &str) -> Value {
    let note: Value = serde_json::from_str(note).expect("JSON");
    let schema: Value = serde_json::from_str(include_str!("../../schema/note.schema.json")).expect("a schema");
    let validator = jsonschema::draft202012::new(&schema).expect("a schema");
    let errors: Vec<String> = validator.iter_errors(&note).map(|why| why.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    note
}
