//! The network against the original implementation: two seeded random networks that differ in everything a
//! configuration can say. `tests/goldens/make.py` made the answers.

use crate::golden::{answers, assert_close, distance, network, scores};
use model_wasm::{Device, block_on, decode, import::Quantisation, self_test::signal};

fn matches_the_original(name: &str) {
    let network = network(name, Quantisation::F32, &Device::flex());
    for answer in answers(name) {
        let wave = signal(answer.samples);
        let encoded = network.encode(&wave);
        let speech = encoded.speech();
        assert_eq!(speech.dims()[0], answer.frames);
        assert_close(
            &speech.into_data().try_into_vec::<f32>().expect("floats"),
            &answer.encoder,
            1e-3,
        );
        let start = network.config.start_token();
        assert_close(&scores(&network, &wave, &[&[start]]), &answer.logits, 1e-3);
        let tokens = block_on(decode::greedy(&network, &encoded, answer.samples)).expect("scores are numbers");
        assert_eq!(tokens, answer.tokens);
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
    let speech = |wave: &[f32]| {
        network
            .encode(wave)
            .speech()
            .into_data()
            .try_into_vec::<f32>()
            .expect("floats")
    };
    assert_eq!(speech(&wave), speech(&other));
}

/// A frame sees the past and, through the layers, at most the sum of all look-aheads: what comes later cannot matter.
#[test]
fn the_far_future_cannot_matter() {
    for (name, ahead) in [("equal", 3), ("wider", 1 + 3 + 8)] {
        let network = network(name, Quantisation::F32, &Device::flex());
        let wave = signal(48_000);
        let mut other = wave.clone();
        other[32_000..].fill(0.1);
        let speech = |wave: &[f32]| {
            network
                .encode(wave)
                .speech()
                .into_data()
                .try_into_vec::<f32>()
                .expect("floats")
        };
        let width = network.config.encoder.hidden_size;
        let same = (32_000 / 320 - ahead) * width;
        assert_close(&speech(&wave)[..same], &speech(&other)[..same], 1e-5);
        assert!(distance(&speech(&wave)[same..], &speech(&other)[same..]) > 1e-3);
    }
}

/// On the CPU, quantised weights are unpacked at load: the network with them is the network with rounded weights.
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
