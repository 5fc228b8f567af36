use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::models::ModelFile;
use super::window::window;
use crate::problem::FileProblem;

/// A text file that a person chose; nothing of it is read yet.
pub struct TextFile(web_sys::File);

/// A file that a person chose and of which any stretch can be read.
pub struct AnyFile(web_sys::File);

impl AnyFile {
    /// Bytes.
    pub fn size(&self) -> u64 {
        self.0.size() as u64
    }

    pub(super) fn handle(&self) -> &web_sys::File {
        &self.0
    }

    /// At most so many bytes from there on; fewer at its end.
    ///
    /// # Errors
    /// [`FileProblem::Unreadable`].
    pub async fn read(&self, from: u64, most: u64) -> Result<Vec<u8>, FileProblem> {
        let to = (from + most).min(self.size());
        let slice = self.0.slice_with_f64_and_f64(from as f64, to as f64);
        let slice = slice.map_err(|_| FileProblem::Unreadable)?;
        let buffer = JsFuture::from(slice.array_buffer()).await;
        let bytes = Uint8Array::new(&buffer.map_err(|_| FileProblem::Unreadable)?).to_vec();
        // A file that became shorter while it was read would be read for ever.
        if bytes.len() as u64 == to - from {
            Ok(bytes)
        } else {
            Err(FileProblem::Unreadable)
        }
    }
}

/// Any file chosen in a file input.
pub fn chosen_any(event: &web_sys::Event) -> Option<AnyFile> {
    chosen_file(event).map(AnyFile)
}

/// The model chosen in a file input.
pub fn chosen_model(event: &web_sys::Event) -> Option<ModelFile> {
    chosen_file(event).map(ModelFile)
}

/// The text chosen in a file input.
pub fn chosen_text(event: &web_sys::Event) -> Option<TextFile> {
    chosen_file(event).map(TextFile)
}

impl TextFile {
    pub fn name(&self) -> String {
        self.0.name()
    }

    /// Text in UTF-8, of at most so many bytes.
    ///
    /// # Errors
    /// [`FileProblem::TooLong`], [`FileProblem::NotText`], [`FileProblem::Unreadable`].
    pub async fn read(self, most: usize) -> Result<String, FileProblem> {
        if self.0.size() > most as f64 {
            return Err(FileProblem::TooLong);
        }
        let bytes = JsFuture::from(self.0.array_buffer())
            .await
            .map_err(|_| FileProblem::Unreadable)?;
        String::from_utf8(Uint8Array::new(&bytes).to_vec()).map_err(|_| FileProblem::NotText)
    }
}

/// Empties the input, so that the same file can be chosen again.
fn chosen_file(event: &web_sys::Event) -> Option<web_sys::File> {
    let input: web_sys::HtmlInputElement = event.target()?.dyn_into().ok()?;
    let file = input.files()?.get(0)?;
    input.set_value("");
    Some(file)
}

/// A file that lies beside the page; nothing where it cannot be had.
pub(super) async fn fetch(url: &'static str) -> Option<ArrayBuffer> {
    let response = JsFuture::from(window().fetch_with_str(url)).await.ok()?;
    let response: web_sys::Response = response.dyn_into().ok().filter(web_sys::Response::ok)?;
    JsFuture::from(response.array_buffer().ok()?)
        .await
        .ok()?
        .dyn_into()
        .ok()
}

/// The bytes of such a file.
pub(super) async fn fetch_bytes(url: &'static str) -> Option<Vec<u8>> {
    Some(Uint8Array::new(&fetch(url).await?.into()).to_vec())
}
