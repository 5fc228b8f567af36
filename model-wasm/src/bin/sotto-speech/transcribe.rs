//! Sound files to text.

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use burn::tensor::Device;
use lexopt::prelude::*;
use model_wasm::{Transcriber, block_on, wishes::Wishes};
use serde::Serialize;
use speech::{Segment, SegmentId, Transcript};

use crate::{audio, device, needed, plain, text, vocabulary};

/// A line of the output.
#[derive(Serialize)]
struct Line<'a> {
    path: &'a str,
    text: String,
    segments: Vec<Span<'a>>,
    audio_seconds: f64,
    wall_seconds: f64,
}

#[derive(Serialize)]
struct Span<'a> {
    start: f64,
    end: f64,
    text: &'a str,
    /// The words that the network was unsure of.
    doubtful: Vec<&'a str>,
}

pub fn run(arguments: &mut lexopt::Parser) -> Result<(), String> {
    let (mut model, mut device, mut words, mut files) = (None, Device::flex(), None, Vec::new());
    while let Some(argument) = arguments.next().map_err(text)? {
        match argument {
            Long("model") => model = Some(PathBuf::from(arguments.value().map_err(text)?)),
            Long("device") => device = device::parse(&arguments.value().map_err(text)?.string().map_err(text)?)?,
            Long("words") => words = Some(PathBuf::from(arguments.value().map_err(text)?)),
            Value(file) => files.push(PathBuf::from(file)),
            other => return Err(text(other.unexpected())),
        }
    }
    let mut transcriber = device::load(&needed(model, "--model")?, &device)?;
    if let Some(words) = words {
        let wishes = Wishes::new(&vocabulary::list(&words)?, transcriber.vocabulary());
        transcriber.expect(wishes);
    }
    needed(files.first(), "FILE")?;
    for file in &files {
        let begun = Instant::now();
        let (transcript, audio_seconds) = transcribe(&transcriber, file)?;
        let line = Line {
            path: &file.display().to_string(),
            text: transcript.text(),
            segments: transcript.segments().iter().map(span).collect(),
            audio_seconds,
            wall_seconds: begun.elapsed().as_secs_f64(),
        };
        println!("{}", serde_json::to_string(&line).map_err(|why| why.to_string())?);
    }
    Ok(())
}

fn span(segment: &Segment) -> Span<'_> {
    Span {
        start: segment.start,
        end: segment.end,
        text: &segment.text,
        doubtful: segment.doubtful.iter().map(|span| span.of(&segment.text)).collect(),
    }
}

/// What the page makes of the same sound, and its length in seconds.
pub fn transcribe(transcriber: &Transcriber, file: &Path) -> Result<(Transcript, f64), String> {
    let recording = audio::open(file)?;
    let mut transcript = Transcript::default();
    for (index, utterance) in recording.utterances.iter().enumerate() {
        let heard =
            block_on(transcriber.transcribe(utterance)).map_err(|why| format!("{}: {}", file.display(), plain(why)))?;
        transcript.insert(heard.into_segment(SegmentId(index as u32), utterance));
    }
    Ok((transcript, recording.seconds))
}
