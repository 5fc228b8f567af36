//! Where another voice takes over within an utterance.
//!
//! Before the two voices of a recording are known: where the sounds before and behind a gap differ so much that it is not by
//! chance (Hotelling's T² over windows, as in B. Zhou & J. Hansen, "Efficient audio stream segmentation via the combined T²
//! statistic and Bayesian information criterion", IEEE SAP 13, 2005). Once they are known: on the likeliest way between the
//! two (Viterbi 1967), where a few syllables are enough.

use crate::timbre::{DIMENSIONS, Sound, Timbre};
use crate::voice::Frame;
use crate::voices::{ALIKE, Pair};

/// Voiced frames that are compared on either side: two or three seconds of speech.
const WINDOW: usize = 150;
/// Fewer voiced frames are not judged.
const LEAST: usize = 60;
/// From this distance on it is another voice. By chance it would be about [`DIMENSIONS`], were all sounds as frequent on either
/// side; they are not.
const ANOTHER: f32 = 120.0;
/// What another voice has to be likelier by, as the logarithm of the ratio.
const SWITCH: f32 = 6.0;
/// Frames without a voice between two words, at least.
const GAP: usize = 2;

/// A place where an utterance may be cut.
#[derive(Clone, Copy)]
struct Gap {
    /// The quietest frame between two voiced ones.
    at: usize,
    /// Voiced frames before it.
    voiced: usize,
}

/// The frames at which another voice begins, in order; each the quietest of a gap between voiced ones. `pair`: the voices
/// of the recording, once they are known.
pub fn changes(heard: &[Frame], sounds: &[Option<Sound>], pair: Option<&Pair>) -> Vec<usize> {
    let voiced: Vec<&Sound> = sounds.iter().flatten().collect();
    let gaps = gaps(heard);
    match pair {
        Some(pair) => switches(&gaps, &voiced, pair),
        None => breaks(&gaps, &voiced),
    }
}

/// Between two known voices: on the likeliest way through the pieces between the gaps.
fn switches(gaps: &[Gap], voiced: &[&Sound], pair: &Pair) -> Vec<usize> {
    let starts = std::iter::once(0).chain(gaps.iter().map(|gap| gap.voiced));
    let ends = gaps.iter().map(|gap| gap.voiced).chain([voiced.len()]);
    // Of the best way to each voice in each piece: how likely, and whether the other spoke before.
    let mut ways: Vec<[(f32, bool); 2]> = Vec::new();
    for (start, end) in starts.zip(ends) {
        let lean: f32 = voiced[start..end].iter().map(|sound| pair.lean(sound)).sum();
        let before = ways.last().map_or([0.0; 2], |way| way.map(|(likely, _)| likely));
        let way = |voice: usize| {
            let lean = [0.5, -0.5][voice] * lean;
            let (stays, comes) = (before[voice], before[1 - voice] - SWITCH);
            (stays.max(comes) + lean, comes > stays)
        };
        ways.push([way(0), way(1)]);
    }
    let Some([(first, _), (second, _)]) = ways.last() else { return Vec::new() };
    let mut voice = usize::from(second > first);
    let mut found = Vec::new();
    for (way, gap) in ways[1..].iter().zip(gaps).rev() {
        if way[voice].1 {
            found.push(gap.at);
            voice = 1 - voice;
        }
    }
    found.reverse();
    found
}

/// Between voices that nobody knows yet: the clearest change first, and then on either side of it.
fn breaks(gaps: &[Gap], voiced: &[&Sound]) -> Vec<usize> {
    let spread = spread(voiced);
    let mut found: Vec<Gap> = Vec::new();
    loop {
        let judged = gaps.iter().filter_map(|&gap| {
            let cuts = found.iter().map(|cut| cut.voiced);
            let start = cuts.clone().filter(|cut| *cut <= gap.voiced).max().unwrap_or(0);
            let end = cuts.filter(|cut| *cut > gap.voiced).min().unwrap_or(voiced.len());
            let left = &voiced[start.max(gap.voiced.saturating_sub(WINDOW))..gap.voiced];
            let right = &voiced[gap.voiced..end.min(gap.voiced + WINDOW)];
            let enough = left.len() >= LEAST && right.len() >= LEAST;
            enough.then(|| (distance(left, right, &spread), gap))
        });
        match judged.max_by(|a, b| a.0.total_cmp(&b.0)) {
            Some((distance, gap)) if distance > ANOTHER => found.push(gap),
            Some(_) | None => break,
        }
    }
    let mut found: Vec<usize> = found.into_iter().map(|gap| gap.at).collect();
    found.sort_unstable();
    found
}

/// T² of two windows, whose frames are not independent.
fn distance(left: &[&Sound], right: &[&Sound], spread: &Sound) -> f32 {
    let [left, right]: [Timbre; 2] = [left, right].map(|side| side.iter().copied().collect());
    let (a, b) = (left.mean(), right.mean());
    let of_means = ALIKE * (1.0 / left.frames() + 1.0 / right.frames());
    (0..DIMENSIONS)
        .map(|d| (a[d] - b[d]) * (a[d] - b[d]) / (spread[d] * of_means))
        .sum()
}

/// Variance of one voice's sounds: of neighbours within the utterance.
fn spread(voiced: &[&Sound]) -> Sound {
    let mut spread = [0.0; DIMENSIONS];
    for window in voiced.chunks(WINDOW / 2) {
        let timbre: Timbre = window.iter().copied().collect();
        for (sum, here) in spread.iter_mut().zip(timbre.spread()) {
            *sum += here;
        }
    }
    spread.map(|sum| sum / voiced.len().max(1) as f32 + 1e-6)
}

/// The gaps between voiced frames, in order.
fn gaps(heard: &[Frame]) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let (mut at, mut voiced) = (0, 0);
    for run in heard.chunk_by(|a, b| a.voiced == b.voiced) {
        let end = at + run.len();
        if run[0].voiced {
            voiced += run.len();
        } else if run.len() >= GAP && voiced > 0 && end < heard.len() {
            let quietest = (at..end).min_by(|a, b| heard[*a].power.total_cmp(&heard[*b].power));
            gaps.extend(quietest.map(|at| Gap { at, voiced }));
        }
        at = end;
    }
    gaps
}
