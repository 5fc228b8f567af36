//! The kernels that run in a browser, on whatever Vulkan device is here; a software one is enough (Debian:
//! `mesa-vulkan-drivers`).

use crate::golden::{GPU, answers, assert_close, network, scores};
use model_wasm::{
    Device, block_on,
    decode::{self, Draft},
    import::Quantisation,
    self_test::{Canary, signal},
};

fn same_as_on_the_cpu(name: &str, quantisation: Quantisation, tolerance: f32) {
    let (gpu, cpu) = (
        network(name, quantisation, &GPU),
        network(name, quantisation, &Device::flex()),
    );
    for answer in answers(name) {
        let wave = signal(answer.samples);
        let start: [&[u32]; 1] = [&[gpu.config.start_token()]];
        assert_close(&scores(&gpu, &wave, &start), &scores(&cpu, &wave, &start), tolerance);
        let said = |network: &model_wasm::network::Network| {
            block_on(decode::greedy(
                network,
                &network.encode(&wave),
                answer.samples,
                Draft::default(),
            ))
            .expect("scores are numbers")
        };
        let (gpu, cpu) = (said(&gpu), said(&cpu));
        assert_close(&gpu.probabilities, &cpu.probabilities, 1e-3);
        assert_eq!(gpu.tokens, cpu.tokens, "{} samples", answer.samples);
    }
}

#[test]
fn float_weights_give_the_same_tokens() {
    same_as_on_the_cpu("equal", Quantisation::F32, 1e-3);
}

#[test]
fn packed_weights_give_the_same_tokens() {
    // The CPU rounds a factor of each product to 15 bits.
    same_as_on_the_cpu("equal", Quantisation::Q8, 3e-3);
    same_as_on_the_cpu("wider", Quantisation::Q8, 3e-3);
    same_as_on_the_cpu("wider", Quantisation::Q4, 3e-3);
}

/// What is asked after each utterance: the same answers to the last bit, whatever was computed in between, and others from
/// another network.
#[test]
fn a_device_that_is_right_answers_as_it_did() {
    for device in [&*GPU, &Device::flex()] {
        let one = network("wider", Quantisation::Q8, device);
        let first = block_on(Canary::ask(&one)).expect("the device answers");
        let wave = signal(48_000);
        let encoded = one.encode(&wave);
        block_on(decode::greedy(&one, &encoded, wave.len(), Draft::default())).expect("scores are numbers");
        assert!(block_on(Canary::ask(&one)).expect("the device answers") == first);
        let other = network("wider", Quantisation::Q4, device);
        assert!(block_on(Canary::ask(&other)).expect("the device answers") != first);
    }
}
