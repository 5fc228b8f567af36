//! Who spoke, told by the words and the voices.

use note::model::roles::{PAUSES, TURNS, roles};
use proptest::prelude::*;
use speech::{Segment, SegmentId, Speaker, Transcript, Voice, dialogue};

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

/// The talk, each speaker in a voice, and who spoke each turn of it.
fn in_two_voices(clinician: Voice, patient: Voice, seconds: f64) -> (Transcript, Vec<Speaker>) {
    let labelled = dialogue::read(TALK);
    let mut transcript = Transcript::default();
    let mut truth = Vec::new();
    for segment in labelled.segments() {
        let speaker = segment.speaker.expect("labelled");
        truth.push(speaker);
        let start = 10.0 * f64::from(segment.id.0);
        let mut spoken = Segment::new(segment.id, start, start + seconds, segment.text.clone());
        spoken.voice = Some(if speaker == Speaker::Clinician {
            clinician
        } else {
            patient
        });
        transcript.insert(spoken);
    }
    (transcript, truth)
}

#[test]
fn a_voice_has_the_role_that_its_words_have_whichever_comes_first() {
    for [clinician, patient] in [[Voice::First, Voice::Second], [Voice::Second, Voice::First]] {
        let (transcript, truth) = in_two_voices(clinician, patient, 4.0);
        assert_eq!(roles(&transcript, PAUSES), truth);
    }
}

#[test]
fn a_long_stretch_goes_with_its_voice_and_a_short_one_with_its_words() {
    let said = "Okay. I'd like to get an x-ray of your knee, and we'll start physical therapy.";
    let (mut transcript, mut truth) = in_two_voices(Voice::First, Voice::Second, 4.0);
    let mut odd = Segment::new(SegmentId(50), 500.0, 504.0, said);
    odd.voice = Some(Voice::Second);
    transcript.insert(odd.clone());
    truth.push(Speaker::Patient);
    assert_eq!(roles(&transcript, PAUSES), truth);
    odd.end = 501.0;
    transcript.insert(odd);
    truth.pop();
    truth.push(Speaker::Clinician);
    assert_eq!(roles(&transcript, PAUSES), truth);
}

#[test]
fn one_correction_tells_whose_the_voices_are_where_the_words_do_not() {
    let mut transcript = Transcript::default();
    for id in 0..6 {
        let start = 10.0 * f64::from(id);
        let mut segment = Segment::new(SegmentId(id), start, start + 4.0, "Okay.");
        segment.voice = Some(if id % 2 == 0 { Voice::First } else { Voice::Second });
        transcript.insert(segment);
    }
    let guessed = roles(&transcript, PAUSES);
    let other = |speaker| match speaker {
        Speaker::Clinician => Speaker::Patient,
        Speaker::Patient | Speaker::Other => Speaker::Clinician,
    };
    transcript.told(SegmentId(2), other(guessed[2]));
    assert_eq!(
        roles(&transcript, PAUSES),
        guessed.into_iter().map(other).collect::<Vec<_>>()
    );
}
