//! When each token was said: the decoder looks at the sound of the word that it writes.
//!
//! As Whisper does it (openai/whisper: whisper/timing.py): where each step looks, mean over layers and heads, is brought to
//! mean 0 and deviation 1 over the steps, smoothed over the frames, and the path through it that never goes back and
//! collects most is the alignment (dynamic time warping).

use std::ops::Range;

/// Frames that the smoothing looks at.
const SMOOTHED: usize = 7;

/// Silent frames that are no part of a word: 160 ms, longer than the closure before any consonant.
const PAUSE: usize = 8;

/// The first frame of each step's stretch: `looks` `[steps, frames]`, row after row, how much each step looks at each of the
/// frames, of which nobody says anything in those that are not `loud`. As many as there are steps, from 0 on, never falling.
pub fn begins(looks: &[f32], loud: &[bool]) -> Vec<usize> {
    let frames = loud.len();
    if frames == 0 || looks.is_empty() {
        return Vec::new();
    }
    let steps = looks.len() / frames;
    let mut sharp = normal(looks, frames);
    for row in sharp.chunks_exact_mut(frames) {
        smooth(row);
        // Where a step looks while it is silent says nothing about when its word was said.
        row.iter_mut()
            .zip(loud)
            .filter(|(_, loud)| !**loud)
            .for_each(|(x, _)| *x = 0.0);
    }
    // Most that a path to each place collects, and whether it came from the step before.
    let mut best = vec![f32::NEG_INFINITY; steps * frames];
    let mut came_down = vec![false; steps * frames];
    for step in 0..steps {
        for frame in 0..frames {
            let at = step * frames + frame;
            let stayed = if frame > 0 { best[at - 1] } else { f32::NEG_INFINITY };
            let down = match (step, frame) {
                (0, 0) => 0.0,
                (0, _) => f32::NEG_INFINITY,
                // A step takes the next frame; where there are more steps than frames some share one.
                (_, 0) => best[at - frames],
                (_, _) => best[at - frames].max(best[at - frames - 1]),
            };
            came_down[at] = down > stayed;
            best[at] = sharp[at] + down.max(stayed);
        }
    }
    let mut begins = vec![0; steps];
    let (mut step, mut frame) = (steps - 1, frames - 1);
    loop {
        let at = step * frames + frame;
        if came_down[at] {
            begins[step] = frame;
            if step == 0 {
                return begins;
            }
            let beside = frame > 0 && best[at - frames - 1] >= best[at - frames];
            (step, frame) = (step - 1, frame - usize::from(beside));
        } else {
            frame -= 1;
        }
    }
}

/// Of a stretch of frames, the part that sounds: without the silence at both ends, and if there is a pause inside, what is
/// longer of both sides. The whole where nothing sounds.
pub fn sounding(stretch: Range<usize>, loud: &[bool]) -> Range<usize> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    for frame in stretch.clone().filter(|frame| loud[*frame]) {
        match parts.last_mut() {
            Some(part) if frame < part.end + PAUSE => part.end = frame + 1,
            Some(_) | None => parts.push(frame..frame + 1),
        }
    }
    parts.into_iter().max_by_key(Range::len).unwrap_or(stretch)
}

/// Each frame's column with mean 0 and deviation 1.
fn normal(looks: &[f32], frames: usize) -> Vec<f32> {
    let steps = (looks.len() / frames) as f32;
    let mut sharp = looks.to_vec();
    for frame in 0..frames {
        let column = || looks.iter().skip(frame).step_by(frames);
        let mean = column().sum::<f32>() / steps;
        let deviation = (column().map(|x| (x - mean) * (x - mean)).sum::<f32>() / steps).sqrt();
        for x in sharp.iter_mut().skip(frame).step_by(frames) {
            *x = if deviation > 0.0 { (*x - mean) / deviation } else { 0.0 };
        }
    }
    sharp
}

/// The median around each place; at the ends, of what there is.
fn smooth(row: &mut [f32]) {
    let rough = row.to_vec();
    for (at, x) in row.iter_mut().enumerate() {
        let end = rough.len().min(at + SMOOTHED / 2 + 1);
        let mut around = rough[at.saturating_sub(SMOOTHED / 2)..end].to_vec();
        around.sort_by(f32::total_cmp);
        *x = around[around.len() / 2];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps that look at stretches which follow one another, through noise.
    fn looks(begins: &[usize], frames: usize, noise: f32) -> Vec<f32> {
        let mut state = 1_u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 24) as f32
        };
        let mut looks = Vec::new();
        for (step, &begin) in begins.iter().enumerate() {
            let end = begins.get(step + 1).copied().unwrap_or(frames);
            let inside = |frame: usize| {
                if (begin..end).contains(&frame) {
                    1.0 / (end - begin) as f32
                } else {
                    0.0
                }
            };
            looks.extend((0..frames).map(|frame| inside(frame) + noise * random() / frames as f32));
        }
        looks
    }

    #[test]
    fn known_beginnings_are_found_through_noise() {
        for (begins_at, frames) in [
            (vec![0, 12, 13 + 7, 41, 90], 120),
            (vec![0, 30, 60, 75, 80, 140, 200, 260, 330, 400], 450),
        ] {
            for noise in [0.0, 1.0, 3.0] {
                let found = begins(&looks(&begins_at, frames, noise), &vec![true; frames]);
                for (found, known) in found.iter().zip(&begins_at) {
                    // 60 ms: half of what the smoothing sees.
                    assert!(found.abs_diff(*known) <= 3, "{found} for {known}, noise {noise}");
                }
            }
        }
    }

    #[test]
    fn silence_belongs_to_no_word() {
        let mut loud = [true; 40];
        loud[..10].fill(false);
        loud[20..26].fill(false);
        // The second step looks at the silence before the first word, and both words are where they are.
        let mut looks = looks(&[0, 20], 40, 0.0);
        looks[40..50].fill(1.0);
        let begins = begins(&looks, &loud);
        assert_eq!(begins[0], 0);
        assert!((20..=26).contains(&begins[1]), "{begins:?}");
        assert_eq!(sounding(0..begins[1], &loud), 10..20);
        assert_eq!(sounding(begins[1]..40, &loud), 26..40);
        assert_eq!(sounding(2..8, &loud), 2..8);
        // The end of the word before is not the word's.
        let mut loud = [true; 40];
        loud[12..22].fill(false);
        assert_eq!(sounding(11..35, &loud), 22..35);
        assert_eq!(sounding(2..24, &loud), 2..12);
        loud[16] = true;
        assert_eq!(sounding(2..35, &loud), 2..35, "closures are no pauses");
    }

    #[test]
    fn beginnings_never_fall_and_stay_inside_whatever_the_looks() {
        for (steps, frames) in [(1, 1), (1, 9), (9, 1), (5, 3), (40, 70)] {
            let mut state = 7_u32;
            let noise: Vec<f32> = (0..steps * frames)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (state >> 8) as f32
                })
                .collect();
            let found = begins(&noise, &vec![true; frames]);
            assert_eq!(found.len(), steps);
            assert_eq!(found[0], 0);
            assert!(found.is_sorted() && found.iter().all(|frame| *frame < frames));
        }
        assert!(begins(&[], &[]).is_empty());
        assert!(begins(&[], &[true; 5]).is_empty());
    }
}
