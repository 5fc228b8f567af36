//! A checkpoint as it is published: `config.json`, `tokenizer.json`, `*.safetensors`, and Whisper's
//! `generation_config.json`; native only.

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
    config::{Config, whisper},
    pack::unsupported,
    tokens::{Vocabulary, byte, piece},
};

/// What a checkpoint folder holds.
pub struct Checkpoint {
    /// With Whisper's generation configuration in it.
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
    let config = read_config(folder)?;
    let vocabulary = read_vocabulary(&folder.join("tokenizer.json"))?;
    let tensors = read_tensors(folder, &Config::parse(&config)?)?;
    Ok(Checkpoint {
        config,
        vocabulary,
        tensors,
    })
}

/// The configuration of a checkpoint folder.
///
/// # Errors
/// As [`read`].
pub fn read_config(folder: &Path) -> Result<Value, Failure> {
    let mut config = read_json(&folder.join("config.json"))?;
    if config["model_type"] == whisper::MODEL_TYPE {
        config[whisper::GENERATION] = read_json(&folder.join("generation_config.json"))?;
    }
    Ok(config)
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
        let mut head = Matrix {
            shape: embedding.shape.clone(),
            values: embedding.values.clone(),
        };
        if let [rows, columns] = head.shape.as_mut_slice() {
            *rows = (*rows).max(config.head_width());
            head.values.resize(*rows * *columns, 0.0);
        }
        tensors.insert("proj_out.weight".to_owned(), head);
    }
    Ok(tensors)
}

/// The pieces of a `tokenizer.json` whose decoder is one that [`Vocabulary::text`] implements.
fn vocabulary(tokenizer: &Value) -> Result<Vocabulary, Failure> {
    let decoder = &tokenizer["decoder"];
    let steps: Vec<&str> = decoder["decoders"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|d| d["type"].as_str())
        .collect();
    let fallback = steps == ["Replace", "ByteFallback", "Fuse", "Strip"] && tokenizer["model"]["byte_fallback"] == true;
    let byte_level = decoder["type"] == "ByteLevel";
    if !fallback && !byte_level {
        return Err(unsupported("tokenizer other than byte-fallback or byte-level BPE"));
    }
    let spelled = |text: &str| match byte_level {
        true => letters_to_bytes(text).map(|bytes| piece(&bytes)),
        false => Some(text.to_owned()),
    };
    let mut pieces: BTreeMap<u64, String> = BTreeMap::new();
    for (piece, id) in tokenizer["model"]["vocab"].as_object().into_iter().flatten() {
        let (Some(id), Some(piece)) = (id.as_u64(), spelled(piece)) else {
            return Err(unsupported("tokenizer vocabulary"));
        };
        pieces.insert(id, piece);
    }
    let mut special = Vec::new();
    for token in tokenizer["added_tokens"].as_array().into_iter().flatten() {
        let (Some(id), Some(content)) = (token["id"].as_u64(), token["content"].as_str()) else {
            return Err(unsupported("tokenizer vocabulary"));
        };
        pieces.insert(id, content.to_owned());
        // Some tokenizers flag their 256 bytes as special, which would drop every digit and accent they spell.
        if token["special"] == true && byte(content).is_none() {
            special.push(id as u32);
        }
    }
    if pieces.keys().enumerate().any(|(index, id)| index as u64 != *id) {
        return Err(unsupported("tokenizer vocabulary with gaps"));
    }
    Ok(Vocabulary {
        pieces: pieces.into_values().collect(),
        special,
        byte_level,
    })
}

/// The bytes that a byte-level piece writes as letters: those that can be seen stand for themselves, the others for the
/// letters from 256 on (openai/gpt-2: src/encoder.py).
fn letters_to_bytes(letters: &str) -> Option<Vec<u8>> {
    let seen = |byte: &u8| matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF);
    let unseen: Vec<u8> = (0..=u8::MAX).filter(|byte| !seen(byte)).collect();
    let byte = |letter: char| match u8::try_from(letter) {
        Ok(byte) => seen(&byte).then_some(byte),
        Err(_) => unseen.get((letter as usize).checked_sub(256)?).copied(),
    };
    letters.chars().map(byte).collect()
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
