//! What happened while somebody worked, and what to do about it.

use language::{Locale, say};
use vault::Failure;

use super::Told;
use crate::session::Notice;

impl Told for Notice {
    fn told(&self, l: Locale) -> String {
        let told = match self {
            Notice::Microphone(why) => return why.told(l),
            Notice::File(why) => return why.told(l),
            Notice::NotSaved(why) => return why.told(l),
            Notice::LeavingLoses(why) => return say!(l, notice.leaving_loses, why = why.told(l)),
            Notice::NotOpened(why) | Notice::NotHeld(why) | Notice::ClockNotConfirmed(why) => return why.told(l),
            Notice::NotRecovered(why) => return say!(l, notice.not_recovered, why = why.told(l)),
            Notice::NotDiscarded(why) => return say!(l, notice.not_discarded, why = why.told(l)),
            Notice::NoRandom => return Failure::Random.told(l),
            Notice::Unplugged => say!(l, notice.unplugged),
            Notice::WordsDamaged => say!(l, notice.words_damaged),
            Notice::NotDeleted(_) => say!(l, notice.not_deleted),
            Notice::ShutElsewhere => say!(l, notice.shut_elsewhere),
            Notice::ClockBack => say!(l, notice.clock_back),
            Notice::PurgeHeld => say!(l, notice.purge_held),
            Notice::StillRecording => say!(l, notice.still_recording),
            Notice::StillTranscribing => say!(l, notice.still_transcribing),
            Notice::WordsMissing => say!(l, notice.words_missing),
            Notice::MayLackItsEnd => say!(l, notice.may_lack_end),
            Notice::Expired => say!(l, notice.expired),
            Notice::Deleted => say!(l, notice.deleted),
            Notice::NotCopied => say!(l, notice.not_copied),
            Notice::NoWriter => say!(l, notice.no_writer),
            Notice::OtherTabs => say!(l, notice.other_tabs),
            Notice::NotStarted => say!(l, notice.not_started),
        };
        told.to_owned()
    }
}
