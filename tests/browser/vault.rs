//! What is stored, that it is sealed, and that it is really gone: asked of the shipped vault worker, in a browser.

use std::path::Path;
use std::time::Duration;

use app::keeper::protocol::{Answer, Credential, Errand, Id, Request};
use serde_json::json;

use crate::chrome::{Backend, Chrome, Gpu, Microphone, wait_until};
use crate::clinician::{Clinician, EVENTUALLY, PASSPHRASE, SOON};
use crate::keeper::{Tab, saving};
use crate::residue::{count_below, count_in};
use crate::site::Site;

/// Some moment; the worker goes by the clock that it is told.
const NOW: u64 = 1_766_300_400;

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

/// Words that occur nowhere else.
const CANARY: &[u8] = b"quokka palisade xylography 7714 meridian";

/// Bytes of a slot's file: see `vault::keyring`.
const SLOT: usize = 128;

#[test]
fn published_vectors_hold_inside_the_shipped_wasm() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let tab = Tab::start(&chrome, &site.origin);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/vault/vectors/wycheproof");
    let mut files = 0;
    for file in std::fs::read_dir(folder).expect("the vectors are here").flatten() {
        let vectors = std::fs::read_to_string(file.path()).expect("vectors are text");
        let native = vault::check::run(&vectors).expect("they hold natively");
        let counts = tab.errand(Errand::Check { vectors }).expect("they hold in wasm");
        let count = |at: usize| u32::from_be_bytes(counts[at..at + 4].try_into().expect("two numbers"));
        assert_eq!((count(0), count(4)), (native.valid, native.invalid));
        files += 1;
    }
    assert!(files > 0, "there are vectors");
    let vectors = String::new();
    let rest = tab.errand(Errand::Check { vectors }).expect("Argon2id and the hash");
    assert_eq!(rest[0], 1, "RFC 9106's example");
    assert_eq!(rest[1..], vault::check::accumulated(10_000));
}

#[test]
fn a_locked_vault_destroys_what_is_over_on_leveldb() {
    a_locked_vault_destroys_what_is_over(Backend::LevelDb);
}

#[test]
fn a_locked_vault_destroys_what_is_over_on_sqlite() {
    a_locked_vault_destroys_what_is_over(Backend::Sqlite);
}

/// The keys leave the disk, the words never reach it: after every step the whole profile is searched.
fn a_locked_vault_destroys_what_is_over(backend: Backend) {
    let site = Site::serve();
    let chrome = Chrome::launch_on(backend, Gpu::None, Microphone::None);
    let tab = Tab::start(&chrome, &site.origin);
    let vault = tab.creates_vault(NOW, "One");
    let (note, kept) = (Id([1; 16]), Id([2; 16]));
    let over = NOW + 2 * HOUR;
    tab.ask(NOW, saving(note, 1, over, CANARY)).expect("stored");
    tab.ask(NOW, saving(kept, 1, NOW + 30 * DAY, CANARY)).expect("stored");
    let before = slots(&tab.keyrings());
    let (revision, text) = tab.reads(NOW, note).expect("it opens");
    assert_eq!((revision, text.as_slice()), (1, CANARY));
    assert_eq!(
        count_below(&chrome.profile(), CANARY),
        0,
        "words on the disk of an open vault"
    );

    // Locked: another worker, without any key.
    tab.restart();
    tab.ask(over - 1, Request::Sweep).expect("swept");
    assert_eq!(slots(&tab.keyrings()), before, "nothing is destroyed before its time");
    tab.ask(over, Request::Sweep).expect("swept");
    let after = slots(&tab.keyrings());
    let gone: Vec<&Vec<u8>> = before.iter().filter(|key| !after.contains(key)).collect();
    // The note's, and that of its page of the list.
    assert_eq!(gone.len(), 2, "of {} keys", before.len());

    // A wrong clock does not bring it back, and the other note is as it was.
    assert_eq!(tab.unlocks(NOW, vault).cards.len(), 1);
    assert!(tab.reads(NOW, note).is_err());
    assert_eq!(tab.reads(NOW, kept).expect("it opens").1, CANARY);

    let remains = chrome.quit();
    for key in &gone {
        assert_eq!(count_below(&remains.profile(), key), 0, "a destroyed key on the disk");
    }
    let kept_key = after.iter().find(|key| before.contains(key)).expect("a key is left");
    assert!(
        count_below(&remains.profile(), kept_key) > 0,
        "the search finds what is there"
    );
    assert_eq!(count_below(&remains.profile(), CANARY), 0, "words on the disk");
}

#[test]
fn a_clock_that_jumps_neither_revives_nor_destroys() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let tab = Tab::start(&chrome, &site.origin);
    let vault = tab.creates_vault(NOW, "One");
    let note = Id([1; 16]);
    tab.ask(NOW, saving(note, 1, NOW + 2 * DAY, CANARY)).expect("stored");
    let keys = slots(&tab.keyrings()).len();

    // A year ahead: hidden at once, destroyed only when the clock is believed.
    let ahead = NOW + 365 * DAY;
    let Ok(Answer::Swept(clock)) = tab.ask(ahead, Request::Sweep) else {
        panic!("not swept")
    };
    assert!(clock.held && !clock.back);
    assert_eq!(slots(&tab.keyrings()).len(), keys);
    assert!(tab.reads(ahead, note).is_err(), "it is over by this clock");
    // Back again: it was only the clock.
    assert_eq!(tab.reads(NOW + HOUR, note).expect("it opens").1, CANARY);

    // A year back: the time that was seen stays.
    let Ok(Answer::Swept(clock)) = tab.ask(NOW - 365 * DAY, Request::Sweep) else {
        panic!("not swept")
    };
    assert!(clock.back && !clock.held);
    assert_eq!(
        tab.reads(NOW - 365 * DAY, note).expect("its time is not over").1,
        CANARY
    );

    // Its time passes while the clock is right, and no clock brings it back.
    let over = NOW + 2 * DAY;
    tab.ask(over, Request::Sweep).expect("swept");
    assert!(slots(&tab.keyrings()).len() < keys);
    tab.restart();
    assert_eq!(tab.unlocks(NOW, vault).cards, []);
    assert!(tab.reads(NOW, note).is_err());
}

#[test]
fn two_profiles_see_nothing_of_each_other() {
    const OTHER: &str = "nine loud magpies under the eaves";
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.presses("start-visit");
    clinician.sees("record", SOON);
    chrome.fill("[data-test=visit-label]", "Room of the first");
    clinician.waits_for_save();
    clinician.presses("lock");
    clinician.presses("new-profile");
    clinician.sees("profile-name", SOON);
    chrome.fill("[data-test=profile-name]", "Second");
    chrome.fill("[data-test=passphrase]", OTHER);
    chrome.fill("[data-test=passphrase-repeat]", OTHER);
    clinician.presses("create-vault");
    clinician.sees("start-visit", SOON);
    assert!(clinician.does_not_see("visit-row"), "the first one's list");
    clinician.presses("lock");

    // The second one's passphrase does not open the first one's vault.
    clinician.sees("profile", SOON);
    let names = "return [...document.querySelectorAll('[data-test=profile] option')].map(o => o.textContent)";
    let names = chrome.script(names, json!([]));
    let index = |name: &str| {
        let found = names.as_array().into_iter().flatten().position(|n| n == name);
        found.unwrap_or_else(|| panic!("{name} is not among {names}"))
    };
    choose(&chrome, index("This workstation"));
    clinician.unlocks(OTHER);
    clinician.is_told("unlock-error", "does not open");
    assert!(clinician.does_not_see("visit-row"));
    clinician.unlocks(PASSPHRASE);
    clinician.sees("visit-row", SOON);
    assert!(rows(&chrome)[0].contains("Room of the first"));
}

#[test]
fn erasing_leaves_an_empty_house() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let tab = Tab::start(&chrome, &site.origin);
    tab.creates_vault(NOW, "One");
    tab.ask(NOW, saving(Id([1; 16]), 1, NOW + DAY, CANARY)).expect("stored");
    let before = slots(&tab.keyrings());
    let erase = |passphrase: &str| Request::Erase {
        proof: Credential::Passphrase(passphrase.to_owned()),
        everyone: true,
    };
    assert!(tab.ask(NOW, erase("whoever happens to sit there")).is_err());
    assert_eq!(slots(&tab.keyrings()), before, "nothing goes without a proof");
    tab.ask(NOW, erase(PASSPHRASE)).expect("erased");
    let Ok(Answer::Seen(seen)) = tab.ask(NOW, Request::Look) else {
        panic!("not seen")
    };
    assert_eq!(seen.vaults, []);
    let remains = chrome.quit();
    for key in &before {
        assert_eq!(count_below(&remains.profile(), key), 0, "a key on the disk");
    }
}

/// On a host that sends its header, not even what was readable beside the sealed bytes is left on the disk.
#[test]
fn erasing_everything_leaves_nothing_of_the_site() {
    const NAME: &[u8] = b"This workstation";
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.reads_status("works without a network", EVENTUALLY);
    let databases = chrome.profile().join("Default/IndexedDB");
    assert!(count_below(&databases, NAME) > 0, "the name of a profile is readable");
    let registered = "return navigator.serviceWorker.getRegistration().then(found => found?.active?.scriptURL ?? null)";
    assert!(chrome.script(registered, json!([])).is_string());
    clinician.presses("settings");
    clinician.presses("erase");
    clinician.is_told("erase-scope", "only vault");
    clinician.types("erase-proof", PASSPHRASE);
    clinician.presses("confirm-erase-all");
    clinician.sees("erased", SOON);
    assert!(site.requests().iter().any(|path| path == "/erased.txt"));
    assert!(chrome.script(registered, json!([])).is_null(), "the app is still kept");
    let remains = chrome.quit();
    let databases = remains.profile().join("Default/IndexedDB");
    assert_eq!(
        count_below(&databases, NAME),
        0,
        "a name that was erased is on the disk"
    );
}

#[test]
fn a_browser_without_a_private_file_system_says_so() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    // As in a browser that has no such files; in the worker, where it is asked for.
    let copy = crate::scratch::Scratch::new("without-opfs");
    let old = Site::serve_changed(copy.path(), |dist| {
        let loader = dist.join("vault-worker_loader.js");
        let script = std::fs::read_to_string(&loader).expect("the site has its worker");
        let without = format!("delete FileSystemFileHandle.prototype.createSyncAccessHandle;{script}");
        std::fs::write(loader, without).expect("the copy can be written");
    });
    drop(site);
    let tab = Tab::start(&chrome, &old.origin);
    let vault = tab.creates_vault(NOW, "One");
    let note = Id([1; 16]);
    tab.ask(NOW, saving(note, 1, NOW + HOUR, CANARY)).expect("stored");
    assert_eq!(tab.reads(NOW, note).expect("it opens").1, CANARY);
    tab.restart();
    tab.ask(NOW + HOUR, Request::Sweep).expect("swept");
    assert_eq!(tab.unlocks(NOW, vault).cards, []);
    chrome.open_app(&old.address);
    wait_until("the notice", SOON, || chrome.text("[data-test=best-effort]"));
}

/// The wrapped keys in a keyring's file, each once.
fn slots(file: &[u8]) -> Vec<Vec<u8>> {
    const LIVE: u8 = 1;
    let mut keys: Vec<Vec<u8>> = file
        .chunks(SLOT)
        .filter(|slot| slot[0] == LIVE)
        .map(|slot| slot[40..100].to_vec())
        .collect();
    keys.sort();
    keys.dedup();
    keys
}

/// The lines of the list.
pub fn rows(chrome: &Chrome) -> Vec<String> {
    let body = "return [...document.querySelectorAll('[data-test=visit-row]')].map(e => e.innerText)";
    let rows = chrome.script(body, json!([]));
    let rows = rows.as_array().expect("a list of lines").iter();
    rows.map(|row| row.as_str().expect("a line is text").to_owned())
        .collect()
}

fn choose(chrome: &Chrome, index: usize) {
    let body = "
        const select = document.querySelector('[data-test=profile]');
        select.selectedIndex = arguments[0];
        select.dispatchEvent(new Event('change', { bubbles: true }));";
    chrome.script(body, json!([index]));
}

#[test]
fn an_untouched_page_locks() {
    // The idle time is five minutes by the page's own clock, which the test turns.
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.sees("start-visit", SOON);
    let turn = "const real = Date.now; Date.now = () => real() + arguments[0] * 1000;";
    chrome.script(turn, json!([4 * 60]));
    std::thread::sleep(Duration::from_secs(3));
    clinician.sees("start-visit", SOON);
    chrome.script(turn, json!([2 * 60]));
    clinician.sees("unlock", SOON);
    assert!(clinician.does_not_see("start-visit"));
    assert_eq!(
        count_in(chrome.console().join("\n").as_bytes(), PASSPHRASE.as_bytes()),
        0
    );
}
