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
const ENOUGH: usize = 4;
/// Rounds in which the centres move, at most.
const ROUNDS: usize = 20;
/// Two voices are so many deviations of their sounds apart; two halves of one voice's stretches are closer.
const APART: f32 = 1.3;
/// Frames in a row that tell no more than one of them: those of one vowel.
pub const ALIKE: f32 = 8.0;

/// Two voices: of each the middle of its sounds, and of both the variance around it.
///
/// The middles are those of two clusters (S. Lloyd, "Least squares quantization in PCM", IEEE IT 28, 1982).
#[derive(Clone, Debug)]
pub struct Pair {
    centres: [Sound; 2],
    variance: Sound,
}

impl Pair {
    /// Of stretches of a visit; `None` where they are too few, or one voice explains them as well.
    pub fn of<'a>(stretches: impl Iterator<Item = &'a Timbre>) -> Option<Self> {
        let long: Vec<&Timbre> = stretches.filter(|timbre| timbre.frames() >= LONG_ENOUGH).collect();
        if long.len() < ENOUGH {
            return None;
        }
        let variance = variance(&long);
        // In units of the sounds' own deviation.
        let points: Vec<(Sound, f32)> = long
            .iter()
            .map(|timbre| (scaled(&timbre.mean(), &variance), timbre.frames().min(LONG)))
            .collect();
        let (middle, axis) = (centre(&points)?, principal(&points));
        let mut first: Vec<bool> = points.iter().map(|(point, _)| dot(&axis, point) < dot(&axis, &middle)).collect();
        let mut centres = halves(&points, &first)?;
        for _ in 0..ROUNDS {
            let next: Vec<bool> = points
                .iter()
                .map(|(point, _)| distance(point, &centres[0]) <= distance(point, &centres[1]))
                .collect();
            if next == first {
                break;
            }
            first = next;
            centres = halves(&points, &first)?;
        }
        let apart = distance(&centres[0], &centres[1]).sqrt();
        let centres = centres.map(|centre| std::array::from_fn(|d| centre[d] * variance[d].sqrt()));
        (apart > APART).then_some(Self { centres, variance })
    }

    /// In which of the two a stretch is spoken; `None` where no voice is in it.
    pub fn nearer(&self, timbre: &Timbre) -> Option<Voice> {
        (timbre.frames() > 0.0).then(|| {
            if self.lean(&timbre.mean()) >= 0.0 {
                Voice::First
            } else {
                Voice::Second
            }
        })
    }

    /// What one frame says for the first voice and against the second: the logarithm of the ratio of their likelihoods.
    pub fn lean(&self, sound: &Sound) -> f32 {
        let [first, second] = &self.centres;
        let lean: f32 = (0..DIMENSIONS)
            .map(|d| (first[d] - second[d]) * (sound[d] - 0.5 * (first[d] + second[d])) / self.variance[d])
            .sum();
        lean / ALIKE
    }
}

/// Of the sounds around the mean of their own stretch.
fn variance(stretches: &[&Timbre]) -> Sound {
    let frames: f32 = stretches.iter().map(|timbre| timbre.frames()).sum();
    let mut variance = [1e-6; DIMENSIONS];
    for timbre in stretches {
        for (sum, spread) in variance.iter_mut().zip(timbre.spread()) {
            *sum += spread / frames;
        }
    }
    variance
}

/// The direction in which weighted points differ most, by power iteration.
fn principal(points: &[(Sound, f32)]) -> Sound {
    let Some(middle) = centre(points) else { return [0.0; DIMENSIONS] };
    let mut axis = [1.0; DIMENSIONS];
    for _ in 0..ROUNDS {
        let mut next = [0.0; DIMENSIONS];
        for (point, weight) in points {
            let along = weight * (dot(&axis, point) - dot(&axis, &middle));
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

fn scaled(sound: &Sound, variance: &Sound) -> Sound {
    std::array::from_fn(|d| sound[d] / variance[d].sqrt())
}

fn distance(a: &Sound, b: &Sound) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

fn dot(a: &Sound, b: &Sound) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
