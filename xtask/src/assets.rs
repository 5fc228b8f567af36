//! dist/assets.json: what the service worker keeps, and the version that names its store.

use std::path::{Path, PathBuf};

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::Outcome;

const LIST: &str = "assets.json";

/// Not in the list: the list itself; the service worker, which the browser keeps; and what only a web host reads.
const APART: [&str; 3] = [LIST, "sw.js", "_headers"];

/// Writes `{"version", "files": [{"path", "sha256", "bytes"}]}`, paths relative to the site and in order.
///
/// The weights are missing on purpose: the speech worker fetches, verifies and keeps those itself, so that a new version
/// of the page does not fetch them again. Their manifests are in the list: a version of the site is with one version of
/// its packs, and a worker whose page was loaded without a network finds the manifest without one too.
pub fn write_list(dist: &Path) -> Outcome {
    let mut listed = Vec::new();
    let mut version = Sha256::new();
    for file in files(dist)? {
        let path = relative(dist, &file);
        if APART.contains(&path.as_str()) || is_weights(dist, &file) {
            continue;
        }
        let bytes = std::fs::read(&file).map_err(|why| format!("{}: {why}", file.display()))?;
        let sha256 = hex(&Sha256::digest(&bytes));
        version.update(format!("{path}\0{sha256}\n"));
        listed.push(json!({ "path": path, "sha256": sha256, "bytes": bytes.len() }));
    }
    let version = hex(&version.finalize());
    let list = json!({ "version": version, "files": listed });
    std::fs::write(dist.join(LIST), format!("{list:#}\n")).map_err(|why| format!("{LIST}: {why}"))?;
    stamp_service_worker(&dist.join("sw.js"), &version)
}

/// The browser looks for another service worker in the worker's own bytes, so the version must be among them.
fn stamp_service_worker(file: &Path, version: &str) -> Outcome {
    const UNSTAMPED: &str = "\"unstamped\"";
    let script = std::fs::read_to_string(file).map_err(|why| format!("{}: {why}", file.display()))?;
    if script.matches(UNSTAMPED).count() != 1 {
        return Err(format!(
            "{} must hold {UNSTAMPED} once, for its version.",
            file.display()
        ));
    }
    let stamped = script.replace(UNSTAMPED, &format!("\"{version}\""));
    std::fs::write(file, stamped).map_err(|why| format!("{}: {why}", file.display()))
}

/// Every file below a folder, sorted, so that the same site has the same version everywhere.
pub fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(folder) = pending.pop() {
        let unreadable = |why| format!("{}: {why}", folder.display());
        for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.is_dir() {
                pending.push(path)
            } else {
                found.push(path)
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The packs lie in folders below `models/`.
fn is_weights(dist: &Path, file: &Path) -> bool {
    file.starts_with(dist.join("models")) && file.extension().is_some_and(|extension| extension == "bin")
}

fn relative(dist: &Path, file: &Path) -> String {
    let path = file.strip_prefix(dist).expect("listed from this very folder");
    path.components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
