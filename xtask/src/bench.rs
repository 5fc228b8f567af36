//! What the speech worker is compared with: packages, networks and sounds, made once and kept outside of the checkout.

mod vocabulary;
pub use vocabulary::vocabulary;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cache::{self, checkout, finish};
use crate::{Outcome, steps, tools};

/// Networks of published sizes with random weights.
const SEEDED: [&str; 2] = ["tiny", "small"];

/// ONNX Runtime's files, under the names that `tests/bench/onnx.js` asks for.
const ORT: [[&str; 2]; 4] = [
    ["ort.wasm.bundle.min.mjs", "ort-wasm.js"],
    ["ort-wasm-simd-threaded.wasm", "ort-wasm-simd-threaded.wasm"],
    ["ort.webgpu.bundle.min.mjs", "ort-webgpu.js"],
    [
        "ort-wasm-simd-threaded.asyncify.wasm",
        "ort-wasm-simd-threaded.asyncify.wasm",
    ],
];

/// `bench speech`: the site must be built.
pub fn speech() -> Outcome {
    let prepared = prepare()?;
    let mut measurement = measurement("bench::comparison")?;
    measurement.env("SOTTO_BENCH", prepared);
    finish(measurement)
}

/// `bench visit [MINUTES]`
pub fn visit(minutes: &[&str]) -> Outcome {
    let minutes = match minutes {
        [] => "60",
        [minutes] if minutes.parse::<u32>().is_ok_and(|minutes| minutes > 0) => minutes,
        [..] => return Err("usage: bench visit [MINUTES]".to_owned()),
    };
    let mut measurement = measurement("bench::visit")?;
    measurement.env("SOTTO_BENCH_MINUTES", minutes);
    finish(measurement)
}

/// `bench speakers [--data DIR [--tune]]`: what was synthesised before is kept.
pub fn speakers(rest: &[&str]) -> Outcome {
    tools::for_speaking()?;
    let sounds = cache::root()?.join("bench/speakers");
    cache::run_binary("sotto-note", &[&["bench", "speakers", text(&sounds)], rest].concat())
}

/// Tests of `tests/browser/` that measure and print, none beside another.
pub fn measurement(test: &str) -> Outcome<Command> {
    steps::in_browser(&["--ignored", "--nocapture", "--test-threads=1", test])
}

/// What exists is kept: remove the folder `bench` of the cache to have it made anew.
fn prepare() -> Outcome<PathBuf> {
    let (here, sources) = (cache::root()?.join("bench"), checkout().join("tests/bench"));
    let python = python(&here, &sources)?;
    onnx_runtime(&here, &sources)?;
    for name in SEEDED {
        let (source, pack) = (here.join("seeded").join(name), here.join("packs").join(name));
        if !pack.join("manifest.json").exists() {
            script(&python, &sources, &["seeded", name, text(&source)])?;
            let label = [
                "--name",
                name,
                "--licence",
                "none",
                "--origin",
                "random numbers",
                "--demonstration",
            ];
            let import = ["import", text(&source), "--out", text(&pack), "--quant", "q8"];
            cache::run_binary("sotto-speech", &[&import[..], &label].concat())?;
        }
        export(&python, &here, &sources, name, &pack)?;
    }
    export(
        &python,
        &here,
        &sources,
        "starter",
        &checkout().join("public/models/starter"),
    )?;
    Ok(here)
}

fn export(python: &Path, here: &Path, sources: &Path, name: &str, pack: &Path) -> Outcome {
    let out = here.join("onnx").join(name);
    let made = out.join("shape.json");
    // A starter that was trained further is another one.
    if newer(&made, &pack.join("manifest.json")) && newer(&made, &sources.join("export.py")) {
        return Ok(());
    }
    script(python, sources, &["onnx", text(pack), text(&out)])
}

fn newer(made: &Path, from: &Path) -> bool {
    let time = |path: &Path| path.metadata().and_then(|data| data.modified()).ok();
    time(made) > time(from)
}

fn python(here: &Path, sources: &Path) -> Outcome<PathBuf> {
    let venv = here.join("venv");
    let python = venv.join("bin/python3");
    if !venv.join("ready").exists() {
        let mut make = Command::new("python3");
        make.arg("-m").arg("venv").arg(&venv);
        finish(make)?;
        let mut install = Command::new(&python);
        install.args(["-m", "pip", "install", "--quiet", "--requirement"]);
        install.arg(sources.join("requirements.txt"));
        finish(install)?;
        write(&venv.join("ready"))?;
    }
    Ok(python)
}

fn onnx_runtime(here: &Path, sources: &Path) -> Outcome {
    let ort = here.join("ort");
    let failed = |why| format!("{}: {why}", here.display());
    if ort.join("ready").exists() {
        return Ok(());
    }
    std::fs::create_dir_all(&ort).map_err(failed)?;
    let modules = tools::npm_packages(sources, &here.join("npm"))?;
    for [name, ours] in ORT {
        let file = modules.join("onnxruntime-web/dist").join(name);
        std::fs::copy(file, ort.join(ours)).map_err(failed)?;
    }
    write(&ort.join("ready"))
}

fn script(python: &Path, sources: &Path, arguments: &[&str]) -> Outcome {
    let mut command = Command::new(python);
    command.arg(sources.join("export.py")).args(arguments);
    finish(command)
}

fn write(path: &Path) -> Outcome {
    std::fs::write(path, "").map_err(|why| format!("{}: {why}", path.display()))
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the cache's path is text")
}
