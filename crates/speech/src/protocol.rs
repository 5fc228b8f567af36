//! The worker boundary: closed enums, bytes on the wire, every answer names its job.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Segment, Utterance};

/// Page → worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Fetch, verify, keep and start the model pack; answered by [`Event::Ready`] or [`Event::Failed`] without a job.
    Load {
        model: ModelRef,
        backend: BackendChoice,
    },
    Transcribe {
        job: JobId,
        utterance: Utterance,
    },
    /// The job's utterance as far as it has been said; answered by [`Event::Partial`], or by nothing if more of it, or the
    /// whole, arrived before it was its turn. The whole still has to be sent.
    Listen {
        job: JobId,
        utterance: Utterance,
    },
    /// Forget a job that has not begun; one under way still answers.
    Cancel {
        job: JobId,
    },
    /// These words are expected from now on, and no others: terms of [`crate::WordList`]s, and with `drugs` the names of
    /// drugs that come with the site. Answered by [`Event::Expecting`]; of use only to a model that is loaded.
    Expect {
        terms: Vec<String>,
        drugs: bool,
    },
    /// This language is spoken from now on; without one the model tells it from the sound, utterance by utterance.
    /// Answered by nothing; of use only to a loaded model with several languages.
    Speak {
        language: Option<String>,
    },
}

/// Worker → page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// Bytes of the model pack that are here and verified, or on their way.
    Progress {
        done: u64,
        total: u64,
    },
    Ready(Engine),
    /// The words so far of a job that [`Request::Listen`] told of.
    Partial {
        job: JobId,
        words: Partial,
    },
    /// The words of a job.
    Segment {
        job: JobId,
        segment: Segment,
    },
    /// The job is over, with its words or with what it has instead of them.
    Done {
        job: JobId,
    },
    Cancelled {
        job: JobId,
    },
    /// So many words are expected, and whether those of drugs are among them.
    Expecting {
        terms: u32,
        drugs: bool,
    },
    /// A job has no words.
    Wordless {
        job: JobId,
        why: Wordless,
    },
    /// Without a job: the worker as a whole cannot go on.
    Failed {
        job: Option<JobId>,
        why: Failure,
    },
    /// The language in which the job's words were spoken, where the model had to tell it; comes before its segment.
    Language {
        job: JobId,
        code: String,
    },
}

/// Why there is sound and no word of it on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wordless {
    /// Nobody spoke.
    NoSpeech,
    /// Somebody may have spoken, but what was understood is more likely wrong than right, so it is not shown.
    Unclear,
}

/// Words while they are being said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partial {
    /// These stay until the utterance is over.
    pub confirmed: String,
    /// These may change with every pass.
    pub tentative: String,
}

/// Names one utterance on its way through the worker; its segment carries the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct JobId(pub u32);

/// A model pack beside the page: the URL of its folder, relative to the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelRef {
    pub folder: String,
}

/// What the page asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BackendChoice {
    /// A real GPU if there is one that passes its check, else the CPU.
    Auto,
    /// The GPU even if it is a software one.
    WebGpu,
    Cpu,
}

/// What runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Backend {
    WebGpu,
    Cpu,
}

/// The loaded engine as the status line shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engine {
    pub backend: Backend,
    /// Why the GPU is not in use, if it is not and was wanted.
    pub fallback: Option<Fallback>,
    /// The pack's name, e.g. `starter`.
    pub model: String,
    /// True for packs that are fine for trying Sotto and not for patients.
    pub demonstration: bool,
    /// What the model can be told to listen for, as ISO 639 codes; empty if it knows one language only.
    pub languages: Vec<String>,
}

/// Why the CPU runs where a GPU was wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fallback {
    /// The browser offers no WebGPU.
    NoWebGpu,
    /// WebGPU offers only a software adapter, which is slower than the CPU backend.
    SoftwareAdapter,
    /// The adapter lacks `timestamp-query`, without which the GPU runtime cannot start.
    NoTimestampQuery,
    /// The device could not be made.
    DeviceRefused,
    /// The start-up check gave other numbers than the pack's golden ones.
    SelfTestFailed,
    /// The device was lost, or reported an error, while in use.
    DeviceLost,
}

/// What can go wrong in the worker, for the person who reads the screen; never holds what was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// A file of the pack could not be fetched.
    Fetch { file: String },
    /// A file of the pack is not the one that its manifest names.
    Altered { file: String },
    /// The manifest or a tensor does not fit this build.
    Unsupported { what: String },
    /// The GPU stopped or reported an error; the worker must be started anew on the CPU.
    DeviceLost,
    /// The network's output is unusable (not a number, or over every limit).
    BadOutput,
    /// A message that this build cannot read.
    Protocol,
}

/// # Panics
/// Never: the messages hold no map, no borrowed data and no type that postcard refuses.
pub fn encode<T: Serialize>(message: &T) -> Vec<u8> {
    postcard::to_stdvec(message).expect("protocol messages are plain data")
}

/// # Errors
/// [`Failure::Protocol`] for bytes that are no such message, or more than one.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    match postcard::take_from_bytes(bytes) {
        Ok((message, [])) => Ok(message),
        Ok(_) | Err(_) => Err(Failure::Protocol),
    }
}
