//! Words while they are being said: however the sound arrives, the last pass says what one pass over all of it says.

use std::sync::LazyLock;

use model_wasm::{Transcriber, block_on, listener::Listener, words::Heard};
use proptest::prelude::*;
use speech::{Samples, Segmenter, Utterance};

use crate::shipped::{clip, shipped};

static TRANSCRIBER: LazyLock<Transcriber> = LazyLock::new(shipped);

fn utterance(samples: &[i16]) -> Utterance {
    Utterance {
        start: 4_711,
        samples: Samples::new(samples.to_vec()),
    }
}

/// Passes over the clip up to each of the cuts, then the last one.
fn listen(name: &str, cuts: &[usize]) {
    let (confirmed, last, at_once) = passes(clip(name).as_slice(), cuts);
    if at_once.words.len() >= confirmed.split_whitespace().count() {
        assert_eq!(last.text, at_once.text, "{cuts:?}");
    }
}

/// What was confirmed in passes up to each of the cuts, what the last pass says, and what one pass over all of it says.
fn passes(samples: &[i16], cuts: &[usize]) -> (String, Heard, Heard) {
    let mut listener = Listener::default();
    let mut confirmed = String::new();
    for cut in cuts {
        let heard = utterance(&samples[..(*cut).min(samples.len())]);
        let partial = block_on(listener.hear(&TRANSCRIBER, &heard)).expect("the CPU gives numbers");
        assert!(
            partial.confirmed.starts_with(&confirmed),
            "{confirmed:?} became {partial:?}"
        );
        confirmed = partial.confirmed;
    }
    let last = block_on(listener.finish(&TRANSCRIBER, &utterance(samples))).expect("the CPU gives numbers");
    assert!(last.words.len() >= confirmed.split_whitespace().count());
    let at_once = block_on(TRANSCRIBER.transcribe(&utterance(samples))).expect("the CPU gives numbers");
    (confirmed, last, at_once)
}

#[test]
fn a_pass_every_third_of_a_second_ends_where_one_pass_does() {
    for clip in [
        "clips/1.wav",
        "clips/2.wav",
        "clips/3.wav",
        "clips/4.wav",
        "clips/5.wav",
    ] {
        let cuts: Vec<usize> = (1..=12).map(|n| n * 5_120).collect();
        listen(clip, &cuts);
    }
}

/// The third pass drafts "Is." where the second confirmed "I".
#[test]
fn a_confirmed_word_gets_no_ending() {
    listen("clips/4.wav", &[17_921, 18_022, 21_851, 24_321]);
}

#[test]
fn words_are_confirmed_before_the_utterance_ends() {
    let samples = clip("clips/1.wav");
    let mut listener = Listener::default();
    let passes = (1..=samples.len() / 5_120).map(|n| {
        let heard = utterance(&samples.as_slice()[..n * 5_120]);
        block_on(listener.hear(&TRANSCRIBER, &heard)).expect("the CPU gives numbers")
    });
    let last = passes.last().expect("the clip is longer than a pass");
    assert!(!last.confirmed.is_empty(), "{last:?}");
}

#[test]
fn another_utterance_starts_anew() {
    let (one, other) = (clip("clips/1.wav"), clip("clips/4.wav"));
    let mut listener = Listener::default();
    block_on(listener.hear(&TRANSCRIBER, &utterance(one.as_slice()))).expect("the CPU gives numbers");
    let after = block_on(listener.hear(&TRANSCRIBER, &utterance(other.as_slice())));
    let fresh = block_on(Listener::default().hear(&TRANSCRIBER, &utterance(other.as_slice())));
    assert_eq!(after, fresh);
}

/// Whatever the browser's first samples are, how loud it hears and how often it listens: what was confirmed meanwhile never
/// outvotes the last pass, so a saved recording gives the words that were on the screen. In each of these the starter hears
/// other words for two passes, and more of them.
#[test]
fn a_dictation_that_was_listened_to_is_the_one_that_was_recorded() {
    let recording = clip("dictation.wav");
    for (start, volume, pass) in [
        (230, 1.0, 5_120),
        (230, 1.0, 3_840),
        (920, 0.7, 3_840),
        (1_840, 0.7, 5_120),
    ] {
        let sound = recording.as_slice()[start..].iter();
        let sound = sound.map(|sample| (f32::from(*sample) * volume) as i16).collect();
        let mut segmenter = Segmenter::new();
        let mut utterances = segmenter.push(&Samples::new(sound));
        utterances.extend(segmenter.finish());
        for whole in utterances {
            let cuts: Vec<usize> = (pass + start..whole.samples.len()).step_by(pass).collect();
            let (_, last, at_once) = passes(whole.samples.as_slice(), &cuts);
            assert_eq!(last.text, at_once.text, "from sample {start} on");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cuts_anywhere_end_where_one_pass_does(mut cuts in proptest::collection::vec(0_usize..60_000, 0..6)) {
        cuts.sort_unstable();
        listen("clips/4.wav", &cuts);
    }
}
