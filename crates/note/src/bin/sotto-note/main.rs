//! `sotto-note`: the note pipeline without a browser, over tables of dialogues.
//!
//! `note` and `sections` answer for tables, `train note` makes the model that the crate carries, `bench notes` measures.

mod bench;
mod checks;
mod corpora;
mod dialogue;
mod exchanges;
mod grounding;
mod headers;
mod learn;
mod roles;
mod rouge;
mod speakers;
mod table;
mod targets;
mod train;
mod two_voices;

use std::{env, process::ExitCode};

use note::Template;

const USAGE: &str = "\
usage: sotto-note note [--template NAME] IN.csv OUT.csv   columns encounter_id,dialogue → encounter_id,note
       sotto-note format FILE                             what is dictated in a text file, an utterance a line, as it is written
       sotto-note sections IN.csv OUT.csv                 columns ID,dialogue → ID,section_header
       sotto-note train note --data DIR                   the weights of crates/note/model, from published training sets
       sotto-note train note --data DIR --held-out        writes nothing: how well parts of the training sets teach the rest
       sotto-note train roles --data DIR                  the model of who speaks, from the same sets
       sotto-note bench notes --data DIR [--only SET]     how good the notes are, against published sets
       sotto-note bench roles --data DIR                  who spoke, told by the words of published visits alone
       sotto-note bench checks --data DIR                 what the checks of a review find in lines that were made wrong";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["note", input, output] => table::notes(&Template::history_and_physical(), input, output),
        ["note", "--template", name, input, output] => {
            table::template(name).and_then(|template| table::notes(&template, input, output))
        }
        ["format", file] => table::format(file),
        ["sections", input, output] => table::sections(input, output),
        ["train", "note", "--data", folder] => train::note(folder),
        ["train", "note", "--data", folder, "--held-out"] => train::held_out(folder),
        ["train", "roles", "--data", folder] => train::roles(folder),
        ["bench", "notes", "--data", folder] => bench::notes(folder, None),
        ["bench", "notes", "--data", folder, "--only", set] => bench::notes(folder, Some(set)),
        ["bench", "roles", "--data", folder] => roles::roles_of(folder),
        ["bench", "speakers", cache] => speakers::speakers(cache, None),
        ["bench", "speakers", cache, "--data", folder] => speakers::speakers(cache, Some(folder)),
        ["bench", "speakers", cache, "--data", folder, "--tune"] => speakers::tune(cache, folder),
        ["bench", "checks", "--data", folder] => checks::checks(folder),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("sotto-note: {why}");
            ExitCode::FAILURE
        }
    }
}
