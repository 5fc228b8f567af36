//! What a measurement is asked for: a model on a device, and how much of what.

use std::path::PathBuf;

use burn::tensor::Device;
use lexopt::prelude::*;
use model_wasm::Transcriber;

use crate::{device, needed, text};

pub struct Asked {
    pub transcriber: Transcriber,
    data: Option<PathBuf>,
    pub files: Vec<PathBuf>,
    number: Option<usize>,
}

impl Asked {
    /// `--model DIR [--device NAME] [--data DIR] [--NUMBER N] [FILE…]`, where the number has the name that is given.
    pub fn parse(arguments: &mut lexopt::Parser, number_name: &str) -> Result<Self, String> {
        let (mut model, mut device, mut data, mut number) = (None, Device::flex(), None, None);
        let mut files = Vec::new();
        while let Some(argument) = arguments.next().map_err(text)? {
            match argument {
                Long("model") => model = Some(PathBuf::from(arguments.value().map_err(text)?)),
                Long("data") => data = Some(PathBuf::from(arguments.value().map_err(text)?)),
                Long("device") => device = device::parse(&arguments.value().map_err(text)?.string().map_err(text)?)?,
                Long(name) if name == number_name => {
                    number = Some(arguments.value().map_err(text)?.parse().map_err(text)?);
                }
                Value(file) => files.push(PathBuf::from(file)),
                other => return Err(text(other.unexpected())),
            }
        }
        Ok(Self {
            transcriber: device::load(&needed(model, "--model")?, &device)?,
            data,
            files,
            number,
        })
    }

    /// At least one.
    pub fn number(&self, default: usize) -> usize {
        self.number.unwrap_or(default).max(1)
    }

    /// The folder of labelled recordings.
    pub fn data(&self) -> Result<PathBuf, String> {
        needed(self.data.clone(), "--data")
    }
}
