//! The kernels that run in a browser, on whatever Vulkan device is here; a software one is enough (Debian:
//! `mesa-vulkan-drivers`).

use std::sync::LazyLock;

use crate::golden::{answers, assert_close, distance, network, scores};
use burn::tensor::{DType, Tensor, TensorData, module};
use model_wasm::{Device, block_on, decode, import::Quantisation, quant, self_test::signal};

static GPU: LazyLock<Device> = LazyLock::new(|| {
    let device = Device::wgpu_options().init();
    device.expect("these tests need a Vulkan device; on Debian the package mesa-vulkan-drivers has a software one")
});

/// Reproducible numbers in −1…1.
fn noise(count: usize, seed: u32) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f32::from((state >> 16) as u16) / 32_768.0 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

/// Every product of the network, for one row and for many, including numbers of rows that no tile divides.
#[test]
fn products_with_packed_weights_match_unpacked_ones() {
    let shapes = [
        [192, 192],
        [192, 768],
        [768, 192],
        [192, 1536],
        [192, 1024],
        [32, 64],
        [96, 32],
    ];
    for [input, output] in shapes {
        let weights = noise(input * output, 7);
        let packed = quant::quantise(&weights);
        let unpacked = TensorData::new(quant::dequantise(&packed, weights.len()), [input, output]);
        let reference = Tensor::<2>::from_data(unpacked, &Device::flex());
        let packed = TensorData::from_bytes_vec(packed, [input, output], DType::QFloat(quant::scheme()));
        let packed = Tensor::<2>::from_data(packed, &*GPU);
        for rows in [1, 5, 16, 64, 752] {
            let x = TensorData::new(noise(rows * input, 11), [1, rows, input]);
            let ours = module::linear(Tensor::<3>::from_data(x.clone(), &*GPU), packed.clone(), None);
            let expected = module::linear(Tensor::<3>::from_data(x, &Device::flex()), reference.clone(), None);
            let (ours, expected) = (
                ours.into_data().try_into_vec::<f32>(),
                expected.into_data().try_into_vec::<f32>(),
            );
            let (ours, expected) = (ours.expect("floats"), expected.expect("floats"));
            let distance = distance(&ours, &expected);
            // Sums of so many products of numbers below one, in another order.
            assert!(distance <= 1e-5 * input as f32, "{rows}×{input}×{output}: {distance}");
        }
    }
}

fn same_as_on_the_cpu(name: &str, quantisation: Quantisation) {
    let (gpu, cpu) = (
        network(name, quantisation, &GPU),
        network(name, quantisation, &Device::flex()),
    );
    for answer in answers(name) {
        let wave = signal(answer.samples);
        let start: [&[u32]; 1] = [&[gpu.config.start_token()]];
        assert_close(&scores(&gpu, &wave, &start), &scores(&cpu, &wave, &start), 1e-3);
        let tokens = |network: &model_wasm::network::Network| {
            block_on(decode::greedy(network, &network.encode(&wave), answer.samples)).expect("scores are numbers")
        };
        assert_eq!(tokens(&gpu), tokens(&cpu), "{} samples", answer.samples);
    }
}

#[test]
fn float_weights_give_the_same_tokens() {
    same_as_on_the_cpu("equal", Quantisation::F32);
}

#[test]
fn packed_weights_give_the_same_tokens() {
    same_as_on_the_cpu("equal", Quantisation::Q8);
    same_as_on_the_cpu("wider", Quantisation::Q8);
}
