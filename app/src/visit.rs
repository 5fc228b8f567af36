use note::Draft;
use serde::{Deserialize, Serialize};
use speech::Transcript;

/// Days after which a visit is deleted for good.
pub const RETENTION_DAYS: u64 = 30;

/// Version of [`Visit`]'s layout, stored beside it and authenticated with it.
pub const SCHEMA: u16 = 1;

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

/// What a sealed record holds. The audio is not among it: it lives in memory until the visit is closed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
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
    pub draft: Option<Draft>,
    /// True once the clinician has said so, until the next change.
    pub reviewed: bool,
}

/// How far a visit has come; the list shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Closed before anything was said.
    Empty,
    Draft,
    Reviewed,
}

impl Visit {
    pub fn new(created: u64) -> Self {
        Self {
            label: String::new(),
            created,
            seconds: 0.0,
            transcript: Transcript::default(),
            unheard: Vec::new(),
            draft: None,
            reviewed: false,
        }
    }

    pub fn stage(&self) -> Stage {
        match (&self.draft, self.reviewed) {
            (Some(_), true) => Stage::Reviewed,
            (Some(_), false) => Stage::Draft,
            (None, _) if self.transcript.is_empty() => Stage::Empty,
            (None, _) => Stage::Draft,
        }
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("a visit holds no map and no borrowed data")
    }

    /// # Errors
    /// [`vault::Failure::Unsupported`] for another schema, [`vault::Failure::Damaged`] for bytes that are no visit.
    pub fn from_bytes(schema: u16, bytes: &[u8]) -> Result<Self, vault::Failure> {
        if schema != SCHEMA {
            return Err(vault::Failure::Unsupported);
        }
        match postcard::take_from_bytes(bytes) {
            Ok((visit, [])) => Ok(visit),
            Ok(_) | Err(_) => Err(vault::Failure::Damaged),
        }
    }
}

/// When a visit that begins at `now` is deleted for good; a full hour, so that the clear-text expiry says nothing about
/// the minute of the visit.
pub fn expiry(now: u64) -> u64 {
    (now + RETENTION_DAYS * DAY).next_multiple_of(HOUR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_survives_its_bytes_and_nothing_else_does() {
        let mut visit = Visit::new(1_000);
        visit.label = "Room 2".to_owned();
        let bytes = visit.to_bytes();
        assert!(Visit::from_bytes(SCHEMA, &bytes).is_ok_and(|back| back == visit));
        assert_eq!(
            Visit::from_bytes(SCHEMA + 1, &bytes).err(),
            Some(vault::Failure::Unsupported)
        );
        assert_eq!(
            Visit::from_bytes(SCHEMA, &bytes[1..]).err(),
            Some(vault::Failure::Damaged)
        );
        let longer = [bytes.as_slice(), &[0]].concat();
        assert_eq!(Visit::from_bytes(SCHEMA, &longer).err(), Some(vault::Failure::Damaged));
    }

    #[test]
    fn a_visit_lasts_thirty_days_and_part_of_an_hour() {
        for now in [0, 1, 3_599, 1_766_300_000] {
            let lasts = expiry(now) - now;
            assert!((30 * DAY..30 * DAY + HOUR).contains(&lasts));
            assert_eq!(expiry(now) % HOUR, 0);
        }
    }
}
