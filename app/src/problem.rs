//! What the browser can refuse; [`crate::words`] says it to people. Nothing here ever holds what was said or written.

use serde::{Deserialize, Serialize};
use speech::bundle::NoBundle;

pub use crate::browser::sound::{MOST_HOURS, MOST_MEGABYTES, MOST_MINUTES};

/// Why no sound comes from the microphone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MicProblem {
    Blocked,
    Missing,
    InUse,
    /// The page was not opened through https or from this computer, or the browser is too old.
    Unavailable,
    /// A rate or layout that cannot be brought to 16 kHz.
    Format,
    Other,
}

/// Why a file gave no sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileProblem {
    NotAudio,
    /// More than this kind of text can be.
    TooLong,
    /// More sound than one visit takes, or than the browser decodes.
    TooMuch,
    NotText,
    Unreadable,
    /// Unreadable from some place on.
    BrokeOff,
    SampleMissing,
}

/// Why a passkey does not open a vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyProblem {
    /// The browser knows none, or not at this address.
    Unavailable,
    /// The person declined, or took too long.
    Refused,
    /// This one computes no secrets.
    NoSecret,
}

/// Why a visit could not be kept or found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StoreProblem {
    /// No space left on the device.
    Full,
    /// Another tab has stored a newer version.
    Conflict,
    /// The browser keeps nothing (private window, storage switched off) or failed to.
    Unavailable,
    /// The database did not open in time: a tab with an earlier version of Sotto holds it, or the browser does.
    Blocked,
    /// A newer version of Sotto has stored here.
    Newer,
    /// The vault would not seal it.
    TooLarge,
    /// The browser gave no random numbers.
    NoRandom,
    /// The vault was locked, or exchanged in another tab, before it could be stored.
    Locked,
}

/// Why a model was not installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelProblem {
    NotAModel(NoBundle),
    /// Cut off on its way, or with something behind it.
    Incomplete,
    /// A part is not the one that the file itself names.
    Altered {
        file: String,
    },
    Unreadable,
    NoSpace,
    /// The browser keeps nothing here.
    NoStorage,
}
