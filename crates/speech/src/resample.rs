use crate::{AudioError, RATE, Samples};

/// The lowest device rate that carries speech, in hertz.
const LOWEST_RATE: u32 = 8_000;
/// The highest rate that audio hardware offers, in hertz.
const HIGHEST_RATE: u32 = 192_000;
/// End of the pass band as a part of the lower of the two Nyquist frequencies (7.5 kHz where speech comes out at
/// 16 kHz); from that Nyquist frequency on everything is rejected.
const PASS_BAND: f64 = 0.9375;
/// Rejection that the window is designed for, in decibels: under the 98 dB that 16 bits can show.
const REJECTION: f64 = 100.0;
/// Filter rows kept for rates that share no convenient divisor with 16 kHz; between rows the filter is interpolated,
/// which costs less than −105 dB. Every rate in common use has at most 640 rows and is exact.
const MOST_PHASES: u64 = 640;
/// Inputs louder than this (24 dB over full scale) are held there, so that no sum can overflow.
const LOUDEST: f32 = 16.0;

/// Brings mono audio from the device's rate to 16 kHz, block by block.
///
/// A windowed-sinc (Kaiser) polyphase filter. Output sample *n* is the input at time *n* / 16000 s exactly: there is no
/// delay to trim and, positions being whole numbers, no drift. Block lengths do not matter to the result.
///
/// Written here because rubato 5.0.1, measured first, trims its delay to whole samples: at 44.1 kHz what comes out lies
/// 0.56 samples off (13 dB between a 1 kHz tone and itself at the right time), and its sums depend on the processor.
pub struct Resampler {
    /// `None` at 16 kHz, where samples pass untouched.
    filter: Option<Filter>,
    /// Input from index `first` on; `first` is negative while the zeros before the recording are still in reach.
    input: Vec<f32>,
    first: i64,
    /// Input samples so far.
    taken: u64,
    /// Output samples so far.
    made: u64,
}

impl Resampler {
    /// # Errors
    /// [`AudioError::Rate`] outside 8–192 kHz.
    pub fn new(device_rate: u32) -> Result<Self, AudioError> {
        if !carries(device_rate) {
            return Err(AudioError::Rate { hertz: device_rate });
        }
        let filter = (device_rate != RATE).then(|| Filter::new(device_rate));
        let mut resampler = Self {
            filter,
            input: Vec::new(),
            first: 0,
            taken: 0,
            made: 0,
        };
        resampler.rewind();
        Ok(resampler)
    }

    /// Takes the next block (any length, −1…1) and gives the samples that it completes. What is no number is silence.
    pub fn push(&mut self, mono: &[f32]) -> Samples {
        let clean = mono
            .iter()
            .map(|&x| if x.is_finite() { x.clamp(-LOUDEST, LOUDEST) } else { 0.0 });
        self.input.extend(clean);
        self.taken += mono.len() as u64;
        match &self.filter {
            None => Samples::from_f32(&std::mem::take(&mut self.input)),
            Some(filter) => {
                let ready = filter.outputs_within(self.taken);
                self.emit(ready)
            }
        }
    }

    /// The recording ends: gives the last samples, so that round(input · 16000 / rate) have come out in all, and starts
    /// anew.
    pub fn finish(&mut self) -> Samples {
        let Some(filter) = &self.filter else {
            return Samples::default();
        };
        let total = filter.outputs_for(self.taken);
        self.input.resize(self.input.len() + 2 * filter.reach, 0.0);
        let tail = self.emit(total);
        self.rewind();
        tail
    }

    /// Computes the outputs up to `until` and lets go of input that no later output needs.
    fn emit(&mut self, until: u64) -> Samples {
        let Some(filter) = &self.filter else {
            return Samples::default();
        };
        let wave: Vec<f32> = (self.made..until)
            .map(|n| {
                let (at, phase) = filter.position(n);
                let from = (at as i64 - filter.reach as i64 + 1 - self.first) as usize;
                filter.apply(&self.input[from..from + 2 * filter.reach], phase)
            })
            .collect();
        self.made = self.made.max(until);
        let needed_from = filter.position(self.made).0 as i64 - filter.reach as i64 + 1;
        let spent = ((needed_from - self.first).max(0) as usize).min(self.input.len());
        self.input.drain(..spent);
        self.first += spent as i64;
        Samples::from_f32(&wave)
    }

    /// Before the recording there is silence, as far as the filter reaches.
    fn rewind(&mut self) {
        let silence = self.filter.as_ref().map_or(0, |filter| filter.reach);
        self.input = vec![0.0; silence];
        self.first = -(silence as i64);
        self.taken = 0;
        self.made = 0;
    }
}

/// True for a rate that can be brought to 16 kHz, in hertz.
pub(crate) fn carries(rate: u32) -> bool {
    (LOWEST_RATE..=HIGHEST_RATE).contains(&rate)
}

/// The polyphase filter between two rates.
struct Filter {
    /// Input samples per output sample, as the reduced fraction `step` / `parts`.
    step: u64,
    parts: u64,
    /// Input samples on either side of an output's place.
    reach: usize,
    /// `phases` + 1 rows of 2 · `reach` taps; row *p* is for places *p* / `phases` behind an input sample.
    rows: Vec<Vec<f32>>,
    phases: u64,
}

impl Filter {
    fn new(device_rate: u32) -> Self {
        let divisor = greatest_common_divisor(u64::from(device_rate), u64::from(RATE));
        let (step, parts) = (u64::from(device_rate) / divisor, u64::from(RATE) / divisor);
        let rate = f64::from(device_rate);
        let stop = f64::from(device_rate.min(RATE)) / 2.0;
        let pass = stop * PASS_BAND;
        // Kaiser's formulas for the length and shape of a window from rejection and transition width.
        let transition = std::f64::consts::TAU * (stop - pass) / rate;
        let reach = ((REJECTION - 7.95) / (2.285 * transition) / 2.0).ceil() as usize;
        let beta = 0.1102 * (REJECTION - 8.7);
        let cutoff = (stop + pass) / rate;
        let phases = parts.min(MOST_PHASES);
        let rows = (0..=phases)
            .map(|p| {
                let fraction = p as f64 / phases as f64;
                let taps: Vec<f64> = (0..2 * reach)
                    .map(|i| {
                        let t = i as f64 - (reach as f64 - 1.0) - fraction;
                        sinc(cutoff * t) * kaiser(t / reach as f64, beta)
                    })
                    .collect();
                let sum: f64 = taps.iter().sum();
                taps.iter().map(|tap| (tap / sum) as f32).collect()
            })
            .collect();
        Self {
            step,
            parts,
            reach,
            rows,
            phases,
        }
    }

    /// Where output `n` lies in the input: after which sample, and how many `parts` behind it.
    fn position(&self, n: u64) -> (u64, u64) {
        (n * self.step / self.parts, n * self.step % self.parts)
    }

    /// How many outputs have all their input once `taken` samples are in: those at places below `taken` − `reach`.
    fn outputs_within(&self, taken: u64) -> u64 {
        (taken.saturating_sub(self.reach as u64) * self.parts).div_ceil(self.step)
    }

    /// round(`taken` / `step` · `parts`)
    fn outputs_for(&self, taken: u64) -> u64 {
        (2 * taken * self.parts + self.step) / (2 * self.step)
    }

    /// One output from the 2 · `reach` inputs around it.
    fn apply(&self, around: &[f32], part: u64) -> f32 {
        let scaled = part * self.phases;
        let row = (scaled / self.parts) as usize;
        let between = (scaled % self.parts) as f32 / self.parts as f32;
        let value = dot(&self.rows[row], around);
        // Zero for every rate with no more than MOST_PHASES phases.
        if between == 0.0 {
            value
        } else {
            value + between * (dot(&self.rows[row + 1], around) - value)
        }
    }
}

/// Mean of all channels; a channel that is shorter than the others is silent after its end.
pub fn mix_down(channels: &[&[f32]]) -> Vec<f32> {
    let length = channels.iter().map(|channel| channel.len()).max().unwrap_or(0);
    let share = 1.0 / channels.len().max(1) as f32;
    let mut mono = vec![0.0; length];
    for channel in channels {
        for (sum, &x) in mono.iter_mut().zip(*channel) {
            *sum += if x.is_finite() { x * share } else { 0.0 };
        }
    }
    mono
}

/// Eight sums side by side, which compilers turn into vector instructions; the order is fixed, so the bits are too.
fn dot(taps: &[f32], wave: &[f32]) -> f32 {
    let mut sums = [0.0f32; 8];
    let (tap_lanes, wave_lanes) = (taps.chunks_exact(8), wave.chunks_exact(8));
    let rest: f32 = tap_lanes
        .remainder()
        .iter()
        .zip(wave_lanes.remainder())
        .map(|(a, b)| a * b)
        .sum();
    for (a, b) in tap_lanes.zip(wave_lanes) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f32>() + rest
}

fn sinc(x: f64) -> f64 {
    let x = std::f64::consts::PI * x;
    if x.abs() < 1e-9 { 1.0 } else { x.sin() / x }
}

/// Kaiser's window over −1…1, up to a factor.
fn kaiser(x: f64, beta: f64) -> f64 {
    bessel_i0(beta * (1.0 - x * x).max(0.0).sqrt())
}

/// The modified Bessel function of order zero, by its power series.
fn bessel_i0(x: f64) -> f64 {
    let mut term = 1.0;
    let mut sum = 1.0;
    let mut k = 1.0;
    while term > 1e-17 * sum {
        term *= (x / (2.0 * k)).powi(2);
        sum += term;
        k += 1.0;
    }
    sum
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    #[test]
    fn after_an_hour_every_sample_is_still_at_its_time() {
        for rate in [8_000, 44_100, 47_903, 192_000] {
            let mut resampler = Resampler::new(rate).expect("a rate within limits");
            let hour = 3_600 * u64::from(rate);
            // Where an hour of silence would have left it.
            let filter = resampler.filter.as_ref().expect("not 16 kHz");
            let reach = filter.reach as u64;
            resampler.made = filter.outputs_within(hour);
            let needed_from = filter.position(resampler.made).0 + 1 - reach;
            resampler.taken = hour;
            resampler.first = needed_from as i64;
            resampler.input = vec![0.0; (hour - needed_from) as usize];

            let made_before = resampler.made;
            let tone = |seconds: f64| 0.9 * (TAU * 1_003.9 * seconds).sin();
            let wave: Vec<f32> = (0..rate / 2)
                .map(|i| tone(f64::from(i) / f64::from(rate)) as f32)
                .collect();
            let mut out = Samples::default();
            for block in wave.chunks(128) {
                out.append(&resampler.push(block));
            }
            out.append(&resampler.finish());

            let silence = (3_600 * u64::from(RATE) - made_before) as usize;
            let exact = silence as f64 + wave.len() as f64 * f64::from(RATE) / f64::from(rate);
            assert!((out.len() as f64 - exact).abs() <= 0.5, "{rate} Hz");
            for (n, x) in out.to_f32()[silence..].iter().enumerate().skip(800).take(6_400) {
                let error = f64::from(*x) - tone(n as f64 / f64::from(RATE));
                assert!(error.abs() < 1e-4, "{rate} Hz, sample {n}: {error}");
            }
        }
    }
}
