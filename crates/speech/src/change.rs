//! Where another voice takes over within an utterance: on the likeliest way between two voices (Viterbi 1967) from one gap
//! between voiced frames to the next. The voices are those of the recording so far, found in its pieces.

use crate::timbre::{Sound, Timbre};
use crate::voice::Frame;
use crate::voices::Pair;

/// Voiced frames of a piece that is compared with others, at least: half a second, short enough to be one voice's and long
/// enough to be known by it.
const PIECE: usize = 50;
/// What another voice has to be likelier by, as the logarithm of the ratio.
const SWITCH: f32 = 6.0;
/// Frames without a voice that make a gap.
const GAP: usize = 2;

/// A place where an utterance may be cut.
#[derive(Clone, Copy)]
struct Gap {
    /// The quietest frame between two voiced ones.
    at: usize,
    /// Voiced frames before it.
    voiced: usize,
}

/// The frames at which the other of two voices begins, in order; each the quietest of its gap.
pub fn changes(heard: &[Frame], sounds: &[Option<Sound>], pair: &Pair) -> Vec<usize> {
    let leans: Vec<f32> = sounds.iter().flatten().map(|sound| pair.lean(sound)).collect();
    let gaps = gaps(heard);
    let starts = std::iter::once(0).chain(gaps.iter().map(|gap| gap.voiced));
    let ends = gaps.iter().map(|gap| gap.voiced).chain([leans.len()]);
    // Of the best way to each voice in each stretch: how likely it is, and whether the other spoke before.
    let mut ways: Vec<[(f32, bool); 2]> = Vec::new();
    for (start, end) in starts.zip(ends) {
        let lean: f32 = leans[start..end].iter().sum();
        let before = ways.last().map_or([0.0; 2], |way| way.map(|(likely, _)| likely));
        let way = |voice: usize| {
            let (stays, comes) = (before[voice], before[1 - voice] - SWITCH);
            (stays.max(comes) + [0.5, -0.5][voice] * lean, comes > stays)
        };
        ways.push([way(0), way(1)]);
    }
    let Some([(first, _), (second, _)]) = ways.last() else {
        return Vec::new();
    };
    let mut voice = usize::from(second > first);
    let mut found = Vec::new();
    for (way, gap) in ways[1..].iter().zip(&gaps).rev() {
        if way[voice].1 {
            found.push(gap.at);
            voice = 1 - voice;
        }
    }
    found.reverse();
    found
}

/// An utterance from gap to gap, each piece long enough to be known by its voice.
pub fn pieces(heard: &[Frame], sounds: &[Option<Sound>]) -> Vec<Timbre> {
    let voiced: Vec<&Sound> = sounds.iter().flatten().collect();
    let mut pieces = Vec::new();
    let mut start = 0;
    let ends = gaps(heard).into_iter().map(|gap| gap.voiced).chain([voiced.len()]);
    for end in ends {
        if end - start >= PIECE {
            pieces.push(voiced[start..end].iter().copied().collect());
            start = end;
        }
    }
    pieces
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
