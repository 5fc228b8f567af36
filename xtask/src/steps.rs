//! What each step of `cargo xtask test` runs.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::cache::{built, checkout, command, finish, output};
use crate::{Outcome, sizes, tools};

/// How many checks of a step passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u32,
    pub failed: u32,
}

impl Tally {
    pub const PASSED: Tally = Tally { passed: 1, failed: 0 };
    pub const FAILED: Tally = Tally { passed: 0, failed: 1 };
}

pub fn fmt() -> Outcome<Tally> {
    let mut cargo = command("cargo")?;
    cargo.args(["fmt", "--all", "--check"]);
    finish(cargo).map(|()| Tally::PASSED)
}

pub fn clippy() -> Outcome<Tally> {
    // "All targets" are those that a bare `cargo test` runs; the browser's are not among them.
    for targets in [&["--all-targets"][..], &["--test", "browser"]] {
        let mut cargo = command("cargo")?;
        cargo.args(["clippy", "--quiet", "--workspace"]).args(targets);
        cargo.args(["--", "--deny", "warnings"]);
        finish(cargo)?;
    }
    Ok(Tally::PASSED)
}

/// The worker must not link what cannot run in a browser, or what would choose kernels by timing them.
pub fn guard() -> Outcome<Tally> {
    const UNWANTED: [&str; 4] = ["autotune", "burn-fusion", "burn-autodiff", "turso"];
    let mut cargo = command("cargo")?;
    cargo.args([
        "tree",
        "--target",
        "wasm32-unknown-unknown",
        "--edges",
        "features",
        "--package",
        "model-wasm",
    ]);
    let output = output(cargo)?;
    let tree = String::from_utf8_lossy(&output);
    let found: Vec<&str> = tree
        .lines()
        .filter(|line| UNWANTED.iter().any(|unwanted| line.contains(unwanted)))
        .collect();
    if found.is_empty() {
        Ok(Tally::PASSED)
    } else {
        Err(format!("The worker links:\n{}", found.join("\n")))
    }
}

/// Unit, property and integration tests of every crate. The random inputs are the same in every run, so that one commit has
/// one answer; `cargo xtask fuzz` tries others.
pub fn native() -> Outcome<Tally> {
    let mut cargo = command("cargo")?;
    cargo.args(["test", "--workspace", "--no-fail-fast"]);
    cargo.env("PROPTEST_RNG_SEED", "1");
    counted(cargo)
}

pub fn build() -> Outcome<Tally> {
    crate::build::build().map(|_| Tally::PASSED)
}

pub fn sizes() -> Outcome<Tally> {
    sizes::check(&checkout().join("dist")).map(|()| Tally::PASSED)
}

/// The site in a real browser, one test after the other: each of them wants the whole machine.
pub fn browser() -> Outcome<Tally> {
    counted(in_browser(&["--test-threads=1"])?)
}

/// A test in a real browser, with what it needs.
pub fn in_browser(arguments: &[&str]) -> Outcome<Command> {
    tools::for_test()?;
    let this = std::env::current_exe().map_err(|why| format!("This program's own path is unknown: {why}"))?;
    // The reference texts come from the command that a developer would use; it is built before the clocks start.
    built("sotto-speech")?;
    let mut cargo = command("cargo")?;
    cargo.args(["test", "--workspace", "--test", "browser", "--no-fail-fast", "--"]);
    cargo
        .args(arguments)
        .env("SOTTO_SITE", checkout().join("dist"))
        .env("SOTTO_XTASK", this)
        .env("SOTTO_AXE", tools::axe()?)
        .env(
            "SOTTO_PYTHON",
            tools::python().ok_or("There is no Python with argon2 and cryptography: install them.")?,
        );
    Ok(cargo)
}

/// Runs `cargo test`, shows what it says, and adds up its results.
fn counted(mut cargo: Command) -> Outcome<Tally> {
    let mut running = cargo
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|why| format!("`cargo`: {why}"))?;
    let output = running.stdout.take().expect("the output is piped");
    let mut tally = Tally::default();
    for line in BufReader::new(output).lines() {
        let line = line.map_err(|why| format!("`cargo test`: {why}"))?;
        println!("{line}");
        if let Some((passed, failed)) = results(&line) {
            tally.passed += passed;
            tally.failed += failed;
        }
    }
    let status = running.wait().map_err(|why| format!("`cargo test`: {why}"))?;
    // Code that does not compile, or a test binary that was killed, has no result line.
    if !status.success() && tally.failed == 0 {
        tally.failed = 1;
    }
    Ok(tally)
}

/// The numbers of a line like `test result: ok. 3 passed; 0 failed; …`.
fn results(line: &str) -> Option<(u32, u32)> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let number = |part: &str| part.split_whitespace().next()?.parse().ok();
    let mut parts = counts.split(';');
    Some((number(parts.next()?)?, number(parts.next()?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_read_from_the_line_that_ends_a_test_binary() {
        let line = "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        assert_eq!(results(line), Some((12, 3)));
        assert_eq!(results("test pipeline::results ... ok"), None);
    }
}
