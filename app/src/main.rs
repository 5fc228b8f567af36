//! Starts the page.

use app::App;
use app::browser::{clock, window, writer};
use note::{Style, Template};
use speech::{Transcript, dialogue};
use wasm_bindgen::prelude::wasm_bindgen;

fn main() {
    // The message of a panic can hold patient text: it is neither shown nor logged.
    std::panic::set_hook(Box::new(|_| window::show_stopped()));
    window::started();
    leptos::mount::mount_to_body(App);
}

/// How long the lines of a note take to follow a visit on this device: milliseconds for each turn of a written one. A
/// recording of this length takes an hour to make.
#[wasm_bindgen]
pub fn look_times(visit: &str) -> Vec<f64> {
    let Some(writer) = writer::running() else {
        return vec![];
    };
    let (template, style) = (Template::history_and_physical(), Style::default());
    let mut so_far = Transcript::default();
    let mut took = Vec::new();
    for turn in dialogue::read(visit).segments() {
        so_far.insert(turn.clone());
        let began = clock::monotonic();
        writer.draft(&so_far, &template, &style);
        took.push(clock::monotonic() - began);
    }
    took
}
