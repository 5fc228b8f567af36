//! The file that a recording is saved as: RIFF/WAVE, 16-bit PCM, mono, 16 kHz.

use crate::{RATE, Samples};

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
