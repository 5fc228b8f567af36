//! Visits in two synthesised voices: flite's and espeak-ng's, one turn after the other, with pauses, overlaps and a room's
//! noise, and of each word when it was said and by whom.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use speech::{RATE, Resampler, Samples, Speaker, Transcript, wav};

use crate::table::Failure;

/// A visit that can be heard.
pub struct Spoken {
    pub samples: Samples,
    pub words: Vec<SpokenWord>,
    /// Where each turn begins and ends, in samples, in order of their beginnings.
    pub turns: Vec<(usize, usize, Speaker)>,
}

/// A word and its middle, in samples from the start of the recording; within a turn words are as long as they are written.
pub struct SpokenWord {
    pub text: String,
    pub at: usize,
    pub speaker: Speaker,
}

/// Seconds between two turns: from an overlap to a pause.
const GAP: (f32, f32) = (-0.3, 1.0);
/// Seconds before the first turn and after the last.
const QUIET: f32 = 1.0;
/// How loud a voice is, and by how much its turns differ: decibels under full scale.
const LOUDNESS: f32 = -24.0;
const LOUDNESS_VARIES: f32 = 3.0;
/// The room, in decibels under full scale.
const ROOM: f32 = -62.0;
/// What is under this of the loudest sample is the silence around a turn.
const SILENT: f32 = 0.02;

/// The first `turns` turns of a conversation, its clinician in the first of two voices and everybody else in the second;
/// `seed` decides gaps and loudness. What was spoken before lies in `cache`.
///
/// # Errors
/// Where a program cannot be run or writes no sound.
pub fn speak(talk: &Transcript, turns: usize, voices: [&str; 2], seed: u64, cache: &Path) -> Result<Spoken, Failure> {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut wave: Vec<f32> = vec![0.0; (QUIET * RATE as f32) as usize];
    let mut spoken = Spoken {
        samples: Samples::default(),
        words: Vec::new(),
        turns: Vec::new(),
    };
    for turn in talk.segments().iter().take(turns) {
        let speaker = match turn.speaker {
            Some(Speaker::Clinician) => Speaker::Clinician,
            _ => Speaker::Patient,
        };
        let voice = voices[usize::from(speaker != Speaker::Clinician)];
        let sound = said(&turn.text, voice, cache)?;
        if sound.is_empty() {
            continue;
        }
        let gap = random.between(GAP.0, GAP.1) * RATE as f32;
        let end = spoken.turns.last().map_or(wave.len(), |turn| turn.1);
        // A short turn is not drowned altogether.
        let start = (end as f32 + gap.max(-0.5 * sound.len() as f32)) as usize;
        let start = start.max(spoken.turns.last().map_or(0, |turn| turn.0 + 1));
        wave.resize(wave.len().max(start + sound.len()), 0.0);
        let loudness = LOUDNESS + random.between(-LOUDNESS_VARIES, LOUDNESS_VARIES);
        let gain = 10f32.powf(loudness / 20.0) / rms(&sound);
        for (sum, x) in wave[start..].iter_mut().zip(&sound) {
            *sum += gain * x;
        }
        spoken.words.extend(words(&turn.text, start, sound.len(), speaker));
        spoken.turns.push((start, start + sound.len(), speaker));
    }
    wave.resize(wave.len() + (QUIET * RATE as f32) as usize, 0.0);
    let room = 10f32.powf(ROOM / 20.0) * 3f32.sqrt();
    wave.iter_mut().for_each(|x| *x += random.between(-room, room));
    spoken.samples = Samples::from_f32(&wave);
    spoken.words.sort_by_key(|word| word.at);
    Ok(spoken)
}

fn words(text: &str, start: usize, length: usize, speaker: Speaker) -> Vec<SpokenWord> {
    let letters: usize = text.split_whitespace().map(|word| word.len() + 1).sum();
    let mut before = 0;
    let word = |word: &str| {
        let middle = before as f64 + (word.len() + 1) as f64 / 2.0;
        before += word.len() + 1;
        SpokenWord {
            text: word.to_owned(),
            at: start + (middle / letters as f64 * length as f64) as usize,
            speaker,
        }
    };
    text.split_whitespace().map(word).collect()
}

/// A turn at 16 kHz, without the silence around it.
fn said(text: &str, voice: &str, cache: &Path) -> Result<Vec<f32>, Failure> {
    let path = cache.join(format!("{}-{:016x}.wav", voice.replace('+', "-"), hash(text)));
    if !path.exists() {
        run(text, voice, &path)?;
    }
    let unreadable = |why: String| Failure::Read {
        file: path.to_string_lossy().into_owned(),
        why,
    };
    let bytes = std::fs::read(&path).map_err(|why| unreadable(why.to_string()))?;
    let layout = wav::Layout::of(&bytes, bytes.len() as u64).ok_or_else(|| unreadable("no sound".to_owned()))?;
    let (start, length) = layout.place(0, u64::MAX);
    let sound = bytes
        .get(start as usize..)
        .map(|sound| &sound[..sound.len().min(length as usize)]);
    let wave = layout.mono(sound.unwrap_or_default());
    let mut resampler = Resampler::new(layout.rate).map_err(|why| unreadable(why.to_string()))?;
    let mut whole = resampler.push(&wave);
    whole.append(&resampler.finish());
    let wave = whole.to_f32();
    let loudest = wave.iter().fold(0f32, |most, x| most.max(x.abs()));
    let loud = |x: &f32| x.abs() > SILENT * loudest;
    let start = wave.iter().position(loud).unwrap_or(0);
    let end = wave.iter().rposition(loud).map_or(0, |last| last + 1);
    Ok(wave.get(start..end).unwrap_or_default().to_vec())
}

fn run(text: &str, voice: &str, path: &PathBuf) -> Result<(), Failure> {
    let mut program = Command::new(program_name(voice));
    if voice.starts_with("en") {
        program.args(["-v", voice, "-s", "160", "-w"]).arg(path).arg(text);
    } else {
        program.args(["-voice", voice, "-t", text, "-o"]).arg(path);
    }
    let failed = |why: String| Failure::Program {
        name: program_name(voice).to_owned(),
        why,
    };
    let done = program.stdin(Stdio::null()).stdout(Stdio::null()).status();
    let status = done.map_err(|why| failed(why.to_string()))?;
    if status.success() {
        Ok(())
    } else {
        Err(failed(status.to_string()))
    }
}

/// espeak-ng's voices are named by their language.
fn program_name(voice: &str) -> &'static str {
    if voice.starts_with("en") { "espeak-ng" } else { "flite" }
}

fn rms(wave: &[f32]) -> f32 {
    (wave.iter().map(|x| x * x).sum::<f32>() / wave.len().max(1) as f32)
        .sqrt()
        .max(1e-6)
}

/// FNV-1a.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}

/// A small random generator (xorshift64*): each visit is the same on every run.
struct Random(u64);

impl Random {
    fn between(&mut self, low: f32, high: f32) -> f32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let bits = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 40;
        low + (high - low) * bits as f32 / (1u32 << 24) as f32
    }
}
