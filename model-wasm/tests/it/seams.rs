//! A recording that is cut anywhere loses no words and doubles none: those around a cut may suffer, and what is not understood is said to be unclear.

use std::sync::LazyLock;

use model_wasm::{Transcriber, block_on, word_errors, words::Heard};
use proptest::prelude::*;
use speech::{RATE, Samples, Segmenter, Utterance, protocol::Wordless};

use crate::shipped::{CLIPS, clip, shipped};

static TRANSCRIBER: LazyLock<Transcriber> = LazyLock::new(shipped);

/// Words that may be others for each cut where an utterance became too long: the one that it goes through, which may become
/// two, and those around it that were understood by it.
const SUFFER: usize = 5;

/// All clips, with so much silence before each.
fn recording(pause: usize) -> Vec<i16> {
    let mut sound = Vec::new();
    for name in CLIPS {
        sound.extend(vec![0; pause]);
        sound.extend_from_slice(clip(name).as_slice());
    }
    sound
}

/// The utterances of a recording that was paused, and gone on with at once, at each of the cuts.
fn utterances(sound: &[i16], cuts: &[usize]) -> Vec<Utterance> {
    let mut all = Vec::new();
    let edges: Vec<usize> = [0]
        .into_iter()
        .chain(cuts.iter().copied())
        .chain([sound.len()])
        .collect();
    for take in edges.windows(2) {
        let mut segmenter = Segmenter::new();
        let mut found = segmenter.push(&Samples::new(sound[take[0]..take[1]].to_vec()));
        found.extend(segmenter.finish());
        all.extend(found.into_iter().map(|mut utterance| {
            utterance.start += take[0] as u64;
            utterance
        }));
    }
    all
}

fn words(utterances: &[Utterance]) -> String {
    let texts: Vec<String> = utterances.iter().map(|utterance| listen(utterance).text).collect();
    texts.join(" ")
}

fn listen(utterance: &Utterance) -> Heard {
    block_on(TRANSCRIBER.transcribe(utterance)).expect("the CPU gives numbers")
}

/// One after the other, and each sample at most once.
fn assert_apart(utterances: &[Utterance], sound: &[i16]) {
    let mut end = 0;
    for utterance in utterances {
        let start = utterance.start as usize;
        assert!(start >= end, "a sample is in two utterances");
        end = start + utterance.samples.len();
        assert_eq!(utterance.samples.as_slice(), &sound[start..end]);
    }
}

#[test]
fn speech_without_a_pause_is_cut_and_keeps_its_words() {
    // Seventeen seconds with no pause that would end an utterance before it is long.
    let apart = words(&utterances(&recording(2 * RATE as usize), &[]));
    let sound = recording(0);
    let found = utterances(&sound, &[]);
    assert_apart(&found, &sound);
    let compared = word_errors::count(&apart, &words(&found));
    assert!(
        compared.errors <= SUFFER * found.len(),
        "{compared:?} in {} utterances",
        found.len()
    );
}

proptest! {
    #[test]
    fn every_sample_is_heard_once_wherever_a_recording_is_cut(mut cuts in proptest::collection::vec(0_usize..320_000, 1..5)) {
        let sound = recording(RATE as usize);
        cuts.retain(|cut| *cut < sound.len());
        cuts.sort_unstable();
        assert_apart(&utterances(&sound, &cuts), &sound);
    }
}

/// What a single cut through a word does to the words around it is the network's to say, and one of seven million weights
/// says odd things at times; over many cuts it may neither lose words nor double them.
#[test]
fn cuts_anywhere_lose_and_double_nothing() {
    let sound = recording(RATE as usize);
    let whole = words(&utterances(&sound, &[]));
    let cuts: Vec<usize> = (1..).map(|n| n * 9_001).take_while(|cut| *cut < sound.len()).collect();
    let (mut errors, mut more, mut fewer) = (0, 0, 0);
    for cut in &cuts {
        let heard = words(&utterances(&sound, &[*cut]));
        errors += word_errors::count(&whole, &heard).errors;
        let (before, after) = (whole.split_whitespace().count(), heard.split_whitespace().count());
        more += after.saturating_sub(before);
        fewer += before.saturating_sub(after);
    }
    println!("{} cuts: {errors} other words, {more} more, {fewer} fewer", cuts.len());
    assert!(errors <= 3 * cuts.len(), "{errors} other words for {} cuts", cuts.len());
    assert!(more <= cuts.len() && fewer <= cuts.len(), "{more} more, {fewer} fewer");
}

/// The starter took whatever began in the middle of a word for no speech at all.
#[test]
fn speech_that_begins_at_once_is_heard() {
    let sound = recording(RATE as usize);
    for cut in [28_669, 30_073, 105_000, 110_000, 186_000, 255_000, 330_000] {
        let found = utterances(&sound, &[cut]);
        let second = found.iter().find(|utterance| utterance.start as usize == cut);
        let second = second.expect("somebody speaks there");
        assert_ne!(listen(second).wordless(), Some(Wordless::NoSpeech), "from {cut} on");
    }
}
