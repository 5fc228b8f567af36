use note::{Draft, Template, draft};
use vault::RecordId;

use super::{Command, Heard, MicEvent, Notice, Recorder, Take};
use crate::problem::StoreProblem;
use crate::visit::Visit;

/// The visit that is open: its content, what its recorder does, and whether the stored copy is the same.
pub struct Desk {
    pub id: RecordId,
    /// Of the stored copy; 0 before the first save.
    pub revision: u32,
    /// Seconds since 1970-01-01 00:00 UTC.
    pub expires_at: u64,
    pub visit: Visit,
    pub recorder: Recorder,
    /// True while the microphone is open and nothing arrives from it.
    pub no_sound: bool,
    pub save: Save,
    /// True once a person was told what leaving now would lose.
    pub warned: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Save {
    /// The stored copy is this one, or there is nothing worth storing.
    Clean,
    Dirty,
    Saving {
        changed_since: bool,
    },
    Failed(StoreProblem),
}

/// What the clinician did to the note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    Label(String),
    /// The whole text of a section, by its place in the draft.
    Section(usize, String),
    Reviewed(bool),
}

impl Desk {
    pub fn new(id: RecordId, now: u64) -> Self {
        Self::with(id, 0, crate::visit::expiry(now), Visit::new(now), Recorder::Idle)
    }

    /// A stored visit; one that was cut off before its draft gets it now, from the words that were kept.
    pub fn stored(id: RecordId, revision: u32, expires_at: u64, visit: Visit) -> Self {
        Self::with(id, revision, expires_at, visit, Recorder::Ended)
    }

    fn with(id: RecordId, revision: u32, expires_at: u64, visit: Visit, recorder: Recorder) -> Self {
        Self {
            id,
            revision,
            expires_at,
            visit,
            recorder,
            no_sound: false,
            save: Save::Clean,
            warned: false,
        }
    }

    pub fn on_mic(&mut self, event: MicEvent, fresh: Take) -> Vec<Command> {
        let (next, commands) = self.recorder.on(event, fresh);
        self.recorder = next;
        self.warned = false;
        if !matches!(self.recorder, Recorder::Recording { .. }) {
            self.no_sound = false;
        }
        commands
    }

    pub fn on_heard(&mut self, heard: Heard) -> Vec<Command> {
        match heard {
            Heard::Nothing => vec![],
            Heard::Words(segment) => {
                self.visit.transcript.insert(segment);
                self.changed()
            }
            Heard::Unheard { start, end } => {
                self.visit.unheard.push((start, end));
                self.changed()
            }
        }
    }

    pub fn on_edit(&mut self, edit: Edit) -> Vec<Command> {
        match edit {
            Edit::Label(label) => self.visit.label = label,
            Edit::Section(index, text) => {
                let Some(section) = self.draft_mut().and_then(|draft| draft.sections.get_mut(index)) else {
                    return vec![];
                };
                section.edit(&text);
                self.visit.reviewed = false;
            }
            Edit::Reviewed(reviewed) => {
                if self.visit.draft.is_none() {
                    return vec![];
                }
                self.visit.reviewed = reviewed;
            }
        }
        self.changed()
    }

    /// Makes the draft once the recording is over and every word is here.
    pub fn settle(&mut self, engine_owes_nothing: bool) -> Vec<Command> {
        let over = self.recorder == Recorder::Ended && engine_owes_nothing;
        if !over || self.visit.draft.is_some() || self.visit.transcript.is_empty() {
            return vec![];
        }
        self.visit.draft = Some(draft(&self.visit.transcript, &Template::soap()));
        self.changed()
    }

    pub fn save_due(&mut self) -> Vec<Command> {
        match self.save {
            Save::Dirty | Save::Failed(_) => {
                self.save = Save::Saving { changed_since: false };
                vec![Command::Save {
                    revision: self.revision + 1,
                }]
            }
            Save::Clean | Save::Saving { .. } => vec![],
        }
    }

    pub fn saved(&mut self, revision: u32) -> Vec<Command> {
        self.revision = revision;
        match self.save {
            Save::Saving { changed_since: true } => {
                self.save = Save::Dirty;
                vec![Command::SaveSoon]
            }
            Save::Saving { changed_since: false } | Save::Clean | Save::Dirty | Save::Failed(_) => {
                self.save = Save::Clean;
                vec![]
            }
        }
    }

    pub fn save_failed(&mut self, why: StoreProblem) -> Vec<Command> {
        self.save = Save::Failed(why);
        let notice = if self.warned {
            Notice::LeavingLoses(why)
        } else {
            Notice::NotSaved(why)
        };
        vec![Command::Notify(notice)]
    }

    pub fn draft(&self) -> Option<&Draft> {
        self.visit.draft.as_ref()
    }

    fn draft_mut(&mut self) -> Option<&mut Draft> {
        self.visit.draft.as_mut()
    }

    fn changed(&mut self) -> Vec<Command> {
        match self.save {
            Save::Saving { .. } => {
                self.save = Save::Saving { changed_since: true };
                vec![]
            }
            // A conflict stays one: this copy would be refused again.
            Save::Failed(StoreProblem::Conflict) => vec![],
            Save::Clean | Save::Dirty | Save::Failed(_) => {
                self.save = Save::Dirty;
                vec![Command::SaveSoon]
            }
        }
    }
}
