//! The second family of models in the worker that ships: what it hears in a browser, on the CPU and on a GPU, is what it
//! hears outside of one, from a pack in the same format.

use model_wasm::checkpoint::{self, Checkpoint};
use model_wasm::config::Config;
use model_wasm::import::{self, Label, Quantisation};
use model_wasm::self_test::signal;
use model_wasm::tokens::Vocabulary;
use model_wasm::words::Heard;
use model_wasm::{Device, Transcriber, block_on};
use serde_json::json;
use speech::protocol::{Backend, BackendChoice, Event, JobId, ModelRef, Request, decode, encode};
use speech::{Samples, Utterance};

use crate::chrome::{Chrome, Gpu, Microphone};
use crate::clinician::{Clinician, EVENTUALLY, SOON};
use crate::scratch::Scratch;
use crate::site::{Site, data, workspace};

/// Random scores times so much: the likeliest token is far ahead, and what is heard can be shown.
const SHARPER: f32 = 8.0;

/// Sends requests to a worker, one after the other, and gives back all bytes that it answers until a job is over.
const ASK: &str = "
    const [requests, ends] = arguments;
    const worker = new Worker('speech-worker_loader.js');
    const answers = [];
    return new Promise((resolve) => {
        worker.onerror = (event) => resolve([event.message]);
        worker.onmessage = ({ data }) => {
            const bytes = [...new Uint8Array(data)];
            if (bytes.length === 0) requests.forEach((request) => worker.postMessage(new Uint8Array(request).buffer));
            else answers.push(bytes);
            if (ends.includes(bytes[0])) resolve(answers);
        };
    }).finally(() => worker.terminate());
";

#[test]
fn whisper_hears_in_a_browser_what_it_hears_outside() {
    let scratch = Scratch::new("whisper");
    let pack = scratch.path().join("models/whisper");
    let site = Site::serve_bare(scratch.path(), |_| write_pack(&pack));
    let (manifest, shards) = import::read_pack(&pack).expect("the pack was just written");
    let mut native = Transcriber::load(&manifest, shards, &Device::flex()).expect("the pack fits this build");
    let sound: Vec<i16> = signal(100_000).iter().map(|x| (x * 32_767.0) as i16).collect();
    let utterance = Utterance {
        start: 0,
        samples: Samples::new(sound),
    };
    let mut hear = |language: Option<&str>| {
        native.speak(language);
        block_on(native.transcribe(&utterance)).expect("the CPU hears")
    };
    let (told, chosen) = (hear(None), hear(Some("de")));
    println!("{} | {}", told.text, chosen.text);
    assert!(!told.words.is_empty() && !chosen.words.is_empty(), "nothing to compare");
    assert!(told.language.is_some() && chosen.language.is_none());
    assert_ne!(told.text, chosen.text, "the language makes no difference");

    let chrome = Chrome::launch(Gpu::SwiftShader, Microphone::None);
    chrome.goto(&site.address);
    for (choice, backend) in [
        (BackendChoice::Cpu, Backend::Cpu),
        (BackendChoice::WebGpu, Backend::WebGpu),
    ] {
        check(&chrome, choice, backend, &utterance, None, &told);
        check(&chrome, choice, backend, &utterance, Some("de"), &chosen);
    }
}

/// The page, with such a model in the starter's place.
#[test]
fn the_page_says_which_language_it_heard_and_listens_for_the_one_that_is_chosen() {
    let scratch = Scratch::new("spoken");
    let site = Site::serve_changed(scratch.path(), |dist| {
        let starter = dist.join("models/starter");
        std::fs::remove_dir_all(&starter).expect("the site has a starter");
        write_pack(&starter);
    });
    let chrome = Chrome::launch(Gpu::None, Microphone::None);
    let clinician = Clinician::begins(&chrome, &site.origin);
    clinician.reads_status("CPU", EVENTUALLY);
    clinician.opens_audio(&data("clips/1.wav"));
    clinician.waits_for_note();
    clinician.reads_status("Heard: ", SOON);
    clinician.waits_for_save();
    clinician.presses("close-visit");

    clinician.presses("start-visit");
    clinician.chooses("spoken", "es");
    clinician.is_told("other-languages", "Spanish");
    chrome.choose_file("[data-test=open-file]", &data("clips/1.wav"));
    clinician.waits_for_note();
    clinician.is_told("other-languages", "Spanish");
    let status = chrome.text("[data-test=status]").expect("the line is there");
    assert!(!status.contains("Heard"), "{status}");
}

fn check(
    chrome: &Chrome,
    choice: BackendChoice,
    backend: Backend,
    utterance: &Utterance,
    language: Option<&str>,
    expected: &Heard,
) {
    let requests = [
        Request::Load {
            model: ModelRef {
                folder: "models/whisper".to_owned(),
            },
            backend: choice,
        },
        Request::Speak {
            language: language.map(str::to_owned),
        },
        Request::Transcribe {
            job: JobId(7),
            utterance: utterance.clone(),
        },
    ];
    let ends = [
        Event::Done { job: JobId(7) },
        Event::Failed {
            job: None,
            why: speech::protocol::Failure::Protocol,
        },
    ];
    let requests: Vec<Vec<u8>> = requests.iter().map(encode).collect();
    let ends: Vec<u8> = ends.iter().map(|event| encode(event)[0]).collect();
    let answers = chrome.script(ASK, json!([requests, ends]));
    let answers: Vec<Vec<u8>> = serde_json::from_value(answers).expect("the worker answers with bytes");
    let events = answers.iter().map(|bytes| decode::<Event>(bytes).expect("an event"));
    let (mut told, mut text) = (None, None);
    for event in events {
        match event {
            Event::Ready(engine) => {
                assert_eq!(engine.backend, backend, "{:?}", engine.fallback);
                assert_eq!(engine.languages, ["de", "en", "es"]);
            }
            Event::Language { code, .. } => told = Some(code),
            Event::Segment { segment, .. } => {
                assert_eq!(segment.words.len(), expected.words.len(), "each word has its time");
                text = Some(segment.text);
            }
            Event::Progress { .. } | Event::Done { .. } => (),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(told, expected.language, "{backend:?}");
    assert_eq!(text.as_deref(), Some(expected.text.as_str()), "{backend:?}");
}

/// The seeded network of the goldens, sharpened.
fn write_pack(folder: &std::path::Path) {
    let source = workspace().join("tests/goldens/whisper-many");
    let config = checkpoint::read_config(&source).expect("the goldens are committed");
    let parsed = Config::parse(&config).expect("a supported configuration");
    let mut tensors = checkpoint::read_tensors(&source, &parsed).expect("the goldens are committed");
    for name in ["model.decoder.layer_norm.weight", "model.decoder.layer_norm.bias"] {
        let norm = tensors.get_mut(name).expect("it is there");
        norm.values.iter_mut().for_each(|value| *value *= SHARPER);
    }
    let checkpoint = Checkpoint {
        vocabulary: Vocabulary {
            pieces: (0..parsed.vocab_size).map(|id| format!("▁w{id}")).collect(),
            special: Vec::new(),
            byte_level: true,
        },
        config,
        tensors,
    };
    let label = Label {
        name: "whisper".to_owned(),
        demonstration: true,
        licence: "MIT OR Apache-2.0".to_owned(),
        origin: "random numbers".to_owned(),
    };
    let (manifest, shards) = import::pack(checkpoint, Quantisation::Q8, label).expect("the network is complete");
    import::write_pack(folder, &manifest, &shards).expect("the copy can be written");
}
