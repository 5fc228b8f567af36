//! From the microphone to the pasted note, three times: on a GPU, on the CPU, and without a server.

use std::time::{Duration, Instant};

use model_wasm::word_errors;
use serde_json::json;

use crate::chrome::{Chrome, Gpu, Microphone, Permission};
use crate::clinician::{Clinician, EVENTUALLY, PASSPHRASE, SOON};
use crate::decoy::Decoy;
use crate::residue::{Traces, indexed_db};
use crate::site::{Site, data, native_text};

/// The recording of 12.75 s, and time for the browser to begin and to end it.
const DICTATION: Duration = Duration::from_secs(15);

/// Two seconds are promised; twice that on a machine that does other things too.
const SECOND_LOAD: Duration = Duration::from_secs(4);

/// Wrong words in a hundred that the demonstration model may hear in this recording.
const WORST: usize = 15;

const EDIT: &str = "Seen and examined by me.";

#[test]
fn dictation_becomes_a_note_on_a_gpu() {
    let site = Site::serve();
    let recording = data("dictation.wav");
    let chrome = Chrome::hearing(Gpu::SwiftShader, &recording, &site.origin);
    let clinician = Clinician::begins(&chrome, &format!("{}/?backend=webgpu", site.origin));
    clinician.reads_status("GPU", EVENTUALLY);
    dictation_becomes_a_note(chrome, &site);
}

#[test]
fn dictation_becomes_a_note_without_a_gpu() {
    let site = Site::serve();
    let recording = data("dictation.wav");
    let chrome = Chrome::hearing(Gpu::None, &recording, &site.origin);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.reads_status("CPU", EVENTUALLY);
    clinician.is_told("fallback", "so Sotto uses the CPU");
    dictation_becomes_a_note(chrome, &site);
}

#[test]
fn the_second_load_needs_no_server() {
    let mut site = Site::serve();
    let recording = data("dictation.wav");
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.reads_status("works without a network", EVENTUALLY);
    clinician.reads_status("CPU", EVENTUALLY);
    let remains = chrome.quit();

    site.kill();
    // In the dead server's place stands one that only counts.
    let counting = Decoy::at(site.origin["http://".len()..].parse().expect("an address and a port"));
    let chrome = remains.launch_again(Gpu::None, Microphone::Plays(&recording));
    chrome.set_microphone_permission(&site.origin, Permission::Granted);
    let begun = Instant::now();
    let clinician = Clinician::returns(&chrome, &site.origin);
    let took = begun.elapsed();
    println!("The second load took {took:?} without a server");
    assert!(took <= SECOND_LOAD, "the second load took {took:?}");
    clinician.unlocks(PASSPHRASE);
    clinician.reads_status("CPU", EVENTUALLY);
    let text = dictate_and_review(&clinician);
    assert!(clinician.downloads_note().contains(EDIT));
    Traces::of(&text).are_absent_from("IndexedDB", &indexed_db(&chrome));
    let tally = chrome.script("return (await fetch('tally.json')).json()", json!([]));
    assert_eq!((&tally["asked"], &tally["refused"]), (&json!([]), &json!(0)));
    // The browser itself looks for a newer service worker; nothing else is asked for.
    let came = counting.seen();
    println!("What came to the dead server: {came:?}");
    // Browsers open a connection ahead of time, and then ask for nothing.
    let others = came
        .iter()
        .filter(|came| *came != "/sw.js" && *came != "connection")
        .count();
    assert_eq!(others, 0, "a dead server was reached by {came:?}");
    let asked = chrome.quit().requests_from(&site.origin);
    let others: Vec<&String> = asked.iter().filter(|url| !url.ends_with("/sw.js")).collect();
    assert!(others.is_empty(), "asked a dead server for {others:?}");
}

/// The flow from an unlocked page on, with everything that must hold before, during and after it.
fn dictation_becomes_a_note(chrome: Chrome, site: &Site) {
    let clinician = Clinician::at(&chrome);
    let text = dictate_and_review(&clinician);
    let traces = Traces::of(&text);

    let file = clinician.downloads_note();
    let note = clinician.note();
    for (heading, section) in &note {
        assert!(
            file.contains(&heading.to_uppercase()),
            "the file lacks the heading {heading}"
        );
        assert!(
            section.lines().all(|line| file.contains(line)),
            "the file lacks a line of {heading}"
        );
    }
    clinician.waits_for_save();
    traces.are_absent_from("IndexedDB", &indexed_db(&chrome));

    chrome.reload();
    clinician.sees("unlock", SOON);
    clinician.unlocks("seven quiet herons over the moor");
    clinician.is_told("unlock-error", "assphrase");
    assert!(clinician.does_not_see("visit-row") && clinician.does_not_see("note-section"));
    clinician.unlocks(PASSPHRASE);
    clinician.presses("visit-row");
    clinician.sees("note-section", SOON);
    assert_eq!(clinician.note(), note);
    assert_eq!(clinician.transcript(), text);

    for line in chrome.console() {
        traces.are_absent_from("The console", line.as_bytes());
    }
    for path in site.requests() {
        traces.are_absent_from("A request", path.as_bytes());
    }
    let remains = chrome.quit();
    traces.are_absent_below(&remains.profile());
    let asked = remains.requests_from(&site.origin);
    assert!(
        asked.iter().any(|url| url.ends_with("speech-worker_bg.wasm")),
        "the log shows what the workers ask for"
    );
    let elsewhere: Vec<&String> = asked
        .iter()
        .filter(|url| !url.starts_with(&site.origin) && !url.starts_with("blob:"))
        .collect();
    assert!(elsewhere.is_empty(), "requests left the origin: {elsewhere:?}");
}

/// Records, corrects and confirms; gives back the transcript, which is the reference's for the same audio.
fn dictate_and_review(clinician: &Clinician<'_>) -> String {
    clinician.dictates(DICTATION);
    clinician.waits_for_note();
    let text = clinician.transcript();
    // What was recorded differs from the file that was played in its first milliseconds; what was saved does not.
    assert_eq!(text, native_text(&clinician.saves_audio()));
    let spoken = std::fs::read_to_string(data("dictation.txt")).expect("the words of the recording are text");
    let compared = word_errors::count(&spoken, &text);
    assert!(compared.errors * 100 <= compared.words * WORST, "{compared:?}");

    let (heading, _) = clinician.note().pop().expect("a note has sections");
    clinician.writes_section(&heading, EDIT);
    assert!(
        ["copy-note", "downloads", "print-note", "copy-section"]
            .iter()
            .all(|way| clinician.does_not_see(way)),
        "handed over unreviewed"
    );
    clinician.confirms();
    assert!(clinician.can_press("copy-note"));
    text
}
