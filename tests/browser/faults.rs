//! What goes wrong, what the clinician is told, and that nothing recorded is lost.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::chrome::{Chrome, Gpu, Microphone, Permission};
use crate::clinician::{Clinician, EVENTUALLY, PASSPHRASE, SOON};
use crate::keeper::keyrings;
use crate::scratch::Scratch;
use crate::site::{Site, data};
use crate::sound::seconds;

/// Some seconds of speech.
const A_WHILE: Duration = Duration::from_secs(5);

/// Chromium's IndexedDB asks for the free space anew when its last figure is older than half a minute.
pub const SPACE_REMEMBERED: Duration = Duration::from_secs(35);

#[test]
fn microphone_denied() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::Plays(&data("dictation.wav")));
    chrome.set_microphone_permission(&site.origin, Permission::Denied);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.presses("start-visit");
    clinician.presses("record");
    clinician.is_told("message", "the browser blocked the microphone");

    chrome.set_microphone_permission(&site.origin, Permission::Granted);
    clinician.presses("record");
    clinician.sees("pause", SOON);
}

#[test]
fn no_microphone() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    chrome.set_microphone_permission(&site.origin, Permission::Granted);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.presses("start-visit");
    clinician.presses("record");
    clinician.is_told("message", "no microphone was found");
    clinician.sees("open-file", SOON);
}

#[test]
fn microphone_unplugged_while_recording() {
    let site = Site::serve();
    let chrome = Chrome::hearing(Gpu::None, &data("dictation.wav"), &site.origin);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.presses("start-visit");
    clinician.presses("record");
    clinician.sees("pause", SOON);
    std::thread::sleep(A_WHILE);
    chrome.set_microphone_permission(&site.origin, Permission::Denied);
    clinician.is_told("message", "The microphone was unplugged. What was recorded is kept.");
    assert!(seconds(&clinician.saves_audio()) > 2.0, "what was recorded is kept");

    chrome.set_microphone_permission(&site.origin, Permission::Granted);
    clinician.presses("resume");
    clinician.sees("pause", SOON);
    clinician.presses("stop");
}

#[test]
fn file_without_audio() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    let folder = Scratch::new("file");
    let file = folder.path().join("letter.wav");
    std::fs::write(&file, "<html>This is no audio.</html>").expect("the scratch folder can be written");
    clinician.opens_audio(&file);
    clinician.is_told(
        "message",
        "This file holds no audio that the browser can read. Choose a WAV",
    );
}

#[test]
fn recording_of_silence() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    let folder = Scratch::new("silence");
    let file = folder.path().join("silence.wav");
    std::fs::write(&file, silence(Duration::from_secs(3))).expect("the scratch folder can be written");
    clinician.opens_audio(&file);
    clinician.is_told("no-speech", "No speech heard in this recording.");
    assert!(clinician.does_not_see("note-section"));
}

#[test]
fn altered_shard() {
    let copy = Scratch::new("altered");
    let site = Site::serve_changed(copy.path(), |dist| {
        let shard = first_shard(dist);
        let mut bytes = std::fs::read(&shard).expect("the site holds its model");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(shard, bytes).expect("the copy can be written");
    });
    refuses_the_model(&site, "is not what it should be");
}

#[test]
fn truncated_shard() {
    let copy = Scratch::new("truncated");
    let site = Site::serve_changed(copy.path(), |dist| {
        let shard = first_shard(dist);
        let bytes = std::fs::read(&shard).expect("the site holds its model");
        std::fs::write(shard, &bytes[..bytes.len() / 2]).expect("the copy can be written");
    });
    refuses_the_model(&site, "speech model");
}

#[test]
fn disk_full() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.reads_status("CPU", EVENTUALLY);
    std::thread::sleep(SPACE_REMEMBERED);
    chrome.set_quota(&site.origin, 1);
    clinician.opens_audio(&data("clips/1.wav"));
    clinician.waits_for_note();
    let words = clinician.transcript();
    clinician.is_told("message", "No space left on this device");
    assert_eq!(clinician.transcript(), words);

    const AMPLE: u64 = 1 << 30;
    chrome.set_quota(&site.origin, AMPLE);
    clinician.presses("save-again");
    clinician.waits_for_save();
}

/// The keys are looked for where they are, though not a byte more can be written there.
#[test]
fn disk_full_at_the_start() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.keeps_a_note();
    let words = clinician.transcript();
    let keys = keyrings(&chrome);
    std::thread::sleep(SPACE_REMEMBERED);
    chrome.set_quota(&site.origin, 1);
    let clinician = Clinician::returns(&chrome, &site.origin);
    clinician.unlocks(PASSPHRASE);
    clinician.is_told("unlock-error", "No space left on this device");
    assert_eq!(keyrings(&chrome), keys);

    const AMPLE: u64 = 1 << 30;
    chrome.set_quota(&site.origin, AMPLE);
    clinician.unlocks(PASSPHRASE);
    clinician.presses("visit-row");
    clinician.sees("note-section", SOON);
    assert_eq!(clinician.transcript(), words);
}

/// Whatever the model is, what was recorded can be kept.
fn refuses_the_model(site: &Site, words: &str) {
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    let clip = data("clips/1.wav");
    clinician.opens_audio(&clip);
    clinician.is_told("engine-failure", words);
    assert_eq!(clinician.transcript(), "");
    let kept = seconds(&clinician.saves_audio());
    assert!((kept - seconds(&clip)).abs() < 0.01, "{kept} s are kept");
}

fn first_shard(dist: &Path) -> PathBuf {
    let files = std::fs::read_dir(dist.join("models/starter"))
        .expect("the site holds its model")
        .flatten();
    let shards = files
        .map(|file| file.path())
        .filter(|path| path.extension().is_some_and(|e| e == "bin"));
    shards.min().expect("a model has shards")
}

fn silence(length: Duration) -> Vec<u8> {
    speech::wav::write(&speech::Samples::new(vec![
        0;
        length.as_secs() as usize
            * speech::RATE as usize
    ]))
}
