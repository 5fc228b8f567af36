use speech::Utterance;
use speech::protocol::{BackendChoice, Request};
use vault::RecordId;

use super::{Edit, Listed, MicEvent, Take, WorkerEvent, WorkerId};
use crate::problem::{FileProblem, MicProblem, StoreProblem};
use crate::visit::Visit;

/// Everything that can happen.
pub enum Event {
    VaultRead {
        exists: bool,
    },
    VaultUnusable,
    VaultWorking,
    /// The vault stays shut; what to say.
    VaultRefused(String),
    VaultOpened {
        backend: BackendChoice,
    },
    Stored {
        visits: Vec<Listed>,
        damaged: usize,
    },
    LockPressed,

    VisitStarted {
        id: RecordId,
        now: u64,
    },
    VisitOpened {
        id: RecordId,
        revision: u32,
        expires_at: u64,
        visit: Visit,
    },
    VisitDeleted(RecordId),
    ClosePressed,
    /// The clock moved on; seconds since 1970.
    Tick {
        now: u64,
    },

    Mic(MicEvent),
    /// The recording is this long now, in seconds.
    Recorded {
        seconds: f64,
    },
    Spoken(Utterance),
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
    StopWorker,
    /// Store the open visit under this revision.
    Save {
        revision: u32,
    },
    /// Say [`Event::SaveDue`] in a moment, once.
    SaveSoon,
    ListVisits,
    /// Drop the recording of the visit that was open.
    DropRecording,
    ForgetKey,
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
    NotOpened(vault::Failure),
    NotDeleted(StoreProblem),
    /// The recording must be stopped first.
    StillRecording,
    StillTranscribing,
    /// Leaving again gives up the words that are not here yet.
    WordsMissing,
    Expired,
    Deleted,
    NotCopied,
    NoRandom,
}
