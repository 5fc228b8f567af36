use proptest::prelude::*;
use speech::{Samples, level, level_dbfs, wav};

#[test]
fn floats_outside_full_scale_clip_and_no_number_is_silence() {
    let samples = Samples::from_f32(&[1.0, -1.0, 7.0, -7.0, f32::INFINITY, f32::NEG_INFINITY, f32::NAN, 0.5]);
    assert_eq!(
        samples.as_slice(),
        [32_767, -32_768, 32_767, -32_768, 32_767, -32_768, 0, 16_384]
    );
}

#[test]
fn debug_output_holds_no_audio() {
    assert_eq!(format!("{:?}", Samples::new(vec![1_234; 8_000])), "Samples(0.50 s)");
}

#[test]
fn a_wav_file_is_44_bytes_of_header_and_the_samples() {
    let file = wav::write(&Samples::new(vec![1, -2, 0x1234]));
    let mut expected = b"RIFF".to_vec();
    expected.extend([42, 0, 0, 0]);
    expected.extend(b"WAVEfmt ");
    expected.extend([16, 0, 0, 0, 1, 0, 1, 0, 0x80, 0x3E, 0, 0, 0, 0x7D, 0, 0, 2, 0, 16, 0]);
    expected.extend(b"data");
    expected.extend([6, 0, 0, 0, 1, 0, 0xFE, 0xFF, 0x34, 0x12]);
    assert_eq!(file, expected);
    assert_eq!(wav::write(&Samples::default()).len(), 44);
}

#[test]
fn the_meter_spans_a_quiet_room_to_full_scale() {
    assert_eq!(level(&[]), 0.0);
    assert_eq!(level(&[0.0; 100]), 0.0);
    assert_eq!(level(&[f32::NAN; 100]), 0.0);
    assert_eq!(level(&[1.0; 100]), 1.0);
    assert_eq!(level(&[100.0; 100]), 1.0);
    assert!((level(&[0.031_622_776; 100]) - 0.5).abs() < 1e-3);
    assert!((level_dbfs(&[0.1; 100]) + 20.0).abs() < 1e-3);
    assert_eq!(level_dbfs(&[0.0; 100]), f32::NEG_INFINITY);
}

proptest! {
    #[test]
    fn sixteen_bits_survive_the_way_through_floats(pcm: Vec<i16>) {
        let samples = Samples::new(pcm);
        prop_assert_eq!(Samples::from_f32(&samples.to_f32()), samples);
    }

    #[test]
    fn the_meter_never_leaves_0_to_1(block: Vec<f32>) {
        prop_assert!((0.0..=1.0).contains(&level(&block)));
    }
}
