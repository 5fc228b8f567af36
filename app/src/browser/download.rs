use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;

use super::clock;
use super::window::window;

/// How long the browser may take to begin reading what it saves, in milliseconds.
const READING: u32 = 10_000;

/// Hands bytes to the browser as a file to save.
pub fn save(name: &str, media_type: &str, bytes: &[u8]) {
    // Each step fails only where a page has no document; then there is nothing to save from.
    let _ = try_save(name, media_type, bytes);
}

fn try_save(name: &str, media_type: &str, bytes: &[u8]) -> Option<()> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = Array::of1(&Uint8Array::from(bytes));
    let blob = web_sys::Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?;
    let url = web_sys::Url::create_object_url_with_blob(&blob).ok()?;
    let link: web_sys::HtmlAnchorElement = window().document()?.create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    wasm_bindgen_futures::spawn_local(async move {
        clock::sleep(READING).await;
        // Gone already is as good.
        let _ = web_sys::Url::revoke_object_url(&url);
    });
    Some(())
}
