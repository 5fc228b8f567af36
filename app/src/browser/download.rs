use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;

use super::clock;
use super::window::window;

/// How long the browser may take to begin reading what it saves, in milliseconds.
const READING: u32 = 10_000;

/// A file that is put together piece by piece; the pieces lie with the browser, which may keep them on the disk.
#[derive(Default)]
pub struct Saving {
    parts: Array,
    length: u64,
}

impl Saving {
    /// How many bytes there are now.
    pub fn add(&mut self, bytes: &[u8]) -> u64 {
        let piece = web_sys::Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)));
        // Fails only where a page has no document.
        if let Ok(piece) = piece {
            self.parts.push(&piece);
            self.length += bytes.len() as u64;
        }
        self.length
    }

    /// Hands the file to the browser to save.
    pub fn finish(self, name: &str, media_type: &str) {
        // Each step fails only where a page has no document; then there is nothing to save from.
        let _ = offer(&self.parts, name, media_type);
    }
}

/// Hands bytes to the browser as a file to save.
pub fn save(name: &str, media_type: &str, bytes: &[u8]) {
    let mut saving = Saving::default();
    saving.add(bytes);
    saving.finish(name, media_type);
}

fn offer(parts: &Array, name: &str, media_type: &str) -> Option<()> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(media_type);
    let blob = web_sys::Blob::new_with_blob_sequence_and_options(parts, &options).ok()?;
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
