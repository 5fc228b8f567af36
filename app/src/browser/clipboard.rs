use wasm_bindgen_futures::JsFuture;

use super::window::window;

/// # Errors
/// When the browser does not allow it; it says no more than that.
pub async fn write(text: &str) -> Result<(), ()> {
    let clipboard = window().navigator().clipboard();
    if clipboard.is_undefined() {
        return Err(());
    }
    JsFuture::from(clipboard.write_text(text))
        .await
        .map(|_| ())
        .map_err(|_| ())
}
