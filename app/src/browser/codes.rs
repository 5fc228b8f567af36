use std::sync::Arc;

use note::Codes;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::window::window;

/// How many candidates are offered for one problem.
const MOST: usize = 8;

/// The list of codes; it is a few megabytes, so it is fetched when first asked for and shared from then on.
#[derive(Clone)]
pub struct List(Arc<Codes>);

impl List {
    /// Codes and titles, the likeliest first.
    pub fn search(&self, query: &str) -> Vec<(String, String)> {
        let found = self.0.search(query, MOST);
        found
            .iter()
            .map(|code| (code.dotted(), code.title.to_owned()))
            .collect()
    }
}

/// # Errors
/// Where the list cannot be had, or is none.
pub async fn fetch() -> Result<List, ()> {
    let response = JsFuture::from(window().fetch_with_str("codes/icd10cm.txt"))
        .await
        .map_err(|_| ())?;
    let response: web_sys::Response = response.dyn_into().map_err(|_| ())?;
    let text = JsFuture::from(response.text().map_err(|_| ())?).await.map_err(|_| ())?;
    let codes = Codes::parse(&text.as_string().ok_or(())?).map_err(|_| ())?;
    Ok(List(Arc::new(codes)))
}
