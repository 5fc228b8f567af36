//! The built site in a real browser, driven as a clinician drives it. `cargo xtask test browser` runs these.

mod altered;

mod bench;

mod access;

mod dictation;

mod clips;

mod faults;

mod broken;

mod seal;

mod updates;

mod firefox;

mod notes;

mod vocabulary;

mod vault;

mod version_1;

mod database;

mod files;

mod interruptions;

mod journal;

mod tabs;

mod custody;

mod consent;

mod ways;

mod whisper;
mod whole;

mod languages;

mod memory;

/// The vault's own reader of its vectors.
#[expect(dead_code, reason = "what a failure is called is asked natively alone")]
#[path = "../../crates/vault/tests/cases/mod.rs"]
mod cases;

mod chrome;
mod clinician;
mod decoy;
mod keeper;
mod marionette;
mod processes;
mod residue;
mod scratch;
mod site;
mod sound;
mod webdriver;
