//! `cargo xtask reproduce`: the same sources, built from nothing in two folders, give the same bytes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::cache::{self, checkout, command, finish};
use crate::{Outcome, assets};

/// Of other lengths and depths: a path that gets into a binary shows.
const FOLDERS: [&str; 2] = ["a", "another/and/a/deeper/one"];

/// Builds twice and compares every file. It takes as long as two first builds; what was built is kept, so that the next
/// comparison builds only what changed.
///
/// # Errors
/// The files that differ.
pub fn reproduce() -> Outcome {
    let root = cache::root()?.join("reproduce");
    let mut sites = Vec::new();
    for folder in FOLDERS {
        sites.push(site(&root.join(folder))?);
    }
    let [first, second] = [&sites[0], &sites[1]];
    let differing: Vec<&String> = first
        .keys()
        .chain(second.keys().filter(|name| !first.contains_key(*name)))
        .filter(|name| first.get(*name) != second.get(*name))
        .collect();
    for site in &sites {
        println!("{}", whole(site));
    }
    match differing.as_slice() {
        [] => Ok(()),
        differing => Err(format!("Two builds differ in {differing:?}.")),
    }
}

/// The hash of each file of a site that is built from a copy of this checkout's tracked files.
fn site(folder: &Path) -> Outcome<BTreeMap<String, String>> {
    let (sources, target) = (folder.join("sotto"), folder.join("target"));
    copy_tracked(&sources)?;
    let cargo_home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")))
        .ok_or("Neither CARGO_HOME nor HOME is set.")?;
    let remap = |from: &Path, to: &str| format!("--remap-path-prefix={}={to}", from.display());
    let flags = [
        remap(&sources, "/sotto"),
        remap(&target, "/target"),
        remap(&cargo_home, "/cargo"),
    ];
    let mut cargo = command("cargo")?;
    cargo
        .current_dir(&sources)
        .args(["run", "--quiet", "--package", "xtask", "--", "build"])
        .env("CARGO_TARGET_DIR", &target)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags.join(" "));
    finish(cargo)?;
    let dist = sources.join("dist");
    let mut hashes = BTreeMap::new();
    for file in assets::files(&dist)? {
        let bytes = std::fs::read(&file).map_err(|why| format!("{}: {why}", file.display()))?;
        let name = file
            .strip_prefix(&dist)
            .expect("listed from this folder")
            .display()
            .to_string();
        hashes.insert(name, assets::hex(&Sha256::digest(&bytes)));
    }
    Ok(hashes)
}

/// What is not tracked has no part in a build.
fn copy_tracked(to: &Path) -> Outcome {
    if to.exists() {
        std::fs::remove_dir_all(to).map_err(|why| format!("{}: {why}", to.display()))?;
    }
    std::fs::create_dir_all(to).map_err(|why| format!("{}: {why}", to.display()))?;
    let mut git = command("git")?;
    let mut prefix = to.as_os_str().to_owned();
    prefix.push("/");
    git.current_dir(checkout())
        .args(["checkout-index", "--all", "--prefix"])
        .arg(prefix);
    finish(git)
}

/// One hash for a whole site.
fn whole(site: &BTreeMap<String, String>) -> String {
    let mut all = Sha256::new();
    for (name, hash) in site {
        all.update(format!("{name}\0{hash}\n"));
    }
    assets::hex(&all.finalize())
}
