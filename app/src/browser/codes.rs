use std::sync::Arc;

use note::Codes;

use super::file::fetch_bytes;

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
    let bytes = fetch_bytes("codes/icd10cm.txt").await.ok_or(())?;
    let codes = Codes::parse(&String::from_utf8(bytes).map_err(|_| ())?).map_err(|_| ())?;
    Ok(List(Arc::new(codes)))
}
