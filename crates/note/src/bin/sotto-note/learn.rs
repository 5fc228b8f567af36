//! Linear models over hashed features: multinomial logistic regression by stochastic gradient descent with AdaGrad steps (J. Duchi
//! et al., JMLR 12, 2011), and least squares where examples are few. The order of the examples is fixed, so the same data give the same weights.

use note::model::{Features, Linear, bucket, softmax};

/// What to learn from: features, the right class, and how much it counts.
pub struct Example {
    pub features: Features,
    pub class: usize,
    pub weight: f32,
}

pub struct Settings {
    pub classes: usize,
    /// A power of two.
    pub buckets: usize,
    pub rounds: usize,
    /// Of a step; of [`regress`] the feature that all examples share.
    pub rate: f32,
    /// Pull towards zero: per step in parts of the rate, of [`regress`] for the whole.
    pub decay: f32,
    /// The most steps of a rounded weight.
    pub steps: f32,
}

/// One row of weights per class; of two classes a single row, for the second.
pub fn learn(examples: &[Example], settings: &Settings) -> Linear {
    let classes = settings.classes;
    let mut weights = vec![0f32; settings.buckets * classes];
    let mut squares = vec![1e-3f32; settings.buckets * classes];
    let mut biases = vec![0f32; classes];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..settings.rounds {
        shuffle(&mut order, &mut state);
        for example in order.iter().map(|&at| &examples[at]) {
            let mut scores = biases.clone();
            for &(hash, value) in example.features.all() {
                let at = bucket(hash, settings.buckets) * classes;
                for (score, weight) in scores.iter_mut().zip(&weights[at..at + classes]) {
                    *score += weight * value;
                }
            }
            let mut slopes = softmax(&scores);
            slopes[example.class] -= 1.0;
            for (bias, slope) in biases.iter_mut().zip(&mut slopes) {
                *slope *= example.weight;
                *bias -= 0.05 * settings.rate * *slope;
            }
            for &(hash, value) in example.features.all() {
                let at = bucket(hash, settings.buckets) * classes;
                for (class, slope) in slopes.iter().enumerate() {
                    let weight = &mut weights[at + class];
                    let gradient = slope * value + settings.decay * *weight;
                    let square = &mut squares[at + class];
                    *square += gradient * gradient;
                    *weight -= settings.rate * gradient / square.sqrt();
                }
            }
        }
    }
    if classes == 2 {
        // Of two classes the difference is enough, and half the size.
        let apart: Vec<f32> = weights.chunks_exact(2).map(|pair| pair[1] - pair[0]).collect();
        return Linear::quantised(vec![biases[1] - biases[0]], &apart, settings.steps);
    }
    Linear::quantised(biases, &weights, settings.steps)
}

/// Least squares of +1 for the right class and -1 for the others, weights pulled towards zero: of few examples it learns more
/// than [`learn`]. By dual coordinate ascent (S. Shalev-Shwartz and T. Zhang, JMLR 14, 2013).
pub fn regress(examples: &[Example], settings: &Settings) -> Linear {
    let classes = settings.classes;
    let mut weights = vec![0f32; settings.buckets * classes];
    let mut biases = vec![0f32; classes];
    let mut duals = vec![0f32; examples.len() * classes];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..settings.rounds {
        shuffle(&mut order, &mut state);
        for &at in &order {
            let example = &examples[at];
            let pull = settings.decay / example.weight;
            let square: f32 = example.features.all().iter().map(|(_, value)| value * value).sum();
            let mut steps: Vec<f32> = biases.iter().map(|bias| bias * settings.rate).collect();
            for &(hash, value) in example.features.all() {
                let at = bucket(hash, settings.buckets) * classes;
                for (sum, weight) in steps.iter_mut().zip(&weights[at..at + classes]) {
                    *sum += weight * value;
                }
            }
            for (class, step) in steps.iter_mut().enumerate() {
                let dual = &mut duals[at * classes + class];
                let target = if class == example.class { 1.0 } else { -1.0 };
                *step = (target - *step - pull * *dual) / (square + settings.rate * settings.rate + pull);
                *dual += *step;
                biases[class] += settings.rate * *step;
            }
            for &(hash, value) in example.features.all() {
                let at = bucket(hash, settings.buckets) * classes;
                for (weight, step) in weights[at..at + classes].iter_mut().zip(&steps) {
                    *weight += step * value;
                }
            }
        }
    }
    biases.iter_mut().for_each(|bias| *bias *= settings.rate);
    Linear::quantised(biases, &weights, settings.steps)
}

/// Fisher and Yates, with Marsaglia's xorshift for dice.
pub fn shuffle(order: &mut [usize], state: &mut u64) {
    for at in (1..order.len()).rev() {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        #[expect(clippy::cast_possible_truncation, reason = "below the length")]
        let other = (*state % (at as u64 + 1)) as usize;
        order.swap(at, other);
    }
}
