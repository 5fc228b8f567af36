use std::collections::BTreeSet;

use language::SPOKEN;
use note::{Draft, Review, Template};
use serde::{Deserialize, Serialize};
use speech::{Transcript, protocol::Wordless};

use crate::settings::Retention;

mod v1;

/// Version of the layout of a visit's parts, stored beside them and authenticated with them: JSON, because it names its
/// fields. A later version reads an earlier part, and fields that it does not know are left out; only a field that
/// changes its meaning raises the number.
pub const SCHEMA: u16 = 2;

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

/// What is kept of a visit. Its sound is not among it: that is a file of its own, which goes earlier.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Visit {
    /// The clinician's own words for the list; may be empty.
    pub label: String,
    /// Seconds since 1970-01-01 00:00 UTC.
    pub created: u64,
    /// Length of the recording in seconds.
    pub seconds: f64,
    pub transcript: Transcript,
    /// Stretches that could not be transcribed: from, to, in seconds from the start of the recording.
    pub unheard: Vec<(f64, f64)>,
    /// Stretches of sound that gave no words.
    pub wordless: Vec<Stretch>,
    /// In which languages it was spoken, as ISO 639 codes; none that a model with one language alone heard.
    pub languages: BTreeSet<String>,
    /// The shape that the note has, or will get.
    pub template: Template,
    pub draft: Option<Draft>,
    /// What the clinician has looked at and answers for.
    pub review: Review,
    /// The clinician's style has learned from this note.
    pub learned: bool,
    /// The list of words that are expected in this visit alone, as it was written.
    pub words: String,
}

/// A part of a recording without words, and why; in seconds from its start.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stretch {
    pub start: f64,
    pub end: f64,
    pub why: Wordless,
}

/// How far a visit has come; the list shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Closed before anything was said.
    #[default]
    Empty,
    Draft,
    Reviewed,
}

/// A visit on the list: no word of what was said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    pub label: String,
    /// Seconds since 1970-01-01 00:00 UTC.
    pub created: u64,
    /// Length of the recording in seconds.
    pub seconds: f64,
    pub stage: Stage,
}

/// The part that lasts longest: what the clinician answers for.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct NotePart {
    label: String,
    created: u64,
    seconds: f64,
    template: Option<Template>,
    draft: Option<Draft>,
    review: Review,
    learned: bool,
}

/// The part with everybody's words, which may go earlier.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct WordsPart {
    transcript: Transcript,
    unheard: Vec<(f64, f64)>,
    wordless: Vec<Stretch>,
    languages: BTreeSet<String>,
    words: String,
}

/// When the parts of a visit are deleted for good, in seconds since 1970; full hours, so that what is stored in the clear
/// says nothing about the minute of the visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expiries {
    pub note: u64,
    pub words: u64,
}

impl Visit {
    pub fn new(created: u64, template: Template) -> Self {
        Self {
            created,
            template,
            ..Self::default()
        }
    }

    pub fn stage(&self) -> Stage {
        match &self.draft {
            Some(draft) if self.review.attested(draft).is_some() => Stage::Reviewed,
            Some(_) => Stage::Draft,
            None if self.transcript.is_empty() => Stage::Empty,
            None => Stage::Draft,
        }
    }

    /// The language of the transcript, for whoever reads it aloud: of several nobody knows which one where.
    pub fn language(&self) -> &str {
        match self.languages.first() {
            Some(code) if self.languages.len() == 1 => code,
            Some(_) | None => SPOKEN,
        }
    }

    pub fn summary(&self) -> Summary {
        Summary {
            label: self.label.clone(),
            created: self.created,
            seconds: self.seconds,
            stage: self.stage(),
        }
    }

    pub fn note_bytes(&self) -> Vec<u8> {
        json(&NotePart {
            label: self.label.clone(),
            created: self.created,
            seconds: self.seconds,
            template: Some(self.template.clone()),
            draft: self.draft.clone(),
            review: self.review.clone(),
            learned: self.learned,
        })
    }

    pub fn words_bytes(&self) -> Vec<u8> {
        json(&WordsPart {
            transcript: self.transcript.clone(),
            unheard: self.unheard.clone(),
            wordless: self.wordless.clone(),
            languages: self.languages.clone(),
            words: self.words.clone(),
        })
    }

    /// From its stored parts; without words once their time is over.
    ///
    /// # Errors
    /// [`vault::Failure::Unsupported`] for another schema, [`vault::Failure::Damaged`] for bytes that are no visit.
    pub fn from_parts(note: (u16, &[u8]), words: Option<(u16, &[u8])>) -> Result<Self, vault::Failure> {
        let note: NotePart = from_json(note)?;
        let words: WordsPart = words.map(from_json).transpose()?.unwrap_or_default();
        Ok(Self {
            label: note.label,
            created: note.created,
            seconds: note.seconds,
            transcript: words.transcript,
            unheard: words.unheard,
            wordless: words.wordless,
            languages: words.languages,
            words: words.words,
            template: note.template.unwrap_or_else(Template::soap),
            draft: note.draft,
            review: note.review,
            learned: note.learned,
        })
    }

    /// What Sotto 0.1 stored: one record with everything.
    ///
    /// # Errors
    /// [`vault::Failure::Unsupported`] for another schema, [`vault::Failure::Damaged`] for bytes that are no visit.
    pub fn from_version_1(schema: u16, bytes: &[u8]) -> Result<Self, vault::Failure> {
        v1::read(schema, bytes)
    }
}

impl Summary {
    pub fn to_bytes(&self) -> Vec<u8> {
        json(self)
    }

    /// A summary that cannot be read is an empty one: it loses a line of the list and no note.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).unwrap_or_default()
    }
}

impl Expiries {
    /// Of a visit that begins at `now`.
    pub fn new(now: u64, retention: &Retention) -> Self {
        let end = |days: u32| (now + u64::from(days) * DAY).next_multiple_of(HOUR);
        Self {
            note: end(retention.note_days),
            // Words without a note to rest on would be of no use.
            words: end(retention.transcript_days.min(retention.note_days)),
        }
    }

    /// Of the sound of a visit that began at `created`.
    pub fn sound(created: u64, retention: &Retention) -> u64 {
        let days = retention.audio_days.min(retention.note_days);
        (created + u64::from(days) * DAY).next_multiple_of(HOUR)
    }
}

fn json<T: Serialize>(part: &T) -> Vec<u8> {
    serde_json::to_vec(part).expect("the parts of a visit are plain data with names for keys")
}

fn from_json<T: for<'a> Deserialize<'a>>((schema, bytes): (u16, &[u8])) -> Result<T, vault::Failure> {
    if schema != SCHEMA {
        return Err(vault::Failure::Unsupported);
    }
    serde_json::from_slice(bytes).map_err(|_| vault::Failure::Damaged)
}

#[cfg(test)]
mod tests;
