//! Looks for what was said in places where it must not be.

use std::path::Path;

use serde_json::json;

use crate::chrome::Chrome;

/// How many words in a row count as a trace of the transcript.
const RUN: usize = 4;

/// Every run of four words in a text, as bytes in the two encodings that browsers store text in.
pub struct Traces(Vec<Vec<u8>>);

impl Traces {
    pub fn of(transcript: &str) -> Traces {
        let words: Vec<&str> = transcript.split_whitespace().collect();
        assert!(
            words.len() >= RUN,
            "a transcript of {} words leaves no trace to look for",
            words.len()
        );
        let runs = words.windows(RUN).map(|run| run.join(" "));
        let encoded = runs.flat_map(|run| {
            let utf16 = run.encode_utf16().flat_map(u16::to_le_bytes).collect();
            [run.into_bytes(), utf16]
        });
        Traces(encoded.collect())
    }

    /// # Panics
    /// When a trace is in there; says where, not what.
    pub fn are_absent_from(&self, place: &str, bytes: &[u8]) {
        let found = self
            .0
            .iter()
            .any(|trace| bytes.windows(trace.len()).any(|window| window == trace));
        assert!(!found, "{place} holds {RUN} words of the transcript in a row");
    }

    /// Every file below a folder.
    pub fn are_absent_below(&self, folder: &Path) {
        for entry in std::fs::read_dir(folder)
            .unwrap_or_else(|why| panic!("{}: {why}", folder.display()))
            .flatten()
        {
            let path = entry.path();
            if path.is_dir() {
                self.are_absent_below(&path);
            } else if let Ok(bytes) = std::fs::read(&path) {
                self.are_absent_from(&path.display().to_string(), &bytes);
            }
        }
    }
}

/// Everything that the page's databases hold, keys and values, one after the other.
pub fn indexed_db(chrome: &Chrome) -> Vec<u8> {
    let body = "
        const promised = request => new Promise((done, failed) => {
            request.onsuccess = () => done(request.result);
            request.onerror = () => failed(request.error);
        });
        const out = [];
        const bytes = value => {
            if (value instanceof ArrayBuffer) out.push(...new Uint8Array(value));
            else if (ArrayBuffer.isView(value)) out.push(...new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
            else out.push(...new TextEncoder().encode(JSON.stringify(value)));
        };
        for (const { name } of await indexedDB.databases()) {
            const database = await promised(indexedDB.open(name));
            for (const store of database.objectStoreNames) {
                const records = database.transaction(store).objectStore(store);
                for (const key of await promised(records.getAllKeys())) bytes(key);
                for (const value of await promised(records.getAll())) bytes(value);
            }
            database.close();
        }
        return out;";
    let bytes = chrome.script(body, json!([]));
    let bytes = bytes.as_array().expect("a list of bytes").iter();
    bytes
        .map(|byte| byte.as_u64().and_then(|byte| u8::try_from(byte).ok()).expect("a byte"))
        .collect()
}
