//! What is left in the browser's memory once the vault is locked. `cargo xtask memory` runs this and shows what it finds.

use std::time::Duration;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use argon2::{Algorithm, Argon2, Params, Version};
use hkdf::Hkdf;
use serde_json::json;
use sha2::Sha256;
use vault::{Factor, Header};

use crate::chrome::{Chrome, Gpu, Microphone};
use crate::clinician::{Clinician, PASSPHRASE, SOON};
use crate::processes;
use crate::site::Site;

/// Something that is looked for.
struct Secret {
    what: &'static str,
    /// It must be nowhere once the vault is locked; the rest is counted and told.
    is_key: bool,
    /// A session needs it as long as the vault is open.
    held: bool,
    bytes: Vec<u8>,
}

#[test]
#[ignore = "reads the whole memory of the browser, twice: `cargo xtask memory`"]
fn a_locked_browser_holds_no_key() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.keeps_a_note();
    clinician.presses("close-visit");
    clinician.presses("visit-row");
    clinician.sees("note-section", SOON);
    let secrets = secrets(&chrome, &clinician.transcript());

    let open = count(&chrome, &secrets);
    clinician.presses("lock");
    clinician.sees("unlock", SOON);
    // The worker with the keys is ended at once, and its memory given back a little later.
    std::thread::sleep(Duration::from_secs(5));
    let locked = count(&chrome, &secrets);

    println!(
        "{:<44} {:>6} {:>8}",
        "how often in the browser's memory", "open", "locked"
    );
    for (at, secret) in secrets.iter().enumerate() {
        println!("{:<44} {:>6} {:>8}", secret.what, open.1[at], locked.1[at]);
    }
    println!(
        "memory searched: {} MB open, {} MB locked",
        open.0 >> 20,
        locked.0 >> 20
    );
    for (at, secret) in secrets.iter().enumerate() {
        assert!(
            !secret.held || open.1[at] > 0,
            "the search does not find {}",
            secret.what
        );
        assert!(!secret.is_key || locked.1[at] == 0, "{} is left", secret.what);
    }
}

/// The keys of the vault that is open, from its files and the passphrase.
fn secrets(chrome: &Chrome, transcript: &str) -> Vec<Secret> {
    let (header, keyring) = files(chrome);
    let parsed = Header::parse(&header).expect("the vault's header");
    let vault_id = parsed.vault().0;
    let vault_key = parsed
        .unlock(&Factor::Passphrase(PASSPHRASE))
        .expect("it opens")
        .hand_over()[20..]
        .to_vec();
    let slot = &header[64..];
    let number = |at: usize| u32::from_be_bytes(slot[at..at + 4].try_into().expect("four bytes"));
    let params = Params::new(number(4), number(8), number(12), Some(32)).expect("it was used");
    let mut stretched = vec![0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(PASSPHRASE.as_bytes(), &slot[16..32], &mut stretched)
        .expect("it was used");
    let k_wrap = derive(&vault_key, &[b"sotto/v2/wrap", vault_id.as_slice()].concat());
    let mut secrets = vec![
        key("the passphrase, stretched (U)", false, stretched.clone()),
        key("what wraps the vault key", false, derive(&stretched, b"sotto/v2/wrap")),
        key("the vault key", false, vault_key.clone()),
        key("K_wrap, which wraps each note's key", true, k_wrap.clone()),
        key(
            "K_meta",
            true,
            derive(&vault_key, &[b"sotto/v2/meta", vault_id.as_slice()].concat()),
        ),
    ];
    let wrapping = Aes256Gcm::new_from_slice(&k_wrap).expect("32 bytes");
    for slot in keyring.chunks(128).filter(|slot| slot[0] == 1) {
        let aad = [vault_id.as_slice(), &slot[..40]].concat();
        let nonce = Nonce::try_from(&slot[40..52]).expect("12 bytes");
        let payload = Payload {
            msg: &slot[52..100],
            aad: &aad,
        };
        let dek = wrapping.decrypt(&nonce, payload).expect("its own slot");
        if secrets.iter().all(|secret| secret.bytes != dek) {
            secrets.push(key("a record's key", false, dek));
        }
    }
    assert!(secrets.len() >= 8, "a note, its words and its line have keys");
    let said: String = transcript.chars().take(40).collect();
    for (what, text) in [
        ("the passphrase itself", PASSPHRASE),
        ("forty characters of what was said", &said),
    ] {
        secrets.push(text_in_memory(what, text.as_bytes().to_vec()));
        secrets.push(text_in_memory(
            "  the same as UTF-16",
            text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ));
    }
    secrets
}

fn key(what: &'static str, held: bool, bytes: Vec<u8>) -> Secret {
    Secret {
        what,
        is_key: true,
        held,
        bytes,
    }
}

fn text_in_memory(what: &'static str, bytes: Vec<u8>) -> Secret {
    Secret {
        what,
        is_key: false,
        held: false,
        bytes,
    }
}

fn derive(key: &[u8], info: &[u8]) -> Vec<u8> {
    let mut out = vec![0; 32];
    Hkdf::<Sha256>::new(None, key).expand(info, &mut out).expect("32 bytes");
    out
}

/// Bytes searched, and how often each secret was in them.
fn count(chrome: &Chrome, secrets: &[Secret]) -> (u64, Vec<usize>) {
    let mut found = vec![0; secrets.len()];
    let mut beginnings: Vec<Vec<usize>> = vec![Vec::new(); 1 << 16];
    for (at, secret) in secrets.iter().enumerate() {
        beginnings[usize::from(secret.bytes[0]) << 8 | usize::from(secret.bytes[1])].push(at);
    }
    let mut total = 0;
    let renderers = chrome.renderers();
    assert!(!renderers.is_empty(), "the page has a process");
    for id in renderers {
        total += processes::memory(id, |bytes| {
            for (at, pair) in bytes.windows(2).enumerate() {
                for &secret in &beginnings[usize::from(pair[0]) << 8 | usize::from(pair[1])] {
                    found[secret] += usize::from(bytes[at..].starts_with(&secrets[secret].bytes));
                }
            }
        });
    }
    (total, found)
}

/// The vault's header and its keyring, as they lie on the disk.
fn files(chrome: &Chrome) -> (Vec<u8>, Vec<u8>) {
    let body = "
        const done = request => new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = no; });
        const database = await done(indexedDB.open('sotto'));
        const [row] = await done(database.transaction('vaults').objectStore('vaults').getAll());
        database.close();
        const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('sotto-keyrings');
        const keyring = [];
        for await (const file of folder.values()) keyring.push(...new Uint8Array(await (await file.getFile()).arrayBuffer()));
        return [[...row.bytes], keyring];";
    let read = chrome.script(body, json!([]));
    let bytes = |value: &serde_json::Value| -> Vec<u8> {
        let list = value.as_array().expect("a list of bytes").iter();
        list.map(|byte| byte.as_u64().and_then(|byte| u8::try_from(byte).ok()).expect("a byte"))
            .collect()
    };
    let row = bytes(&read[0]);
    let magic = row.windows(8).position(|bytes| bytes == b"SottoVlt").expect("a header");
    (row[magic..].to_vec(), bytes(&read[1]))
}
