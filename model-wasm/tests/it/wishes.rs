//! Lists of words on the pack that the site ships.

use std::path::Path;
use std::sync::LazyLock;

use model_wasm::{
    Transcriber, block_on,
    decode::{self, Draft, Said},
    wishes::Wishes,
};
use speech::{Utterance, WordList};

use crate::shipped::{CLIPS, clip, shipped};

/// Said in this clip, and not written without a list.
const LISTED: (&str, &str) = ("listed.wav", "walton");

static PLAIN: LazyLock<Transcriber> = LazyLock::new(shipped);

fn expecting(terms: &[String]) -> Transcriber {
    let mut transcriber = shipped();
    let wishes = Wishes::new(terms, transcriber.vocabulary());
    transcriber.expect(wishes);
    transcriber
}

/// All drugs that come with the site.
fn drugs() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/vocabulary/drugs.txt");
    let bytes = std::fs::read(path).expect("the list is committed");
    WordList::read(&bytes).expect("it is a list").into_terms()
}

fn text(transcriber: &Transcriber, name: &str) -> String {
    let utterance = Utterance {
        start: 0,
        samples: clip(name),
    };
    let heard = block_on(transcriber.transcribe(&utterance)).expect("the CPU gives numbers");
    heard.text.to_lowercase()
}

#[test]
fn a_word_is_written_because_it_is_listed() {
    let (name, word) = LISTED;
    let without = text(&PLAIN, name);
    let with = text(&expecting(&[word.to_owned()]), name);
    assert!(!without.contains(word) && with.contains(word), "{without:?} {with:?}");
}

#[test]
fn the_drugs_that_come_with_the_site_are_all_listened_for() {
    let drugs = drugs();
    let wishes = Wishes::new(&drugs, PLAIN.vocabulary());
    assert!(
        drugs.len() > 2_000 && wishes.len() == drugs.len(),
        "{} of {}",
        wishes.len(),
        drugs.len()
    );
}

/// A draft changes the time that decoding takes and nothing else, also where wishes are followed and taken back.
#[test]
fn a_draft_changes_nothing() {
    let network = PLAIN.network();
    let common: Vec<String> = "sheepskin patiently starting hertz deniable weekly headaches amoxil"
        .split(' ')
        .map(str::to_owned)
        .collect();
    let lists = [drugs(), common];
    let mut followed = false;
    for name in CLIPS {
        let (wave, samples) = (clip(name).to_f32(), clip(name).len());
        let encoded = network.encode(&wave);
        let plain = block_on(decode::greedy(network, &encoded, samples, Draft::default())).expect("numbers");
        for list in &lists {
            let wishes = Wishes::with(list, PLAIN.vocabulary(), [30.0, 0.0]);
            let said = |tokens: &[u32]| -> Said {
                let draft = Draft { tokens, settled: 0 };
                block_on(decode::expecting(network, &encoded, samples, draft, &wishes)).expect("numbers")
            };
            let alone = said(&[]);
            followed |= alone.tokens != plain.tokens;
            let mut wrong = alone.tokens.clone();
            wrong[2] += 1;
            for draft in [
                &plain.tokens,
                &alone.tokens,
                &wrong,
                &alone.tokens[..4].to_vec(),
                &vec![9; 400],
            ] {
                let checked = said(draft);
                assert_eq!(
                    (&checked.tokens, &checked.wished),
                    (&alone.tokens, &alone.wished),
                    "{name}"
                );
            }
        }
    }
    assert!(followed, "no wish was followed");
}

/// With 2,000 names of which none is said, nothing else is written.
#[test]
fn what_is_not_said_changes_nothing() {
    let spoken = ["amoxicillin"];
    let others: Vec<String> = drugs()
        .into_iter()
        .filter(|drug| !spoken.contains(&drug.as_str()))
        .collect();
    let expecting = expecting(&others);
    for name in CLIPS {
        assert_eq!(text(&expecting, name), text(&PLAIN, name));
    }
}
