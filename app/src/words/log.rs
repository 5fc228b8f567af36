//! The rows of the audit log, and what a check of them found.

use language::{Locale, say};
use vault::audit::{Event as AuditEvent, Verdict};

use super::{Told, timer};
use crate::consent::How;

/// The number with which the audit log says that sound was saved as a file, and not a note.
pub const SOUND_EXPORTED: u32 = 1;

/// An entry of the audit log, with its number where that says more.
pub fn audit(l: Locale, event: AuditEvent, detail: u32) -> String {
    let minutes = |seconds: u32| timer(f64::from(seconds));
    let told = match event {
        AuditEvent::VaultCreated => say!(l, log.created_vault),
        AuditEvent::Unlocked => say!(l, log.unlocked),
        AuditEvent::UnlockFailed => say!(l, log.unlock_failed),
        AuditEvent::Locked => match detail {
            0 => say!(l, log.locked_by_hand),
            1 => say!(l, log.locked_idle),
            2 => say!(l, log.locked_longest),
            _ => say!(l, log.locked_hidden),
        },
        AuditEvent::UnlockAdded => say!(l, log.unlock_added),
        AuditEvent::UnlockRemoved => say!(l, log.unlock_removed),
        AuditEvent::PassphraseChanged => say!(l, log.passphrase_changed),
        AuditEvent::KeyRotated => say!(l, log.key_rotated),
        AuditEvent::Migrated => return say!(l, log.migrated, count = detail),
        AuditEvent::ConsentGiven if detail == How::Written as u32 => say!(l, log.consent_written),
        AuditEvent::ConsentGiven => say!(l, log.consent_spoken),
        AuditEvent::ConsentWithdrawn if detail == How::Declined as u32 => say!(l, log.consent_declined),
        AuditEvent::ConsentWithdrawn => say!(l, log.consent_withdrawn),
        AuditEvent::RecordingStarted => say!(l, log.recording_started),
        AuditEvent::RecordingPaused => say!(l, log.recording_paused),
        AuditEvent::RecordingResumed => say!(l, log.recording_resumed),
        AuditEvent::RecordingStopped => return say!(l, log.recording_stopped, time = minutes(detail)),
        AuditEvent::RecordingRecovered => return say!(l, log.recording_recovered, time = minutes(detail)),
        AuditEvent::RecordingDiscarded => say!(l, log.recording_discarded),
        AuditEvent::FileImported => return say!(l, log.file_imported, time = minutes(detail)),
        AuditEvent::Created => say!(l, log.visit_begun),
        AuditEvent::Drafted => say!(l, log.drafted),
        AuditEvent::Viewed => say!(l, log.viewed),
        AuditEvent::Edited => return say!(l, log.edited, count = detail),
        AuditEvent::Attested => say!(l, log.attested),
        AuditEvent::Amended => say!(l, log.amended),
        AuditEvent::Copied => say!(l, log.copied),
        AuditEvent::Printed => say!(l, log.printed),
        AuditEvent::Exported => match detail {
            SOUND_EXPORTED => say!(l, log.sound_exported),
            2 => say!(l, log.all_exported),
            _ => say!(l, log.exported),
        },
        AuditEvent::BackedUp => return say!(l, log.backed_up, count = detail),
        AuditEvent::Restored => return say!(l, log.restored, count = detail),
        AuditEvent::AuditExported => return say!(l, log.log_exported, count = detail),
        AuditEvent::Purged => say!(l, log.purged),
        AuditEvent::Deleted => say!(l, log.deleted),
        AuditEvent::ExpiryChanged => say!(l, log.expiry_changed),
        AuditEvent::HoldSet => say!(l, log.hold_set),
        AuditEvent::HoldLifted => say!(l, log.hold_lifted),
        AuditEvent::DeletionCertified => return say!(l, log.certified, count = detail),
        AuditEvent::AuditPruned => return say!(l, log.pruned, count = detail),
        AuditEvent::SettingsChanged => say!(l, log.settings_changed),
        AuditEvent::ModelLoaded => say!(l, log.model_loaded),
        AuditEvent::Updated => say!(l, log.updated),
        AuditEvent::IntegrityFailed => say!(l, log.integrity_failed),
        AuditEvent::AuditBroken => return say!(l, log.log_broken, count = detail),
        AuditEvent::ClockBack => return say!(l, log.clock_back, count = detail),
        AuditEvent::ClockAhead => return say!(l, log.clock_ahead, count = detail),
        AuditEvent::ClockConfirmed => say!(l, log.clock_confirmed),
        AuditEvent::RolledBack => say!(l, log.rolled_back),
    };
    told.to_owned()
}

impl Told for Verdict {
    fn told(&self, l: Locale) -> String {
        match *self {
            Verdict::Intact { rows: 0 } => say!(l, log.intact_empty).to_owned(),
            Verdict::Intact { rows } => say!(l, log.intact, count = rows),
            Verdict::Broken { number } => say!(l, log.broken, count = number),
            Verdict::Short { number } => say!(l, log.short, count = number),
            Verdict::Long { number } => say!(l, log.long, count = number),
        }
    }
}
