//! The speech model: an utterance in, its words out.
//!
//! samples → [`features`] → [`network`] (on [`attention`] and [`layers`]) → [`decode`] → [`tokens`] → text
//!
//! The weights come from a model pack ([`pack`], [`weights`], [`quant`]); [`config`] holds their dimensions and
//! [`self_test`] the check that a device computes what it should. Nothing here knows a browser: the worker binary
//! fetches, and a native binary imports and measures.

pub mod attention;
pub mod config;
pub mod decode;
pub mod features;
pub mod layers;
pub mod network;
pub mod pack;
pub mod quant;
pub mod self_test;
pub mod tokens;
pub mod weights;

#[cfg(not(target_arch = "wasm32"))]
pub mod checkpoint;
#[cfg(not(target_arch = "wasm32"))]
pub mod import;
#[cfg(not(target_arch = "wasm32"))]
pub mod word_errors;

pub use burn::tensor::Device;

use speech::{RATE, Utterance, protocol::Failure};

use crate::{
    config::Config,
    network::Network,
    pack::{Golden, Manifest},
    tokens::Vocabulary,
    weights::Weights,
};

/// Shorter utterances hold no word: a tenth of a second, in samples.
const SHORTEST: usize = RATE as usize / 10;

/// A loaded model on a device.
pub struct Transcriber {
    network: Network,
    vocabulary: Vocabulary,
    golden: Golden,
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
            golden: manifest.golden.clone(),
        })
    }

    /// The words of an utterance on one line; none for one that is too short to hold any.
    ///
    /// # Errors
    /// [`Failure::BadOutput`] if the network's scores are no numbers, [`Failure::DeviceLost`] if the device does not
    /// answer, [`Failure::Unsupported`] for an utterance longer than the network has positions for.
    pub async fn transcribe(&self, utterance: &Utterance) -> Result<String, Failure> {
        let samples = utterance.samples.len();
        if samples < SHORTEST {
            return Ok(String::new());
        }
        if samples > self.network.max_samples() {
            return Err(Failure::Unsupported {
                what: "an utterance of such a length".to_owned(),
            });
        }
        let encoded = self.network.encode(&utterance.samples.to_f32());
        let tokens = decode::greedy(&self.network, &encoded, samples).await?;
        let text = self.vocabulary.text(&tokens);
        // Training texts bring line breaks; a segment is one line.
        Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Compares the device's answer to a fixed signal with the pack's golden one.
    ///
    /// # Errors
    /// [`Failure::BadOutput`] if they differ: the device must not be used.
    pub async fn self_test(&self) -> Result<(), Failure> {
        self_test::run(&self.network, &self.golden).await
    }

    pub fn network(&self) -> &Network {
        &self.network
    }
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
