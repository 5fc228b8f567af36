//! Looks for what was said in places where it must not be.

use std::collections::HashSet;
use std::path::Path;

use serde_json::json;

use crate::chrome::Chrome;
use crate::site::shipped_texts;

/// How many words in a row count as a trace of the transcript.
const RUN: usize = 4;

/// Every run of four words in a text, as bytes in the two encodings that browsers store text in.
pub struct Traces {
    runs: Vec<Vec<u8>>,
    /// The first two bytes of each run: a profile holds tens of megabytes, and few places in them begin like this.
    beginnings: HashSet<[u8; 2]>,
}

impl Traces {
    pub fn of(transcript: &str) -> Traces {
        let words: Vec<&str> = transcript.split_whitespace().collect();
        // What the site itself ships, such as the text of the sample, is no trace of this recording.
        let shipped = shipped_texts();
        let runs = words
            .windows(RUN)
            .map(|run| run.join(" "))
            .filter(|run| !shipped.contains(run));
        let encoded = runs.flat_map(|run| {
            let utf16 = run.encode_utf16().flat_map(u16::to_le_bytes).collect();
            [run.into_bytes(), utf16]
        });
        let runs: Vec<Vec<u8>> = encoded.collect();
        assert!(
            !runs.is_empty(),
            "a transcript of {} words leaves no trace to look for",
            words.len()
        );
        let beginnings = runs.iter().map(|run| [run[0], run[1]]).collect();
        Traces { runs, beginnings }
    }

    /// # Panics
    /// When a trace is in there; says where, not what.
    pub fn are_absent_from(&self, place: &str, bytes: &[u8]) {
        let begins = |at: &usize| self.beginnings.contains(&[bytes[*at], bytes[*at + 1]]);
        let mut candidates = (0..bytes.len().saturating_sub(1)).filter(begins);
        let found = candidates.any(|at| self.runs.iter().any(|run| bytes[at..].starts_with(run)));
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

/// How often these bytes lie in the files below a folder.
pub fn count_below(folder: &Path, needle: &[u8]) -> usize {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    files
        .map(|entry| match entry.path() {
            path if path.is_dir() => count_below(&path, needle),
            // What vanishes while a browser is at work holds nothing.
            path => std::fs::read(path).map_or(0, |bytes| count_in(&bytes, needle)),
        })
        .sum()
}

/// How often these bytes lie in others.
pub fn count_in(bytes: &[u8], needle: &[u8]) -> usize {
    let first = needle[0];
    let starts = (0..bytes.len()).filter(|&at| bytes[at] == first);
    starts.filter(|&at| bytes[at..].starts_with(needle)).count()
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
