//! Sounds in which nobody says a word, and the words that the model hears in them: there must be none.
//!
//! Each sound is heard twice: as the page hears it, where the segmenter keeps most of it away from the model, and cut
//! into pieces that go to the model one and all.

use std::f32::consts::TAU;

use model_wasm::{Transcriber, block_on};
use speech::{RATE, Samples, Segmenter, Utterance};

use crate::{asked::Asked, plain};

/// Root mean square of every sound but silence: −30 dB under full scale.
const LEVEL: f32 = 0.0316;
/// Lengths of the pieces that go to the model directly, in seconds.
const PIECES: [u32; 4] = [2, 4, 7, 12];
/// People in the babble; with eight at once no word can be made out.
const SPEAKERS: usize = 8;
/// First three formants of vowels, in hertz (Peterson & Barney 1952, men).
const VOWELS: [[f32; 3]; 8] = [
    [270.0, 2_290.0, 3_010.0],
    [390.0, 1_990.0, 2_550.0],
    [530.0, 1_840.0, 2_480.0],
    [660.0, 1_720.0, 2_410.0],
    [730.0, 1_090.0, 2_440.0],
    [570.0, 840.0, 2_410.0],
    [300.0, 870.0, 2_240.0],
    [490.0, 1_350.0, 1_690.0],
];

type Sound = fn(usize, &mut Dice) -> Vec<f32>;

pub fn run(arguments: &mut lexopt::Parser) -> Result<(), String> {
    let asked = Asked::parse(arguments, "minutes")?;
    let (transcriber, minutes) = (&asked.transcriber, asked.number(10));
    let sounds: [(&str, Sound); 4] = [("silence", silence), ("room", room), ("hum", hum), ("babble", babble)];
    let mut total = 0;
    for (name, sound) in sounds {
        let wave = sound(minutes * 60 * RATE as usize, &mut Dice(1));
        let samples = Samples::from_f32(&wave);
        for (way, utterances) in [("segmented", segmented(&samples)), ("in pieces", pieces(&samples))] {
            let words = words(transcriber, &utterances)?;
            let count = words
                .iter()
                .map(|heard| heard.split_whitespace().count())
                .sum::<usize>();
            println!(
                "{name:<8} {way}  {count} words in {} utterances, {minutes} minutes",
                utterances.len()
            );
            for heard in words.iter().take(5) {
                println!("    {heard}");
            }
            total += count;
        }
    }
    if total == 0 {
        Ok(())
    } else {
        Err(format!("{total} words were heard where nobody spoke"))
    }
}

fn segmented(samples: &Samples) -> Vec<Utterance> {
    let mut segmenter = Segmenter::new();
    let mut utterances = segmenter.push(samples);
    utterances.extend(segmenter.finish());
    utterances
}

fn pieces(samples: &Samples) -> Vec<Utterance> {
    let (mut rest, mut start, mut utterances) = (samples.as_slice(), 0, Vec::new());
    for seconds in PIECES.iter().cycle() {
        let Some((piece, later)) = rest.split_at_checked((seconds * RATE) as usize) else {
            break;
        };
        let samples = Samples::new(piece.to_vec());
        utterances.push(Utterance { start, samples });
        (rest, start) = (later, start + piece.len() as u64);
    }
    utterances
}

/// What was heard, where anything was.
fn words(transcriber: &Transcriber, utterances: &[Utterance]) -> Result<Vec<String>, String> {
    let mut heard = Vec::new();
    for utterance in utterances {
        heard.push(block_on(transcriber.transcribe(utterance)).map_err(plain)?.text);
    }
    heard.retain(|words| !words.is_empty());
    Ok(heard)
}

fn silence(count: usize, _: &mut Dice) -> Vec<f32> {
    vec![0.0; count]
}

/// Noise that falls by 3 dB for each octave (Kellet's filter), swelling and fading over seconds.
fn room(count: usize, dice: &mut Dice) -> Vec<f32> {
    let mut slow = [0.0_f32; 3];
    let wave = (0..count).map(|n| {
        let white = dice.between(-1.0, 1.0);
        slow[0] = 0.997_65 * slow[0] + white * 0.099_046;
        slow[1] = 0.963 * slow[1] + white * 0.296_516_4;
        slow[2] = 0.57 * slow[2] + white * 1.052_691_3;
        let swell = 1.0 + 0.3 * (TAU * (n % (7 * RATE as usize)) as f32 / (7 * RATE) as f32).sin();
        (slow.iter().sum::<f32>() + white * 0.1848) * swell
    });
    level(wave.collect())
}

/// Mains hum with its harmonics over a faint hiss.
fn hum(count: usize, dice: &mut Dice) -> Vec<f32> {
    let wave = (0..count).map(|n| {
        // whole periods in a second, so that the angle stays small enough to be exact
        let time = (n % RATE as usize) as f32 / RATE as f32;
        let tones = (1..=8).map(|k| (TAU * 50.0 * k as f32 * time + k as f32).sin() / k as f32);
        tones.sum::<f32>() + dice.between(-0.02, 0.02)
    });
    level(wave.collect())
}

/// Several speakers of syllables without words, all at once.
fn babble(count: usize, dice: &mut Dice) -> Vec<f32> {
    let mut wave = vec![0.0; count];
    for _ in 0..SPEAKERS {
        let (pitch, size) = (dice.between(85.0, 240.0), dice.between(0.9, 1.2));
        let mut start = dice.between(0.0, RATE as f32) as usize;
        while start < count {
            let length = (dice.between(0.09, 0.28) * RATE as f32) as usize;
            let end = count.min(start + length);
            syllable(&mut wave[start..end], pitch * dice.between(0.8, 1.25), size, dice);
            let pause = if dice.between(0.0, 1.0) < 0.12 { 0.6 } else { 0.06 };
            start = end + (dice.between(0.01, pause) * RATE as f32) as usize;
        }
    }
    level(wave)
}

/// A hiss or not, then pulses of the voice through three resonators that glide from one vowel to another.
fn syllable(wave: &mut [f32], pitch: f32, size: f32, dice: &mut Dice) {
    let (from, to) = (dice.one_of(&VOWELS), dice.one_of(&VOWELS));
    let hiss = if dice.between(0.0, 1.0) < 0.4 { 0.25 } else { 0.0 };
    let (mut phase, mut past) = (0.0_f32, [[0.0_f32; 2]; 3]);
    let count = wave.len() as f32;
    for (n, sample) in wave.iter_mut().enumerate() {
        let part = n as f32 / count;
        phase += pitch * (1.1 - 0.2 * part) / RATE as f32;
        let pulse = if phase >= 1.0 { 1.0 } else { 0.0 };
        phase -= pulse;
        let noise = if part < hiss { dice.between(-0.4, 0.4) } else { 0.0 };
        let mut sum = 0.0;
        for (k, state) in past.iter_mut().enumerate() {
            let hertz = (from[k] + (to[k] - from[k]) * part) * size;
            let radius = (-TAU / 2.0 * (80.0 + 30.0 * k as f32) / RATE as f32).exp();
            let y = pulse + noise + 2.0 * radius * (TAU * hertz / RATE as f32).cos() * state[0]
                - radius * radius * state[1];
            *state = [y, state[0]];
            sum += y / (k + 1) as f32;
        }
        *sample += sum * (TAU / 2.0 * part).sin();
    }
}

fn level(mut wave: Vec<f32>) -> Vec<f32> {
    let square = wave.iter().map(|x| f64::from(x * x)).sum::<f64>() / wave.len().max(1) as f64;
    let gain = LEVEL / (square.sqrt() as f32).max(f32::MIN_POSITIVE);
    wave.iter_mut().for_each(|x| *x *= gain);
    wave
}

/// The same numbers on every run (Knuth's linear congruential generator).
struct Dice(u64);

impl Dice {
    fn between(&mut self, low: f32, high: f32) -> f32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        low + (high - low) * ((self.0 >> 40) as f32 / (1_u64 << 24) as f32)
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[(self.between(0.0, all.len() as f32) as usize).min(all.len() - 1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sound_but_silence_has_its_level_and_none_is_clipped() {
        let sounds: [Sound; 3] = [room, hum, babble];
        for sound in sounds {
            let wave = sound(5 * RATE as usize, &mut Dice(1));
            let square = wave.iter().map(|x| x * x).sum::<f32>() / wave.len() as f32;
            assert!((square.sqrt() / LEVEL - 1.0).abs() < 0.01);
            assert!(wave.iter().all(|x| x.is_finite() && x.abs() < 1.0));
        }
        assert!(silence(RATE as usize, &mut Dice(1)).iter().all(|x| *x == 0.0));
    }

    #[test]
    fn pieces_follow_each_other() {
        let pieces = pieces(&Samples::new(vec![0; 60 * RATE as usize]));
        assert!(pieces.len() > PIECES.len());
        for pair in pieces.windows(2) {
            assert_eq!(pair[0].start + pair[0].samples.len() as u64, pair[1].start);
        }
    }
}
