//! What happens to a visit from outside: its tab is frozen, the device sleeps, the storage is cleared, a worker dies.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use crate::chrome::{Chrome, Gpu, Microphone, wait_until};
use crate::clinician::{Clinician, EVENTUALLY, SOON};
use crate::processes;
use crate::scratch::Scratch;
use crate::site::{Site, data, native_text};
use crate::sound::{samples, seconds, wav};

/// Long enough for the page to miss sound, were it to miss any.
const A_WHILE: Duration = Duration::from_secs(4);

#[test]
fn a_tab_that_is_frozen_while_recording() {
    interrupted(|chrome| {
        let state = |state: &str| chrome.devtools("Page.setWebLifecycleState", json!({ "state": state }));
        state("frozen");
        std::thread::sleep(A_WHILE);
        state("active");
    });
}

#[test]
fn a_device_that_sleeps_while_recording() {
    interrupted(|chrome| {
        let pages = chrome.renderers();
        pages.iter().for_each(|page| processes::signal(*page, "STOP"));
        std::thread::sleep(A_WHILE);
        pages.iter().for_each(|page| processes::signal(*page, "CONT"));
    });
}

/// The note that is open stays on the screen, and the person is told.
#[test]
fn storage_that_is_cleared_under_an_open_note() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.keeps_a_note();
    let note = clinician.note();
    let all = json!({ "origin": site.origin, "storageTypes": "all" });
    chrome.devtools("Storage.clearDataForOrigin", all);
    let (heading, _) = note.last().expect("a note has sections");
    clinician.writes_section(heading, "Seen and examined by me.");
    clinician.is_told("message", "is not saved. Copy what you need");
    let text: String = clinician.note().into_iter().map(|(_, text)| text).collect();
    assert!(text.contains("Seen and examined by me."));
}

/// Sound as recorders write it: of any rate, with several channels, of hardly any length or with a head that lies.
#[test]
fn files_of_unusual_sound() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.reads_status("CPU", EVENTUALLY);
    let folder = Scratch::new("sound");
    let file = |name: &str, bytes: Vec<u8>| {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).expect("the scratch folder can be written");
        file
    };
    let speech = samples(&data("clips/1.wav"));
    for (rate, channels) in [(8_000, 1), (96_000, 2), (48_000, 8)] {
        let wave = resampled(&speech, rate as usize);
        clinician.opens_audio(&file("unusual.wav", wav(&wave, rate, channels)));
        clinician.waits_for_note();
        let text = clinician.transcript();
        assert!(
            text.split_whitespace().count() > 3,
            "{rate} Hz, {channels} channels: {text}"
        );
        clinician.presses("close-visit");
    }
    clinician.presses("start-visit");
    clinician.sees("record", SOON);
    let opens = |file: &Path| chrome.choose_file("[data-test=open-file]", file);
    for bytes in [
        wav(&[], 16_000, 1),
        vec![],
        vec![0xFF; 64],
        b"RIFF\xFF\xFF\xFF\xFFWAVEdata".to_vec(),
    ] {
        opens(&file("none.wav", bytes));
        clinician.is_told("message", "holds no audio that the browser can read");
        clinician.presses("dismiss");
    }
    opens(&file("one-sample.wav", wav(&[i16::MAX / 2], 16_000, 1)));
    clinician.sees("no-speech", SOON);
}

/// The nearest sample: good enough to be understood.
fn resampled(speech: &[i16], rate: usize) -> Vec<i16> {
    let count = speech.len() * rate / 16_000;
    (0..count).map(|at| speech[at * 16_000 / rate]).collect()
}

/// Whatever was heard around it is kept and written down, and it goes on without a touch.
fn interrupted(interruption: impl FnOnce(&Chrome)) {
    let site = Site::serve();
    let recording = data("dictation.wav");
    let chrome = Chrome::hearing(Gpu::None, &recording, &site.origin);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.reads_status("CPU", EVENTUALLY);
    clinician.records();
    std::thread::sleep(A_WHILE);
    interruption(&chrome);
    std::thread::sleep(A_WHILE);
    assert!(clinician.can_press("pause"), "the recording goes on");
    clinician.presses("stop");
    clinician.waits_for_note();
    let saved = clinician.saves_audio();
    let kept = seconds(&saved);
    assert!(
        kept >= 2.0 * A_WHILE.as_secs_f64(),
        "{kept} s are less than what was heard"
    );
    assert_eq!(clinician.transcript(), native_text(&saved));
}

/// What the page asks of the browser: to keep the screen on, and to be told of the keys of a keyboard or a headset.
const LISTENS_IN: &str = "
    window.screenOn = 0;
    const sentinel = { release: async () => { window.screenOn -= 1; } };
    navigator.wakeLock.request = async (kind) => { window.screenOn += 1; return sentinel; };
    window.mediaKeys = {};
    navigator.mediaSession.setActionHandler = (action, handler) => { window.mediaKeys[action] = handler; };
";

/// Whether the screen is kept on, the tab's lock, its icon, and what the keys would do.
const KEPT_AWAKE: &str = "
    const { held } = await navigator.locks.query();
    return [
        window.screenOn,
        held.filter(({ name }) => name.startsWith('sotto-recording')).length,
        document.querySelector('link[rel=icon]').getAttribute('href'),
        navigator.mediaSession.playbackState,
    ]";

#[test]
fn while_it_records_the_device_stays_awake_and_media_keys_pause_and_go_on() {
    let site = Site::serve();
    let recording = data("dictation.wav");
    let chrome = Chrome::hearing(Gpu::None, &recording, &site.origin);
    chrome.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": LISTENS_IN }));
    let clinician = Clinician::begins(&chrome, &site.origin);
    let awake = |expected: serde_json::Value| {
        wait_until(&format!("{expected}"), SOON, || {
            (chrome.script(KEPT_AWAKE, json!([])) == expected).then_some(())
        });
    };
    awake(json!([0, 0, "icons/sotto.svg", "none"]));
    clinician.records();
    awake(json!([1, 1, "icons/sotto-recording.svg", "playing"]));
    chrome.script("window.mediaKeys.pause()", json!([]));
    clinician.sees("resume", SOON);
    awake(json!([0, 0, "icons/sotto.svg", "paused"]));
    chrome.script("window.mediaKeys.play()", json!([]));
    clinician.sees("pause", SOON);
    awake(json!([1, 1, "icons/sotto-recording.svg", "playing"]));
    clinician.presses("stop");
    awake(json!([0, 0, "icons/sotto.svg", "none"]));
    // With nothing to pause or to go on with, the keys do nothing.
    chrome.script("window.mediaKeys.pause(); window.mediaKeys.play()", json!([]));
    awake(json!([0, 0, "icons/sotto.svg", "none"]));
}
