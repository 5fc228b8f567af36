//! Quality and exactness of [`Resampler`]: every figure is a promise of the README.

use std::f64::consts::TAU;

use proptest::prelude::*;
use speech::{AudioError, RATE, Resampler, Samples, mix_down};

use crate::sound::pieces;

const RATES: [u32; 10] = [
    8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000, 176_400, 192_000,
];
/// A rate that shares nothing with 16 kHz: the filter is interpolated.
const ODD_RATE: u32 = 47_903;

fn tone(rate: u32, hertz: f64, seconds: f64) -> Vec<f32> {
    let length = (f64::from(rate) * seconds) as usize;
    (0..length)
        .map(|i| (0.9 * (TAU * hertz * i as f64 / f64::from(rate)).sin()) as f32)
        .collect()
}

fn resample(rate: u32, wave: &[f32]) -> Samples {
    resample_blocks(rate, &[wave.to_vec()])
}

fn resample_blocks(rate: u32, blocks: &[Vec<f32>]) -> Samples {
    let mut resampler = Resampler::new(rate).expect("a rate within limits");
    let mut all = Samples::default();
    for block in blocks {
        all.append(&resampler.push(block));
    }
    all.append(&resampler.finish());
    all
}

/// Power of a resampled 0.9 tone over the power of what is not that tone, in decibels. The tone is compared at its exact
/// time, so a delay of a hundredth of a sample would show. The first and last 50 ms, where it is switched, do not count.
fn signal_to_noise(rate: u32, hertz: f64) -> f64 {
    let out = resample(rate, &tone(rate, hertz, 0.5)).to_f32();
    let (mut signal, mut noise) = (0.0, 0.0);
    for (n, &x) in out.iter().enumerate().skip(800).take(out.len() - 1_600) {
        let ideal = 0.9 * (TAU * hertz * n as f64 / f64::from(RATE)).sin();
        signal += ideal * ideal;
        noise += (f64::from(x) - ideal).powi(2);
    }
    10.0 * (signal / noise).log10()
}

#[test]
fn tones_in_the_pass_band_keep_90_decibels() {
    for rate in RATES.into_iter().chain([ODD_RATE]) {
        let edge = f64::from(rate.min(RATE)) / 2.0;
        for hertz in [61.7, 440.3, 1_003.9, 0.5 * edge + 1.3, 0.93 * edge] {
            let decibels = signal_to_noise(rate, hertz);
            println!("{rate} Hz, tone {hertz:.0} Hz: {decibels:.1} dB");
            assert!(decibels >= 90.0, "{rate} Hz, tone {hertz} Hz: {decibels:.1} dB");
        }
    }
}

#[test]
fn tones_from_8_khz_on_vanish() {
    for rate in [22_050, 32_000, 44_100, ODD_RATE, 48_000, 96_000, 192_000] {
        for hertz in [
            8_001.0, 8_500.0, 10_000.0, 13_337.0, 15_900.0, 17_000.0, 23_000.0, 40_000.0, 90_000.0,
        ] {
            if hertz >= f64::from(rate) / 2.0 {
                continue;
            }
            let out = resample(rate, &tone(rate, hertz, 0.5)).to_f32();
            let inner = &out[800..out.len() - 800];
            let power = inner.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>() / inner.len() as f64;
            let decibels = 10.0 * (power / (0.9 * 0.9 / 2.0)).max(1e-20).log10();
            println!("{rate} Hz, tone {hertz:.0} Hz: {decibels:.1} dB left");
            assert!(decibels <= -90.0, "{rate} Hz, tone {hertz} Hz: {decibels:.1} dB left");
        }
    }
}

#[test]
fn every_16_bit_value_passes_untouched_at_16_khz() {
    let all: Vec<i16> = (i16::MIN..=i16::MAX).collect();
    let wave = Samples::new(all.clone()).to_f32();
    assert_eq!(resample(RATE, &wave).as_slice(), all);
}

#[test]
fn an_impulse_stays_at_its_time() {
    for (rate, at) in [(48_000, 0), (48_000, 30_000), (8_000, 3_000), (44_100, 44_100)] {
        let mut wave = vec![0.0; 2 * rate as usize];
        wave[at] = 1.0;
        let out = resample(rate, &wave).to_f32();
        let peak = (0..out.len())
            .max_by(|&a, &b| out[a].total_cmp(&out[b]))
            .expect("there is output");
        assert_eq!(peak, at * RATE as usize / rate as usize, "{rate} Hz");
    }
}

#[test]
fn what_is_no_number_becomes_silence() {
    for rate in [RATE, 48_000] {
        let broken = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY].repeat(3_200);
        let out = resample(rate, &broken);
        assert!(out.as_slice().iter().all(|&x| x == 0));
        // And it leaves nothing behind.
        let mut resampler = Resampler::new(rate).expect("a rate within limits");
        resampler.push(&broken);
        resampler.finish();
        let wave = tone(rate, 440.0, 0.1);
        let mut after = resampler.push(&wave);
        after.append(&resampler.finish());
        assert_eq!(after, resample(rate, &wave));
    }
}

#[test]
fn the_loudest_floats_clip_and_go_no_further() {
    let mut wave = vec![f32::MAX; 480];
    wave.extend([f32::MIN; 480]);
    let out = resample(48_000, &wave);
    assert_eq!((out.as_slice()[80], out.as_slice()[240]), (i16::MAX, i16::MIN));
}

#[test]
fn rates_outside_8_to_192_khz_are_refused_in_plain_words() {
    for hertz in [0, 7_999, 192_001, u32::MAX] {
        let refused = Resampler::new(hertz).err();
        assert_eq!(refused, Some(AudioError::Rate { hertz }));
        assert!(
            AudioError::Rate { hertz }
                .to_string()
                .contains("Choose another microphone")
        );
    }
    assert!(Resampler::new(8_000).is_ok() && Resampler::new(192_000).is_ok());
}

#[test]
fn channels_are_averaged() {
    let mono = mix_down(&[&[1.0, 0.5, f32::NAN], &[-1.0, 0.5]]);
    assert_eq!(mono, [0.0, 0.5, 0.0]);
    assert!(mix_down(&[]).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn blocks_do_not_matter_and_no_sample_is_lost_or_gained(
        rate in prop_oneof![proptest::sample::select(&RATES[..]), Just(ODD_RATE)],
        length in 0usize..20_000,
        seed: u64,
    ) {
        let wave = tone(rate, 700.0, length as f64 / f64::from(rate));
        let whole = resample(rate, &wave);
        prop_assert_eq!(&resample_blocks(rate, &pieces(&wave, seed)), &whole);
        let exact = wave.len() as f64 * f64::from(RATE) / f64::from(rate);
        prop_assert!((whole.len() as f64 - exact).abs() <= 0.5);
    }
}
