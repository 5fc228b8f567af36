//! `add NAME`: a published model, fetched, checked against models.lock, made a pack of the site.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use lexopt::prelude::*;
use model_wasm::checkpoint;
use model_wasm::import::{self, Label, Quantisation};
use serde::{Deserialize, Serialize};

use crate::hub::{Hub, fingerprint};
use crate::{needed, plain, text};

/// The models that Sotto knows by name, where they are published and under which licence.
const KNOWN: [(&str, &str, &str); 13] = [
    (
        "moonshine-streaming-tiny",
        "UsefulSensors/moonshine-streaming-tiny",
        "MIT",
    ),
    (
        "moonshine-streaming-small",
        "UsefulSensors/moonshine-streaming-small",
        "MIT",
    ),
    (
        "moonshine-streaming-medium",
        "UsefulSensors/moonshine-streaming-medium",
        "MIT",
    ),
    ("whisper-tiny", "openai/whisper-tiny", "Apache-2.0"),
    ("whisper-tiny.en", "openai/whisper-tiny.en", "Apache-2.0"),
    ("whisper-base", "openai/whisper-base", "Apache-2.0"),
    ("whisper-base.en", "openai/whisper-base.en", "Apache-2.0"),
    ("whisper-small", "openai/whisper-small", "Apache-2.0"),
    ("whisper-small.en", "openai/whisper-small.en", "Apache-2.0"),
    ("whisper-medium.en", "openai/whisper-medium.en", "Apache-2.0"),
    ("whisper-large-v3-turbo", "openai/whisper-large-v3-turbo", "MIT"),
    ("distil-small.en", "distil-whisper/distil-small.en", "MIT"),
    ("distil-large-v3", "distil-whisper/distil-large-v3", "MIT"),
];

/// What the importer reads.
const FILES: [&str; 3] = ["config.json", "tokenizer.json", "model.safetensors"];

/// What it reads besides of Whisper.
const WHISPER: &str = "generation_config.json";

fn files(name: &str) -> impl Iterator<Item = &'static str> {
    let moonshine = name.starts_with("moonshine");
    FILES.into_iter().chain((!moonshine).then_some(WHISPER))
}

const HUGGING_FACE: &str = "https://huggingface.co";

/// models.lock: what was fetched the first time, by model. From then on nothing else is taken.
#[derive(Default, Serialize, Deserialize)]
struct Lock(BTreeMap<String, Locked>);

#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Locked {
    repository: String,
    commit: String,
    files: BTreeMap<String, LockedFile>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct LockedFile {
    bytes: u64,
    sha256: String,
}

pub fn run(arguments: &mut lexopt::Parser) -> Result<(), String> {
    let (mut name, mut lock, mut folder, mut out, mut endpoint) = (None, None, None, None, HUGGING_FACE.to_owned());
    while let Some(argument) = arguments.next().map_err(text)? {
        match argument {
            Long("lock") => lock = Some(PathBuf::from(arguments.value().map_err(text)?)),
            Long("downloads") => folder = Some(PathBuf::from(arguments.value().map_err(text)?)),
            Long("out") => out = Some(PathBuf::from(arguments.value().map_err(text)?)),
            Long("endpoint") => endpoint = arguments.value().map_err(text)?.string().map_err(text)?,
            Value(model) if name.is_none() => name = Some(model.string().map_err(text)?),
            other => return Err(text(other.unexpected())),
        }
    }
    let name = needed(name, "NAME")?;
    let Some(&(_, repository, licence)) = KNOWN.iter().find(|(known, ..)| *known == name) else {
        let names = KNOWN.map(|(known, ..)| known).join(", ");
        return Err(format!("there is no model {name:?} here; there are {names}"));
    };
    let lock_file = needed(lock, "--lock")?;
    let folder = needed(folder, "--downloads")?.join(&name);
    let mut lock = read_lock(&lock_file)?;
    let files: Vec<&str> = files(&name).collect();
    let locked = fetch(&Hub::new(&endpoint), repository, &files, &folder, lock.0.get(&name))
        .map_err(|why| format!("{why}\n\n{}", by_hand(&endpoint, repository, &files, &folder)))?;
    if lock.0.get(&name) != Some(&locked) {
        lock.0.insert(name.clone(), locked.clone());
        write_lock(&lock_file, &lock)?;
    }
    let checkpoint = checkpoint::read(&folder).map_err(plain)?;
    let label = Label {
        name: name.clone(),
        demonstration: false,
        licence: licence.to_owned(),
        origin: format!("{repository} at {}", locked.commit),
    };
    let (manifest, shards) = import::pack(checkpoint, Quantisation::Q8, label).map_err(plain)?;
    let out = needed(out, "--out")?.join(&name);
    import::write_pack(&out, &manifest, &shards).map_err(plain)?;
    println!("{name}: {} bytes in {}", manifest.total_bytes(), out.display());
    Ok(())
}

/// Everything that is not there yet comes from the hub; everything is what the lock says, if it says anything.
fn fetch(
    hub: &Hub,
    repository: &str,
    names: &[&str],
    folder: &Path,
    locked: Option<&Locked>,
) -> Result<Locked, String> {
    fs::create_dir_all(folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    let mut commit = locked.map(|locked| locked.commit.clone());
    let mut files = BTreeMap::new();
    for &name in names {
        let path = folder.join(name);
        let fetched = !path.exists();
        if fetched {
            let commit = match &commit {
                Some(known) => known,
                None => commit.insert(hub.commit(repository, name)?),
            };
            println!("{repository} {name}");
            hub.download(repository, commit, name, &path)?;
        }
        let found = fingerprint(&path)?;
        let found = LockedFile {
            bytes: found.bytes,
            sha256: found.sha256,
        };
        if let Some(expected) = locked.and_then(|locked| locked.files.get(name))
            && *expected != found
        {
            if fetched {
                fs::remove_file(&path).map_err(|why| format!("{}: {why}", path.display()))?;
            }
            return Err(format!(
                "{name} is not the file that models.lock names (SHA-256 {}, not {}): it was changed or damaged. \
                 Nothing was installed.",
                found.sha256, expected.sha256
            ));
        }
        files.insert(name.to_owned(), found);
    }
    Ok(Locked {
        repository: repository.to_owned(),
        commit: commit.unwrap_or_else(|| "placed by hand".to_owned()),
        files,
    })
}

fn by_hand(endpoint: &str, repository: &str, names: &[&str], folder: &Path) -> String {
    let urls: Vec<String> = names
        .iter()
        .map(|file| format!("  {endpoint}/{repository}/resolve/main/{file}"))
        .collect();
    format!(
        "Without a network, or behind a proxy that refuses it: fetch these files elsewhere,\n{}\nplace them in\n  {}\n\
         under the same names and run the command again.",
        urls.join("\n"),
        folder.display()
    )
}

fn read_lock(file: &Path) -> Result<Lock, String> {
    match fs::read(file) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|why| {
            format!(
                "{} cannot be read ({why}): restore it from version control.",
                file.display()
            )
        }),
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => Ok(Lock::default()),
        Err(why) => Err(format!("{}: {why}", file.display())),
    }
}

fn write_lock(file: &Path, lock: &Lock) -> Result<(), String> {
    let json = serde_json::to_string_pretty(lock).expect("a map of plain values");
    fs::write(file, json + "\n").map_err(|why| format!("{}: {why}", file.display()))
}
