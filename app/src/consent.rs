//! Who agreed to being recorded, and how. It is kept apart from the visit and for longer, and says nothing of it but its
//! name.

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
    /// Where patient and clinician were, by the law that the screen told; empty in earlier records.
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
    /// Each with what it is called in a sentence.
    pub const ALL: [(By, &'static str); 3] = [
        (By::Patient, "The patient"),
        (By::Guardian, "A parent or guardian"),
        (By::Representative, "Another representative"),
    ];
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
