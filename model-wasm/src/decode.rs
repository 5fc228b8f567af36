//! The decode loop: the one place that knows when the words end.

use burn::tensor::{Int, Tensor};
use speech::{RATE, protocol::Failure};

use crate::network::{Encoded, Network};

/// Nobody speaks faster: the quickest of 200 recordings with a vocabulary of 1,024 pieces has 8 tokens per second. The
/// limit costs nothing until a decoder runs away, and a limit that bites in the middle of a sentence loses words.
const TOKENS_PER_SECOND: f64 = 10.0;

/// Room for a short word and its punctuation in the shortest utterance.
const SPARE_TOKENS: usize = 13;

/// Key and value rows come in such steps, so that a GPU compiles its kernels for few sizes.
const CAPACITY_STEP: usize = 32;

/// A loop is a run of at least so many tokens…
const LOOP_TOKENS: usize = 16;
/// …that says the same at least so often…
const LOOP_REPEATS: usize = 4;
/// …with at most so many tokens per turn. "No, no, no" and a dictated row of equal digits stay below.
const LOOP_PERIOD: usize = 12;

/// Greedy tokens for an utterance of so many samples, without start and end tokens.
///
/// # Errors
/// [`Failure::BadOutput`] if a score is not a finite number, [`Failure::DeviceLost`] if the device does not answer.
pub async fn greedy(network: &Network, encoded: &Encoded, samples: usize) -> Result<Vec<u32>, Failure> {
    let limit = limit(samples);
    let mut session = network.begin(encoded, limit.next_multiple_of(CAPACITY_STEP));
    let mut next = network.tokens(&[network.config.start_token()]);
    let mut tokens = Vec::new();
    while tokens.len() < limit {
        let scores = network.advance(&mut session, next);
        next = best(scores.clone());
        let token = read(next.clone(), scores).await?;
        if network.config.is_end(token) {
            break;
        }
        tokens.push(token);
        if let Some(kept) = before_loop(&tokens) {
            tokens.truncate(kept);
            break;
        }
    }
    Ok(tokens)
}

/// Tokens that an utterance of so many samples can hold.
pub fn limit(samples: usize) -> usize {
    SPARE_TOKENS + (samples as f64 / f64::from(RATE) * TOKENS_PER_SECOND).ceil() as usize
}

/// The token with the highest score, the first of them if there are more: `[1, vocabulary]` → `[1]`.
///
/// In two steps, because a GPU searches one row with one thread: first within the rows of a table of all scores, then
/// among the rows' winners.
fn best(scores: Tensor<2>) -> Tensor<1, Int> {
    let table = table(scores);
    let [rows, width] = table.dims();
    let (maxima, columns) = table.max_dim_with_indices(1);
    let row = maxima.reshape([1, rows]).argmax(1).reshape([1]);
    let column = columns.reshape([rows]).select(0, row.clone());
    row.mul_scalar(width as i32) + column
}

/// The token on the host, in one transfer with the sum of all scores: if one of them is no finite number, neither is
/// the sum. Ids are exact as floats.
async fn read(token: Tensor<1, Int>, scores: Tensor<2>) -> Result<u32, Failure> {
    let sums = table(scores).sum_dim(1);
    let [rows, _] = sums.dims();
    let sum = sums.reshape([1, rows]).sum_dim(1).reshape([1]);
    let answer = Tensor::cat(vec![token.float(), sum], 0).into_data_async().await;
    let answer: Vec<f32> = answer
        .map_err(|_| Failure::DeviceLost)?
        .try_into_vec()
        .map_err(|_| Failure::BadOutput)?;
    match answer[..] {
        [token, sum] if sum.is_finite() => Ok(token as u32),
        _ => Err(Failure::BadOutput),
    }
}

/// All scores as a table, as square as their number allows.
fn table(scores: Tensor<2>) -> Tensor<2> {
    let count = scores.dims()[1];
    let rows = (0..10)
        .map(|power| 1 << power)
        .filter(|rows| count.is_multiple_of(*rows));
    let rows = rows.min_by_key(|rows| rows + count / rows).unwrap_or(1);
    scores.reshape([rows, count / rows])
}

/// Where the last loop begins to repeat itself, if the tokens end in one: what stands there once is kept.
fn before_loop(tokens: &[u32]) -> Option<usize> {
    (1..=LOOP_PERIOD).find_map(|period| {
        let run = (LOOP_REPEATS * period).max(LOOP_TOKENS);
        let start = tokens.len().checked_sub(run)?;
        let tail = &tokens[start..];
        let repeats = tail.iter().zip(&tail[period..]).all(|(token, later)| token == later);
        repeats.then_some(start + period)
    })
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};

    use super::*;
    use crate::block_on;

    fn scores(values: Vec<f32>) -> Tensor<2> {
        let count = values.len();
        Tensor::from_data(TensorData::new(values, [1, count]), &Device::flex())
    }

    fn chosen(values: Vec<f32>) -> Result<u32, Failure> {
        let scores = scores(values);
        block_on(read(best(scores.clone()), scores))
    }

    #[test]
    fn the_highest_score_wins() {
        for count in [7, 1024, 32_768] {
            for winner in [0, count / 3, count - 1] {
                let values = (0..count)
                    .map(|n| if n == winner { 2.0 } else { (n as f32).sin() })
                    .collect();
                assert_eq!(chosen(values), Ok(winner as u32));
            }
        }
    }

    #[test]
    fn the_first_of_equals_wins() {
        let mut values = vec![0.0; 1024];
        for n in [800, 64, 65] {
            values[n] = 1.0;
        }
        assert_eq!(chosen(values), Ok(64));
    }

    #[test]
    fn what_is_no_number_fails() {
        for poison in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut values = vec![0.0; 1024];
            values[700] = poison;
            assert_eq!(chosen(values), Err(Failure::BadOutput));
        }
    }

    #[test]
    fn loops_end_after_their_first_turn() {
        let looping: Vec<u32> = [9, 8].into_iter().chain([1, 2, 3, 4, 5].repeat(4)).collect();
        assert_eq!(before_loop(&looping), Some(7));
        assert_eq!(before_loop(&[vec![9], vec![5; 16]].concat()), Some(2));
    }

    #[test]
    fn what_people_say_is_no_loop() {
        let thrice: Vec<u32> = [1, 2, 3, 4, 5].repeat(3);
        assert_eq!(before_loop(&thrice), None);
        assert_eq!(before_loop(&[7; 10]), None);
        assert_eq!(before_loop(&[]), None);
    }
}
