//! The model pack: fetched once, checked always, kept for offline use.

use js_sys::{Reflect, Uint8Array};
use model_wasm::pack::{self, Manifest};
use speech::WordList;
use speech::protocol::{Failure, ModelRef};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, ReadableStreamDefaultReader, Response, WorkerGlobalScope};

/// A pack whose every byte has been checked.
pub struct Pack {
    pub manifest: Manifest,
    pub shards: Vec<Vec<u8>>,
}

/// Fetches the manifest and each shard, from the browser's cache where it is kept, and tells of every byte.
///
/// # Errors
/// [`Failure::Fetch`] when a file is not to be had, [`Failure::Altered`] when it is not the one that the manifest
/// names, [`Failure::Unsupported`] when the manifest does not fit this build.
pub async fn fetch(model: &ModelRef, progress: impl Fn(u64, u64)) -> Result<Pack, Failure> {
    let name = "manifest.json";
    let url = format!("{}/{name}", model.folder);
    let cache = open_cache().await;
    // A pack that was installed from a file is here whole and nowhere else.
    let here = if model.folder.starts_with("installed/") {
        kept(cache.as_ref(), &url).await
    } else {
        None
    };
    let bytes = match here {
        Some(bytes) => bytes,
        None => download(&url, name, |_| ()).await?,
    };
    let manifest = Manifest::parse(&bytes)?;
    let total = manifest.total_bytes();
    let mut before = 0;
    let mut shards = Vec::new();
    for (index, shard) in manifest.shards.iter().enumerate() {
        let url = format!("{}/{}", model.folder, shard.file);
        // The hash in the key: an updated pack can never be answered with an older one's bytes.
        let key = format!("{url}?sha256={}", shard.sha256);
        let bytes = match kept(cache.as_ref(), &key).await {
            Some(bytes) if pack::verify(&manifest, index, &bytes).is_ok() => bytes,
            Some(_) | None => {
                let bytes = download(&url, &shard.file, |done| progress(before + done, total)).await?;
                pack::verify(&manifest, index, &bytes)?;
                keep(cache.as_ref(), &key, &bytes).await;
                bytes
            }
        };
        before += bytes.len() as u64;
        progress(before, total);
        shards.push(bytes);
    }
    Ok(Pack { manifest, shards })
}

/// The names of drugs that come with the site; nothing where they cannot be had.
pub async fn drugs() -> Option<WordList> {
    let bytes = download("vocabulary/drugs.txt", "drugs.txt", |_| ()).await.ok()?;
    WordList::read(&bytes).ok()
}

/// Reads a file of the own origin chunk by chunk.
async fn download(url: &str, name: &str, progress: impl Fn(u64)) -> Result<Vec<u8>, Failure> {
    let failed = || Failure::Fetch { file: name.to_owned() };
    let response = JsFuture::from(scope().fetch_with_str(url))
        .await
        .map_err(|_| failed())?;
    let response: Response = response.dyn_into().map_err(|_| failed())?;
    if !response.ok() {
        return Err(failed());
    }
    let stream = response.body().ok_or_else(failed)?;
    let reader: ReadableStreamDefaultReader = stream.get_reader().dyn_into().map_err(|_| failed())?;
    let mut bytes = Vec::new();
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(|_| failed())?;
        if Reflect::get(&chunk, &"done".into()).is_ok_and(|done| done.is_truthy()) {
            return Ok(bytes);
        }
        let value = Reflect::get(&chunk, &"value".into()).map_err(|_| failed())?;
        let value: Uint8Array = value.dyn_into().map_err(|_| failed())?;
        let start = bytes.len();
        bytes.resize(start + value.length() as usize, 0);
        value.copy_to(&mut bytes[start..]);
        progress(bytes.len() as u64);
    }
}

/// The worker's own cache; without one (a private window) every start downloads anew.
async fn open_cache() -> Option<Cache> {
    let caches = scope().caches().ok()?;
    JsFuture::from(caches.open("sotto-models")).await.ok()?.dyn_into().ok()
}

async fn kept(cache: Option<&Cache>, key: &str) -> Option<Vec<u8>> {
    let response = JsFuture::from(cache?.match_with_str(key)).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    let buffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// Keeping is a service, not a need: a full disk must not stop a visit.
async fn keep(cache: Option<&Cache>, key: &str, bytes: &[u8]) {
    let Some(cache) = cache else { return };
    let body: JsValue = Uint8Array::from(bytes).into();
    let Ok(response) = Response::new_with_opt_js_u8_array(Some(body.unchecked_ref())) else {
        return;
    };
    let _ = JsFuture::from(cache.put_with_str(key, &response)).await;
}

fn scope() -> WorkerGlobalScope {
    js_sys::global().dyn_into().expect("this binary runs in a worker")
}
