//! Every developer task, as `cargo xtask TASK`.
//!
//! This binary is glue and compiles in seconds: what is heavy lives in the crate that owns it, and is called from here.

mod assets;
mod bench;
mod build;
mod cache;
mod drugs;
mod fuzz;
mod headers;
mod hosting;
#[cfg(test)]
mod observatory;
mod reproduce;
mod run;
mod sbom;
mod seal;
mod serve;
mod shots;
mod sizes;
mod steps;
mod test;
mod tools;
mod wasm;

use std::process::ExitCode;

/// What a task gives back: the message is for the developer at the terminal and says what to do next.
type Outcome<T = ()> = Result<T, String>;

const USAGE: &str = "\
cargo xtask TASK

  run                            install what is missing, build, serve on this machine and print the address
  test [STEP…]                   every check there is, or only the named ones:
                                 fmt, clippy, guard, native, build, sizes, browser
  build [--sizes]                build the site into dist/; with --sizes say how big it is and whether that is within budget
  serve DIR [--port N] [--log FILE] [--bare FOLDER]
                                 serve a built site with the headers that it is meant to have; with --bare below a folder
                                 and with none, as a plain file server does
  reproduce                      build from nothing in two folders and compare every file; as long as two first builds
  list DIR                       list a built site anew after it was changed, such as by adding a model

  model add NAME [--endpoint URL]
                                 fetch a full model by name, check it against models.lock, add it to the site
  model import SRC --out DIR [--quant f32|q8|q4]
                                 turn a Hugging Face folder into a model pack
  model export --pack DIR --out DIR
                                 turn a model pack into a Hugging Face folder
  model bundle --model DIR --out FILE
                                 write a pack as one file, which the app installs without a network
  model check --model DIR [--device flex|webgpu]
                                 run a pack's own start-up check
  transcribe --model DIR [--device flex|webgpu] [--words LIST] FILE…
                                 one JSON line for each audio file; the words of a list are expected
  wer --model DIR --data DIR [--device flex|webgpu] [--every N]
                                 word error rate for each source of a folder with a manifest.jsonl
  confidence --model DIR --data DIR [--device flex|webgpu] [--every N]
                                 how well the words marked as doubtful are the wrong ones
  noise --model DIR [--device flex|webgpu] [--minutes N]
                                 words heard where nobody speaks; there must be none
  quantised SRC --data DIR [--every N]
                                 what 8 and 4 bits cost a Hugging Face folder, in size and in wrong words
  soak --model DIR [--minutes N] FILE…
                                 a long visit of these recordings: memory, waiting, and whether any second is lost
  parity --model DIR --goldens DIR
                                 compare with the answers of the original implementation
  bench speech --model DIR [--repeats N] FILE…
                                 times of encoder and decoder outside of a browser
  kills                          kill the browser 200 times while it records: build first
  memory                         search the browser's memory for keys before and after locking: build first
  shots [--all DIR]              pictures of the screens for docs/screens/, or of every screen in every size: build first
  bench speech                   of the worker in a browser, beside ONNX Runtime Web: build first
  bench latency                  how long words take to reach the screen: build first
  bench visit [MINUTES]          memory and times over a long visit, 60 minutes unless said: build first
  bench vocabulary [tune]        what a list of drug names brings and costs, on synthesised visits; or for each bonus
  bench speakers [--data DIR [--tune]]
                                 whose words are whose in visits of two synthesised voices, of published text or our own
  note [--template NAME] IN.csv OUT.csv
                                 draft a note for each dialogue of a table
  format FILE                    what is dictated in a text file, an utterance a line, as it is written
  sections IN.csv OUT.csv        label each exchange of a table with a section of MTS-Dialog
  train note --data DIR          make the note crate's weights from published training sets
  train roles --data DIR         the same of the model that says who speaks
  bench notes --data DIR         how good drafted notes are, against published sets
  bench roles --data DIR         who spoke, told by the words of published visits alone
  bench checks --data DIR        what the checks of a review find in lines that were made wrong
  fuzz [TARGET] [--minutes N]    hostile input for each exporter, the template parser and drafts, for so long each
  drugs UNII_NAMES.txt OUT       turn the FDA's list of substance names into the names of drugs that come with the site
  codes TABULAR.xml CODES.txt RELEASE OUT
                                 turn a published ICD-10-CM release into the list that the page loads
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match dispatch(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[&str]) -> Outcome {
    match args {
        ["run"] => run::run(),
        ["test", only @ ..] => test::test(only),
        ["build"] => build::build().map(drop),
        ["build", "--sizes"] => sizes::check(&build::build()?),
        ["serve", dir, options @ ..] => serve::command(dir, options),
        ["reproduce"] => reproduce::reproduce(),
        ["list", dir] => assets::write_list(std::path::Path::new(dir)).map(|version| println!("{version}")),
        ["model", "add", rest @ ..] => cache::add_model(rest),
        ["model", rest @ ..] if matches!(rest, ["import" | "export" | "bundle" | "check", ..]) => {
            cache::run_binary("sotto-speech", rest)
        }
        ["kills"] => cache::finish(bench::measurement("journal::")?),
        ["memory"] => cache::finish(bench::measurement("memory::")?),
        ["shots"] => shots::of_documents(),
        ["shots", "--all", folder] => shots::all(folder),
        ["bench", "speech"] => bench::speech(),
        ["bench", "latency"] => cache::finish(bench::measurement("bench::latency")?),
        ["bench", "vocabulary", rest @ ..] => bench::vocabulary(rest),
        ["bench", "speakers", rest @ ..] => bench::speakers(rest),
        ["bench", "visit", minutes @ ..] => bench::visit(minutes),
        ["bench", "speech", rest @ ..] => cache::run_binary("sotto-speech", &[&["bench"], rest].concat()),
        ["note" | "format" | "sections", ..]
        | ["train", "note" | "roles", ..]
        | ["bench", "notes" | "roles" | "checks", ..] => cache::run_binary("sotto-note", args),
        [
            "transcribe" | "wer" | "confidence" | "noise" | "quantised" | "soak" | "parity",
            ..,
        ] => cache::run_binary("sotto-speech", args),
        ["fuzz", rest @ ..] => fuzz::fuzz(rest),
        ["drugs", names, out] => drugs::drugs(names.as_ref(), out.as_ref()),
        ["codes", rest @ ..] => cache::run_binary("sotto-codes", rest),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(())
        }
        [] => Err(USAGE.to_owned()),
        [task, ..] => Err(format!("There is no task `{task}` with these arguments.\n\n{USAGE}")),
    }
}
