//! The trained part: linear models over hashed n-grams, small enough to ship with the page.
//!
//! Hashing: K. Weinberger et al., "Feature hashing for large scale multitask learning", ICML 2009. How the weights came
//! about is in `model/MODEL.md`.

mod features;
pub use features::Features;

pub mod lines;

pub mod roles;

pub mod sections;

/// One row of weights per class, each quantised to eight bits.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    /// A power of two.
    buckets: usize,
    biases: Vec<f32>,
    /// What one step of a class's weights is worth.
    steps: Vec<f32>,
    /// Bucket by bucket, the classes of a bucket side by side.
    weights: Vec<i8>,
}

const MAGIC: &[u8; 4] = b"SLM1";

impl Linear {
    /// Rounds trained weights, bucket by bucket with the classes of a bucket side by side, to whole numbers of at most `most` steps
    /// either way (127 at most): the fewer, the better they compress.
    pub fn quantised(biases: Vec<f32>, weights: &[f32], most: f32) -> Self {
        let classes = biases.len();
        let largest = |class: usize| {
            weights
                .iter()
                .skip(class)
                .step_by(classes)
                .fold(0f32, |m, w| m.max(w.abs()))
        };
        let steps: Vec<f32> = (0..classes)
            .map(|class| largest(class).max(f32::MIN_POSITIVE) / most)
            .collect();
        #[expect(clippy::cast_possible_truncation, reason = "within -most..=most")]
        let weights: Vec<i8> = weights
            .iter()
            .enumerate()
            .map(|(at, weight)| (weight / steps[at % classes]).round() as i8)
            .collect();
        Self {
            buckets: weights.len() / classes.max(1),
            biases,
            steps,
            weights,
        }
    }

    /// Reads what [`Linear::bytes`] wrote, and what follows it; `None` for anything else.
    pub fn parse(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (magic, rest) = bytes.split_at_checked(4)?;
        let (classes, rest) = number(rest)?;
        let (buckets, rest) = number(rest)?;
        if magic != MAGIC || classes == 0 || !buckets.is_power_of_two() {
            return None;
        }
        let (biases, rest) = floats(rest, classes)?;
        let (steps, rest) = floats(rest, classes)?;
        let (weights, rest) = rest.split_at_checked(classes.checked_mul(buckets)?)?;
        let model = Self {
            buckets,
            biases,
            steps,
            weights: weights.iter().map(|&byte| i8::from_ne_bytes([byte])).collect(),
        };
        Some((model, rest))
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        for size in [self.biases.len(), self.buckets] {
            bytes.extend(u32::try_from(size).unwrap_or(u32::MAX).to_le_bytes());
        }
        for value in self.biases.iter().chain(&self.steps) {
            bytes.extend(value.to_le_bytes());
        }
        bytes.extend(self.weights.iter().flat_map(|weight| weight.to_ne_bytes()));
        bytes
    }

    /// One score per class.
    pub fn scores(&self, features: &Features) -> Vec<f32> {
        self.scored(&self.sums(features))
    }

    /// What features weigh, class by class, in steps: sums of parts of a text add up to that of the whole.
    pub fn sums(&self, features: &Features) -> Vec<f32> {
        let classes = self.biases.len();
        let mut sums = vec![0f32; classes];
        for &(hash, value) in features.all() {
            let at = bucket(hash, self.buckets) * classes;
            for (sum, weight) in sums.iter_mut().zip(&self.weights[at..at + classes]) {
                *sum += f32::from(*weight) * value;
            }
        }
        sums
    }

    /// The scores that sums come to.
    pub fn scored(&self, sums: &[f32]) -> Vec<f32> {
        sums.iter()
            .zip(&self.steps)
            .zip(&self.biases)
            .map(|((sum, step), bias)| sum * step + bias)
            .collect()
    }
}

/// Where a feature's weights lie.
pub fn bucket(hash: u32, buckets: usize) -> usize {
    hash as usize & (buckets - 1)
}

/// Scores → probabilities that sum to one.
pub fn softmax(scores: &[f32]) -> Vec<f32> {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    let powers: Vec<f32> = scores.iter().map(|score| (score - most).exp()).collect();
    let sum: f32 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

/// A score of one class against another → its probability.
pub fn sigmoid(score: f32) -> f32 {
    1.0 / (1.0 + (-score).exp())
}

/// The place of the largest.
pub fn best(scores: &[f32]) -> usize {
    let ranked = scores.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    ranked.map_or(0, |(at, _)| at)
}

fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (number, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_le_bytes(*number) as usize, rest))
}

fn floats(bytes: &[u8], count: usize) -> Option<(Vec<f32>, &[u8])> {
    let (floats, rest) = bytes.split_at_checked(count.checked_mul(4)?)?;
    let floats = floats
        .chunks_exact(4)
        .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    Some((floats.collect(), rest))
}
