//! The speech worker beside ONNX Runtime Web: the same weights, the same sound, the same browser.

use std::path::{Path, PathBuf};

use model_wasm::decode::{self, Draft};
use model_wasm::{Device, Transcriber, block_on, import};
use serde_json::{Value, json};
use speech::Utterance;
use speech::protocol::{BackendChoice, JobId, ModelRef, Request, encode};

use super::{add_scripts, utterance};
use crate::chrome::{Chrome, Gpu, Microphone};
use crate::scratch::Scratch;
use crate::site::{Site, copy_folder, data, from_xtask};

const MODELS: [&str; 3] = ["starter", "tiny", "small"];

/// Runs of each engine on a CPU; the shortest counts, because other programs only ever make one longer.
const REPEATS: usize = 9;

/// A software GPU that takes longer is not waited for.
const GPU_SECONDS: u32 = 240;
const CPU_SECONDS: u32 = 120;

/// Bytes in a megabyte.
const MEGA: f64 = 1e6;

struct Engine {
    name: &'static str,
    runs: Runs,
}

#[derive(Clone, Copy)]
enum Runs {
    Sotto(BackendChoice),
    Onnx {
        provider: &'static str,
        precision: &'static str,
        threads: u32,
    },
}

const fn onnx(name: &'static str, provider: &'static str, precision: &'static str, threads: u32) -> Engine {
    let runs = Runs::Onnx {
        provider,
        precision,
        threads,
    };
    Engine { name, runs }
}

const ENGINES: [Engine; 7] = [
    Engine {
        name: "Sotto CPU",
        runs: Runs::Sotto(BackendChoice::Cpu),
    },
    onnx("ORT WASM f32", "wasm", "", 1),
    onnx("ORT WASM f32 ×2", "wasm", "", 2),
    onnx("ORT WASM int8", "wasm", ".int8", 1),
    onnx("ORT WASM int8 ×2", "wasm", ".int8", 2),
    Engine {
        name: "Sotto WebGPU",
        runs: Runs::Sotto(BackendChoice::WebGpu),
    },
    onnx("ORT WebGPU f32", "webgpu", "", 1),
];

/// Of one engine with one utterance.
struct Measured {
    load: f64,
    first: f64,
    whole: f64,
    dispatches: f64,
    bytes_read: f64,
    memory: f64,
    /// How many tokens are those of the native CPU; only ONNX Runtime tells its own.
    same: Option<usize>,
}

#[test]
#[ignore = "a measurement: `cargo xtask bench speech`"]
fn beside_onnx_runtime() {
    let prepared = PathBuf::from(from_xtask("SOTTO_BENCH"));
    let copy = Scratch::new("bench");
    let site = Site::serve_bare(copy.path(), |dist| lay_out(dist, &prepared));
    let chrome = Chrome::launch(Gpu::SwiftShader, Microphone::None);
    chrome.goto(&format!("{}bench.html", site.address));
    let browser = chrome.script("return navigator.userAgent;", json!([]));
    println!("{}; {} cores\n", browser.as_str().unwrap_or_default(), cores());
    println!(
        "| model | s | engine | load ms | RTF | first token ms | ms a token | dispatches a token | bytes back a token \
         | memory MB | download MB | same tokens |\n|---|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    );
    // Parts of names: a software GPU takes minutes for what a CPU does at once.
    let wanted = |variable: &str, name: &str| {
        std::env::var(variable).map_or(true, |parts| parts.split(',').any(|part| name.contains(part)))
    };
    for model in MODELS.into_iter().filter(|model| wanted("SOTTO_BENCH_MODELS", model)) {
        let native = native(&copy.path().join("models").join(model));
        for sound in [utterance(&data("clips/1.wav"), 4), utterance(&data("dictation.wav"), 9)] {
            let said = said(&native, &sound);
            let mut times = Vec::new();
            for engine in ENGINES
                .iter()
                .filter(|engine| wanted("SOTTO_BENCH_ENGINES", engine.name))
            {
                let download = download(copy.path(), model, engine.runs) / MEGA;
                match measure(&chrome, model, engine.runs, &sound, &said) {
                    Ok(measured) => {
                        row(model, &sound, engine.name, &said, &measured, download);
                        times.push((engine.name, measured.whole));
                    }
                    Err(why) => {
                        let seconds = sound.samples.seconds();
                        println!(
                            "| {model} | {seconds:.2} | {} | {why} | | | | | | | {download:.1} | |",
                            engine.name
                        )
                    }
                }
            }
            verdict(model, &sound, &times);
        }
    }
}

fn row(model: &str, sound: &Utterance, engine: &str, said: &[u32], measured: &Measured, download: f64) {
    let (tokens, seconds) = (said.len().max(1) as f64, sound.samples.seconds());
    let same = measured
        .same
        .map_or(String::new(), |same| format!("{same} of {}", said.len()));
    println!(
        "| {model} | {seconds:.2} | {engine} | {:.0} | {:.4} | {:.1} | {:.2} | {:.0} | {:.0} | {:.0} | {download:.1} | {same} |",
        measured.load,
        measured.whole / 1e3 / seconds,
        measured.first,
        (measured.whole - measured.first) / tokens,
        measured.dispatches,
        measured.bytes_read,
        measured.memory / MEGA,
    );
}

/// How the CPU compares with the best of ONNX Runtime, whatever that ran on.
fn verdict(model: &str, sound: &Utterance, times: &[(&str, f64)]) {
    let ours = times.iter().find(|(name, _)| *name == "Sotto CPU");
    let best = times
        .iter()
        .filter(|(name, _)| name.starts_with("ORT"))
        .min_by(|a, b| a.1.total_cmp(&b.1));
    if let (Some((_, ours)), Some((name, best))) = (ours, best) {
        let seconds = sound.samples.seconds();
        println!(
            "| {model} | {seconds:.2} | **Sotto CPU : {name}** | | **{:.2}** | | | | | | | |",
            ours / best
        );
    }
}

fn measure(chrome: &Chrome, model: &str, runs: Runs, sound: &Utterance, said: &[u32]) -> Result<Measured, String> {
    let tokens = said.len().max(1) as f64;
    // The first run of a GPU makes its kernels.
    let repeats = |on_gpu: bool| if on_gpu { 2 } else { REPEATS };
    let seconds = |on_gpu: bool| if on_gpu { GPU_SECONDS } else { CPU_SECONDS };
    match runs {
        Runs::Sotto(backend) => {
            let on_gpu = backend == BackendChoice::WebGpu;
            let go = encode(&Request::Transcribe {
                job: JobId(0),
                utterance: sound.clone(),
            });
            let run = |folder: String| {
                let model = ModelRef { folder };
                let load = encode(&Request::Load { model, backend });
                Answer::of(
                    chrome,
                    "sotto",
                    json!(load),
                    vec![json!(go); repeats(on_gpu)],
                    seconds(on_gpu),
                )
            };
            let whole = run(format!("models/{model}"))?;
            let first = run(format!("models/{model}-first"))?;
            let counted = |name: &str| (whole.last(name) - first.last(name)) / tokens;
            Ok(Measured {
                load: whole.number("load"),
                first: first.best("whole"),
                whole: whole.best("whole"),
                dispatches: counted("dispatches"),
                bytes_read: counted("bytesRead"),
                memory: whole.memory(),
                same: None,
            })
        }
        Runs::Onnx {
            provider,
            precision,
            threads,
        } => {
            let on_gpu = provider == "webgpu";
            let load = json!({
                "folder": format!("onnx/{model}"), "precision": precision, "provider": provider, "threads": threads,
            });
            let run = |steps: usize| json!({ "wave": sound.samples.to_f32(), "steps": steps });
            // The one that ends the sentence is a step, too. Last comes a run of one step.
            let mut runs = vec![run(said.len() + 1); repeats(on_gpu)];
            runs.push(run(1));
            let mut whole = Answer::of(chrome, "onnx", load, runs, seconds(on_gpu))?;
            let first = whole.split_last();
            let counted = |name: &str| (whole.last(name) - first.last(name)) / tokens;
            let theirs = whole.0["runs"][0]["tokens"].as_array().cloned().unwrap_or_default();
            let same = said
                .iter()
                .zip(theirs)
                .take_while(|(ours, theirs)| *theirs == **ours)
                .count();
            Ok(Measured {
                load: whole.number("load"),
                first: whole.best("first").min(first.best("first")),
                whole: whole.best("whole"),
                dispatches: counted("dispatches"),
                bytes_read: counted("bytesRead"),
                memory: whole.memory(),
                same: Some(same),
            })
        }
    }
}

/// What the page's `measure` gives back.
struct Answer(Value);

impl Answer {
    fn of(chrome: &Chrome, kind: &str, load: Value, runs: Vec<Value>, seconds: u32) -> Result<Self, String> {
        let script = "return measure(...arguments);";
        let answer = chrome.script(script, json!([kind, load, runs, seconds]));
        match answer["error"].as_str() {
            Some(why) => Err(why.to_owned()),
            None => Ok(Self(answer)),
        }
    }

    fn number(&self, name: &str) -> f64 {
        self.0[name].as_f64().unwrap_or(f64::NAN)
    }

    fn runs(&self) -> &[Value] {
        self.0["runs"].as_array().map_or(&[], Vec::as_slice)
    }

    /// The shortest of the runs.
    fn best(&self, name: &str) -> f64 {
        let times = self.runs().iter().filter_map(|run| run[name].as_f64());
        times.fold(f64::INFINITY, f64::min)
    }

    /// Counted during the last run.
    fn last(&self, name: &str) -> f64 {
        self.runs()
            .last()
            .and_then(|run| run[name].as_f64())
            .unwrap_or(f64::NAN)
    }

    /// Takes the last run out.
    fn split_last(&mut self) -> Self {
        let last = self.0["runs"].as_array_mut().and_then(Vec::pop);
        Self(json!({ "runs": last.as_slice() }))
    }

    fn memory(&self) -> f64 {
        self.number("wasm") + self.number("gpuPeak")
    }
}

/// The site with scripts, ONNX Runtime and all models beside it.
fn lay_out(dist: &Path, prepared: &Path) {
    add_scripts(dist);
    copy_folder(&prepared.join("ort"), dist);
    copy_folder(&prepared.join("onnx"), &dist.join("onnx"));
    copy_folder(&prepared.join("packs"), &dist.join("models"));
    for model in MODELS {
        let pack = dist.join("models").join(model);
        let copy = dist.join("models").join(format!("{model}-first"));
        copy_folder(&pack, &copy);
        end_at_once(&copy.join("manifest.json"));
    }
}

/// Every token ends a sentence: what remains of an utterance's time is the encoder's and one step's.
fn end_at_once(manifest: &Path) {
    let text = std::fs::read_to_string(manifest).expect("the pack is here");
    let mut json: Value = serde_json::from_str(&text).expect("a manifest is JSON");
    let vocabulary = json["config"]["vocab_size"].as_u64().expect("a size");
    json["config"]["eos_token_id"] = (0..vocabulary).collect();
    json["golden"]["tokens"] = json!([]);
    std::fs::write(manifest, json.to_string()).expect("the copy can be written");
}

fn native(pack: &Path) -> Transcriber {
    let (manifest, shards) = import::read_pack(pack).expect("the pack is whole");
    Transcriber::load(&manifest, shards, &Device::flex()).expect("the pack fits this build")
}

/// The tokens outside of a browser, which every other run must repeat.
fn said(native: &Transcriber, sound: &Utterance) -> Vec<u32> {
    let wave = sound.samples.to_f32();
    let encoded = native.network().encode(&wave);
    let said = block_on(decode::greedy(native.network(), &encoded, wave.len(), Draft::default()));
    said.expect("the CPU decodes").tokens
}

/// Bytes until the first word: programs as a web host compresses them, weights as they are.
fn download(dist: &Path, model: &str, runs: Runs) -> f64 {
    let compressed = |name: &str| {
        let mut counted = Vec::new();
        let bytes = std::fs::read(dist.join(name)).expect("the site is laid out");
        let mut writer = brotli::CompressorWriter::new(&mut counted, 1 << 16, 9, 22);
        std::io::Write::write_all(&mut writer, &bytes).expect("memory takes it");
        drop(writer);
        counted.len() as f64
    };
    let weights = |folder: PathBuf, wanted: &dyn Fn(&str) -> bool| -> f64 {
        let files = std::fs::read_dir(folder).expect("the model is laid out").flatten();
        let wanted = files.filter(|file| wanted(&file.file_name().to_string_lossy()));
        wanted
            .map(|file| file.metadata().map_or(0.0, |data| data.len() as f64))
            .sum()
    };
    match runs {
        Runs::Sotto(_) => {
            let program: f64 = ["speech-worker_loader.js", "speech-worker.js", "speech-worker_bg.wasm"]
                .map(compressed)
                .iter()
                .sum();
            program + weights(dist.join("models").join(model), &|_| true)
        }
        Runs::Onnx {
            provider, precision, ..
        } => {
            let program = match provider {
                "wasm" => ["ort-wasm.js", "ort-wasm-simd-threaded.wasm"],
                _ => ["ort-webgpu.js", "ort-wasm-simd-threaded.asyncify.wasm"],
            };
            let files = ["encoder", "decoder"].map(|part| format!("{part}{precision}.onnx"));
            let program: f64 = program.map(compressed).iter().sum();
            program
                + weights(dist.join("onnx").join(model), &|name| {
                    files.iter().any(|file| file == name)
                })
        }
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
