use note::Models;

use super::file::fetch_bytes;

/// The note's models, which lie beside the page; nothing where they cannot be had or are not whole.
pub async fn fetch() -> Option<Models> {
    Models::parse(&fetch_bytes("note/lines.bin").await?)
}
