//! What the page says, from what it knows. Pure, so that every sentence can be tested.

use std::collections::BTreeSet;

use language::{Locale, SPOKEN, say};
use note::{Format, Habit, Length, SEEN_ENOUGH};
use speech::protocol::{Backend, Engine, Failure, Fallback};

use crate::problem::StoreProblem;
use crate::session::{EngineState, Recorder, Save, Session};

mod clue;

mod flags;
pub use flags::{flags_left, not_confirmed, not_looked};

mod gaps;
pub use gaps::{gaps, no_words};

mod log;
pub use log::{SOUND_EXPORTED, audit};

mod mistakes;

mod notice;

mod trouble;

/// Something that happened, or why something did not, as a sentence that says what to do.
pub trait Told {
    fn told(&self, l: Locale) -> String;
}

/// Seconds behind from which the page says so; below it, the words are simply on their way.
const BEHIND: f64 = 10.0;

const MEGABYTE: f64 = 1_000_000.0;

/// The parts of the status line, in order: microphone, engine, storage.
pub fn status_line(l: Locale, session: &Session) -> Vec<String> {
    let mut parts = Vec::new();
    if let Some(desk) = &session.desk {
        parts.extend(recorder(l, desk.recorder, desk.no_sound).map(str::to_owned));
    }
    parts.extend(progress(l, session));
    parts.extend(engine(l, &session.engine.state));
    if let Some(desk) = &session.desk {
        parts.extend(save(l, desk.save, desk.revision).map(str::to_owned));
    }
    parts
}

/// The languages, by their codes, that somebody speaks in the open visit and that no note is written from: heard or
/// chosen, and before the note is there also those that are chosen for what will be said.
pub fn other_languages(session: &Session) -> BTreeSet<String> {
    let Some(desk) = &session.desk else {
        return BTreeSet::new();
    };
    let mut spoken = desk.visit.languages.clone();
    if desk.draft().is_none() {
        spoken.extend(session.engine.spoken().map(str::to_owned));
    }
    spoken.remove(SPOKEN);
    spoken
}

fn recorder(l: Locale, recorder: Recorder, no_sound: bool) -> Option<&'static str> {
    Some(match recorder {
        Recorder::Idle => say!(l, status.ready),
        Recorder::Starting { .. } => say!(l, status.waiting),
        Recorder::Recording { .. } if no_sound => say!(l, status.no_sound),
        Recorder::Recording { .. } => say!(l, status.listening),
        Recorder::Paused { .. } => say!(l, status.paused),
        Recorder::Unplugged { .. } => say!(l, status.unplugged),
        Recorder::Stopping { .. } => say!(l, status.stopping),
        Recorder::Reading => say!(l, status.reading),
        Recorder::Ended => return None,
    })
}

fn progress(l: Locale, session: &Session) -> Option<String> {
    let behind = session.engine.behind();
    let ready = matches!(session.engine.state, EngineState::Ready(_));
    let over = session
        .desk
        .as_ref()
        .is_some_and(|desk| desk.recorder == Recorder::Ended);
    let seconds = || decimal(l, behind, 0);
    (behind > 0.0 && ready && (over || behind >= BEHIND)).then(|| say!(l, status.behind, seconds = seconds()))
}

fn engine(l: Locale, state: &EngineState) -> Vec<String> {
    match state {
        EngineState::Off => vec![],
        EngineState::Loading { total: 0, .. } => vec![say!(l, status.starting_speech).to_owned()],
        EngineState::Loading { done, total } => {
            let mb = |bytes: u64| decimal(l, bytes as f64 / MEGABYTE, 1);
            vec![say!(l, status.loading_model, done = mb(*done), total = mb(*total))]
        }
        EngineState::Ready(engine) => ready(l, engine),
        EngineState::Failed(_) | EngineState::Crashed => vec![say!(l, status.speech_stopped).to_owned()],
    }
}

fn ready(l: Locale, engine: &Engine) -> Vec<String> {
    let backend = match engine.backend {
        Backend::WebGpu => "GPU",
        Backend::Cpu => "CPU",
    };
    vec![backend.to_owned(), say!(l, status.model, name = engine.model.clone())]
}

fn save(l: Locale, save: Save, revision: u32) -> Option<&'static str> {
    Some(match save {
        Save::Clean if revision == 0 => return None,
        Save::Clean => say!(l, status.saved),
        Save::Dirty | Save::Saving { .. } => say!(l, status.saving),
        Save::Failed(_) => say!(l, status.not_saved),
    })
}

/// Why the CPU runs, where a GPU was wanted.
pub fn fallback(l: Locale, why: Fallback) -> &'static str {
    match why {
        Fallback::NoWebGpu => say!(l, status.no_gpu),
        Fallback::SoftwareAdapter => say!(l, status.software_gpu),
        Fallback::NoTimestampQuery => say!(l, status.gpu_lacks),
        Fallback::DeviceRefused => say!(l, status.gpu_refused),
        Fallback::SelfTestFailed => say!(l, status.gpu_wrong),
        Fallback::DeviceLost => say!(l, status.gpu_lost),
    }
}

/// Why there are no words, and what to do.
pub fn engine_failure(l: Locale, state: &EngineState) -> Option<String> {
    let why = match state {
        EngineState::Off | EngineState::Loading { .. } | EngineState::Ready(_) => return None,
        EngineState::Crashed => say!(l, status.speech_crashed),
        EngineState::Failed(why) => match why {
            Failure::Fetch { file } => return Some(say!(l, status.part_missing, file = file.clone())),
            Failure::Altered { file } => return Some(say!(l, status.part_altered, file = file.clone())),
            Failure::Unsupported { .. } => say!(l, status.model_unfit),
            Failure::DeviceLost => say!(l, status.gpu_stopped),
            Failure::BadOutput => say!(l, status.unusable_results),
            Failure::Protocol => say!(l, status.versions_differ),
        },
    };
    Some(why.to_owned())
}

/// Where a recording goes on when the disk does not take it; so many seconds of it are kept.
pub fn sound_in_memory(l: Locale, why: StoreProblem, kept: f64) -> String {
    let full = why == StoreProblem::Full;
    match (full, kept > 0.0) {
        (true, true) => say!(l, status.memory_full_from, from = timer(kept)),
        (false, true) => say!(l, status.memory_none_from, from = timer(kept)),
        (true, false) => say!(l, status.memory_full).to_owned(),
        (false, false) => say!(l, status.memory_none).to_owned(),
    }
}

/// What a clinician does with a section again and again; nothing to say of a habit that is none yet.
pub fn habit(l: Locale, habit: &Habit) -> Option<String> {
    let mut wishes = Vec::new();
    if let Some((format, seen)) = habit.format
        && seen >= SEEN_ENOUGH
    {
        wishes.push(match format {
            Format::Lines => say!(l, status.one_line_each),
            Format::Paragraph => say!(l, status.paragraph),
            Format::Bullets => say!(l, status.list),
            Format::Numbered => say!(l, status.numbered),
        });
    }
    if let Some((length, seen)) = habit.length
        && seen >= SEEN_ENOUGH
    {
        wishes.push(match length {
            Length::Concise => say!(l, status.concise),
            Length::Standard => say!(l, status.middle),
            Length::Detailed => say!(l, status.detailed),
        });
    }
    if habit.leave_out {
        wishes.push(say!(l, status.left_empty));
    }
    let wishes = (!wishes.is_empty()).then(|| wishes.join(", "))?;
    Some(format!("{}, {}: {wishes}", habit.template, habit.heading))
}

/// How long a visit is still here, and whether that is soon over.
pub fn left(l: Locale, seconds: u64) -> (String, bool) {
    const DAY: u64 = 24 * 3_600;
    let text = match (seconds / DAY, seconds / 3_600) {
        (0, 0) => say!(l, status.under_hour).to_owned(),
        (0, 1) => say!(l, status.hour_left).to_owned(),
        (0, hours) => say!(l, status.hours_left, count = hours),
        (1, _) => say!(l, status.day_left).to_owned(),
        (days, _) => say!(l, status.days_left, count = days),
    };
    (text, seconds < 2 * DAY)
}

/// `1 visit`, `12 visits`.
pub fn visits(l: Locale, count: u32) -> String {
    match count {
        1 => say!(l, status.visit_one).to_owned(),
        count => say!(l, status.visit_many, count = grouped(l, count as usize)),
    }
}

/// `1 record`, `12 records`.
pub fn records(l: Locale, count: u32) -> String {
    match count {
        1 => say!(l, status.record_one).to_owned(),
        count => say!(l, status.record_many, count = grouped(l, count as usize)),
    }
}

/// `1 word`, `312 words`.
pub fn word_count(l: Locale, count: usize) -> String {
    match count {
        1 => say!(l, status.word_one).to_owned(),
        count => say!(l, status.word_many, count = grouped(l, count)),
    }
}

/// `2,341 characters`.
pub fn characters(l: Locale, count: usize) -> String {
    match count {
        1 => say!(l, status.character_one).to_owned(),
        count => say!(l, status.character_many, count = grouped(l, count)),
    }
}

/// After a part of a note was copied.
pub fn copied(l: Locale, part: usize, parts: usize, count: usize) -> String {
    match parts {
        1 => say!(l, status.copied, characters = characters(l, count)),
        parts if part + 1 == parts => say!(l, status.copied_last, part = parts, parts = parts),
        parts => say!(l, status.copied_part, part = part + 1, parts = parts),
    }
}

/// Progress with numbers, never without.
pub fn installing(l: Locale, done: u64, total: u64) -> String {
    say!(
        l,
        status.installing,
        done = megabytes(l, done),
        total = megabytes(l, total)
    )
}

/// `11.2 MB`.
pub fn megabytes(l: Locale, bytes: u64) -> String {
    format!("{} MB", decimal(l, bytes as f64 / MEGABYTE, 1))
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

/// `11.2`, or `11,2` where a comma stands before the places.
fn decimal(l: Locale, number: f64, places: usize) -> String {
    let text = format!("{number:.places$}");
    match l {
        Locale::en => text,
        Locale::es | Locale::de => text.replace('.', ","),
    }
}

/// `2,341`, or `2.341`.
fn grouped(l: Locale, count: usize) -> String {
    let mark = match l {
        Locale::en => ',',
        Locale::es | Locale::de => '.',
    };
    let digits = count.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(mark);
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests;
