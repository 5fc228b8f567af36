//! Every developer task, as `cargo xtask TASK`.
//!
//! This binary is glue and compiles in seconds: what is heavy lives in the crate that owns it, and is called from here.

mod assets;
mod build;
mod cache;
mod headers;
mod run;
mod serve;
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
  serve DIR [--port N] [--log FILE]
                                 serve a built site with the headers that it is meant to have

  model import SRC --out DIR [--quant f32|q8]
                                 turn a Hugging Face folder into a model pack
  model export --pack DIR --out DIR
                                 turn a model pack into a Hugging Face folder
  model check --model DIR [--device flex|webgpu]
                                 run a pack's own start-up check
  transcribe --model DIR [--device flex|webgpu] FILE…
                                 one JSON line for each audio file
  wer --model DIR --data DIR [--device flex|webgpu] [--every N]
                                 word error rate for each source of a folder with a manifest.jsonl
  parity --model DIR --goldens DIR
                                 compare with the answers of the original implementation
  note IN.csv OUT.csv            draft a note for each dialogue of a table
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
        ["model", rest @ ..] if matches!(rest, ["import" | "export" | "check", ..]) => {
            cache::run_binary("sotto-speech", rest)
        }
        ["transcribe" | "wer" | "parity", ..] => cache::run_binary("sotto-speech", args),
        ["note", rest @ ..] => cache::run_binary("sotto-note", rest),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(())
        }
        [] => Err(USAGE.to_owned()),
        [task, ..] => Err(format!("There is no task `{task}` with these arguments.\n\n{USAGE}")),
    }
}
