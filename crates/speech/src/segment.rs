use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::change::{changes, pieces};
use crate::timbre::{Sounds, Timbre};
use crate::voice::{Ear, FRAME, Frame, longest_voice};
use crate::voices::Pair;
use crate::{RATE, Samples};

/// Frames of 10 ms in so many milliseconds.
const fn frames(milliseconds: usize) -> usize {
    milliseconds / 10
}

/// What an utterance holds from before its first speech frame, unless the utterance before reaches into it.
const LOOK_BEHIND: usize = frames(500);
/// What an utterance holds after its last speech frame.
const TAIL: usize = frames(300);
/// A hiss longer than this before the first voiced frame is not part of a word.
const UNVOICED_LEAD: usize = frames(500);
/// Non-speech that ends an utterance: 600 ms while it is short, ever less as it nears the length that a cut inside
/// speech would have to end. The shortest leaves 100 ms behind the tail, so that the cut is not in the next word's onset,
/// and is longer than the closure of any stop consonant.
const PAUSE: usize = frames(600);
const SHORTEST_PAUSE: usize = TAIL + frames(100);
const PATIENT_UNTIL: usize = frames(5_000);
const HASTY_FROM: usize = frames(8_000);
/// No utterance is longer.
const LONGEST: usize = frames(15_000);
/// Where no pause came, the cut lies behind this point…
const EARLIEST_CUT: usize = frames(8_000);
/// …in the middle of the quietest stretch of this length.
const VALLEY: usize = frames(160);
/// A sound without a voice this long (an unstressed vowel) is no speech.
const VOICED: usize = frames(50);
/// Pieces whose sound is remembered: five minutes of speech or more.
const REMEMBERED: usize = 300;

/// A stretch of one voice's speech between two pauses, with its place in the recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Utterance {
    /// Index of the first sample, counted from the start of the recording.
    pub start: u64,
    pub samples: Samples,
}

impl Utterance {
    /// Seconds from the start of the recording.
    pub fn start_seconds(&self) -> f64 {
        self.start as f64 / f64::from(RATE)
    }

    /// Seconds from the start of the recording.
    pub fn end_seconds(&self) -> f64 {
        self.start_seconds() + self.samples.seconds()
    }
}

/// An utterance that is being said, as far as it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending<'a> {
    /// Index of the first sample, counted from the start of the recording.
    pub start: u64,
    pub samples: &'a [i16],
    /// Nobody has spoken for so long that these will be all its samples, unless somebody goes on before the pause is over.
    pub rests: bool,
}

/// Cuts a stream of samples into utterances at its pauses, and where another voice takes over.
///
/// Utterances come in order and never overlap; how the stream is divided into pushes does not matter to them.
#[derive(Debug)]
pub struct Segmenter {
    ear: Ear,
    sounds: Sounds,
    /// How the last pieces of utterances sounded.
    voices: VecDeque<Timbre>,
    /// The recording from sample `from` on: nothing that an utterance has taken, and no more silence than the next one
    /// may look back on.
    kept: Vec<i16>,
    from: u64,
    /// What the whole frames in `kept` sound like.
    heard: Vec<Frame>,
    /// Index in `heard` of the last speech frame; `None` between utterances.
    last_speech: Option<usize>,
    /// The pending utterance began at a cut inside speech.
    continued: bool,
}

impl Segmenter {
    pub fn new() -> Self {
        Self {
            ear: Ear::new(),
            sounds: Sounds::new(),
            voices: VecDeque::new(),
            kept: Vec::new(),
            from: 0,
            heard: Vec::new(),
            last_speech: None,
            continued: false,
        }
    }

    /// Takes the next samples of the recording, gives back the utterances that they complete.
    pub fn push(&mut self, samples: &Samples) -> Vec<Utterance> {
        let mut done = Vec::new();
        let mut rest = samples.as_slice();
        while !rest.is_empty() {
            let missing = FRAME - self.kept.len() % FRAME;
            let (now, later) = rest.split_at(missing.min(rest.len()));
            self.kept.extend_from_slice(now);
            rest = later;
            if let Some(frame) = self.kept[self.heard.len() * FRAME..].first_chunk() {
                let frame = self.ear.hear(frame);
                done.extend(self.step(frame));
            }
        }
        done
    }

    /// The utterance that is being said, if one is. Later it may turn out to be no speech, or to go on as two.
    pub fn pending(&self) -> Option<Pending<'_>> {
        let end = (self.last_speech? + 1 + TAIL) * FRAME;
        Some(Pending {
            start: self.from,
            samples: &self.kept[..end.min(self.kept.len())],
            rests: end <= self.kept.len(),
        })
    }

    /// The recording ends: whatever speech is pending comes out, however short. The next push begins a new recording.
    pub fn finish(&mut self) -> Vec<Utterance> {
        let mut ended = std::mem::take(self);
        let Some(last_speech) = ended.last_speech else {
            return Vec::new();
        };
        let end = ((last_speech + 1 + TAIL) * FRAME).min(ended.kept.len());
        ended.take(end)
    }

    /// One frame further.
    fn step(&mut self, frame: Frame) -> Vec<Utterance> {
        self.heard.push(frame);
        let now = self.heard.len();
        if frame.speech {
            self.last_speech = Some(now - 1);
        }
        let Some(last_speech) = self.last_speech else {
            self.forget(now.saturating_sub(LOOK_BEHIND));
            return Vec::new();
        };
        let spoken = last_speech + 1;
        if now - spoken >= pause_after(spoken) {
            self.last_speech = None;
            let utterances = self.take((spoken + TAIL) * FRAME);
            self.continued = false;
            return utterances;
        }
        if now >= LONGEST {
            return self.cut();
        }
        if !self.continued && !self.heard.iter().any(|frame| frame.voiced) {
            self.forget(now.saturating_sub(LOOK_BEHIND + UNVOICED_LEAD));
        }
        Vec::new()
    }

    /// Ends the pending utterance in its quietest valley; what follows goes on as the next one.
    fn cut(&mut self) -> Vec<Utterance> {
        let loudness = |at: &usize| {
            self.heard[at - VALLEY / 2..at + VALLEY / 2]
                .iter()
                .map(|f| f.power)
                .sum::<f32>()
        };
        let at = (EARLIEST_CUT..=LONGEST - VALLEY / 2)
            .min_by(|a, b| loudness(a).total_cmp(&loudness(b)))
            .expect("the range is not empty");
        let piece = self.take(at * FRAME);
        self.continued = self.last_speech.is_some();
        piece
    }

    /// Hands out the first `end` samples if they hold a voice, cut where another one begins, and forgets them.
    fn take(&mut self, end: usize) -> Vec<Utterance> {
        let whole = end / FRAME;
        let speaks = self.continued || longest_voice(&self.heard[..whole]) >= VOICED;
        let mut utterances = Vec::new();
        if speaks {
            let (heard, samples) = (&self.heard[..whole], &self.kept[..end]);
            let sounds = self.sounds.of(heard, samples);
            self.voices.extend(pieces(heard, &sounds));
            let old = self.voices.len().saturating_sub(REMEMBERED);
            self.voices.drain(..old);
            let pair = Pair::of(self.voices.iter());
            let cuts = pair.map(|pair| changes(heard, &sounds, &pair)).unwrap_or_default();
            let mut start = 0;
            for next in cuts.into_iter().chain([whole]) {
                let stretch = start * FRAME..if next == whole { end } else { next * FRAME };
                utterances.push(Utterance {
                    start: self.from + stretch.start as u64,
                    samples: Samples::new(samples[stretch].to_vec()),
                });
                start = next;
            }
        }
        self.forget(whole);
        utterances
    }

    /// Lets go of the first so many frames.
    fn forget(&mut self, frames: usize) {
        self.kept.drain(..frames * FRAME);
        self.heard.drain(..frames);
        self.from += (frames * FRAME) as u64;
        self.last_speech = self.last_speech.and_then(|last| last.checked_sub(frames));
    }
}

impl Default for Segmenter {
    fn default() -> Self {
        Self::new()
    }
}

/// Non-speech frames that end an utterance of so many frames.
fn pause_after(spoken: usize) -> usize {
    let haste = spoken.clamp(PATIENT_UNTIL, HASTY_FROM) - PATIENT_UNTIL;
    PAUSE - (PAUSE - SHORTEST_PAUSE) * haste / (HASTY_FROM - PATIENT_UNTIL)
}
