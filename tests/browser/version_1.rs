//! The vault that Sotto 0.1 left behind, as that version stored it.

use serde_json::{Value, json};

use crate::chrome::{Chrome, Gpu, Microphone, wait_until};
use crate::clinician::{Clinician, EVENTUALLY, PASSPHRASE, SOON};
use crate::faults::SPACE_REMEMBERED;
use crate::keeper::{keyring_files, stored};
use crate::scratch::Scratch;
use crate::site::{Site, data};
use crate::vault::rows;

/// The stores of that version.
const STORES: [&str; 2] = ["vault", "records"];

#[test]
fn a_vault_of_version_1_is_taken_over() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    plant(&chrome, &site.origin);
    let clinician = Clinician::returns(&chrome, &site.origin);
    clinician.unlocks("seven quiet herons over the moor");
    clinician.is_told("unlock-error", "does not open");
    clinician.unlocks(PASSPHRASE);
    finds_the_visits(&clinician, &chrome);
    assert_eq!(old_rows(&chrome), 0, "nothing of the old vault is left");

    // Reads the same after another start, from the new vault alone.
    let clinician = Clinician::returns(&chrome, &site.origin);
    clinician.unlocks(PASSPHRASE);
    clinician.sees("visit-row", SOON);
    chrome.script(
        "[...document.querySelectorAll('[data-test=visit-row]')].find(e => e.innerText.includes('Room 2')).click()",
        json!([]),
    );
    clinician.sees("note-section", SOON);
    assert_eq!(clinician.transcript().split_whitespace().count(), 29);
    let note = clinician.note();
    assert!(note[0].1.contains("dry cough for three weeks"));
}

/// A disk with room for so many writes and no more, counted in the vault worker.
const ROOM: &str = "
let room = Infinity;
const told = new BroadcastChannel('room');
told.onmessage = ({ data }) => { room = data; told.postMessage('so it is'); };
const count = () => { if (--room < 0) throw new DOMException('no room', 'QuotaExceededError'); };
for (const [kind, name] of [[IDBObjectStore, 'put'], [FileSystemSyncAccessHandle, 'write']]) {
    const write = kind.prototype[name];
    kind.prototype[name] = function (...all) { count(); return write.apply(this, all); };
}
";

/// First by the browser's own word, then after so many writes, and so many more. Whatever was written until then, either
/// the old vault is whole or the new one is.
#[test]
fn a_disk_that_fills_while_a_vault_of_version_1_is_taken_over() {
    const TOLD: &str = "No space left on this device. Free some space, then try again.";
    let copy = Scratch::new("room");
    let site = Site::serve_changed(copy.path(), |dist| {
        let loader = dist.join("vault-worker_loader.js");
        let script = std::fs::read_to_string(&loader).expect("the site has its worker");
        std::fs::write(loader, format!("{ROOM}{script}")).expect("the copy can be written");
    });
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    plant(&chrome, &site.origin);
    let clinician = Clinician::returns(&chrome, &site.origin);
    // Without the visit that is over, which goes at the start.
    let old = old_stores(&chrome);
    std::thread::sleep(SPACE_REMEMBERED);
    chrome.set_quota(&site.origin, 1);
    clinician.unlocks(PASSPHRASE);
    clinician.is_told("unlock-error", TOLD);
    assert_eq!(old_stores(&chrome), old);
    const AMPLE: u64 = 1 << 30;
    chrome.set_quota(&site.origin, AMPLE);

    let (mut refused, mut room, mut next) = (0, 0, 1);
    loop {
        let clinician = Clinician::returns(&chrome, &site.origin);
        let left = "
            const channel = new BroadcastChannel('room');
            const heard = new Promise(yes => channel.onmessage = yes);
            channel.postMessage(arguments[0]);
            await heard;
            channel.close();";
        chrome.script(left, json!([room]));
        clinician.unlocks(PASSPHRASE);
        let answer = || {
            chrome
                .text("main")
                .filter(|page| page.contains(TOLD) || !clinician.does_not_see("visit-row"))
        };
        if !wait_until("an answer", EVENTUALLY, answer).contains(TOLD) {
            break;
        }
        refused += 1;
        assert!(
            old_stores(&chrome) == old || old_rows(&chrome) == 0,
            "{room} writes leave a part of the old vault"
        );
        (room, next) = (next, room + next);
    }
    assert!(refused > 4, "refused {refused} times");
    finds_the_visits(&Clinician::at(&chrome), &chrome);
    assert_eq!(old_rows(&chrome), 0, "nothing of the old vault is left");
    assert_eq!(keyring_files(&chrome).len(), 1, "nothing of the attempts is left");

    let clinician = Clinician::returns(&chrome, &site.origin);
    clinician.unlocks(PASSPHRASE);
    finds_the_visits(&clinician, &chrome);
}

/// Leaves the database as version 0.1 did.
pub fn plant(chrome: &Chrome, origin: &str) {
    let old: Value = serde_json::from_str(&std::fs::read_to_string(data("vault-v1.json")).expect("the fixture"))
        .expect("the fixture is JSON");
    chrome.goto(&format!("{origin}/boot.js"));
    let plant = "
        const old = arguments[0];
        const bytes = hex => new Uint8Array(hex.match(/../g).map(pair => parseInt(pair, 16)));
        const done = request => new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = no; });
        const open = indexedDB.open('sotto', 1);
        open.onupgradeneeded = () => ['vault', 'records'].forEach(name => open.result.createObjectStore(name));
        const database = await done(open);
        const all = database.transaction(['vault', 'records'], 'readwrite');
        all.objectStore('vault').put(bytes(old.header), 'header');
        old.records.forEach(({ id, sealed }) => all.objectStore('records').put(bytes(sealed), id));
        await new Promise(yes => all.oncomplete = yes);
        database.close();";
    chrome.script(plant, json!([old]));
}

/// What the fixture holds, taken over.
pub fn finds_the_visits(clinician: &Clinician, chrome: &Chrome) {
    clinician.sees("visit-row", SOON);
    assert_eq!(rows(chrome).len(), 2, "one of four is over, one is damaged");
    let page = chrome.text("main").expect("the list");
    assert!(page.contains("One note is damaged"), "{page}");
}

/// Whatever lies in the stores of that version.
fn old_stores(chrome: &Chrome) -> Value {
    let mut all = stored(chrome);
    STORES.map(|store| all[store].take()).to_vec().into()
}

fn old_rows(chrome: &Chrome) -> usize {
    let stores = old_stores(chrome);
    let stores = stores.as_array().expect("both stores").iter();
    stores.map(|rows| rows.as_array().expect("a list of rows").len()).sum()
}
