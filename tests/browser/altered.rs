//! Whoever can write to the disk: what was altered, cut, exchanged or put back does not open, is entered into the log, and
//! stops nothing else from opening.

use app::keeper::protocol::{Answer, Credential, Id, Request};
use serde_json::json;
use vault::audit::{Event, Row, Verdict};

use crate::chrome::{Chrome, Gpu, Microphone};
use crate::clinician::PASSPHRASE;
use crate::keeper::{Tab, saving};
use crate::site::Site;

const NOW: u64 = 1_800_000_000;
const OVER: u64 = NOW + 30 * 24 * 3_600;

/// Where a record's clear head has its end date: eight bytes, after the layout of `crates/vault/src/record.rs`.
const EXPIRY: usize = 50;

/// Changes one row; `others` holds the bytes of all rows by the ends of their keys.
const ALTER: &str = "
    const done = request => new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = no; });
    const [ending, source, from] = arguments;
    const database = await done(indexedDB.open('sotto'));
    const store = database.transaction('sealed', 'readwrite').objectStore('sealed');
    for (const key of await done(store.getAllKeys())) {
        if (!key.endsWith(ending)) continue;
        const row = await done(store.get(key));
        window.before = window.before || {};
        const bytes = Array.from(row.bytes);
        if (source === 'remember') window.before[ending] = bytes;
        if (source === 'flip') bytes[from] ^= 1;
        if (source === 'cut') bytes.pop();
        if (source === 'put') bytes.splice(0, bytes.length, ...window.before[from]);
        row.bytes = new Uint8Array(bytes);
        await done(store.put(row, key));
        database.close();
        return bytes.length;
    }
    database.close();
    return 0;";

/// Everything that two stores hold, remembered or put back; of the list one page, or none.
const REWIND: &str = "
    const done = request => new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = no; });
    const how = arguments[0];
    const database = await done(indexedDB.open('sotto'));
    const store = name => database.transaction(name, 'readwrite').objectStore(name);
    if (how === 'remember') {
        window.then = {};
        for (const name of ['sealed', 'index']) {
            then[name] = [await done(store(name).getAllKeys()), await done(store(name).getAll())];
        }
    } else if (how === 'put back') {
        for (const [name, [keys, rows]] of Object.entries(then)) {
            for (let at = 0; at < keys.length; at++) await done(store(name).put(rows[at], keys[at]));
        }
    } else {
        await done(store('index').clear());
    }
    database.close();";

/// Everything that a note has and the settings, each genuine and older than what was stored last.
#[test]
fn what_is_put_back_together_with_its_page_of_the_list_is_noticed() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let tab = Tab::start(&chrome, &site.origin);
    let vault = tab.creates_vault(NOW, "One");
    let note = Id([1; 16]);
    let write = |revision: u32| {
        let text = format!("written {revision} times");
        tab.ask(NOW, saving(note, revision, OVER, text.as_bytes()))
            .expect("stored");
        let settings = text.into_bytes();
        tab.ask(NOW, Request::WriteSettings(settings)).expect("stored");
    };
    let unlocked = || {
        tab.restart();
        let with = Credential::Passphrase(PASSPHRASE.to_owned());
        let Ok(Answer::Unlocked(unlocked)) = tab.ask(NOW, Request::Unlock { vault, with }) else {
            panic!("it does not open")
        };
        let noticed = logged(&tab).filter(|row| row.event == Event::IntegrityFailed);
        let noticed: Vec<u32> = noticed.map(|row| row.detail).collect();
        (
            unlocked.list.cards.len(),
            unlocked.list.damaged,
            unlocked.settings,
            noticed,
        )
    };
    write(1);
    chrome.script(REWIND, json!(["remember"]));
    write(2);
    let whole = (1, 0, Some(b"written 2 times".to_vec()), Vec::new());
    assert!(unlocked() == whole, "what was stored last is there");

    chrome.script(REWIND, json!(["put back"]));
    assert_eq!(unlocked(), (0, 1, None, vec![2, 3]), "the page and the settings");
    let settings = Request::WriteSettings(b"written anew".to_vec());
    tab.ask(NOW, settings).expect("stored");
    let other = Id([2; 16]);
    tab.ask(NOW, saving(other, 1, OVER, b"another note")).expect("stored");
    let after = (1, 1, Some(b"written anew".to_vec()), vec![2, 3, 2]);
    assert_eq!(unlocked(), after, "and nothing stops what comes afterwards");
    assert_eq!(tab.reads(NOW, other).expect("nobody touched it").0, 1);

    chrome.script(REWIND, json!(["clear"]));
    let (cards, damaged, ..) = unlocked();
    assert_eq!((cards, damaged), (0, 2), "pages that are missing are missed");
}

fn logged(tab: &Tab<'_>) -> impl Iterator<Item = Row> {
    let Ok(Answer::Log(log)) = tab.ask(NOW, Request::ReadLog) else {
        panic!("no log")
    };
    assert!(matches!(log.verdict, Some(Verdict::Intact { .. })));
    log.rows.into_iter().filter_map(|row| row.to_row())
}

#[test]
fn altered_notes_are_put_aside_logged_and_stop_no_other() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let tab = Tab::start(&chrome, &site.origin);
    let vault = tab.creates_vault(NOW, "One");
    let note = |number: u8| Id([number; 16]);
    let ending = |number: u8| format!("{number:02x}").repeat(16);
    let alters = |number: u8, how: &str, with: serde_json::Value| {
        let length = chrome.script(ALTER, json!([ending(number), how, with]));
        assert!(length.as_u64().is_some_and(|length| length > 100), "{how}: {length}");
    };
    for number in 1..=6 {
        let text = format!("note {number}, as it was written first");
        tab.ask(NOW, saving(note(number), 1, OVER, text.as_bytes()))
            .expect("stored");
    }
    alters(4, "remember", json!(null));
    alters(6, "remember", json!(null));
    tab.ask(NOW, saving(note(4), 2, OVER, b"note 4, as it was written last"))
        .expect("stored");
    alters(1, "flip", json!(200));
    alters(2, "cut", json!(null));
    alters(3, "put", json!(ending(6)));
    alters(4, "put", json!(ending(4)));
    alters(5, "flip", json!(EXPIRY));

    tab.restart();
    assert_eq!(tab.unlocks(NOW, vault).cards.len(), 6);
    for number in 1..=5 {
        assert!(
            tab.reads(NOW, note(number)).is_err(),
            "note {number} opens though it was altered"
        );
    }
    let (revision, text) = tab.reads(NOW, note(6)).expect("nobody touched it");
    assert_eq!(
        (revision, text.as_slice()),
        (1, b"note 6, as it was written first".as_slice())
    );
    let Ok(Answer::List(list)) = tab.ask(NOW, Request::List) else {
        panic!("no list")
    };
    assert_eq!((list.cards.len(), list.damaged), (1, 5), "off the list, and counted");
    let failed = logged(&tab).filter(|row| row.event == Event::IntegrityFailed);
    assert_eq!(failed.count(), 5, "each of them is in the log");
}
