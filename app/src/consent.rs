//! Who agreed to being recorded, and how. It is kept apart from the visit and for longer, and says nothing of it but its
//! name.

use language::{Locale, say};
use serde::{Deserialize, Serialize};

/// Layout of the stored JSON.
pub const SCHEMA: u16 = 1;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The visit's id, 32 hexadecimal digits.
    pub visit: String,
    /// Seconds since 1970-01-01 00:00 UTC.
    pub at: u64,
    pub by: By,
    pub how: How,
    /// The law of where patient and clinician were, as the screen told it, but in English like every record; empty in
    /// earlier ones.
    #[serde(default)]
    pub law: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum By {
    Patient,
    /// A parent or guardian.
    Guardian,
    /// Somebody else who may decide for the patient.
    Representative,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum How {
    Spoken,
    Written,
    /// Nobody is recorded; the note is dictated afterwards.
    Declined,
}

impl By {
    pub const ALL: [By; 3] = [By::Patient, By::Guardian, By::Representative];

    /// At the beginning of a sentence.
    pub fn name(self, l: Locale) -> &'static str {
        match self {
            By::Patient => say!(l, consent.by_patient),
            By::Guardian => say!(l, consent.by_guardian),
            By::Representative => say!(l, consent.by_representative),
        }
    }
}

impl Consent {
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a consent is plain data with names for keys")
    }

    /// Nothing for bytes that are no consent, or for another layout.
    pub fn from_bytes(schema: u16, bytes: &[u8]) -> Option<Self> {
        (schema == SCHEMA).then(|| serde_json::from_slice(bytes).ok())?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_consent_survives_its_bytes() {
        let consent = Consent {
            visit: "0f".repeat(16),
            at: 1_766_300_400,
            by: By::Guardian,
            how: How::Written,
            law: "Everyone who is recorded must agree".to_owned(),
        };
        let bytes = consent.to_bytes();
        assert_eq!(Consent::from_bytes(SCHEMA, &bytes), Some(consent));
        assert_eq!(Consent::from_bytes(SCHEMA + 1, &bytes), None);
        assert_eq!(Consent::from_bytes(SCHEMA, b"{}"), None);
        let earlier = br#"{"visit":"0f","at":1,"by":"Patient","how":"Spoken"}"#;
        assert!(Consent::from_bytes(SCHEMA, earlier).is_some_and(|consent| consent.law.is_empty()));
    }
}
