//! Which device runs, and a loaded model on it.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use lexopt::prelude::*;
use model_wasm::{Transcriber, block_on, import, network::Network};

use crate::{needed, plain, text};

/// `flex`: the CPU backend. `webgpu`: the kernels that run in a browser, on this machine's GPU or on a software one.
pub fn parse(name: &str) -> Result<Device, String> {
    match name {
        "flex" => Ok(Device::flex()),
        "webgpu" => Device::wgpu_options().init().map_err(|why| {
            format!("no GPU here, not even a software one (on Debian: install mesa-vulkan-drivers): {why}")
        }),
        other => Err(format!("no device {other:?}: flex or webgpu")),
    }
}

pub fn load(folder: &Path, device: &Device) -> Result<Transcriber, String> {
    let (manifest, shards) = import::read_pack(folder).map_err(plain)?;
    Transcriber::load(&manifest, shards, device).map_err(plain)
}

/// The network of a model that is measured step by step.
pub fn moonshine(transcriber: &Transcriber) -> Result<&Network, String> {
    let network = transcriber.network();
    match network.config.whisper {
        None => Ok(network),
        Some(_) => {
            Err("This measures Moonshine models only: for Whisper there are transcribe, wer and noise.".to_owned())
        }
    }
}

/// The start-up check, as the page runs it.
pub fn check(arguments: &mut lexopt::Parser) -> Result<(), String> {
    let (mut model, mut device) = (None, Device::flex());
    while let Some(argument) = arguments.next().map_err(text)? {
        match argument {
            Long("model") => model = Some(PathBuf::from(arguments.value().map_err(text)?)),
            Long("device") => device = parse(&arguments.value().map_err(text)?.string().map_err(text)?)?,
            other => return Err(text(other.unexpected())),
        }
    }
    let transcriber = load(&needed(model, "--model")?, &device)?;
    block_on(transcriber.self_test()).map_err(plain)?;
    println!("The device answers as the pack says.");
    Ok(())
}
