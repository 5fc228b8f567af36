//! Whoever keeps a vault can take everything out of it, bring it back, hold it, and be rid of it, each with its proof.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use app::keeper::protocol::{Answer, Credential, Id, List, Request};
use serde_json::{Value, json};

use crate::cases::{bytes, cases};
use crate::chrome::{Chrome, Gpu, Microphone, wait_until};
use crate::clinician::{Clinician, PASSPHRASE, SOON};
use crate::keeper::{Tab, saving};
use crate::scratch::Scratch;
use crate::site::{Site, data, from_xtask};

const OTHER: &str = "nine loud magpies under the eaves";

const DAY: u64 = 24 * 3_600;

#[test]
fn a_backup_comes_back_identical_and_is_read_without_sotto() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.presses("start-visit");
    clinician.chooses("consent-by", "A parent or guardian");
    clinician.presses("consent-written");
    clinician.is_told("consent-said", "A parent or guardian agreed in writing");
    chrome.choose_file("[data-test=open-transcript]", &data("visit.txt"));
    clinician.waits_for_note();
    clinician.types("visit-label", "Room 5, Tuesday");
    clinician.reads_all();
    // Which sections were read is stored a moment later.
    std::thread::sleep(Duration::from_secs(2));
    clinician.waits_for_save();
    clinician.presses("close-visit");

    let wrong = Handover { clinician: &clinician };
    wrong.asks("save-backup", OTHER);
    clinician.is_told("handover-said", "does not open");
    let backup = wrong.saves("save-backup", ".sottobak");
    let before = everything(&wrong.saves("save-json", ".json"));
    let text = std::fs::read_to_string(wrong.saves("save-text", ".txt")).expect("it is text");
    assert!(text.contains("Room 5, Tuesday") && text.contains("WHAT WAS SAID"));
    let before_visit = &before["visits"][0];

    // Another program, written from the specification alone, finds the very bytes.
    let out = Scratch::new("read-backup");
    let records = read_by_python(&backup, out.path());
    for (namespace, part) in [("visit", "note"), ("transcript", "transcript")] {
        let record = records.iter().find(|record| record["namespace"] == namespace);
        let id = record.expect("it is in the backup")["id"]
            .as_str()
            .expect("an id")
            .to_owned();
        let plaintext = std::fs::read(out.path().join(id)).expect("it was written");
        let plaintext: Value = serde_json::from_slice(&plaintext).expect("parts are JSON");
        assert_eq!(plaintext, before_visit[part], "{namespace}");
    }

    // The vault goes, by its owner's proof alone; another one takes the backup in.
    clinician.presses("erase");
    assert!(
        chrome
            .text("[data-test=erase-scope]")
            .is_some_and(|scope| scope.contains("only vault"))
    );
    clinician.types("erase-proof", OTHER);
    clinician.presses("confirm-erase");
    clinician.is_told("erase-said", "does not open");
    clinician.types("erase-proof", PASSPHRASE);
    clinician.presses("confirm-erase");
    clinician.sees("create-vault", SOON);
    clinician.types("passphrase", OTHER);
    clinician.types("passphrase-repeat", OTHER);
    clinician.presses("create-vault");
    clinician.sees("start-visit", SOON);
    clinician.presses("settings");
    clinician.types("restore-secret", PASSPHRASE);
    chrome.choose_file("[data-test=restore-file]", &backup);
    clinician.is_told("restore-said", "Taken in: 1 visit.");
    std::fs::remove_file(chrome.downloaded(".json", SOON)).expect("the first one");
    wrong.asks("save-json", OTHER);
    let after = everything(&chrome.downloaded(".json", SOON));
    let after_visit = &after["visits"][0];
    for field in ["note", "transcript", "expires_at", "held"] {
        assert_eq!(after_visit[field], before_visit[field], "{field}");
    }
    // The consent names the visit by its new name.
    let consents = |read: &Value| read["consents"].as_array().cloned().unwrap_or_default();
    let (old, new) = (consents(&before), consents(&after));
    assert_eq!((old.len(), new.len()), (1, 1));
    assert_eq!(
        (&old[0]["visit"], &new[0]["visit"]),
        (&before_visit["id"], &after_visit["id"])
    );
    for field in ["at", "by", "how"] {
        assert_eq!(new[0][field], old[0][field], "{field}");
    }
    assert_ne!(before_visit["id"], after_visit["id"]);
    clinician.presses("back");
    clinician.presses("visit-row");
    clinician.sees("note-section", SOON);

    // A second time adds nothing.
    clinician.presses("close-visit");
    clinician.presses("settings");
    clinician.types("restore-secret", PASSPHRASE);
    chrome.choose_file("[data-test=restore-file]", &backup);
    clinician.is_told("restore-said", "Here already: 1 visit.");
    std::fs::remove_file(chrome.downloaded(".json", SOON)).expect("the second one");
    wrong.asks("save-json", OTHER);
    let again = everything(&chrome.downloaded(".json", SOON));
    assert_eq!(again["visits"][0]["id"], after_visit["id"]);
    assert_eq!(consents(&again), new, "no consent is there twice");
    clinician.presses("back");
    clinician.presses("visit-row");
    clinician.sees("note-section", SOON);

    // A file that was touched adds nothing.
    let mut touched = std::fs::read(&backup).expect("the backup");
    let last = touched.len() - 1;
    touched[last] ^= 1;
    let file = out.path().join("touched.sottobak");
    std::fs::write(&file, touched).expect("the folder is ours");
    clinician.presses("close-visit");
    clinician.presses("settings");
    clinician.types("restore-secret", PASSPHRASE);
    chrome.choose_file("[data-test=restore-file]", &file);
    clinician.is_told("restore-said", "altered");
    clinician.presses("back");
    clinician.sees("visit-row", SOON);
    let rows = chrome.script(
        "return document.querySelectorAll('[data-test=visit-row]').length",
        json!([]),
    );
    assert_eq!(rows, 1);
}

/// The same cases that the format's own tests have; and what the browser's process needs for them.
#[test]
fn malicious_backups_are_refused_at_once_and_change_nothing() {
    const WITHIN: Duration = Duration::from_secs(1);
    const MEMORY: u64 = 64 << 20;
    /// The time of the cases.
    const THEN: u64 = 1_799_999_999;
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let tab = Tab::start(&chrome, &site.origin);
    tab.creates_vault(THEN, "One");
    tab.ask(THEN, saving(Id([1; 16]), 1, THEN + 30 * DAY, b"a note"))
        .expect("stored");
    let keys = tab.keyrings();
    let files = cases(concat!("../", "crates/vault/vectors/v2"), "backup_");
    let bad = files.iter().filter(|(_, case)| case["expect"] != "ok");
    let (mut count, mut longest) = (0, Duration::ZERO);
    // The first call forgets what was before.
    chrome.peak_memory();
    let memory = chrome.peak_memory();
    for (name, case) in bad {
        let (file, output) = (bytes(&case["file"]), bytes(&case["prf"]));
        let begun = Instant::now();
        let (beginning, rest) = file.split_at(file.len().min(vault::backup::LONGEST_HEADER));
        let beginning = beginning.to_vec();
        let with = Credential::Passkey { output };
        assert_eq!(case["now"], THEN.to_string());
        let mut refused = tab.ask(THEN, Request::Restore { beginning, with }).is_err();
        for piece in rest.chunks(1 << 20) {
            refused = refused || tab.ask(THEN, Request::RestoreNext(piece.to_vec())).is_err();
        }
        refused = refused || tab.ask(THEN, Request::RestoreEnd).is_err();
        let took = begun.elapsed();
        assert!(refused, "{name} was taken in");
        assert!(took < WITHIN, "{name} was refused after {took:?}");
        (count, longest) = (count + 1, longest.max(took));
    }
    let grown = chrome.peak_memory().saturating_sub(memory);
    assert!(count > 20, "{count} cases");
    println!(
        "{count} malicious backups refused, each within {longest:?}; memory grew by {} KiB at most",
        grown >> 10
    );
    assert!(grown <= MEMORY);
    assert_eq!(list(&tab, THEN).cards.len(), 1);
    assert_eq!(live(&tab.keyrings()), live(&keys), "the keys are as they were");
}

#[test]
fn holds_certificates_and_the_clock_are_in_the_clinicians_hands() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    for label in ["Kept by law", "Asked to be deleted", "Simply over"] {
        clinician.presses("start-visit");
        clinician.sees("record", SOON);
        clinician.types("visit-label", label);
        clinician.waits_for_save();
        if label == "Kept by law" {
            clinician.presses("hold-visit");
            clinician.is_told("visit-expiry", "Under legal hold");
        }
        clinician.presses("close-visit");
        clinician.sees("start-visit", SOON);
    }
    let row = |label: &str| {
        let body =
            "const row = [...document.querySelectorAll('.row')].find(row => row.innerText.includes(arguments[0]));
            return row ? row.innerText : null;";
        chrome.script(body, json!([label])).as_str().map(str::to_owned)
    };
    let held = wait_until("the held visit", SOON, || row("Kept by law"));
    assert!(held.contains("legal hold") && !held.contains("Delete"), "{held}");
    let other = row("Simply over").expect("it is on the list");
    assert!(
        other.contains("30 days left") || other.contains("29 days left"),
        "{other}"
    );

    // Deleted on request: the paper says so, and only this vault can have made it.
    press_in_row(&chrome, "Asked to be deleted", "delete-visit");
    clinician.presses("delete-certified");
    wait_until("the visit to go", SOON, || {
        row("Asked to be deleted").is_none().then_some(())
    });
    let paper = chrome.downloaded(".txt", SOON);
    let text = std::fs::read_to_string(&paper).expect("a certificate is text");
    assert!(
        text.contains("certificate of deletion") && text.contains("record "),
        "{text}"
    );
    let forged = paper.with_file_name("forged.txt");
    std::fs::write(
        &forged,
        text.replacen("record 0", "record 1", 1).replacen("time 2", "time 3", 1),
    )
    .expect("ours");
    clinician.presses("settings");
    clinician.presses("go-audit");
    for (file, said) in [(&paper, "This vault made"), (&forged, "no certificate of this vault")] {
        chrome.choose_file("[data-test=certificate-file]", file);
        clinician.is_told("certificate-said", said);
    }

    // The log is checked by whoever proves to be its owner.
    clinician.sees("audit-verdict", SOON);
    clinician.types("audit-proof", OTHER);
    clinician.presses("audit-check");
    clinician.is_told("audit-said", "does not open");
    clinician.types("audit-proof", PASSPHRASE);
    clinician.presses("audit-check");
    clinician.is_told("audit-verdict", "Checked now: All");
    let log = chrome.text("main").expect("the log");
    for row in [
        "Put under legal hold",
        "Certificate of deletion made",
        "Failed attempt to unlock",
    ] {
        assert!(log.contains(row), "{row} is not in {log}");
    }
    clinician.presses("audit-csv");
    let table = std::fs::read_to_string(chrome.downloaded(".csv", SOON)).expect("a table is text");
    assert!(
        table.starts_with("number,time,event") && table.contains("hold-set"),
        "{table}"
    );
    clinician.presses("audit-jsonl");
    let lines = std::fs::read_to_string(chrome.downloaded(".jsonl", SOON)).expect("lines are text");
    assert!(lines.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));

    // Forty days later: nothing goes before somebody has looked at the clock, and what is held stays even then.
    let turn = "const real = Date.now; Date.now = () => real() + 40 * 86400 * 1000;";
    chrome.script(turn, json!([]));
    clinician.sees("unlock", SOON);
    clinician.unlocks(PASSPHRASE);
    clinician.sees("confirm-clock", SOON);
    clinician.presses("confirm-clock");
    wait_until("what is over to go", SOON, || {
        row("Simply over").is_none().then_some(())
    });
    assert!(row("Kept by law").is_some(), "it is held");
    wait_until("the question to be answered", SOON, || {
        clinician.does_not_see("confirm-clock").then_some(())
    });
}

#[test]
fn one_persons_erasing_leaves_the_others_alone() {
    let site = Site::serve();
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.presses("lock");
    clinician.presses("new-profile");
    clinician.sees("profile-name", SOON);
    clinician.types("profile-name", "Second");
    clinician.types("passphrase", OTHER);
    clinician.types("passphrase-repeat", OTHER);
    clinician.presses("create-vault");
    clinician.presses("settings");
    clinician.presses("erase");
    clinician.is_told("erase-scope", "This workstation");
    clinician.types("erase-proof", OTHER);
    clinician.presses("confirm-erase");
    clinician.sees("unlock", SOON);
    assert!(clinician.does_not_see("profile"), "one vault is left");
    clinician.unlocks(PASSPHRASE);
    clinician.sees("start-visit", SOON);
}

/// The settings' part about handing over.
struct Handover<'a> {
    clinician: &'a Clinician<'a>,
}

impl Handover<'_> {
    fn asks(&self, what: &str, passphrase: &str) {
        if self.clinician.does_not_see("handover-proof") {
            self.clinician.presses("settings");
            self.clinician.sees("ways", SOON);
        }
        self.clinician.types("handover-proof", passphrase);
        self.clinician.presses(what);
    }

    fn saves(&self, what: &str, ending: &str) -> PathBuf {
        self.asks(what, PASSPHRASE);
        self.clinician.is_told("handover-said", "Saved");
        self.clinician.downloaded(ending)
    }
}

/// A readable export, with one visit.
fn everything(file: &Path) -> Value {
    let read: Value = serde_json::from_slice(&std::fs::read(file).expect("it was saved")).expect("it is JSON");
    assert!(read["log"].as_array().is_some_and(|log| log.len() > 3));
    assert_eq!(read["visits"].as_array().map(Vec::len), Some(1));
    read
}

fn read_by_python(backup: &Path, out: &Path) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/vault/vectors/read_backup.py");
    let ran = Command::new(from_xtask("SOTTO_PYTHON"))
        .arg(script)
        .arg(backup)
        .arg("--out")
        .arg(out)
        .env("SOTTO_SECRET", PASSPHRASE)
        .output()
        .expect("python starts");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let lines = String::from_utf8(ran.stdout).expect("it prints text");
    lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("one JSON object a line"))
        .collect()
}

fn press_in_row(chrome: &Chrome, label: &str, what: &str) {
    let body = "[...document.querySelectorAll('.row')].find(row => row.innerText.includes(arguments[0]))
        .querySelector(`[data-test=${arguments[1]}]`).click();";
    chrome.script(body, json!([label, what]));
}

fn list(tab: &Tab, now: u64) -> List {
    match tab.ask(now, Request::List) {
        Ok(Answer::List(list)) => list,
        Ok(_) => panic!("another answer"),
        Err(why) => panic!("{why:?}"),
    }
}

/// The slots that hold a key.
fn live(keyring: &[u8]) -> Vec<Vec<u8>> {
    let slots = keyring.chunks(128).filter(|slot| slot[0] == 1);
    slots.map(<[u8]>::to_vec).collect()
}
