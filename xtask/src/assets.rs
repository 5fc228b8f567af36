//! dist/assets.json: what the service worker keeps, and the version that names its store.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::Outcome;
use crate::headers::ERASED;

const LIST: &str = "assets.json";

/// Not in the list: the list itself; the service worker, which the browser keeps; and what only a web host reads.
const APART: [&str; 5] = [LIST, "sw.js", "_headers", ".htaccess", "web.config"];

/// Writes `{"version", "files", "later": [{"path", "sha256", "bytes"}]}`, paths relative to the site and in order, and the
/// version into the service worker. Whoever changes a built site, such as by adding a model, does it again.
///
/// The weights come later: the speech worker fetches, verifies and keeps those itself, so that a new version of the page
/// does not fetch them again. Their manifests are among the files: a version of the site is with one version of its
/// packs, and a worker whose page was loaded without a network finds the manifest without one too. What a page asks for
/// that has erased everything is of use from the host alone.
pub fn write_list(dist: &Path) -> Outcome<String> {
    let (mut listed, mut later) = (Vec::new(), Vec::new());
    let mut version = Sha256::new();
    // The headers are in the service worker alone, and are of the version like all else.
    version.update(unstamped(&dist.join("sw.js"))?);
    for file in files(dist)? {
        let path = relative(dist, &file);
        if APART.contains(&path.as_str()) || path.starts_with("hosting/") {
            continue;
        }
        let bytes = std::fs::read(&file).map_err(|why| format!("{}: {why}", file.display()))?;
        let sha256 = hex(&Sha256::digest(&bytes));
        version.update(format!("{path}\0{sha256}\n"));
        let entry = json!({ "path": path, "sha256": sha256, "bytes": bytes.len() });
        if path == ERASED || is_weights(dist, &file) {
            later.push(entry);
        } else {
            listed.push(entry);
        }
    }
    let version = hex(&version.finalize());
    let list = json!({ "version": version, "files": listed, "later": later });
    std::fs::write(dist.join(LIST), format!("{list:#}\n")).map_err(|why| format!("{LIST}: {why}"))?;
    let script = unstamped(&dist.join("sw.js"))?.replace(UNSTAMPED, &format!("{NAMED}\"{version}\";"));
    std::fs::write(dist.join("sw.js"), script).map_err(|why| format!("sw.js: {why}"))?;
    Ok(version)
}

/// Writes models/index.json: the packs that come with the site, without their weights and tokenizers, for the page's list.
pub fn list_models(dist: &Path) -> Outcome {
    let mut packs = Vec::new();
    for file in files(&dist.join("models"))? {
        if !file.ends_with("manifest.json") {
            continue;
        }
        let bytes = std::fs::read(&file).map_err(|why| format!("{}: {why}", file.display()))?;
        let manifest: Value = serde_json::from_slice(&bytes).map_err(|why| format!("{}: {why}", file.display()))?;
        let contents: Value = ["name", "demonstration", "licence", "origin", "shards"]
            .into_iter()
            .map(|key| (key.to_owned(), manifest[key].clone()))
            .collect();
        let folder = relative(dist, file.parent().expect("a file is in a folder"));
        packs.push(json!({ "folder": folder, "sha256": hex(&Sha256::digest(&bytes)), "contents": contents }));
    }
    let list = dist.join("models/index.json");
    std::fs::write(&list, format!("{:#}\n", Value::Array(packs))).map_err(|why| format!("{}: {why}", list.display()))
}

/// Where the service worker says its version. The browser looks for another one in the script's own bytes.
const NAMED: &str = "const VERSION = ";
const UNSTAMPED: &str = "const VERSION = \"unstamped\";";

/// The service worker as it was before it had a version, or had another one.
fn unstamped(file: &Path) -> Outcome<String> {
    let script = std::fs::read_to_string(file).map_err(|why| format!("{}: {why}", file.display()))?;
    let line = script.lines().find(|line| line.starts_with(NAMED));
    let line = line.ok_or_else(|| format!("{} has no line for its version ({NAMED}).", file.display()))?;
    Ok(script.replacen(line, UNSTAMPED, 1))
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

pub fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
