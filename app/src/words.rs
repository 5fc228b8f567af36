//! What the page says, from what it knows. Pure, so that every sentence can be tested.

use std::fmt;

use note::{Format, Habit, Length, Refused, SEEN_ENOUGH};
use speech::protocol::{Backend, Engine, Failure, Fallback};
use vault::audit::Event as AuditEvent;

use crate::consent::How;
use crate::problem::StoreProblem;
use crate::session::{EngineState, Notice, Recorder, Save, Session, Unconfirmed};

mod gaps;
pub use gaps::{gaps, no_words};

/// Seconds behind from which the page says so; below it, the words are simply on their way.
const BEHIND: f64 = 10.0;

/// The number with which the audit log says that sound was saved as a file, and not a note.
pub const SOUND_EXPORTED: u32 = 1;

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
            Notice::WordsDamaged => f.write_str(
                "What was said in this visit was altered or damaged on this device and does not open. The note is whole.",
            ),
            Notice::NotDeleted(_) => f.write_str("The visit could not be deleted. Reload the page and try again."),
            Notice::NotHeld(why) | Notice::ClockNotConfirmed(why) => why.fmt(f),
            Notice::ShutElsewhere => {
                f.write_str("This vault's key or a way to open it was changed, or it was erased, in another tab. Unlock again.")
            }
            Notice::ClockBack => f.write_str(
                "This device's clock is earlier than it was before. Visits are deleted by the later time: check the clock.",
            ),
            Notice::PurgeHeld => f.write_str(
                "This device's clock is far ahead of when Sotto was last used. Nothing is deleted for a day: check the clock.",
            ),
            Notice::StillRecording => f.write_str("The recording is still running. Stop it first."),
            Notice::StillTranscribing => {
                f.write_str("The last words are still being written down. It takes a moment; nothing is lost.")
            }
            Notice::WordsMissing => f.write_str(
                "A part of the recording is not in the transcript yet. Try again or save the audio; leaving again gives \
                 that part up.",
            ),
            Notice::MayLackItsEnd => f.write_str(
                "The recording was recovered. It had been cut off, so up to its last second may be missing. Its words come \
                 as they are written down again.",
            ),
            Notice::NotRecovered(why) => write!(f, "The recorded sound could not be read. It stays where it is. {why}"),
            Notice::NotDiscarded(why) => write!(f, "The recording could not be discarded. {why}"),
            Notice::Expired => f.write_str("This visit has reached its end date and was deleted for good."),
            Notice::Deleted => f.write_str("Deleted for good."),
            Notice::NotCopied => f.write_str(
                "The browser did not allow copying. Select the note's text and copy it with the keyboard, or download it.",
            ),
            Notice::NoWriter => f.write_str(
                "What drafts, checks and exports notes is not running. Nothing is lost: Sotto starts it again within a \
                 minute.",
            ),
            Notice::NoRandom => vault::Failure::Random.fmt(f),
            Notice::OtherTabs => f.write_str(
                "Sotto is open in another tab, which would lose its files. Close the other tabs, then use the new version.",
            ),
        }
    }
}

/// Where a recording goes on when the disk does not take it; so many seconds of it are kept.
pub fn sound_in_memory(why: StoreProblem, kept: f64) -> String {
    let why = match why {
        StoreProblem::Full => "No space left on this device.",
        _ => "This browser keeps no recordings on the disk here.",
    };
    let rest = "in this page's memory only, and it goes on. Do not close this page before the note is there.";
    if kept > 0.0 {
        let from = timer(kept);
        format!("{why} From {from} on the recording is {rest} As soon as there is space, it is kept again.")
    } else {
        format!("{why} The recording is {rest}")
    }
}

/// What a clinician does with a section again and again; nothing to say of a habit that is none yet.
pub fn habit(habit: &Habit) -> Option<String> {
    let mut wishes = Vec::new();
    if let Some((format, seen)) = habit.format
        && seen >= SEEN_ENOUGH
    {
        wishes.push(match format {
            Format::Lines => "one line each",
            Format::Paragraph => "as a paragraph",
            Format::Bullets => "as a list",
            Format::Numbered => "as a numbered list",
        });
    }
    if let Some((length, seen)) = habit.length
        && seen >= SEEN_ENOUGH
    {
        wishes.push(match length {
            Length::Concise => "concise",
            Length::Standard => "of middle length",
            Length::Detailed => "detailed",
        });
    }
    if habit.leave_out {
        wishes.push("left empty");
    }
    let wishes = (!wishes.is_empty()).then(|| wishes.join(", "))?;
    Some(format!("{}, {}: {wishes}", habit.template, habit.heading))
}

/// How long a visit is still here, and whether that is soon over.
pub fn left(seconds: u64) -> (String, bool) {
    const DAY: u64 = 24 * 3_600;
    let text = match (seconds / DAY, seconds / 3_600) {
        (0, 0) => "under 1 hour left".to_owned(),
        (0, 1) => "1 hour left".to_owned(),
        (0, hours) => format!("{hours} hours left"),
        (1, _) => "1 day left".to_owned(),
        (days, _) => format!("{days} days left"),
    };
    (text, seconds < 2 * DAY)
}

/// `1 visit`, `12 visits`.
pub fn counted(count: u32, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}

/// `1 word`, `312 words`.
pub fn word_count(count: usize) -> String {
    match count {
        1 => "1 word".to_owned(),
        count => format!("{count} words"),
    }
}

/// Nobody is here to look the note through.
pub const NOT_LOOKED: &str = "Not looked through yet";

/// What is still to be looked at.
pub fn flags_left(count: usize) -> String {
    match count {
        0 => "Nothing left to look at".to_owned(),
        1 => "1 place to look at".to_owned(),
        count => format!("{count} places to look at"),
    }
}

/// Why a review is not confirmed yet, and what to do.
pub fn not_confirmed(why: &Unconfirmed) -> String {
    let why = match why {
        Unconfirmed::Unchecked => return "The note could not be looked through. Try again in a minute.".to_owned(),
        Unconfirmed::Refused(why) => why,
    };
    match why {
        Refused::Open(flags) => format!("{}: answer each one under its section first.", flags_left(flags.len())),
        Refused::Unread(headings) => format!("Not looked at yet: {}. Scroll there first.", headings.join(", ")),
        Refused::Nameless => "Write your name first: it stands under the review.".to_owned(),
        Refused::Empty => "The note is empty: there is nothing to review.".to_owned(),
    }
}

/// After a part of a note was copied.
pub fn copied(part: usize, parts: usize, count: usize) -> String {
    match parts {
        1 => format!("Copied · {}", characters(count)),
        parts if part + 1 == parts => format!("Copied part {parts} of {parts} · start again"),
        parts => format!("Copied part {} of {parts} · copy the next", part + 1),
    }
}

/// An entry of the audit log, with its number where that says more.
pub fn audit(event: AuditEvent, detail: u32) -> String {
    let minutes = |seconds: u32| timer(f64::from(seconds));
    match event {
        AuditEvent::VaultCreated => "Vault created".to_owned(),
        AuditEvent::Unlocked => "Unlocked".to_owned(),
        AuditEvent::UnlockFailed => "Failed attempt to unlock".to_owned(),
        AuditEvent::Locked => match detail {
            0 => "Locked by hand".to_owned(),
            1 => "Locked after a while without a touch".to_owned(),
            2 => "Locked after the longest session".to_owned(),
            _ => "Locked out of sight".to_owned(),
        },
        AuditEvent::UnlockAdded => "A way to unlock was added".to_owned(),
        AuditEvent::UnlockRemoved => "A way to unlock was removed".to_owned(),
        AuditEvent::PassphraseChanged => "Passphrase changed".to_owned(),
        AuditEvent::KeyRotated => "Vault key exchanged".to_owned(),
        AuditEvent::Migrated => format!("Taken over from an earlier version: {detail}"),
        AuditEvent::ConsentGiven if detail == How::Written as u32 => "Consent to the recording, in writing".to_owned(),
        AuditEvent::ConsentGiven => "Consent to the recording, spoken".to_owned(),
        AuditEvent::ConsentWithdrawn if detail == How::Declined as u32 => "Recording declined".to_owned(),
        AuditEvent::ConsentWithdrawn => "The patient withdrew consent".to_owned(),
        AuditEvent::RecordingStarted => "Recording started".to_owned(),
        AuditEvent::RecordingPaused => "Recording paused".to_owned(),
        AuditEvent::RecordingResumed => "Recording went on".to_owned(),
        AuditEvent::RecordingStopped => format!("Recording stopped at {}", minutes(detail)),
        AuditEvent::RecordingRecovered => format!("Interrupted recording recovered: {}", minutes(detail)),
        AuditEvent::RecordingDiscarded => "Recording discarded".to_owned(),
        AuditEvent::FileImported => format!("Sound file opened: {}", minutes(detail)),
        AuditEvent::Created => "Visit begun".to_owned(),
        AuditEvent::Drafted => "Note drafted".to_owned(),
        AuditEvent::Viewed => "Note shown".to_owned(),
        AuditEvent::Edited => format!("Note edited, revision {detail}"),
        AuditEvent::Attested => "Review confirmed".to_owned(),
        AuditEvent::Amended => "Changed after the review was confirmed".to_owned(),
        AuditEvent::Copied => "Copied".to_owned(),
        AuditEvent::Printed => "Printed".to_owned(),
        AuditEvent::Exported => match detail {
            SOUND_EXPORTED => "Recorded sound saved as a file".to_owned(),
            2 => "Everything saved, to be read".to_owned(),
            _ => "Saved as a file".to_owned(),
        },
        AuditEvent::BackedUp => format!("Backup made: {detail} records"),
        AuditEvent::Restored => format!("Backup restored: {detail} records"),
        AuditEvent::AuditExported => format!("Audit log saved as a file: {detail} rows"),
        AuditEvent::Purged => "Deleted for good: its time was over".to_owned(),
        AuditEvent::Deleted => "Deleted for good by hand".to_owned(),
        AuditEvent::ExpiryChanged => "End date changed".to_owned(),
        AuditEvent::HoldSet => "Put under legal hold".to_owned(),
        AuditEvent::HoldLifted => "Legal hold lifted".to_owned(),
        AuditEvent::DeletionCertified => format!("Certificate of deletion made: {detail} records"),
        AuditEvent::AuditPruned => format!("Old rows of this log removed: {detail}"),
        AuditEvent::SettingsChanged => "Settings changed".to_owned(),
        AuditEvent::ModelLoaded => "Speech model loaded".to_owned(),
        AuditEvent::Updated => "App updated".to_owned(),
        AuditEvent::IntegrityFailed => "Stored data was altered or damaged".to_owned(),
        AuditEvent::AuditBroken => format!("This log does not verify from row {detail} on"),
        AuditEvent::ClockBack => format!("The clock was set back by {detail} minutes"),
        AuditEvent::ClockAhead => format!("The clock jumped ahead by {detail} days"),
        AuditEvent::ClockConfirmed => "The clock was confirmed".to_owned(),
        AuditEvent::RolledBack => "An older state of the vault was put back".to_owned(),
    }
}

/// Progress with numbers, never without.
pub fn installing(done: u64, total: u64) -> String {
    format!("Installing: {} of {}", megabytes(done), megabytes(total))
}

/// `11.2 MB`.
pub fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / MEGABYTE)
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
mod tests;
