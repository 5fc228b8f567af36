//! A model pack as one file, for a device that fetches nothing: a person brings it.
//!
//! | offset | bytes | field |
//! |---:|---:|---|
//! | 0 | 8 | magic `SottoMdl` |
//! | 8 | 1 | version: 1 |
//! | 9 | 3 | zero |
//! | 12 | 4 | length of the manifest, big-endian, at most [`LARGEST_MANIFEST`] |
//! | 16 | … | the pack's `manifest.json` |
//! | … | … | its shards in the manifest's order, each as long and with the SHA-256 that the manifest names |
//!
//! Nothing follows the last shard.

use std::fmt;

use serde::Deserialize;

/// Bytes before the manifest.
pub const HEAD: usize = 16;

/// A manifest holds the tokenizer and no weights.
pub const LARGEST_MANIFEST: u32 = 32 << 20;

const MAGIC: &[u8; 8] = b"SottoMdl";
const VERSION: u8 = 1;

/// What a page must know of a pack; the speech worker reads the rest.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Contents {
    pub name: String,
    /// True for packs that are fine for trying Sotto and not for patients.
    pub demonstration: bool,
    pub licence: String,
    pub origin: String,
    pub shards: Vec<Part>,
}

/// One file of a pack.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Part {
    pub file: String,
    pub bytes: u64,
    /// In lower-case hexadecimal.
    pub sha256: String,
}

/// Why a file is no model pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoBundle {
    Other,
    /// Written by a later Sotto.
    Newer,
}

/// The bytes before a manifest of this length.
///
/// # Errors
/// [`NoBundle::Other`] for a manifest over [`LARGEST_MANIFEST`].
pub fn head(manifest: usize) -> Result<[u8; HEAD], NoBundle> {
    let length = u32::try_from(manifest)
        .ok()
        .filter(|&length| length <= LARGEST_MANIFEST);
    let mut head = [0; HEAD];
    head[..8].copy_from_slice(MAGIC);
    head[8] = VERSION;
    head[12..].copy_from_slice(&length.ok_or(NoBundle::Other)?.to_be_bytes());
    Ok(head)
}

/// The length of the manifest that follows this head.
///
/// # Errors
/// [`NoBundle`].
pub fn manifest_length(head: &[u8]) -> Result<u32, NoBundle> {
    let head: &[u8; HEAD] = head.try_into().map_err(|_| NoBundle::Other)?;
    let [version, zeros @ ..] = &head[8..12] else {
        return Err(NoBundle::Other);
    };
    let length = u32::from_be_bytes([head[12], head[13], head[14], head[15]]);
    match (&head[..8] == MAGIC, *version, zeros) {
        (true, VERSION, [0, 0, 0]) if length <= LARGEST_MANIFEST => Ok(length),
        (true, later, _) if later > VERSION => Err(NoBundle::Newer),
        _ => Err(NoBundle::Other),
    }
}

impl Contents {
    /// True when every name can stand in an address, and no file is named twice.
    pub fn is_plain(&self) -> bool {
        let plain = |name: &str| {
            let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
            !name.is_empty() && name.len() <= 80 && !name.starts_with('.') && name.chars().all(allowed)
        };
        let hash = |hex: &str| hex.len() == 64 && hex.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
        let mut files: Vec<&str> = self.shards.iter().map(|part| part.file.as_str()).collect();
        files.sort_unstable();
        files.dedup();
        files.len() == self.shards.len()
            && plain(&self.name)
            && self.shards.iter().all(|part| plain(&part.file) && hash(&part.sha256))
    }

    /// Length of the whole file after a manifest of `manifest` bytes; `None` where no file is that long.
    pub fn file_length(&self, manifest: u32) -> Option<u64> {
        let before = HEAD as u64 + u64::from(manifest);
        self.shards
            .iter()
            .try_fold(before, |sum, part| sum.checked_add(part.bytes))
    }
}

/// Written for the person who chose the file.
impl fmt::Display for NoBundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NoBundle::Other => "This file is no Sotto model. Choose a file that ends in .sottomodel.",
            NoBundle::Newer => "This model was made for a later Sotto. Let the new version of Sotto in first.",
        })
    }
}

impl std::error::Error for NoBundle {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_head_says_how_long_its_manifest_is() {
        let read = head(70_000).map(|head| manifest_length(&head));
        assert_eq!(read, Ok(Ok(70_000)));
        assert_eq!(head(usize::MAX), Err(NoBundle::Other));
        let mut later = head(1).expect("short");
        later[8] = 2;
        assert_eq!(manifest_length(&later), Err(NoBundle::Newer));
    }

    #[test]
    fn names_that_are_paths_are_refused() {
        let contents = |file: &str| Contents {
            name: "tiny".to_owned(),
            demonstration: false,
            licence: "MIT".to_owned(),
            origin: "nowhere".to_owned(),
            shards: vec![Part {
                file: file.to_owned(),
                bytes: u64::MAX,
                sha256: "0".repeat(64),
            }],
        };
        assert!(contents("shard-0.bin").is_plain());
        for bad in ["", "../manifest.json", "a/b", ".hidden", "a?b", "a b"] {
            assert!(!contents(bad).is_plain(), "{bad:?}");
        }
        assert_eq!(contents("shard-0.bin").file_length(1), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_bytes_are_a_head_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..24)) {
            if let Ok(length) = manifest_length(&bytes) {
                prop_assert_eq!(head(length as usize).map(|head| head.to_vec()), Ok(bytes));
            }
        }
    }
}
