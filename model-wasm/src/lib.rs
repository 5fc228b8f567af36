//! The speech model: an utterance in, its words out.
//!
//! samples → [`features`] → [`network`] (on [`attention`], [`layers`] and [`ops`]) → [`decode`] → [`tokens`] → [`words`],
//! with [`wishes`] for words that somebody expects, [`listener`] around it, which hears an utterance while it is being said,
//! and [`align`], which says when each word was. [`whisper`] stands for [`features`] and [`decode`] in the other family.
//!
//! The weights come from a model pack ([`pack`], [`weights`], [`quant`]); [`config`] holds their dimensions and
//! [`self_test`] the check that a device computes what it should. Nothing here knows a browser: the worker binary
//! fetches, and a native binary imports and measures.

pub mod align;
pub mod attention;
pub mod config;
pub mod decode;
pub mod features;
pub mod layers;
pub mod listener;
pub mod network;
pub mod ops;
pub mod pack;
pub mod quant;
pub mod self_test;
pub mod tokens;
pub mod weights;
pub mod whisper;
pub mod wishes;
pub mod words;

#[cfg(not(target_arch = "wasm32"))]
pub mod checkpoint;
#[cfg(not(target_arch = "wasm32"))]
pub mod import;
#[cfg(not(target_arch = "wasm32"))]
pub mod word_errors;

pub use burn::tensor::Device;

use speech::{RATE, Utterance, level_dbfs, protocol::Failure};

use crate::{
    config::Config,
    decode::Said,
    listener::Listener,
    network::{Network, Session},
    pack::{Golden, Manifest},
    quant::Bits,
    tokens::Vocabulary,
    weights::Weights,
    wishes::Wishes,
    words::{Heard, UNCLEAR},
};

/// Softer utterances hold no word: the loudest tenth of a second in decibels under full scale. What comes from the page is
/// louder, because the segmenter hears nothing below it either.
const QUIETEST: f32 = -66.0;

/// Silence before an utterance that begins inside of speech, in samples: five rows. Without it the starter takes what
/// follows a cut in the middle of a word for no speech at all.
const LEAD: usize = RATE as usize / 10;

/// Decibels under full scale from which the first hundredth of a second is inside of speech.
const ABRUPT: f32 = -50.0;

/// Decibels under an utterance's loudest row from which one is silent: speech has 30 between its vowels and its hisses.
const SILENT_BELOW: f32 = 35.0;

/// Shorter utterances hold no word: a tenth of a second, in samples.
const SHORTEST: usize = RATE as usize / 10;

/// A loaded model on a device.
pub struct Transcriber {
    network: Network,
    vocabulary: Vocabulary,
    /// What is expected to be said.
    wishes: Wishes,
    /// The token of the language that is spoken, where that is not left to the network.
    language: Option<u32>,
    golden: Golden,
    /// Of the packed weights.
    bits: Vec<Bits>,
}

impl Transcriber {
    /// Checks every tensor and brings it to the device. The caller has verified the shards' hashes ([`pack::verify`]).
    ///
    /// # Errors
    /// [`Failure::Unsupported`] or [`Failure::Altered`], naming what does not fit.
    pub fn load(manifest: &Manifest, shards: Vec<Vec<u8>>, device: &Device) -> Result<Self, Failure> {
        let config = Config::parse(&manifest.config)?;
        let weights = Weights::from_shards(manifest, shards, device)?;
        Ok(Self {
            network: Network::load(config, weights)?,
            vocabulary: manifest.tokenizer.clone(),
            wishes: Wishes::default(),
            language: None,
            golden: manifest.golden.clone(),
            bits: manifest.bits(),
        })
    }

    /// The words of an utterance; none for one that is too short or too soft to hold any, or in which the network found
    /// none, or of which it is too unsure.
    ///
    /// # Errors
    /// [`Failure::BadOutput`] if the network's scores are no numbers, [`Failure::DeviceLost`] if the device does not
    /// answer, [`Failure::Unsupported`] for an utterance longer than the network has positions for.
    pub async fn transcribe(&self, utterance: &Utterance) -> Result<Heard, Failure> {
        Listener::default().finish(self, utterance).await
    }

    /// Compares each operation with its plain form, and the device's answer to a fixed signal with the pack's golden one.
    ///
    /// # Errors
    /// [`Failure::BadOutput`] if they differ: the device must not be used.
    pub async fn self_test(&self) -> Result<(), Failure> {
        self_test::kernels::run(&self.network.config, &self.bits, self.network.device()).await?;
        self_test::run(&self.network, &self.golden).await
    }

    pub fn network(&self) -> &Network {
        &self.network
    }

    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// These words are expected to be said from now on, and no others.
    pub fn expect(&mut self, wishes: Wishes) {
        self.wishes = wishes;
    }

    pub fn wishes(&self) -> &Wishes {
        &self.wishes
    }

    /// ISO 639 codes of the languages that the network can be told to listen for; none if it knows one only.
    pub fn languages(&self) -> Vec<String> {
        let whisper = self.network.config.whisper.as_ref();
        let known = whisper.into_iter().flat_map(|whisper| whisper.languages.keys());
        known.cloned().collect()
    }

    /// This language is spoken from now on; without one that the network knows it tells the language itself.
    pub fn speak(&mut self, language: Option<&str>) {
        let whisper = self.network.config.whisper.as_ref();
        self.language = whisper.and_then(|whisper| whisper.languages.get(language?).copied());
    }

    pub fn language(&self) -> Option<u32> {
        self.language
    }

    /// False if what was said is more likely wrong than right: see [`UNCLEAR`].
    pub fn understood(&self, said: &Said) -> bool {
        said.log_likelihood().is_none_or(|mean| mean >= UNCLEAR)
    }

    /// Tokens to words.
    pub fn spell(&self, said: &Said) -> Heard {
        let words = self.vocabulary.words(&said.tokens).into_iter();
        Heard::from_words(words.map(|(word, tokens)| {
            let least = said.probabilities[tokens].iter().copied().fold(1.0, f32::min);
            (word, least)
        }))
    }

    /// [`Transcriber::spell`], and when each word was said: with this prompt before the tokens, in the sound that the session
    /// heard, of which the first sample is the utterance's sample `start`, or lies so far before it.
    ///
    /// # Errors
    /// [`Failure::DeviceLost`] or [`Failure::BadOutput`] if the device gives no numbers.
    pub async fn spell_timed(
        &self,
        session: &mut Session,
        prompt: &[u32],
        said: &Said,
        sound: &[f32],
        start: isize,
    ) -> Result<Heard, Failure> {
        let mut heard = self.spell(said);
        if heard.words.is_empty() {
            return Ok(heard);
        }
        let looks = self
            .network
            .looks(session, prompt, &said.tokens)
            .into_data_async()
            .await;
        let looks = looks.map_err(|_| Failure::DeviceLost)?.try_into_vec::<f32>();
        let looks = looks.map_err(|_| Failure::BadOutput)?;
        // One step more than tokens: the last looks at what comes after the last word.
        let row = self.network.row_samples();
        let loud = loud(sound, row, looks.len() / (said.tokens.len() + 1));
        let begins = align::begins(&looks, &loud);
        let seconds = |frame: usize| (frame * row).saturating_add_signed(start) as f32 / RATE as f32;
        for (word, (_, tokens)) in heard.words.iter_mut().zip(self.vocabulary.words(&said.tokens)) {
            let sound = align::sounding(begins[tokens.start]..begins[tokens.end], &loud);
            word.time = Some((seconds(sound.start), seconds(sound.end)));
        }
        Ok(heard)
    }

    /// An utterance as the network hears it. More of the same utterance is more of the same wave.
    pub fn wave(&self, utterance: &Utterance) -> Vec<f32> {
        let sound = utterance.samples.to_f32();
        let first = &sound[..sound.len().min(RATE as usize / 100)];
        let fits = sound.len().saturating_add(LEAD) <= self.network.max_samples();
        let lead = if fits && level_dbfs(first) > ABRUPT { LEAD } else { 0 };
        [vec![0.0; lead], sound].concat()
    }

    /// False for an utterance that is too short or too soft to hold a word.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] for one that is longer than the network has positions for.
    pub fn fits(&self, utterance: &Utterance) -> Result<bool, Failure> {
        let samples = utterance.samples.len();
        if samples > self.network.max_samples() {
            return Err(Failure::Unsupported {
                what: "an utterance of such a length".to_owned(),
            });
        }
        Ok(samples >= SHORTEST && loudest(utterance) > QUIETEST)
    }
}

/// Decibels under full scale of the loudest tenth of a second.
fn loudest(utterance: &Utterance) -> f32 {
    let wave = utterance.samples.to_f32();
    wave.chunks(SHORTEST).map(level_dbfs).fold(f32::NEG_INFINITY, f32::max)
}

/// Which of the rows of a wave, of so many samples each, are not silent beside its loudest.
fn loud(wave: &[f32], row: usize, rows: usize) -> Vec<bool> {
    let levels: Vec<f32> = wave.chunks(row).map(level_dbfs).collect();
    let loudest = levels.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let loud = |level: f32| level > loudest - SILENT_BELOW;
    (0..rows)
        .map(|row| levels.get(row).is_some_and(|level| loud(*level)))
        .collect()
}

/// Drives a future of this crate on a thread that may block.
///
/// Native reads from a device complete before their future is first polled to the end, so spinning costs nothing.
#[cfg(not(target_arch = "wasm32"))]
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        match future.as_mut().poll(&mut context) {
            std::task::Poll::Ready(output) => return output,
            std::task::Poll::Pending => std::thread::yield_now(),
        }
    }
}
