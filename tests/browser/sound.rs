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
    let mut bytes = wav_head(wave.len() as u32 * u32::from(channels) * 2, rate, channels);
    for sample in wave {
        for _ in 0..channels {
            bytes.extend(sample.to_le_bytes());
        }
    }
    bytes
}

/// Of `size` bytes of samples.
pub fn wav_head(size: u32, rate: u32, channels: u16) -> Vec<u8> {
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
    bytes
}

/// So many seconds of silence, 16 bits, losslessly compressed to almost nothing (RFC 9639). Its head says how long it
/// lasts, or that this is not known.
pub fn flac(seconds: u32, rate: u32, channels: u16, known: bool) -> Vec<u8> {
    /// Frames of one block, and the code that says so.
    const BLOCK: (u32, u8) = (32_768, 0b1111);
    let blocks = seconds * rate / BLOCK.0;
    let last_channel = channels as u8 - 1;
    let total = if known { u64::from(blocks * BLOCK.0) } else { 0 };
    let stream = u64::from(rate) << 44 | u64::from(last_channel) << 41 | 15 << 36 | total;
    let mut bytes = b"fLaC\x80\0\0\x22".to_vec();
    bytes.extend([(BLOCK.0 as u16).to_be_bytes(); 2].concat());
    bytes.extend([0; 6]);
    bytes.extend(stream.to_be_bytes());
    bytes.extend([0; 16]);
    for number in 0..blocks {
        let mut block = vec![0xFF, 0xF8, BLOCK.1 << 4, last_channel << 4 | 0b100 << 1];
        let mut digits = [0; 4];
        // Numbers are written as UTF-8 writes characters.
        let number = char::from_u32(number).expect("fewer blocks than the first code that is no character");
        block.extend(number.encode_utf8(&mut digits).as_bytes());
        block.push(crc(&block, 8, 0x07) as u8);
        // Each channel is one value all along: zero.
        block.extend(vec![0; 3 * usize::from(channels)]);
        block.extend((crc(&block, 16, 0x8005) as u16).to_be_bytes());
        bytes.extend(block);
    }
    bytes
}

/// Cyclic redundancy check of so many bits, highest first, from zero.
fn crc(bytes: &[u8], bits: u32, polynomial: u32) -> u32 {
    let mut sum = 0;
    for byte in bytes {
        sum ^= u32::from(*byte) << (bits - 8);
        for _ in 0..8 {
            let carry = sum >> (bits - 1) & 1;
            sum = ((sum << 1) ^ (carry * polynomial)) & ((1 << bits) - 1);
        }
    }
    sum
}
