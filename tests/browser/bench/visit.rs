//! A long visit through the worker, faster than it was spoken: memory, times, and whether anything is lost.

use std::path::Path;

use serde_json::{Value, json};
use speech::protocol::{BackendChoice, JobId, ModelRef, Request, encode};
use speech::{Pending, RATE, Samples, Segmenter, Utterance};

use super::{add_scripts, percentile, samples};
use crate::chrome::{Chrome, Gpu};
use crate::scratch::Scratch;
use crate::site::{Site, data, from_xtask, workspace};

/// Sound between two passes over an utterance that is being said: what the page waits for.
const BETWEEN_PASSES: usize = 5_120;

/// Where each minute's requests lie beside the site.
const REQUESTS: &str = "requests.bin";

const MINUTE: usize = 60 * RATE as usize;

/// Takes the worker through the requests of a file, one after the other; each is its length and its bytes. Gives
/// `[kind of the answer, milliseconds]` of each, and what memory the page, the worker and the GPU have now.
const FOLLOW: &str = "
    const bytes = new Uint8Array(await (await fetch(arguments[0])).arrayBuffer());
    const view = new DataView(bytes.buffer);
    const answers = [];
    for (let at = 0; at < bytes.length; ) {
        const length = view.getUint32(at, true);
        const { kind, whole } = await runSotto(bytes.slice(at + 4, at + 4 + length), 300);
        answers.push([kind, whole]);
        at += 4 + length;
    }
    const heap = await performance.measureUserAgentSpecificMemory();
    return { answers, heap: heap.bytes, ...(await counted()) };
";

#[test]
#[ignore = "a measurement: `cargo xtask bench visit`"]
fn a_long_visit() {
    let minutes: usize = from_xtask("SOTTO_BENCH_MINUTES")
        .to_str()
        .and_then(|minutes| minutes.parse().ok())
        .expect("xtask passes a number");
    let backend = match std::env::var_os("SOTTO_BENCH_GPU") {
        Some(_) => BackendChoice::WebGpu,
        None => BackendChoice::Auto,
    };
    let copy = Scratch::new("visit");
    let site = Site::serve_bare(copy.path(), add_scripts);
    let chrome = Chrome::launch_with(Gpu::SwiftShader, "--enable-blink-features=ForceEagerMeasureMemory");
    chrome.goto(&format!("{}bench.html", site.address));
    let model = ModelRef {
        folder: "models/starter".to_owned(),
    };
    let load = encode(&Request::Load { model, backend });
    let started = chrome.script("return startSotto(arguments[0], 300);", json!([load]));
    assert_eq!(started["kind"], 1, "the model is ready");

    println!(
        "| minute | utterances | passes | segment p50 ms | p95 | max | longest pass ms | wasm MB | GPU MB | JS MB |"
    );
    println!("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    let mut visit = Visit::new();
    for minute in 1..=minutes {
        let requests = visit.minute(minute == minutes);
        write(&copy.path().join(REQUESTS), &requests);
        let told = chrome.script(FOLLOW, json!([REQUESTS]));
        let answers = answers(&told["answers"]);
        assert_eq!(answers.len(), requests.len(), "every request is answered");
        report(minute, &requests, &answers, &told);
    }
    let (said, silent, recorded) = (visit.said, visit.silent, minutes * MINUTE);
    let seconds = |samples: usize| samples as f64 / f64::from(RATE);
    println!(
        "\n{:.2} s recorded = {:.2} s in {} utterances, each with its segment, + {:.2} s in which nobody spoke",
        seconds(recorded),
        seconds(said),
        visit.jobs,
        seconds(silent)
    );
    assert_eq!(said + silent, recorded, "every sample is accounted for");
}

fn report(minute: usize, requests: &[Request], answers: &[(u64, f64)], told: &Value) {
    let (mut segments, mut passes) = (vec![], vec![]);
    for (request, (kind, time)) in requests.iter().zip(answers) {
        match request {
            Request::Transcribe { .. } => {
                assert_eq!(*kind, 4, "the job is done");
                segments.push(*time);
            }
            _ => {
                assert_eq!(*kind, 2, "words come before the end");
                passes.push(*time);
            }
        }
    }
    let [half, most, all] = [50, 95, 100].map(|percent| percentile(&segments, percent));
    let mega = |name: &str| told[name].as_f64().unwrap_or(f64::NAN) / 1e6;
    println!(
        "| {minute} | {} | {} | {half:.0} | {most:.0} | {all:.0} | {:.0} | {:.1} | {:.1} | {:.1} |",
        segments.len(),
        passes.len(),
        percentile(&passes, 100),
        mega("wasm"),
        mega("gpuNow"),
        mega("heap"),
    );
}

/// The recordings of the repository, again and again, through the segmenter that the page has.
struct Visit {
    sound: Vec<i16>,
    at: usize,
    segmenter: Segmenter,
    /// Where the last utterance ended.
    end: u64,
    jobs: u32,
    /// Samples in utterances, and between them.
    said: usize,
    silent: usize,
}

impl Visit {
    fn new() -> Self {
        let mut sound = samples(&workspace().join("public/samples/dictation.wav"));
        sound.extend(samples(&data("dictation.wav")));
        (1..=5).for_each(|clip| sound.extend(samples(&data(&format!("clips/{clip}.wav")))));
        Self {
            sound,
            at: 0,
            segmenter: Segmenter::new(),
            end: 0,
            jobs: 0,
            said: 0,
            silent: 0,
        }
    }

    /// What the page asks of the worker during the next minute.
    fn minute(&mut self, last: bool) -> Vec<Request> {
        let mut requests = vec![];
        let mut told = None;
        for _ in 0..MINUTE / 1_600 {
            let block = (0..1_600)
                .map(|n| self.sound[(self.at + n) % self.sound.len()])
                .collect();
            self.at += 1_600;
            for utterance in self.segmenter.push(&Samples::new(block)) {
                requests.push(self.transcribe(utterance));
            }
            let Some(Pending { start, samples, rests }) = self.segmenter.pending() else {
                continue;
            };
            let known = told.filter(|(of, _)| *of == start).map_or(0, |(_, samples)| samples);
            if samples.len() >= known + if rests { 1 } else { BETWEEN_PASSES } {
                told = Some((start, samples.len()));
                requests.push(Request::Listen {
                    job: JobId(self.jobs),
                    utterance: Utterance {
                        start,
                        samples: Samples::new(samples.to_vec()),
                    },
                });
            }
        }
        if last {
            requests.extend(
                self.segmenter
                    .finish()
                    .into_iter()
                    .map(|utterance| self.transcribe(utterance)),
            );
            self.silent += self.at - self.end as usize;
        }
        requests
    }

    fn transcribe(&mut self, utterance: Utterance) -> Request {
        let job = JobId(self.jobs);
        self.jobs += 1;
        assert!(utterance.start >= self.end, "utterances do not overlap");
        self.silent += (utterance.start - self.end) as usize;
        self.said += utterance.samples.len();
        self.end = utterance.start + utterance.samples.len() as u64;
        Request::Transcribe { job, utterance }
    }
}

fn write(file: &Path, requests: &[Request]) {
    let mut bytes = vec![];
    for request in requests.iter().map(encode) {
        bytes.extend((request.len() as u32).to_le_bytes());
        bytes.extend(request);
    }
    std::fs::write(file, bytes).expect("the copy can be written");
}

fn answers(told: &Value) -> Vec<(u64, f64)> {
    let pair = |pair: &Value| Some((pair[0].as_u64()?, pair[1].as_f64()?));
    let told = told.as_array().expect("a list of answers").iter();
    told.map(|answer| pair(answer).expect("a kind and a time")).collect()
}
