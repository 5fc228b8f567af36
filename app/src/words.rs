//! What the page says, from what it knows. Pure, so that every sentence can be tested.

use std::fmt;

use speech::protocol::{Backend, Engine, Failure, Fallback};

use crate::session::{EngineState, Notice, Recorder, Save, Session};

/// Seconds behind from which the page says so; below it, the words are simply on their way.
const BEHIND: f64 = 10.0;

const MEGABYTE: f64 = 1_000_000.0;

/// The parts of the status line, in order: microphone, engine, storage.
pub fn status_line(session: &Session) -> Vec<String> {
    let mut parts = Vec::new();
    if let Some(desk) = &session.desk {
        parts.extend(recorder(desk.recorder, desk.no_sound).map(str::to_owned));
    }
    parts.extend(progress(session));
    parts.extend(engine(&session.engine.state));
    if let Some(desk) = &session.desk {
        parts.extend(save(desk.save, desk.revision).map(str::to_owned));
    }
    parts
}

fn recorder(recorder: Recorder, no_sound: bool) -> Option<&'static str> {
    match recorder {
        Recorder::Idle => Some("Ready to record"),
        Recorder::Starting { .. } => Some("Waiting for the microphone"),
        Recorder::Recording { .. } if no_sound => Some("Recording, but no sound arrives"),
        Recorder::Recording { .. } => Some("Listening"),
        Recorder::Paused { .. } => Some("Paused: not listening"),
        Recorder::Unplugged { .. } => Some("Microphone gone: not listening"),
        Recorder::Stopping { .. } => Some("Stopping"),
        Recorder::Reading => Some("Reading audio"),
        Recorder::Ended => None,
    }
}

fn progress(session: &Session) -> Option<String> {
    let behind = session.engine.behind();
    let ready = matches!(session.engine.state, EngineState::Ready(_));
    let over = session
        .desk
        .as_ref()
        .is_some_and(|desk| desk.recorder == Recorder::Ended);
    if behind > 0.0 && ready && (over || behind >= BEHIND) {
        return Some(format!("Catching up: {behind:.0} s behind. Nothing is lost."));
    }
    None
}

fn engine(state: &EngineState) -> Vec<String> {
    match state {
        EngineState::Off => vec![],
        EngineState::Loading { total: 0, .. } => vec!["Starting speech recognition".to_owned()],
        EngineState::Loading { done, total } => vec![format!(
            "Loading the speech model: {:.1} of {:.1} MB",
            *done as f64 / MEGABYTE,
            *total as f64 / MEGABYTE
        )],
        EngineState::Ready(engine) => ready(engine),
        EngineState::Failed(_) | EngineState::Crashed => vec!["Speech recognition has stopped".to_owned()],
    }
}

fn ready(engine: &Engine) -> Vec<String> {
    let backend = match engine.backend {
        Backend::WebGpu => "GPU",
        Backend::Cpu => "CPU",
    };
    vec![backend.to_owned(), format!("{} model", engine.model)]
}

fn save(save: Save, revision: u32) -> Option<&'static str> {
    match save {
        Save::Clean if revision == 0 => None,
        Save::Clean => Some("Saved, encrypted"),
        Save::Dirty | Save::Saving { .. } => Some("Saving"),
        Save::Failed(_) => Some("Not saved"),
    }
}

/// Why the CPU runs, where a GPU was wanted.
pub fn fallback(why: Fallback) -> &'static str {
    match why {
        Fallback::NoWebGpu => "This browser offers no GPU, so Sotto uses the CPU. It is slower but correct.",
        Fallback::SoftwareAdapter => "This device has no GPU that Sotto can use, so it uses the CPU.",
        Fallback::NoTimestampQuery => {
            "This device's GPU lacks a feature that Sotto needs, so it uses the CPU. It is slower but correct."
        }
        Fallback::DeviceRefused => {
            "This device's GPU could not be started, so Sotto uses the CPU. It is slower but correct."
        }
        Fallback::SelfTestFailed => {
            "This device's GPU gave a wrong result in the start-up check, so Sotto uses the CPU. It is slower but correct."
        }
        Fallback::DeviceLost => {
            "The GPU stopped, so Sotto went on with the CPU. Nothing that was recorded is lost. It is slower but correct."
        }
    }
}

/// Why there are no words, and what to do.
pub fn engine_failure(state: &EngineState) -> Option<String> {
    let why = match state {
        EngineState::Off | EngineState::Loading { .. } | EngineState::Ready(_) => return None,
        EngineState::Crashed => {
            "The speech recognition stopped several times. Close other tabs to free memory.".to_owned()
        }
        EngineState::Failed(why) => match why {
            Failure::Fetch { file } => {
                format!("A part of the speech model could not be fetched ({file}). Check the network.")
            }
            Failure::Altered { file } => {
                format!("A part of the speech model is not what it should be ({file}), so it is not used.")
            }
            Failure::Unsupported { .. } => {
                "This speech model does not fit this version of Sotto. Reload the page.".to_owned()
            }
            Failure::DeviceLost => "The GPU stopped.".to_owned(),
            Failure::BadOutput => {
                "The speech model gave unusable results on this device, so they are not shown.".to_owned()
            }
            Failure::Protocol => "Two parts of Sotto are of different versions. Reload the page.".to_owned(),
        },
    };
    Some(format!(
        "{why} What was recorded is kept: try again, or save the audio."
    ))
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Notice::Microphone(why) => why.fmt(f),
            Notice::File(why) => why.fmt(f),
            Notice::Unplugged => f.write_str(
                "The microphone was unplugged. What was recorded is kept. Plug it in again or choose another one, then \
                 press Resume; or press Stop.",
            ),
            Notice::NotSaved(why) => why.fmt(f),
            Notice::LeavingLoses(why) => write!(f, "{why} Leaving again loses what is not saved."),
            Notice::NotOpened(why) => why.fmt(f),
            Notice::NotDeleted(_) => f.write_str("The visit could not be deleted. Reload the page and try again."),
            Notice::StillRecording => f.write_str("The recording is still running. Stop it first."),
            Notice::StillTranscribing => {
                f.write_str("The last words are still being written down. It takes a moment; nothing is lost.")
            }
            Notice::WordsMissing => f.write_str(
                "A part of the recording is not in the transcript yet. Try again or save the audio; leaving again gives \
                 that part up.",
            ),
            Notice::Expired => f.write_str("This visit has reached its end date and was deleted for good."),
            Notice::Deleted => f.write_str("Deleted for good."),
            Notice::NotCopied => f.write_str(
                "The browser did not allow copying. Select the note's text and copy it with the keyboard, or download it.",
            ),
            Notice::NoRandom => vault::Failure::Random.fmt(f),
        }
    }
}

/// `0:00`, `12:34`, `1:02:03`.
pub fn timer(seconds: f64) -> String {
    let seconds = seconds as u64;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// `2,341 characters`.
pub fn characters(count: usize) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let unit = if count == 1 { "character" } else { "characters" };
    format!("{grouped} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!([timer(0.9), timer(754.0), timer(3_723.5)], ["0:00", "12:34", "1:02:03"]);
        assert_eq!(
            [characters(1), characters(999), characters(1_000), characters(1_234_567)],
            [
                "1 character",
                "999 characters",
                "1,000 characters",
                "1,234,567 characters"
            ]
        );
    }

    #[test]
    fn every_failure_says_what_to_do() {
        let failures = [
            EngineState::Crashed,
            EngineState::Failed(Failure::Fetch {
                file: "model-1.bin".to_owned(),
            }),
            EngineState::Failed(Failure::Altered {
                file: "model-1.bin".to_owned(),
            }),
            EngineState::Failed(Failure::BadOutput),
        ];
        for failure in failures {
            assert!(engine_failure(&failure).is_some_and(|text| text.ends_with("save the audio.")));
        }
        assert_eq!(engine_failure(&EngineState::Off), None);
    }
}
