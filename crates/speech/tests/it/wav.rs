use proptest::prelude::*;
use speech::wav::{Layout, write};
use speech::{Samples, mix_down};

const PCM: u16 = 1;
const FLOAT: u16 = 3;
const EXTENSIBLE: u16 = 0xFFFE;

/// What a file says of its samples.
#[derive(Clone, Copy)]
struct Head {
    tag: u16,
    channels: u16,
    rate: u32,
    /// Bytes of a sample.
    width: u16,
    /// Bytes of all samples, as the file has it.
    length: u32,
}

const PLAIN: Head = Head {
    tag: PCM,
    channels: 1,
    rate: 48_000,
    width: 2,
    length: 0,
};

fn file(head: Head, before: &[u8], data: &[u8]) -> Vec<u8> {
    let frame = head.channels * head.width;
    let mut format = [head.tag, head.channels].map(u16::to_le_bytes).concat();
    format.extend(
        [head.rate, head.rate.wrapping_mul(u32::from(frame))]
            .map(u32::to_le_bytes)
            .concat(),
    );
    format.extend([frame, 8 * head.width].map(u16::to_le_bytes).concat());
    if head.tag == EXTENSIBLE {
        // Its own length, the bits that count, the places of the loudspeakers, and the sub-format.
        format.extend([22, 0, 8 * head.width as u8, 0, 4, 0, 0, 0]);
        format.extend([PCM.to_le_bytes().as_slice(), &[0; 14]].concat());
    }
    let mut bytes = b"RIFF\0\0\0\0WAVE".to_vec();
    bytes.extend(before);
    bytes.extend([b"fmt ", (format.len() as u32).to_le_bytes().as_slice(), &format].concat());
    bytes.extend([b"data", head.length.to_le_bytes().as_slice(), data].concat());
    bytes
}

fn layout(bytes: &[u8]) -> Option<Layout> {
    Layout::of(bytes, bytes.len() as u64)
}

/// All of it, in stretches of at most so many bytes.
fn read(bytes: &[u8], most: u64) -> Vec<f32> {
    let layout = layout(bytes).expect("samples");
    let mut wave = Vec::new();
    loop {
        let (start, length) = layout.place(wave.len() as u64, most);
        if length == 0 {
            return wave;
        }
        wave.extend(layout.mono(&bytes[start as usize..(start + length) as usize]));
    }
}

#[test]
fn what_was_written_is_read_to_the_bit() {
    let samples = Samples::new((i16::MIN..=i16::MAX).collect());
    let wave = read(&write(&samples), 1_000);
    assert_eq!(Samples::from_f32(&wave), samples);
    assert_eq!(wave, samples.to_f32());
}

#[test]
fn every_width_is_the_same_sound() {
    let data: [(u16, u16, &[u8]); 6] = [
        (PCM, 1, &[0xC0, 0x40]),
        (PCM, 2, &[0x00, 0x40, 0x00, 0xC0]),
        (EXTENSIBLE, 2, &[0x00, 0x40, 0x00, 0xC0]),
        (PCM, 3, &[0x00, 0x00, 0x40, 0x00, 0x00, 0xC0]),
        (PCM, 4, &[0x00, 0x00, 0x00, 0x40, 0x00, 0x00, 0x00, 0xC0]),
        (FLOAT, 4, &[0x00, 0x00, 0x00, 0x3F, 0x00, 0x00, 0x00, 0xBF]),
    ];
    for (tag, width, data) in data {
        let length = data.len() as u32;
        let head = Head {
            tag,
            width,
            length,
            ..PLAIN
        };
        assert_eq!(read(&file(head, b"", data), 64), [0.5, -0.5], "{tag} of {width} bytes");
        let stereo = Head { channels: 2, ..head };
        assert_eq!(read(&file(stereo, b"", data), 64), [0.0], "both channels cancel");
    }
}

#[test]
fn what_stands_in_front_and_a_length_that_says_nothing_do_not_matter() {
    let data = [0x00, 0x40, 0x00, 0xC0, 0x00, 0x40];
    for length in [0, u32::MAX, 6] {
        for before in [b"".as_slice(), b"LIST\x03\0\0\0abc\0", b"JUNK\x02\0\0\0ab"] {
            let bytes = file(Head { length, ..PLAIN }, before, &data);
            assert_eq!(read(&bytes, 4), [0.5, -0.5, 0.5]);
            let more = layout(&bytes).expect("samples");
            assert_eq!((more.rate, more.frames), (48_000, 3));
        }
    }
    // Cut off in the middle of a sample.
    let whole = file(Head { length: 6, ..PLAIN }, b"", &data);
    assert_eq!(read(&whole[..whole.len() - 1], 64), [0.5, -0.5]);
    // Hours of which only the beginning was looked at.
    let head = file(
        Head {
            channels: 2,
            length: u32::MAX,
            ..PLAIN
        },
        b"",
        b"",
    );
    let size = head.len() as u64 + 5 * 3_600 * 48_000 * 4;
    assert_eq!(
        Layout::of(&head, size).expect("samples").seconds(),
        5.0 * 3_600.0,
        "more than a length of 32 bits holds"
    );
}

#[test]
fn what_is_no_plain_sound_is_left_to_others() {
    let data = [0; 12];
    let with = |change: fn(&mut Head)| {
        let mut head = Head { length: 12, ..PLAIN };
        change(&mut head);
        layout(&file(head, b"", &data))
    };
    assert!(with(|_| ()).is_some());
    assert!(with(|head| head.tag = 17).is_none(), "compressed");
    assert!(with(|head| head.tag = FLOAT).is_none(), "floats of 16 bits");
    assert!(with(|head| head.width = 5).is_none());
    assert!(with(|head| head.channels = 0).is_none());
    assert!(with(|head| head.channels = 7).is_none(), "not even one frame");
    assert!(with(|head| head.rate = 4_000).is_none());
    assert!(with(|head| head.rate = u32::MAX).is_none());
    assert!(layout(b"").is_none());
    assert!(layout(b"<html>").is_none());
    assert!(layout(b"RIFF\xFF\xFF\xFF\xFFWAVEdata").is_none());
    assert!(layout(b"RIFF\xFF\xFF\xFF\xFFWAVEdata\xFF\xFF\xFF\xFF").is_none());
    assert!(layout(&write(&Samples::default())).is_none(), "no sound");
}

proptest! {
    #[test]
    fn no_bytes_break_it(
        bytes in proptest::collection::vec(any::<u8>(), 0..200), at in 0..60_usize, size in any::<u64>(),
    ) {
        let mut altered = file(Head { length: 8, ..PLAIN }, b"", &[0; 8]);
        let end = (at + bytes.len()).min(altered.len());
        altered[at.min(end)..end].copy_from_slice(&bytes[..end - at.min(end)]);
        for bytes in [&bytes, &altered] {
            if let Some(layout) = Layout::of(bytes, size) {
                let (start, length) = layout.place(0, 1 << 20);
                prop_assert!(length > 0 && start + length <= size);
                layout.mono(&bytes[(start as usize).min(bytes.len())..]);
            }
        }
    }

    #[test]
    fn channels_are_mixed_like_those_of_a_microphone(pairs in proptest::collection::vec(any::<(i16, i16)>(), 1..50)) {
        let data: Vec<u8> = pairs.iter().flat_map(|&(a, b)| [a.to_le_bytes(), b.to_le_bytes()]).flatten().collect();
        let head = Head { channels: 2, length: data.len() as u32, ..PLAIN };
        let (left, right): (Vec<i16>, Vec<i16>) = pairs.into_iter().unzip();
        let (left, right) = (Samples::new(left).to_f32(), Samples::new(right).to_f32());
        prop_assert_eq!(read(&file(head, b"", &data), 7), mix_down(&[&left, &right]));
    }
}
