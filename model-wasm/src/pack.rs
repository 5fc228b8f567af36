//! The model pack: `manifest.json`, and shards of raw tensor bytes that it names with their hashes.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use speech::protocol::Failure;

use crate::quant::{self, Bits};
use crate::tokens::Vocabulary;

/// Raised when older builds could misread a pack.
pub const FORMAT: u32 = 1;

/// Everything about a pack but the weights.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// The architecture, e.g. `moonshine_streaming`.
    pub family: String,
    pub name: String,
    /// True for packs that are fine for trying Sotto and not for patients.
    pub demonstration: bool,
    pub licence: String,
    /// Where the weights come from.
    pub origin: String,
    /// The checkpoint's own `config.json`.
    pub config: Value,
    pub tokenizer: Vocabulary,
    pub shards: Vec<Shard>,
    pub tensors: Vec<TensorEntry>,
    pub golden: Golden,
}

/// A file beside the manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    pub file: String,
    pub bytes: u64,
    /// In hexadecimal.
    pub sha256: String,
}

/// Where a tensor lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TensorEntry {
    /// The checkpoint's name.
    pub name: String,
    pub dtype: Dtype,
    /// Matrices of linear layers are `[d_in, d_out]`, the transpose of the checkpoint's; all others are as there.
    pub shape: Vec<usize>,
    /// Index into the shards.
    pub shard: usize,
    /// First byte in the shard.
    pub offset: usize,
    pub bytes: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dtype {
    /// Little-endian.
    F32,
    /// As [`crate::quant`] says.
    Q8,
    Q4,
}

/// What the network must answer to the test signal, from the CPU of whoever made the pack. The empty one, of a pack in the
/// making, is no answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Golden {
    /// Samples of the test signal.
    pub samples: usize,
    /// Every `stride`-th of the first step's scores.
    pub logits: Vec<f32>,
    pub stride: usize,
    /// The first tokens, as far as they were beyond doubt.
    pub tokens: Vec<u32>,
}

impl Manifest {
    /// # Errors
    /// [`Failure::Unsupported`] for anything that is no manifest of this format, or that contradicts itself.
    pub fn parse(json: &[u8]) -> Result<Self, Failure> {
        let manifest: Self = serde_json::from_slice(json).map_err(|_| unsupported("model manifest"))?;
        if manifest.format != FORMAT {
            return Err(unsupported(&format!("model pack of format {}", manifest.format)));
        }
        match manifest.tensors.iter().find(|tensor| !manifest.holds(tensor)) {
            Some(tensor) => Err(unsupported(&format!("tensor {}", tensor.name))),
            None => Ok(manifest),
        }
    }

    /// Bytes of all shards.
    pub fn total_bytes(&self) -> u64 {
        self.shards.iter().map(|shard| shard.bytes).sum()
    }

    /// Of the integers among its tensors, each once.
    pub fn bits(&self) -> Vec<Bits> {
        let mut bits: Vec<Bits> = self.tensors.iter().filter_map(|tensor| tensor.dtype.bits()).collect();
        bits.sort_unstable();
        bits.dedup();
        bits
    }

    /// True for a tensor whose size fits its shape and that lies inside its shard.
    fn holds(&self, tensor: &TensorEntry) -> bool {
        let end = tensor.offset.checked_add(tensor.bytes);
        let shard = self.shards.get(tensor.shard);
        let inside = end.zip(shard).is_some_and(|(end, shard)| end as u64 <= shard.bytes);
        inside && tensor.dtype.byte_len(&tensor.shape) == Some(tensor.bytes)
    }
}

impl Dtype {
    /// Bytes of a tensor; nothing for a shape that is too large or cannot be cut into blocks.
    pub fn byte_len(self, shape: &[usize]) -> Option<usize> {
        let values = shape
            .iter()
            .try_fold(1_usize, |product, size| product.checked_mul(*size))?;
        match self.bits() {
            None => values.checked_mul(size_of::<f32>()),
            Some(bits) => {
                let matrix: [usize; 2] = shape.try_into().ok()?;
                quant::fits(bits, matrix).then(|| quant::byte_len(bits, matrix))?
            }
        }
    }

    /// Of a value, if it is an integer.
    pub fn bits(self) -> Option<Bits> {
        match self {
            Dtype::F32 => None,
            Dtype::Q8 => Some(Bits::Eight),
            Dtype::Q4 => Some(Bits::Four),
        }
    }
}

/// Whether the bytes are those of the shard that the manifest names.
///
/// # Errors
/// [`Failure::Altered`] if they are not.
pub fn verify(manifest: &Manifest, index: usize, bytes: &[u8]) -> Result<(), Failure> {
    let Some(shard) = manifest.shards.get(index) else {
        return Err(unsupported("model manifest"));
    };
    if bytes.len() as u64 == shard.bytes && hash(bytes) == shard.sha256.to_ascii_lowercase() {
        Ok(())
    } else {
        Err(Failure::Altered {
            file: shard.file.clone(),
        })
    }
}

/// SHA-256 in hexadecimal.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What does not fit, named for the person who tries to load it.
pub(crate) fn unsupported(what: &str) -> Failure {
    Failure::Unsupported { what: what.to_owned() }
}
