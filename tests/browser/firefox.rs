//! The flow in another browser: Firefox without a GPU, on a host that sends no header.

use serde_json::json;

use crate::chrome::{Chrome, wait_until};
use crate::clinician::{Clinician, EVENTUALLY, PASSPHRASE, SOON};
use crate::decoy::Decoy;
use crate::scratch::Scratch;
use crate::site::{Site, data, native_text};

/// What Firefox refuses of the thirteen that the page tries: all, but a link's ping, which it never sends.
const REFUSED: usize = 12;

#[test]
fn firefox_goes_from_a_recording_to_a_note_and_keeps_the_seal() {
    let copy = Scratch::new("firefox");
    let mut site = Site::serve_bare(copy.path(), |_| ());
    let firefox = Chrome::firefox();
    let clinician = Clinician::begins(&firefox, &site.address);
    clinician.reads_status("CPU", EVENTUALLY);
    clinician.reads_status("works without a network", EVENTUALLY);

    // From here on there is no server.
    site.kill();
    let recording = data("dictation.wav");
    clinician.opens_audio(&recording);
    clinician.waits_for_note();
    assert_eq!(clinician.transcript(), native_text(&recording));
    clinician.confirms();
    let file = clinician.downloads_note();
    assert!(
        clinician
            .note()
            .iter()
            .all(|(heading, _)| file.contains(&heading.to_uppercase()))
    );
    clinician.waits_for_save();

    let clinician = Clinician::returns(&firefox, &site.address);
    clinician.unlocks(PASSPHRASE);
    clinician.sees("visit-row", SOON);

    let decoy = Decoy::open();
    firefox.goto(&format!("{}prove.html", site.address));
    wait_until("the page to be sealed", SOON, || {
        firefox.text("#sealed").filter(|text| text.contains("yes"))
    });
    firefox.fill("#target", &decoy.origin);
    firefox.click("#run");
    wait_until("every way to be tried", SOON, || {
        firefox.text("#done").filter(|text| text.contains("Done"))
    });
    let refused =
        "return [...document.querySelectorAll('#results tr')].filter(row => row.innerText.includes('refused:')).length";
    assert_eq!(firefox.script(refused, json!([])), json!(REFUSED));
    assert_eq!(decoy.seen(), Vec::<String>::new(), "reached the other origin");
}
