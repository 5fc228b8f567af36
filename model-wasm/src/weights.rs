//! The tensors of a pack on their way to the device: every one must be asked for by name and shape, none may be left.

use std::collections::BTreeMap;

use burn::tensor::{DType, Device, Tensor, TensorData};
use speech::protocol::Failure;

use crate::{
    pack::{Dtype, Manifest, unsupported},
    quant,
};

pub struct Weights {
    stored: BTreeMap<String, Stored>,
    device: Device,
}

/// A tensor as it lies in the pack.
struct Stored {
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Weights {
    /// Cuts the shards, whose hashes the caller has verified, into tensors.
    ///
    /// # Errors
    /// [`Failure::Altered`] for a shard of another length, [`Failure::Unsupported`] for a missing shard or a tensor
    /// that is named twice.
    pub fn from_shards(manifest: &Manifest, shards: Vec<Vec<u8>>, device: &Device) -> Result<Self, Failure> {
        if shards.len() != manifest.shards.len() {
            return Err(unsupported("model pack with files missing"));
        }
        let mut stored = BTreeMap::new();
        // Shard by shard, so that each is dropped before the next is cut: memory never holds the pack twice.
        for (index, (bytes, shard)) in shards.into_iter().zip(&manifest.shards).enumerate() {
            if bytes.len() as u64 != shard.bytes {
                return Err(Failure::Altered {
                    file: shard.file.clone(),
                });
            }
            for entry in manifest.tensors.iter().filter(|entry| entry.shard == index) {
                let Some(bytes) = bytes.get(entry.offset..entry.offset + entry.bytes) else {
                    return Err(unsupported(&format!("tensor {}", entry.name)));
                };
                let tensor = Stored {
                    dtype: entry.dtype,
                    shape: entry.shape.clone(),
                    bytes: bytes.to_vec(),
                };
                if stored.insert(entry.name.clone(), tensor).is_some() {
                    return Err(unsupported(&format!("tensor {}, which is there twice", entry.name)));
                }
            }
        }
        Ok(Self {
            stored,
            device: device.clone(),
        })
    }

    /// The matrix of a linear layer, `[d_in, d_out]`; quantised ones stay so on a GPU.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] if it is missing or of another shape.
    pub fn linear(&mut self, name: &str, shape: [usize; 2]) -> Result<Tensor<2>, Failure> {
        let stored = self.take(name, &shape)?;
        let data = match stored.dtype {
            Dtype::F32 => TensorData::new(floats(&stored.bytes), shape),
            Dtype::Q8 if self.device == Device::flex() => {
                TensorData::new(quant::dequantise(&stored.bytes, shape[0] * shape[1]), shape)
            }
            Dtype::Q8 => TensorData::from_bytes_vec(stored.bytes, shape, DType::QFloat(quant::scheme())),
        };
        Ok(Tensor::from_data(data, &self.device))
    }

    /// A tensor that is never quantised.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] if it is missing, of another shape, or quantised.
    pub fn float<const D: usize>(&mut self, name: &str, shape: [usize; D]) -> Result<Tensor<D>, Failure> {
        let values = self.values(name, &shape)?;
        Ok(Tensor::from_data(TensorData::new(values, shape), &self.device))
    }

    /// A number that the host needs.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] if it is missing or no scalar.
    pub fn scalar(&mut self, name: &str) -> Result<f32, Failure> {
        let values = self.values(name, &[])?;
        values
            .first()
            .copied()
            .ok_or_else(|| unsupported(&format!("tensor {name}")))
    }

    /// # Errors
    /// [`Failure::Unsupported`] naming a tensor that nobody asked for: the pack is of another architecture.
    pub fn finish(self) -> Result<Device, Failure> {
        match self.stored.keys().next() {
            Some(name) => Err(unsupported(&format!("tensor {name}, which this build does not know"))),
            None => Ok(self.device),
        }
    }

    fn values(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Failure> {
        let stored = self.take(name, shape)?;
        match stored.dtype {
            Dtype::F32 => Ok(floats(&stored.bytes)),
            Dtype::Q8 => Err(unsupported(&format!("tensor {name}, which must not be quantised"))),
        }
    }

    fn take(&mut self, name: &str, shape: &[usize]) -> Result<Stored, Failure> {
        let stored = self
            .stored
            .remove(name)
            .ok_or_else(|| unsupported(&format!("missing tensor {name}")))?;
        if stored.shape != shape || stored.dtype.byte_len(shape) != Some(stored.bytes.len()) {
            return Err(unsupported(&format!("tensor {name} of shape {:?}", stored.shape)));
        }
        Ok(stored)
    }
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes
        .as_chunks()
        .0
        .iter()
        .map(|bytes| f32::from_le_bytes(*bytes))
        .collect()
}
