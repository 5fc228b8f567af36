/// What the audit log knows. The number is what is stored, so it never changes; a new event gets a new number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u16)]
pub enum Event {
    /// The vault was made.
    VaultCreated = 1,
    /// Opened; detail: the slot's [`crate::header::Kind`].
    Unlocked = 2,
    /// A wrong passphrase, passkey or code; detail: the slot's kind.
    UnlockFailed = 3,
    /// Closed; detail: 0 by hand, 1 idle, 2 after the longest session, 3 hidden or frozen.
    Locked = 4,
    /// A way to unlock was added; detail: its kind.
    UnlockAdded = 5,
    /// A way to unlock was removed; detail: its kind.
    UnlockRemoved = 6,
    /// The passphrase was changed.
    PassphraseChanged = 7,
    /// The vault key was exchanged; detail: its generation.
    KeyRotated = 8,
    /// An older vault was taken over; detail: records.
    Migrated = 9,
    /// The patient consented.
    ConsentGiven = 10,
    /// The patient withdrew.
    ConsentWithdrawn = 11,
    /// Recording began.
    RecordingStarted = 20,
    /// Recording paused.
    RecordingPaused = 21,
    /// Recording went on.
    RecordingResumed = 22,
    /// Recording ended; detail: seconds.
    RecordingStopped = 23,
    /// An interrupted recording was found and kept; detail: seconds.
    RecordingRecovered = 24,
    /// A recording was discarded.
    RecordingDiscarded = 25,
    /// A sound file was opened; detail: seconds.
    FileImported = 26,
    /// A visit was made.
    Created = 30,
    /// A note was drafted from the transcript.
    Drafted = 31,
    /// A note or transcript was shown.
    Viewed = 32,
    /// A note or transcript was edited; detail: revision.
    Edited = 33,
    /// The clinician attested the note; detail: revision.
    Attested = 34,
    /// A change after attestation; detail: revision.
    Amended = 35,
    /// Copied to the clipboard.
    Copied = 40,
    /// Printed.
    Printed = 41,
    /// Saved as a file; detail: the format, the caller's number.
    Exported = 42,
    /// A backup was made; detail: records.
    BackedUp = 43,
    /// A backup was restored; detail: records.
    Restored = 44,
    /// The audit log itself was exported; detail: rows.
    AuditExported = 45,
    /// Destroyed because its time was over.
    Purged = 50,
    /// Destroyed by hand.
    Deleted = 51,
    /// The date of expiry was changed.
    ExpiryChanged = 52,
    /// Put under legal hold.
    HoldSet = 53,
    /// Legal hold was lifted.
    HoldLifted = 54,
    /// A certificate of deletion was made; detail: records.
    DeletionCertified = 55,
    /// Rows older than the log's own time were removed; detail: how many.
    AuditPruned = 56,
    /// Settings were changed; detail: the caller's number.
    SettingsChanged = 60,
    /// The speech model was loaded; detail: the caller's number.
    ModelLoaded = 61,
    /// The app was updated.
    Updated = 62,
    /// Stored bytes were altered or damaged.
    IntegrityFailed = 70,
    /// The audit log did not verify; detail: the row.
    AuditBroken = 71,
    /// The clock was set back; detail: minutes.
    ClockBack = 72,
    /// The clock jumped ahead; detail: days.
    ClockAhead = 73,
    /// The clinician confirmed the clock.
    ClockConfirmed = 74,
    /// An older state of the keyring or header was put back.
    RolledBack = 75,
}

impl Event {
    /// All of them, in the order of their numbers.
    pub const ALL: [Event; 46] = [
        Event::VaultCreated,
        Event::Unlocked,
        Event::UnlockFailed,
        Event::Locked,
        Event::UnlockAdded,
        Event::UnlockRemoved,
        Event::PassphraseChanged,
        Event::KeyRotated,
        Event::Migrated,
        Event::ConsentGiven,
        Event::ConsentWithdrawn,
        Event::RecordingStarted,
        Event::RecordingPaused,
        Event::RecordingResumed,
        Event::RecordingStopped,
        Event::RecordingRecovered,
        Event::RecordingDiscarded,
        Event::FileImported,
        Event::Created,
        Event::Drafted,
        Event::Viewed,
        Event::Edited,
        Event::Attested,
        Event::Amended,
        Event::Copied,
        Event::Printed,
        Event::Exported,
        Event::BackedUp,
        Event::Restored,
        Event::AuditExported,
        Event::Purged,
        Event::Deleted,
        Event::ExpiryChanged,
        Event::HoldSet,
        Event::HoldLifted,
        Event::DeletionCertified,
        Event::AuditPruned,
        Event::SettingsChanged,
        Event::ModelLoaded,
        Event::Updated,
        Event::IntegrityFailed,
        Event::AuditBroken,
        Event::ClockBack,
        Event::ClockAhead,
        Event::ClockConfirmed,
        Event::RolledBack,
    ];

    pub(super) fn from_number(number: u16) -> Option<Event> {
        Event::ALL.into_iter().find(|event| *event as u16 == number)
    }

    /// Its name in an export, which never changes: lower case and dashes.
    pub fn name(self) -> String {
        let mut name = String::new();
        for letter in format!("{self:?}").chars() {
            if letter.is_ascii_uppercase() && !name.is_empty() {
                name.push('-');
            }
            name.push(letter.to_ascii_lowercase());
        }
        name
    }
}
