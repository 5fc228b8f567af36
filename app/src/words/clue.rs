//! What gave an identifier away, for whoever checks a copy with fewer of them.

use export::Clue;
use language::{Locale, say};

use super::Told;

impl Told for Clue {
    fn told(&self, l: Locale) -> String {
        let told = match self {
            Clue::Old => say!(l, clue.tells_old_age),
            Clue::Ages => say!(l, clue.ages),
            Clue::Day => say!(l, clue.day),
            Clue::Title => say!(l, clue.title),
            Clue::Introduced => say!(l, clue.introduced),
            Clue::Relative => say!(l, clue.relative),
            Clue::GivenName => say!(l, clue.given_name),
            Clue::Again => say!(l, clue.again),
            Clue::WebAddress => say!(l, clue.web_address),
            Clue::EmailAddress => say!(l, clue.email_address),
            Clue::NetworkAddress => say!(l, clue.network_address),
            Clue::HardwareAddress => say!(l, clue.hardware_address),
            Clue::EmailSpoken => say!(l, clue.email_spoken),
            Clue::Telephone => say!(l, clue.telephone),
            Clue::SocialSecurity => say!(l, clue.social_security),
            Clue::Vehicle => say!(l, clue.vehicle),
            Clue::LongNumber => say!(l, clue.long_number),
            Clue::Biometric => say!(l, clue.biometric),
            Clue::Picture => say!(l, clue.picture),
            Clue::Street => say!(l, clue.street),
            Clue::ZipCode => say!(l, clue.zip_code),
            Clue::Institution => say!(l, clue.institution),
            Clue::State => say!(l, clue.state),
            Clue::LivesThere => say!(l, clue.lives_there),
            Clue::WorksThere => say!(l, clue.works_there),
            Clue::Named => say!(l, clue.named),
        };
        told.to_owned()
    }
}
