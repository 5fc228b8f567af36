use js_sys::Uint8Array;
use note::Models;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::window::window;

/// The note's models, which lie beside the page; nothing where they cannot be had or are not whole.
pub async fn fetch() -> Option<Models> {
    let response = JsFuture::from(window().fetch_with_str("note/lines.bin")).await.ok()?;
    let response: web_sys::Response = response.dyn_into().ok()?;
    let bytes = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
    Models::parse(&Uint8Array::new(&bytes).to_vec())
}
