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

/// What a command writes to its standard output; its errors are shown as they come.
pub fn output(mut command: Command) -> Outcome<Vec<u8>> {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.stderr(Stdio::inherit()).output() {
        Ok(output) if output.status.success() => Ok(output.stdout),
        Ok(output) => Err(format!(
            "`{program}` failed ({}); what it said is above.",
            output.status
        )),
        Err(why) => Err(format!("`{program}` could not be started: {why}")),
    }
}

/// Builds a binary of the workspace and gives its path.
///
/// All packages are selected, and `--examples`, of which there are none, makes Cargo choose the features that it chooses
/// for tests: any other selection would build the network's runtime once more, which takes ten minutes.
pub fn built(binary: &str) -> Outcome<PathBuf> {
    let mut cargo = command("cargo")?;
    cargo.args(["build", "--quiet", "--workspace", "--examples", "--bin", binary]);
    finish(cargo)?;
    Ok(target()?.join("debug").join(binary))
}

/// Runs a binary of the workspace that owns the heavy work of a task; relative paths in `args` stay relative to where the
/// task was called.
pub fn run_binary(binary: &str, args: &[&str]) -> Outcome {
    let mut command = Command::new(built(binary)?);
    command.args(args);
    finish(command)
}

/// `model add`: downloads outlive a checkout, the lock file and the pack belong to it.
pub fn add_model(args: &[&str]) -> Outcome {
    let path = |path: PathBuf| path.to_string_lossy().into_owned();
    let lock = path(checkout().join("models.lock"));
    let downloads = path(root()?.join("models"));
    let packs = path(checkout().join("public/models"));
    let places = ["--lock", &lock, "--downloads", &downloads, "--out", &packs];
    run_binary("sotto-speech", &[&["add"], args, &places].concat())
}
