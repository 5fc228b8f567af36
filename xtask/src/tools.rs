//! The programs that a build needs, found by version and installed when missing.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::cache::{self, checkout, command, finish};

/// Builds the four wasm binaries from index.html; newer releases want a newer compiler than ours.
const TRUNK: &str = "0.21.14";

/// Must equal the `wasm-bindgen` crate of the workspace: the glue and the binary speak a private protocol.
const WASM_BINDGEN: &str = "0.2.130";

/// What a build needs.
pub fn for_build() -> Outcome {
    wasm_target()?;
    // The defaults would add a check for updates, which is a request that nobody asked for.
    cargo_tool(
        "trunk",
        TRUNK,
        &["trunk", "--locked", "--no-default-features", "--features", "rustls"],
    )?;
    // Without --locked: the lock file of this release no longer resolves.
    cargo_tool("wasm-bindgen", WASM_BINDGEN, &["wasm-bindgen-cli"])
}

/// What the tests need on top: two browsers, the driver of one, a software GPU for native WebGPU, an office program that
/// opens what is exported, what the other reader of backups is written in, and what fetches the accessibility rules.
pub fn for_test() -> Outcome {
    let mut missing = Vec::new();
    if on_path("chromium").is_none() {
        missing.push("chromium");
    }
    if on_path("chromedriver").is_none() {
        missing.push("chromium-driver");
    }
    if on_path("firefox-esr").is_none() {
        missing.push("firefox-esr");
    }
    if !Path::new("/usr/share/vulkan/icd.d").is_dir() {
        missing.push("mesa-vulkan-drivers");
    }
    if on_path("soffice").is_none() {
        missing.push("libreoffice-writer-nogui");
    }
    if on_path("npm").is_none() {
        missing.push("npm");
    }
    if python().is_none() {
        missing.extend(["python3", "python3-argon2", "python3-cryptography"]);
    }
    if missing.is_empty() {
        Ok(())
    } else {
        debian_packages(&missing)
    }
}

/// What speaks for a measurement.
pub fn for_speaking() -> Outcome {
    let programs = ["flite", "espeak-ng"];
    let missing: Vec<&str> = programs
        .into_iter()
        .filter(|program| on_path(program).is_none())
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        debian_packages(&missing)
    }
}

/// A Python that reads backups: the first one, or the system's own, that has what `read_backup.py` imports.
pub fn python() -> Option<PathBuf> {
    let found = on_path("python3")
        .into_iter()
        .chain([PathBuf::from("/usr/bin/python3")]);
    let reads = |python: &PathBuf| {
        let import = "import argon2.low_level, cryptography.hazmat.primitives.ciphers.aead";
        let tried = Command::new(python).args(["-c", import]).output();
        tried.is_ok_and(|tried| tried.status.success())
    };
    found.into_iter().find(reads)
}

/// axe-core, the rules by which screens are checked for accessibility: a script that only the tests put into a page.
pub fn axe() -> Outcome<PathBuf> {
    let modules = npm_packages(&checkout().join("tests/access"), &cache::root()?.join("axe"))?;
    Ok(modules.join("axe-core/axe.min.js"))
}

/// The packages that the lock file in `sources` names, fetched into the folder `here` unless they are there; npm compares
/// each with the hash in the lock file, and none of their scripts runs.
pub fn npm_packages(sources: &Path, here: &Path) -> Outcome<PathBuf> {
    const LOCK: &str = "package-lock.json";
    let failed = |why| format!("{}: {why}", here.display());
    let (modules, ready) = (here.join("node_modules"), here.join("ready"));
    let lock = std::fs::read(sources.join(LOCK)).map_err(failed)?;
    if std::fs::read(&ready).is_ok_and(|of| of == lock) {
        return Ok(modules);
    }
    std::fs::create_dir_all(here).map_err(failed)?;
    for file in ["package.json", LOCK] {
        std::fs::copy(sources.join(file), here.join(file)).map_err(failed)?;
    }
    let mut install = Command::new("npm");
    install.args(["ci", "--ignore-scripts"]).current_dir(here);
    finish(install)?;
    std::fs::write(&ready, lock).map_err(failed)?;
    Ok(modules)
}

/// The first file of this name in the search path.
fn on_path(program: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

fn wasm_target() -> Outcome {
    let sysroot = Command::new("rustc").args(["--print", "sysroot"]).output();
    let sysroot = sysroot.map_err(|why| format!("`rustc` could not be started: {why}"))?;
    let sysroot = PathBuf::from(String::from_utf8_lossy(&sysroot.stdout).trim());
    if sysroot.join("lib/rustlib/wasm32-unknown-unknown").is_dir() {
        return Ok(());
    }
    let mut add = command("rustup")?;
    add.args(["target", "add", "wasm32-unknown-unknown"]);
    finish(add).map_err(|why| format!("{why}\nThe compiler needs its target wasm32-unknown-unknown: install it."))
}

fn cargo_tool(program: &str, version: &str, install: &[&str]) -> Outcome {
    let root = cache::tools()?;
    if says_version(&root.join("bin").join(program), version) {
        return Ok(());
    }
    println!("Installing {program} {version} (once; this takes a few minutes)");
    let mut cargo = command("cargo")?;
    cargo
        .arg("install")
        .args(install)
        .args(["--version", version, "--force", "--root"])
        .arg(&root);
    // Its own target folder: the tools are built once and their objects are of no use afterwards.
    cargo.env("CARGO_TARGET_DIR", cache::root()?.join("tools-target"));
    // Optimising a whole tool at once, as Trunk's own profile does, takes longer than the tool will ever run.
    cargo.envs([
        ("CARGO_PROFILE_RELEASE_LTO", "off"),
        ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ]);
    finish(cargo)
}

fn says_version(program: &Path, version: &str) -> bool {
    let Ok(output) = Command::new(program).arg("--version").output() else {
        return false;
    };
    String::from_utf8_lossy(&output.stdout)
        .split_whitespace()
        .any(|word| word == version)
}

fn debian_packages(missing: &[&str]) -> Outcome {
    let names = missing.join(" ");
    let by_hand = format!("These programs are needed and not here: {names}. Install them.");
    if on_path("apt-get").is_none() || !is_root() {
        return Err(by_hand);
    }
    println!("Installing {names}");
    let mut update = command("apt-get")?;
    update.args(["update", "--quiet"]);
    finish(update).map_err(|why| format!("{why}\n{by_hand}"))?;
    let mut install = command("apt-get")?;
    install.env("DEBIAN_FRONTEND", "noninteractive");
    install
        .args(["install", "--yes", "--quiet", "--no-install-recommends"])
        .args(missing);
    finish(install).map_err(|why| format!("{why}\n{by_hand}"))
}

fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
