//! A draft that grows with its visit is at each step the draft of what was said so far.

use std::time::{Duration, Instant};

use note::model::lines::Models;
use note::{LiveDraft, Template, draft};
use proptest::test_runner::FileFailurePersistence;
use proptest::{collection::vec, prelude::*};
use speech::{Segment, SegmentId, Speaker, Transcript, Voice};

#[test]
fn a_segment_is_added_to_a_long_visit_without_a_second_reading() {
    let template = Template::history_and_physical();
    let mut live = LiveDraft::new(Models::committed());
    let mut transcript = Transcript::default();
    let mut times = Vec::new();
    for number in 0..700 {
        let said = format!(
            "My left shoulder has hurt for {} weeks since I lifted box {number}, and I take naproxen.",
            number % 40 + 2
        );
        transcript.insert(segment(number, said, None));
        // Each segment may tell the voices of all others apart anew.
        let voice = if number % 2 == 0 { Voice::First } else { Voice::Second };
        transcript.spoken_by(&(0..number).map(|id| (SegmentId(id), Some(voice))).collect::<Vec<_>>());
        let begun = Instant::now();
        live.draft(&transcript, &template);
        times.push(begun.elapsed());
    }
    assert!(transcript.text().split_whitespace().count() > 9_000);
    // Whatever else this machine does, one of the last is not disturbed.
    let quickest = times[600..].iter().min().expect("a hundred");
    assert!(*quickest < Duration::from_millis(30), "{quickest:?}");
}

#[test]
fn who_the_patient_is_and_a_corrected_segment_reach_lines_that_stand_already() {
    let template = Template::history_and_physical();
    let mut live = LiveDraft::new(Models::committed());
    let mut transcript = Transcript::default();
    let said = [
        "I have had a cough for 3 weeks and it keeps my wife awake.",
        "My knee hurts when I climb stairs, and my ankle swells.",
        "So you are a 54 year old man with high blood pressure.",
    ];
    for (number, text) in (0..).zip(said) {
        transcript.insert(segment(number, text.into(), None));
        assert_eq!(live.draft(&transcript, &template), draft(&transcript, &template));
    }
    transcript.insert(segment(1, "My hip hurts when I climb stairs.".into(), None));
    assert_eq!(live.draft(&transcript, &template), draft(&transcript, &template));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: Some(Box::new(KEPT)), cases: ProptestConfig::default().cases / 2, ..ProptestConfig::default() })]

    #[test]
    fn any_way_of_growing_gives_the_draft_of_the_whole(
        said in vec((talk(), 0..4u8, any::<bool>()), 1..14),
        template in 0..Template::built_in().len(),
    ) {
        let template = &Template::built_in()[template];
        let mut live = LiveDraft::new(Models::committed());
        let mut transcript = Transcript::default();
        let last = said.len() - 1;
        for (number, (text, speaker, looked_at)) in said.into_iter().enumerate() {
            let speaker = [None, Some(Speaker::Clinician), Some(Speaker::Patient), Some(Speaker::Other)][usize::from(speaker)];
            transcript.insert(segment(u32::try_from(number).expect("few"), text, speaker));
            if looked_at || number == last {
                prop_assert_eq!(live.draft(&transcript, template), draft(&transcript, template));
            }
        }
    }
}

/// Talk that broke the promise once is tried first, for ever.
const KEPT: FileFailurePersistence = FileFailurePersistence::Direct("tests/live.kept");

/// Sentences, and pieces of them that lean on what comes before or after.
fn talk() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("Any fever or chills?"),
        Just("No."),
        Just("Yes, since last week."),
        Just("Do you have chest pain"),
        Just("When did it start?"),
        Just("I have had a headache for two"),
        Just("weeks and it is getting worse."),
        Just("blood pressure is one twenty"),
        Just("over eighty"),
        Just("We will start lisinopril 20 milligrams a day, and"),
        Just("you should come back in one hundred"),
        Just("twenty days."),
        Just("So you are a 61 year old woman."),
        Just("For your second problem, asthma,"),
        Just("Physical exam."),
        Just("On exam the lungs are clear"),
        Just("my mom had diabetes and my dad"),
        Just("I have had a headache for two weeks."),
        Just("okay"),
        Just("Plan:"),
    ];
    prop_oneof![
        6 => vec(piece, 1..4).prop_map(|pieces| pieces.join(" ")),
        1 => "\\PC{0,80}",
    ]
}

fn segment(number: u32, text: String, speaker: Option<Speaker>) -> Segment {
    let mut segment = Segment::new(SegmentId(number), number.into(), f64::from(number) + 0.9, text);
    segment.speaker = speaker;
    segment
}
