//! Each operation against its plain form, on the CPU and on whatever Vulkan device is here (a software one is enough), in
//! the shapes of the starter and of the published networks.

use burn::tensor::{Tensor, TensorData};
use model_wasm::{
    Device,
    config::Activation,
    ops::{self, Choice, Heads, Packed, Sight, plain},
    quant::{self, Bits},
};

use crate::golden::{GPU, distance};

/// Reproducible numbers in −1…1.
fn noise(count: usize, seed: u32) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f32::from((state >> 16) as u16) / 32_768.0 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

fn tensor<const D: usize>(values: &[f32], shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), device)
}

fn values<const D: usize>(x: Tensor<D>) -> Vec<f32> {
    x.into_data().try_into_vec().expect("floats")
}

struct Tolerance {
    cpu: f32,
    gpu: f32,
}

impl From<f32> for Tolerance {
    fn from(both: f32) -> Self {
        Self { cpu: both, gpu: both }
    }
}

/// The same on every device as the plain form on the CPU, up to a tolerance.
#[track_caller]
fn check<const D: usize>(
    what: &str,
    tolerance: impl Into<Tolerance>,
    plain: impl Fn(&Device) -> Tensor<D>,
    fast: impl Fn(&Device) -> Tensor<D>,
) {
    let Tolerance { cpu, gpu } = tolerance.into();
    let expected = values(plain(&Device::flex()));
    for (name, device, tolerance) in [("CPU", &Device::flex(), cpu), ("GPU", &*GPU, gpu)] {
        let far = distance(&values(fast(device)), &expected);
        assert!(far <= tolerance, "{what} on the {name}: {far}");
    }
}

/// Widths of the starter and of the tiny and medium streaming networks, and numbers of rows that no tile divides.
const MATRICES: [[usize; 2]; 13] = [
    [192, 192],
    [192, 576],
    [192, 768],
    [768, 192],
    [192, 1536],
    [192, 1024],
    [320, 960],
    [320, 1280],
    [1280, 320],
    [640, 1920],
    [3072, 768],
    [32, 64],
    [96, 32],
];

fn same_product(shape: [usize; 2], rows: usize) {
    let [input, output] = shape;
    let weights = noise(input * output, 7);
    let packed = quant::quantise(Bits::Eight, &weights, shape);
    let unpacked = quant::dequantise(Bits::Eight, &packed, shape);
    let (x, bias, plus) = (noise(rows * input, 11), noise(output, 5), noise(rows * output, 3));
    let onto = |device: &Device| (rows % 2 == 1).then(|| tensor(&plus, [rows, output], device));
    check(
        &format!("{rows}×{input}×{output}"),
        // Sums of so many products of numbers below one. On the CPU one factor of each is rounded to 15 bits, or to so
        // few that the sum stays in 32.
        Tolerance {
            cpu: 4e-5 * (input as f32).sqrt() * (input as f32 / 512.0).max(1.0),
            gpu: 1e-6 * input as f32,
        },
        |device| {
            let weights = tensor(&unpacked, shape, device);
            plain::product(
                tensor(&x, [rows, input], device),
                weights,
                Some(tensor(&bias, [output], device)),
                onto(device),
            )
        },
        |device| {
            let packed = Packed::new(
                Bits::Eight,
                &packed,
                shape,
                Some(tensor(&bias, [output], device)),
                device,
            );
            packed.product(tensor(&x, [rows, input], device), onto(device))
        },
    );
}

#[test]
fn products_with_int8_weights_are_those_with_unpacked_ones() {
    for shape in MATRICES {
        for rows in [1, 5, 16] {
            same_product(shape, rows);
        }
    }
    same_product([192, 768], 187);
    same_product([320, 32_768], 1);
}

#[test]
fn convolutions() {
    for (rows, input, output, taps, stride) in [
        (64, 80, 192, 1, 1),
        (64, 192, 384, 5, 2),
        (33, 384, 192, 5, 2),
        (1, 8, 4, 5, 2),
    ] {
        let (x, weight, bias) = (
            noise(rows * input, 7),
            noise(taps * input * output, 5),
            noise(output, 3),
        );
        let arguments = |device: &Device| {
            (
                tensor(&x, [rows, input], device),
                tensor(&weight, [taps * input, output], device),
                tensor(&bias, [output], device),
            )
        };
        check(
            &format!("{rows}×{input}×{output}, {taps} taps"),
            1e-6 * (taps * input) as f32,
            |device| {
                let (x, weight, bias) = arguments(device);
                plain::convolve(x, weight, bias, stride)
            },
            |device| {
                let (x, weight, bias) = arguments(device);
                ops::convolve(x, weight, bias, stride)
            },
        );
    }
}

/// Whatever is no number must reach the scores.
#[test]
fn a_row_that_is_no_number_stays_none() {
    let packed = quant::quantise(Bits::Eight, &noise(64 * 32, 7), [64, 32]);
    for device in [&Device::flex(), &*GPU] {
        let packed = Packed::new(Bits::Eight, &packed, [64, 32], None, device);
        let mut x = noise(2 * 64, 3);
        x[70] = f32::NAN;
        let y = values(packed.product(tensor(&x, [2, 64], device), None));
        assert!(y[..32].iter().all(|y| y.is_finite()) && y[32..].iter().all(|y| !y.is_finite()));
    }
}

#[test]
fn silence_is_no_division_by_zero() {
    let packed = quant::quantise(Bits::Eight, &noise(64 * 32, 7), [64, 32]);
    for tiny in [0.0, 1e-40, 1e-30] {
        let y = values(
            Packed::new(Bits::Eight, &packed, [64, 32], None, &Device::flex())
                .product(tensor(&[tiny; 64], [1, 64], &Device::flex()), None),
        );
        assert!(y.iter().all(|y| y.abs() < 1e-27), "{tiny}");
    }
}

#[test]
fn norms() {
    for (rows, width) in [(1, 192), (187, 192), (3, 320), (2, 620), (1, 768), (5, 16)] {
        let (x, scale) = (noise(rows * width, 7), noise(width, 3));
        let arguments = |device: &Device| (tensor(&x, [rows, width], device), tensor(&scale, [width], device));
        check(
            &format!("{rows}×{width}"),
            1e-5,
            |device| {
                let (x, scale) = arguments(device);
                plain::norm(x, scale)
            },
            |device| {
                let (x, scale) = arguments(device);
                ops::norm(x, scale)
            },
        );
    }
}

#[test]
fn activations() {
    let x: Vec<f32> = noise(187 * 192, 7).iter().map(|x| x * 12.0).collect();
    let x = |device: &Device| tensor(&x, [187, 192], device);
    for activation in [Activation::Gelu, Activation::Silu] {
        let name = format!("{activation:?}");
        check(
            &name,
            1e-5,
            |d| plain::activate(x(d), activation),
            |d| ops::activate(x(d), activation),
        );
        check(
            &name,
            1e-4,
            |d| plain::gate(x(d), activation),
            |d| ops::gate(x(d), activation),
        );
    }
}

#[test]
fn attention_to_a_window_to_the_past_and_across() {
    let heads = |query, key, dim| Heads { query, key, dim };
    for heads in [heads(4, 4, 48), heads(8, 8, 40), heads(10, 10, 64), heads(4, 2, 8)] {
        let (inner, key_inner) = (heads.inner(), heads.key_inner());
        let fresh = noise(37 * (inner + 2 * key_inner), 7);
        let fresh = |device: &Device| tensor(&fresh, [37, inner + 2 * key_inner], device);
        for window in [(16, 4), (16, 0), (1, 1), (5, 9)] {
            let sight = Sight::window(window, 37);
            check(
                &format!("{heads:?} {window:?}"),
                1e-5,
                |device| plain::attend(fresh(device), fresh(device), heads, sight),
                |device| ops::attend(fresh(device), fresh(device), heads, sight),
            );
        }
        let memory = noise(41 * 2 * key_inner, 5);
        let memory = |device: &Device| tensor(&memory, [41, 2 * key_inner], device);
        for (rows, sight) in [
            (1, Sight::all(33)),
            (3, Sight::all(41)),
            (1, Sight::past(0, 1)),
            (5, Sight::past(9, 5)),
        ] {
            let query = noise(rows * inner, 3);
            let query = |device: &Device| tensor(&query, [rows, inner], device);
            check(
                &format!("{heads:?} {sight:?}"),
                1e-5,
                |device| plain::attend(query(device), memory(device), heads, sight),
                |device| ops::attend(query(device), memory(device), heads, sight),
            );
        }
    }
}

/// Padding after the speech sees nothing if it is long enough, and must stay a number.
#[test]
fn a_row_that_sees_nothing_gives_zeros() {
    let heads = Heads {
        query: 2,
        key: 2,
        dim: 8,
    };
    for device in [&Device::flex(), &*GPU] {
        let fresh = tensor(&noise(32 * 48, 7), [32, 48], device);
        let mixed = values(ops::attend(fresh.clone(), fresh, heads, Sight::window((4, 4), 9)));
        assert!(mixed[..9 * 16].iter().all(|x| *x != 0.0));
        assert!(mixed[12 * 16..].iter().all(|x| *x == 0.0));
    }
}

#[test]
fn queries_turn_and_keys_are_remembered() {
    let heads = Heads {
        query: 4,
        key: 4,
        dim: 48,
    };
    for (rows, position) in [(1, 0), (1, 17), (6, 10)] {
        let (fresh, turns, memory) = (noise(rows * 576, 7), noise(32 * 48, 5), noise(32 * 384, 3));
        let both = |(query, memory): (Tensor<2>, Tensor<2>)| {
            Tensor::cat(vec![query.reshape([rows * 192]), memory.reshape([32 * 384])], 0)
        };
        let arguments = |device: &Device| {
            (
                tensor(&fresh, [rows, 576], device),
                tensor(&turns, [32, 48], device),
                tensor(&memory, [32, 384], device),
            )
        };
        check(
            &format!("{rows} at {position}"),
            1e-6,
            |device| {
                let (fresh, turns, memory) = arguments(device);
                both(plain::remember(fresh, turns, memory, heads, position))
            },
            |device| {
                let (fresh, turns, memory) = arguments(device);
                both(ops::remember(fresh, turns, memory, heads, position))
            },
        );
    }
}

/// Tokens and likelihoods; of what is no number, not a number.
fn chosen(scores: Tensor<2>) -> Vec<(u32, f32)> {
    let choices: Vec<i32> = ops::choose(scores).into_data().try_into_vec().expect("integers");
    let choice = |bits: i32| Choice(bits as u32);
    choices
        .into_iter()
        .map(|bits| (choice(bits).token(), choice(bits).likelihood().unwrap_or(f32::NAN)))
        .collect()
}

#[test]
fn the_likeliest_token_is_chosen() {
    for count in [7, 1024, 32_768] {
        for winner in [0, count / 3, count - 1] {
            let mut scores = noise(3 * count, 7);
            scores[count + winner] = 3.0;
            let scores = |device: &Device| tensor(&scores, [3, count], device);
            let flex = Device::flex();
            let expected = values(plain::choose(scores(&flex), scores(&flex).zeros_like()));
            for device in [&flex, &*GPU] {
                let found: Vec<f32> = chosen(scores(device))
                    .into_iter()
                    .flat_map(|(t, l)| [t as f32, l, 0.0])
                    .collect();
                assert!(distance(&found, &expected) <= 1e-5, "{winner} of {count}");
            }
        }
    }
}

#[test]
fn a_score_that_is_no_number_is_not_likely() {
    for device in [&Device::flex(), &*GPU] {
        for poison in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut scores = noise(1024, 7);
            scores[700] = poison;
            assert!(chosen(tensor(&scores, [1, 1024], device))[0].1.is_nan(), "{poison}");
        }
        let mut equals = vec![0.0; 1024];
        for at in [800, 64, 65] {
            equals[at] = 1.0;
        }
        assert_eq!(chosen(tensor(&equals, [1, 1024], device))[0].0, 64);
    }
}
