//! The built site in a real browser, driven as a clinician drives it. `cargo xtask test browser` runs these.

mod chrome;
mod scratch;
mod site;
mod webdriver;
