//! A tab that speaks to the shipped vault worker by itself, as the page does: the same messages, in bytes.

use app::keeper::Trouble;
use app::keeper::protocol::{
    Answer, Class, Credential, Errand, FromWorker, Id, List, Part, Request, Saving, ToWorker, decode, encode,
};
use serde_json::{Value, json};

use crate::chrome::Chrome;
use crate::clinician::PASSPHRASE;

/// Layout of the parts that these tests store; the worker does not look into them.
const SCHEMA: u16 = 2;

/// The tab that is in front, with a vault worker of its own.
pub struct Tab<'a> {
    chrome: &'a Chrome,
}

/// What a worker is started with, and how it is asked: posted at once, answered under a number.
const START: &str = "
    window.answers = [];
    window.keeper = new Worker('vault-worker_loader.js');
    await new Promise(up => {
        keeper.onmessage = ({ data }) => {
            const bytes = [...new Uint8Array(data)];
            // News are of no number.
            if (bytes.length === 0) up(); else if (bytes[0] !== 1) answers.push(bytes);
        };
    });";

const ASK: &str = "
    for (const bytes of arguments[0]) keeper.postMessage(new Uint8Array(bytes).buffer);";

const ANSWERS: &str = "
    while (answers.length < arguments[0]) await new Promise(later => setTimeout(later, 2));
    return answers.splice(0, arguments[0]);";

impl<'a> Tab<'a> {
    /// Opens a page of the site on which the app does not run, and starts a worker there.
    pub fn start(chrome: &'a Chrome, origin: &str) -> Self {
        chrome.goto(&format!("{origin}/prove.html"));
        let tab = Tab { chrome };
        tab.restart();
        tab
    }

    /// Ends the worker, as locking does, and starts another.
    pub fn restart(&self) {
        let body = format!("if (window.keeper) keeper.terminate(); {START}");
        self.chrome.script(&body, json!([]));
    }

    pub fn post(&self, now: u64, requests: Vec<Request>) {
        let asks = requests.into_iter().map(|request| {
            let number = 0;
            encode(&ToWorker::Ask { number, now, request })
        });
        self.chrome.script(ASK, json!([asks.collect::<Vec<_>>()]));
    }

    pub fn answers(&self, count: usize) -> Vec<Result<Answer, Trouble>> {
        let answers = self.chrome.script(ANSWERS, json!([count]));
        let answers = answers.as_array().expect("a list of answers").iter();
        answers
            .map(|answer| match decode(&bytes(answer)) {
                Some(FromWorker::Answer { answer, .. }) => answer,
                Some(FromWorker::News(_) | FromWorker::Errand(_)) | None => panic!("no answer"),
            })
            .collect()
    }

    pub fn ask(&self, now: u64, request: Request) -> Result<Answer, Trouble> {
        self.post(now, vec![request]);
        self.answers(1).pop().expect("one answer")
    }

    pub fn creates_vault(&self, now: u64, name: &str) -> Id {
        let request = Request::Create {
            name: name.to_owned(),
            passphrase: PASSPHRASE.to_owned(),
        };
        match self.ask(now, request) {
            Ok(Answer::Unlocked(unlocked)) => unlocked.vault,
            Ok(_) => panic!("another answer"),
            Err(why) => panic!("{why:?}"),
        }
    }

    pub fn unlocks(&self, now: u64, vault: Id) -> List {
        let with = Credential::Passphrase(PASSPHRASE.to_owned());
        match self.ask(now, Request::Unlock { vault, with }) {
            Ok(Answer::Unlocked(unlocked)) => unlocked.list,
            Ok(_) => panic!("another answer"),
            Err(why) => panic!("{why:?}"),
        }
    }

    /// The first part of a note.
    pub fn reads(&self, now: u64, note: Id) -> Result<(u32, Vec<u8>), Trouble> {
        match self.ask(now, Request::Open { note })? {
            Answer::Opened(mut opened) => Ok((opened.card.revision, opened.parts.swap_remove(0).bytes)),
            _ => panic!("another answer"),
        }
    }

    /// Runs an errand in a worker of its own.
    pub fn errand(&self, errand: Errand) -> Result<Vec<u8>, Trouble> {
        self.restart();
        let sent = encode(&ToWorker::Errand(errand));
        self.chrome.script(ASK, json!([[sent]]));
        let answers = self.chrome.script(ANSWERS, json!([1]));
        match decode(&bytes(&answers[0])) {
            Some(FromWorker::Errand(outcome)) => outcome,
            Some(_) | None => panic!("no errand's answer"),
        }
    }

    /// The bytes of every keyring on this device.
    pub fn keyrings(&self) -> Vec<u8> {
        keyrings(self.chrome)
    }
}

/// The same where the app itself runs.
pub fn keyrings(chrome: &Chrome) -> Vec<u8> {
    let body = "
            const root = await navigator.storage.getDirectory();
            const folder = await root.getDirectoryHandle('sotto-keyrings');
            const all = [];
            for await (const file of folder.values()) {
                all.push(...new Uint8Array(await (await file.getFile()).arrayBuffer()));
            }
            return all;";
    bytes(&chrome.script(body, json!([])))
}

/// The names of the keyrings' files.
pub fn keyring_files(chrome: &Chrome) -> Vec<String> {
    let body = "
        const root = await navigator.storage.getDirectory();
        const folder = await root.getDirectoryHandle('sotto-keyrings');
        const names = [];
        for await (const name of folder.keys()) names.push(name);
        return names;";
    let names = chrome.script(body, json!([]));
    let names = names.as_array().expect("a list of names").iter();
    names.filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// Everything that the database holds: of each store its rows, key first.
pub fn stored(chrome: &Chrome) -> Value {
    let body = "
        const done = request => new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = no; });
        const database = await done(indexedDB.open('sotto'));
        const plain = value => value instanceof Uint8Array ? [...value]
            : value instanceof Object ? Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)])) : value;
        const all = {};
        for (const name of database.objectStoreNames) {
            const store = database.transaction(name).objectStore(name);
            const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
            all[name] = keys.map((key, index) => [key, plain(values[index])]);
        }
        database.close();
        return all;";
    chrome.script(body, json!([]))
}

/// A note with one part.
pub fn saving(note: Id, revision: u32, expires_at: u64, text: &[u8]) -> Request {
    Request::Save(Saving {
        note,
        revision,
        summary: b"{}".to_vec(),
        parts: vec![Part {
            class: Class::Note,
            schema: SCHEMA,
            expires_at,
            bytes: text.to_vec(),
        }],
    })
}

fn bytes(list: &Value) -> Vec<u8> {
    let bytes = list.as_array().expect("a list of bytes").iter();
    bytes
        .map(|byte| byte.as_u64().and_then(|byte| u8::try_from(byte).ok()).expect("a byte"))
        .collect()
}
