//! A recording becomes a note, is sealed, opened and exported: the flow of the page without the page, on the shipped
//! model.

use std::path::Path;

use model_wasm::{Device, Transcriber, block_on, import};
use note::{Draft, Template};
use speech::{RATE, Samples, SegmentId, Segmenter, Transcript, Utterance, wav};
use vault::{Head, RecordId};

const PASSPHRASE: &str = "seven quiet herons over the weir";

/// Some second in the future, and one before and after it.
const EXPIRES: u64 = 2_000_000_000;

#[test]
fn a_recording_becomes_a_note_that_only_the_passphrase_opens() {
    let recording = recording();
    let transcript = transcribe(&utterances(&recording, RATE as usize / 10));
    assert!(!transcript.is_empty(), "the shipped model hears words");

    let draft = note::draft(&transcript, &Template::soap());
    let lines: Vec<_> = draft.sections.iter().flat_map(|section| &section.lines).collect();
    assert!(!lines.is_empty(), "a dictation of findings and orders is worth a line");
    for line in lines {
        assert!(!line.evidence.is_empty() && line.evidence.iter().all(|at| transcript.get(at.segment).is_some()));
    }

    let (header, key) = vault::create(PASSPHRASE).expect("the passphrase is long enough");
    let id = RecordId::random().expect("the system has random numbers");
    let head = Head {
        id,
        schema: 1,
        revision: 1,
        expires_at: EXPIRES,
    };
    let plain = serde_json::to_vec(&draft).expect("a draft is plain data");
    let sealed = vault::seal(&key, &head, &plain).expect("a note is small");
    for word in transcript.text().split_whitespace().filter(|word| word.len() > 4) {
        assert!(!holds(&sealed, word.as_bytes()), "a word of the transcript is readable");
    }

    assert!(matches!(
        vault::unlock(&header, "seven quiet herons over the moor"),
        Err(vault::Failure::WrongPassphrase)
    ));
    let key = vault::unlock(&header, PASSPHRASE).expect("the passphrase that it was created with");
    assert!(matches!(
        vault::open(&key, &sealed, EXPIRES),
        Err(vault::Failure::Expired)
    ));
    let (opened, plain) = vault::open(&key, &sealed, EXPIRES - 1).expect("sealed just now");
    assert_eq!(opened, head);
    let opened: Draft = serde_json::from_slice(&plain).expect("what was sealed");
    assert_eq!(opened, draft);

    let text = note::plain_text(&opened);
    for section in &draft.sections {
        assert!(text.contains(&section.heading.to_uppercase()));
        assert!(section.lines.iter().all(|line| text.contains(&line.text)));
    }
}

#[test]
fn utterances_do_not_depend_on_how_the_sound_arrives() {
    let recording = recording();
    let whole = utterances(&recording, recording.len());
    assert!(!whole.is_empty(), "somebody speaks");
    for block in [RATE as usize / 10, 128, 4_001] {
        assert_eq!(utterances(&recording, block), whole, "in blocks of {block} samples");
    }
}

#[test]
fn a_saved_recording_is_the_recording() {
    let file = std::fs::read(workspace().join("tests/data/dictation.wav")).expect("the fixture");
    assert_eq!(wav::write(&recording()), file);
}

fn transcribe(utterances: &[Utterance]) -> Transcript {
    let (manifest, shards) =
        import::read_pack(&workspace().join("public/models/starter")).expect("the shipped pack is whole");
    let transcriber = Transcriber::load(&manifest, shards, &Device::flex()).expect("the shipped pack fits");
    block_on(transcriber.self_test()).expect("the CPU computes what it should");
    let mut transcript = Transcript::default();
    for (index, utterance) in utterances.iter().enumerate() {
        let heard = block_on(transcriber.transcribe(utterance)).expect("the CPU gives numbers");
        let id = SegmentId(u32::try_from(index).expect("a short recording"));
        transcript.insert(heard.into_segment(id, utterance));
    }
    transcript
}

fn utterances(recording: &Samples, block: usize) -> Vec<Utterance> {
    let mut segmenter = Segmenter::new();
    let blocks = recording.as_slice().chunks(block);
    let mut utterances: Vec<Utterance> = blocks.flat_map(|b| segmenter.push(&Samples::new(b.to_vec()))).collect();
    utterances.extend(segmenter.finish());
    utterances
}

/// The test dictation: 16 kHz, one channel, 16 bits, behind a header of 44 bytes.
fn recording() -> Samples {
    let file = std::fs::read(workspace().join("tests/data/dictation.wav")).expect("the fixture");
    let (samples, rest) = file[44..].as_chunks::<2>();
    assert!(rest.is_empty());
    Samples::new(samples.iter().map(|&sample| i16::from_le_bytes(sample)).collect())
}

fn holds(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests are a folder of the workspace")
}
