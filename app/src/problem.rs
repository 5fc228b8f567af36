//! What the browser can refuse, in words that say what to do next. Nothing here ever holds what was said or written.

use std::fmt;

use serde::{Deserialize, Serialize};
use speech::bundle::NoBundle;

use crate::browser::sound::{MOST_HOURS, MOST_MEGABYTES, MOST_MINUTES};

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

impl fmt::Display for ModelProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ModelProblem::NotAModel(why) => why.fmt(f),
            ModelProblem::Incomplete => {
                f.write_str("This model file is not complete. Copy or download it again, then install it again.")
            }
            ModelProblem::Altered { file } => write!(
                f,
                "A part of this model is not what it should be ({file}), so nothing was installed. Get the file again from \
                 whoever made it."
            ),
            ModelProblem::Unreadable => {
                f.write_str("The file could not be read. Copy it to this device, then try again.")
            }
            ModelProblem::NoSpace => {
                f.write_str("No space left on this device for the model. Free some space, then install it again.")
            }
            ModelProblem::NoStorage => f.write_str(
                "The browser's storage cannot be used here. Leave the private window, or allow storage for this page.",
            ),
        }
    }
}

impl fmt::Display for MicProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            MicProblem::Blocked => {
                "Sotto cannot hear: the browser blocked the microphone. Allow it in the address bar, then press Record \
                 again. Your visit is still open."
            }
            MicProblem::Missing => {
                "Sotto cannot hear: no microphone was found. Plug one in, or choose another, then press Record again. \
                 You can also open an audio file."
            }
            MicProblem::InUse => {
                "Sotto cannot hear: another program holds the microphone. Close it, or choose another microphone, then \
                 press Record again."
            }
            MicProblem::Unavailable => {
                "This browser gives Sotto no microphone. Open Sotto through https in an up-to-date browser, or open an \
                 audio file instead."
            }
            MicProblem::Format => {
                "Sotto cannot use this microphone's sound format. Choose another microphone, then press Record again."
            }
            MicProblem::Other => {
                "The microphone could not be started. Unplug it and plug it in again, or choose another one, then press \
                 Record again."
            }
        })
    }
}

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FileProblem::NotAudio => {
                "This file holds no audio that the browser can read. Choose a WAV, MP3, M4A, FLAC or Ogg file."
            }
            FileProblem::TooLong => "This file is too long for this place. Choose another one.",
            FileProblem::TooMuch => {
                return write!(
                    f,
                    "This recording is too long. Sotto opens WAV files of up to {MOST_HOURS} hours, and other files of up to \
                     {MOST_MINUTES} minutes and {MOST_MEGABYTES} MB. Save it as WAV, or split it and open each part in a \
                     visit of its own."
                );
            }
            FileProblem::NotText => "This file is no plain text. Save it as text (UTF-8), then open it again.",
            FileProblem::Unreadable => "This file could not be read. Copy it to this device, then open it again.",
            FileProblem::BrokeOff => {
                "The file could not be read to its end, so the rest is missing here. Copy it to this device, then open it \
                 in a new visit."
            }
            FileProblem::SampleMissing => {
                "The sample dictation could not be fetched. Connect to the network once, or record something yourself."
            }
        })
    }
}

impl fmt::Display for PasskeyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PasskeyProblem::Unavailable => {
                "This browser offers no passkeys here. Use the passphrase, or an up-to-date browser through https."
            }
            PasskeyProblem::Refused => {
                "The passkey was not used: the question was declined or not answered in time. Try again, or use the \
                 passphrase."
            }
            PasskeyProblem::NoSecret => {
                "This passkey cannot hold the key of a vault. Use another one, or go on with the passphrase alone."
            }
        })
    }
}

impl fmt::Display for StoreProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            StoreProblem::Full => {
                "No space left on this device, so this visit is not saved. It goes on in memory: free some space and \
                 press Save again, or copy or download the note now."
            }
            StoreProblem::Conflict => {
                "This visit was changed in another tab, so the changes here are not saved. Copy what you need, then \
                 close the visit and open it again."
            }
            StoreProblem::Unavailable => {
                "The browser would not store this visit. It goes on in memory: copy or download the note now. A private \
                 window, or storage that is switched off, can be the cause."
            }
            StoreProblem::Blocked => {
                "Another tab with an earlier version of Sotto may hold what is stored here. Close every other tab of Sotto, \
                 or restart the browser, then reload this page. Nothing was changed."
            }
            StoreProblem::Newer => {
                "A newer version of Sotto has written here, so this one leaves everything as it is. Copy what is not \
                 saved, close all tabs of Sotto and open it again. If this stays, ask whoever hosts Sotto for the newer \
                 version."
            }
            StoreProblem::TooLarge => {
                "This visit is too large to be kept. Export it now, then delete part of it and save again."
            }
            StoreProblem::NoRandom => {
                "This browser gave no random numbers, so nothing can be encrypted safely. Copy or download the note now, \
                 then restart or update the browser."
            }
            StoreProblem::Locked => {
                "The vault was changed or cleared outside of this tab, so this visit is not saved. Copy what you need, \
                 lock, and unlock again."
            }
        })
    }
}
