//! A word that the model misses is written once it is on a list, and missed again when the list is off: without a reload, and
//! whatever somebody writes into a list.

use std::time::Duration;

use serde_json::json;

use crate::chrome::{Chrome, Gpu, Microphone, wait_until};
use crate::clinician::{Clinician, EVENTUALLY, SOON};
use crate::scratch::Scratch;
use crate::site::{Site, data};

/// Said in tests/data/listed.wav.
const WORD: &str = "walton";

#[test]
fn a_listed_word_is_written_until_its_list_is_off() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.reads_status("CPU", EVENTUALLY);
    chrome.script("window.sameLoad = true", json!([]));
    let hears = || {
        clinician.opens_audio(&data("listed.wav"));
        clinician.waits_for_note();
        let heard = clinician.transcript().to_lowercase();
        clinician.waits_for_save();
        clinician.presses("close-visit");
        println!("{heard}");
        heard.contains(WORD)
    };
    assert!(!hears(), "the model hears it without a list");

    goes_to_vocabulary(&clinician);
    clinician.presses("list-add");
    clinician.sees("list-text", SOON);
    clinician.chooses("list-text", &format!("# for the test\n{WORD}\n{WORD}"));
    clinician.is_told("expecting", "listens for 1 word.");
    clinician.presses("back");
    assert!(hears(), "the list is on");

    goes_to_vocabulary(&clinician);
    clinician.presses("list-on");
    clinician.is_told("expecting", "listens for 0 words");
    clinician.presses("back");
    assert!(!hears(), "the list is off");

    // In one visit alone.
    clinician.presses("start-visit");
    clinician.sees("visit-words", SOON);
    clinician.chooses("visit-words", WORD);
    chrome.choose_file("[data-test=open-file]", &data("listed.wav"));
    clinician.waits_for_note();
    assert!(
        clinician.transcript().to_lowercase().contains(WORD),
        "the visit has its own words"
    );
    clinician.waits_for_save();
    clinician.presses("close-visit");
    assert!(!hears(), "and they end with it");
    assert_eq!(
        chrome.script("return window.sameLoad", json!([])),
        true,
        "the page was loaded again"
    );
}

#[test]
fn a_list_that_is_none_says_so_and_the_recording_goes_on() {
    let site = Site::serve();
    let recording = data("dictation.wav");
    let chrome = Chrome::hearing(Gpu::None, &recording, &site.origin);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.reads_status("CPU", EVENTUALLY);

    goes_to_vocabulary(&clinician);
    let scratch = Scratch::new("lists");
    let file = |name: &str, bytes: &[u8]| {
        let path = scratch.path().join(name);
        std::fs::write(&path, bytes).expect("the temporary folder can be written");
        chrome.choose_file("[data-test=list-file]", &path);
    };
    file("bell.txt", b"warfarin\nbell\x07");
    clinician.is_told("list-refused", "bell.txt: Line 2");
    file("binary.txt", &[0xFF, 0xFE, 0, 1]);
    clinician.is_told("message", "no plain text");
    file("huge.txt", &vec![b'a'; 300 << 10]);
    clinician.is_told("message", "too long");
    assert!(clinician.does_not_see("list-text"), "nothing of them is kept");
    file("ward.txt", b"warfarin\nWarfarin\nNguyen");
    clinician.is_told("list", "2 words, 1 twice");
    clinician.presses("drugs");
    wait_until("the names of drugs", SOON, || {
        let told = chrome.text("[data-test=expecting]")?;
        let count = told
            .split_whitespace()
            .find_map(|word| word.replace(',', "").parse::<u32>().ok());
        (count > Some(1_000) && !told.contains("could not be loaded")).then_some(())
    });
    clinician.presses("back");

    clinician.records();
    std::thread::sleep(Duration::from_secs(2));
    clinician.chooses("visit-words", "pills\u{202E}");
    clinician.is_told("visit-words-mistake", "Line 1");
    std::thread::sleep(Duration::from_secs(12));
    assert!(clinician.can_press("pause"), "it is recorded");
    clinician.presses("stop");
    clinician.waits_for_note();
    assert!(clinician.transcript().contains("blood pressure") || clinician.transcript().contains("Blood pressure"));
}

fn goes_to_vocabulary(clinician: &Clinician<'_>) {
    clinician.presses("settings");
    clinician.presses("go-vocabulary");
    clinician.sees("list-add", SOON);
}
