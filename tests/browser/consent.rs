//! Before the microphone opens: the law of where everybody is, and a patient who does not want to be recorded.

use serde_json::json;

use crate::chrome::{Chrome, Gpu, Microphone};
use crate::clinician::{Clinician, SOON};
use crate::site::Site;

#[test]
fn the_stricter_law_is_told_and_who_declines_is_not_recorded() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.presses("start-visit");
    clinician.is_told("consent-script", "artificial intelligence");
    clinician.is_told("consent-law", "Choose where you both are");
    clinician.chooses("consent-patient", "TX");
    clinician.chooses("consent-clinician", "CA");
    let law = clinician.is_told("consent-law", "everyone who is recorded must agree: California");
    assert!(
        law.contains("Cal. Penal Code § 632") && law.contains("not legal advice"),
        "{law}"
    );
    clinician.presses("consent-declined");
    clinician.is_told("consent-said", "The patient declined");
    clinician.is_told("begin", "press Dictate");
    clinician.presses("consent-again");
    clinician.presses("consent-spoken");
    clinician.is_told("consent-said", "The patient agreed, spoken");
    clinician.is_told("begin", "then press Record");
    clinician.waits_for_save();
    clinician.presses("close-visit");

    // The next visit begins where the last one was.
    clinician.presses("start-visit");
    clinician.is_told("consent-law", "everyone who is recorded must agree: California");
    clinician.presses("close-visit");

    // A clinic's own line counts, and one that cannot be read changes nothing.
    clinician.presses("settings");
    clinician.presses("go-laws");
    clinician.is_told("laws", "Wash. Rev. Code § 9.73.030");
    let writes = |line: &str| {
        chrome.script(
            "const area = document.querySelector('[data-test=laws-own]');
             area.value = arguments[0];
             area.dispatchEvent(new Event('change', { bubbles: true }));",
            json!([line]),
        );
    };
    writes("TX Texas | maybe | Our counsel, § 1");
    clinician.is_told("laws-mistake", "This line cannot be read");
    writes("TX Texas | all | Our counsel, § 1");
    clinician.is_told("laws", "Texas (your own line)");
    clinician.presses("back");
    clinician.presses("start-visit");
    clinician.sees("consent-law", SOON);
    clinician.chooses("consent-clinician", "TX");
    clinician.is_told("consent-law", "Texas, Our counsel, § 1; your own line.");
}
