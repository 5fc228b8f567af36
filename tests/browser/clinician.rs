//! What a clinician does with the page, in a clinician's words.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use crate::chrome::{Chrome, wait_until};
use crate::site::data;

pub const PASSPHRASE: &str = "seven quiet herons over the weir";

/// A step of the page that computes nothing.
pub const SOON: Duration = Duration::from_secs(60);

/// The model on a software GPU, on a busy machine.
pub const EVENTUALLY: Duration = Duration::from_secs(420);

pub struct Clinician<'a> {
    chrome: &'a Chrome,
}

impl<'a> Clinician<'a> {
    /// Takes over a page that is open.
    pub fn at(chrome: &'a Chrome) -> Self {
        Clinician { chrome }
    }

    /// Opens the page for the first time and creates a vault.
    pub fn begins(chrome: &'a Chrome, address: &str) -> Self {
        chrome.open_app(address);
        let clinician = Clinician { chrome };
        clinician.creates_vault();
        clinician
    }

    pub fn creates_vault(&self) {
        self.sees("create-vault", SOON);
        self.types("passphrase", PASSPHRASE);
        self.types("passphrase-repeat", PASSPHRASE);
        self.presses("create-vault");
        self.sees("start-visit", SOON);
    }

    /// Opens the page where there is a vault already.
    pub fn returns(chrome: &'a Chrome, address: &str) -> Self {
        chrome.open_app(address);
        let clinician = Clinician { chrome };
        clinician.sees("unlock", SOON);
        clinician
    }

    pub fn unlocks(&self, passphrase: &str) {
        self.types("passphrase", passphrase);
        self.presses("unlock");
    }

    /// Records for as long as the microphone has something to say.
    pub fn dictates(&self, length: Duration) {
        self.records();
        std::thread::sleep(length);
        self.presses("stop");
    }

    /// Begins a recording.
    pub fn records(&self) {
        self.presses("start-visit");
        self.sees("record", SOON);
        self.presses("record");
        self.sees("pause", SOON);
    }

    pub fn opens_audio(&self, file: &Path) {
        self.presses("start-visit");
        self.sees("record", SOON);
        self.chrome.choose_file(&hook("open-file"), file);
    }

    pub fn opens_transcript(&self, file: &Path) {
        self.presses("start-visit");
        self.sees("record", SOON);
        self.chrome.choose_file(&hook("open-transcript"), file);
    }

    /// A conversation that was written down is a note, and stored.
    pub fn keeps_a_note(&self) {
        self.opens_transcript(&data("visit.txt"));
        self.waits_for_note();
        self.waits_for_save();
    }

    /// Waits for the recording to be over and its words to be here.
    pub fn waits_for_note(&self) {
        self.sees("confirm-review", EVENTUALLY);
    }

    /// The recognised words, one space between segments.
    pub fn transcript(&self) -> String {
        let body =
            "return [...document.querySelectorAll('[data-test=transcript] .text')].map(e => e.textContent).join(' ')";
        self.chrome
            .script(body, json!([]))
            .as_str()
            .expect("text contents are strings")
            .to_owned()
    }

    /// `(heading, text)` of each section of the note.
    pub fn note(&self) -> Vec<(String, String)> {
        let body =
            "return [...document.querySelectorAll('[data-test=note-section]')].map(e => [e.dataset.heading, e.value])";
        let sections = self.chrome.script(body, json!([]));
        let text = |value: &Value| value.as_str().expect("headings and texts are strings").to_owned();
        sections
            .as_array()
            .into_iter()
            .flatten()
            .map(|pair| (text(&pair[0]), text(&pair[1])))
            .collect()
    }

    pub fn writes_section(&self, heading: &str, text: &str) {
        self.chrome
            .fill(&format!("[data-test=note-section][data-heading='{heading}']"), text);
    }

    /// Every section of the note is on the screen once: what was read belongs to what is stored.
    pub fn reads_all(&self) {
        self.chrome.script(
            "for (const section of document.querySelectorAll('.section')) {
                 section.scrollIntoView();
                 // Two frames: what was passed over within one was on no screen.
                 await new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown)));
             }",
            json!([]),
        );
    }

    /// Answers every flag, writes a name and confirms the review.
    pub fn confirms(&self) {
        // The note is compared with the transcript as soon as the hand rests.
        std::thread::sleep(Duration::from_secs(1));
        self.chrome.script(
            "for (const open of document.querySelectorAll('[data-test=resolve-flag][aria-pressed=false]')) open.click();",
            json!([]),
        );
        self.reads_all();
        self.types("signs-as", "Dr. A. Example");
        self.presses("confirm-review");
        self.sees("copy-note", SOON);
    }

    pub fn saves_audio(&self) -> PathBuf {
        self.presses("save-audio");
        self.chrome.downloaded(".wav", SOON)
    }

    /// The text of the downloaded note.
    pub fn downloads_note(&self) -> String {
        self.presses("downloads");
        self.presses("download-note");
        let file = self.chrome.downloaded(".txt", SOON);
        std::fs::read_to_string(file).expect("a note is UTF-8 text")
    }

    /// Downloads the note in the form whose file ends like this.
    pub fn downloads_form(&self, ending: &str) {
        self.presses("downloads");
        self.presses(&match ending {
            "txt" => "download-note".to_owned(),
            ending => format!("download-{ending}"),
        });
        let file = self.chrome.downloaded(&format!(".{ending}"), SOON);
        let bytes = std::fs::metadata(&file).map_or(0, |file| file.len());
        assert!(bytes > 100, "{ending}: a file of {bytes} bytes");
    }

    /// Waits for a file with this ending.
    pub fn downloaded(&self, ending: &str) -> PathBuf {
        self.chrome.downloaded(ending, SOON)
    }

    pub fn chooses(&self, name: &str, option: &str) {
        self.sees(name, SOON);
        self.chrome.script(
            "const list = document.querySelector(arguments[0]);
             list.value = arguments[1];
             list.dispatchEvent(new Event('change', { bubbles: true }));",
            json!([hook(name), option]),
        );
    }

    /// Waits until the open visit is stored.
    pub fn waits_for_save(&self) {
        self.reads_status("Saved, encrypted", SOON);
    }

    /// Waits until the status line holds these words.
    pub fn reads_status(&self, words: &str, patience: Duration) -> String {
        wait_until(&format!("the status line to say `{words}`"), patience, || {
            self.chrome
                .text(&hook("status"))
                .filter(|status| status.contains(words))
        })
    }

    /// Waits for a message that holds these words.
    pub fn is_told(&self, place: &str, words: &str) -> String {
        wait_until(&format!("{place} to say `{words}`"), EVENTUALLY, || {
            self.chrome.text(&hook(place)).filter(|message| message.contains(words))
        })
    }

    pub fn sees(&self, name: &str, patience: Duration) {
        wait_until(name, patience, || self.chrome.text(&hook(name)));
    }

    pub fn does_not_see(&self, name: &str) -> bool {
        self.chrome.text(&hook(name)).is_none()
    }

    pub fn can_press(&self, name: &str) -> bool {
        self.chrome.is_enabled(&hook(name))
    }

    pub fn presses(&self, name: &str) {
        self.sees(name, SOON);
        self.chrome.click(&hook(name));
    }

    pub fn types(&self, name: &str, text: &str) {
        self.chrome.fill(&hook(name), text);
    }
}

/// Elements are found by what they are for, so that a change of looks breaks no test.
fn hook(name: &str) -> String {
    format!("[data-test={name}]")
}
