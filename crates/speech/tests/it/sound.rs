//! Sounds made from nothing: voices, noise, hum, clicks; the same on every run.

use std::f64::consts::TAU;

use speech::{RATE, Samples};

/// A small random generator (xorshift64*), so that a failing case can be made again from its seed.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// Uniform in 0…1.
    pub fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// Mean 0, variance 1: twelve uniform numbers, as good as a bell curve here.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

pub fn samples_in(seconds: f64) -> usize {
    (seconds * f64::from(RATE)) as usize
}

pub fn amplitude(decibels: f64) -> f64 {
    10f64.powf(decibels / 20.0)
}

pub fn to_samples(wave: &[f64]) -> Samples {
    Samples::from_f32(&wave.iter().map(|&x| x as f32).collect::<Vec<f32>>())
}

pub fn add(to: &mut [f64], at: usize, sound: &[f64]) {
    for (sum, x) in to[at..].iter_mut().zip(sound) {
        *sum += x;
    }
}

/// A voice without words: harmonics of a wandering pitch under two formants, four syllables a second (each with its
/// own vowel), peaks near −12 dB under full scale; the dips between syllables are 12 dB deep.
pub fn voice(seconds: f64, seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    let pitch = random.between(90.0, 220.0);
    person(seconds, pitch, 1.0, &mut random)
}

/// [`voice`] of somebody: mean pitch in hertz, and how much higher the formants are than a long throat's.
pub fn person(seconds: f64, pitch: f64, formants: f64, random: &mut Random) -> Vec<f64> {
    let vowels: Vec<(f64, f64)> = (0..1 + (seconds * 4.0) as usize)
        .map(|_| (random.between(300.0, 750.0), random.between(900.0, 2_200.0)))
        .map(|(first, second)| (formants * first, formants * second))
        .collect();
    let mut phase = 0.0;
    (0..samples_in(seconds))
        .map(|i| {
            let t = i as f64 / f64::from(RATE);
            let now = pitch * (1.0 + 0.12 * (TAU * 0.7 * t).sin() + 0.01 * random.normal());
            phase += now / f64::from(RATE);
            let (first, second) = vowels[(t * 4.0) as usize];
            let formant = |f: f64, centre: f64| 1.0 / (1.0 + ((f - centre) / 120.0).powi(2));
            // sin(kx) = 2 cos x · sin((k−1)x) − sin((k−2)x)
            let (step, mut before, mut sine) = (2.0 * (TAU * phase).cos(), 0.0, (TAU * phase).sin());
            let mut sum = 0.0;
            for k in 1..=20 {
                let f = now * f64::from(k);
                sum += (formant(f, first) + 0.4 * formant(f, second) + 0.02) * sine;
                (before, sine) = (sine, step * sine - before);
            }
            0.1 * (0.25 + 0.75 * (TAU * 2.0 * t).sin().abs()) * sum
        })
        .collect()
}

pub fn white(seconds: f64, decibels: f64, seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    (0..samples_in(seconds))
        .map(|_| amplitude(decibels) * random.normal())
        .collect()
}

/// White noise through P. Kellet's "economy" pinking filter.
pub fn pink(seconds: f64, decibels: f64, seed: u64) -> Vec<f64> {
    let (mut slow, mut middle, mut fast) = (0.0, 0.0, 0.0);
    white(seconds, decibels - 10.0, seed)
        .into_iter()
        .map(|x| {
            slow = 0.99765 * slow + x * 0.0990460;
            middle = 0.96300 * middle + x * 0.2965164;
            fast = 0.57000 * fast + x * 1.0526913;
            slow + middle + fast + x * 0.1848
        })
        .collect()
}

pub fn tone(seconds: f64, hertz: f64, decibels: f64) -> Vec<f64> {
    (0..samples_in(seconds))
        .map(|i| amplitude(decibels) * (TAU * hertz * i as f64 / f64::from(RATE)).sin())
        .collect()
}

/// Mains hum with all its harmonics, as a bad cable gives it.
pub fn hum(seconds: f64, hertz: f64, decibels: f64) -> Vec<f64> {
    let mut sum = vec![0.0; samples_in(seconds)];
    for k in 1..=12 {
        add(
            &mut sum,
            0,
            &tone(
                seconds,
                hertz * f64::from(k),
                decibels - 6.0 - 10.0 * f64::from(k).log10(),
            ),
        );
    }
    sum
}

/// A key or a pen: 12 ms of decaying noise.
pub fn click(decibels: f64, seed: u64) -> Vec<f64> {
    let mut noise = white(0.012, decibels, seed);
    for (i, x) in noise.iter_mut().enumerate() {
        *x *= (-(i as f64) / 40.0).exp();
    }
    noise
}

/// Divides a stream at random places, some of the pieces empty or a single sample.
pub fn pieces<T: Clone>(stream: &[T], seed: u64) -> Vec<Vec<T>> {
    let mut random = Random::new(seed);
    let mut rest = stream;
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let longest = if random.uniform() < 0.3 { 3.0 } else { 5_000.0 };
        let (now, later) = rest.split_at((random.between(0.0, longest) as usize).min(rest.len()));
        pieces.push(now.to_vec());
        rest = later;
    }
    pieces
}
