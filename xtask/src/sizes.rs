//! How big the four wasm binaries are, and whether that is within budget.

use std::io::Write;
use std::path::Path;

use crate::{Outcome, assets};

/// Bytes after brotli at its best level: what a web host sends.
const PAGE_BUDGET: usize = 500_000;
const WRITER_BUDGET: usize = 400_000;
const VAULT_BUDGET: usize = 260_000;
const WORKER_BUDGET: usize = 3_000_000;

/// Prints a row for each binary.
///
/// # Errors
/// A binary that is missing or over its budget.
pub fn check(dist: &Path) -> Outcome {
    println!(
        "{:<8} {:>12} {:>12} {:>12} {:>12}",
        "", "raw", "gzip", "brotli", "budget"
    );
    let page = row(dist, "page", "app", PAGE_BUDGET)?;
    let writer = row(dist, "writer", "note-writer", WRITER_BUDGET)?;
    let worker = row(dist, "worker", "speech-worker", WORKER_BUDGET)?;
    let vault = row(dist, "vault", "vault-worker", VAULT_BUDGET)?;
    if page && writer && vault && worker {
        Ok(())
    } else {
        Err("The site is over its budget.".to_owned())
    }
}

fn row(dist: &Path, label: &str, name: &str, budget: usize) -> Outcome<bool> {
    let is_it = |file: &&std::path::PathBuf| {
        let file = file.file_name().unwrap_or_default().to_string_lossy();
        file.starts_with(name) && file.ends_with(".wasm")
    };
    let files = assets::files(dist)?;
    let file = files
        .iter()
        .find(is_it)
        .ok_or_else(|| format!("dist/ holds no wasm of {name}."))?;
    let bytes = std::fs::read(file).map_err(|why| format!("{}: {why}", file.display()))?;
    let sent = brotli(&bytes);
    let within = sent <= budget;
    let verdict = if within { "" } else { "  OVER BUDGET" };
    println!(
        "{label:<8} {:>12} {:>12} {sent:>12} {budget:>12}{verdict}",
        bytes.len(),
        gzip(&bytes)
    );
    Ok(within)
}

fn gzip(bytes: &[u8]) -> usize {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory takes every byte");
    encoder.finish().expect("memory takes every byte").len()
}

fn brotli(bytes: &[u8]) -> usize {
    const BUFFER: usize = 1 << 16;
    const BEST: u32 = 11;
    const WINDOW_BITS: u32 = 22;
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), BUFFER, BEST, WINDOW_BITS);
    encoder.write_all(bytes).expect("memory takes every byte");
    encoder.into_inner().len()
}
