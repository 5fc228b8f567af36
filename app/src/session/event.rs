use speech::protocol::{BackendChoice, JobId, Request};
use speech::{Transcript, Utterance};
use vault::RecordId;

use super::{Edit, Lock, MicEvent, Recovered, Take, VisitList, WorkerEvent, WorkerId};
use crate::keeper::Trouble;
use crate::keeper::protocol::{Interrupted, Seen, SoundStep};
use crate::problem::{FileProblem, MicProblem, StoreProblem};
use crate::settings::Settings;
use crate::tape::Stretch;
use crate::visit::{Expiries, Visit};
use crate::writer::Writer;

/// Everything that can happen.
pub enum Event {
    /// Which vaults are here, and how surely they forget.
    VaultsSeen(Seen),
    /// Nobody knows which vaults are here, and why not.
    VaultUnusable(Trouble),
    /// Another vault is to be made, or not after all.
    NewVaultPressed,
    NewVaultGivenUp,
    VaultWorking,
    /// The vault stays shut; what to say.
    VaultRefused(String),
    VaultOpened {
        backend: BackendChoice,
        settings: Settings,
    },
    SettingsChanged(Settings),
    /// What drafts, checks and exports notes is loaded.
    WriterStarted(Writer),
    /// It stopped over a question; the driver starts another one.
    WriterStopped,
    /// The settings name another speech model now.
    ModelChosen(BackendChoice),
    Stored {
        visits: VisitList,
        damaged: usize,
        interrupted: Vec<Interrupted>,
    },
    LockPressed,
    /// Nobody is there, in one way or another.
    Left(Lock),
    /// The vault can no longer be read here.
    Shut,

    VisitStarted {
        id: RecordId,
        now: u64,
    },
    VisitOpened {
        id: RecordId,
        revision: u32,
        expiries: Expiries,
        held: bool,
        visit: Box<Visit>,
        /// Its sound is kept; true when all its words are stored.
        sound: Option<bool>,
    },
    /// An interrupted recording is here again; it is read like a file from now on.
    Recovered(Box<Recovered>),
    VisitDeleted(RecordId),
    /// A visit was put under legal hold, or the hold was lifted.
    Held {
        id: RecordId,
        held: bool,
    },
    ClosePressed,
    /// The clock moved on; seconds since 1970.
    Tick {
        now: u64,
    },

    Mic(MicEvent),
    /// The recording has a journal on the disk.
    SoundBegun(RecordId),
    /// So much of it is on the disk, and what is the matter if it is not more.
    SoundKept {
        id: RecordId,
        samples: u64,
        trouble: Option<StoreProblem>,
    },
    /// The recording is this long now, in seconds.
    Recorded {
        seconds: f64,
    },
    Spoken(Utterance),
    /// A conversation that was written down elsewhere.
    Written(Transcript),
    /// An utterance goes on, or rests; nothing while nobody speaks.
    Speaking(Option<Stretch>),
    NoSound,
    SoundAgain,

    Worker(WorkerId, WorkerEvent),
    EngineRetry,

    Edited(Edit),
    SaveDue,
    Saved {
        id: RecordId,
        revision: u32,
    },
    SaveFailed {
        id: RecordId,
        why: StoreProblem,
    },

    Noticed(Notice),
    NoticeRead,
}

impl Event {
    /// True if other words may be expected afterwards.
    pub(super) fn is_about_words(&self) -> bool {
        matches!(
            self,
            Event::VaultOpened { .. }
                | Event::SettingsChanged(_)
                | Event::VisitStarted { .. }
                | Event::VisitOpened { .. }
                | Event::Recovered(_)
                | Event::Edited(Edit::Words(_))
        )
    }
}

/// Everything that the session can ask for.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    OpenMicrophone(Take),
    PauseMicrophone(Take),
    ResumeMicrophone(Take),
    /// Let the last block through, then shut it.
    CloseMicrophone(Take),
    StopReading,
    StartWorker(WorkerId),
    Send(WorkerId, Request),
    /// Send what has been said of the utterance that goes on.
    SendSpoken(WorkerId, JobId),
    StopWorker,
    /// Store the open visit under this revision.
    Save {
        revision: u32,
    },
    /// Say [`Event::SaveDue`] in a moment, once.
    SaveSoon,
    ListVisits,
    /// Something is to be done about the sound of a visit.
    Sound {
        note: RecordId,
        step: SoundStep,
    },
    /// Let go of what memory holds of the recording: the visit that was open is over, or its note is confirmed.
    DropRecording,
    /// So many samples of it are on the disk, and need not be in memory too.
    TrimRecording {
        kept: u64,
    },
    ForgetKey(Lock),
    Notify(Notice),
}

/// Something to say once, until the next action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    Microphone(MicProblem),
    File(FileProblem),
    Unplugged,
    NotSaved(StoreProblem),
    /// The same, on the way out: leaving again gives up what is not stored.
    LeavingLoses(StoreProblem),
    NotOpened(Trouble),
    /// The note opened; what was said did not.
    WordsDamaged,
    NotDeleted(Trouble),
    NotHeld(Trouble),
    ClockNotConfirmed(Trouble),
    /// Another tab took the vault's key away.
    ShutElsewhere,
    /// The clock stands before a time that was seen earlier.
    ClockBack,
    /// The clock is so far ahead that nothing is deleted until it was looked at.
    PurgeHeld,
    /// The recording must be stopped first.
    StillRecording,
    StillTranscribing,
    /// Leaving again gives up the words that are not here yet.
    WordsMissing,
    /// The recovered recording did not end in order.
    MayLackItsEnd,
    NotRecovered(Trouble),
    NotDiscarded(Trouble),
    Expired,
    Deleted,
    NotCopied,
    /// What drafts, checks and exports notes is not here.
    NoWriter,
    NoRandom,
    /// A newer version waits for the other tabs to be closed.
    OtherTabs,
    /// The browser does not start the newer version.
    NotStarted,
}
