//! The note writer's entry point; what it does is in [`app::writer`].

use std::cell::RefCell;

use app::writer::Work;
use wasm_bindgen::prelude::wasm_bindgen;

thread_local! {
    static WORK: RefCell<Work> = RefCell::default();
}

fn main() {
    // The message of a panic can hold patient text: it is neither shown nor logged.
    std::panic::set_hook(Box::new(|_| {}));
}

/// Nothing for what is no question.
#[wasm_bindgen]
pub fn ask(question: &[u8]) -> Option<Vec<u8>> {
    WORK.with_borrow_mut(|work| work.answer_bytes(question))
}
