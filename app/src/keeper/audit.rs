//! What the audit log is told, and how its rows reach the page.

use serde::{Deserialize, Serialize};
use vault::audit::{Event, Row};

use super::protocol::Id;

/// Something that happened: an event of the vault's list, to which note, and the number that goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    event: u16,
    note: Option<Id>,
    detail: u32,
}

/// A row of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogRow {
    pub number: u64,
    /// Seconds since 1970-01-01 00:00 UTC.
    pub time: u64,
    event: u16,
    pub while_locked: bool,
    pub detail: u32,
    pub note: Option<Id>,
    mac: [u8; 32],
}

impl Moment {
    pub fn new(event: Event, note: Option<Id>, detail: u32) -> Self {
        Self {
            event: event as u16,
            note,
            detail,
        }
    }

    /// Nothing for a number that this version does not know.
    pub fn event(&self) -> Option<Event> {
        event(self.event)
    }

    pub fn note(&self) -> Option<Id> {
        self.note
    }

    pub fn detail(&self) -> u32 {
        self.detail
    }
}

impl From<&Row> for LogRow {
    fn from(row: &Row) -> Self {
        Self {
            number: row.number,
            time: row.time,
            event: row.event as u16,
            while_locked: row.while_locked,
            detail: row.detail,
            note: row.record.map(Id::from),
            mac: row.mac,
        }
    }
}

impl LogRow {
    /// As the vault exports it; nothing for an event that this version does not know.
    pub fn to_row(&self) -> Option<Row> {
        Some(Row {
            number: self.number,
            time: self.time,
            event: event(self.event)?,
            while_locked: self.while_locked,
            detail: self.detail,
            record: self.note.map(Into::into),
            mac: self.mac,
        })
    }
}

fn event(number: u16) -> Option<Event> {
    Event::ALL.into_iter().find(|event| *event as u16 == number)
}
