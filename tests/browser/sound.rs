//! Recordings as files: a head of 44 bytes, then 16-bit samples.

use std::path::Path;

use speech::RATE;

const HEAD: usize = 44;

/// Of every channel, in the order of the file.
pub fn samples(wav: &Path) -> Vec<i16> {
    let bytes = std::fs::read(wav).unwrap_or_else(|why| panic!("{}: {why}", wav.display()));
    let samples = bytes[HEAD..].as_chunks().0.iter();
    samples.map(|bytes| i16::from_le_bytes(*bytes)).collect()
}

/// At 16 kHz, with one channel.
pub fn seconds(wav: &Path) -> f64 {
    samples(wav).len() as f64 / f64::from(RATE)
}

/// The same in every channel.
pub fn wav(wave: &[i16], rate: u32, channels: u16) -> Vec<u8> {
    let size = wave.len() as u32 * u32::from(channels) * 2;
    let mut bytes = Vec::new();
    bytes.extend(b"RIFF");
    bytes.extend((HEAD as u32 - 8 + size).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend(16_u32.to_le_bytes());
    bytes.extend(1_u16.to_le_bytes());
    bytes.extend(channels.to_le_bytes());
    bytes.extend(rate.to_le_bytes());
    bytes.extend((rate * u32::from(channels) * 2).to_le_bytes());
    bytes.extend((channels * 2).to_le_bytes());
    bytes.extend(16_u16.to_le_bytes());
    bytes.extend(b"data");
    bytes.extend(size.to_le_bytes());
    for sample in wave {
        for _ in 0..channels {
            bytes.extend(sample.to_le_bytes());
        }
    }
    bytes
}
