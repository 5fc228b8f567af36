//! `cargo xtask fuzz`: hostile input for as long as somebody has patience. The targets are property tests, so that they run on
//! stable Rust and in every test run; what broke one is kept in a `.kept` file beside it and tried first from then on.

use std::time::{Duration, Instant};

use crate::Outcome;
use crate::cache::{command, finish};

/// Name, test binary, test.
const TARGETS: &[(&str, &str, &str)] = &[
    ("template", "templates", "no_text_breaks_the_parser"),
    ("draft", "drafts", "no_text_breaks_a_draft_its_export_or_an_edit"),
    ("live", "live", "any_way_of_growing_gives_the_draft_of_the_whole"),
    ("dictation", "dictation", "the_raw_words_can_always_be_recovered"),
    ("text", "it", "hostile::plain_text_keeps_every_letter"),
    (
        "ascii",
        "it",
        "hostile::ascii_text_is_ascii_and_nothing_in_it_is_expanded",
    ),
    ("markdown", "it", "hostile::markdown_keeps_every_line"),
    ("rtf", "it", "hostile::rtf_keeps_every_line"),
    ("docx", "it", "hostile::docx_keeps_every_line"),
    ("fhir", "it", "hostile::fhir_is_valid_and_keeps_every_line"),
    ("cda", "it", "hostile::cda_is_valid_and_keeps_every_line"),
    ("json", "it", "hostile::json_is_valid_and_keeps_the_text"),
];

/// Inputs of one round; the time is looked at between rounds.
const CASES: &str = "2000";

pub fn fuzz(args: &[&str]) -> Outcome {
    let (named, minutes) = match args {
        [] => (None, 1),
        [target] => (Some(*target), 1),
        ["--minutes", minutes] => (None, number(minutes)?),
        [target, "--minutes", minutes] => (Some(*target), number(minutes)?),
        _ => return Err("cargo xtask fuzz [TARGET] [--minutes N]".to_owned()),
    };
    let chosen: Vec<_> = TARGETS
        .iter()
        .filter(|(name, ..)| named.is_none_or(|named| named == *name))
        .collect();
    if chosen.is_empty() {
        let names: Vec<&str> = TARGETS.iter().map(|(name, ..)| *name).collect();
        return Err(format!("The targets are {}.", names.join(", ")));
    }
    for (name, binary, test) in chosen {
        let begun = Instant::now();
        let mut rounds = 0;
        while rounds == 0 || begun.elapsed() < Duration::from_secs(60 * minutes) {
            let mut cargo = command("cargo")?;
            // The whole workspace: another selection would build the network's runtime again.
            cargo.args([
                "test",
                "--quiet",
                "--workspace",
                "--test",
                binary,
                "--",
                "--exact",
                test,
            ]);
            cargo.env("PROPTEST_CASES", CASES);
            finish(cargo).map_err(|why| format!("{name}: {why}"))?;
            rounds += 1;
        }
        println!("{name}: {rounds} rounds of {CASES} inputs, nothing broke");
    }
    Ok(())
}

fn number(text: &str) -> Outcome<u64> {
    text.parse().map_err(|_| format!("{text:?} is no number of minutes."))
}
