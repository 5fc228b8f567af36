//! Checkpoints to packs, and back.

use std::fs;
use std::path::PathBuf;

use lexopt::prelude::*;
use model_wasm::{
    checkpoint,
    import::{self, Label, Quantisation},
    pack,
};
use speech::bundle;

use crate::{needed, plain, text};

pub fn import(arguments: &mut lexopt::Parser) -> Result<(), String> {
    let (mut source, mut out, mut quantisation) = (None, None, Quantisation::Q8);
    let (mut name, mut licence, mut origin, mut demonstration) = (None, None, None, false);
    while let Some(argument) = arguments.next().map_err(text)? {
        match argument {
            Long("out") => out = Some(PathBuf::from(arguments.value().map_err(text)?)),
            Long("quant") => quantisation = parse(&arguments.value().map_err(text)?.string().map_err(text)?)?,
            Long("name") => name = Some(arguments.value().map_err(text)?.string().map_err(text)?),
            Long("licence") => licence = Some(arguments.value().map_err(text)?.string().map_err(text)?),
            Long("origin") => origin = Some(arguments.value().map_err(text)?.string().map_err(text)?),
            Long("demonstration") => demonstration = true,
            Value(folder) if source.is_none() => source = Some(PathBuf::from(folder)),
            other => return Err(text(other.unexpected())),
        }
    }
    let (source, out) = (needed(source, "SRC")?, needed(out, "--out")?);
    let folder_name = || Some(source.canonicalize().ok()?.file_name()?.to_string_lossy().into_owned());
    let label = Label {
        name: name.or_else(folder_name).unwrap_or_else(|| "model".to_owned()),
        demonstration,
        licence: licence.unwrap_or_else(|| "not stated".to_owned()),
        origin: origin.unwrap_or_else(|| "not stated".to_owned()),
    };
    let checkpoint = checkpoint::read(&source).map_err(plain)?;
    let (manifest, shards) = import::pack(checkpoint, quantisation, label).map_err(plain)?;
    import::write_pack(&out, &manifest, &shards).map_err(plain)?;
    for shard in &manifest.shards {
        println!("{} {} bytes", shard.file, shard.bytes);
    }
    println!(
        "{}: {} tensors, {} bytes; golden tokens {:?}",
        manifest.name,
        manifest.tensors.len(),
        manifest.total_bytes(),
        manifest.golden.tokens
    );
    Ok(())
}

pub fn export(arguments: &mut lexopt::Parser) -> Result<(), String> {
    let (mut pack, mut out) = (None, None);
    while let Some(argument) = arguments.next().map_err(text)? {
        match argument {
            Long("pack") => pack = Some(PathBuf::from(arguments.value().map_err(text)?)),
            Long("out") => out = Some(PathBuf::from(arguments.value().map_err(text)?)),
            other => return Err(text(other.unexpected())),
        }
    }
    let (manifest, shards) = import::read_pack(&needed(pack, "--pack")?).map_err(plain)?;
    import::export(&manifest, &shards, &needed(out, "--out")?).map_err(plain)
}

pub fn bundle(arguments: &mut lexopt::Parser) -> Result<(), String> {
    let (mut model, mut out) = (None, None);
    while let Some(argument) = arguments.next().map_err(text)? {
        match argument {
            Long("model") => model = Some(PathBuf::from(arguments.value().map_err(text)?)),
            Long("out") => out = Some(PathBuf::from(arguments.value().map_err(text)?)),
            other => return Err(text(other.unexpected())),
        }
    }
    let (model, out) = (needed(model, "--model")?, needed(out, "--out")?);
    // Every hash is compared before anything is written.
    let (_, shards) = import::read_pack(&model).map_err(plain)?;
    let manifest = fs::read(model.join("manifest.json")).map_err(|why| format!("{}: {why}", model.display()))?;
    let head = bundle::head(manifest.len()).map_err(|why| why.to_string())?;
    let parts: Vec<&[u8]> = [head.as_slice(), &manifest]
        .into_iter()
        .chain(shards.iter().map(Vec::as_slice))
        .collect();
    fs::write(&out, parts.concat()).map_err(|why| format!("{}: {why}", out.display()))?;
    println!("{}: SHA-256 of its manifest {}", out.display(), pack::hash(&manifest));
    Ok(())
}

fn parse(quantisation: &str) -> Result<Quantisation, String> {
    match quantisation {
        "f32" => Ok(Quantisation::F32),
        "q8" => Ok(Quantisation::Q8),
        "q4" => Ok(Quantisation::Q4),
        other => Err(format!("no quantisation {other:?}: f32, q8 or q4")),
    }
}
