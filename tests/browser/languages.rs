//! The interface in the clinician's language: the browser's own until they choose, and theirs from then on.

use language::{Locale, say};
use serde_json::json;

use crate::chrome::{Chrome, Gpu};
use crate::clinician::{Clinician, PASSPHRASE, SOON};
use crate::site::{Site, data};

#[test]
fn the_page_speaks_as_the_browser_does_until_somebody_chooses() {
    let site = Site::serve();
    let chrome = Chrome::launch_with(Gpu::None, "--accept-lang=de-AT,en");
    chrome.open_app(&site.origin);
    let clinician = Clinician::at(&chrome);
    clinician.is_told("create-vault", say!(Locale::de, door.create));
    assert_eq!(spoken(&chrome), "de");

    // Chosen at the door, before there is a vault to remember it in.
    clinician.chooses("language", "es");
    clinician.is_told("create-vault", say!(Locale::es, door.create));
    clinician.creates_vault();
    clinician.is_told("start-visit", say!(Locale::es, visits.start));
    clinician.opens_transcript(&data("visit.txt"));
    clinician.waits_for_note();
    clinician.reads_status(say!(Locale::es, status.saved), SOON);

    let written = chrome.script(
        "return document.querySelector('[data-test=note-section]').lang",
        json!([]),
    );
    assert_eq!(written, "en", "a note is English, in whatever language the page is");

    // Another start is the browser's again, until the vault that remembers is open.
    chrome.open_app(&site.origin);
    clinician.is_told("unlock", say!(Locale::de, door.unlock));
    clinician.unlocks(PASSPHRASE);
    clinician.is_told("start-visit", say!(Locale::es, visits.start));
    assert_eq!(spoken(&chrome), "es");

    // A day is written as the language writes it.
    let day = chrome.text("main.visits h2").unwrap_or_default();
    assert!(day.contains(" de "), "{day}");

    // Chosen in the settings; another tab's or a later start's business, and that of the lock.
    clinician.presses("settings");
    clinician.chooses("language", "de");
    clinician.is_told("go-audit", say!(Locale::de, settings.audit));
    clinician.presses("lock");
    clinician.is_told("unlock", say!(Locale::de, door.unlock));
    clinician.unlocks("another passphrase");
    clinician.is_told("unlock-error", say!(Locale::de, trouble.wrong_passphrase));
    assert_eq!(spoken(&chrome), "de");
}

/// The language that the page declares, to screen readers and to the browser.
fn spoken(chrome: &Chrome) -> String {
    let declared = chrome.script("return document.documentElement.lang", json!([]));
    declared.as_str().expect("a tag").to_owned()
}
