//! Where built things live outside the checkout, and the commands that use them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Outcome;

/// The folder for build output and tools: it outlives a checkout, because a clean build of the network takes minutes.
pub fn root() -> Outcome<PathBuf> {
    if let Some(chosen) = std::env::var_os("SOTTO_CACHE") {
        return Ok(PathBuf::from(chosen));
    }
    match std::env::var_os("HOME") {
        Some(home) => Ok(PathBuf::from(home).join(".cache/sotto")),
        None => Err("Neither SOTTO_CACHE nor HOME is set: set SOTTO_CACHE to a folder for build output.".to_owned()),
    }
}

pub fn tools() -> Outcome<PathBuf> {
    Ok(root()?.join("tools"))
}

/// The caller's own target folder is respected.
pub fn target() -> Outcome<PathBuf> {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(chosen) => Ok(PathBuf::from(chosen)),
        None => Ok(root()?.join("target")),
    }
}

/// The checkout that this very binary was built from.
pub fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is a folder of the workspace")
}

/// A command in the checkout, with the shared target folder and our tools before anybody else's.
pub fn command(program: &str) -> Outcome<Command> {
    let mut path = tools()?.join("bin").into_os_string();
    if let Some(inherited) = std::env::var_os("PATH") {
        path.push(":");
        path.push(inherited);
    }
    let mut command = Command::new(program);
    command
        .current_dir(checkout())
        .env("CARGO_TARGET_DIR", target()?)
        .env("PATH", path)
        .stdin(Stdio::null());
    Ok(command)
}

/// Runs to its end; a failure is told by name.
pub fn finish(mut command: Command) -> Outcome {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{program}` failed ({status}); what it said is above.")),
        Err(why) => Err(format!("`{program}` could not be started: {why}")),
    }
}

/// Runs a binary of the workspace that owns the heavy work of a task.
///
/// No `--package`: a selection of one package would build its dependencies with other features than the tests do, that
/// is, build them twice. Relative paths in `args` stay relative to where the task was called.
pub fn run_binary(binary: &str, args: &[&str]) -> Outcome {
    let mut command = command("cargo")?;
    let here = std::env::current_dir().map_err(|why| format!("The current folder cannot be read: {why}"))?;
    let manifest = checkout().join("Cargo.toml");
    command
        .current_dir(here)
        .args(["run", "--quiet", "--bin", binary, "--manifest-path"])
        .arg(manifest)
        .arg("--");
    command.args(args);
    finish(command)
}
