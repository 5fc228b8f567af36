//! What the browser, a file or the vault refuses, in words that say what to do next.

use language::{Locale, say};
use speech::bundle::NoBundle;
use vault::{Failure, Weakness};

use super::Told;
use crate::keeper::{Refusal, Trouble};
use crate::problem::{
    FileProblem, MOST_HOURS, MOST_MEGABYTES, MOST_MINUTES, MicProblem, ModelProblem, PasskeyProblem, StoreProblem,
};

impl Told for Trouble {
    fn told(&self, l: Locale) -> String {
        let told = match self {
            Trouble::Store(StoreProblem::Full) => say!(l, trouble.full),
            Trouble::Store(why @ (StoreProblem::Blocked | StoreProblem::Newer)) => return why.told(l),
            Trouble::Store(_) => say!(l, trouble.no_storage),
            Trouble::Refused(why) => return why.told(l),
            Trouble::Wrong(why) => return why.told(l),
            Trouble::Wait(seconds) => return say!(l, trouble.wait, seconds = *seconds),
            Trouble::Locked => say!(l, trouble.locked),
            Trouble::Stopped => say!(l, trouble.stopped),
        };
        told.to_owned()
    }
}

impl Told for Refusal {
    fn told(&self, l: Locale) -> String {
        let told = match self {
            Refusal::Vault(why) => return why.told(l),
            Refusal::Held => say!(l, trouble.under_hold),
            Refusal::SoundHeld => say!(l, trouble.sound_under_hold),
            Refusal::NoCertificate => say!(l, trouble.no_certificate),
            Refusal::ClaimsTooMuch => say!(l, trouble.claims_too_much),
            Refusal::ChangedMeanwhile => say!(l, trouble.changed_meanwhile),
            Refusal::LastWay => say!(l, trouble.last_way),
        };
        told.to_owned()
    }
}

impl Told for Failure {
    fn told(&self, l: Locale) -> String {
        let told = match self {
            Failure::WeakPassphrase { why } => return why.told(l),
            Failure::WrongPassphrase => say!(l, trouble.wrong_passphrase),
            Failure::WrongPasskey => say!(l, trouble.wrong_passkey),
            Failure::WrongCode => say!(l, trouble.wrong_code),
            Failure::MistypedCode => say!(l, trouble.mistyped_code),
            Failure::UnusablePasskey => say!(l, trouble.passkey_no_secret),
            Failure::TooManySlots => say!(l, trouble.too_many_slots),
            Failure::Worn => say!(l, trouble.worn),
            Failure::Damaged => say!(l, trouble.damaged),
            Failure::Expired => say!(l, trouble.expired),
            Failure::Gone => say!(l, trouble.gone),
            Failure::NotABackup => say!(l, trouble.not_a_backup),
            Failure::Unsupported => say!(l, trouble.unsupported),
            Failure::TooLarge => say!(l, trouble.too_large),
            Failure::Memory => say!(l, trouble.no_memory),
            Failure::Random => say!(l, trouble.no_random),
        };
        told.to_owned()
    }
}

impl Told for Weakness {
    fn told(&self, l: Locale) -> String {
        match *self {
            Weakness::Short { characters, needed } => {
                say!(l, trouble.passphrase_short, characters = characters, needed = needed)
            }
            Weakness::Long { limit } => say!(l, trouble.passphrase_long, limit = limit),
            Weakness::Common => say!(l, trouble.passphrase_common).to_owned(),
            Weakness::Predictable => say!(l, trouble.passphrase_predictable).to_owned(),
        }
    }
}

impl Told for StoreProblem {
    fn told(&self, l: Locale) -> String {
        let told = match self {
            StoreProblem::Full => say!(l, trouble.visit_no_space),
            StoreProblem::Conflict => say!(l, trouble.visit_conflict),
            StoreProblem::Unavailable => say!(l, trouble.visit_unavailable),
            StoreProblem::Blocked => say!(l, trouble.blocked),
            StoreProblem::Newer => say!(l, trouble.newer_stores),
            StoreProblem::TooLarge => say!(l, trouble.too_large),
            StoreProblem::NoRandom => say!(l, trouble.visit_no_random),
            StoreProblem::Locked => say!(l, trouble.visit_locked),
        };
        told.to_owned()
    }
}

impl Told for MicProblem {
    fn told(&self, l: Locale) -> String {
        let told = match self {
            MicProblem::Blocked => say!(l, trouble.mic_blocked),
            MicProblem::Missing => say!(l, trouble.mic_missing),
            MicProblem::InUse => say!(l, trouble.mic_in_use),
            MicProblem::Unavailable => say!(l, trouble.mic_unavailable),
            MicProblem::Format => say!(l, trouble.mic_format),
            MicProblem::Other => say!(l, trouble.mic_other),
        };
        told.to_owned()
    }
}

impl Told for FileProblem {
    fn told(&self, l: Locale) -> String {
        let told = match self {
            FileProblem::TooMuch => {
                return say!(
                    l,
                    trouble.too_much_sound,
                    hours = MOST_HOURS,
                    minutes = MOST_MINUTES,
                    megabytes = MOST_MEGABYTES
                );
            }
            FileProblem::NotAudio => say!(l, trouble.not_audio),
            FileProblem::TooLong => say!(l, trouble.file_too_long),
            FileProblem::NotText => say!(l, trouble.not_text),
            FileProblem::Unreadable => say!(l, trouble.file_unreadable),
            FileProblem::BrokeOff => say!(l, trouble.file_broke_off),
            FileProblem::SampleMissing => say!(l, trouble.sample_missing),
        };
        told.to_owned()
    }
}

impl Told for PasskeyProblem {
    fn told(&self, l: Locale) -> String {
        let told = match self {
            PasskeyProblem::Unavailable => say!(l, trouble.passkey_unavailable),
            PasskeyProblem::Refused => say!(l, trouble.passkey_refused),
            PasskeyProblem::NoSecret => say!(l, trouble.passkey_no_secret),
        };
        told.to_owned()
    }
}

impl Told for ModelProblem {
    fn told(&self, l: Locale) -> String {
        let told = match self {
            ModelProblem::NotAModel(why) => return why.told(l),
            ModelProblem::Altered { file } => return say!(l, trouble.model_altered, file = file.clone()),
            ModelProblem::Incomplete => say!(l, trouble.model_incomplete),
            ModelProblem::Unreadable => say!(l, trouble.model_unreadable),
            ModelProblem::NoSpace => say!(l, trouble.model_no_space),
            ModelProblem::NoStorage => say!(l, trouble.model_no_storage),
        };
        told.to_owned()
    }
}

impl Told for NoBundle {
    fn told(&self, l: Locale) -> String {
        let told = match self {
            NoBundle::Other => say!(l, trouble.no_bundle),
            NoBundle::Newer => say!(l, trouble.newer_bundle),
        };
        told.to_owned()
    }
}
