//! The check at every start: does this device compute what the pack's maker computed?
//!
//! A kernel that a browser rejects leaves stale numbers behind and no error, so the network answers a fixed signal
//! first. A device that fails is not used.

pub mod kernels;

use speech::{RATE, protocol::Failure};

use crate::{
    decode::{self, Draft},
    network::{Encoded, Network},
    ops,
    pack::Golden,
    whisper::window,
};

/// Samples of the test signal: over a second, so that the windowed attention has several blocks; no whole frame.
const SAMPLES: usize = 20_333;

/// Scores in a golden answer, at most.
const SCORES: usize = 256;

/// Tokens in a golden answer, at most.
const TOKENS: usize = 6;

/// Largest distance between two devices, as a part of the golden scores' range.
///
/// Sums in another order move a score by a millionth of the range, measured between this CPU backend, a software GPU and
/// the original; a GPU's coarser exponential and division may cost a hundred times that. A kernel that is wrong gives
/// scores that have nothing to do with the golden ones, a distance near the range itself.
const TOLERANCE: f32 = 2e-3;

/// Samples of the signals of a [`Canary`]: 16 rows of speech.
const SHORT: usize = 5_120;

/// What a device that passed its check answers to two short signals, to the last bit. Asked again after words were
/// computed, it says whether the kernels still do what they did: one that was skipped leaves an old buffer behind, and no
/// old buffer holds both answers.
#[derive(Clone, PartialEq)]
pub struct Canary([Vec<u32>; 2]);

impl Canary {
    /// # Errors
    /// [`Failure::DeviceLost`] if the device does not answer.
    pub async fn ask(network: &Network) -> Result<Self, Failure> {
        let mut wave = signal(SHORT);
        let one = short_answer(network, &wave).await?;
        wave.reverse();
        Ok(Self([one, short_answer(network, &wave).await?]))
    }
}

/// The bits of all choices, and of all scores of the last one: four tokens in one step, and one more, run the kernels as a
/// draft does and as a word after the other does.
async fn short_answer(network: &Network, wave: &[f32]) -> Result<Vec<u32>, Failure> {
    let encoded = network.encode(wave);
    let mut session = network.begin(&encoded, 5);
    let start = network.config.start_token();
    let drafted = ops::choose(network.advance(&mut session, network.tokens(&[start; 4])));
    let scores = network.advance(&mut session, network.tokens(&[start]));
    let single = ops::choose(scores.clone());
    let mut answer = Vec::new();
    for choices in [drafted, single] {
        let choices = choices.into_data_async().await.map_err(|_| Failure::DeviceLost)?;
        let choices: Vec<i32> = choices.try_into_vec().map_err(|_| Failure::BadOutput)?;
        answer.extend(choices.into_iter().map(|bits| bits as u32));
    }
    let scores = scores.into_data_async().await.map_err(|_| Failure::DeviceLost)?;
    let scores: Vec<f32> = scores.try_into_vec().map_err(|_| Failure::BadOutput)?;
    answer.extend(scores.into_iter().map(f32::to_bits));
    Ok(answer)
}

/// # Errors
/// [`Failure::BadOutput`] if the device's answer is another one, or no number.
pub async fn run(network: &Network, golden: &Golden) -> Result<(), Failure> {
    if golden.samples == 0 || golden.samples > network.max_samples() || golden.stride == 0 {
        return Err(Failure::Unsupported {
            what: "golden answer of the model pack".to_owned(),
        });
    }
    let encoded = network.encode(&signal(golden.samples));
    let scores = first_scores(network, &encoded).await?;
    let sampled: Vec<f32> = scores.iter().step_by(golden.stride).copied().collect();
    let tokens = if network.config.whisper.is_some() {
        let likeliest = likeliest(network, &encoded, golden.tokens.len()).await?;
        likeliest.iter().map(|(token, _)| token).eq(&golden.tokens)
    } else {
        let said = decode::greedy(network, &encoded, golden.samples, Draft::default()).await?;
        // Once more with all tokens in one step, as words are checked while they are being said.
        let draft = Draft {
            tokens: &said.tokens,
            settled: 0,
        };
        let checked = decode::greedy(network, &encoded, golden.samples, draft).await?;
        said.tokens.starts_with(&golden.tokens) && checked.tokens.starts_with(&golden.tokens)
    };
    let same = tokens && close(&sampled, &golden.logits);
    if same { Ok(()) } else { Err(Failure::BadOutput) }
}

/// The answer that goes into a pack, from the device of whoever makes it.
///
/// # Errors
/// [`Failure::BadOutput`] if the network's scores are no numbers.
pub async fn record(network: &Network) -> Result<Golden, Failure> {
    let encoded = network.encode(&signal(SAMPLES));
    let scores = first_scores(network, &encoded).await?;
    let tokens = certain_tokens(network, &encoded).await?;
    let stride = scores.len().div_ceil(SCORES);
    Ok(Golden {
        samples: SAMPLES,
        logits: scores.into_iter().step_by(stride).collect(),
        stride,
        tokens,
    })
}

/// A rising tone under a falling one, with noise: integers and a formula, so that it is the same on every device.
pub fn signal(samples: usize) -> Vec<f32> {
    let mut noise = 0x2545_F491_u32;
    let mut phases = (0_u32, 0_u32);
    (0..samples as u32)
        .map(|n| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            // Phases of 2³² per turn: from 150 to about 450 Hz, and from 3,000 Hz down.
            phases.0 = phases
                .0
                .wrapping_add(per_sample(150).wrapping_add(n.wrapping_mul(4_000)));
            phases.1 = phases
                .1
                .wrapping_add(per_sample(3_000).wrapping_sub(n.wrapping_mul(20_000)));
            triangle(phases.0) * 0.3
                + triangle(phases.1) * 0.1
                + (f32::from((noise >> 16) as u16) / 32_768.0 - 1.0) * 0.02
        })
        .collect()
}

async fn first_scores(network: &Network, encoded: &Encoded) -> Result<Vec<f32>, Failure> {
    let mut session = network.begin(encoded, 1);
    window::step(network, &mut session, &[network.config.start_token()]).await
}

/// The first tokens up to one whose lead is within reach of rounding: another device may choose otherwise there, and
/// would not be wrong.
async fn certain_tokens(network: &Network, encoded: &Encoded) -> Result<Vec<u32>, Failure> {
    let likeliest = likeliest(network, encoded, TOKENS).await?.into_iter();
    let certain = likeliest.take_while(|(token, lead)| *lead >= 4.0 * TOLERANCE && !network.config.is_end(*token));
    Ok(certain.map(|(token, _)| token).collect())
}

/// The likeliest token after the start, the likeliest after that, and so on; and for each by how much of the scores' range.
async fn likeliest(network: &Network, encoded: &Encoded, steps: usize) -> Result<Vec<(u32, f32)>, Failure> {
    let mut session = network.begin(encoded, steps + 1);
    let mut last = network.config.start_token();
    let mut likeliest = Vec::new();
    for _ in 0..steps {
        let scores = window::step(network, &mut session, &[last]).await?;
        let (best, highest) = window::likeliest(&scores);
        let rivals = scores.iter().enumerate().filter(|(id, _)| *id != best as usize);
        let rival = rivals.map(|(_, score)| *score).fold(f32::NEG_INFINITY, f32::max);
        last = best;
        likeliest.push((last, (highest - rival) / range(&scores)));
    }
    Ok(likeliest)
}

fn close(scores: &[f32], golden: &[f32]) -> bool {
    let tolerance = TOLERANCE * range(golden);
    scores.len() == golden.len() && scores.iter().zip(golden).all(|(a, b)| (a - b).abs() <= tolerance)
}

fn range(scores: &[f32]) -> f32 {
    let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let smallest = scores.iter().copied().fold(f32::INFINITY, f32::min);
    largest - smallest
}

/// Phase per sample of a tone, in turns of 2³².
const fn per_sample(hertz: u32) -> u32 {
    ((1_u64 << 32) * hertz as u64 / RATE as u64) as u32
}

/// −1…1, one period per 2³².
fn triangle(phase: u32) -> f32 {
    (f64::from(phase as i32).abs() / f64::from(1_u32 << 30) - 1.0) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_answer_is_not_close() {
        let golden = [1.0, -3.0, 7.0];
        assert!(close(&[1.0001, -3.0, 7.0], &golden));
        assert!(!close(&[1.1, -3.0, 7.0], &golden));
        assert!(!close(&[f32::NAN, -3.0, 7.0], &golden));
        assert!(!close(&[1.0, -3.0], &golden));
    }

    #[test]
    fn the_signal_is_audible_and_not_clipped() {
        let signal = signal(SAMPLES);
        assert!(signal.iter().all(|x| x.abs() < 0.5));
        assert!(signal.iter().any(|x| x.abs() > 0.3));
    }
}
