//! The network against the original implementation: two seeded random networks that differ in everything a
//! configuration can say. `tests/goldens/make.py` made the answers.

use crate::golden::{GPU, answers, assert_close, distance, network, scores, speech, spoken};
use model_wasm::{
    Device, block_on,
    decode::{self, Draft},
    import::Quantisation,
    self_test::signal,
};

fn matches_the_original(name: &str) {
    let network = network(name, Quantisation::F32, &Device::flex());
    for answer in answers(name) {
        let wave = signal(answer.samples);
        let encoded = network.encode(&wave);
        assert_eq!(encoded.speech().dims()[0], answer.frames);
        assert_close(&speech(&network, &wave), &answer.encoder, 1e-3);
        let start = network.config.start_token();
        assert_close(&scores(&network, &wave, &[&[start]]), &answer.logits, 1e-3);
        let said =
            block_on(decode::greedy(&network, &encoded, answer.samples, Draft::default())).expect("scores are numbers");
        assert_eq!(said.tokens, answer.tokens);
    }
}

#[test]
fn equal_widths_match_the_original() {
    matches_the_original("equal");
}

#[test]
fn different_widths_match_the_original() {
    matches_the_original("wider");
}

#[test]
fn cached_is_uncached() {
    for name in ["equal", "wider"] {
        let network = network(name, Quantisation::F32, &Device::flex());
        let wave = signal(20_333);
        let said = [1, 40, 7, 65, 12, 19, 3];
        let singly: Vec<&[u32]> = said.chunks(1).collect();
        let at_once = scores(&network, &wave, &[&said]);
        assert_close(&scores(&network, &wave, &singly), &at_once, 1e-4);
        assert_close(&scores(&network, &wave, &[&said[..3], &said[3..]]), &at_once, 1e-4);
    }
}

/// Neither encoding in pieces nor checking a draft may change an answer, whatever the draft says.
#[test]
fn what_is_known_changes_nothing() {
    for (device, tolerance) in [(&Device::flex(), 1e-5), (&*GPU, 1e-4)] {
        let network = network("wider", Quantisation::Q8, device);
        let wave = signal(48_000);
        let whole = network.encode(&wave);
        let mut known = None;
        for samples in [9_000, 30_123, 48_000] {
            let encoded = network.encode_rest(known.take(), &wave[..samples]);
            known = network.settled(&encoded, samples);
            if samples == wave.len() {
                assert_close(&spoken(&encoded), &spoken(&whole), tolerance);
            }
        }
        let said = |tokens: &[u32]| {
            let draft = Draft { tokens, settled: 0 };
            block_on(decode::greedy(&network, &whole, wave.len(), draft)).expect("scores are numbers")
        };
        let alone = said(&[]);
        let mut wrong = alone.tokens.clone();
        wrong[3] += 1;
        let longer = [alone.tokens.as_slice(), &[5, 6, 7]].concat();
        for draft in [
            &alone.tokens,
            &wrong,
            &longer,
            &alone.tokens[..2].to_vec(),
            &vec![9; 4_000],
        ] {
            let checked = said(draft);
            assert_eq!(checked.tokens, alone.tokens);
            assert_close(&checked.probabilities, &alone.probabilities, 1e-3);
        }
        let settled = Draft {
            tokens: &wrong[..5],
            settled: 5,
        };
        let forced = block_on(decode::greedy(&network, &whole, wave.len(), settled)).expect("scores are numbers");
        assert_eq!(forced.tokens[..5], wrong[..5]);
        assert_eq!(forced.probabilities[3], 0.0);
    }
}

#[test]
fn room_for_more_tokens_cannot_matter() {
    let network = network("wider", Quantisation::F32, &Device::flex());
    let encoded = network.encode(&signal(8_000));
    let start = || network.tokens(&[network.config.start_token()]);
    let tight = network.advance(&mut network.begin(&encoded, 1), start());
    let roomy = network.advance(&mut network.begin(&encoded, 96), start());
    assert_close(
        &tight.into_data().try_into_vec::<f32>().expect("floats"),
        &roomy.into_data().try_into_vec::<f32>().expect("floats"),
        1e-5,
    );
}

#[test]
fn an_incomplete_frame_cannot_matter() {
    let network = network("wider", Quantisation::F32, &Device::flex());
    let wave = signal(20_333);
    let mut other = wave.clone();
    other[20_320..].fill(0.7);
    assert_eq!(speech(&network, &wave), speech(&network, &other));
}

/// A frame sees the past and, through the layers, at most the sum of all look-aheads: what comes later cannot matter.
#[test]
fn the_far_future_cannot_matter() {
    for (name, ahead) in [("equal", 3), ("wider", 1 + 3 + 8)] {
        let network = network(name, Quantisation::F32, &Device::flex());
        let wave = signal(48_000);
        let mut other = wave.clone();
        other[32_000..].fill(0.1);
        let (wave, other) = (speech(&network, &wave), speech(&network, &other));
        let width = network.config.encoder.hidden_size;
        let same = (32_000 / 320 - ahead) * width;
        assert_close(&wave[..same], &other[..same], 1e-5);
        assert!(distance(&wave[same..], &other[same..]) > 1e-3);
    }
}

#[test]
fn quantised_is_near_and_not_equal() {
    let wave = signal(20_333);
    let start: [&[u32]; 1] = [&[1]];
    let exact = scores(&network("equal", Quantisation::F32, &Device::flex()), &wave, &start);
    let rounded = scores(&network("equal", Quantisation::Q8, &Device::flex()), &wave, &start);
    let range = exact.iter().fold(0.0_f32, |range, score| range.max(score.abs()));
    let distance = distance(&exact, &rounded);
    assert!(distance > 0.0 && distance < 0.1 * range, "{distance} of {range}");
}
