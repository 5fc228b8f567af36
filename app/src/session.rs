//! What the page knows. Everything that happens is an [`Event`]; [`Session::apply`] gives the [`Command`]s that follow
//! from it, and the driver carries them out. No browser, no clock and no view in here.

mod recorder;
pub use recorder::{Before, MicEvent, Recorder, Take, Then};

mod engine;
pub use engine::{Engine, EngineState, Heard, WorkerEvent, WorkerId};

mod desk;
pub use desk::{Desk, Edit, Save};

mod event;
pub use event::{Command, Event, Notice};

#[cfg(test)]
mod tests;

use vault::RecordId;

use crate::visit::Stage;

pub struct Session {
    pub vault: Vault,
    pub engine: Engine,
    /// The stored visits, newest first.
    pub visits: Vec<Listed>,
    /// Records that are here and cannot be opened.
    pub damaged: usize,
    pub desk: Option<Desk>,
    pub notice: Option<Notice>,
    /// What to do once the open visit is stored.
    after_save: After,
    last_take: Take,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Vault {
    /// Not looked for yet.
    Unread,
    Absent {
        refused: Option<String>,
    },
    Locked {
        refused: Option<String>,
    },
    /// The passphrase is being stretched, which takes about a second.
    Creating,
    Unlocking,
    Open,
    /// The browser's storage cannot be used.
    Unusable,
}

/// A stored visit as the list shows it: no word of what was said.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    pub id: RecordId,
    pub label: String,
    pub created: u64,
    pub seconds: f64,
    pub stage: Stage,
    pub expires_at: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    Stay,
    Close,
    Lock,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            vault: Vault::Unread,
            engine: Engine::off(),
            visits: Vec::new(),
            damaged: 0,
            desk: None,
            notice: None,
            after_save: After::Stay,
            last_take: Take::default(),
        }
    }
}

impl Session {
    #[must_use]
    pub fn apply(&mut self, event: Event) -> Vec<Command> {
        let mut commands = self.react(event);
        if let Some(desk) = &mut self.desk {
            commands.extend(desk.settle(self.engine.is_idle()));
        }
        commands.extend(self.leave_when_stored());
        commands.retain(|command| match command {
            Command::Notify(notice) => {
                self.notice = Some(notice.clone());
                false
            }
            _ => true,
        });
        commands
    }

    fn react(&mut self, event: Event) -> Vec<Command> {
        match event {
            Event::VaultRead { exists: true } => self.vault_is(Vault::Locked { refused: None }),
            Event::VaultRead { exists: false } => self.vault_is(Vault::Absent { refused: None }),
            Event::VaultUnusable => self.vault_is(Vault::Unusable),
            Event::VaultWorking => self.vault_works(),
            Event::VaultRefused(why) => self.vault_refused(why),
            Event::VaultOpened { backend } => {
                self.vault = Vault::Open;
                let mut commands = self.engine.start(backend);
                commands.push(Command::ListVisits);
                commands
            }
            Event::Stored { visits, damaged } => {
                self.visits = visits;
                self.damaged = damaged;
                vec![]
            }
            Event::LockPressed => self.leave(After::Lock),

            Event::VisitStarted { id, now } => self.open(Desk::new(id, now)),
            Event::VisitOpened {
                id,
                revision,
                expires_at,
                visit,
            } => self.open(Desk::stored(id, revision, expires_at, visit)),
            Event::VisitDeleted(id) => {
                self.visits.retain(|visit| visit.id != id);
                vec![Command::Notify(Notice::Deleted)]
            }
            Event::ClosePressed => self.leave(After::Close),
            Event::Tick { now } => self.tick(now),

            Event::Mic(event) => {
                if event.is_press() {
                    self.notice = None;
                }
                self.last_take = Take(self.last_take.0 + 1);
                match &mut self.desk {
                    Some(desk) => desk.on_mic(event, self.last_take),
                    None => unwanted(event),
                }
            }
            Event::Recorded { seconds } => {
                if let Some(desk) = &mut self.desk {
                    desk.visit.seconds = seconds;
                }
                vec![]
            }
            Event::Spoken(utterance) if self.desk.is_some() => self.engine.transcribe(utterance),
            Event::Spoken(_) => vec![],
            Event::NoSound => self.sound(false),
            Event::SoundAgain => self.sound(true),

            Event::Worker(worker, event) => {
                let (heard, mut commands) = self.engine.on(worker, event);
                if let Some(desk) = &mut self.desk {
                    commands.extend(desk.on_heard(heard));
                }
                commands
            }
            Event::EngineRetry => self.engine.retry(),

            Event::Edited(edit) => self.desk.as_mut().map(|desk| desk.on_edit(edit)).unwrap_or_default(),
            Event::SaveDue => self.desk.as_mut().map(Desk::save_due).unwrap_or_default(),
            Event::Saved { id, revision } => self
                .desk_called(id)
                .map(|desk| desk.saved(revision))
                .unwrap_or_default(),
            Event::SaveFailed { id, why } => {
                self.after_save = After::Stay;
                self.desk_called(id)
                    .map(|desk| desk.save_failed(why))
                    .unwrap_or_default()
            }

            Event::Noticed(notice) => vec![Command::Notify(notice)],
            Event::NoticeRead => {
                self.notice = None;
                vec![]
            }
        }
    }

    /// True while closing the page would lose something.
    pub fn holds_unsaved(&self) -> bool {
        let Some(desk) = &self.desk else { return false };
        desk.recorder.is_active() || !self.engine.is_idle() || desk.save != Save::Clean
    }

    pub fn is_recording(&self) -> bool {
        matches!(
            &self.desk,
            Some(Desk {
                recorder: Recorder::Recording { .. },
                ..
            })
        )
    }

    fn vault_is(&mut self, vault: Vault) -> Vec<Command> {
        if self.vault != Vault::Open {
            self.vault = vault;
        }
        vec![]
    }

    fn vault_works(&mut self) -> Vec<Command> {
        match self.vault {
            Vault::Absent { .. } => self.vault = Vault::Creating,
            Vault::Locked { .. } => self.vault = Vault::Unlocking,
            Vault::Unread | Vault::Creating | Vault::Unlocking | Vault::Open | Vault::Unusable => {}
        }
        vec![]
    }

    fn vault_refused(&mut self, why: String) -> Vec<Command> {
        match self.vault {
            Vault::Absent { .. } | Vault::Creating => self.vault = Vault::Absent { refused: Some(why) },
            Vault::Locked { .. } | Vault::Unlocking => self.vault = Vault::Locked { refused: Some(why) },
            Vault::Unread | Vault::Open | Vault::Unusable => {}
        }
        vec![]
    }

    fn open(&mut self, desk: Desk) -> Vec<Command> {
        if self.vault != Vault::Open || self.desk.is_some() {
            return vec![];
        }
        self.notice = None;
        self.desk = Some(desk);
        vec![Command::DropRecording]
    }

    /// Refused while it would lose something; else the visit is stored first.
    fn leave(&mut self, after: After) -> Vec<Command> {
        if self.vault != Vault::Open {
            return vec![];
        }
        let Some(desk) = &mut self.desk else {
            self.after_save = after;
            return vec![];
        };
        if desk.recorder.is_active() {
            return vec![Command::Notify(Notice::StillRecording)];
        }
        if !self.engine.is_idle() {
            if !self.engine.has_failed() {
                return vec![Command::Notify(Notice::StillTranscribing)];
            }
            if !desk.warned {
                desk.warned = true;
                return vec![Command::Notify(Notice::WordsMissing)];
            }
            for (start, end) in self.engine.abandon() {
                // Saved below, at once.
                desk.on_heard(Heard::Unheard { start, end });
            }
        }
        // A copy that cannot be stored would hold the visit open for ever: the second attempt leaves without it.
        if matches!(desk.save, Save::Failed(_)) && desk.warned {
            desk.save = Save::Clean;
        }
        desk.warned = matches!(desk.save, Save::Failed(_));
        self.after_save = after;
        desk.save_due()
    }

    fn leave_when_stored(&mut self) -> Vec<Command> {
        if self
            .desk
            .as_ref()
            .is_some_and(|desk| desk.recorder.is_active() || !self.engine.is_idle())
        {
            // Somebody began to record while the visit was being stored: they stay.
            self.after_save = After::Stay;
        }
        if self.desk.as_ref().is_some_and(|desk| desk.save != Save::Clean) {
            return vec![];
        }
        match std::mem::replace(&mut self.after_save, After::Stay) {
            After::Stay => vec![],
            After::Close => {
                self.desk = None;
                vec![Command::DropRecording, Command::ListVisits]
            }
            After::Lock => self.lock(),
        }
    }

    fn lock(&mut self) -> Vec<Command> {
        self.desk = None;
        self.visits.clear();
        self.damaged = 0;
        self.notice = None;
        self.vault = Vault::Locked { refused: None };
        let mut commands = self.engine.stop();
        commands.extend([Command::DropRecording, Command::ForgetKey]);
        commands
    }

    fn tick(&mut self, now: u64) -> Vec<Command> {
        self.visits.retain(|visit| visit.expires_at > now);
        let expired = self
            .desk
            .as_ref()
            .is_some_and(|desk| desk.expires_at <= now && !desk.recorder.is_active());
        if !expired {
            return vec![];
        }
        self.desk = None;
        vec![
            Command::DropRecording,
            Command::ListVisits,
            Command::Notify(Notice::Expired),
        ]
    }

    fn sound(&mut self, arrives: bool) -> Vec<Command> {
        if let Some(desk) = &mut self.desk {
            desk.no_sound = !arrives && matches!(desk.recorder, Recorder::Recording { .. });
        }
        vec![]
    }

    fn desk_called(&mut self, id: RecordId) -> Option<&mut Desk> {
        self.desk.as_mut().filter(|desk| desk.id == id)
    }
}

/// A microphone that opens when no visit is open is shut at once.
fn unwanted(event: MicEvent) -> Vec<Command> {
    match event {
        MicEvent::Opened(take) => vec![Command::CloseMicrophone(take)],
        MicEvent::RecordPressed
        | MicEvent::PausePressed
        | MicEvent::ResumePressed
        | MicEvent::StopPressed
        | MicEvent::Refused(..)
        | MicEvent::Gone(_)
        | MicEvent::Closed(_)
        | MicEvent::FileChosen
        | MicEvent::FileRefused(_)
        | MicEvent::FileEnded => vec![],
    }
}
