//! The words of one window: one token after the other, and again with more chance where the answer cannot be right.

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};
use speech::protocol::Failure;

use super::rules::{self, Stamps};
use crate::{
    Transcriber,
    config::whisper::Whisper,
    decode::{Said, Trial},
    network::{Network, Session},
    ops,
    wishes::Wishes,
};

/// Tried in turn until the answer can be right.
pub const TEMPERATURES: [f32; 6] = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0];

/// A text that can be made smaller than this part of itself repeats itself.
const MOST_COMPRESSED: f32 = 2.4;

/// Mean logarithm of the likelihoods below which an answer is not to be trusted.
const LEAST_LIKELY: f32 = -1.0;

/// How likely it must be that nobody speaks, for an answer that is not to be trusted to be no answer.
const NO_SPEECH: f32 = 0.6;

/// What is asked of a window.
pub struct Ask<'a> {
    pub whisper: &'a Whisper,
    /// What the windows before it said.
    pub before: &'a [u32],
    /// Language and task.
    pub task: Vec<u32>,
    pub stamps: Stamps,
    pub wishes: &'a Wishes,
    /// Tokens of the longest answer.
    pub most: usize,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Window {
    /// Without the end.
    pub tokens: Vec<u32>,
    /// How likely each was, of all that might be said in its place.
    pub probabilities: Vec<f32>,
    /// How likely it is that nobody speaks.
    pub no_speech: f32,
    /// Mean logarithm of the likelihoods, the end's among them.
    pub likely: f32,
    pub temperature: f32,
}

/// Whether an answer can be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Good,
    Again,
}

impl Ask<'_> {
    /// All that stands before the words.
    pub fn prompt(&self, start: u32, stamps: Stamps) -> Vec<u32> {
        let unstamped = (stamps == Stamps::Unwanted).then_some(self.whisper.no_timestamps);
        let task = self.task.iter().copied();
        std::iter::once(start).chain(task).chain(unstamped).collect()
    }

    /// The words of the windows before, as far as there is room.
    fn memory(&self) -> Vec<u32> {
        let most = self.whisper.positions / 2 - 1;
        let kept = &self.before[self.before.len().saturating_sub(most)..];
        match kept {
            [] => Vec::new(),
            kept => [&[self.whisper.previous], kept].concat(),
        }
    }
}

impl Window {
    /// True if nobody speaks in the window, whatever was written.
    pub fn silent(&self) -> bool {
        self.no_speech > NO_SPEECH && self.likely <= LEAST_LIKELY
    }

    fn verdict(&self, text: &str) -> Verdict {
        let unlikely = self.likely < LEAST_LIKELY;
        let nobody = self.no_speech > NO_SPEECH && unlikely;
        match (compressed(text) > MOST_COMPRESSED || unlikely) && !nobody {
            true => Verdict::Again,
            false => Verdict::Good,
        }
    }
}

/// The answer of the first temperature at which it can be right; of the last, if it never can.
///
/// # Errors
/// As [`decode`].
pub async fn best(
    transcriber: &Transcriber,
    session: &mut Session,
    ask: &Ask<'_>,
    temperatures: &[f32],
) -> Result<(Window, Verdict), Failure> {
    let judged = |window: &Window| {
        let words = window.tokens.iter().filter(|token| **token < ask.whisper.end);
        let words: Vec<u32> = words.copied().collect();
        window.verdict(&transcriber.vocabulary().text(&words))
    };
    let (first, rest) = temperatures.split_first().expect("a temperature");
    let mut window = decode(transcriber, session, ask, *first).await?;
    let mut verdict = judged(&window);
    for temperature in rest {
        if verdict == Verdict::Good {
            break;
        }
        window = decode(transcriber, session, ask, *temperature).await?;
        verdict = judged(&window);
    }
    Ok((window, verdict))
}

/// An answer at a temperature; at 0 the likeliest token wins each time. The session starts anew.
///
/// # Errors
/// [`Failure::BadOutput`] if a score is not a finite number, [`Failure::DeviceLost`] if the device does not answer.
pub async fn decode(
    transcriber: &Transcriber,
    session: &mut Session,
    ask: &Ask<'_>,
    temperature: f32,
) -> Result<Window, Failure> {
    let (network, whisper) = (transcriber.network(), ask.whisper);
    let start = network.config.start_token();
    session.rewind(0);
    let mut scores = step(network, session, &[ask.memory(), vec![start]].concat()).await?;
    let no_speech = (scores[whisper.no_speech() as usize] - rules::sum(&scores)).exp();
    if let [_, task @ ..] = ask.prompt(start, ask.stamps).as_slice()
        && !task.is_empty()
    {
        scores = step(network, session, task).await?;
    }
    let prompt = session.position();
    let limit = ask.most.min(whisper.positions - prompt);
    let mut chance = Chance::new(temperature);
    let (mut said, mut trial, mut before_trial) = (Said::default(), Trial::default(), Vec::new());
    let ending = loop {
        let known = scores.clone();
        rules::apply(whisper, ask.stamps, &said.tokens, &mut scores);
        let whole = rules::sum(&scores);
        let plain = chance.choose(&scores);
        let token = match trial.listens(said.tokens.len()) {
            true => {
                let wished = ask.wishes.after(&said.tokens).into_iter();
                let wished = wished.map(|(token, bonus)| (token as usize, bonus));
                // A tokenizer may have pieces that the network has no score for.
                let wished = wished.filter(|(token, _)| *token < scores.len());
                ops::lean(&scores, plain as usize, wished) as u32
            }
            false => plain,
        };
        let likelihood = (scores[token as usize] - whole).exp();
        let next = (token != whisper.end).then_some(token);
        if let Some(back) = trial.fails(ask.wishes, &said, next) {
            said.truncate(back);
            session.rewind(prompt + back);
            scores = std::mem::take(&mut before_trial);
            continue;
        }
        if next.is_none() || said.tokens.len() == limit {
            break likelihood;
        }
        if token != plain && trial.follows(said.tokens.len()) {
            before_trial = known;
        }
        said.push(token, likelihood, token != plain);
        scores = step(network, session, &[token]).await?;
    };
    let likelihoods = said.probabilities.iter().chain([&ending]);
    let likely = likelihoods.map(|p| p.max(f32::MIN_POSITIVE).ln()).sum::<f32>() / (said.tokens.len() + 1) as f32;
    Ok(Window {
        tokens: said.tokens,
        probabilities: said.probabilities,
        no_speech,
        likely,
        temperature,
    })
}

/// Takes the next tokens and gives the scores of what follows the last of them.
///
/// # Errors
/// As [`decode`].
pub async fn step(network: &Network, session: &mut Session, tokens: &[u32]) -> Result<Vec<f32>, Failure> {
    let scores = network.advance_to_last(session, network.tokens(tokens));
    let scores = scores.into_data_async().await.map_err(|_| Failure::DeviceLost)?;
    let mut scores: Vec<f32> = scores.try_into_vec().map_err(|_| Failure::BadOutput)?;
    scores.truncate(network.config.vocab_size);
    match scores.iter().all(|score| score.is_finite()) {
        true => Ok(scores),
        false => Err(Failure::BadOutput),
    }
}

/// The first of the highest scores.
pub fn likeliest(scores: &[f32]) -> (u32, f32) {
    let higher = |best: (u32, f32), (token, score): (u32, &f32)| if *score > best.1 { (token, *score) } else { best };
    (0..).zip(scores).fold((0, f32::NEG_INFINITY), higher)
}

/// How many times shorter a text becomes.
fn compressed(text: &str) -> f32 {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(text.as_bytes());
    let short = written.and_then(|()| encoder.finish()).expect("memory takes all bytes");
    text.len() as f32 / short.len() as f32
}

/// Chooses tokens; the same scores and temperature always give the same.
struct Chance {
    temperature: f32,
    state: u64,
}

impl Chance {
    fn new(temperature: f32) -> Self {
        Self { temperature, state: 1 }
    }

    /// The first of the highest, or one as often as it is likely.
    fn choose(&mut self, scores: &[f32]) -> u32 {
        let (likeliest, highest) = likeliest(scores);
        if self.temperature == 0.0 {
            return likeliest;
        }
        let temperature = self.temperature;
        let weight = |score: &f32| f64::from((score - highest) / temperature).exp();
        let mut rest = self.uniform() * scores.iter().map(weight).sum::<f64>();
        let drawn = scores.iter().position(|score| {
            rest -= weight(score);
            rest < 0.0
        });
        drawn.map_or(likeliest, |token| token as u32)
    }

    /// 0…1, by SplitMix64.
    fn uniform(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.state;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(no_speech: f32, likely: f32) -> Window {
        Window {
            tokens: Vec::new(),
            probabilities: Vec::new(),
            no_speech,
            likely,
            temperature: 0.0,
        }
    }

    #[test]
    fn a_likely_answer_is_good() {
        assert_eq!(window(0.1, -0.3).verdict("No fever, no chills."), Verdict::Good);
        assert_eq!(window(0.9, -0.3).verdict("No fever, no chills."), Verdict::Good);
        assert_eq!(window(0.1, -1.0).verdict("No fever, no chills."), Verdict::Good);
    }

    #[test]
    fn an_unlikely_one_is_tried_again() {
        assert_eq!(window(0.1, -1.01).verdict("No fever."), Verdict::Again);
        assert_eq!(window(0.6, -1.01).verdict("No fever."), Verdict::Again);
    }

    #[test]
    fn a_loop_is_tried_again() {
        let text = "thank you ".repeat(40);
        assert_eq!(window(0.1, -0.1).verdict(&text), Verdict::Again);
        assert_eq!(window(0.9, -0.1).verdict(&text), Verdict::Again);
    }

    #[test]
    fn where_nobody_speaks_nothing_is_tried_again() {
        let silence = window(0.61, -1.01);
        assert_eq!(silence.verdict("Thank you."), Verdict::Good);
        assert!(silence.silent());
        assert!(window(0.61, -1.0).silent());
        assert!(!window(0.61, -0.9).silent() && !window(0.6, -3.0).silent());
    }

    #[test]
    fn repetition_is_what_compresses() {
        assert!(compressed("She takes lisinopril ten milligrams once a day.") < 1.5);
        assert!(compressed(&"you ".repeat(100)) > 10.0);
        assert_eq!(compressed(""), 0.0);
    }

    #[test]
    fn chance_follows_the_likelihoods() {
        let scores = [0.0, 3.0_f32.ln(), f32::NEG_INFINITY];
        assert_eq!(Chance::new(0.0).choose(&scores), 1);
        let mut chance = Chance::new(1.0);
        let mut counts = [0; 3];
        (0..4_000).for_each(|_| counts[chance.choose(&scores) as usize] += 1);
        assert!((2_900..3_100).contains(&counts[1]) && counts[2] == 0, "{counts:?}");
        // Squared.
        let mut chance = Chance::new(0.5);
        let often = (0..4_000).filter(|_| chance.choose(&scores) == 1).count();
        assert!((3_500..3_700).contains(&often), "{often}");
    }
}
