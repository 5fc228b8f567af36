use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Event, PLAIN};
use crate::wire::Cut;
use crate::{Failure, RecordId};

/// A row as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number.
    pub number: u64,
    /// Seconds since 1970-01-01 00:00 UTC.
    pub time: u64,
    /// What happened.
    pub event: Event,
    /// It happened while the vault was locked and was entered later.
    pub while_locked: bool,
    /// A number whose meaning is the event's.
    pub detail: u32,
    /// To which record.
    pub record: Option<RecordId>,
    /// Its link in the chain.
    pub mac: [u8; 32],
}

/// What a check of all rows found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// Every row is there and unaltered.
    Intact {
        /// How many there are.
        rows: u64,
    },
    /// This row is the first that was altered, exchanged, or is in the wrong place.
    Broken {
        /// Its number in the chain.
        number: u64,
    },
    /// Rows are missing from this one on to the end.
    Short {
        /// The first that is missing.
        number: u64,
    },
    /// There are more rows than were ever written.
    Long {
        /// The first of them.
        number: u64,
    },
}

impl Row {
    pub(super) fn parse(number: u64, plain: &[u8; PLAIN]) -> Result<Row, Failure> {
        let mut cut = Cut(plain);
        let time = cut.u64()?;
        let event = Event::from_number(cut.u16()?).ok_or(Failure::Unsupported)?;
        let while_locked = cut.u16()? != 0;
        let detail = cut.u32()?;
        let record = RecordId(cut.array()?);
        Ok(Row {
            number,
            time,
            event,
            while_locked,
            detail,
            record: (record.0 != [0; 16]).then_some(record),
            mac: cut.array()?,
        })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Intact { rows: 0 } => f.write_str("The audit log had no row yet."),
            Verdict::Intact { rows } => write!(f, "All {rows} rows of the audit log are there and unaltered."),
            Verdict::Broken { number } => write!(
                f,
                "Row {number} of the audit log was altered, and what follows cannot be relied on. Export the log and keep it."
            ),
            Verdict::Short { number } => write!(
                f,
                "The audit log ends before row {number}, which was written. Rows were removed. Export the log and keep it."
            ),
            Verdict::Long { number } => write!(
                f,
                "The audit log has rows from number {number} on that this vault never wrote. Export the log and keep it."
            ),
        }
    }
}
