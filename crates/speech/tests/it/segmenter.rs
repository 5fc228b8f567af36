//! Nothing that was said is lost, doubled or joined to what was not said; see [`Segmenter`].

use proptest::prelude::*;
use speech::{RATE, Samples, Segmenter, Utterance};

use crate::sound::{Random, add, amplitude, click, hum, pieces, pink, samples_in, to_samples, tone, voice, white};

const LONGEST: usize = 15 * RATE as usize;

fn utterances(samples: &Samples) -> Vec<Utterance> {
    utterances_of_blocks(&[samples.as_slice().to_vec()])
}

fn utterances_of_blocks(blocks: &[Vec<i16>]) -> Vec<Utterance> {
    let mut segmenter = Segmenter::new();
    let mut all: Vec<Utterance> = blocks
        .iter()
        .flat_map(|block| segmenter.push(&Samples::new(block.clone())))
        .collect();
    all.extend(segmenter.finish());
    all
}

fn range(utterance: &Utterance) -> std::ops::Range<usize> {
    let start = utterance.start as usize;
    start..start + utterance.samples.len()
}

/// Ordered, disjoint, at most 15 s, and each a true copy of its place in the recording.
fn assert_sound(utterances: &[Utterance], recording: &Samples) {
    let mut end_before = 0;
    for utterance in utterances {
        let range = range(utterance);
        assert!(range.start >= end_before, "{} overlaps {end_before}", range.start);
        assert!(!range.is_empty() && range.len() <= LONGEST, "{} samples", range.len());
        assert_eq!(utterance.samples.as_slice(), &recording.as_slice()[range.clone()]);
        end_before = range.end;
    }
}

/// True if all of `wanted` lies in some utterance.
fn covered(utterances: &[Utterance], wanted: std::ops::Range<usize>) -> bool {
    let mut reached = wanted.start;
    for utterance in utterances {
        let range = range(utterance);
        if range.contains(&reached) {
            reached = range.end;
        }
    }
    reached >= wanted.end
}

/// Bursts of voice at random places over quiet noise, and where they are.
fn bursts(seed: u64) -> (Samples, Vec<std::ops::Range<usize>>) {
    let mut random = Random::new(seed);
    let mut places = Vec::new();
    let mut at = random.between(0.0, 2.0);
    while at < 28.0 {
        let seconds = random.between(0.15, 4.0);
        places.push(samples_in(at)..samples_in(at) + samples_in(seconds));
        at += seconds + random.between(0.05, 2.0);
    }
    let mut wave = white(at + random.between(0.0, 1.0), random.between(-75.0, -60.0), seed);
    for (i, place) in places.iter().enumerate() {
        let mut burst = voice((place.len() + 1) as f64 / f64::from(RATE), seed.wrapping_add(i as u64));
        burst.truncate(place.len());
        add(&mut wave, place.start, &burst);
    }
    (to_samples(&wave), places)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn every_burst_is_in_exactly_one_piece_of_the_recording_with_its_margins(seed: u64) {
        let (recording, places) = bursts(seed);
        let found = utterances(&recording);
        assert_sound(&found, &recording);
        let margin = samples_in(0.3);
        for (i, place) in places.iter().enumerate() {
            let before = if i == 0 { 0 } else { places[i - 1].end };
            let after = places.get(i + 1).map_or(recording.len(), |next| next.start);
            let wanted = place.start.saturating_sub(margin).max(before)..(place.end + margin).min(after);
            prop_assert!(covered(&found, wanted.clone()), "{wanted:?} is not in {:?}", found.iter().map(range).collect::<Vec<_>>());
        }
        // A pause of a second is never wholly inside utterances.
        for pair in places.windows(2) {
            let (end, start) = (pair[0].end, pair[1].start);
            if start - end > samples_in(1.0) {
                prop_assert!(!covered(&found, end..start), "the pause at {end} is in an utterance");
            }
        }
    }

    #[test]
    fn how_the_stream_is_divided_does_not_matter(seed: u64, cuts: u64) {
        let (recording, _) = bursts(seed);
        prop_assert_eq!(utterances_of_blocks(&pieces(recording.as_slice(), cuts)), utterances(&recording));
    }

    #[test]
    fn any_samples_at_all_keep_the_promises(pcm in proptest::collection::vec(any::<i16>(), 0..40_000), cuts: u64) {
        let recording = Samples::new(pcm);
        let found = utterances_of_blocks(&pieces(recording.as_slice(), cuts));
        assert_sound(&found, &recording);
    }
}

#[test]
fn silence_noise_hum_beeps_and_clicks_are_no_speech() {
    let mut sounds = vec![
        ("digital silence", vec![0.0; samples_in(20.0)]),
        ("a constant", vec![0.1; samples_in(20.0)]),
    ];
    for decibels in [-30.0, -45.0, -60.0] {
        sounds.push(("white noise", white(20.0, decibels, 1)));
        sounds.push(("pink noise", pink(20.0, decibels, 2)));
        sounds.push(("50 Hz", tone(20.0, 50.0, decibels)));
        sounds.push(("50 Hz with harmonics", hum(20.0, 50.0, decibels)));
        sounds.push(("60 Hz with harmonics", hum(20.0, 60.0, decibels)));

        let mut fan = white(20.0, -80.0, 3);
        add(&mut fan, samples_in(7.0), &pink(9.0, decibels, 4));
        sounds.push(("a fan that goes on and off", fan));

        let mut cable = white(20.0, -75.0, 5);
        add(&mut cable, samples_in(7.0), &hum(9.0, 50.0, decibels));
        sounds.push(("a hum that goes on and off", cable));

        let mut beeps = white(20.0, decibels - 45.0, 6);
        let mut keys = white(20.0, -75.0, 7);
        let mut random = Random::new(8);
        for i in 0..19 {
            add(&mut beeps, samples_in(f64::from(i)), &tone(0.3, 1_000.0, decibels));
            for _ in 0..4 {
                let at = samples_in(f64::from(i) + random.uniform());
                add(&mut keys, at, &click(decibels + 15.0, u64::from(i as u32)));
            }
        }
        sounds.push(("beeps", beeps));
        sounds.push(("a keyboard", keys));
    }
    for (name, sound) in sounds {
        let found = utterances(&to_samples(&sound));
        assert!(
            found.is_empty(),
            "{name}: {:?}",
            found.iter().map(range).collect::<Vec<_>>()
        );
    }
}

#[test]
fn speech_is_found_in_noise_and_when_it_is_quiet() {
    let said = voice(3.0, 11);
    let power = (said.iter().map(|x| x * x).sum::<f64>() / said.len() as f64).sqrt();
    let peak = said.iter().fold(0.0f64, |most, x| most.max(x.abs()));
    let noises = [("white", white as fn(f64, f64, u64) -> Vec<f64>), ("pink", pink)];
    for (name, noise) in noises {
        for (what, gain, noise_level) in [
            ("10 dB over the noise", 1.0, 20.0 * power.log10() - 10.0),
            ("20 dB over the noise", 1.0, 20.0 * power.log10() - 20.0),
            ("peaks of -35 dB", amplitude(-35.0) / peak, -75.0),
        ] {
            let mut wave = noise(9.0, noise_level, 12);
            add(
                &mut wave,
                samples_in(3.0),
                &said.iter().map(|x| gain * x).collect::<Vec<f64>>(),
            );
            let recording = to_samples(&wave);
            let found = utterances(&recording);
            assert_sound(&found, &recording);
            assert!(covered(&found, samples_in(2.8)..samples_in(6.1)), "{what}, {name}");
            assert_eq!(found.len(), 1, "{what}, {name}");
        }
    }
}

#[test]
fn half_a_second_before_the_first_word_is_kept() {
    let mut wave = white(5.0, -70.0, 21);
    add(&mut wave, samples_in(2.0), &voice(1.0, 22));
    let found = utterances(&to_samples(&wave));
    assert_eq!(found.len(), 1);
    assert!(
        (1.45..=1.53).contains(&found[0].start_seconds()),
        "{}",
        found[0].start_seconds()
    );
    assert!(
        (3.3..=3.4).contains(&found[0].end_seconds()),
        "{}",
        found[0].end_seconds()
    );
}

#[test]
fn a_word_just_before_the_end_is_kept() {
    for seconds in [0.15, 0.4, 1.0] {
        let mut wave = white(2.0 + seconds, -70.0, 31);
        add(&mut wave, samples_in(2.0), &voice(seconds, 32));
        let recording = to_samples(&wave);
        assert!(
            covered(&utterances(&recording), samples_in(1.7)..recording.len()),
            "{seconds} s"
        );
    }
}

#[test]
fn a_recording_that_begins_inside_a_word_keeps_it() {
    let mut wave = white(3.0, -70.0, 33);
    add(&mut wave, 0, &voice(0.5, 34));
    assert!(covered(&utterances(&to_samples(&wave)), 0..samples_in(0.5)));
}

#[test]
fn finishing_starts_a_new_recording() {
    let (recording, _) = bursts(41);
    let mut segmenter = Segmenter::new();
    let mut first = segmenter.push(&recording);
    first.extend(segmenter.finish());
    let mut second = segmenter.push(&recording);
    second.extend(segmenter.finish());
    assert_eq!(first, second);
    assert_eq!(segmenter.finish(), []);
}

/// Half a minute without a pause: closures of 100–160 ms every 2–3 s are the only quiet places.
#[test]
fn unbroken_speech_is_cut_in_its_valleys_and_nothing_is_missing() {
    for seed in 50..58 {
        let mut random = Random::new(seed);
        let mut wave = voice(45.0, seed);
        let mut valleys = Vec::new();
        let mut at = 1.0;
        while at < 41.0 {
            at += random.between(2.0, 3.0);
            let valley = samples_in(at)..samples_in(at + random.between(0.1, 0.16));
            wave[valley.clone()].iter_mut().for_each(|x| *x *= 0.01);
            valleys.push(valley);
        }
        add(&mut wave, 0, &white(45.0, -75.0, seed));
        let recording = to_samples(&wave);
        let found = utterances(&recording);
        assert_sound(&found, &recording);
        assert!(covered(&found, 0..recording.len()));
        assert!(found.len() >= 3);
        for pair in found.windows(2) {
            let cut = range(&pair[1]).start;
            assert_eq!(range(&pair[0]).end, cut);
            assert!(range(&pair[0]).len() >= samples_in(8.0));
            assert!(
                valleys.iter().any(|valley| valley.contains(&cut)),
                "seed {seed}: a cut at {cut} is inside a word"
            );
        }
    }
}

#[test]
fn pauses_end_long_utterances_sooner() {
    // 9 s of speech, a pause of 0.5 s, 2 s of speech: one utterance would be shorter than 15 s, but the pause is a
    // better place to cut than any that the next seconds may bring. After 2 s of speech the same pause is a breath.
    for (spoken, expected) in [(2.0, 1), (9.0, 2)] {
        let mut wave = white(spoken + 6.0, -70.0, 61);
        add(&mut wave, samples_in(1.0), &voice(spoken, 62));
        add(&mut wave, samples_in(1.5 + spoken), &voice(2.0, 62));
        assert_eq!(utterances(&to_samples(&wave)).len(), expected, "after {spoken} s");
    }
}

#[test]
fn what_rests_becomes_the_utterance() {
    for seed in 70..80 {
        let (recording, _) = bursts(seed);
        let (mut segmenter, mut rest, mut found) = (Segmenter::new(), None, 0);
        for block in recording.as_slice().chunks(1_600) {
            // Cut where another voice takes over.
            let pieces = segmenter.push(&Samples::new(block.to_vec())).into_iter();
            let whole = pieces.reduce(|mut whole, piece| {
                assert_eq!(whole.start + whole.samples.len() as u64, piece.start);
                whole.samples.append(&piece.samples);
                whole
            });
            if let Some(whole) = whole {
                assert_eq!(rest.take(), Some(whole), "seed {seed}");
                found += 1;
            }
            if let Some(pending) = segmenter.pending().filter(|pending| pending.rests) {
                let samples = Samples::new(pending.samples.to_vec());
                rest = Some(Utterance {
                    start: pending.start,
                    samples,
                });
            }
        }
        assert!(found > 1, "seed {seed}: speech with pauses");
    }
}
