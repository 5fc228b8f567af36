//! Who is who among the stretches of a recording: two voices or one (speaker diarisation; T. Park et al., "A review of speaker
//! diarization", Computer Speech & Language 72, 2022).

use crate::timbre::{DIMENSIONS, Sound, Timbre};
use crate::{SegmentId, Voice};

/// The stretches of a visit in the two voices that they are spoken in, as far as two can be told apart.
#[derive(Clone, Debug, Default)]
pub struct Voices {
    heard: Vec<(SegmentId, Timbre)>,
}

impl Voices {
    /// One more stretch; one with the same id is replaced.
    pub fn hear(&mut self, id: SegmentId, timbre: Timbre) {
        self.heard.retain(|(known, _)| *known != id);
        self.heard.push((id, timbre));
    }

    /// Who spoke each stretch; nothing of one without a voice, and of none where one person spoke.
    pub fn told_apart(&self) -> Vec<(SegmentId, Option<Voice>)> {
        let pair = Pair::of(self.heard.iter().map(|(_, timbre)| timbre));
        let voice = |timbre: &Timbre| pair.as_ref()?.nearer(timbre);
        self.heard.iter().map(|(id, timbre)| (*id, voice(timbre))).collect()
    }
}

/// Voiced frames from which on a stretch helps to find the voices: half a second.
const LONG_ENOUGH: f32 = 50.0;
/// A longer stretch counts no more: a monologue is one of its voice's stretches.
const LONG: f32 = 300.0;
/// Stretches from which on two voices are looked for.
const ENOUGH: usize = 6;
/// Rounds in which the centres move, at most.
const ROUNDS: usize = 20;
/// Two voices are so many deviations of their sounds apart; two halves of one voice's stretches are closer.
const APART: f32 = 1.4;
/// Of so many stretches two halves are twice as far apart, by chance.
const FEW: f32 = 6.0;
/// Frames that have to be there before half of what they say of two coordinates is believed.
const DOUBTED: f32 = 400.0;
/// Frames in a row that tell no more than one of them: those of one vowel.
pub const ALIKE: f32 = 8.0;

/// Two voices, as a straight boundary between their sounds: both vary alike around their middles (R. Fisher, "The use of
/// multiple measurements in taxonomic problems", 1936), which are those of two clusters (S. Lloyd, "Least squares quantization
/// in PCM", IEEE IT 28, 1982).
#[derive(Clone)]
pub struct Pair {
    weights: Sound,
    threshold: f32,
}

impl Pair {
    /// Of stretches of a visit; `None` where they are too few, or one voice explains them as well.
    pub fn of<'a>(stretches: impl Iterator<Item = &'a Timbre>) -> Option<Self> {
        let long: Vec<&Timbre> = stretches.filter(|timbre| timbre.frames() >= LONG_ENOUGH).collect();
        if long.len() < ENOUGH {
            return None;
        }
        // In coordinates in which the sounds of one voice vary by one in each direction.
        let spread = Spread::of(&long);
        let points: Vec<(Sound, f32)> = long
            .iter()
            .map(|timbre| (spread.whitened(&timbre.mean()), timbre.frames().min(LONG)))
            .collect();
        let [first, second] = clusters(&points)?;
        let across: Sound = std::array::from_fn(|d| first[d] - second[d]);
        let middle: Sound = std::array::from_fn(|d| 0.5 * (first[d] + second[d]));
        let apart = dot(&across, &across).sqrt();
        let by_chance = APART * (1.0 + FEW / points.len() as f32);
        (apart > by_chance).then(|| Self {
            weights: spread.unwhitened(&across),
            threshold: dot(&across, &middle),
        })
    }

    /// In which of the two a stretch is spoken; `None` where no voice is in it.
    pub fn nearer(&self, timbre: &Timbre) -> Option<Voice> {
        let first = self.lean(&timbre.mean()) >= 0.0;
        (timbre.frames() > 0.0).then_some(if first { Voice::First } else { Voice::Second })
    }

    /// What one frame says for the first voice and against the second: the logarithm of the ratio of their likelihoods.
    pub fn lean(&self, sound: &Sound) -> f32 {
        (dot(&self.weights, sound) - self.threshold) / ALIKE
    }
}

/// How the sounds of one voice vary: the Cholesky factor `L` of their covariance `L · Lᵀ`, lower triangular.
struct Spread([Sound; DIMENSIONS]);

impl Spread {
    /// Around the mean of each stretch.
    fn of(stretches: &[&Timbre]) -> Self {
        let mut covariance = [[0.0; DIMENSIONS]; DIMENSIONS];
        let mut frames = 0.0;
        for timbre in stretches {
            frames += timbre.frames();
            for (sum, scatter) in covariance.iter_mut().zip(timbre.scatter()) {
                sum.iter_mut().zip(scatter).for_each(|(sum, scatter)| *sum += scatter);
            }
        }
        let mut lower = [[0.0f32; DIMENSIONS]; DIMENSIONS];
        for a in 0..DIMENSIONS {
            for b in 0..=a {
                // What few sounds say of how two coordinates go together is not believed.
                let all = if a == b { frames } else { frames + DOUBTED };
                let rest = covariance[a][b] / all - (0..b).map(|d| lower[a][d] * lower[b][d]).sum::<f32>();
                lower[a][b] = if a == b {
                    rest.max(1e-6).sqrt()
                } else {
                    rest / lower[b][b]
                };
            }
        }
        Self(lower)
    }

    /// `L⁻¹ · sound`
    fn whitened(&self, sound: &Sound) -> Sound {
        let mut white = [0.0; DIMENSIONS];
        for a in 0..DIMENSIONS {
            white[a] = (sound[a] - (0..a).map(|b| self.0[a][b] * white[b]).sum::<f32>()) / self.0[a][a];
        }
        white
    }

    /// `L⁻ᵀ · white`
    fn unwhitened(&self, white: &Sound) -> Sound {
        let mut sound = [0.0; DIMENSIONS];
        for a in (0..DIMENSIONS).rev() {
            let rest: f32 = (a + 1..DIMENSIONS).map(|b| self.0[b][a] * sound[b]).sum();
            sound[a] = (white[a] - rest) / self.0[a][a];
        }
        sound
    }
}

/// The middles of two clusters, from the two sides of the plane across the direction in which the points differ most.
fn clusters(points: &[(Sound, f32)]) -> Option<[Sound; 2]> {
    let middle = centre(points)?;
    let axis = principal(points, &middle);
    let mut first: Vec<bool> = points
        .iter()
        .map(|(point, _)| dot(&axis, point) < dot(&axis, &middle))
        .collect();
    let mut centres = halves(points, &first)?;
    for _ in 0..ROUNDS {
        let nearer = |(point, _): &(Sound, f32)| distance(point, &centres[0]) <= distance(point, &centres[1]);
        let next: Vec<bool> = points.iter().map(nearer).collect();
        if next == first {
            break;
        }
        first = next;
        centres = halves(points, &first)?;
    }
    Some(centres)
}

/// The direction in which weighted points around a middle differ most, by power iteration.
fn principal(points: &[(Sound, f32)], middle: &Sound) -> Sound {
    let mut axis = [1.0; DIMENSIONS];
    for _ in 0..ROUNDS {
        let mut next = [0.0; DIMENSIONS];
        for (point, weight) in points {
            let along = weight * (dot(&axis, point) - dot(&axis, middle));
            for d in 0..DIMENSIONS {
                next[d] += along * (point[d] - middle[d]);
            }
        }
        let length = dot(&next, &next).sqrt().max(f32::MIN_POSITIVE);
        axis = next.map(|x| x / length);
    }
    axis
}

/// The middles of two sets of points; `None` where one is empty.
fn halves(points: &[(Sound, f32)], first: &[bool]) -> Option<[Sound; 2]> {
    let half = |side: bool| {
        let of_side = points.iter().zip(first).filter(|(_, first)| **first == side);
        centre(&of_side.map(|(point, _)| *point).collect::<Vec<_>>())
    };
    Some([half(true)?, half(false)?])
}

fn centre(points: &[(Sound, f32)]) -> Option<Sound> {
    let weights: f32 = points.iter().map(|(_, weight)| weight).sum();
    let mean = |d: usize| points.iter().map(|(point, weight)| weight * point[d]).sum::<f32>() / weights;
    (weights > 0.0).then(|| std::array::from_fn(mean))
}

fn distance(a: &Sound, b: &Sound) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

fn dot(a: &Sound, b: &Sound) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
