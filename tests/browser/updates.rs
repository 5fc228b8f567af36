//! A newer version of the site: it waits for the person's word, and comes whole or not at all.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::chrome::{Chrome, Gpu, Microphone, wait_until, within};
use crate::clinician::{Clinician, EVENTUALLY, PASSPHRASE, SOON};
use crate::scratch::Scratch;
use crate::site::{Site, data, list_anew};

const A_WHILE: Duration = Duration::from_secs(4);

#[test]
fn a_newer_version_waits_for_the_word_for_the_recording_and_for_other_tabs() {
    let copy = Scratch::new("versions");
    let site = Site::serve_changed(copy.path(), |_| ());
    let recording = data("dictation.wav");
    let chrome = Chrome::hearing(Gpu::None, &recording, &site.origin);
    let clinician = Clinician::begins(&chrome, &site.address);
    let installable = chrome.devtools("Page.getInstallabilityErrors", json!({}));
    assert_eq!(installable["installabilityErrors"], json!([]));
    let first = version(&chrome);
    let tab = chrome.window();
    let other = chrome.new_window();
    chrome.open_app(&site.address);
    chrome.switch_to(&tab);

    // It comes in the middle of a recording, and may not be let in before that is stored.
    clinician.presses("start-visit");
    clinician.presses("record");
    clinician.sees("pause", SOON);
    make_newer(copy.path());
    look_for_newer(&chrome);
    clinician.sees("update-app", SOON);
    assert!(!clinician.can_press("update-app"), "would lose the recording");
    std::thread::sleep(A_WHILE);
    clinician.presses("stop");
    assert!(!clinician.can_press("update-app"), "would lose the last words");
    wait_until("the visit to be stored", EVENTUALLY, || {
        clinician.can_press("update-app").then_some(())
    });

    // The other tab would lose its files.
    let press = || {
        if clinician.can_press("update-app") {
            clinician.presses("update-app");
        }
    };
    until_started(&chrome, press, || {
        let told = chrome.text("[data-test=message]")?;
        told.contains("Close the other tabs").then_some(())
    });
    assert_eq!(version(&chrome), first);
    chrome.switch_to(&other);
    assert_eq!(version(&chrome), first);
    chrome.close_window(&tab);

    until_started(&chrome, press, || chrome.text("[data-test=unlock]"));
    assert_ne!(version(&chrome), first);
    clinician.unlocks(PASSPHRASE);
    clinician.sees("visit-row", SOON);
}

#[test]
fn a_newer_version_that_never_answers() {
    let copy = Scratch::new("silent");
    let site = Site::serve_changed(copy.path(), |_| ());
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.address);
    let first = version(&chrome);
    let worker = copy.path().join("sw.js");
    let script = std::fs::read_to_string(&worker).expect("the site has its worker");
    assert!(script.contains("self.onmessage ="), "the worker listens");
    std::fs::write(&worker, script.replacen("self.onmessage =", "self.unheard =", 1)).expect("the copy can be written");
    make_newer(copy.path());
    assert_eq!(look_for_newer(&chrome), "waiting");
    clinician.sees("update-app", SOON);
    clinician.presses("update-app");
    clinician.is_told("message", "has not started the new version yet");
    assert_eq!(version(&chrome), first);
}

#[test]
fn a_version_that_does_not_arrive_whole_changes_nothing() {
    let copy = Scratch::new("broken");
    let site = Site::serve_changed(copy.path(), |_| ());
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    Clinician::begins(&chrome, &site.address);
    let first = version(&chrome);
    make_newer(copy.path());
    let files = [
        "app_bg.wasm",
        "note-writer.js",
        "vault-worker.js",
        "style.css",
        "models/starter/manifest.json",
        "sbom.cdx.json",
    ];
    for file in files {
        let path = copy.path().join(file);
        let whole = std::fs::read(&path).expect("the site has it");
        std::fs::remove_file(&path).expect("the copy can be written");
        assert_eq!(look_for_newer(&chrome), "refused", "{file} is missing");
        std::fs::write(&path, &whole[..whole.len() - 1]).expect("the copy can be written");
        assert_eq!(look_for_newer(&chrome), "refused", "{file} is short");
        std::fs::write(&path, &whole).expect("the copy can be written");
    }
    // Neither is a list of one version beside a worker of another.
    let list = copy.path().join("assets.json");
    let text = std::fs::read_to_string(&list).expect("the site has its list");
    std::fs::write(&list, text.replacen("\"version\": \"", "\"version\": \"0", 1)).expect("the copy can be written");
    assert_eq!(look_for_newer(&chrome), "refused", "two versions at once");

    // The old version is whole, and starts.
    chrome.goto(&format!("{}prove.html", site.address));
    let kept = wait_until("the files to be compared", SOON, || {
        chrome.text("#kept").filter(|kept| kept.contains("as listed"))
    });
    let (same, all) = kept.split_once(" of ").expect("so many of so many");
    assert!(all.starts_with(same), "{kept}");
    let clinician = Clinician::returns(&chrome, &site.address);
    assert_eq!(version(&chrome), first);
    clinician.unlocks(PASSPHRASE);
    clinician.sees("start-visit", SOON);
}

/// On a first visit there is no older version to fall back to: the page says so and starts nothing.
#[test]
fn a_first_visit_to_a_damaged_site_starts_nothing() {
    let copy = Scratch::new("damaged");
    let site = Site::serve_changed(copy.path(), |_| ());
    let glue = copy.path().join("app.js");
    let mut script = std::fs::read(&glue).expect("the site has its page");
    script.extend_from_slice(b"\n// altered on the way\n");
    std::fs::write(glue, script).expect("the copy can be written");
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    chrome.goto(&site.address);
    let told = wait_until("the page to refuse", SOON, || {
        chrome.text("#incomplete").filter(|text| !text.is_empty())
    });
    assert!(
        told.contains("A file of this site did not arrive, or is not the one that it should be"),
        "{told}"
    );
    assert!(chrome.text("[data-test=create-vault]").is_none());
}

fn make_newer(copy: &Path) {
    let style = copy.join("style.css");
    let text = std::fs::read_to_string(&style).expect("the site has its style");
    std::fs::write(&style, format!("{text}/* newer */\n")).expect("the copy can be written");
    // The pages name the style's hash, and a page that a browser refuses to style is none.
    for entry in std::fs::read_dir(copy).expect("the copy is there").flatten() {
        if entry.path().extension().is_some_and(|ending| ending == "html") {
            let text = std::fs::read_to_string(entry.path()).expect("a page is text");
            let (before, rest) = text.split_once("href=\"style.css\"").expect("every page has the style");
            let (_, after) = rest.split_once('>').expect("the tag ends");
            std::fs::write(entry.path(), format!("{before}href=\"style.css\">{after}"))
                .expect("the copy can be written");
        }
    }
    list_anew(copy);
}

/// Has the browser look, and says what became of the version that it found.
fn look_for_newer(chrome: &Chrome) -> String {
    let body = "
        window.found = null;
        const registration = await navigator.serviceWorker.getRegistration();
        const look = async () => {
            await registration.update().catch(() => null);
            const found = registration.installing;
            while (found?.state === 'installing') await new Promise(later => setTimeout(later, 50));
            return found?.state === 'redundant' ? 'refused' : registration.waiting ? 'waiting' : 'none';
        };
        look().then(state => window.found = state);";
    chrome.script(body, json!([]));
    until_started(
        chrome,
        || (),
        || {
            let state = chrome.script("return window.found", json!([]));
            state.as_str().map(str::to_owned)
        },
    )
}

/// Acts until a version has an answer. On a busy machine Chromium 156 may start no worker of another version before it has
/// started the process of some tab, whichever: then one comes and goes.
fn until_started<T>(chrome: &Chrome, act: impl Fn(), mut answer: impl FnMut() -> Option<T>) -> T {
    const AN_ANSWER: Duration = Duration::from_secs(20);
    let begun = Instant::now();
    loop {
        act();
        if let Some(answer) = within(AN_ANSWER, &mut answer) {
            return answer;
        }
        assert!(begun.elapsed() < EVENTUALLY, "the other version never answered");
        let tab = chrome.window();
        chrome.new_window();
        std::thread::sleep(A_WHILE);
        chrome.close_window(&tab);
    }
}

/// Of the files that this tab is served.
fn version(chrome: &Chrome) -> String {
    let version = chrome.script("return (await (await fetch('assets.json')).json()).version", json!([]));
    version.as_str().expect("the list names its version").to_owned()
}
