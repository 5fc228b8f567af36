//! The built site, served by a process that can be killed.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::scratch::Scratch;

/// A running server.
pub struct Site {
    server: Child,
    /// Without a slash at its end.
    pub origin: String,
    /// Where the app is, with one.
    pub address: String,
    folder: Scratch,
}

impl Site {
    /// Serves dist/ as it is.
    pub fn serve() -> Site {
        Site::serve_folder(&built_site(), &[])
    }

    /// Serves a copy of dist/ after `change` had its way with it, listed anew.
    pub fn serve_changed(copy: &Path, change: impl FnOnce(&Path)) -> Site {
        copy_folder(&built_site(), copy);
        change(copy);
        list_anew(copy);
        Site::serve_folder(copy, &[])
    }

    /// The same below a folder of the address and without any header, as a plain file server does.
    pub fn serve_bare(copy: &Path, change: impl FnOnce(&Path)) -> Site {
        copy_folder(&built_site(), copy);
        change(copy);
        list_anew(copy);
        let mut site = Site::serve_folder(copy, &["--bare", "sotto"]);
        site.address = format!("{}/sotto/", site.origin);
        site
    }

    fn serve_folder(dist: &Path, options: &[&str]) -> Site {
        let folder = Scratch::new("site");
        let mut server = xtask()
            .arg("serve")
            .arg(dist)
            .arg("--log")
            .arg(folder.path().join("requests"))
            .args(options)
            .stdout(Stdio::piped())
            .spawn()
            .expect("xtask starts");
        let mut line = String::new();
        let output = server.stdout.take().expect("the output is piped");
        BufReader::new(output)
            .read_line(&mut line)
            .expect("the server says its address");
        let origin = line.trim().trim_end_matches('/').to_owned();
        let address = format!("{origin}/");
        Site {
            server,
            origin,
            address,
            folder,
        }
    }

    /// The path of every request so far, in order.
    pub fn requests(&self) -> Vec<String> {
        let log = std::fs::read_to_string(self.folder.path().join("requests")).expect("the server keeps its log");
        log.lines().map(str::to_owned).collect()
    }

    /// Ends the server for good: from now on every connection is refused.
    pub fn kill(&mut self) {
        self.server.kill().expect("the server was running");
        self.server.wait().expect("a killed server ends");
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // Both fail only for a server that was killed before.
        drop(self.server.kill());
        drop(self.server.wait());
    }
}

/// Makes another version of a copy of the site that was changed.
pub fn list_anew(copy: &Path) {
    let listed = xtask().arg("list").arg(copy).stdout(Stdio::null()).status();
    assert!(listed.expect("xtask starts").success(), "the copy can be listed");
}

/// The text that the command line gives for a recording, on the CPU: the reference of every browser result.
pub fn native_text(wav: &Path) -> String {
    let model = workspace().join("public/models/starter");
    let output = xtask()
        .args(["transcribe", "--device", "flex", "--model"])
        .arg(model)
        .arg(wav)
        .output();
    let output = output.expect("xtask starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let line: Value = serde_json::from_slice(&output.stdout).expect("one JSON line for one file");
    line["text"].as_str().expect("the line holds the text").to_owned()
}

pub fn data(name: &str) -> PathBuf {
    let path = workspace().join("tests/data").join(name);
    assert!(path.exists(), "{} is missing", path.display());
    path
}

/// Everything readable that the site ships, on one line.
pub fn shipped_texts() -> String {
    let mut pending = vec![built_site()];
    let mut texts = String::new();
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(folder).expect("the site is built").flatten() {
            let path = entry.path();
            if path.is_dir() {
                pending.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                texts.extend(
                    text.split(|c: char| c.is_whitespace() || c == '>')
                        .flat_map(|word| [word, " "]),
                );
            }
        }
    }
    texts
}

pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests are a folder of the workspace")
}

fn built_site() -> PathBuf {
    PathBuf::from(from_xtask("SOTTO_SITE"))
}

fn xtask() -> Command {
    Command::new(from_xtask("SOTTO_XTASK"))
}

pub fn from_xtask(variable: &str) -> std::ffi::OsString {
    std::env::var_os(variable).expect("these tests are run by `cargo xtask test browser`, which builds what they need")
}

pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("the temporary folder can be written");
    for entry in std::fs::read_dir(from).expect("the site is built").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("there is room for a copy of the site");
        }
    }
}
