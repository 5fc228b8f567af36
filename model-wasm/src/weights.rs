//! The tensors of a pack on their way to the device: every one must be asked for by name and shape, none may be left.

use std::collections::BTreeMap;

use burn::tensor::{Device, Tensor, TensorData};
use speech::protocol::Failure;

use crate::{
    pack::{Dtype, Manifest, unsupported},
    quant::{self, Bits},
};

pub struct Weights {
    stored: BTreeMap<String, Stored>,
    device: Device,
}

/// The weights of linear layers.
pub enum Matrix {
    /// As [`quant`] says.
    Packed(Bits, Vec<u8>),
    /// Row-major.
    Float(Vec<f32>),
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

    /// Matrices of the same input, `[input, d_out]` each, side by side, and the sum of their `d_out`.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] if one is missing or of another shape.
    pub fn matrix(
        &mut self,
        parts: impl Iterator<Item = (String, usize)>,
        input: usize,
    ) -> Result<(Matrix, usize), Failure> {
        let parts: Vec<(Stored, usize)> = parts
            .map(|(name, output)| Ok((self.take(&name, &[input, output])?, output)))
            .collect::<Result<_, Failure>>()?;
        let all: usize = parts.iter().map(|(_, output)| output).sum();
        if let Some(bits) = common_bits(&parts).filter(|_| input.is_multiple_of(2)) {
            let of_a_row = |output: usize| bits.value_bytes([1, output]);
            let values = parts
                .iter()
                .map(|(stored, output)| (&stored.bytes[..input * of_a_row(*output)], of_a_row(*output)));
            let scales = parts.iter().map(|(stored, output)| {
                (
                    &stored.bytes[input * of_a_row(*output)..],
                    output.div_ceil(quant::BLOCK) * size_of::<f32>(),
                )
            });
            let mut bytes = side_by_side(values, input);
            bytes.extend(side_by_side(scales, input));
            return Ok((Matrix::Packed(bits, bytes), all));
        }
        let unpacked: Vec<(Vec<f32>, usize)> = parts
            .into_iter()
            .map(|(stored, output)| (stored.floats([input, output]), output))
            .collect();
        let values = unpacked.iter().map(|(values, output)| (values.as_slice(), *output));
        Ok((Matrix::Float(side_by_side(values, input)), all))
    }

    /// A table whose rows are looked up: floats on the device, whatever the pack has.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] if it is missing or of another shape.
    pub fn table(&mut self, name: &str, shape: [usize; 2]) -> Result<Tensor<2>, Failure> {
        let values = self.take(name, &shape)?.floats(shape);
        Ok(Tensor::from_data(TensorData::new(values, shape), &self.device))
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

    pub fn device(&self) -> &Device {
        &self.device
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
            Dtype::Q8 | Dtype::Q4 => Err(unsupported(&format!("tensor {name}, which must not be quantised"))),
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

impl Stored {
    /// Of a matrix.
    fn floats(&self, shape: [usize; 2]) -> Vec<f32> {
        match self.dtype.bits() {
            None => floats(&self.bytes),
            Some(bits) => quant::dequantise(bits, &self.bytes, shape),
        }
    }
}

/// Bits of matrices that can stand side by side: a block of one may not reach into the next.
fn common_bits(parts: &[(Stored, usize)]) -> Option<Bits> {
    let bits = parts.first()?.0.dtype.bits();
    let (_, before) = parts.split_last()?;
    let whole = before.iter().all(|(_, output)| output.is_multiple_of(quant::BLOCK));
    let same = parts.iter().all(|(stored, _)| stored.dtype.bits() == bits);
    bits.filter(|_| whole && same)
}

/// Row after row of tables that have so many rows, and each so many columns.
fn side_by_side<'a, T: Copy + 'a>(tables: impl Iterator<Item = (&'a [T], usize)>, rows: usize) -> Vec<T> {
    let tables: Vec<(&[T], usize)> = tables.collect();
    (0..rows)
        .flat_map(|row| {
            tables
                .iter()
                .flat_map(move |(table, width)| table[row * width..][..*width].iter().copied())
        })
        .collect()
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes
        .as_chunks()
        .0
        .iter()
        .map(|bytes| f32::from_le_bytes(*bytes))
        .collect()
}
