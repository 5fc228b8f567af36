//! Who spoke, told by the words.

use note::model::roles::{PAUSES, TURNS, roles};
use proptest::prelude::*;
use speech::{Segment, SegmentId, Speaker, Transcript, dialogue};

const TALK: &str = "\
[doctor] Good morning, what brings you in today?
[patient] My left knee has been hurting for about three weeks.
[doctor] Do you remember an injury?
[patient] No, I just woke up and it was swollen.
[doctor] Okay. Have you taken anything for the pain?
[patient] I took some ibuprofen, it helped a little bit.
[doctor] Let me take a look. Does it hurt when I press here?
[patient] Yeah, that hurts.
[doctor] On exam you have some tenderness over the medial joint line. I'd like to get an x-ray, and we'll start physical therapy.
[patient] Okay, thank you, doctor.";

#[test]
fn a_visit_without_labels_gets_its_roles() {
    let labelled = dialogue::read(TALK);
    let truth: Vec<Speaker> = labelled
        .segments()
        .iter()
        .filter_map(|segment| segment.speaker)
        .collect();
    let unlabelled = said(labelled.segments().iter().map(|segment| (None, segment.text.clone())));
    assert_eq!(truth.len(), 10);
    for change in [TURNS, PAUSES] {
        assert_eq!(roles(&unlabelled, change), truth, "{change}");
    }
}

#[test]
fn nobody_speaks_in_an_empty_transcript() {
    assert_eq!(roles(&Transcript::default(), PAUSES), []);
}

fn said(turns: impl Iterator<Item = (Option<Speaker>, String)>) -> Transcript {
    let mut transcript = Transcript::default();
    for (id, (speaker, text)) in (0..).zip(turns) {
        let start = f64::from(id);
        let mut segment = Segment::new(SegmentId(id), start, start + 0.9, text);
        segment.speaker = speaker;
        transcript.insert(segment);
    }
    transcript
}

fn speaker() -> impl Strategy<Value = Option<Speaker>> {
    let known = [Speaker::Clinician, Speaker::Patient, Speaker::Other].map(Some);
    proptest::sample::select([known.as_slice(), &[None]].concat())
}

proptest! {
    #[test]
    fn what_a_person_told_stays(turns in proptest::collection::vec((speaker(), "\\PC{0,30}"), 0..20)) {
        let transcript = said(turns.iter().cloned());
        let given = roles(&transcript, PAUSES);
        prop_assert_eq!(given.len(), turns.len());
        for (given, (told, _)) in given.iter().zip(&turns) {
            prop_assert!(told.is_none_or(|told| told == *given));
        }
    }
}
