//! Who spoke, guessed from the words where no microphone or person said so. Nothing else rests on the guess: what is
//! understood of a visit is the same when every speaker is exchanged.

use speech::Speaker;

use crate::sentences::Sentence;
use crate::words::Token;

/// What clinicians say and patients do not.
const CLINICIAN: &[&[&str]] = &[
    &["i'm", "going", "to"],
    &["i", "am", "going", "to"],
    &["i'm", "gonna"],
    &["we're", "going", "to"],
    &["we're", "gonna"],
    &["let's"],
    &["we'll"],
    &["let", "me"],
    &["i'd", "like", "you", "to"],
    &["i", "want", "you", "to"],
    &["i", "would", "recommend"],
    &["i", "recommend"],
    &["your"],
    &["you're"],
    &["you"],
    &["do", "you"],
    &["have", "you"],
    &["any", "other"],
    &["on", "exam"],
    &["the", "patient"],
    &["take", "a", "deep", "breath"],
    &["prescribe"],
    &["auscultation"],
    &["palpation"],
    &["bilaterally"],
    &["follow", "up"],
    &["hey", "dragon"],
    &["year-old"],
];

/// What patients say and clinicians rarely do.
const PATIENT: &[&[&str]] = &[
    &["my"],
    &["i've", "been"],
    &["i've", "had"],
    &["i", "have"],
    &["i", "had"],
    &["i", "was"],
    &["i", "feel"],
    &["i", "can't"],
    &["i", "get"],
    &["i", "take"],
    &["i", "don't"],
    &["i", "haven't"],
    &["me"],
    &["hurts"],
    &["no"],
    &["yes"],
    &["yeah"],
    &["doctor"],
    &["i", "noticed"],
    &["should", "i"],
];

/// Fills in speakers where they are unknown: by the words of each sentence, and by who asked before.
#[derive(Clone, Debug, Default)]
pub(crate) struct Turns {
    asked_by: Option<Speaker>,
}

impl Turns {
    pub fn guess(&mut self, sentence: &mut Sentence) {
        if sentence.likely.is_none() {
            let lean = lean(&sentence.tokens) + if sentence.question { 2 } else { 0 };
            let answers = self.asked_by == Some(Speaker::Clinician) && !sentence.question;
            sentence.likely = match lean - if answers { 2 } else { 0 } {
                1.. => Some(Speaker::Clinician),
                0 => None,
                _ => Some(Speaker::Patient),
            };
        }
        self.asked_by = if sentence.question { sentence.likely } else { None };
    }
}

/// Above zero for a clinician's words, below for a patient's.
fn lean(tokens: &[Token]) -> i32 {
    let mut lean = 0;
    for at in 0..tokens.len() {
        let begins = |words: &&&[&str]| {
            words.len() <= tokens.len() - at && words.iter().zip(&tokens[at..]).all(|(word, token)| token.is(word))
        };
        lean += i32::from(CLINICIAN.iter().any(|words| begins(&words)));
        lean -= i32::from(PATIENT.iter().any(|words| begins(&words)));
    }
    lean
}
