//! Two voices are told apart, and one is not taken for two; see [`Voices`] and [`Segmenter`].

use proptest::prelude::*;
use speech::{Samples, SegmentId, Segmenter, Timbre, Utterance, Voice, Voices};

use crate::sound::{Random, add, amplitude, person, samples_in, to_samples, white};

/// Pitch in hertz and formants of two people.
const TWO: [(f64, f64); 2] = [(110.0, 1.0), (190.0, 1.18)];

/// Turns of the two, one after the other with so many seconds between them, in a quiet room; and where each turn begins.
fn visit(turns: usize, gap: (f64, f64), seed: u64) -> (Samples, Vec<usize>) {
    let mut random = Random::new(seed);
    let mut wave = white(0.8, -66.0, seed);
    let mut begins = Vec::new();
    for turn in 0..turns {
        let (pitch, formants) = TWO[turn % 2];
        let sound = person(random.between(1.5, 4.0), pitch, formants, &mut random);
        let pause = random.between(gap.0, gap.1);
        wave.extend(white(pause.max(0.0), -66.0, seed + turn as u64));
        let start = wave.len() - samples_in((-pause).max(0.0));
        begins.push(start);
        wave.resize(start + sound.len(), 0.0);
        add(&mut wave, start, &sound);
    }
    wave.extend(white(0.8, -66.0, seed));
    (to_samples(&wave), begins)
}

fn utterances(samples: &Samples) -> Vec<Utterance> {
    let mut segmenter = Segmenter::new();
    let mut all = segmenter.push(samples);
    all.extend(segmenter.finish());
    all
}

fn voices(utterances: &[Utterance]) -> Vec<Option<Voice>> {
    let mut voices = Voices::default();
    for (id, utterance) in (0..).map(SegmentId).zip(utterances) {
        voices.hear(id, Timbre::of(&utterance.samples));
    }
    voices.told_apart().into_iter().map(|(_, voice)| voice).collect()
}

#[test]
fn turns_with_pauses_are_in_the_voice_of_who_spoke_them() {
    let (samples, begins) = visit(12, (1.0, 1.4), 1);
    let utterances = utterances(&samples);
    assert_eq!(utterances.len(), begins.len());
    let told = voices(&utterances);
    let first = told[0].expect("two voices");
    for (turn, voice) in told.iter().enumerate() {
        assert_eq!(*voice == Some(first), turn % 2 == 0, "turn {turn}");
    }
}

#[test]
fn an_utterance_is_cut_where_another_voice_takes_over() {
    let (samples, begins) = visit(24, (0.1, 0.3), 2);
    let utterances = utterances(&samples);
    let near = |begin: &usize| {
        utterances
            .iter()
            .any(|u| (u.start as usize).abs_diff(*begin) < samples_in(0.35))
    };
    // The first turn begins behind what is looked back on.
    let missed = begins.iter().skip(1).filter(|begin| !near(begin)).count();
    assert!(missed <= 3, "{missed} of {}", begins.len());
    assert!(utterances.len() <= begins.len() + 3, "{}", utterances.len());
}

#[test]
fn one_voice_is_neither_cut_nor_taken_for_two() {
    for seed in 0..6 {
        let mut random = Random::new(seed);
        let (pitch, formants) = (random.between(90.0, 220.0), random.between(0.95, 1.2));
        let mut wave = white(0.8, -66.0, seed);
        let turns = 10;
        for _ in 0..turns {
            wave.extend(person(random.between(4.0, 8.0), pitch, formants, &mut random));
            wave.extend(white(0.9, -66.0, seed));
        }
        let utterances = utterances(&to_samples(&wave));
        assert_eq!(utterances.len(), turns, "seed {seed}");
        assert_eq!(voices(&utterances), vec![None; turns], "seed {seed}");
    }
}

#[test]
fn loudness_is_no_part_of_a_voice() {
    let (samples, _) = visit(10, (1.0, 1.2), 3);
    let softer = |by: f64| {
        let gain = amplitude(by);
        let soft = samples.as_slice().iter().map(|&x| (f64::from(x) * gain) as i16);
        Samples::new(soft.collect())
    };
    let expected = voices(&utterances(&samples));
    assert!(expected.iter().all(Option::is_some));
    assert_eq!(voices(&utterances(&softer(-12.0))), expected);
}

#[test]
fn a_stretch_that_is_heard_again_counts_once_and_silence_is_nobody() {
    let (samples, _) = visit(8, (1.0, 1.2), 4);
    let utterances = utterances(&samples);
    let mut voices = Voices::default();
    for (id, utterance) in (0..).map(SegmentId).zip(&utterances) {
        voices.hear(id, Timbre::of(&utterance.samples));
    }
    let expected = voices.told_apart();
    voices.hear(SegmentId(0), Timbre::of(&utterances[0].samples));
    assert_eq!(voices.told_apart().len(), expected.len());
    voices.hear(SegmentId(99), Timbre::of(&Samples::new(vec![0; 16_000])));
    assert_eq!(voices.told_apart().last(), Some(&(SegmentId(99), None)));
    assert_eq!(Voices::default().told_apart(), []);
    let nothing_said = format!("{:?}", Timbre::of(&utterances[0].samples));
    assert!(
        nothing_said.starts_with("Timbre(") && nothing_said.ends_with(" s)"),
        "{nothing_said}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn cuts_lose_and_double_nothing(seed in any::<u64>(), gap in -0.3f64..0.5) {
        let (samples, _) = visit(8, (gap, gap + 0.1), seed);
        let utterances = utterances(&samples);
        let mut end = 0;
        for utterance in &utterances {
            let start = utterance.start as usize;
            prop_assert!(start >= end && !utterance.samples.is_empty());
            prop_assert_eq!(utterance.samples.as_slice(), &samples.as_slice()[start..start + utterance.samples.len()]);
            end = start + utterance.samples.len();
        }
        // What lies between two utterances is no voice: nobody paused for as long as an utterance ends by itself.
        for pair in utterances.windows(2) {
            let between = pair[1].start as usize - (pair[0].start as usize + pair[0].samples.len());
            prop_assert!(between < samples_in(0.6), "{} samples", between);
        }
        prop_assert!(utterances.first().is_some_and(|first| first.start < 16_000));
    }
}
