//! Whisper against the original implementation: two seeded random networks that differ in everything a configuration can
//! say. `tests/goldens/whisper.py` made the answers.

use std::collections::BTreeMap;

use model_wasm::{
    Device, Transcriber, block_on,
    checkpoint::Checkpoint,
    config::whisper::Whisper,
    import::{self, Label, Quantisation},
    pack::Manifest,
    self_test::signal,
    tokens::Vocabulary,
    whisper::{self, Mel, Walk, rules::Stamps},
    wishes::Wishes,
};
use serde::Deserialize;
use speech::{Samples, Utterance};

use crate::golden::{self, GPU, assert_close, spoken};

#[derive(Deserialize)]
struct Goldens {
    answers: Vec<Answer>,
    long: Long,
}

#[derive(Deserialize)]
struct Answer {
    samples: usize,
    frames: usize,
    mel_stride: usize,
    mel: Vec<f32>,
    encoder_stride: usize,
    encoder: Vec<f32>,
    prompt: Vec<u32>,
    logits: Vec<f32>,
    no_speech: f32,
    /// Words alone, and words between timestamps.
    plain: Vec<u32>,
    timed: Vec<u32>,
    language_id: Option<u32>,
    /// How likely each is, by its token's name.
    languages: Option<BTreeMap<String, f32>>,
}

/// A sound of several windows.
#[derive(Deserialize)]
struct Long {
    samples: usize,
    frames: usize,
    mel_stride: usize,
    mel: Vec<f32>,
    conditioned: Vec<Stretch>,
}

#[derive(Deserialize)]
struct Stretch {
    start: f32,
    end: f32,
    tokens: Vec<u32>,
}

const NAMES: [&str; 2] = ["whisper-english", "whisper-many"];

fn goldens(name: &str) -> Goldens {
    let json = std::fs::read(golden::folder(name).join("golden.json")).expect("the goldens are committed");
    serde_json::from_slice(&json).expect("the goldens are what whisper.py writes")
}

/// With all scores so many times as far apart.
fn packed(name: &str, quantisation: Quantisation, sharper: f32) -> (Manifest, Vec<Vec<u8>>) {
    let (config, mut tensors) = golden::checkpoint(name);
    for norm in ["model.decoder.layer_norm.weight", "model.decoder.layer_norm.bias"] {
        let norm = tensors.get_mut(norm).expect("it is there");
        norm.values.iter_mut().for_each(|value| *value *= sharper);
    }
    let pieces = config["vocab_size"].as_u64().expect("a size");
    let checkpoint = Checkpoint {
        config,
        vocabulary: Vocabulary {
            pieces: (0..pieces).map(|id| format!("▁{id}")).collect(),
            special: Vec::new(),
            byte_level: true,
        },
        tensors,
    };
    let label = Label {
        name: name.to_owned(),
        demonstration: true,
        licence: "MIT OR Apache-2.0".to_owned(),
        origin: "random numbers".to_owned(),
    };
    import::pack(checkpoint, quantisation, label).expect("the golden networks are complete")
}

fn transcriber(name: &str, quantisation: Quantisation, device: &Device) -> Transcriber {
    sharpened(name, quantisation, device, 1.0)
}

fn sharpened(name: &str, quantisation: Quantisation, device: &Device, sharper: f32) -> Transcriber {
    let (manifest, shards) = packed(name, quantisation, sharper);
    Transcriber::load(&manifest, shards, device).expect("the pack is whole")
}

fn settings(transcriber: &Transcriber) -> &Whisper {
    transcriber
        .network()
        .config
        .whisper
        .as_ref()
        .expect("a Whisper network")
}

/// The values of a spectrum, band after band, as the original lays them out.
fn bands(mel: &Mel, mels: usize, stride: usize) -> Vec<f32> {
    let frames = mel.frames();
    let values = mel.window(0, frames);
    let places = (0..mels * frames).step_by(stride);
    places.map(|at| values[at % frames * mels + at / frames]).collect()
}

fn tokens(transcriber: &Transcriber, answer: &Answer, stamps: Stamps) -> Vec<u32> {
    let encoded = transcriber.network().encode(&signal(answer.samples));
    let said = whisper::greedy(transcriber, settings(transcriber), &encoded, answer.language_id, stamps);
    block_on(said).expect("scores are numbers").tokens
}

#[test]
fn the_spectrum_is_the_original() {
    for name in NAMES {
        let transcriber = transcriber(name, Quantisation::F32, &Device::flex());
        let whisper = settings(&transcriber);
        let Goldens { answers, long } = goldens(name);
        for answer in answers {
            let mel = Mel::of(&signal(answer.samples), whisper.mels, whisper.window_samples());
            assert_eq!(mel.frames(), answer.frames);
            assert_close(&bands(&mel, whisper.mels, answer.mel_stride), &answer.mel, 1e-4);
        }
        let mel = Mel::of(&signal(long.samples), whisper.mels, whisper.window_samples());
        assert_eq!(mel.frames(), long.frames);
        assert_close(&bands(&mel, whisper.mels, long.mel_stride), &long.mel, 1e-4);
    }
}

#[test]
fn the_network_is_the_original() {
    for (device, tolerance) in [(&Device::flex(), 1e-3), (&*GPU, 1e-3)] {
        for name in NAMES {
            let transcriber = transcriber(name, Quantisation::F32, device);
            let network = transcriber.network();
            for answer in goldens(name).answers {
                let encoded = network.encode(&signal(answer.samples));
                let hidden: Vec<f32> = spoken(&encoded).into_iter().step_by(answer.encoder_stride).collect();
                assert_close(&hidden, &answer.encoder, tolerance);
                let mut session = network.begin(&encoded, answer.prompt.len());
                let scores = whisper::window::step(network, &mut session, &answer.prompt);
                assert_close(&block_on(scores).expect("numbers"), &answer.logits, tolerance);
            }
        }
    }
}

#[test]
fn the_tokens_are_the_original() {
    for name in NAMES {
        let transcriber = transcriber(name, Quantisation::F32, &Device::flex());
        for answer in goldens(name).answers {
            for (stamps, expected) in [(Stamps::Unwanted, &answer.plain), (Stamps::Wanted, &answer.timed)] {
                let found = tokens(&transcriber, &answer, stamps);
                assert_eq!(&found, expected, "{name}, {}", answer.samples);
            }
        }
    }
}

#[test]
fn packed_weights_give_the_same_tokens_on_every_device() {
    for name in NAMES {
        let [cpu, gpu] = [&Device::flex(), &*GPU].map(|device| transcriber(name, Quantisation::Q8, device));
        assert_eq!(block_on(cpu.self_test()), Ok(()));
        assert_eq!(block_on(gpu.self_test()), Ok(()));
        for answer in goldens(name).answers {
            for stamps in [Stamps::Unwanted, Stamps::Wanted] {
                assert_eq!(tokens(&cpu, &answer, stamps), tokens(&gpu, &answer, stamps), "{name}");
            }
        }
    }
}

#[test]
fn language_and_silence_are_told_as_in_the_original() {
    for name in NAMES {
        let transcriber = transcriber(name, Quantisation::F32, &Device::flex());
        let (network, whisper) = (transcriber.network(), settings(&transcriber));
        for answer in goldens(name).answers {
            let encoded = network.encode(&signal(answer.samples));
            if let Some(expected) = answer.language_id {
                let mut session = network.begin(&encoded, whisper.positions);
                let told = block_on(whisper::detect(&transcriber, whisper, &mut session)).expect("numbers");
                assert_eq!(told.token, expected);
                assert_eq!(whisper.languages.get(&told.code), Some(&expected));
                let likely = answer.languages.expect("with the language")[&format!("<|{}|>", told.code)];
                assert!((told.likely - likely).abs() < 1e-4, "{} {likely}", told.likely);
            } else {
                assert!(transcriber.languages().is_empty());
            }
            let said = whisper::greedy(&transcriber, whisper, &encoded, answer.language_id, Stamps::Wanted);
            let no_speech = block_on(said).expect("numbers").no_speech;
            assert!((no_speech - answer.no_speech).abs() < 1e-5, "{no_speech}");
        }
    }
}

/// Several windows, each knowing what the last one said, and each beginning where the last one's words ended.
#[test]
fn a_long_sound_is_heard_as_in_the_original() {
    for name in NAMES {
        let mut transcriber = transcriber(name, Quantisation::F32, &Device::flex());
        transcriber.speak(Some("en"));
        let (whisper, long) = (settings(&transcriber), goldens(name).long);
        let mel = Mel::of(&signal(long.samples), whisper.mels, whisper.window_samples());
        let mut walk = Walk::new(&transcriber, whisper, long.samples);
        // As many as have a position, as there.
        walk.most = whisper.positions;
        let mut found = Vec::new();
        while let Some(passage) = block_on(walk.next(&mel, &[0.0])).expect("numbers") {
            let at = |row: usize| passage.from as f32 / 100.0 + row as f32 / 50.0;
            for segment in &passage.heard.segments {
                let tokens = passage.window.tokens[segment.tokens.clone()].to_vec();
                found.push((at(segment.rows.0), at(segment.rows.1), tokens));
            }
        }
        assert_eq!(found.len(), long.conditioned.len());
        for ((start, end, tokens), expected) in found.iter().zip(&long.conditioned) {
            assert!((start - expected.start).abs() < 0.011 && (end - expected.end).abs() < 0.011);
            // The original leaves the second of two timestamps with the last segment.
            assert!(expected.tokens.starts_with(tokens) && expected.tokens.len() <= tokens.len() + 1);
        }
    }
}

#[test]
fn an_utterance_becomes_words_with_times() {
    // Random scores are never sure: far apart, they are.
    let mut transcriber = sharpened("whisper-many", Quantisation::Q8, &Device::flex(), 8.0);
    let wave = signal(100_000).iter().map(|x| (x * 32_767.0) as i16).collect();
    let utterance = Utterance {
        start: 0,
        samples: Samples::new(wave),
    };
    let hear = |transcriber: &Transcriber| block_on(transcriber.transcribe(&utterance)).expect("numbers");
    let heard = hear(&transcriber);
    assert!(heard.words.len() > 3 && heard.language.is_some(), "{heard:?}");
    let times: Vec<(f32, f32)> = heard.words.iter().map(|word| word.time.expect("aligned")).collect();
    assert!(times.iter().all(|(from, to)| from <= to && *to <= 9.3), "{times:?}");
    assert!(times.is_sorted_by(|a, b| a.0 <= b.0), "{times:?}");
    transcriber.speak(Some("de"));
    let chosen = hear(&transcriber);
    assert_eq!(chosen.language, None, "nothing had to be told");
    assert_ne!(chosen.text, heard.text, "the language makes no difference");
    // Words that are expected are no reason to stop.
    transcriber.expect(Wishes::new(
        &["17".to_owned(), "31 8".to_owned()],
        transcriber.vocabulary(),
    ));
    assert!(!hear(&transcriber).words.is_empty());
    transcriber.speak(Some("no such language"));
    assert_eq!(transcriber.language(), None);
}

/// What a network that knows no words for it makes of a sound is not shown.
#[test]
fn what_is_never_sure_is_not_shown() {
    let transcriber = sharpened("whisper-english", Quantisation::Q8, &Device::flex(), 0.3);
    let wave = signal(40_000).iter().map(|x| (x * 32_767.0) as i16).collect();
    let utterance = Utterance {
        start: 0,
        samples: Samples::new(wave),
    };
    let heard = block_on(transcriber.transcribe(&utterance)).expect("numbers");
    assert!(heard.unclear && heard.words.is_empty());
}
