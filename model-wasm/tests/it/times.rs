//! Word times against what is known of the sound: two recordings with silence between them.

use model_wasm::{Transcriber, block_on};
use speech::{RATE, Samples, Utterance, level_dbfs};

use crate::shipped::{CLIPS, clip, shipped};

/// Seconds that a word's edge may lie away from where its sound does: five rows of speech.
const OFF: f32 = 0.1;

/// From the first to the last hundredth of a second over −40 dB.
fn speech(name: &str) -> Vec<i16> {
    const FRAME: usize = RATE as usize / 100;
    let samples = clip(name);
    let wave = samples.to_f32();
    let loud: Vec<usize> = (0..wave.len() / FRAME)
        .filter(|frame| level_dbfs(&wave[frame * FRAME..][..FRAME]) > -40.0)
        .collect();
    let (first, last) = (loud[0], loud[loud.len() - 1]);
    samples.as_slice()[first * FRAME..(last + 1) * FRAME].to_vec()
}

/// What was said, and from when to when each word was.
fn timed(transcriber: &Transcriber, samples: Vec<i16>) -> (String, Vec<(f32, f32)>) {
    let utterance = Utterance {
        start: 0,
        samples: Samples::new(samples),
    };
    let heard = block_on(transcriber.transcribe(&utterance)).expect("the CPU gives numbers");
    let times: Vec<(f32, f32)> = heard.words.iter().filter_map(|word| word.time).collect();
    assert_eq!(times.len(), heard.words.len());
    (heard.text, times)
}

#[test]
fn words_end_before_a_pause_and_begin_behind_it() {
    let transcriber = shipped();
    for first in CLIPS {
        for second in CLIPS.into_iter().filter(|clip| *clip != first) {
            let (one, other) = (speech(first), speech(second));
            let (lead, pause) = (RATE as usize / 2, RATE as usize * 3 / 10);
            let ends = (lead + one.len()) as f32 / RATE as f32;
            let begins = ends + pause as f32 / RATE as f32;
            let silence = vec![0; lead];
            let whole = [silence.clone(), one, vec![0; pause], other, silence].concat();
            let seconds = whole.len() as f32 / RATE as f32;
            let (text, times) = timed(&transcriber, whole);
            assert!(times.iter().all(|(from, to)| from <= to && *to <= seconds), "{times:?}");
            assert!(times.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{times:?}");
            let what = format!("{first} {second}: {ends}–{begins} in {times:?}: {text}");
            let (before, after) = times.split_at(times.partition_point(|(from, _)| *from < ends));
            assert!((before[0].0 - 0.5).abs() <= OFF, "{what}");
            assert!((before[before.len() - 1].1 - ends).abs() <= OFF, "{what}");
            assert!((after[0].0 - begins).abs() <= OFF, "{what}");
        }
    }
}

#[test]
fn words_that_are_said_later_lie_later() {
    let transcriber = shipped();
    let mut compared = 0;
    for name in CLIPS {
        let said = |lead: usize| timed(&transcriber, [vec![0; lead], speech(name), vec![0; 8_000]].concat());
        let (early, times) = said(8_000);
        for lead in [9_600, 12_800, 16_000] {
            let (late, later) = said(lead);
            // Between zeros the starter may hear something else; then there is nothing to compare.
            if late != early {
                continue;
            }
            compared += 1;
            let shift = (lead - 8_000) as f32 / RATE as f32;
            for (early, late) in times.iter().zip(&later) {
                assert!(
                    (late.0 - early.0 - shift).abs() <= OFF,
                    "{name}: {early:?} {late:?} after {shift}"
                );
            }
        }
    }
    assert!(compared >= 5, "{compared} of 15 had the same words");
}
