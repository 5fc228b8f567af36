//! Leaves out what a browser never reads: the custom sections with function names, producers and target features.

use std::path::Path;

use crate::Outcome;

/// A module begins with its magic number and its version.
const HEADER: usize = 8;

/// Rewrites the file without its custom sections.
///
/// The compiler's own `strip` cannot be used instead: wasm-bindgen needs those sections, and runs after it.
pub fn strip(file: &Path) -> Outcome {
    let unreadable = |why| format!("{}: {why}", file.display());
    let module = std::fs::read(file).map_err(unreadable)?;
    let stripped = without_custom_sections(&module).ok_or_else(|| format!("{} is no wasm module.", file.display()))?;
    std::fs::write(file, stripped).map_err(unreadable)
}

/// `None` for bytes that are no sequence of sections.
fn without_custom_sections(module: &[u8]) -> Option<Vec<u8>> {
    let mut kept = module
        .get(..HEADER)
        .filter(|header| header.starts_with(b"\0asm"))?
        .to_vec();
    let mut rest = &module[HEADER..];
    while let Some((&id, after_id)) = rest.split_first() {
        let (size, length_of_size) = unsigned(after_id)?;
        let section = rest.get(..1 + length_of_size + size)?;
        const CUSTOM: u8 = 0;
        if id != CUSTOM {
            kept.extend_from_slice(section);
        }
        rest = &rest[section.len()..];
    }
    Some(kept)
}

/// An unsigned LEB128 number of at most 32 bits, and how many bytes it takes.
fn unsigned(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = 0usize;
    for (index, &byte) in bytes.iter().take(5).enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((value, index + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An empty type section, with a custom section called "name" before and after it.
    const MODULE: &[u8] = b"\0asm\x01\0\0\0\x00\x05\x04name\x01\x01\x00\x00\x85\x00\x04name";

    #[test]
    fn custom_sections_go_and_the_others_stay() {
        assert_eq!(
            without_custom_sections(MODULE).as_deref(),
            Some(&b"\0asm\x01\0\0\0\x01\x01\x00"[..])
        );
    }

    #[test]
    fn what_is_cut_short_is_refused() {
        assert_eq!(without_custom_sections(b"\0as"), None);
        assert_eq!(without_custom_sections(&MODULE[..MODULE.len() - 1]), None);
        assert_eq!(without_custom_sections(b"<html></html>"), None);
    }
}
