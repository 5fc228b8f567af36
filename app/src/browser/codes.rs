use super::file::fetch_bytes;

/// The list of codes; it is a few megabytes, so it is fetched when it is asked for. Nothing where it cannot be had.
pub async fn fetch() -> Option<Vec<u8>> {
    fetch_bytes("codes/icd10cm.txt").await
}
