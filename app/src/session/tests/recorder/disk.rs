//! What the vault worker keeps: recordings, half second by half second, and visits.

use std::collections::{BTreeMap, VecDeque};

use super::super::*;
use crate::visit::{Expiries, Visit};

#[derive(Default)]
pub struct Disk {
    pub full: bool,
    pub journals: BTreeMap<RecordId, Journal>,
    /// The journal that is being written, and the opening whose sound goes to it.
    pub reel: Option<RecordId>,
    pub line: Option<Take>,
    pub waiting: Vec<i16>,
    pub news: VecDeque<(RecordId, u64, Option<StoreProblem>)>,
    pub stored: BTreeMap<RecordId, (u32, Visit)>,
    pub saving: Option<(RecordId, u32, Visit)>,
}

#[derive(Clone, Debug, Default)]
pub struct Journal {
    pub blocks: Vec<i16>,
    pub written: bool,
}

impl Disk {
    pub fn begin(&mut self, note: RecordId) -> Result<(), StoreProblem> {
        if self.reel == Some(note) {
            return Ok(());
        }
        (self.reel, self.line) = (None, None);
        self.waiting.clear();
        if self.full {
            return Err(StoreProblem::Full);
        }
        if self.journals.contains_key(&note) {
            return Err(StoreProblem::Conflict);
        }
        self.journals.insert(note, Journal::default());
        self.reel = Some(note);
        Ok(())
    }

    /// Sound on the line, past the page.
    pub fn hear(&mut self, take: Take, block: i16) {
        if let Some(note) = self.reel.filter(|_| self.line == Some(take)) {
            self.waiting.push(block);
            self.write(note);
        }
    }

    fn write(&mut self, note: RecordId) {
        let journal = self.journals.entry(note).or_default();
        if !self.full && self.reel == Some(note) {
            journal.blocks.append(&mut self.waiting);
        }
        let trouble = self.full.then_some(StoreProblem::Full);
        self.news.push_back((note, journal.blocks.len() as u64, trouble));
    }

    pub fn sound(&mut self, note: RecordId, step: SoundStep) {
        match step {
            SoundStep::End => {
                self.line = None;
                self.write(note);
            }
            SoundStep::Written => self.journals.entry(note).or_default().written = true,
            SoundStep::Leave => self.let_go(note),
            SoundStep::Destroy { .. } => {
                self.let_go(note);
                self.journals.remove(&note);
            }
            SoundStep::Begin { .. } | SoundStep::Read => {}
        }
    }

    fn let_go(&mut self, note: RecordId) {
        if self.reel == Some(note) {
            (self.reel, self.line) = (None, None);
            self.waiting.clear();
        }
    }

    /// Recordings that somebody must decide about.
    pub fn interrupted(&self) -> Option<RecordId> {
        let asks = |(id, journal): (&RecordId, &Journal)| {
            let waits = !journal.written && !journal.blocks.is_empty() && self.reel != Some(*id);
            waits.then_some(*id)
        };
        self.journals.iter().find_map(asks)
    }

    pub fn expiries() -> Expiries {
        Expiries {
            note: 9_000_000,
            words: 9_000_000,
        }
    }
}
