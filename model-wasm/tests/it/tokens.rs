//! Token ids to text, against the original tokenizer library; `make.py` and `whisper.py` in `tests/goldens` made the answers.

use model_wasm::{checkpoint, tokens::Encoder};
use serde::Deserialize;

use crate::golden::folder;

#[derive(Deserialize)]
struct Case {
    ids: Vec<u32>,
    text: String,
}

#[test]
fn texts_are_the_original_ones() {
    let vocabulary = checkpoint::read_vocabulary(&folder("tokenizer").join("tokenizer.json"));
    let vocabulary = vocabulary.expect("the golden tokenizer is of the known kind");
    let cases = std::fs::read(folder("tokenizer").join("golden.json")).expect("the goldens are committed");
    let cases: Vec<Case> = serde_json::from_slice(&cases).expect("the goldens are what make.py writes");
    for Case { ids, text } in cases {
        assert_eq!(vocabulary.text(&ids), text, "{ids:?}");
    }
}

#[derive(Deserialize)]
struct ByteLevel {
    decode: Vec<Case>,
    encode: Vec<Case>,
}

/// Whisper's kind: pieces of bytes instead of pieces of text.
#[test]
fn byte_level_texts_are_the_original_ones() {
    let vocabulary = checkpoint::read_vocabulary(&folder("bytelevel").join("tokenizer.json"));
    let vocabulary = vocabulary.expect("the golden tokenizer is of a known kind");
    let cases = std::fs::read(folder("bytelevel").join("golden.json")).expect("the goldens are committed");
    let cases: ByteLevel = serde_json::from_slice(&cases).expect("the goldens are what whisper.py writes");
    for Case { ids, text } in cases.decode {
        assert_eq!(
            vocabulary.text(&ids),
            text.strip_prefix(' ').unwrap_or(&text),
            "{ids:?}"
        );
    }
    let encoder = Encoder::new(&vocabulary);
    let mut same = 0;
    for Case { ids, text } in cases.encode {
        // Words with one space before each, as terms of a list are.
        let Some(words) = text.strip_prefix(' ').filter(|words| !words.contains("  ")) else {
            continue;
        };
        let encoded = encoder.encode(words).expect("every byte has a piece");
        assert_eq!(vocabulary.text(&encoded), words.trim_end());
        same += usize::from(encoded == ids);
    }
    assert!(same >= 3, "{same}");
}
