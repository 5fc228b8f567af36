//! The file that a recording is saved as: RIFF/WAVE, 16-bit PCM, mono, 16 kHz. And how the samples lie in such files of
//! whatever rate and width, so that hours of sound can be read piece by piece.

use crate::resample::carries;
use crate::{RATE, Samples};

/// Where a file's samples are, and what they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Frames per second, in hertz; one that the [`Resampler`](crate::Resampler) takes.
    pub rate: u32,
    /// Samples of one moment, one for each channel.
    pub frames: u64,
    /// Bytes before the first frame.
    start: u64,
    channels: usize,
    /// Bytes of a sample: whole numbers of one to four bytes, or floats of four.
    width: usize,
    float: bool,
}

impl Layout {
    /// Of a file of `size` bytes that begins with `head`; 64 KiB are enough for what recorders write in front. Nothing for
    /// whatever is no such file, holds no sound, or holds it in another coding than plain samples.
    pub fn of(head: &[u8], size: u64) -> Option<Self> {
        if !matches!(head.get(..4)?, b"RIFF" | b"RF64") || head.get(8..12)? != b"WAVE" {
            return None;
        }
        let mut format = None;
        let mut at = 12_usize;
        loop {
            let chunk = head.get(at..)?;
            let (name, length) = (chunk.get(..4)?, number(chunk.get(4..8)?));
            match name {
                b"fmt " => format = chunk.get(8..24).map(|fields| (fields, chunk.get(32..34))),
                b"data" => return Self::with(format?, at as u64 + 8, u64::from(length), size),
                _ => {}
            }
            // Chunks begin at even places.
            let length = usize::try_from(length).ok()?;
            at = (at + 8).checked_add(length)?.checked_add(length % 2)?;
        }
    }

    /// `fields` as Microsoft's WAVEFORMATEX has them, with what WAVEFORMATEXTENSIBLE calls the sub-format.
    fn with((fields, sub_format): (&[u8], Option<&[u8]>), start: u64, length: u64, size: u64) -> Option<Self> {
        const PCM: u32 = 1;
        const FLOAT: u32 = 3;
        const EXTENSIBLE: u32 = 0xFFFE;
        let tag = match number(&fields[..2]) {
            EXTENSIBLE => number(sub_format?),
            tag => tag,
        };
        let (channels, rate) = (number(&fields[2..4]) as usize, number(&fields[4..8]));
        let (frame, bits) = (number(&fields[12..14]) as usize, number(&fields[14..16]) as usize);
        let width = frame.checked_div(channels)?;
        let known = match tag {
            PCM => (1..=4).contains(&width),
            FLOAT => width == 4,
            _ => false,
        };
        if !known || !carries(rate) || frame != channels * width || bits != 8 * width {
            return None;
        }
        // A recorder that was cut off, and one that wrote more than 4 GiB, leave a length that says nothing.
        let there = size.checked_sub(start)?;
        let length = if matches!(length, 0 | 0xFFFF_FFFF) {
            there
        } else {
            length.min(there)
        };
        let frames = length / frame as u64;
        (frames > 0).then_some(Self {
            rate,
            frames,
            start,
            channels,
            width,
            float: tag == FLOAT,
        })
    }

    pub fn seconds(&self) -> f64 {
        self.frames as f64 / f64::from(self.rate)
    }

    /// Where whole frames from this one on lie in the file, `most` bytes of them: the first byte, and how many.
    pub fn place(&self, from: u64, most: u64) -> (u64, u64) {
        let frame = (self.channels * self.width) as u64;
        let frames = (most / frame).max(1).min(self.frames.saturating_sub(from));
        (self.start + from * frame, frames * frame)
    }

    /// Bytes of whole frames as sound in −1…1, the mean of all channels.
    pub fn mono(&self, bytes: &[u8]) -> Vec<f32> {
        let share = 1.0 / self.channels as f32;
        let frames = bytes.chunks_exact(self.channels * self.width);
        frames
            .map(|frame| {
                frame
                    .chunks_exact(self.width)
                    .map(|sample| self.sample(sample) * share)
                    .sum()
            })
            .collect()
    }

    fn sample(&self, bytes: &[u8]) -> f32 {
        /// Full scale of 32 bits; narrower samples are their upper bits.
        const FULL: f32 = 2_147_483_648.0;
        match *bytes {
            // Eight bits alone have no sign.
            [a] => (f32::from(a) - 128.0) / 128.0,
            [a, b] => f32::from(i16::from_le_bytes([a, b])) / 32_768.0,
            [a, b, c] => i32::from_le_bytes([0, a, b, c]) as f32 / FULL,
            [a, b, c, d] if self.float => f32::from_le_bytes([a, b, c, d]),
            [a, b, c, d] => i32::from_le_bytes([a, b, c, d]) as f32 / FULL,
            _ => 0.0,
        }
    }
}

/// Little-endian, of at most four bytes.
fn number(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .rev()
        .fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// The 44-byte header and the samples, little-endian; recognising the file again gives the same transcript.
///
/// # Panics
/// Over 4 GiB, which is 37 hours.
pub fn write(samples: &Samples) -> Vec<u8> {
    let data_bytes = u32::try_from(2 * samples.len()).expect("a recording is shorter than 37 hours");
    let mut file = Vec::with_capacity(44 + data_bytes as usize);
    file.extend(b"RIFF");
    file.extend((36 + data_bytes).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16u32.to_le_bytes()); // bytes of the format chunk
    file.extend(1u16.to_le_bytes()); // PCM
    file.extend(1u16.to_le_bytes()); // channels
    file.extend(RATE.to_le_bytes());
    file.extend((2 * RATE).to_le_bytes()); // bytes per second
    file.extend(2u16.to_le_bytes()); // bytes per frame
    file.extend(16u16.to_le_bytes()); // bits per sample
    file.extend(b"data");
    file.extend(data_bytes.to_le_bytes());
    file.extend(samples.as_slice().iter().flat_map(|x| x.to_le_bytes()));
    file
}
