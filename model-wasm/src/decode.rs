//! The decode loop: the one place that knows when the words end.

use burn::tensor::{Int, Tensor};
use speech::{RATE, protocol::Failure};

use crate::{
    network::{Encoded, Network, Session},
    ops::{self, Choice, Leaning},
    wishes::{Outcome, Wishes},
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

/// Wishes that came to nothing in an utterance, after which nothing is wished for in it: each costs a few steps.
const MOST_TAKEN_BACK: usize = 24;

/// What the decoder made of an utterance, without start and end tokens.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    pub tokens: Vec<u32>,
    /// How likely the network held each of them to be, 0…1. Of what a loop repeated, and of more than anybody can say,
    /// zero: it was not heard.
    pub probabilities: Vec<f32>,
    /// Which of them the network alone would not have said.
    pub wished: Vec<bool>,
}

impl Said {
    /// Mean natural logarithm of the likelihoods; nothing if there are none. No token counts for less than one in a
    /// thousand, so that one that was not heard does not condemn a long sentence. What was wished for says nothing about
    /// how well the rest was heard.
    pub fn log_likelihood(&self) -> Option<f32> {
        let heard = self
            .probabilities
            .iter()
            .zip(&self.wished)
            .filter(|(_, wished)| !**wished);
        let logarithms: Vec<f32> = heard.map(|(p, _)| p.max(1e-3).ln()).collect();
        (!logarithms.is_empty()).then(|| logarithms.iter().sum::<f32>() / logarithms.len() as f32)
    }

    pub(crate) fn push(&mut self, token: u32, probability: f32, wished: bool) {
        self.tokens.push(token);
        self.probabilities.push(probability);
        self.wished.push(wished);
    }

    pub(crate) fn truncate(&mut self, length: usize) {
        self.tokens.truncate(length);
        self.probabilities.truncate(length);
        self.wished.truncate(length);
    }
}

/// What an earlier pass over the same speech said, to be checked in one step instead of one for each token.
#[derive(Clone, Copy, Default)]
pub struct Draft<'a> {
    pub tokens: &'a [u32],
    /// The first so many stand, whatever the network thinks of them now.
    pub settled: usize,
}

/// The wish that is being followed, and what is known of those before it.
#[derive(Default)]
pub(crate) struct Trial {
    /// The first token that only a wish made, of a term that is not said yet.
    open: Option<usize>,
    /// Where a wish was followed last and failed: nothing is wished for there.
    refused: Option<usize>,
    taken_back: usize,
}

/// [`expecting`] nothing in particular.
///
/// # Errors
/// As there.
pub async fn greedy(network: &Network, encoded: &Encoded, samples: usize, draft: Draft<'_>) -> Result<Said, Failure> {
    expecting(network, encoded, samples, draft, &Wishes::default()).await
}

/// Greedy tokens for an utterance of so many samples. The draft changes the time that it takes, and of the tokens only
/// what it says is settled. A wish decides between tokens, but only a whole term stays: when its word ends otherwise, the
/// tokens since the wish are taken back and said as the network alone would.
///
/// # Errors
/// [`Failure::BadOutput`] if a score is not a finite number, [`Failure::DeviceLost`] if the device does not answer.
pub async fn expecting(
    network: &Network,
    encoded: &Encoded,
    samples: usize,
    draft: Draft<'_>,
    wishes: &Wishes,
) -> Result<Said, Failure> {
    let mut session = begin(network, encoded, samples);
    run(network, &mut session, samples, draft, wishes).await
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
    wishes: &Wishes,
) -> Result<Said, Failure> {
    let limit = limit(samples, network.config.vocab_size);
    session.rewind(0);
    let (mut said, mut trial) = (Said::default(), Trial::default());
    loop {
        let before = session.position();
        let given = given(network, &said.tokens, draft, wishes, &trial, limit);
        let scores = network.advance(session, network.tokens(&given));
        let leanings = leanings(wishes, &said.tokens, &given[1..], |at| {
            at >= draft.settled && trial.listens(at)
        });
        let choices = read(ops::choose_leaning(scores, &leanings)).await?;
        for (place, (choice, likelihood)) in choices.into_iter().enumerate() {
            let index = said.tokens.len();
            let (token, likelihood, wished) = match draft.tokens.get(index) {
                Some(settled) if index < draft.settled && *settled != choice.token() => (*settled, 0.0, false),
                _ => (choice.token(), likelihood, choice.wished()),
            };
            let ends = network.config.is_end(token);
            if let Some(back) = trial.fails(wishes, &said, (!ends).then_some(token)) {
                said.truncate(back);
                session.rewind(back);
                break;
            }
            if ends {
                return Ok(said);
            }
            if index == limit {
                // Nobody said all that.
                said.probabilities.fill(0.0);
                return Ok(said);
            }
            said.push(token, likelihood, wished);
            if wished {
                trial.follows(index);
            }
            if let Some((start, end)) = repeated(&said.tokens) {
                said.truncate(end);
                said.probabilities[start..].fill(0.0);
                return Ok(said);
            }
            if given.get(place + 1) != Some(&token) {
                // What was given behind it was never said.
                session.rewind(before + place + 1);
                break;
            }
        }
    }
}

impl Trial {
    /// Whether wishes count for the token at this place.
    pub(crate) fn listens(&self, at: usize) -> bool {
        self.refused != Some(at) && self.taken_back < MOST_TAKEN_BACK
    }

    /// A wish made the token at this place. True if none was being followed: this is where to go back to.
    pub(crate) fn follows(&mut self, at: usize) -> bool {
        let begins = self.open.is_none();
        self.open.get_or_insert(at);
        begins
    }

    /// Where to go back to, if what was wished for is not said once this token, or none, comes next.
    pub(crate) fn fails(&mut self, wishes: &Wishes, said: &Said, next: Option<u32>) -> Option<usize> {
        match wishes.outcome(&said.tokens, self.open?, next) {
            Outcome::Open => None,
            Outcome::Said(start) if wishes.stays(&said.probabilities[start..]) => {
                self.open = None;
                None
            }
            Outcome::Said(_) | Outcome::Failed => {
                self.taken_back += 1;
                self.refused = self.open.take();
                self.refused
            }
        }
    }
}

/// The last token, which the network has not taken yet, and behind it what will probably be said, to be checked in one step.
fn given(network: &Network, said: &[u32], draft: Draft<'_>, wishes: &Wishes, trial: &Trial, limit: usize) -> Vec<u32> {
    let last = said.last().copied().unwrap_or_else(|| network.config.start_token());
    let mut ahead = match (draft.tokens.strip_prefix(said), trial.open) {
        (Some(rest), _) => rest.to_vec(),
        (None, Some(at)) => wishes.rest(said, at),
        (None, None) => Vec::new(),
    };
    ahead.truncate(limit.saturating_sub(said.len() + 1));
    ahead.insert(0, last);
    ahead
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

/// What is wished for after what was said, and after each of the tokens that are given behind it.
fn leanings(wishes: &Wishes, said: &[u32], given: &[u32], listens: impl Fn(usize) -> bool) -> Vec<Leaning> {
    let mut tokens = said.to_vec();
    let mut leanings = Vec::new();
    for row in 0..=given.len() {
        tokens.extend(row.checked_sub(1).map(|last| given[last]));
        if listens(tokens.len()) {
            let bonuses = wishes.after(&tokens).into_iter();
            leanings.extend(bonuses.map(|(token, bonus)| Leaning { row, token, bonus }));
        }
    }
    leanings
}

/// Tokens and their likelihoods on the host, in one transfer of four bytes each.
async fn read(choices: Tensor<1, Int>) -> Result<Vec<(Choice, f32)>, Failure> {
    let choices = choices.into_data_async().await.map_err(|_| Failure::DeviceLost)?;
    let choices: Vec<i32> = choices.try_into_vec().map_err(|_| Failure::BadOutput)?;
    let sound = |bits: i32| {
        let choice = Choice(bits as u32);
        let likelihood = choice.likelihood().ok_or(Failure::BadOutput)?;
        Ok((choice, likelihood))
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
    use crate::{block_on, tokens::Vocabulary};

    fn chosen(values: Vec<f32>) -> Result<(u32, f32), Failure> {
        let count = values.len();
        let scores = Tensor::from_data(TensorData::new(values, [1, count]), &Device::flex());
        block_on(read(ops::choose(scores))).map(|choices| (choices[0].0.token(), choices[0].1))
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

    /// Pieces 3 to 6 are " a", " b", "c" and ".".
    fn wishes(terms: &[&str]) -> Wishes {
        let pieces = ["<unk>", "<s>", "</s>", "▁a", "▁b", "c", "."]
            .map(str::to_owned)
            .to_vec();
        let pieces = pieces.into_iter().chain(["▁", "a", "b"].map(str::to_owned)).collect();
        let vocabulary = Vocabulary {
            pieces,
            special: vec![0, 1, 2],
            byte_level: false,
        };
        let terms: Vec<String> = terms.iter().map(|term| (*term).to_owned()).collect();
        Wishes::with(&terms, &vocabulary, [1.0, 0.3])
    }

    #[test]
    fn what_is_wished_for_depends_on_what_was_said_before_each_place() {
        let wishes = wishes(&["ac"]);
        let deeper = 1.0 + 2.0_f32.ln();
        let leaning = |row, token, bonus| Leaning { row, token, bonus };
        assert_eq!(leanings(&wishes, &[], &[], |_| true), [leaning(0, 3, 1.0)]);
        let both = [
            leaning(0, 3, 1.0),
            leaning(1, 3, 1.0),
            leaning(1, 5, deeper),
            leaning(2, 3, 1.0),
        ];
        assert_eq!(leanings(&wishes, &[4], &[3, 6], |_| true), both);
        assert_eq!(leanings(&wishes, &[4], &[3, 6], |at| at == 2), both[1..3]);
    }

    #[test]
    fn a_wish_that_came_to_nothing_is_taken_back_once() {
        let wishes = wishes(&["ac"]);
        let mut trial = Trial {
            open: Some(1),
            ..Trial::default()
        };
        let said = |tokens: &[u32], probability: f32| {
            let mut said = Said::default();
            tokens.iter().for_each(|token| said.push(*token, probability, true));
            said
        };
        assert_eq!(trial.fails(&wishes, &said(&[4, 3], 0.9), Some(5)), None);
        assert_eq!(trial.fails(&wishes, &said(&[4, 3], 0.9), Some(4)), Some(1));
        assert!(!trial.listens(1) && trial.listens(2));
        // Nothing is followed any more.
        assert_eq!(trial.fails(&wishes, &said(&[4, 4], 0.9), None), None);
        trial.open = Some(2);
        assert_eq!(trial.fails(&wishes, &said(&[4, 4, 3, 5], 0.9), None), None);
        assert_eq!(trial.open, None);
        // A whole term that was hardly heard.
        trial.open = Some(2);
        assert_eq!(trial.fails(&wishes, &said(&[4, 4, 3, 5], 0.1), None), Some(2));
        trial.taken_back = MOST_TAKEN_BACK;
        assert!(!trial.listens(7));
    }

    #[test]
    fn what_was_wished_for_does_not_say_how_well_the_rest_was_heard() {
        let mut said = Said::default();
        assert_eq!(said.log_likelihood(), None);
        said.push(3, 0.5, false);
        said.push(4, 0.001, true);
        assert_eq!(said.log_likelihood(), Some(0.5_f32.ln()));
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
