use serde::{Deserialize, Serialize};

use super::Id;
use crate::problem::StoreProblem;

/// What is to be done about the sound of a visit, which is kept until the note made of it is confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SoundStep {
    /// A recording begins: its file stands when this is answered. [`super::ToWorker::Hear`] brings the sound.
    Begin {
        /// Of the visit; seconds since 1970.
        created: u64,
        expires_at: u64,
    },
    /// The recording is over.
    End,
    /// All its words are stored: nobody needs to be asked what to do with it.
    Written,
    /// The visit is closed in this tab.
    Leave,
    /// It goes for good: by hand, or because its note was confirmed.
    Destroy { by_hand: bool },
    /// The next part of it; the first after any other step.
    Read,
}

/// How much of a recording is on the disk and stays there whatever ends the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub note: Id,
    pub samples: u64,
    /// Why it is not more, when something is the matter: the rest is in memory, and is written as soon as it can be.
    pub trouble: Option<StoreProblem>,
}

/// A part of a recording that is read back.
#[derive(Serialize, Deserialize)]
pub struct SoundRead {
    /// Of the visit; seconds since 1970.
    pub created: u64,
    /// 16-bit samples at 16 kHz, little-endian.
    #[serde(with = "serde_bytes")]
    pub pcm: Vec<u8>,
    /// Where samples are missing: their place in this part, and how many.
    pub gaps: Vec<(u32, u64)>,
    pub last: bool,
    /// The recording ended in order; else up to the last half second may be missing. Known with the last part.
    pub complete: bool,
}

/// A recording whose words are not all stored: a crash ended it, or the speech recognition failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interrupted {
    pub note: Id,
    /// Of the visit; seconds since 1970.
    pub created: u64,
    /// About how long it is.
    pub seconds: u32,
    pub expires_at: u64,
}
