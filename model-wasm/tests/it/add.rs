//! `sotto-speech add` against a server with the hub's paths: redirects, a broken connection, a changed file, no network.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use model_wasm::import;

use crate::golden::folder;

const NAME: &str = "moonshine-streaming-tiny";
const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

#[test]
fn a_model_is_fetched_over_redirects_and_a_broken_connection_then_locked() {
    let place = Place::new("fetched");
    let hub = Hub::serve(files());
    let said = place.add(&hub.endpoint).expect("the hub has everything");
    assert!(said.contains(NAME), "{said}");

    let (manifest, _) = import::read_pack(&place.packs.join(NAME)).expect("a pack of the site");
    assert_eq!((manifest.name.as_str(), manifest.demonstration), (NAME, false));
    let lock = fs::read_to_string(&place.lock).expect("written on first use");
    assert!(lock.contains(COMMIT) && lock.contains("model.safetensors"), "{lock}");
    let asked = hub.asked();
    assert!(
        asked
            .iter()
            .any(|line| line.starts_with("GET /elsewhere/model.safetensors bytes=")),
        "{asked:?}"
    );
    assert!(
        asked
            .iter()
            .filter(|line| line.starts_with("GET /UsefulSensors"))
            .all(|line| line.contains(COMMIT))
    );

    // What is there is not fetched again, and the lock holds without a network.
    place.add("http://127.0.0.1:9").expect("everything is on the disk");
}

#[test]
fn a_changed_file_is_refused_and_nothing_is_installed() {
    let place = Place::new("changed");
    place
        .add(&Hub::serve(files()).endpoint)
        .expect("the hub has everything");
    fs::remove_dir_all(&place.packs).expect("the pack was installed");
    fs::remove_dir_all(&place.downloads).expect("the files were kept");

    let mut changed = files();
    changed.get_mut("config.json").expect("one of the files").push(b'\n');
    let why = place
        .add(&Hub::serve(changed).endpoint)
        .expect_err("another file than the first time");
    assert!(
        why.contains("config.json is not the file that models.lock names"),
        "{why}"
    );
    assert!(!place.packs.join(NAME).exists());
    place
        .add(&Hub::serve(files()).endpoint)
        .expect("the first file is taken again");
}

#[test]
fn without_a_network_the_command_says_which_files_go_where() {
    let place = Place::new("offline");
    let why = place.add("http://127.0.0.1:9").expect_err("nobody listens there");
    let folder = place.downloads.join(NAME);
    for expected in [
        "config.json",
        "tokenizer.json",
        "model.safetensors",
        &folder.to_string_lossy(),
    ] {
        assert!(why.contains(expected), "{expected} is missing in: {why}");
    }
    fs::create_dir_all(&folder).expect("a folder for them");
    for (name, bytes) in files() {
        fs::write(folder.join(name), bytes).expect("placed by hand");
    }
    place.add("http://127.0.0.1:9").expect("everything is on the disk");
    assert!(place.packs.join(NAME).join("manifest.json").exists());
}

#[test]
fn the_second_family_is_fetched_by_the_same_command() {
    let place = Place::new("whisper");
    let name = "whisper-tiny";
    let read = |from: &str, name: &str| fs::read(folder(from).join(name)).expect("the goldens are committed");
    let files = BTreeMap::from([
        ("config.json", read("whisper-many", "config.json")),
        ("generation_config.json", read("whisper-many", "generation_config.json")),
        ("model.safetensors", read("whisper-many", "model.safetensors")),
        ("tokenizer.json", read("bytelevel", "tokenizer.json")),
    ]);
    let mut incomplete = files.clone();
    incomplete.remove("generation_config.json");
    let why = place
        .add_model(name, &Hub::serve(incomplete).endpoint)
        .expect_err("a file is missing");
    assert!(
        why.contains("openai/whisper-tiny/resolve/main/generation_config.json"),
        "{why}"
    );
    place
        .add_model(name, &Hub::serve(files).endpoint)
        .expect("the hub has everything");
    let (manifest, _) = import::read_pack(&place.packs.join(name)).expect("a pack of the site");
    assert_eq!(
        (manifest.family.as_str(), manifest.licence.as_str()),
        ("whisper", "Apache-2.0")
    );
    assert!(manifest.tokenizer.byte_level);
}

/// A small network with the same parts, and a tokenizer of the same kind.
fn files() -> BTreeMap<&'static str, Vec<u8>> {
    let read = |path: PathBuf| fs::read(path).expect("the goldens are committed");
    BTreeMap::from([
        ("config.json", read(folder("equal").join("config.json"))),
        ("model.safetensors", read(folder("equal").join("model.safetensors"))),
        ("tokenizer.json", read(folder("tokenizer").join("tokenizer.json"))),
    ])
}

/// Where one test's command writes.
struct Place {
    lock: PathBuf,
    downloads: PathBuf,
    packs: PathBuf,
}

impl Place {
    fn new(test: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("add-{test}"));
        // Left by an earlier run, if it is there at all.
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(&root).expect("cargo's own folder for tests");
        Self {
            lock: root.join("models.lock"),
            downloads: root.join("downloads"),
            packs: root.join("packs"),
        }
    }

    fn add(&self, endpoint: &str) -> Result<String, String> {
        self.add_model(NAME, endpoint)
    }

    fn add_model(&self, name: &str, endpoint: &str) -> Result<String, String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sotto-speech"));
        command
            .args(["add", name, "--endpoint", endpoint, "--lock"])
            .arg(&self.lock);
        command
            .arg("--downloads")
            .arg(&self.downloads)
            .arg("--out")
            .arg(&self.packs);
        let output = command.output().expect("built beside this test");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("plain text");
        if output.status.success() {
            Ok(text(output.stdout))
        } else {
            Err(text(output.stderr))
        }
    }
}

/// Names the commit, sends every file elsewhere, and breaks off the first answer that is longer than 10 kB.
struct Hub {
    endpoint: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Hub {
    fn serve(files: BTreeMap<&'static str, Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let endpoint = format!("http://{}", listener.local_addr().expect("bound"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        std::thread::spawn(move || {
            let mut broken = false;
            for stream in listener.incoming().flatten() {
                // A client that hangs up early has its answer elsewhere.
                let _ = answer(stream, &files, &heard, &mut broken);
            }
        });
        Self { endpoint, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no test panicked with it").clone()
    }
}

fn answer(
    mut stream: TcpStream,
    files: &BTreeMap<&str, Vec<u8>>,
    heard: &Mutex<Vec<String>>,
    broken: &mut bool,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    let mut range = None;
    for line in lines.by_ref() {
        let line = line?.to_lowercase();
        if let Some(bytes) = line.strip_prefix("range: ") {
            range = Some(bytes.to_owned());
        }
        if line.is_empty() {
            break;
        }
    }
    let mut words = request.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let name = path.rsplit('/').next().unwrap_or_default();
    let line = format!("{method} {path} {}", range.clone().unwrap_or_default());
    heard.lock().expect("no test panicked with it").push(line);
    let Some(bytes) = files.get(name) else {
        return stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    };
    if path.contains("/resolve/") {
        let head = format!(
            "HTTP/1.1 302 Found\r\nlocation: /elsewhere/{name}\r\nx-repo-commit: {COMMIT}\r\ncontent-length: 0\r\n\
             connection: close\r\n\r\n"
        );
        return stream.write_all(head.as_bytes());
    }
    let from = range.and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
    let (status, from) = from.map_or(("200 OK", 0), |from: usize| ("206 Partial Content", from));
    let rest = &bytes[from..];
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\ncontent-range: bytes {from}-{}/{}\r\nconnection: close\r\n\r\n",
        rest.len(),
        bytes.len() - 1,
        bytes.len()
    );
    stream.write_all(head.as_bytes())?;
    let cut = rest.len() > 10_000 && !std::mem::replace(broken, true);
    stream.write_all(if cut { &rest[..rest.len() / 2] } else { rest })
}
