use js_sys::{Array, ArrayBuffer, Uint8Array};
use serde::Deserialize;
use speech::bundle::{self, Contents, HEAD, Part};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Cache, File, Request, Response};

use super::file::fetch_bytes;
use super::window::window;
use crate::problem::ModelProblem;

/// Where the speech worker keeps packs too.
const CACHE: &str = "sotto-models";

/// The pack that comes with every build.
pub const STARTER: &str = "models/starter";

/// A pack that can be used here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What the speech worker is asked for.
    pub folder: String,
    pub contents: Contents,
    /// Of the manifest, which names the hashes of everything else; in hexadecimal.
    pub sha256: String,
    /// From a file; otherwise it comes with the site.
    pub installed: bool,
}

/// One line of models/index.json, which the build writes.
#[derive(Deserialize)]
struct Hosted {
    folder: String,
    sha256: String,
    contents: Contents,
}

/// A model file that a person chose; nothing of it is read yet.
pub struct ModelFile(pub(super) File);

/// Copies a model from a file to where the speech worker finds it, part by part, each checked first. What was not
/// complete does not exist: the manifest is written last.
///
/// # Errors
/// [`ModelProblem`]; then nothing was installed.
pub async fn install(ModelFile(file): ModelFile, progress: impl Fn(u64, u64)) -> Result<Found, ModelProblem> {
    let head = read(&file, 0, HEAD as u64).await?;
    let length = bundle::manifest_length(&head).map_err(ModelProblem::NotAModel)?;
    let not_a_model = || ModelProblem::NotAModel(bundle::NoBundle::Other);
    let manifest = read(&file, HEAD as u64, u64::from(length)).await?;
    let contents: Contents = serde_json::from_slice(&manifest).map_err(|_| not_a_model())?;
    if !contents.is_plain() {
        return Err(not_a_model());
    }
    let total = contents.file_length(length).ok_or_else(not_a_model)?;
    if file.size() as u64 != total {
        return Err(ModelProblem::Incomplete);
    }
    let installed = Found {
        folder: folder(&contents.name),
        sha256: sha256(&manifest).await?,
        contents,
        installed: true,
    };
    let cache = open().await?;
    match copy(&file, &cache, &installed, &manifest, progress).await {
        Ok(()) => Ok(installed),
        Err(why) => {
            remove_from(&cache, &installed.folder).await;
            Err(why)
        }
    }
}

/// The packs that come with the site, then those that were installed from files.
pub async fn all() -> Vec<Found> {
    let mut found = hosted().await.unwrap_or_default();
    let Ok(cache) = open().await else { return found };
    for key in keys(&cache).await {
        if key.contains("/installed/") && key.ends_with("/manifest.json") {
            found.extend(read_installed(&cache, &key).await);
        }
    }
    found
}

pub async fn remove(folder: &str) {
    if let Ok(cache) = open().await {
        remove_from(&cache, folder).await;
    }
}

async fn hosted() -> Option<Vec<Found>> {
    let listed: Vec<Hosted> = serde_json::from_slice(&fetch_bytes("models/index.json").await?).ok()?;
    let found = listed.into_iter().map(|hosted| Found {
        folder: hosted.folder,
        contents: hosted.contents,
        sha256: hosted.sha256,
        installed: false,
    });
    Some(found.collect())
}

async fn copy(
    file: &File,
    cache: &Cache,
    installed: &Found,
    manifest: &[u8],
    progress: impl Fn(u64, u64),
) -> Result<(), ModelProblem> {
    let total = file.size() as u64;
    let mut at = (HEAD + manifest.len()) as u64;
    for Part {
        file: name,
        bytes,
        sha256: hash,
    } in &installed.contents.shards
    {
        let part = read(file, at, *bytes).await?;
        if sha256(&part).await? != *hash {
            return Err(ModelProblem::Altered { file: name.clone() });
        }
        put(cache, &format!("{}/{name}?sha256={hash}", installed.folder), &part).await?;
        at += bytes;
        progress(at, total);
    }
    put(cache, &format!("{}/manifest.json", installed.folder), manifest).await
}

async fn read_installed(cache: &Cache, key: &str) -> Option<Found> {
    let response: Response = JsFuture::from(cache.match_with_str(key)).await.ok()?.dyn_into().ok()?;
    let buffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
    let manifest = Uint8Array::new(&buffer).to_vec();
    let contents: Contents = serde_json::from_slice(&manifest).ok()?;
    Some(Found {
        folder: folder(&contents.name),
        sha256: sha256(&manifest).await.ok()?,
        contents,
        installed: true,
    })
}

async fn remove_from(cache: &Cache, folder: &str) {
    let within = format!("/{folder}/");
    for key in keys(cache).await.into_iter().filter(|key| key.contains(&within)) {
        // One that is gone already is as good.
        let _ = JsFuture::from(cache.delete_with_str(&key)).await;
    }
}

fn folder(name: &str) -> String {
    format!("installed/{name}")
}

async fn open() -> Result<Cache, ModelProblem> {
    let caches = window().caches().map_err(|_| ModelProblem::NoStorage)?;
    let opened = JsFuture::from(caches.open(CACHE)).await;
    opened
        .map_err(|_| ModelProblem::NoStorage)?
        .dyn_into()
        .map_err(|_| ModelProblem::NoStorage)
}

async fn keys(cache: &Cache) -> Vec<String> {
    let Ok(keys) = JsFuture::from(cache.keys()).await else {
        return vec![];
    };
    let requests = Array::from(&keys);
    requests
        .iter()
        .filter_map(|key| Some(key.dyn_into::<Request>().ok()?.url()))
        .collect()
}

async fn put(cache: &Cache, key: &str, bytes: &[u8]) -> Result<(), ModelProblem> {
    let body: JsValue = Uint8Array::from(bytes).into();
    let response =
        Response::new_with_opt_js_u8_array(Some(body.unchecked_ref())).map_err(|_| ModelProblem::NoStorage)?;
    let kept = JsFuture::from(cache.put_with_str(key, &response)).await;
    kept.map(drop).map_err(|_| ModelProblem::NoSpace)
}

/// A stretch of a file, whole.
async fn read(file: &Blob, from: u64, length: u64) -> Result<Vec<u8>, ModelProblem> {
    let slice = file
        .slice_with_f64_and_f64(from as f64, (from + length) as f64)
        .map_err(|_| ModelProblem::Unreadable)?;
    let buffer = JsFuture::from(slice.array_buffer())
        .await
        .map_err(|_| ModelProblem::Unreadable)?;
    let bytes = Uint8Array::new(&buffer).to_vec();
    if bytes.len() as u64 == length {
        Ok(bytes)
    } else {
        Err(ModelProblem::Incomplete)
    }
}

/// In hexadecimal.
async fn sha256(bytes: &[u8]) -> Result<String, ModelProblem> {
    let crypto = window().crypto().map_err(|_| ModelProblem::NoStorage)?;
    let digest = crypto
        .subtle()
        .digest_with_str_and_u8_array("SHA-256", bytes)
        .map_err(|_| ModelProblem::NoStorage)?;
    let digest: ArrayBuffer = JsFuture::from(digest)
        .await
        .map_err(|_| ModelProblem::NoStorage)?
        .unchecked_into();
    Ok(Uint8Array::new(&digest)
        .to_vec()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}
