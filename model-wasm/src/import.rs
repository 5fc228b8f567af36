//! A published checkpoint to a model pack, and back; native only.

use std::{collections::BTreeMap, fs, path::Path};

use burn::tensor::Device;
use safetensors::{Dtype as Stored, tensor::TensorView};
use serde_json::Value;
use speech::protocol::Failure;

use crate::{
    block_on,
    checkpoint::{Checkpoint, Matrix, read_file, unreadable},
    config::{Config, whisper},
    network::Network,
    pack::{Dtype, FORMAT, Golden, Manifest, Shard, TensorEntry, hash, unsupported, verify},
    quant, self_test,
    weights::Weights,
};

/// Shards become as equal as tensors allow, none much over this; a browser holds one at a time while it loads.
const SHARD_BYTES: usize = 8 << 20;

/// What a pack says about itself.
pub struct Label {
    pub name: String,
    pub demonstration: bool,
    pub licence: String,
    pub origin: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Quantisation {
    F32,
    /// The matrices of attention, feed-forward parts and head, and the embedding; everything else stays float.
    Q8,
    /// The same, with 4 bits where the decoder reads; the encoder keeps 8.
    Q4,
}

/// Manifest and shards, with the golden answer that the CPU gives to these very bytes.
///
/// # Errors
/// [`Failure::Unsupported`] for a checkpoint that this build cannot run.
pub fn pack(
    checkpoint: Checkpoint,
    quantisation: Quantisation,
    label: Label,
) -> Result<(Manifest, Vec<Vec<u8>>), Failure> {
    let config = Config::parse(&checkpoint.config)?;
    let family = checkpoint.config["model_type"].as_str().unwrap_or_default().to_owned();
    let (tensors, shards) = lay_out(checkpoint.tensors, quantisation);
    let mut manifest = Manifest {
        format: FORMAT,
        family,
        name: label.name,
        demonstration: label.demonstration,
        licence: label.licence,
        origin: label.origin,
        config: checkpoint.config,
        tokenizer: checkpoint.vocabulary,
        shards: shards
            .iter()
            .enumerate()
            .map(|(index, bytes)| shard(index, bytes))
            .collect(),
        tensors,
        golden: Golden::default(),
    };
    let weights = Weights::from_shards(&manifest, shards.clone(), &Device::flex())?;
    manifest.golden = block_on(self_test::record(&Network::load(config, weights)?))?;
    Ok((manifest, shards))
}

/// # Errors
/// [`Failure::Fetch`] for a file that cannot be written.
pub fn write_pack(folder: &Path, manifest: &Manifest, shards: &[Vec<u8>]) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|_| unreadable(folder))?;
    for (shard, bytes) in manifest.shards.iter().zip(shards) {
        write(&folder.join(&shard.file), bytes)?;
    }
    let json = serde_json::to_vec(manifest).map_err(|_| unsupported("model manifest"))?;
    write(&folder.join("manifest.json"), &json)
}

/// A pack from disk, its hashes checked.
///
/// # Errors
/// [`Failure::Fetch`], [`Failure::Altered`] or [`Failure::Unsupported`], naming the file.
pub fn read_pack(folder: &Path) -> Result<(Manifest, Vec<Vec<u8>>), Failure> {
    let manifest = Manifest::parse(&read_file(&folder.join("manifest.json"))?)?;
    let mut shards = Vec::new();
    for (index, shard) in manifest.shards.iter().enumerate() {
        let bytes = read_file(&folder.join(&shard.file))?;
        verify(&manifest, index, &bytes)?;
        shards.push(bytes);
    }
    Ok((manifest, shards))
}

/// The weights that a pack really has, rounded as they are, as a checkpoint folder for the original implementation.
///
/// # Errors
/// [`Failure::Fetch`] for a file that cannot be written, [`Failure::Unsupported`] for Whisper, whose head the original does
/// not know as a tensor of its own.
pub fn export(manifest: &Manifest, shards: &[Vec<u8>], folder: &Path) -> Result<(), Failure> {
    if manifest.family == whisper::MODEL_TYPE {
        return Err(unsupported("a Whisper pack as a folder"));
    }
    fs::create_dir_all(folder).map_err(|_| unreadable(folder))?;
    let mut tensors = BTreeMap::new();
    for entry in &manifest.tensors {
        let bytes = &shards[entry.shard][entry.offset..entry.offset + entry.bytes];
        let values = match entry.dtype {
            Dtype::F32 => bytes
                .as_chunks()
                .0
                .iter()
                .map(|bytes| f32::from_le_bytes(*bytes))
                .collect(),
            Dtype::Q8 | Dtype::Q4 => {
                let (bits, shape) = (entry.dtype.bits(), entry.shape.as_slice().try_into());
                let (Some(bits), Ok(shape)) = (bits, shape) else {
                    return Err(unsupported(&format!("tensor {}", entry.name)));
                };
                quant::dequantise(bits, bytes, shape)
            }
        };
        let matrix = Matrix {
            shape: entry.shape.clone(),
            values,
        };
        let matrix = if is_linear(&entry.name, &matrix) {
            transposed(&matrix)
        } else {
            matrix
        };
        let bytes: Vec<u8> = matrix.values.iter().flat_map(|value| value.to_le_bytes()).collect();
        tensors.insert(entry.name.clone(), (matrix.shape, bytes));
    }
    let views: Vec<(&String, TensorView<'_>)> = tensors
        .iter()
        .map(|(name, (shape, bytes))| {
            let view = TensorView::new(Stored::F32, shape.clone(), bytes);
            Ok((name, view.map_err(|_| unsupported(&format!("tensor {name}")))?))
        })
        .collect::<Result<_, Failure>>()?;
    let metadata = [("format".to_owned(), "pt".to_owned())].into();
    let file = safetensors::serialize(views, Some(metadata)).map_err(|_| unsupported("these tensors"))?;
    write(&folder.join("model.safetensors"), &file)?;
    let mut config = manifest.config.clone();
    // The head is a tensor of its own in a pack, and may be rounded where the embedding is not.
    config["tie_word_embeddings"] = Value::Bool(false);
    write(&folder.join("config.json"), config.to_string().as_bytes())
}

/// The tensor table and the shards: tensors one after the other, in the order of their names, cut into shards.
pub fn lay_out(tensors: BTreeMap<String, Matrix>, quantisation: Quantisation) -> (Vec<TensorEntry>, Vec<Vec<u8>>) {
    let stored: Vec<(String, Dtype, Vec<usize>, Vec<u8>)> = tensors
        .into_iter()
        .map(|(name, matrix)| {
            let matrix = if is_linear(&name, &matrix) {
                transposed(&matrix)
            } else {
                matrix
            };
            let dtype = dtype(quantisation, &name, &matrix.shape);
            let bytes = match (dtype.bits(), matrix.shape.as_slice()) {
                (Some(bits), &[d_in, d_out]) => quant::quantise(bits, &matrix.values, [d_in, d_out]),
                _ => matrix.values.iter().flat_map(|value| value.to_le_bytes()).collect(),
            };
            (name, dtype, matrix.shape, bytes)
        })
        .collect();
    let total: usize = stored.iter().map(|(_, _, _, bytes)| bytes.len()).sum();
    let target = total.div_ceil(total.div_ceil(SHARD_BYTES).max(1));
    let (mut entries, mut shards) = (Vec::new(), vec![Vec::new()]);
    for (name, dtype, shape, bytes) in stored {
        let filled = shards.last().map_or(0, Vec::len);
        if filled >= target {
            shards.push(Vec::new());
        }
        let shard = shards.len() - 1;
        entries.push(TensorEntry {
            name,
            dtype,
            shape,
            shard,
            offset: shards[shard].len(),
            bytes: bytes.len(),
        });
        shards[shard].extend(bytes);
    }
    (entries, shards)
}

/// Names carry the hash, so that no cache can mix two packs.
fn shard(index: usize, bytes: &[u8]) -> Shard {
    let sha256 = hash(bytes);
    Shard {
        file: format!("shard-{index}-{}.bin", &sha256[..12]),
        bytes: bytes.len() as u64,
        sha256,
    }
}

/// Matrices are linear layers, except the tables of tokens and positions.
fn is_linear(name: &str, matrix: &Matrix) -> bool {
    let tables = ["embed_tokens.weight", "pos_emb.weight", "embed_positions.weight"];
    matrix.shape.len() == 2 && !tables.iter().any(|table| name.ends_with(table))
}

/// How a tensor is stored: the front end, the step between two widths, norms and biases stay float.
fn dtype(quantisation: Quantisation, name: &str, shape: &[usize]) -> Dtype {
    let ends = ["_proj.weight", ".fc1.weight", ".fc2.weight", "embed_tokens.weight"];
    let matrix = ends.iter().any(|end| name.ends_with(end)) || name == "proj_out.weight";
    let coarse = quantisation == Quantisation::Q4 && !name.starts_with("model.encoder.");
    let smallest_first = match (quantisation, matrix) {
        (Quantisation::F32, _) | (_, false) => &[][..],
        (Quantisation::Q8 | Quantisation::Q4, true) if coarse => &[Dtype::Q4, Dtype::Q8][..],
        (Quantisation::Q8 | Quantisation::Q4, true) => &[Dtype::Q8][..],
    };
    let fits = |dtype: &&Dtype| dtype.byte_len(shape).is_some();
    smallest_first.iter().find(fits).copied().unwrap_or(Dtype::F32)
}

/// `[a, b]` → `[b, a]`
fn transposed(matrix: &Matrix) -> Matrix {
    let (rows, columns) = (matrix.shape[0], matrix.shape[1]);
    let values = (0..rows * columns)
        .map(|at| matrix.values[at % rows * columns + at / rows])
        .collect();
    Matrix {
        shape: vec![columns, rows],
        values,
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(path, bytes).map_err(|_| unreadable(path))
}
