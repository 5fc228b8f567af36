//! What the page knows. Everything that happens is an [`Event`]; [`Session::apply`] gives the [`Command`]s that follow
//! from it, and the driver carries them out. No browser, no clock and no view in here.

mod recorder;
pub use recorder::{Before, MicEvent, Recorder, Take, Then};

mod engine;
pub use engine::{Engine, EngineState, Heard, WorkerEvent, WorkerId};

mod door;
pub use door::overstayed;

mod desk;
pub use desk::{Desk, Edit, Save, Unconfirmed};

mod sound;
pub use sound::{Recovered, Sound};

mod list;
pub use list::{Listed, VisitList};

mod event;
pub use event::{Command, Event, Notice};

#[cfg(test)]
mod tests;

use vault::RecordId;

use crate::keeper::Trouble;
use crate::keeper::protocol::{Interrupted, Purge, SoundStep, VaultSeen};
use crate::settings::Settings;
use crate::writer::Writer;

pub struct Session {
    pub vault: Vault,
    /// The vaults on this device, as far as they are known without a key.
    pub vaults: Vec<VaultSeen>,
    pub purge: Purge,
    /// The browser has removed notes that were here.
    pub emptied: bool,
    /// Of the open vault.
    pub settings: Settings,
    pub engine: Engine,
    /// The stored visits.
    pub visits: VisitList,
    /// Records that are here and cannot be opened.
    pub damaged: usize,
    /// Recordings that somebody must decide about.
    pub interrupted: Vec<Interrupted>,
    pub desk: Option<Desk>,
    pub notice: Option<Notice>,
    /// Who drafts, checks and exports notes; nobody until it is loaded, or once it stopped.
    pub writer: Option<Writer>,
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
    Unusable(Trouble),
}

/// Why a vault is locked; the number is the audit log's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    ByHand = 0,
    /// No touch for a while.
    Idle = 1,
    /// However busy somebody was.
    LongestSession = 2,
    OutOfSight = 3,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    Stay,
    Close,
    Lock(Lock),
}

impl Default for Session {
    fn default() -> Self {
        Self {
            vault: Vault::Unread,
            vaults: Vec::new(),
            purge: Purge::Exact,
            emptied: false,
            settings: Settings::default(),
            engine: Engine::off(),
            visits: VisitList::default(),
            damaged: 0,
            interrupted: Vec::new(),
            desk: None,
            notice: None,
            writer: None,
            after_save: After::Stay,
            last_take: Take::default(),
        }
    }
}

impl Session {
    #[must_use]
    pub fn apply(&mut self, event: Event) -> Vec<Command> {
        let words = event.is_about_words();
        let mut commands = self.react(event);
        commands.extend(words.then(|| self.expect()).into_iter().flatten());
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
            Event::VaultsSeen(seen) => self.vaults_seen(seen),
            Event::NewVaultPressed => self.choose(Vault::Absent { refused: None }),
            Event::NewVaultGivenUp => self.choose(Vault::Locked { refused: None }),
            Event::VaultUnusable(why) => self.vault_is(Vault::Unusable(why)),
            Event::VaultWorking => self.vault_works(),
            Event::VaultRefused(why) => self.vault_refused(why),
            Event::VaultOpened { backend, settings } => {
                self.vault = Vault::Open;
                self.settings = settings;
                let mut commands = self.engine.start(&self.settings.model, backend);
                commands.push(Command::ListVisits);
                commands
            }
            Event::Stored {
                visits,
                damaged,
                interrupted,
            } => {
                (self.visits, self.damaged, self.interrupted) = (visits, damaged, interrupted);
                vec![]
            }
            Event::SettingsChanged(settings) => {
                self.settings = settings;
                vec![]
            }
            Event::WriterStarted(writer) => {
                self.writer = Some(writer);
                self.notice.take_if(|notice| *notice == Notice::NoWriter);
                if let Some(desk) = &mut self.desk {
                    desk.give_writer(writer);
                }
                vec![]
            }
            Event::WriterStopped => {
                self.writer = None;
                if let Some(desk) = &mut self.desk {
                    desk.writer = None;
                }
                vec![Command::Notify(Notice::NoWriter)]
            }
            // What waits for words is asked for again.
            Event::ModelChosen(backend) => self.engine.start(&self.settings.model, backend),
            Event::LockPressed => self.leave(After::Lock(Lock::ByHand)),
            // A recording goes on, and what is not stored stays on the screen until somebody comes back.
            Event::Left(_) if self.holds_unsaved_for_long() => vec![],
            Event::Left(why) => self.leave(After::Lock(why)),
            Event::Shut => self.shut(),

            Event::VisitStarted { id, now } => self.open(Desk::new(id, now, &self.settings)),
            Event::VisitOpened {
                id,
                revision,
                expiries,
                held,
                visit,
                sound,
            } => {
                let mut desk = Desk::stored(id, revision, expiries, *visit, &self.settings);
                (desk.held, desk.sound) = (held, Sound::stored(sound));
                self.open(desk)
            }
            Event::Recovered(found) => {
                let (id, revision, expiries) = (found.id, found.revision, found.expiries);
                let mut desk = Desk::stored(id, revision, expiries, found.visit, &self.settings);
                desk.held = found.held;
                desk.recover(found.seconds, found.gaps);
                self.open(desk)
            }
            Event::VisitDeleted(id) => {
                self.visits.keep(|visit| visit.id != id);
                vec![Command::Notify(Notice::Deleted)]
            }
            Event::Held { id, held } => {
                self.visits.hold(id, held);
                if let Some(desk) = self.desk_called(id) {
                    desk.held = held;
                }
                vec![]
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
                    None => event.unwanted(),
                }
            }
            Event::SoundBegun(id) => match self.desk_called(id) {
                Some(desk) => desk.sound_begun(),
                // Given up meanwhile; what is empty goes with the next unlocking.
                None => vec![Command::Sound {
                    note: id,
                    step: SoundStep::Leave,
                }],
            },
            Event::SoundKept { id, samples, trouble } => {
                let desk = self.desk_called(id);
                desk.map(|desk| desk.sound_kept(samples, trouble)).unwrap_or_default()
            }
            Event::Recorded { seconds } => {
                if let Some(desk) = &mut self.desk {
                    desk.visit.seconds = seconds;
                }
                vec![]
            }
            Event::Spoken(utterance) if self.desk.is_some() => self.engine.transcribe(utterance),
            Event::Spoken(_) => vec![],
            Event::Written(transcript) => {
                let desk = self.desk.as_mut().filter(|desk| desk.recorder == Recorder::Reading);
                desk.map(|desk| desk.on_written(transcript)).unwrap_or_default()
            }
            Event::Speaking(stretch) if self.desk.is_some() => self.engine.speaking(stretch),
            Event::Speaking(_) => vec![],
            Event::NoSound => self.sound(false),
            Event::SoundAgain => self.sound(true),

            Event::Worker(worker, event) => {
                let (heard, mut commands) = self.engine.on(worker, event);
                if let Some(desk) = &mut self.desk {
                    commands.extend(desk.on_heard(heard, || self.engine.voices()));
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

    pub fn is_paused(&self) -> bool {
        let recorder = self.desk.as_ref().map(|desk| desk.recorder);
        matches!(recorder, Some(Recorder::Paused { .. }))
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

    /// True as long as this opening of the microphone is wanted: one that was given up is let go at the next step.
    pub fn awaits(&self, opening: Take) -> bool {
        let recorder = self.desk.as_ref().map(|desk| desk.recorder);
        matches!(recorder, Some(Recorder::Starting { take, .. }) if take == opening)
    }

    /// What a save in a moment would not cure.
    fn holds_unsaved_for_long(&self) -> bool {
        let Some(desk) = &self.desk else { return false };
        desk.recorder.is_active() || !self.engine.is_idle() || matches!(desk.save, Save::Failed(_))
    }

    fn open(&mut self, desk: Desk) -> Vec<Command> {
        if self.vault != Vault::Open || self.desk.is_some() {
            return vec![];
        }
        self.notice = None;
        let mut desk = desk;
        if let Some(writer) = self.writer {
            desk.give_writer(writer);
        }
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
                desk.on_heard(Heard::Unheard { start, end }, Vec::new);
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
                let mut commands = self.clear_desk(true);
                commands.push(Command::ListVisits);
                commands
            }
            After::Lock(why) => self.lock(why),
        }
    }

    /// Nothing of a visit outlives it: an answer that is still on its way belongs to nobody.
    fn clear_desk(&mut self, by_hand: bool) -> Vec<Command> {
        self.engine.forget();
        if let Some(writer) = self.writer {
            writer.forget();
        }
        let left = self.desk.take().and_then(|desk| desk.leave_sound(by_hand));
        self.expect()
            .into_iter()
            .chain(left)
            .chain([Command::DropRecording])
            .collect()
    }

    fn tick(&mut self, now: u64) -> Vec<Command> {
        self.visits.keep(|visit| visit.held || visit.expires_at > now);
        let expired = self
            .desk
            .as_ref()
            .is_some_and(|desk| desk.expiries.note <= now && !desk.held && !desk.recorder.is_active());
        if !expired {
            return vec![];
        }
        let mut commands = self.clear_desk(false);
        commands.extend([Command::ListVisits, Command::Notify(Notice::Expired)]);
        commands
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
