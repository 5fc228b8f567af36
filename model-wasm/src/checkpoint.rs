//! A checkpoint as it is published: `config.json`, `tokenizer.json`, `*.safetensors`; native only.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use burn::tensor::{bf16, f16};
use safetensors::{Dtype as Stored, SafeTensors, tensor::TensorView};
use serde_json::Value;
use speech::protocol::Failure;

use crate::{
    config::Config,
    pack::unsupported,
    tokens::{Vocabulary, byte},
};

/// What a checkpoint folder holds: `config.json`, `tokenizer.json`, `*.safetensors`.
pub struct Checkpoint {
    pub config: Value,
    pub vocabulary: Vocabulary,
    /// Row-major, in the checkpoint's own layout.
    pub tensors: BTreeMap<String, Matrix>,
}

/// A tensor of any rank.
pub struct Matrix {
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}

/// # Errors
/// [`Failure::Fetch`] for a file that is missing or unreadable, [`Failure::Unsupported`] for content that is no such
/// checkpoint.
pub fn read(folder: &Path) -> Result<Checkpoint, Failure> {
    let config = read_json(&folder.join("config.json"))?;
    let vocabulary = read_vocabulary(&folder.join("tokenizer.json"))?;
    let tensors = read_tensors(folder, &Config::parse(&config)?)?;
    Ok(Checkpoint {
        config,
        vocabulary,
        tensors,
    })
}

/// The pieces of a `tokenizer.json`.
///
/// # Errors
/// As [`read`].
pub fn read_vocabulary(path: &Path) -> Result<Vocabulary, Failure> {
    vocabulary(&read_json(path)?)
}

/// The weights of a checkpoint folder; a head that is tied to the embedding becomes a tensor of its own.
///
/// # Errors
/// As [`read`].
pub fn read_tensors(folder: &Path, config: &Config) -> Result<BTreeMap<String, Matrix>, Failure> {
    let entries = fs::read_dir(folder).map_err(|_| unreadable(folder))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "safetensors"));
    if files.is_empty() {
        return Err(unreadable(&folder.join("model.safetensors")));
    }
    let mut tensors = BTreeMap::new();
    for path in files {
        let bytes = read_file(&path)?;
        let file = SafeTensors::deserialize(&bytes).map_err(|_| unsupported(&path.display().to_string()))?;
        for (name, view) in file.tensors() {
            tensors.insert(
                name.clone(),
                Matrix {
                    shape: view.shape().to_vec(),
                    values: floats(&name, &view)?,
                },
            );
        }
    }
    if config.tie_word_embeddings
        && let Some(embedding) = tensors.get("model.decoder.embed_tokens.weight")
    {
        let head = Matrix {
            shape: embedding.shape.clone(),
            values: embedding.values.clone(),
        };
        tensors.insert("proj_out.weight".to_owned(), head);
    }
    Ok(tensors)
}

/// The pieces of a `tokenizer.json` whose decoder is the one that [`Vocabulary::text`] implements.
fn vocabulary(tokenizer: &Value) -> Result<Vocabulary, Failure> {
    let steps: Vec<&str> = tokenizer["decoder"]["decoders"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|d| d["type"].as_str())
        .collect();
    if steps != ["Replace", "ByteFallback", "Fuse", "Strip"] || tokenizer["model"]["byte_fallback"] != true {
        return Err(unsupported("tokenizer other than byte-fallback BPE"));
    }
    let mut pieces: BTreeMap<u64, &str> = BTreeMap::new();
    for (piece, id) in tokenizer["model"]["vocab"].as_object().into_iter().flatten() {
        pieces.insert(id.as_u64().ok_or_else(|| unsupported("tokenizer vocabulary"))?, piece);
    }
    let mut special = Vec::new();
    for token in tokenizer["added_tokens"].as_array().into_iter().flatten() {
        let (Some(id), Some(content)) = (token["id"].as_u64(), token["content"].as_str()) else {
            return Err(unsupported("tokenizer vocabulary"));
        };
        pieces.insert(id, content);
        // Some tokenizers flag their 256 bytes as special, which would drop every digit and accent they spell.
        if token["special"] == true && byte(content).is_none() {
            special.push(id as u32);
        }
    }
    if pieces.keys().enumerate().any(|(index, id)| index as u64 != *id) {
        return Err(unsupported("tokenizer vocabulary with gaps"));
    }
    Ok(Vocabulary {
        pieces: pieces.into_values().map(str::to_owned).collect(),
        special,
    })
}

fn floats(name: &str, view: &TensorView<'_>) -> Result<Vec<f32>, Failure> {
    let halves = || view.data().as_chunks::<2>().0.iter();
    match view.dtype() {
        Stored::F32 => Ok(view
            .data()
            .as_chunks()
            .0
            .iter()
            .map(|bytes| f32::from_le_bytes(*bytes))
            .collect()),
        Stored::F16 => Ok(halves().map(|bytes| f16::from_le_bytes(*bytes).to_f32()).collect()),
        Stored::BF16 => Ok(halves().map(|bytes| bf16::from_le_bytes(*bytes).to_f32()).collect()),
        other => Err(unsupported(&format!("tensor {name} of type {other:?}"))),
    }
}

fn read_json(path: &Path) -> Result<Value, Failure> {
    serde_json::from_slice(&read_file(path)?).map_err(|_| unsupported(&path.display().to_string()))
}

/// # Errors
/// [`Failure::Fetch`] for a file that is missing or unreadable.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|_| unreadable(path))
}

pub(crate) fn unreadable(path: &Path) -> Failure {
    Failure::Fetch {
        file: path.display().to_string(),
    }
}
