//! Every operation with the shapes of a network, against its plain form on the CPU.
//!
//! The whole network's golden answer would notice a wrong kernel, too; this names it, and covers what that answer happens
//! not to run.

use burn::tensor::{Device, Int, Tensor, TensorData};
use speech::protocol::Failure;

use crate::{
    config::{Activation, Config},
    ops::{self, Choice, GATE, Heads, Leaning, Packed, Sight, plain},
    quant::{self, BLOCK, Bits},
};

/// What another device's exponential and division may add to the rounding of this one's.
const LENIENCE: f32 = 8.0;

/// Columns of a wide matrix after which its weights repeat, so that the plain form need not unpack them all.
pub const PERIOD: usize = 1_024;

/// Rows of speech: more than a window, and no multiple of a tile.
const SPOKEN: usize = 37;

/// An operation with certain sizes.
pub struct Case {
    pub name: String,
    /// Largest distance that rounding explains, on the CPU and on a GPU.
    tolerance: [f32; 2],
    fast: Run,
    plain: Run,
}

type Run = Box<dyn Fn(&Device) -> Output>;

enum Output {
    Values(Tensor<2>),
    Choices(Tensor<1, Int>),
}

/// All operations of a network whose packed weights have these bits.
///
/// # Errors
/// [`Failure::BadOutput`] if one gives something else than its plain form, [`Failure::DeviceLost`] if the device does not
/// answer.
pub async fn run(config: &Config, bits: &[Bits], device: &Device) -> Result<(), Failure> {
    for case in cases(config, bits) {
        if case.distance(device).await? > LENIENCE * case.tolerance(device) {
            return Err(Failure::BadOutput);
        }
    }
    Ok(())
}

/// One for each operation and size that the network uses.
pub fn cases(config: &Config, bits: &[Bits]) -> Vec<Case> {
    let encoder = &config.encoder;
    let (size, heard) = (config.hidden_size, encoder.hidden_size);
    let (listening, speaking) = (encoder.heads(), config.heads());
    let mut cases = Vec::new();
    for shape in matrices(config, listening, speaking) {
        for &bits in bits.iter().filter(|bits| quant::fits(**bits, shape)) {
            cases.extend([1, 5].map(|rows| product(bits, shape, rows)));
        }
    }
    let convolutions = match &config.whisper {
        Some(whisper) => vec![(3 * whisper.mels, heard, 1, 1), (2 * heard, heard, 2, 1)],
        None => vec![
            (encoder.frame_len(), heard, 1, 1),
            (heard, 2 * heard, 5, 2),
            (2 * heard, heard, 5, 2),
        ],
    };
    for (input, output, taps, stride) in convolutions {
        cases.push(convolution(input, output, taps, stride));
    }
    let mut widths = vec![heard, size];
    widths.dedup();
    cases.extend(widths.into_iter().map(norm));
    cases.push(activation(encoder.intermediate_size, encoder.hidden_act));
    if config.whisper.is_some() {
        cases.push(activation(config.intermediate_size, config.hidden_act));
    } else {
        cases.push(gate(config.intermediate_size, config.hidden_act));
        // Whisper's rules choose on the host.
        cases.push(choice(config.vocab_size));
    }
    let mut windows = encoder.sliding_windows.clone();
    windows.sort_unstable();
    windows.dedup();
    let windows = windows.into_iter().map(|window| Sight::window(window, SPOKEN));
    let whole = config.whisper.as_ref().map(|_| Sight::all(SPOKEN));
    for sight in windows.chain(whole) {
        let columns = listening.inner() + 2 * listening.key_inner();
        cases.push(attention(listening, sight, [SPOKEN, columns], None));
    }
    for (rows, sight) in [(1, Sight::past(8, 1)), (5, Sight::past(3, 5)), (3, Sight::all(SPOKEN))] {
        let memory = [SPOKEN, 2 * speaking.inner()];
        cases.push(attention(speaking, sight, [rows, speaking.inner()], Some(memory)));
    }
    cases.push(look(speaking));
    cases.push(memory(speaking));
    cases
}

/// `[d_in, d_out]` of every linear layer, each once.
fn matrices(config: &Config, listening: Heads, speaking: Heads) -> Vec<[usize; 2]> {
    let (encoder, size) = (&config.encoder, config.hidden_size);
    let (heard, inner) = (encoder.hidden_size, speaking.inner());
    let mut shapes = vec![
        [heard, listening.inner() + 2 * listening.key_inner()],
        [listening.inner(), heard],
        [heard, encoder.intermediate_size],
        [encoder.intermediate_size, heard],
        [size, 3 * inner],
        [size, inner],
        [size, 2 * inner],
        [inner, size],
        [size, config.expanded()],
        [config.intermediate_size, size],
        [size, config.head_width()],
    ];
    shapes.retain(|[input, _]| input.is_multiple_of(2));
    shapes.sort_unstable();
    shapes.dedup();
    shapes
}

impl Case {
    /// How far the device is from the plain form; not a number if it gives none.
    ///
    /// # Errors
    /// [`Failure::DeviceLost`] if the device does not answer.
    pub async fn distance(&self, device: &Device) -> Result<f32, Failure> {
        let (fast, plain) = ((self.fast)(device), (self.plain)(&Device::flex()));
        let (fast, plain) = (fast.read().await?, plain.read().await?);
        if fast.len() != plain.len() {
            return Ok(f32::INFINITY);
        }
        let larger = |largest: f32, (a, b): (&f32, &f32)| match (a - b).abs() {
            distance if distance.is_nan() => f32::INFINITY,
            distance => largest.max(distance),
        };
        Ok(fast.iter().zip(&plain).fold(0.0, larger))
    }

    pub fn tolerance(&self, device: &Device) -> f32 {
        self.tolerance[usize::from(*device != Device::flex())]
    }
}

impl Output {
    async fn read(self) -> Result<Vec<f32>, Failure> {
        match self {
            Output::Values(values) => {
                let values = values.into_data_async().await.map_err(|_| Failure::DeviceLost)?;
                values.try_into_vec().map_err(|_| Failure::BadOutput)
            }
            Output::Choices(choices) => {
                let choices = choices.into_data_async().await.map_err(|_| Failure::DeviceLost)?;
                let choices: Vec<i32> = choices.try_into_vec().map_err(|_| Failure::BadOutput)?;
                let parts = |bits: i32| {
                    let choice = Choice(bits as u32);
                    let likelihood = choice.likelihood().unwrap_or(f32::NAN);
                    [choice.token() as f32, likelihood, f32::from(u8::from(choice.wished()))]
                };
                Ok(choices.into_iter().flat_map(parts).collect())
            }
        }
    }
}

/// The odd numbers of rows are added to what is there.
fn product(bits: Bits, [input, output]: [usize; 2], rows: usize) -> Case {
    let period = if output.is_multiple_of(PERIOD) { PERIOD } else { output };
    let times = output / period;
    let bytes = quant::quantise(bits, &noise(input * period, 7), [input, period]);
    let unpacked = quant::dequantise(bits, &bytes, [input, period]);
    let (values, scales) = bytes.split_at(bits.value_bytes([input, period]));
    let packed = [
        repeated(values, bits.value_bytes([1, period]), times),
        repeated(scales, period.div_ceil(BLOCK) * size_of::<f32>(), times),
    ]
    .concat();
    let (x, bias, plus) = (noise(rows * input, 11), noise(period, 5), noise(rows * period, 3));
    let (wide_bias, wide_plus) = (repeated(&bias, period, times), repeated(&plus, period, times));
    let adds = rows % 2 == 1;
    let x_again = x.clone();
    Case {
        name: format!("{rows}×{input}×{output} in {bits:?}"),
        // Sums of so many products of numbers below one. On the CPU one factor of each is rounded to 15 bits, or to so few
        // that the sum stays in 32.
        tolerance: [
            4e-5 * (input as f32).sqrt() * (input as f32 / 512.0).max(1.0),
            1e-6 * input as f32,
        ],
        fast: Box::new(move |device| {
            let bias = tensor(&wide_bias, [output], device);
            let packed = Packed::new(bits, &packed, [input, output], Some(bias), device);
            let plus = adds.then(|| tensor(&wide_plus, [rows, output], device));
            Output::Values(packed.product(tensor(&x, [rows, input], device), plus))
        }),
        plain: Box::new(move |device| {
            let weights = tensor(&unpacked, [input, period], device);
            let bias = tensor(&bias, [period], device);
            let plus = adds.then(|| tensor(&plus, [rows, period], device));
            let y = plain::product(tensor(&x_again, [rows, input], device), weights, Some(bias), plus);
            Output::Values(y.repeat_dim(1, times))
        }),
    }
}

fn convolution(input: usize, output: usize, taps: usize, stride: usize) -> Case {
    let rows = 33;
    let arguments = [
        noise(rows * input, 7),
        noise(taps * input * output, 5),
        noise(output, 3),
    ];
    let both = both(move |device, form| {
        let [x, weight, bias] = &arguments;
        let x = tensor(x, [rows, input], device);
        let weight = tensor(weight, [taps * input, output], device);
        let bias = tensor(bias, [output], device);
        (match form {
            Form::Fast => ops::convolve,
            Form::Plain => plain::convolve,
        })(x, weight, bias, stride)
    });
    both.named(
        format!("convolution of {taps} taps, {input} to {output}"),
        1e-6 * (taps * input) as f32,
    )
}

fn norm(width: usize) -> Case {
    let (x, scale) = (noise(5 * width, 7), noise(width, 3));
    let both = both(move |device, form| {
        let (x, scale) = (tensor(&x, [5, width], device), tensor(&scale, [width], device));
        (match form {
            Form::Fast => ops::norm,
            Form::Plain => plain::norm,
        })(x, scale)
    });
    both.named(format!("norm of {width}"), 1e-5)
}

fn activation(width: usize, activation: Activation) -> Case {
    let x: Vec<f32> = noise(5 * width, 7).iter().map(|x| x * 12.0).collect();
    let both = both(move |device, form| {
        (match form {
            Form::Fast => ops::activate,
            Form::Plain => plain::activate,
        })(tensor(&x, [5, width], device), activation)
    });
    both.named(format!("{activation:?} of {width}"), 1e-5)
}

fn gate(width: usize, activation: Activation) -> Case {
    let x: Vec<f32> = noise(10 * width, 7).iter().map(|x| x * 12.0).collect();
    let both = both(move |device, form| {
        (match form {
            Form::Fast => ops::gate,
            Form::Plain => plain::gate,
        })(tensor(&x, [5, 2 * width], device), activation)
    });
    both.named(format!("gate of {width}"), 1e-4)
}

/// Of queries `[rows, columns]` to a memory, or to themselves.
fn attention(heads: Heads, sight: Sight, query: [usize; 2], memory: Option<[usize; 2]>) -> Case {
    let memory = memory.unwrap_or(query);
    let (a, b) = (noise(query[0] * query[1], 7), noise(memory[0] * memory[1], 5));
    let both = both(move |device, form| {
        let (query, memory) = (tensor(&a, query, device), tensor(&b, memory, device));
        (match form {
            Form::Fast => ops::attend,
            Form::Plain => plain::attend,
        })(query, memory, heads, sight)
    });
    both.named(format!("attention of {heads:?}, {sight:?}"), 1e-5)
}

fn look(heads: Heads) -> Case {
    let inner = heads.inner();
    let arguments = [noise(3 * inner, 7), noise(SPOKEN * 2 * inner, 5), noise(3 * SPOKEN, 3)];
    let both = both(move |device, form| {
        let [query, memory, sum] = &arguments;
        let query = tensor(query, [3, inner], device);
        let memory = tensor(memory, [SPOKEN, 2 * inner], device);
        (match form {
            Form::Fast => ops::look,
            Form::Plain => plain::look,
        })(query, memory, tensor(sum, [3, SPOKEN], device), heads)
    });
    both.named(format!("look of {heads:?}"), 1e-5)
}

fn memory(heads: Heads) -> Case {
    let (inner, rows, room, position) = (heads.inner(), 5, 32, 3);
    let arguments = [
        noise(rows * 3 * inner, 7),
        noise(room * heads.dim, 5),
        noise(room * 2 * inner, 3),
    ];
    let both = both(move |device, form| {
        let [fresh, turns, memory] = &arguments;
        let fresh = tensor(fresh, [rows, 3 * inner], device);
        let turns = tensor(turns, [room, heads.dim], device);
        let memory = tensor(memory, [room, 2 * inner], device);
        let (query, memory) = (match form {
            Form::Fast => ops::remember,
            Form::Plain => plain::remember,
        })(fresh, turns, memory, heads, position);
        Tensor::cat(
            vec![query.reshape([1, rows * inner]), memory.reshape([1, room * 2 * inner])],
            1,
        )
    });
    both.named(format!("memory of {heads:?}"), 1e-6)
}

/// Three rows: the first wishes for a token that is too unlikely, and does not get it; the last for one that would not have
/// been chosen, and gets it.
fn choice(vocabulary: usize) -> Case {
    let mut scores = noise(3 * vocabulary, 7);
    scores[vocabulary - 1] = 3.0;
    scores[vocabulary] = 3.0;
    let wished = vocabulary / 2;
    let leaning = |row: usize, token: usize, bonus| Leaning {
        row,
        token: token as u32,
        bonus,
    };
    scores[wished] = 3.0 + 1.5 * GATE;
    let leanings = [
        leaning(0, wished, 8.0),
        leaning(2, wished, 8.0),
        leaning(2, wished / 2, 2.0),
    ];
    let mut bonuses = vec![0.0; 3 * vocabulary];
    for leaning in leanings {
        bonuses[leaning.row * vocabulary + leaning.token as usize] = leaning.bonus;
    }
    let scores_again = scores.clone();
    Case {
        name: format!("choice of {vocabulary}"),
        tolerance: [1.0 / ops::CERTAIN, 1.0 / ops::CERTAIN],
        fast: Box::new(move |device| {
            Output::Choices(ops::choose_leaning(tensor(&scores, [3, vocabulary], device), &leanings))
        }),
        plain: Box::new(move |device| {
            let shape = [3, vocabulary];
            Output::Values(plain::choose(
                tensor(&scores_again, shape, device),
                tensor(&bonuses, shape, device),
            ))
        }),
    }
}

/// Which form of an operation is asked for.
#[derive(Clone, Copy)]
enum Form {
    Fast,
    Plain,
}

/// Both forms of an operation on the same arguments.
struct Both {
    fast: Run,
    plain: Run,
}

fn both(run: impl Fn(&Device, Form) -> Tensor<2> + 'static) -> Both {
    let run = std::rc::Rc::new(run);
    let again = run.clone();
    Both {
        fast: Box::new(move |device| Output::Values(run(device, Form::Fast))),
        plain: Box::new(move |device| Output::Values(again(device, Form::Plain))),
    }
}

impl Both {
    fn named(self, name: String, tolerance: f32) -> Case {
        Case {
            name,
            tolerance: [tolerance; 2],
            fast: self.fast,
            plain: self.plain,
        }
    }
}

/// Reproducible numbers in −1…1.
fn noise(count: usize, seed: u32) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f32::from((state >> 16) as u16) / 32_768.0 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

/// Each row of so many values so many times.
fn repeated<T: Copy>(rows: &[T], row: usize, times: usize) -> Vec<T> {
    rows.chunks_exact(row).flat_map(|row| row.repeat(times)).collect()
}

fn tensor<const D: usize>(values: &[f32], shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), device)
}
