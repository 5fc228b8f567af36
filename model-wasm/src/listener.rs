//! Words while they are being said.
//!
//! A pass encodes what is new, checks the last pass's words in one step and decodes what follows. Words that stayed the same
//! while another second was heard are confirmed, up to the first that is doubtful: later passes over the utterance keep
//! them. The last pass, when the utterance is over, decides freely, but never for fewer words than were confirmed.

use burn::tensor::Tensor;
use speech::{
    RATE, Utterance,
    protocol::{Failure, Partial},
};

use crate::{
    Transcriber,
    decode::{self, Draft, Said},
    network::Encoded,
    whisper,
    words::{DOUBTFUL, Heard},
};

/// Samples of sound that words must outlast to be confirmed. What is said at the end of the sound heard so far is often
/// guessed, and guessed again when another third of a second is there: on a dictation heard in 252 ways, two passes that
/// agree confirm words that the last pass has fewer of in five of them, and a second's agreement in none.
const STEADY: usize = RATE as usize;

/// What is known of an utterance that is not over.
#[derive(Default)]
pub struct Listener {
    /// The utterance as far as it was heard.
    heard: Option<Utterance>,
    /// Encoder rows that nothing said later can change.
    rows: Option<Tensor<2>>,
    /// What the last pass said.
    draft: Vec<u32>,
    /// Of each token of the draft, how many samples were heard when the draft came to be what it is up to there.
    since: Vec<usize>,
    /// So many tokens of the draft are confirmed; they spell whole words.
    confirmed: usize,
    /// The words that those spell.
    words: usize,
}

impl Listener {
    /// One more pass over an utterance that is not over. Another one than before starts anew.
    ///
    /// # Errors
    /// As [`Transcriber::transcribe`].
    pub async fn hear(&mut self, transcriber: &Transcriber, utterance: &Utterance) -> Result<Partial, Failure> {
        if transcriber.network().config.whisper.is_some() {
            // Each pass would cost as much as half a minute of sound.
            return Ok(Partial::default());
        }
        self.follow(utterance);
        let Some(encoded) = self.encode(transcriber, utterance)? else {
            return Ok(Partial::default());
        };
        let network = transcriber.network();
        self.rows = network.settled(&encoded, transcriber.wave(utterance).len());
        // What is wished for waits for the last pass: followed in every pass, long lists would cost a third of the time.
        let said = decode::greedy(network, &encoded, utterance.samples.len(), self.draft()).await?;
        self.confirm(transcriber, &said, utterance.samples.len());
        self.draft = said.tokens;
        Ok(self.partial(transcriber))
    }

    /// The words of an utterance that is over.
    ///
    /// # Errors
    /// As [`Transcriber::transcribe`].
    pub async fn finish(mut self, transcriber: &Transcriber, utterance: &Utterance) -> Result<Heard, Failure> {
        if let Some(whisper) = &transcriber.network().config.whisper {
            return whisper::transcribe(transcriber, whisper, utterance).await;
        }
        self.follow(utterance);
        let Some(encoded) = self.encode(transcriber, utterance)? else {
            return Ok(Heard::default());
        };
        let (network, samples) = (transcriber.network(), utterance.samples.len());
        let free = Draft {
            settled: 0,
            ..self.draft()
        };
        let mut session = decode::begin(network, &encoded, samples);
        let wishes = transcriber.wishes();
        let mut said = decode::run(network, &mut session, samples, free, wishes).await?;
        if transcriber.vocabulary().words(&said.tokens).len() < self.words {
            said = decode::run(network, &mut session, samples, self.draft(), wishes).await?;
        }
        // What is on the screen for good is not taken back.
        let words = transcriber.vocabulary().words(&said.tokens).len();
        if words > 0 && self.words == 0 && !transcriber.understood(&said) {
            return Ok(Heard::unclear());
        }
        let wave = transcriber.wave(utterance);
        let lead = (wave.len() - samples) as isize;
        let prompt = [network.config.start_token()];
        transcriber
            .spell_timed(&mut session, &prompt, &said, &wave, -lead)
            .await
    }

    fn draft(&self) -> Draft<'_> {
        Draft {
            tokens: &self.draft,
            settled: self.confirmed,
        }
    }

    /// Forgets everything unless the utterance is the one that was heard, and more of it.
    fn follow(&mut self, utterance: &Utterance) {
        let goes_on = self.heard.as_ref().is_some_and(|heard| {
            heard.start == utterance.start && utterance.samples.as_slice().starts_with(heard.samples.as_slice())
        });
        if !goes_on {
            *self = Self::default();
        }
        self.heard = Some(utterance.clone());
    }

    /// Nothing if it is too short to hold a word.
    fn encode(&mut self, transcriber: &Transcriber, utterance: &Utterance) -> Result<Option<Encoded>, Failure> {
        let fits = transcriber.fits(utterance)?;
        let encode = || {
            transcriber
                .network()
                .encode_rest(self.rows.take(), &transcriber.wave(utterance))
        };
        Ok(fits.then(encode))
    }

    /// Confirms the words that this pass begins with and that are steady, but for the last of those, which may go on. A
    /// doubtful one would often be another in the end: it waits, and so does what follows.
    fn confirm(&mut self, transcriber: &Transcriber, said: &Said, heard: usize) {
        let same = self.draft.iter().zip(&said.tokens).take_while(|(a, b)| a == b).count();
        self.since.truncate(same);
        self.since.resize(said.tokens.len(), heard);
        if !transcriber.understood(said) {
            return;
        }
        let steady = |at: &usize| heard - self.since[*at] >= STEADY && said.probabilities[*at] >= DOUBTFUL;
        let stands = (0..said.tokens.len())
            .take_while(|at| *at < self.confirmed || steady(at))
            .count();
        let words = transcriber.vocabulary().words(&said.tokens[..stands]);
        if let Some((_, last)) = words.last()
            && last.start > self.confirmed
        {
            self.confirmed = last.start;
            self.words = words.len() - 1;
        }
    }

    fn partial(&self, transcriber: &Transcriber) -> Partial {
        // Apart, because what follows a confirmed word may yet be drafted as its ending.
        let (confirmed, tentative) = self.draft.split_at(self.confirmed.min(self.draft.len()));
        let join = |tokens: &[u32]| {
            let words = transcriber.vocabulary().words(tokens).into_iter();
            words.map(|(word, _)| word).collect::<Vec<_>>().join(" ")
        };
        Partial {
            confirmed: join(confirmed),
            tentative: join(tentative),
        }
    }
}
