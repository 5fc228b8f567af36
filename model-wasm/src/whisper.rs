//! Whisper: an utterance in windows of 30 s, each heard as a whole.
//!
//! wave → [`Mel`] → (for each window) the network's encoder → [`window`], under the [`rules`] → [`seek`] → words
//!
//! Decoding follows openai/whisper (whisper/transcribe.py, whisper/decoding.py). What it does not trust in the end is not
//! shown, and no window is heard with what an earlier utterance said.

mod mel;
pub mod rules;
pub mod seek;
pub mod window;

pub use mel::Mel;

use speech::{Utterance, protocol::Failure};

use crate::{
    Transcriber,
    config::whisper::{HOP, Whisper},
    decode::Said,
    network::{Encoded, Session},
    words::Heard,
};
use rules::Stamps;
use window::{Ask, TEMPERATURES, Verdict, Window};

/// A window of another temperature than this or below is no help for the next.
const STEADY: f32 = 0.5;

/// How likely a language must be for anybody to be told of it: an "mm-hm" is of none.
const SURE: f32 = 0.5;

/// The words of an utterance that is over.
///
/// # Errors
/// As [`Transcriber::transcribe`].
pub async fn transcribe(transcriber: &Transcriber, whisper: &Whisper, utterance: &Utterance) -> Result<Heard, Failure> {
    if !transcriber.fits(utterance)? {
        return Ok(Heard::default());
    }
    let wave = transcriber.wave(utterance);
    let lead = wave.len() - utterance.samples.len();
    let mel = Mel::of(&wave, whisper.mels, whisper.window_samples());
    let mut walk = Walk::new(transcriber, whisper, wave.len());
    let (mut heard, mut unclear) = (Heard::default(), false);
    while let Some(mut passage) = walk.next(&mel, &TEMPERATURES).await? {
        match passage.verdict {
            Verdict::Good => heard.append(passage.words(transcriber, whisper, &wave, lead).await?),
            Verdict::Again => unclear = true,
        }
    }
    if heard.words.is_empty() && unclear {
        return Ok(Heard::unclear());
    }
    heard.language = walk.told;
    Ok(heard)
}

/// A way through a sound, window after window.
pub struct Walk<'a> {
    transcriber: &'a Transcriber,
    whisper: &'a Whisper,
    /// Frames of the sound, and the one at which the next window begins.
    frames: usize,
    from: usize,
    /// What the windows so far said, as far as the next is to know it.
    before: Vec<u32>,
    /// Tokens of a window, at most: half of the positions, where nobody says otherwise.
    pub most: usize,
    language: Option<u32>,
    /// The code of the language, where the network had to tell it and could.
    told: Option<String>,
}

/// What was heard in a window.
pub struct Passage {
    /// The frame at which the window begins.
    pub from: usize,
    pub window: Window,
    pub verdict: Verdict,
    pub heard: seek::Heard,
    /// Knows the window's sound.
    session: Session,
    /// Asks for words alone.
    prompt: Vec<u32>,
}

impl<'a> Walk<'a> {
    pub fn new(transcriber: &'a Transcriber, whisper: &'a Whisper, samples: usize) -> Self {
        Self {
            transcriber,
            whisper,
            frames: samples.div_ceil(HOP),
            from: 0,
            before: Vec::new(),
            most: whisper.positions / 2,
            language: transcriber.language(),
            told: None,
        }
    }

    /// The next window in which somebody speaks.
    ///
    /// # Errors
    /// As [`Transcriber::transcribe`].
    pub async fn next(&mut self, mel: &Mel, temperatures: &[f32]) -> Result<Option<Passage>, Failure> {
        let (network, whisper) = (self.transcriber.network(), self.whisper);
        while self.from < self.frames.min(mel.frames()) {
            let from = self.from;
            let encoded = network.encode_window(mel, from);
            let mut session = network.begin(&encoded, whisper.positions);
            if self.language.is_none() && !whisper.languages.is_empty() {
                let spoken = detect(self.transcriber, whisper, &mut session).await?;
                self.language = Some(spoken.token);
                self.told = (spoken.likely >= SURE).then_some(spoken.code);
            }
            let ask = Ask {
                whisper,
                before: &self.before,
                task: whisper.task(self.language),
                stamps: Stamps::Wanted,
                wishes: self.transcriber.wishes(),
                most: self.most,
            };
            let (window, verdict) = window::best(self.transcriber, &mut session, &ask, temperatures).await?;
            let frames = (mel.frames() - from).min(2 * whisper.window);
            if window.silent() {
                self.from += frames;
                continue;
            }
            let prompt = ask.prompt(network.config.start_token(), Stamps::Unwanted);
            let heard = seek::heard(&window.tokens, whisper.first_timestamp(), frames);
            self.from += heard.frames;
            let passage = Passage {
                from,
                window,
                verdict,
                heard,
                session,
                prompt,
            };
            if passage.window.temperature > STEADY {
                self.before.clear();
            } else {
                self.before.extend(passage.said().map(|at| passage.window.tokens[at]));
            }
            return Ok(Some(passage));
        }
        Ok(None)
    }
}

impl Passage {
    /// Places of the tokens that count: what is heard in no time was not heard.
    fn said(&self) -> impl Iterator<Item = usize> {
        let segments = self.heard.segments.iter();
        let said = segments.filter(|segment| segment.rows.0 < segment.rows.1);
        said.flat_map(|segment| segment.tokens.clone())
    }

    /// `wave` is the whole sound, which begins with `lead` samples that are no part of the utterance.
    async fn words(
        &mut self,
        transcriber: &Transcriber,
        whisper: &Whisper,
        wave: &[f32],
        lead: usize,
    ) -> Result<Heard, Failure> {
        let mut said = Said::default();
        for at in self.said().filter(|at| self.window.tokens[*at] < whisper.end) {
            said.push(self.window.tokens[at], self.window.probabilities[at], false);
        }
        let begin = self.from * HOP;
        let end = wave.len().min(begin + whisper.window_samples());
        let start = begin as isize - lead as isize;
        transcriber
            .spell_timed(&mut self.session, &self.prompt, &said, &wave[begin..end], start)
            .await
    }
}

/// A language that somebody may speak.
pub struct Spoken {
    /// ISO 639.
    pub code: String,
    pub token: u32,
    /// Among all that the network knows.
    pub likely: f32,
}

/// The likeliest language.
///
/// # Errors
/// As [`Transcriber::transcribe`].
pub async fn detect(transcriber: &Transcriber, whisper: &Whisper, session: &mut Session) -> Result<Spoken, Failure> {
    let network = transcriber.network();
    session.rewind(0);
    let scores = window::step(network, session, &[network.config.start_token()]).await?;
    let score = |id: &u32| scores[*id as usize];
    let known: Vec<f32> = whisper.languages.values().map(score).collect();
    let best = whisper
        .languages
        .iter()
        .max_by(|a, b| score(a.1).total_cmp(&score(b.1)));
    let (code, token) = best.ok_or(Failure::BadOutput)?;
    Ok(Spoken {
        code: code.clone(),
        token: *token,
        likely: (score(token) - rules::sum(&known)).exp(),
    })
}

/// The likeliest tokens of a window, for whoever compares them with another implementation's.
///
/// # Errors
/// As [`Transcriber::transcribe`].
pub async fn greedy(
    transcriber: &Transcriber,
    whisper: &Whisper,
    encoded: &Encoded,
    language: Option<u32>,
    stamps: Stamps,
) -> Result<Window, Failure> {
    let mut session = transcriber.network().begin(encoded, whisper.positions);
    let ask = Ask {
        whisper,
        before: &[],
        task: whisper.task(language),
        stamps,
        wishes: transcriber.wishes(),
        most: whisper.positions,
    };
    window::decode(transcriber, &mut session, &ask, 0.0).await
}
