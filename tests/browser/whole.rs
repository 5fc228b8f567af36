//! A visit from its first moment to its last trace, by hand, on a phone and at a desk.

use std::time::Duration;

use serde_json::json;

use crate::chrome::{Chrome, Gpu, Microphone, wait_until};
use crate::clinician::{Clinician, EVENTUALLY, PASSPHRASE, SOON};
use crate::site::{Site, data};

/// The recording of 12.75 s, and time for the browser to begin and to end it.
const DICTATION: Duration = Duration::from_secs(15);

/// Whatever a note can be saved as: the button, and how its file ends.
const FORMS: [(&str, &str); 9] = [
    ("download-note", ".txt"),
    ("download-docx", ".docx"),
    ("download-rtf", ".rtf"),
    ("download-md", ".md"),
    ("download-json", ".json"),
    ("download-fhir", ".documentreference.json"),
    ("download-bundle", ".bundle.json"),
    ("download-cda", ".ccda.xml"),
    ("download-cda-text", ".unstructured.ccda.xml"),
];

#[test]
fn the_whole_life_of_a_visit_on_a_phone() {
    lives(390, 844, true);
}

#[test]
fn the_whole_life_of_a_visit_at_a_desk() {
    lives(1440, 900, false);
}

fn lives(width: u32, height: u32, mobile: bool) {
    let site = Site::serve();
    let recording = data("dictation.wav");
    let chrome = Chrome::hearing(Gpu::None, &recording, &site.origin);
    let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile });
    chrome.devtools("Emulation.setDeviceMetricsOverride", size);
    // Who sets one permission by hand leaves the others refused; a person has this one from the start.
    let clipboard = json!({ "name": "clipboard-write" });
    let granted = json!({ "permission": clipboard, "setting": "granted", "origin": site.origin });
    chrome.devtools("Browser.setPermission", granted);
    let fits = |screen: &str| {
        let wide = chrome.script("return document.documentElement.scrollWidth", json!([]));
        assert!(
            wide.as_u64().is_some_and(|wide| wide <= width.into()),
            "{screen} is {wide} wide"
        );
    };

    let clinician = Clinician::begins(&chrome, &site.origin);
    fits("the list");
    clinician.presses("start-visit");
    clinician.chooses("consent-by", "The patient");
    clinician.presses("consent-spoken");
    clinician.is_told("consent-said", "agreed, spoken");
    fits("consent");
    clinician.types("visit-label", "Room 3");
    clinician.presses("record");
    clinician.sees("pause", SOON);
    fits("recording");
    std::thread::sleep(DICTATION);
    clinician.presses("stop");
    clinician.waits_for_note();
    fits("review");
    assert!(!clinician.transcript().is_empty());
    let (heading, _) = clinician.note().pop().expect("a note has sections");
    clinician.writes_section(&heading, "Seen and examined by me.");
    clinician.confirms();
    clinician.presses("copy-note");
    clinician.is_told("copy-note", "Copied");
    for (button, ending) in FORMS {
        clinician.presses("downloads");
        clinician.presses(button);
        let file = chrome.downloaded(ending, SOON);
        let bytes = std::fs::metadata(&file).map_or(0, |file| file.len());
        assert!(bytes > 100, "{button}: a file of {bytes} bytes");
        std::fs::remove_file(file).expect("the next form may end alike");
    }
    clinician.waits_for_save();

    clinician.presses("lock");
    clinician.sees("unlock", SOON);
    fits("the door");
    let shown = chrome.text("body").expect("a page");
    assert!(
        !shown.contains("Seen and examined") && !shown.contains("Room 3"),
        "{shown}"
    );
    clinician.unlocks(PASSPHRASE);
    clinician.sees("visit-row", SOON);
    let list = chrome.text("main").expect("a list");
    assert!(list.contains("Room 3") && list.contains("days left"), "{list}");

    // Forty days later its key is gone, once somebody has looked at the clock.
    let turn = "const real = Date.now; Date.now = () => real() + 40 * 86400 * 1000;";
    chrome.script(turn, json!([]));
    clinician.sees("unlock", SOON);
    clinician.unlocks(PASSPHRASE);
    clinician.presses("confirm-clock");
    wait_until("the visit to be over", SOON, || {
        clinician.does_not_see("visit-row").then_some(())
    });
    clinician.presses("settings");
    fits("settings");
    clinician.presses("go-audit");
    wait_until("the log to name its end", SOON, || {
        chrome
            .text("main")
            .filter(|log| log.contains("Copied") && log.contains("time was over"))
    });
    fits("the log");
    clinician.presses("settings");
    clinician.presses("erase");
    clinician.is_told("erase-scope", "only vault");
    clinician.types("erase-proof", PASSPHRASE);
    clinician.presses("confirm-erase");
    clinician.sees("create-vault", EVENTUALLY);
    fits("the first screen");
}

/// Milliseconds until there is something to press, when this device has the app already.
const UP_WITHIN: f64 = 1_500.0;

#[test]
fn a_page_that_is_kept_here_is_up_at_once() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    Clinician::begins(&chrome, &site.origin);
    let mut took = [f64::NAN; 5];
    for took in &mut took {
        Clinician::returns(&chrome, &site.origin);
        let up = chrome.script("return performance.getEntriesByName('up')[0].duration", json!([]));
        *took = up.as_f64().expect("milliseconds");
    }
    took.sort_by(f64::total_cmp);
    println!("something to press after {:.0} ms (median of 5)", took[2]);
    assert!(took[2] <= UP_WITHIN, "{took:?}");
}
