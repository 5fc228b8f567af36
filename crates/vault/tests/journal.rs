//! A recording survives whatever ends it.

use std::time::Instant;

use vault::journal::{CHUNK, Gap, Journal, Reader, read_head, recover};
use vault::keyring::{self, Dek, Entry};
use vault::{Class, Cost, Failure, Kdf, Namespace, RecordId, header};

const RATE: u32 = 16_000;

#[test]
fn a_recording_that_ended_comes_back_whole() {
    let dek = dek(Namespace::Audio);
    let (file, samples) = recording(&dek, 20, true);
    let head = read_head(&file).expect("a head");
    assert_eq!((head.rate, head.id, head.vault), (RATE, dek.entry().id, dek.vault()));
    let found = recover(&dek, &file).expect("a recording");
    assert!(*found.samples == samples && found.gaps.is_empty() && found.complete);
    assert_eq!(found.rate, RATE);
}

#[test]
fn a_recording_cut_anywhere_keeps_every_whole_chunk() {
    let dek = dek(Namespace::Audio);
    let mut sizes = vec![64];
    let (mut journal, mut file) = Journal::start(&dek, RATE).expect("random bytes");
    let mut samples = Vec::new();
    for at in 0..12_u64 {
        let chunk: Vec<i16> = (0..40).map(|n| (at * 40 + n) as i16).collect();
        file.extend(journal.append(at * 40, &chunk).expect("in order"));
        samples.extend(chunk);
        sizes.push(file.len());
    }
    file.extend(journal.finish().expect("room"));
    for length in 64..file.len() {
        let found = recover(&dek, &file[..length]).expect("a recording");
        let whole = sizes.iter().filter(|size| **size <= length).count() - 1;
        assert!(*found.samples == samples[..whole * 40], "{length} bytes");
        assert!(!found.complete && found.gaps.is_empty());
    }
    for length in 0..64 {
        assert!(recover(&dek, &file[..length]).is_err());
    }
    assert!(recover(&dek, &file).is_ok_and(|found| found.complete));
}

#[test]
fn every_single_bit_flip_costs_its_own_chunk_and_no_other() {
    let dek = dek(Namespace::Audio);
    let (mut journal, mut file) = Journal::start(&dek, RATE).expect("random bytes");
    for at in 0..4_i16 {
        let chunk = [at + 1; 30];
        file.extend(journal.append(at as u64 * 30, &chunk).expect("in order"));
    }
    file.extend(journal.finish().expect("room"));
    let frame = 20 + 60 + 16;
    let mut flips = 0;
    for bit in 0..file.len() * 8 {
        file[bit / 8] ^= 1 << (bit % 8);
        let found = recover(&dek, &file);
        if bit / 8 < 64 {
            assert!(
                found.is_err() || found.is_ok_and(|found| found.samples.is_empty()),
                "bit {bit}"
            );
        } else {
            let damaged = (bit / 8 - 64) / frame;
            let found = found.expect("a recording");
            let expected: Vec<i16> = (0..4)
                .filter(|at| *at != damaged)
                .flat_map(|at| [at as i16 + 1; 30])
                .collect();
            assert!(*found.samples == expected, "bit {bit}");
            assert_eq!(found.complete, damaged != 4, "bit {bit}");
            let gap = found
                .gaps
                .iter()
                .map(|gap| (gap.at, gap.first, gap.samples, gap.damaged));
            let lost = (damaged < 4).then_some((damaged * 30, damaged as u64 * 30, 30, true));
            assert_eq!(gap.collect::<Vec<_>>(), Vec::from_iter(lost), "bit {bit}");
        }
        file[bit / 8] ^= 1 << (bit % 8);
        flips += 1;
    }
    println!("journal: {flips} single-bit flips, all detected");
}

#[test]
fn chunks_dropped_doubled_or_exchanged_are_noticed() {
    let dek = dek(Namespace::Audio);
    let (mut journal, head) = Journal::start(&dek, RATE).expect("random bytes");
    let mut frames: Vec<Vec<u8>> = (0..4)
        .map(|at| journal.append(at * 30, &[at as i16 + 1; 30]).expect("in order"))
        .collect();
    frames.push(journal.finish().expect("room"));
    let order = |order: &[usize]| {
        let mut file = head.clone();
        order.iter().for_each(|at| file.extend(&frames[*at]));
        let found = recover(&dek, &file).expect("a recording");
        let firsts: Vec<i16> = found.samples.chunks(30).map(|chunk| chunk[0]).collect();
        (firsts, found.gaps.len(), found.complete)
    };
    assert_eq!(order(&[0, 1, 2, 3, 4]), (vec![1, 2, 3, 4], 0, true));
    assert_eq!(order(&[0, 2, 3, 4]), (vec![1, 3, 4], 1, true));
    assert_eq!(order(&[0, 1, 1, 2, 3, 4]), (vec![1, 2, 3, 4], 0, true));
    assert_eq!(order(&[0, 2, 1, 3, 4]), (vec![1, 3, 4], 1, true));
    assert_eq!(order(&[0, 1, 2, 3]), (vec![1, 2, 3, 4], 0, false));
    assert_eq!(order(&[4]), (vec![], 1, true));
}

#[test]
fn sound_that_was_never_recorded_is_a_gap_at_its_place() {
    let dek = dek(Namespace::Audio);
    let (mut journal, mut file) = Journal::start(&dek, RATE).expect("random bytes");
    file.extend(journal.append(0, &[1; 30]).expect("in order"));
    file.extend(journal.append(16_030, &[2; 30]).expect("later"));
    assert_eq!(journal.append(100, &[3; 30]).err(), Some(Failure::Damaged));
    assert_eq!(journal.append(20_000, &[3; 16_001]).err(), Some(Failure::TooLarge));
    let found = recover(&dek, &file).expect("a recording");
    let [gap] = found.gaps[..] else { panic!("one gap") };
    assert_eq!((gap.at, gap.first, gap.samples, gap.damaged), (30, 30, 16_000, false));
    assert!(!found.complete);
}

#[test]
fn a_file_read_in_pieces_gives_what_the_whole_gives() {
    let dek = dek(Namespace::Audio);
    let (mut file, _) = recording(&dek, 9, true);
    // One chunk is damaged, and one mark is made where none belongs.
    file[64 + 3 * 16_036 + 200] ^= 1;
    file[64 + 5 * 16_036 + 500..][..4].copy_from_slice(b"SotF");
    let whole = recover(&dek, &file).expect("a recording");
    for length in [1_000, 16_036, 32_036, 40_001, file.len()] {
        let mut reader = Reader::new(&dek, &file).expect("a head");
        let mut samples: Vec<i16> = Vec::new();
        let mut gaps = Vec::new();
        let pieces: Vec<&[u8]> = file[64..].chunks(length).collect();
        for (at, piece) in pieces.iter().enumerate() {
            let found = reader.read(piece, at + 1 == pieces.len());
            gaps.extend(found.gaps.iter().map(|gap| Gap {
                at: gap.at + samples.len(),
                ..*gap
            }));
            samples.extend(found.pcm.chunks(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])));
            assert_eq!(found.complete, at + 1 == pieces.len());
        }
        assert!(samples == *whole.samples, "in pieces of {length}");
        assert_eq!(gaps, whole.gaps, "in pieces of {length}");
        assert_eq!(gaps.len(), 2);
    }
}

#[test]
fn no_other_key_reads_a_recording() {
    let audio = dek(Namespace::Audio);
    let (file, _) = recording(&audio, 2, true);
    assert!(recover(&dek(Namespace::Audio), &file).is_err());
    assert!(Journal::start(&dek(Namespace::Visit), RATE).is_err());
}

#[test]
fn an_hour_is_recovered_quickly() {
    let dek = dek(Namespace::Audio);
    let (file, samples) = recording(&dek, 7200, false);
    let start = Instant::now();
    let found = recover(&dek, &file).expect("a recording");
    let took = start.elapsed();
    assert!(found.samples.len() == samples.len() && !found.complete);
    // Without optimisation and on a busy machine; with it an hour takes about a second, in wasm too.
    assert!(took.as_secs() < 60, "{took:.2?}");
    println!("journal: 60 minutes ({} bytes) recovered in {took:.2?}", file.len());
}

fn recording(dek: &Dek, chunks: u64, finished: bool) -> (Vec<u8>, Vec<i16>) {
    let (mut journal, mut file) = Journal::start(dek, RATE).expect("random bytes");
    let mut samples = Vec::new();
    for at in 0..chunks {
        let chunk: Vec<i16> = (0..CHUNK).map(|n| (n as i16).wrapping_mul(at as i16 + 7)).collect();
        file.extend(journal.append(at * CHUNK as u64, &chunk).expect("in order"));
        samples.extend(chunk);
    }
    if finished {
        file.extend(journal.finish().expect("room"));
    }
    (file, samples)
}

fn dek(namespace: Namespace) -> Dek {
    let made = header::create("seven quiet herons near a lake", Kdf::Argon2id(Cost::FLOOR));
    let (header, key) = made.expect("a good passphrase");
    let entry = Entry {
        id: RecordId::random().expect("random bytes"),
        namespace,
        class: Class::Audio,
        expires_at: u64::MAX,
        hold: false,
    };
    let (mut keyring, _) = keyring::create(&header);
    keyring.add(&key.keys(), entry).expect("room").0
}
