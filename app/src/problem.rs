//! What the browser can refuse, in words that say what to do next. Nothing here ever holds what was said or written.

use std::fmt;

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
    Unreadable,
    SampleMissing,
}

/// Why a visit could not be kept or found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreProblem {
    /// No space left on the device.
    Full,
    /// Another tab has stored a newer version.
    Conflict,
    /// The browser keeps nothing (private window, storage switched off) or failed to.
    Unavailable,
    /// The vault would not seal it: too large, or no random numbers.
    Sealing(vault::Failure),
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
            FileProblem::Unreadable => "This file could not be read. Copy it to this device, then open it again.",
            FileProblem::SampleMissing => {
                "The sample dictation could not be fetched. Connect to the network once, or record something yourself."
            }
        })
    }
}

impl fmt::Display for StoreProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreProblem::Full => f.write_str(
                "No space left on this device, so this visit is not saved. It goes on in memory: free some space and \
                 press Save again, or copy or download the note now.",
            ),
            StoreProblem::Conflict => f.write_str(
                "This visit was changed in another tab, so the changes here are not saved. Copy what you need, then \
                 close the visit and open it again.",
            ),
            StoreProblem::Unavailable => f.write_str(
                "The browser would not store this visit. It goes on in memory: copy or download the note now. A private \
                 window, or storage that is switched off, can be the cause.",
            ),
            StoreProblem::Sealing(why) => why.fmt(f),
        }
    }
}
