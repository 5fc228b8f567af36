//! What the site is made of, as CycloneDX 1.6: every crate that is linked into one of the four binaries, with its licence
//! and the hash of its package, and the model that comes with the site. There is no npm package in it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use crate::Outcome;
use crate::cache::{checkout, command, output};

/// The crates that own the binaries.
const ROOTS: [&str; 2] = ["app", "model-wasm"];

/// Crates that name a file in place of a licence, and what is written in it.
const READ_BY_HAND: [(&str, &str); 1] = [("cfg_block", "Apache-2.0")];

const FILE: &str = "sbom.cdx.json";

/// Writes the list into a built site. It names no time and no machine: the same sources give the same bytes.
pub fn write(dist: &Path) -> Outcome {
    let metadata = metadata()?;
    let lock = std::fs::read_to_string(checkout().join("Cargo.lock")).map_err(|why| format!("Cargo.lock: {why}"))?;
    let models = std::fs::read(dist.join("models/index.json")).map_err(|why| format!("models/index.json: {why}"))?;
    let models: Value = serde_json::from_slice(&models).map_err(|why| format!("models/index.json: {why}"))?;
    let mut components = crates(&metadata, &checksums(&lock))?;
    components.extend(models.as_array().into_iter().flatten().map(model));
    let bom = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": { "component": { "type": "application", "name": "sotto", "version": env!("CARGO_PKG_VERSION"),
            "licenses": [{ "expression": env!("CARGO_PKG_LICENSE") }] } },
        "components": components,
    });
    std::fs::write(dist.join(FILE), format!("{bom:#}\n")).map_err(|why| format!("{FILE}: {why}"))
}

fn metadata() -> Outcome<Value> {
    let mut cargo = command("cargo")?;
    cargo.args([
        "metadata",
        "--format-version",
        "1",
        "--locked",
        "--filter-platform",
        "wasm32-unknown-unknown",
    ]);
    serde_json::from_slice(&output(cargo)?).map_err(|why| format!("`cargo metadata`: {why}"))
}

/// Everything that is linked, each once and in order; what runs only while building (macros, build scripts) is left out.
///
/// # Errors
/// A crate without a licence.
fn crates(metadata: &Value, checksums: &BTreeMap<(String, String), String>) -> Outcome<Vec<Value>> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages: BTreeMap<String, Value> = list(&metadata["packages"])
        .into_iter()
        .map(|package| (text(&package["id"]), package))
        .collect();
    let nodes: BTreeMap<String, Value> = list(&metadata["resolve"]["nodes"])
        .into_iter()
        .map(|node| (text(&node["id"]), node))
        .collect();
    let is_macro = |id: &str| {
        list(&packages[id]["targets"])
            .iter()
            .any(|target| list(&target["kind"]).iter().any(|kind| kind == "proc-macro"))
    };
    let mut pending: Vec<String> = packages
        .iter()
        .filter(|(_, package)| ROOTS.iter().any(|root| package["name"] == *root))
        .map(|(id, _)| id.clone())
        .collect();
    let mut linked = BTreeSet::new();
    while let Some(id) = pending.pop() {
        if is_macro(&id) || !linked.insert(id.clone()) {
            continue;
        }
        for dependency in list(&nodes[&id]["deps"]) {
            // A kind of null is a normal dependency; the others are for builds and tests.
            if list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"].is_null()) {
                pending.push(text(&dependency["pkg"]));
            }
        }
    }
    let mut components = Vec::new();
    for package in linked.iter().map(|id| &packages[id]) {
        let (name, version) = (text(&package["name"]), text(&package["version"]));
        let by_hand = READ_BY_HAND
            .iter()
            .find(|(read, _)| *read == name)
            .map(|(_, licence)| *licence);
        let licence = package["license"]
            .as_str()
            .or(by_hand)
            .ok_or_else(|| format!("{name} {version} names no licence."))?;
        let mut component = json!({
            "type": "library",
            "name": name,
            "version": version,
            "purl": format!("pkg:cargo/{name}@{version}"),
            // Older crates write a slash where SPDX has OR.
            "licenses": [{ "expression": licence.replace('/', " OR ") }],
        });
        if let Some(hash) = checksums.get(&(name, version)) {
            component["hashes"] = json!([{ "alg": "SHA-256", "content": hash }]);
        }
        components.push(component);
    }
    components.sort_by_key(|component| component["purl"].to_string());
    Ok(components)
}

/// One line of models/index.json.
fn model(model: &Value) -> Value {
    json!({
        "type": "machine-learning-model",
        "name": model["contents"]["name"],
        "description": model["contents"]["origin"],
        "licenses": [{ "license": { "name": model["contents"]["licence"] } }],
        "hashes": [{ "alg": "SHA-256", "content": model["sha256"] }],
    })
}

/// `(name, version)` to the hash of the package, of all that come from a registry.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let field = |entry: &str, name: &str| {
        let found = entry
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(" = \""));
        found.map(|value| value.trim_end_matches('"').to_owned())
    };
    lock.split("[[package]]")
        .filter_map(|entry| {
            Some((
                (field(entry, "name")?, field(entry, "version")?),
                field(entry, "checksum")?,
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_linked_crate_is_named_with_its_licence() {
        let lock = std::fs::read_to_string(checkout().join("Cargo.lock")).expect("the lock file is committed");
        let metadata = metadata().expect("cargo describes the workspace");
        let components = crates(&metadata, &checksums(&lock)).expect("every crate names its licence");
        let named = |name: &str| components.iter().find(|component| component["name"] == name);
        for linked in ["app", "vault", "leptos", "burn", "aes-gcm", "wasm-bindgen"] {
            assert!(named(linked).is_some(), "{linked} is linked");
        }
        for only_here in ["xtask", "brotli", "proptest", "leptos_macro", "tests"] {
            assert!(named(only_here).is_none(), "{only_here} is not linked");
        }
        for component in &components {
            let licence = component["licenses"][0]["expression"].as_str().unwrap_or_default();
            assert!(!licence.is_empty(), "{component}");
            let ours = ["app", "language", "model-wasm", "speech", "note", "export", "vault"];
            let ours = ours.map(|name| component["name"] == name);
            assert!(
                ours.contains(&true) || component["hashes"].is_array(),
                "{component} has no hash"
            );
        }
        assert!(components.len() > 200, "{} crates", components.len());
    }
}
