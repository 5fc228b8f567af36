//! The built site in a real browser, driven as a clinician drives it. `cargo xtask test browser` runs these.

mod dictation;

mod clips;

mod faults;

mod chrome;
mod clinician;
mod residue;
mod scratch;
mod site;
mod webdriver;
