//! What the screen says, word for word.

use super::*;

#[test]
fn numbers_read_well() {
    assert_eq!([timer(0.9), timer(754.0), timer(3_723.5)], ["0:00", "12:34", "1:02:03"]);
    assert_eq!(
        [characters(1), characters(999), characters(1_000), characters(1_234_567)],
        [
            "1 character",
            "999 characters",
            "1,000 characters",
            "1,234,567 characters"
        ]
    );
}

#[test]
fn what_is_left_counts_down_and_warns_in_the_last_two_days() {
    const HOUR: u64 = 3_600;
    let told = [30 * 24, 48, 47, 24, 23, 2, 1].map(|hours| left(hours * HOUR));
    let told: Vec<(&str, bool)> = told.iter().map(|(text, soon)| (text.as_str(), *soon)).collect();
    assert_eq!(
        told,
        [
            ("30 days left", false),
            ("2 days left", false),
            ("1 day left", true),
            ("1 day left", true),
            ("23 hours left", true),
            ("2 hours left", true),
            ("1 hour left", true),
        ]
    );
    assert_eq!(left(HOUR - 1), ("under 1 hour left".to_owned(), true));
}

#[test]
fn every_failure_says_what_to_do() {
    let failures = [
        EngineState::Crashed,
        EngineState::Failed(Failure::Fetch {
            file: "model-1.bin".to_owned(),
        }),
        EngineState::Failed(Failure::Altered {
            file: "model-1.bin".to_owned(),
        }),
        EngineState::Failed(Failure::BadOutput),
    ];
    for failure in failures {
        assert!(engine_failure(&failure).is_some_and(|text| text.ends_with("save the audio.")));
    }
    assert_eq!(engine_failure(&EngineState::Off), None);
}
