//! What the page and the vault worker say to each other: closed enums as bytes, and every answer names its question.
//!
//! The worker holds the keys and the stores; the page never sees a key. What crosses from the page is plaintext to be
//! sealed, and back comes plaintext to be shown.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use vault::audit::Verdict;

use super::Trouble;
use super::audit::{LogRow, Moment};
use crate::consent::Consent;

mod sound;
pub use sound::{Interrupted, Kept, SoundRead, SoundStep};

/// Page → worker.
#[derive(Serialize, Deserialize)]
pub enum ToWorker {
    Ask {
        number: u32,
        /// The page's clock: seconds since 1970-01-01 00:00 UTC.
        now: u64,
        request: Request,
    },
    /// To a worker that was started for this alone and is ended afterwards, so that the memory in which a passphrase was
    /// stretched goes with it.
    Errand(Errand),
    /// With the end of a line: a microphone's sound at `rate` hertz comes on it, for the recording that was begun last.
    Hear { rate: u32 },
}

/// Worker → page.
#[derive(Serialize, Deserialize)]
pub enum FromWorker {
    Answer {
        number: u32,
        answer: Result<Answer, Trouble>,
    },
    News(News),
    Errand(Result<Vec<u8>, Trouble>),
}

#[derive(Serialize, Deserialize)]
pub enum Request {
    /// Which vaults are here, after removing whatever is over.
    Look,
    /// Makes a vault and opens it.
    Create {
        name: String,
        passphrase: String,
    },
    Unlock {
        vault: Id,
        with: Credential,
    },
    /// The list.
    List,
    Open {
        note: Id,
    },
    /// Stores a note in place of the revision before it.
    Save(Saving),
    Delete {
        note: Id,
        /// With a certificate of it; the answer is [`Answer::Certificate`] then.
        certified: bool,
    },
    /// Whether this vault made a certificate, and nobody changed it since.
    CheckCertificate(String),
    /// While held, a note does not expire.
    Hold {
        note: Id,
        held: bool,
    },
    /// Stores who agreed to the recording of this visit, apart from it.
    KeepConsent {
        visit: Id,
        consent: Consent,
        expires_at: u64,
    },
    /// About the sound of a visit.
    Sound {
        note: Id,
        step: SoundStep,
    },
    /// Removes what is over. It happens before every reading too; the page asks each minute, open or locked.
    Sweep,
    /// Somebody looked at the clock, and it is right.
    ConfirmClock,
    ReadSettings,
    WriteSettings(Vec<u8>),
    /// Adds a row to the audit log.
    Log(Moment),
    ReadLog,
    /// Checks every row of the log against its chain. That needs the vault key, so the passphrase is asked again: an open
    /// session keeps nothing with which a row that is written could be forged.
    CheckLog {
        proof: Credential,
    },
    /// The ways in which this vault can be opened.
    Ways,
    /// Adds one; the credential proves who asks.
    AddWay {
        proof: Credential,
        way: NewWay,
    },
    RemoveWay {
        proof: Credential,
        index: u32,
    },
    /// A new vault key under every way in.
    Rotate {
        proof: Credential,
    },
    /// Everything of this vault for good, or of every vault on this device.
    Erase {
        proof: Credential,
        everyone: bool,
    },
    /// Everything is to leave the vault.
    Pack {
        proof: Credential,
        form: Leaving,
    },
    /// The next piece of a backup, for as long as the answer is [`Answer::Piece`]; then, and at once for what is read note
    /// by note, it is over, and the log has its row.
    PackNext,
    /// The next note of those that leave to be read.
    PackNote {
        note: Id,
    },
    /// Who consented to which recording.
    Consents,
    /// In which ways a backup opens that begins like this; the answer is [`Answer::Ways`].
    LookInto(Vec<u8>),
    /// A backup is to be taken in; this is its beginning, with whatever opens it.
    Restore {
        beginning: Vec<u8>,
        with: Credential,
    },
    /// The next bytes of it, from the front.
    RestoreNext(Vec<u8>),
    /// That was all: only now anything of it is kept.
    RestoreEnd,
    /// It is not to be taken in after all.
    RestoreStop,
}

/// How everything leaves the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Leaving {
    /// As a backup, encrypted; the only form that can be taken in again.
    Sealed,
    /// To be read by anyone: the page asks for note after note.
    Readable,
}

#[derive(Serialize, Deserialize)]
pub enum Answer {
    Done,
    Sound(SoundRead),
    Seen(Seen),
    Unlocked(Unlocked),
    List(List),
    Opened(Opened),
    Swept(ClockSeen),
    Settings(Option<Vec<u8>>),
    Log(Log),
    Certificate(String),
    /// The open vault as the door knows it.
    Ways(VaultSeen),
    Piece(Vec<u8>),
    Packed(Packed),
    Consents(Vec<Vec<u8>>),
    Restored(Restored),
    /// A recovery code, to be shown once.
    Code(String),
}

/// Things that happen without being asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum News {
    /// Another tab stored or removed something.
    Changed,
    /// The vault can no longer be read here: another tab changed its key or a way in, or erased it.
    Shut,
    /// How much of the recording is on the disk.
    Kept(Kept),
}

/// Sixteen random bytes that name a vault, a note or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Id(pub [u8; 16]);

/// What is known without a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    pub vaults: Vec<VaultSeen>,
    pub purge: Purge,
    /// There are keys, and nothing that they open: the browser itself has emptied the database.
    pub emptied: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultSeen {
    pub id: Id,
    /// As the person called it; not secret.
    pub name: String,
    /// In the order of its slots.
    pub ways: Vec<Way>,
    /// What a passkey computes its secret from.
    pub prf_salt: [u8; 32],
    /// Until when the next attempt must wait, after too many wrong ones; seconds since 1970.
    pub wait_until: u64,
}

/// How sure a purge is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purge {
    /// Keys are overwritten where they lie on the disk.
    Exact,
    /// This browser has no private file system: keys are removed from its database, which may keep copies for a while.
    BestEffort,
}

/// A way to open a vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    Passphrase,
    Recovery,
    /// With what the browser needs to ask for it.
    Passkey {
        credential: Vec<u8>,
    },
    /// Passphrase and passkey together.
    Both {
        credential: Vec<u8>,
    },
}

#[derive(Serialize, Deserialize)]
pub enum Credential {
    Passphrase(String),
    /// As it was typed.
    Recovery(String),
    /// What the authenticator computed from [`VaultSeen::prf_salt`].
    Passkey {
        output: Vec<u8>,
    },
    Both {
        passphrase: String,
        output: Vec<u8>,
    },
}

#[derive(Serialize, Deserialize)]
pub enum NewWay {
    /// In place of the passphrase that there was.
    Passphrase(String),
    /// In place of the code that there was; the answer is [`Answer::Code`].
    Recovery,
    Passkey {
        credential: Vec<u8>,
        output: Vec<u8>,
    },
    /// In place of the passphrase alone.
    Both {
        passphrase: String,
        credential: Vec<u8>,
        output: Vec<u8>,
    },
}

#[derive(Serialize, Deserialize)]
pub struct Unlocked {
    pub vault: Id,
    pub list: List,
    pub settings: Option<Vec<u8>>,
    pub clock: ClockSeen,
}

/// What is odd about this device's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockSeen {
    /// It stands before a time that was seen earlier; purging goes by the later one.
    pub back: bool,
    /// It stands so far ahead that nothing is purged until somebody has looked at it.
    pub held: bool,
}

#[derive(Serialize, Deserialize)]
pub struct List {
    pub cards: Vec<Card>,
    /// Notes that are here and cannot be opened.
    pub damaged: u32,
    /// Recordings that somebody must decide about.
    pub interrupted: Vec<Interrupted>,
}

/// A note on the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    pub note: Id,
    pub revision: u32,
    /// Of its last part; seconds since 1970.
    pub expires_at: u64,
    pub held: bool,
    /// The page's own summary.
    pub summary: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
pub struct Saving {
    pub note: Id,
    /// One more than the stored one; 1 for a new note.
    pub revision: u32,
    pub summary: Vec<u8>,
    /// Only those that changed.
    pub parts: Vec<Part>,
}

#[derive(Serialize, Deserialize)]
pub struct Opened {
    pub card: Card,
    pub parts: Vec<Part>,
    /// What was said does not open any more: altered, or damaged.
    pub damaged: bool,
    /// Its sound is kept; true when all its words are stored.
    pub sound: Option<bool>,
}

/// A part of a note with a retention of its own.
#[derive(Serialize, Deserialize)]
pub struct Part {
    pub class: Class,
    pub schema: u16,
    /// Seconds since 1970, a full hour.
    pub expires_at: u64,
    pub bytes: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Class {
    Note,
    Transcript,
    Audio,
    Consent,
}

/// The audit log, oldest first.
#[derive(Serialize, Deserialize)]
pub struct Log {
    pub rows: Vec<LogRow>,
    /// What the last check of all rows found: the one of the unlocking, until another was asked for.
    pub verdict: Option<Verdict>,
}

/// What has left the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packed {
    /// Records of a backup, or notes.
    pub count: u32,
    /// Those that do not open.
    pub left_out: u32,
}

/// What came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    pub notes: u32,
    /// Visits that are on the list already, word for word.
    pub here: u32,
    /// Records whose time is over.
    pub expired: u32,
    /// Records that belong to no note, and settings where this vault has its own.
    pub left_out: u32,
}

/// What a throw-away worker does.
#[derive(Serialize, Deserialize)]
pub enum Errand {
    /// Runs published test vectors in this very binary.
    Check {
        vectors: String,
    },
    Create {
        passphrase: String,
    },
    Unlock {
        header: Vec<u8>,
        with: Credential,
    },
    /// Every record of a version-1 vault.
    OpenVersion1 {
        header: Vec<u8>,
        passphrase: String,
        records: Vec<Vec<u8>>,
        now: u64,
    },
    /// The key of a backup.
    OpenBackup {
        header: Vec<u8>,
        with: Credential,
    },
    /// Another way to open the vault.
    Add {
        header: Vec<u8>,
        proof: Credential,
        way: NewWay,
    },
}

/// # Panics
/// Never: the messages hold no map, no borrowed data and no type that postcard refuses.
pub fn encode<T: Serialize>(message: &T) -> Vec<u8> {
    postcard::to_stdvec(message).expect("protocol messages are plain data")
}

/// Nothing for bytes that are no such message, or more than one.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    match postcard::take_from_bytes(bytes) {
        Ok((message, [])) => Some(message),
        Ok(_) | Err(_) => None,
    }
}
