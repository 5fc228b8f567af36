//! The decode loop: the one place that knows when the words end.

use burn::tensor::{Int, Tensor};
use speech::{RATE, protocol::Failure};

use crate::{
    network::{Encoded, Network, Session},
    ops::{self, Choice, Leaning},
};

/// Nobody speaks faster. With the 32,768 pieces of the published models these are 6.5 tokens per second, which is where
/// their own decoder stops; with 1,024 pieces they are 9.3, and the quickest of 200 recordings has 8. The limit costs
/// nothing until a decoder runs away, and one that bites in the middle of a sentence loses words.
const WORDS_PER_SECOND: f64 = 5.83;

/// Beside the 0.8 s that an utterance has around its speech: room for a word in the shortest.
const SPARE_TOKENS: usize = 4;

/// Key and value rows come in such steps, so that a GPU compiles its kernels for few sizes.
const CAPACITY_STEP: usize = 32;

/// A loop is a run of at least so many tokens…
const LOOP_TOKENS: usize = 16;
/// …that says the same at least so often…
const LOOP_REPEATS: usize = 4;
/// …with at most so many tokens per turn. "No, no, no" and a dictated row of equal digits stay below.
const LOOP_PERIOD: usize = 12;

/// What the decoder made of an utterance, without start and end tokens.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    pub tokens: Vec<u32>,
    /// How likely the network held each of them to be, 0…1. Of what a loop repeated, and of more than anybody can say,
    /// zero: it was not heard.
    pub probabilities: Vec<f32>,
}

impl Said {
    /// Mean natural logarithm of the likelihoods; nothing if there are none. No token counts for less than one in a
    /// thousand, so that one that was not heard does not condemn a long sentence.
    pub fn log_likelihood(&self) -> Option<f32> {
        let sum: f32 = self.probabilities.iter().map(|p| p.max(1e-3).ln()).sum();
        (!self.probabilities.is_empty()).then(|| sum / self.probabilities.len() as f32)
    }
}

/// What an earlier pass over the same speech said, to be checked in one step instead of one for each token.
#[derive(Clone, Copy, Default)]
pub struct Draft<'a> {
    pub tokens: &'a [u32],
    /// The first so many stand, whatever the network thinks of them now.
    pub settled: usize,
}

/// What somebody expects to be said: names, drugs. Given the tokens so far it says which successors are more welcome than
/// the network thinks, and by how much: bonuses that are added to their scores.
pub trait Expect {
    fn after(&self, tokens: &[u32]) -> Vec<(u32, f32)>;
}

/// Nothing in particular.
impl Expect for () {
    fn after(&self, _: &[u32]) -> Vec<(u32, f32)> {
        Vec::new()
    }
}

/// [`expecting`] nothing in particular.
///
/// # Errors
/// As there.
pub async fn greedy(network: &Network, encoded: &Encoded, samples: usize, draft: Draft<'_>) -> Result<Said, Failure> {
    expecting(network, encoded, samples, draft, &()).await
}

/// Greedy tokens for an utterance of so many samples. The draft changes the time that it takes, and of the tokens only
/// what it says is settled.
///
/// # Errors
/// [`Failure::BadOutput`] if a score is not a finite number, [`Failure::DeviceLost`] if the device does not answer.
pub async fn expecting(
    network: &Network,
    encoded: &Encoded,
    samples: usize,
    draft: Draft<'_>,
    expected: &impl Expect,
) -> Result<Said, Failure> {
    let mut session = begin(network, encoded, samples);
    run(network, &mut session, samples, draft, expected).await
}

/// A session with room for all that can be said in so many samples.
pub fn begin(network: &Network, encoded: &Encoded, samples: usize) -> Session {
    let room = limit(samples, network.config.vocab_size) + 1;
    network.begin(encoded, room.next_multiple_of(CAPACITY_STEP))
}

/// [`expecting`] in a session that [`begin`] made; it starts anew.
///
/// # Errors
/// As there.
pub async fn run(
    network: &Network,
    session: &mut Session,
    samples: usize,
    draft: Draft<'_>,
    expected: &impl Expect,
) -> Result<Said, Failure> {
    let limit = limit(samples, network.config.vocab_size);
    session.rewind(0);
    let mut said = Said::default();
    let mut given = vec![network.config.start_token()];
    given.extend(draft.tokens.iter().take(limit - 1));
    loop {
        let before = session.position();
        let scores = network.advance(session, network.tokens(&given));
        let leanings = leanings(expected, &said.tokens, &given[1..]);
        let choices = read(ops::choose_leaning(scores, &leanings)).await?;
        for (place, (choice, likelihood)) in choices.into_iter().enumerate() {
            let index = said.tokens.len();
            let (token, likelihood) = match draft.tokens.get(index) {
                Some(settled) if index < draft.settled && *settled != choice => (*settled, 0.0),
                _ => (choice, likelihood),
            };
            if network.config.is_end(token) {
                return Ok(said);
            }
            if index == limit {
                // Nobody said all that.
                said.probabilities.fill(0.0);
                return Ok(said);
            }
            said.tokens.push(token);
            said.probabilities.push(likelihood);
            if let Some((start, end)) = repeated(&said.tokens) {
                said.tokens.truncate(end);
                said.probabilities.truncate(end);
                said.probabilities[start..].fill(0.0);
                return Ok(said);
            }
            if given.get(place + 1) != Some(&token) {
                // What was given behind it was never said.
                session.rewind(before + place + 1);
                given = vec![token];
                break;
            }
        }
    }
}

/// Tokens that an utterance of so many samples can hold, in a vocabulary of so many pieces.
pub fn limit(samples: usize, pieces: usize) -> usize {
    let seconds = samples as f64 / f64::from(RATE);
    SPARE_TOKENS + (seconds * WORDS_PER_SECOND * tokens_per_word(pieces)).ceil() as usize
}

/// Of English conversation. Vocabularies of byte pairs from the dialogues of ACI-Bench's and MTS-Dialog's training splits
/// need on those of test1 and PriMock57 1.60 at 1,024 pieces, 1.35 at 2,048, 1.21 at 4,096, 1.14 at 8,192 and 1.12 when
/// every word that was seen has its own.
fn tokens_per_word(pieces: usize) -> f64 {
    1.1 + 512.0 / pieces.max(1_024) as f64
}

/// What is expected after what was said, and after each of the tokens that are given behind it.
fn leanings(expected: &impl Expect, said: &[u32], given: &[u32]) -> Vec<Leaning> {
    let mut tokens = said.to_vec();
    let mut leanings = Vec::new();
    for row in 0..=given.len() {
        tokens.extend(row.checked_sub(1).map(|last| given[last]));
        let bonuses = expected.after(&tokens).into_iter();
        leanings.extend(bonuses.map(|(token, bonus)| Leaning { row, token, bonus }));
    }
    leanings
}

/// Tokens and their likelihoods on the host, in one transfer of four bytes each.
async fn read(choices: Tensor<1, Int>) -> Result<Vec<(u32, f32)>, Failure> {
    let choices = choices.into_data_async().await.map_err(|_| Failure::DeviceLost)?;
    let choices: Vec<i32> = choices.try_into_vec().map_err(|_| Failure::BadOutput)?;
    let sound = |bits: i32| {
        let choice = Choice(bits as u32);
        let likelihood = choice.likelihood().ok_or(Failure::BadOutput)?;
        Ok((choice.token(), likelihood))
    };
    choices.into_iter().map(sound).collect()
}

/// Where the first turn of a loop begins and ends, if the tokens end in a loop.
fn repeated(tokens: &[u32]) -> Option<(usize, usize)> {
    (1..=LOOP_PERIOD).find_map(|period| {
        let run = (LOOP_REPEATS * period).max(LOOP_TOKENS);
        let start = tokens.len().checked_sub(run)?;
        let tail = &tokens[start..];
        let repeats = tail.iter().zip(&tail[period..]).all(|(token, later)| token == later);
        repeats.then_some((start, start + period))
    })
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};

    use super::*;
    use crate::block_on;

    fn chosen(values: Vec<f32>) -> Result<(u32, f32), Failure> {
        let count = values.len();
        let scores = Tensor::from_data(TensorData::new(values, [1, count]), &Device::flex());
        block_on(read(ops::choose(scores))).map(|choices| choices[0])
    }

    #[test]
    fn the_highest_score_wins() {
        for count in [7, 1024, 32_768] {
            for winner in [0, count / 3, count - 1] {
                let values: Vec<f32> = (0..count)
                    .map(|n| if n == winner { 9.0 } else { (n as f32).sin() })
                    .collect();
                let whole: f64 = values.iter().map(|score| f64::from(*score).exp()).sum();
                let (token, probability) = chosen(values).expect("scores are numbers");
                assert_eq!(token, winner as u32);
                let expected = 9.0_f64.exp() / whole;
                assert!(
                    (f64::from(probability) - expected).abs() < 1e-5,
                    "{probability} {expected}"
                );
            }
        }
    }

    #[test]
    fn the_first_of_equals_wins() {
        let mut values = vec![0.0; 1024];
        for n in [800, 64, 65] {
            values[n] = 1.0;
        }
        assert_eq!(chosen(values).map(|choice| choice.0), Ok(64));
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
    fn as_many_tokens_as_anybody_can_say() {
        let [ten, one] = [160_000, 16_000];
        assert_eq!(limit(ten, 32_768), SPARE_TOKENS + 66);
        assert_eq!(limit(ten, 1_024), SPARE_TOKENS + 94);
        assert_eq!(limit(one, 128), limit(one, 1_024), "smaller ones are not for speech");
        assert_eq!(limit(0, 1_024), SPARE_TOKENS);
    }

    struct Named;

    impl Expect for Named {
        fn after(&self, tokens: &[u32]) -> Vec<(u32, f32)> {
            match tokens {
                [] => vec![(3, 1.5)],
                [.., 3] => vec![(4, 2.0), (5, 3.0)],
                _ => Vec::new(),
            }
        }
    }

    #[test]
    fn what_is_expected_depends_on_what_was_said_before_each_place() {
        let leaning = |row, token, bonus| Leaning { row, token, bonus };
        assert_eq!(leanings(&Named, &[], &[]), [leaning(0, 3, 1.5)]);
        let both = [leaning(1, 4, 2.0), leaning(1, 5, 3.0)];
        assert_eq!(leanings(&Named, &[9], &[3, 7]), both);
        assert_eq!(leanings(&Named, &[9, 3], &[]), both.map(|l| Leaning { row: 0, ..l }));
    }

    #[test]
    fn loops_end_after_their_first_turn() {
        let looping: Vec<u32> = [9, 8].into_iter().chain([1, 2, 3, 4, 5].repeat(4)).collect();
        assert_eq!(repeated(&looping), Some((2, 7)));
        assert_eq!(repeated(&[vec![9], vec![5; 16]].concat()), Some((1, 2)));
    }

    #[test]
    fn what_people_say_is_no_loop() {
        let thrice: Vec<u32> = [1, 2, 3, 4, 5].repeat(3);
        assert_eq!(repeated(&thrice), None);
        assert_eq!(repeated(&[7; 10]), None);
        assert_eq!(repeated(&[]), None);
    }
}
