//! What the person chose for this vault. It is sealed in it, like everything else about them.

use language::{Locale, say};
use serde::{Deserialize, Serialize};

mod note;
pub use note::{NoteSettings, Paste};

mod vocabulary;
pub use vocabulary::{OwnList, Vocabulary, told};

/// Fields that a version does not know yet, or does not find, stand at their defaults.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub retention: Retention,
    /// Minutes without a touch after which the vault locks; 1 to 60.
    pub idle_minutes: u32,
    /// Lock as soon as the page is out of sight.
    pub lock_when_hidden: bool,
    /// Recorded sound stays when its note is confirmed, until its own time is over.
    pub keep_sound: bool,
    /// The interface's, by its tag; empty for the browser's own.
    pub language: String,
    /// The folder of the speech model's pack.
    pub model: String,
    /// What is spoken in visits, as an ISO 639 code; without one the model tells it, as it does where it lacks this one.
    pub spoken: Option<String>,
    pub note: NoteSettings,
    pub vocabulary: Vocabulary,
    /// Where patient and clinician were at the last visit, by the codes of the table of recording laws.
    pub patient_in: String,
    pub clinician_in: String,
    /// The clinic's own lines of that table.
    pub own_laws: String,
}

/// Days after which each class of data is deleted for good, counted from the beginning of the visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Retention {
    /// Recorded sound, whose note was not confirmed before.
    pub audio_days: u32,
    pub transcript_days: u32,
    pub note_days: u32,
    pub consent_days: u32,
    /// Rows of the audit log.
    pub audit_days: u32,
}

/// Six years, as long as 45 CFR 164.316(b)(2) asks for documentation.
const SIX_YEARS: u32 = 2_192;

impl Retention {
    /// The note lives in the record that it is pasted into; here it stays until that has surely happened.
    pub const STANDARD: Retention = Retention {
        audio_days: 7,
        transcript_days: 7,
        note_days: 30,
        consent_days: SIX_YEARS,
        audit_days: SIX_YEARS,
    };

    /// For a shared workstation: a day's work.
    pub const BRIEF: Retention = Retention {
        audio_days: 1,
        transcript_days: 1,
        note_days: 2,
        consent_days: SIX_YEARS,
        audit_days: SIX_YEARS,
    };

    /// For a practice that keeps its notes here for a quarter.
    pub const LONG: Retention = Retention {
        audio_days: 14,
        transcript_days: 30,
        note_days: 90,
        consent_days: SIX_YEARS,
        audit_days: SIX_YEARS,
    };

    /// Each preset under its name.
    pub fn presets(l: Locale) -> [(&'static str, Retention); 3] {
        [
            (say!(l, retention.standard), Retention::STANDARD),
            (say!(l, retention.brief), Retention::BRIEF),
            (say!(l, retention.long), Retention::LONG),
        ]
    }
}

impl Default for Retention {
    fn default() -> Self {
        Retention::STANDARD
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            retention: Retention::STANDARD,
            idle_minutes: 5,
            lock_when_hidden: false,
            keep_sound: false,
            language: String::new(),
            model: "models/starter".to_owned(),
            spoken: None,
            note: NoteSettings::default(),
            vocabulary: Vocabulary::default(),
            patient_in: String::new(),
            clinician_in: String::new(),
            own_laws: String::new(),
        }
    }
}

impl Settings {
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("settings are plain data with names for keys")
    }

    /// Settings that cannot be read are the defaults; numbers are brought within their limits.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let mut settings: Self = serde_json::from_slice(bytes).unwrap_or_default();
        settings.idle_minutes = settings.idle_minutes.clamp(1, 60);
        let days = &mut settings.retention;
        for days in [
            &mut days.audio_days,
            &mut days.transcript_days,
            &mut days.note_days,
            &mut days.consent_days,
            &mut days.audit_days,
        ] {
            *days = (*days).clamp(1, 10 * 366);
        }
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_their_bytes_and_stay_within_limits() {
        let chosen = Settings {
            retention: Retention::LONG,
            idle_minutes: 15,
            lock_when_hidden: true,
            ..Settings::default()
        };
        assert_eq!(Settings::from_bytes(&chosen.to_bytes()), chosen);
        assert_eq!(Settings::from_bytes(b"{}"), Settings::default());
        assert_eq!(Settings::from_bytes(b"no settings"), Settings::default());
        let odd = Settings::from_bytes(br#"{"idle_minutes":0,"retention":{"note_days":4000000000},"theme":"dark"}"#);
        assert_eq!((odd.idle_minutes, odd.retention.note_days), (1, 3_660));
    }

    #[test]
    fn the_spoken_language_is_kept_and_none_in_settings_that_know_of_none() {
        let chosen = Settings {
            spoken: Some("es".to_owned()),
            ..Settings::default()
        };
        assert_eq!(Settings::from_bytes(&chosen.to_bytes()), chosen);
        let old = Settings::from_bytes(br#"{"idle_minutes":15,"language":"de","model":"models/full"}"#);
        assert_eq!((old.spoken, old.language.as_str(), old.idle_minutes), (None, "de", 15));
    }
}
