//! Hears, 10 ms at a time, whether somebody speaks: level over an adaptive noise floor, and periodicity.
//!
//! What it cannot tell: a whisper has no period, so it counts only beside voiced words; music has one, and counts.
//!
//! Only additions, multiplications and square roots, so that the page and a native run hear the same to the last bit.

use std::collections::VecDeque;

use crate::RATE;

/// Samples per frame: 10 ms.
pub const FRAME: usize = RATE as usize / 100;

/// Frames over which power is averaged (30 ms: two periods of the lowest voice).
const SMOOTHED: usize = 3;
/// A voiced frame is speech from this power over the noise floor on (6 dB; noise itself reaches 4 dB over its minimum).
const VOICED_OVER_FLOOR: f32 = 4.0;
/// An unvoiced frame is active from this power over the noise floor on (8 dB), and stays so down to 6 dB.
const ACTIVE_OVER_FLOOR: f32 = 6.3;
const STILL_ACTIVE_OVER_FLOOR: f32 = 4.0;
/// Unvoiced frames in a row that make speech (50 ms); fewer are a click.
const CLICK: usize = 5;
/// Nothing under this mean square is speech: −66 dB under full scale.
const QUIETEST: f32 = 2.5e-7;

/// Noise floor: the least power of the last 3 s, in blocks of 250 ms.
const FLOOR_BLOCK: usize = 25;
const FLOOR_BLOCKS: usize = 12;

/// Voicing is judged where voices are strongest, under 1 kHz, at 4 kHz.
const DECIMATION: usize = 4;
const LOW_BAND: f64 = 1_000.0;
const LOW_RATE: usize = RATE as usize / DECIMATION;
/// Periods of 70–400 Hz; higher voices show at twice their period.
const SHORTEST_PERIOD: usize = LOW_RATE / 400;
const LONGEST_PERIOD: usize = LOW_RATE / 70;
/// Stretch that is compared with itself one period before: 24 ms, short enough for a pitch that falls.
const COMPARED: usize = LOW_RATE * 24 / 1000;
/// Normalised correlation from which a frame is voiced.
const PERIODIC: f32 = 0.5;

/// A peak of so much of the greatest correlation is the period, if it is the first one.
const SAME_PERIOD: f32 = 0.85;

/// What two past samples predict better than this (error to signal) is a pure tone: a monitor's beep, a telephone's.
const TONE: f64 = 1e-3;

/// A sound whose power stays within 3 dB for 400 ms is a machine, not a voice.
const STEADY: usize = 40;
const STEADY_RATIO: f32 = 2.0;

/// What one frame sounds like.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    pub speech: bool,
    /// Periodic, as vowels are, and over the noise floor.
    pub voiced: bool,
    /// Of the voice, if it is one, in hertz.
    pub pitch: f32,
    /// The 400 ms that end here were steady.
    pub steady: bool,
    /// Mean square of this frame alone, above 150 Hz.
    pub power: f32,
}

/// Length in frames of the longest unbroken voice that is not the drone of a machine.
pub fn longest_voice(frames: &[Frame]) -> usize {
    let (mut longest, mut run, mut steady) = (0, 0, 0);
    // From the end, because a steady frame speaks for the 400 ms before it.
    for frame in frames.iter().rev() {
        steady = if frame.steady {
            STEADY
        } else {
            usize::saturating_sub(steady, 1)
        };
        run = if frame.voiced && steady == 0 { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// Turns samples into [`Frame`]s.
#[derive(Debug)]
pub struct Ear {
    rumble: Biquad,
    low_pass: [Biquad; 2],
    hiss: Biquad,
    /// The last 38 ms of the low band.
    low: VecDeque<f32>,
    low_band: Band,
    high_band: Band,
    /// Low-band power of the last 400 ms.
    recent: VecDeque<f32>,
    /// Unvoiced active frames in a row.
    active_run: usize,
}

impl Ear {
    pub fn new() -> Self {
        Self {
            rumble: Biquad::high_pass(150.0),
            low_pass: [Biquad::low_pass(LOW_BAND), Biquad::low_pass(LOW_BAND)],
            hiss: Biquad::high_pass(2_000.0),
            low: vec![0.0; COMPARED + LONGEST_PERIOD].into(),
            low_band: Band::default(),
            high_band: Band::default(),
            recent: VecDeque::new(),
            active_run: 0,
        }
    }

    pub fn hear(&mut self, samples: &[i16; FRAME]) -> Frame {
        let (mut power, mut low_power, mut high_power) = (0.0, 0.0, 0.0);
        for (i, &sample) in samples.iter().enumerate() {
            let x = self.rumble.filter(f32::from(sample) / 32_768.0);
            power += x * x;
            let high = self.hiss.filter(x);
            high_power += high * high;
            let [first, second] = &mut self.low_pass;
            let low = second.filter(first.filter(x));
            low_power += low * low;
            if i % DECIMATION == 0 {
                self.low.pop_front();
                self.low.push_back(low);
            }
        }
        let power = power / FRAME as f32;
        let low = self.low_band.smooth(low_power / FRAME as f32);
        let high = self.high_band.smooth(high_power / FRAME as f32);

        let steady = self.is_steady(low);
        let (periodicity, period) = match low > QUIETEST {
            true => self.periodicity(),
            // A pause is most of what is heard, and has no period.
            false => (0.0, LONGEST_PERIOD as f32),
        };
        let periodic = periodicity > PERIODIC && !self.is_pure_tone();
        // A voice says nothing about the noise under it; a steady drone is part of that noise. A recording that begins
        // inside a word has to be heard for as long as periods are compared before it can be told from noise.
        let noise = (!periodic || steady) && self.recent.len() * FRAME > self.low.len() * DECIMATION;
        self.low_band.learn(low, noise);
        self.high_band.learn(high, noise);

        let voiced = periodic && self.low_band.stands_out(low, VOICED_OVER_FLOOR);
        let over_floor = if self.active_run > 0 {
            STILL_ACTIVE_OVER_FLOOR
        } else {
            ACTIVE_OVER_FLOOR
        };
        let active = self.low_band.stands_out(low, over_floor) || self.high_band.stands_out(high, over_floor);
        self.active_run = if active { self.active_run + 1 } else { 0 };
        Frame {
            speech: voiced || self.active_run >= CLICK,
            voiced,
            pitch: LOW_RATE as f32 / period,
            steady,
            power,
        }
    }

    fn is_steady(&mut self, low: f32) -> bool {
        self.recent.push_back(low);
        if self.recent.len() > STEADY {
            self.recent.pop_front();
        }
        let (least, most) = self
            .recent
            .iter()
            .fold((f32::MAX, 0.0f32), |(a, b), &p| (a.min(p), b.max(p)));
        self.recent.len() == STEADY && most <= STEADY_RATIO * least
    }

    /// Least-squares prediction of each of the last samples from the two before it.
    fn is_pure_tone(&mut self) -> bool {
        let now = &self.low.make_contiguous()[LONGEST_PERIOD..];
        let product = |i: usize, j: usize| -> f64 {
            let (a, b) = (&now[2 - i..COMPARED - i], &now[2 - j..COMPARED - j]);
            a.iter().zip(b).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum()
        };
        let (energy, one, two) = (product(0, 0), product(0, 1), product(0, 2));
        let (one_one, one_two, two_two) = (product(1, 1), product(1, 2), product(2, 2));
        let determinant = one_one * two_two - one_two * one_two;
        let explained = one * one * two_two - 2.0 * one * two * one_two + two * two * one_one;
        energy * determinant - explained < TONE * energy * determinant
    }

    /// The greatest normalised correlation of the last 24 ms with what lay 2.5–14 ms before, and the period in samples
    /// of the low band: the shortest that correlates nearly as well, because twice a period is one too.
    fn periodicity(&mut self) -> (f32, f32) {
        let low: &[f32] = self.low.make_contiguous();
        let now = &low[LONGEST_PERIOD..];
        let energy: f32 = now.iter().map(|x| x * x).sum();
        let correlations: [f32; LONGEST_PERIOD - SHORTEST_PERIOD + 1] = std::array::from_fn(|i| {
            let before = &low[LONGEST_PERIOD - SHORTEST_PERIOD - i..][..COMPARED];
            let product: f32 = now.iter().zip(before).map(|(a, b)| a * b).sum();
            let energy_before: f32 = before.iter().map(|x| x * x).sum();
            product / (energy * energy_before).sqrt().max(f32::MIN_POSITIVE)
        });
        let greatest = correlations.iter().copied().fold(0.0, f32::max);
        let peak = correlations.windows(3).position(|near| {
            let [before, here, after] = [near[0], near[1], near[2]];
            here >= SAME_PERIOD * greatest && here >= before && here >= after
        });
        let Some(at) = peak else {
            return (greatest, LONGEST_PERIOD as f32);
        };
        // A parabola through the three tells where between the samples the top lies.
        let [before, here, after] = [correlations[at], correlations[at + 1], correlations[at + 2]];
        let bend = (2.0 * here - before - after).max(f32::MIN_POSITIVE);
        let off = (0.5 * (after - before) / bend).clamp(-0.5, 0.5);
        (greatest, (SHORTEST_PERIOD + at + 1) as f32 + off)
    }
}

/// Power of one band and the noise floor in it.
#[derive(Debug, Default)]
struct Band {
    /// Powers of the last frames.
    last: VecDeque<f32>,
    blocks: VecDeque<Block>,
    frames_in_block: usize,
    /// `None` until anything but a voice was heard.
    floor: Option<f32>,
}

impl Band {
    fn smooth(&mut self, power: f32) -> f32 {
        if self.last.len() == SMOOTHED {
            self.last.pop_front();
        }
        self.last.push_back(power);
        self.last.iter().sum::<f32>() / self.last.len() as f32
    }

    /// Minimum statistics: speech leaves gaps, noise does not. Every frame says how loud the noise is at most; that it
    /// has become louder takes a frame which is no voice.
    fn learn(&mut self, power: f32, noise: bool) {
        if self.frames_in_block == 0 {
            self.blocks.push_back(Block {
                least: f32::INFINITY,
                noise: false,
            });
            if self.blocks.len() > FLOOR_BLOCKS {
                self.blocks.pop_front();
            }
        }
        self.frames_in_block = (self.frames_in_block + 1) % FLOOR_BLOCK;
        if let Some(newest) = self.blocks.back_mut() {
            newest.least = newest.least.min(power);
            newest.noise |= noise;
        }
        let least = self
            .blocks
            .iter()
            .fold(f32::INFINITY, |least, block| least.min(block.least));
        if self.blocks.iter().any(|block| block.noise) {
            self.floor = Some(least);
        } else {
            self.floor = self.floor.map(|floor| floor.min(least));
        }
    }

    fn stands_out(&self, power: f32, over_floor: f32) -> bool {
        power > QUIETEST && self.floor.is_none_or(|floor| power > over_floor * floor)
    }
}

/// A quarter of a second of one band.
#[derive(Debug)]
struct Block {
    /// Power of its quietest frame.
    least: f32,
    /// Any of its frames was no voice.
    noise: bool,
}

/// A second-order Butterworth section (R. Bristow-Johnson's audio cookbook), direct form 2 transposed.
#[derive(Debug)]
struct Biquad {
    b: [f32; 3],
    a: [f32; 2],
    state: [f32; 2],
}

impl Biquad {
    fn low_pass(hertz: f64) -> Self {
        Self::section(hertz, |cos| [(1.0 - cos) / 2.0, 1.0 - cos, (1.0 - cos) / 2.0])
    }

    fn high_pass(hertz: f64) -> Self {
        Self::section(hertz, |cos| [(1.0 + cos) / 2.0, -(1.0 + cos), (1.0 + cos) / 2.0])
    }

    fn section(hertz: f64, numerator: impl Fn(f64) -> [f64; 3]) -> Self {
        let (sin, cos) = (std::f64::consts::TAU * hertz / f64::from(RATE)).sin_cos();
        let alpha = sin * std::f64::consts::FRAC_1_SQRT_2;
        let scale = 1.0 + alpha;
        Self {
            b: numerator(cos).map(|b| (b / scale) as f32),
            a: [(-2.0 * cos / scale) as f32, ((1.0 - alpha) / scale) as f32],
            state: [0.0; 2],
        }
    }

    fn filter(&mut self, x: f32) -> f32 {
        let y = self.b[0] * x + self.state[0];
        self.state = [
            self.b[1] * x - self.a[0] * y + self.state[1],
            self.b[2] * x - self.a[1] * y,
        ];
        // After speech comes digital silence; numbers that fade for ever would make every step slow.
        self.state = self.state.map(|s| if s.abs() < 1e-15 { 0.0 } else { s });
        y
    }
}
