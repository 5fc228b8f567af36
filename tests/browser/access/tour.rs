//! The way through every screen of the app and every page beside it.

use language::{Locale, say, tag};
use serde_json::json;

use crate::chrome::{Chrome, Gpu, wait_until};
use crate::clinician::{Clinician, EVENTUALLY, PASSPHRASE, SOON};
use crate::site::{Site, data};

pub const PHONE: (u32, u32) = (390, 844);
pub const TABLET: (u32, u32) = (820, 1180);
pub const DESKTOP: (u32, u32) = (1440, 900);

/// The pages beside the app.
const PAPERS: [&str; 8] = [
    "prove",
    "answers",
    "notice",
    "checklist",
    "risk",
    "guide",
    "lost",
    "erased",
];

/// Goes through all of them in this language with the microphone open once, and calls back on each with its name. The window
/// is the callee's to change.
pub fn tour(l: Locale, mut at: impl FnMut(&Chrome, &str)) {
    let site = Site::serve();
    let chrome = Chrome::hearing(Gpu::None, &data("dictation.wav"), &site.origin);
    chrome.resize(DESKTOP);
    chrome.open_app(&site.origin);
    let clinician = Clinician::at(&chrome);
    let mut sees = |name: &str, what: &str| {
        clinician.sees(what, SOON);
        at(&chrome, name);
    };
    clinician.chooses("language", tag(l));
    sees("first-run", "create-vault");
    clinician.creates_vault();
    sees("visits-empty", "start-visit");
    chrome.script("document.getElementById('keys').showModal()", json!([]));
    sees("keys", "start-visit");
    chrome.script("document.getElementById('keys').close()", json!([]));

    clinician.presses("start-visit");
    sees("consent", "record");
    clinician.presses("consent-spoken");
    let noted = say!(l, consent.noted_spoken, who = "", time = "");
    clinician.is_told(
        "consent-said",
        noted.rsplit(' ').next().expect("a sentence ends with a word"),
    );
    clinician.presses("record");
    wait_until("words on the screen", EVENTUALLY, || {
        (clinician.transcript().len() > 20).then_some(())
    });
    sees("recording", "stop");
    clinician.presses("pause");
    sees("paused", "resume");
    clinician.presses("stop");
    clinician.waits_for_note();
    clinician.reads_status(say!(l, status.saved), SOON);
    clinician.presses("close-visit");

    clinician.opens_transcript(&data("visit.txt"));
    clinician.waits_for_note();
    clinician.types("visit-label", "Room 3");
    // A dose that nobody said, to be flagged.
    clinician.writes_section(
        "Plan",
        "Albuterol inhaler 2 puffs every 4 hours as needed.\nLisinopril 40 mg daily, basic metabolic panel.\nReferral to \
         pulmonology, follow-up in 2 weeks.",
    );
    clinician.sees("resolve-flag", SOON);
    sees("review", "confirm-review");
    chrome.resize(PHONE);
    clinician.presses("tab-transcript");
    sees("transcript", "confirm-review");
    chrome.resize(PHONE);
    clinician.presses("tab-note");
    chrome.resize(DESKTOP);
    chrome.script(
        "document.querySelector('[data-test=tasks]').scrollIntoView({ block: 'center' })",
        json!([]),
    );
    clinician.presses("tasks");
    clinician.presses("codes");
    sees("suggestions", "code-query");
    clinician.confirms();
    sees("confirmed", "copy-note");
    clinician.presses("downloads");
    sees("exports", "download-note");
    clinician.presses("deidentify");
    sees("fewer-identifiers", "fewer-save");
    clinician.presses("fewer-close");
    clinician.presses("close-visit");
    sees("visits", "visit-row");
    clinician.presses("delete-visit");
    sees("deleting", "confirm-delete");
    clinician.presses("keep-visit");

    for (name, door, sign) in [
        ("templates", "go-templates", "template-text"),
        ("models", "go-models", "model-in-use"),
        ("vocabulary", "go-vocabulary", "list-add"),
        ("laws", "go-laws", "laws"),
        ("audit", "go-audit", "audit-row"),
    ] {
        clinician.presses("settings");
        clinician.presses(door);
        sees(name, sign);
        clinician.presses("back");
    }
    clinician.presses("settings");
    sees("settings", "handover-proof");
    clinician.types("proof", PASSPHRASE);
    clinician.presses("make-code");
    clinician.sees("recovery-typed", SOON);
    clinician.presses("erase");
    sees("recovery-and-erase", "erase-proof");
    clinician.presses("lock");
    sees("unlock", "unlock");
    clinician.unlocks("another passphrase");
    clinician.is_told("unlock-error", say!(l, trouble.wrong_passphrase));
    sees("refused", "unlock");
    for page in PAPERS {
        let file = match l {
            Locale::en => format!("{page}.html"),
            Locale::es | Locale::de => format!("{page}.{}.html", tag(l)),
        };
        chrome.goto(&format!("{}/{file}", site.origin));
        at(&chrome, page);
    }
}
