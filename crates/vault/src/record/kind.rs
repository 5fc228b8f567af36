use std::{fmt, str::FromStr};

use crate::Failure;
use crate::secret::random;

/// Names a record for as long as it exists. Random, so that it tells neither order nor time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(pub [u8; 16]);

/// What a record holds. It is authenticated, so that nothing sealed as one kind is ever read as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Namespace {
    /// A visit's note.
    Visit = 1,
    /// What was said, as text.
    Transcript = 2,
    /// What was said, as sound: the key of a journal.
    Audio = 3,
    /// How this vault's owner works.
    Settings = 4,
    /// A patient's consent.
    Consent = 5,
    /// The key of the audit log.
    Audit = 6,
    /// How the owner phrases notes.
    Style = 7,
    /// A template of notes.
    Template = 8,
    /// A page of the list of notes.
    Index = 10,
}

/// How long something is kept; the durations are the caller's policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Sound, until the note is attested.
    Audio = 1,
    /// Text of what was said.
    Transcript = 2,
    /// Notes.
    Note = 3,
    /// Consents.
    Consent = 4,
    /// Audit rows.
    Audit = 5,
    /// The owner's own things, without a patient in them: kept until deleted.
    Own = 6,
}

impl Namespace {
    /// All of them, in the order of their numbers.
    pub const ALL: [Namespace; 9] = [
        Namespace::Visit,
        Namespace::Transcript,
        Namespace::Audio,
        Namespace::Settings,
        Namespace::Consent,
        Namespace::Audit,
        Namespace::Style,
        Namespace::Template,
        Namespace::Index,
    ];

    pub(crate) fn from_byte(byte: u8) -> Option<Namespace> {
        Namespace::ALL.into_iter().find(|namespace| *namespace as u8 == byte)
    }
}

impl Class {
    /// All of them, in the order of their numbers.
    pub const ALL: [Class; 6] = [
        Class::Audio,
        Class::Transcript,
        Class::Note,
        Class::Consent,
        Class::Audit,
        Class::Own,
    ];

    pub(crate) fn from_byte(byte: u8) -> Option<Class> {
        Class::ALL.into_iter().find(|class| *class as u8 == byte)
    }
}

impl RecordId {
    /// A new name.
    ///
    /// # Errors
    /// [`Failure::Random`].
    pub fn random() -> Result<RecordId, Failure> {
        Ok(RecordId(random()?))
    }
}

/// 32 lower-case hexadecimal digits.
impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for RecordId {
    type Err = Failure;

    /// Reads exactly what `Display` writes.
    fn from_str(text: &str) -> Result<RecordId, Failure> {
        let digits = text.as_bytes();
        if digits.len() != 32 || !digits.iter().all(|d| matches!(d, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(Failure::Damaged);
        }
        let mut id = [0; 16];
        for (byte, pair) in id.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let value = |digit: u8| {
                if digit.is_ascii_digit() {
                    digit - b'0'
                } else {
                    digit - b'a' + 10
                }
            };
            *byte = value(pair[0]) << 4 | value(pair[1]);
        }
        Ok(RecordId(id))
    }
}
