//! Token ids to text, against the original tokenizer library; `tests/goldens/make.py` made the answers.

use model_wasm::checkpoint;
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
