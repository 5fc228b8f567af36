//! A visit of an hour or two, as the page hears it: recordings and pauses in blocks, a pass for each third of a second of
//! speech, and the last pass when an utterance is over. Memory and waiting are printed for each minute.

use std::{
    ops::Range,
    path::PathBuf,
    time::{Duration, Instant},
};

use model_wasm::{Transcriber, block_on, listener::Listener, word_errors};
use speech::{Pending, RATE, Samples, Segmenter, Utterance, level_dbfs};

use crate::{asked::Asked, audio, needed, plain};

/// Samples of a block, and of speech between two passes, as in the page.
const BLOCK: usize = RATE as usize / 10;
const BETWEEN_PASSES: usize = 5_120;

/// The hiss of a quiet room in the pauses: two steps of sixteen bits.
const HISS: i32 = 2;

/// A minute's memory may be so much over that of the first, and its waiting so many times as long.
const MORE_MEMORY: u64 = 16 << 20;
const LONGER: f64 = 2.0;

/// What happened in a minute of sound.
#[derive(Clone, Copy, Default)]
struct Minute {
    utterances: usize,
    words: usize,
    /// Of all passes, and of those that ended an utterance.
    pass: Waiting,
    last: Waiting,
    bytes: u64,
}

#[derive(Clone, Copy, Default)]
struct Waiting {
    count: u32,
    sum: Duration,
    longest: Duration,
}

/// Recordings one after the other with pauses, for ever.
struct Visit {
    recordings: Vec<Samples>,
    state: u32,
    next: usize,
}

pub fn run(arguments: &mut lexopt::Parser) -> Result<(), String> {
    let asked = Asked::parse(arguments, "minutes")?;
    needed(asked.files.first(), "FILE")?;
    let load = |file: &PathBuf| audio::samples(file);
    let recordings: Vec<Samples> = asked.files.iter().map(load).collect::<Result<_, _>>()?;
    let alone = alone(&asked.transcriber, &recordings)?;
    let mut visit = Visit {
        recordings,
        state: 1,
        next: 0,
    };
    let total = asked.number(60) * 60 * RATE as usize;
    let mut heard = Heard::default();
    let (mut said, mut expected) = (0, Vec::new());
    println!(
        "{:>6} {:>10} {:>6} {:>13} {:>13} {:>13} {:>13} {:>9}",
        "minute", "utterances", "words", "mean pass ms", "worst", "mean last ms", "worst", "MB"
    );
    while said < total {
        let (index, sound, speech) = visit.next();
        expected.push(Expected {
            index,
            place: said + speech.start..said + speech.end,
        });
        for block in sound.chunks(BLOCK) {
            heard.block(&asked.transcriber, block)?;
        }
        said += sound.len();
    }
    heard.end(&asked.transcriber)?;
    verdict(&heard, &expected, &alone)
}

/// The words of each recording by itself.
fn alone(transcriber: &Transcriber, recordings: &[Samples]) -> Result<Vec<String>, String> {
    let mut all = Vec::new();
    for recording in recordings {
        let mut heard = Heard::default();
        let pause = vec![0; RATE as usize];
        for sound in [pause.as_slice(), recording.as_slice(), &pause] {
            for block in sound.chunks(BLOCK) {
                heard.block(transcriber, block)?;
            }
        }
        heard.end(transcriber)?;
        let words: Vec<&str> = heard.spoken.iter().map(|spoken| spoken.words.as_str()).collect();
        all.push(words.join(" "));
    }
    Ok(all)
}

/// A recording's place in the visit.
struct Expected {
    index: usize,
    place: Range<usize>,
}

/// What came out so far.
#[derive(Default)]
struct Heard {
    segmenter: Segmenter,
    listener: Listener,
    told: usize,
    samples: usize,
    spoken: Vec<Spoken>,
    minutes: Vec<Minute>,
    now: Minute,
}

/// An utterance without its sound, which is the page's to keep.
struct Spoken {
    place: Range<usize>,
    words: String,
}

impl Heard {
    fn block(&mut self, transcriber: &Transcriber, block: &[i16]) -> Result<(), String> {
        for utterance in self.segmenter.push(&Samples::new(block.to_vec())) {
            self.finish(transcriber, utterance)?;
        }
        self.samples += block.len();
        if let Some(Pending { start, samples, rests }) = self.segmenter.pending()
            && samples.len() >= self.told + if rests { 1 } else { BETWEEN_PASSES }
        {
            self.told = samples.len();
            let samples = Samples::new(samples.to_vec());
            let begun = Instant::now();
            block_on(self.listener.hear(transcriber, &Utterance { start, samples })).map_err(plain)?;
            self.now.pass.add(begun.elapsed());
        }
        let minute = 60 * RATE as usize;
        if self.samples / minute > (self.samples - block.len()) / minute {
            self.minute();
        }
        Ok(())
    }

    fn finish(&mut self, transcriber: &Transcriber, utterance: Utterance) -> Result<(), String> {
        self.told = 0;
        let begun = Instant::now();
        let listener = std::mem::take(&mut self.listener);
        let heard = block_on(listener.finish(transcriber, &utterance)).map_err(plain)?;
        self.now.last.add(begun.elapsed());
        self.now.utterances += 1;
        self.now.words += heard.words.len();
        let start = utterance.start as usize;
        self.spoken.push(Spoken {
            place: start..start + utterance.samples.len(),
            words: heard.text,
        });
        Ok(())
    }

    fn end(&mut self, transcriber: &Transcriber) -> Result<(), String> {
        let last = std::mem::take(&mut self.segmenter).finish();
        last.into_iter()
            .try_for_each(|utterance| self.finish(transcriber, utterance))
    }

    fn minute(&mut self) {
        let mut now = std::mem::take(&mut self.now);
        now.bytes = resident();
        self.minutes.push(now);
        println!(
            "{:>6} {:>10} {:>6} {:>13.1} {:>13.1} {:>13.1} {:>13.1} {:>9.1}",
            self.minutes.len(),
            now.utterances,
            now.words,
            now.pass.mean(),
            now.pass.longest.as_secs_f64() * 1e3,
            now.last.mean(),
            now.last.longest.as_secs_f64() * 1e3,
            now.bytes as f64 / 1e6
        );
    }
}

impl Waiting {
    fn add(&mut self, time: Duration) {
        self.count += 1;
        self.sum += time;
        self.longest = self.longest.max(time);
    }

    /// In milliseconds.
    fn mean(self) -> f64 {
        self.sum.as_secs_f64() * 1e3 / f64::from(self.count.max(1))
    }
}

impl Visit {
    /// The next recording with a pause before it of 1 to 4 s, and where in both of them its speech is.
    fn next(&mut self) -> (usize, Vec<i16>, Range<usize>) {
        let index = self.next % self.recordings.len();
        self.next += 1;
        let pause = RATE as usize + self.random() as usize % (3 * RATE as usize);
        let mut sound: Vec<i16> = (0..pause)
            .map(|_| (self.random() as i32 % (2 * HISS + 1) - HISS) as i16)
            .collect();
        let recording = &self.recordings[index];
        sound.extend_from_slice(recording.as_slice());
        let speech = speech(recording);
        (index, sound, pause + speech.start..pause + speech.end)
    }

    /// Fifteen bits (Knuth's linear congruential generator).
    fn random(&mut self) -> u32 {
        self.state = self.state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        self.state >> 17
    }
}

/// From the first to the last hundredth of a second over −40 dB.
fn speech(recording: &Samples) -> Range<usize> {
    const FRAME: usize = RATE as usize / 100;
    let wave = recording.to_f32();
    let loud = |frame: &(usize, &[f32])| level_dbfs(frame.1) > -40.0;
    let mut frames = wave
        .chunks(FRAME)
        .enumerate()
        .filter(loud)
        .map(|(index, _)| index * FRAME);
    let first = frames.next().unwrap_or_default();
    first..frames.next_back().unwrap_or(first) + FRAME
}

/// # Errors
/// What was not flat, or got lost.
fn verdict(heard: &Heard, expected: &[Expected], alone: &[String]) -> Result<(), String> {
    let ordered = heard
        .spoken
        .windows(2)
        .all(|pair| pair[0].place.end <= pair[1].place.start);
    let inside = |place: &Range<usize>| {
        let spoken = heard
            .spoken
            .iter()
            .filter(|spoken| spoken.place.start < place.end && place.start < spoken.place.end);
        let covered: usize = spoken
            .map(|spoken| spoken.place.end.min(place.end) - spoken.place.start.max(place.start))
            .sum();
        covered
    };
    let speech: usize = expected.iter().map(|expected| expected.place.len()).sum();
    let covered: usize = expected.iter().map(|expected| inside(&expected.place)).sum();
    let in_utterances: usize = heard.spoken.iter().map(|spoken| spoken.place.len()).sum();
    let seconds = |samples: usize| samples as f64 / f64::from(RATE);
    println!(
        "{:.1} s of sound: {:.1} s in utterances, {:.1} s of pauses; of {:.2} s of speech {:.2} s are in an utterance",
        seconds(heard.samples),
        seconds(in_utterances),
        seconds(heard.samples - in_utterances),
        seconds(speech),
        seconds(covered)
    );
    let words = |texts: &mut dyn Iterator<Item = &str>| texts.collect::<Vec<&str>>().join(" ");
    let whole = words(&mut heard.spoken.iter().map(|spoken| spoken.words.as_str()));
    let parts = words(&mut expected.iter().map(|expected| alone[expected.index].as_str()));
    let seams = word_errors::count(&parts, &whole);
    println!(
        "{} words that the recordings alone give, {} of them other, missing or double in the visit",
        seams.words, seams.errors
    );
    let (Some(first), Some(last)) = (heard.minutes.first(), heard.minutes.last()) else {
        return Err("shorter than a minute".to_owned());
    };
    let half = heard.minutes.len() / 2;
    let mean = |minutes: &[Minute], of: fn(&Minute) -> Waiting| {
        minutes.iter().map(|minute| of(minute).mean()).sum::<f64>() / minutes.len().max(1) as f64
    };
    let slower =
        |of: fn(&Minute) -> Waiting| mean(&heard.minutes[half..], of) / mean(&heard.minutes[..half.max(1)], of);
    let (passes, lasts) = (slower(|minute| minute.pass), slower(|minute| minute.last));
    println!(
        "memory after the first minute {:+.1} MB; the second half's waiting against the first's: passes × {passes:.2}, last \
         passes × {lasts:.2}",
        (last.bytes as f64 - first.bytes as f64) / 1e6
    );
    let failed = [
        (!ordered, "utterances overlap"),
        (covered < speech, "speech is in no utterance"),
        (
            seams.errors * 20 > seams.words,
            "more than a twentieth of the words are others than the recordings alone give",
        ),
        (last.bytes > first.bytes + MORE_MEMORY, "memory grows"),
        (passes > LONGER || lasts > LONGER, "waiting grows"),
    ];
    let failed: Vec<&str> = failed
        .iter()
        .filter(|(failed, _)| *failed)
        .map(|(_, why)| *why)
        .collect();
    if failed.is_empty() {
        Ok(())
    } else {
        Err(failed.join("; "))
    }
}

/// Bytes of this process in memory; none where the system does not say.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
    kilobytes.unwrap_or_default() * 1024
}
