//! The speech model outside the browser: import checkpoints, transcribe files, measure.

mod add;
mod asked;
mod audio;
mod bench;
mod confidence;
mod convert;
mod device;
mod hub;
mod noise;
mod parity;
mod quantised;
mod soak;
mod transcribe;
mod vocabulary;
mod wer;

use std::process::ExitCode;

use lexopt::prelude::*;
use speech::protocol::Failure;

const USAGE: &str = "\
sotto-speech import SRC --out DIR [--quant f32|q8|q4] [--name NAME] [--licence TEXT] [--origin TEXT] [--demonstration]
    Makes a model pack from a Hugging Face folder (config.json, tokenizer.json, *.safetensors; generation_config.json).
sotto-speech add NAME --lock FILE --downloads DIR --out DIR [--endpoint URL]
    Fetches a published model, checks it against the lock file and makes a pack of it in DIR/NAME.
sotto-speech export --pack DIR --out DIR
    Writes a pack's own, rounded, weights as a Hugging Face folder.
sotto-speech bundle --model DIR --out FILE
    Writes a pack as one file, which the app installs without a network.
sotto-speech transcribe --model DIR [--device flex|webgpu] [--words LIST] FILE…
    Prints one JSON line per sound file; the words of a list are expected.
sotto-speech wer --model DIR --data DIR [--device flex|webgpu] [--every N]
    Word error rates by source and kind for the recordings of DIR/manifest.jsonl; --every 10 takes a tenth of them.
sotto-speech confidence --model DIR --data DIR [--device flex|webgpu] [--every N]
    How well the network's doubts point at wrong words, for thresholds to choose from.
sotto-speech noise --model DIR [--device flex|webgpu] [--minutes N]
    Counts the words heard in generated silence, room noise, hum and babble, ten minutes of each; fails unless none.
sotto-speech quantised SRC --data DIR [--every N]
    Sizes, distances of the scores from those of 32-bit floats, and word error rates of a Hugging Face folder in 8 and 4 bits.
sotto-speech soak --model DIR [--device flex|webgpu] [--minutes N] FILE…
    A long visit made of these recordings and pauses: memory and waiting for each minute; fails if they grow or a second is lost.
sotto-speech parity --model DIR --goldens DIR [--clips DIR] [--device flex|webgpu]
    Compares a pack, or a Hugging Face folder, with the answers that tests/goldens/make.py wrote.
sotto-speech bench --model DIR [--device flex|webgpu] [--repeats N] FILE…
    Times of encoder and decoder for each utterance.
sotto-speech vocabulary --model DIR --data DIR --long FILE [--device flex|webgpu] [--tune]
    What the words of DIR/listed.txt bring on the recordings of DIR/manifest.jsonl, and what those of FILE cost in time;
    with --tune for each bonus.
sotto-speech check --model DIR [--device flex|webgpu]
    Runs the pack's own start-up check.
";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("sotto-speech: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let mut arguments = lexopt::Parser::from_env();
    let command = match arguments.next().map_err(text)? {
        Some(Value(command)) => command.string().map_err(text)?,
        Some(Short('h') | Long("help")) | None => {
            print!("{USAGE}");
            return Ok(());
        }
        Some(other) => return Err(text(other.unexpected())),
    };
    match command.as_str() {
        "add" => add::run(&mut arguments),
        "import" => convert::import(&mut arguments),
        "export" => convert::export(&mut arguments),
        "bundle" => convert::bundle(&mut arguments),
        "transcribe" => transcribe::run(&mut arguments),
        "wer" => wer::run(&mut arguments),
        "confidence" => confidence::run(&mut arguments),
        "noise" => noise::run(&mut arguments),
        "quantised" => quantised::run(&mut arguments),
        "soak" => soak::run(&mut arguments),
        "parity" => parity::run(&mut arguments),
        "bench" => bench::run(&mut arguments),
        "vocabulary" => vocabulary::run(&mut arguments),
        "check" => device::check(&mut arguments),
        other => Err(format!("no command {other:?}\n\n{USAGE}")),
    }
}

/// An argument error as text.
fn text(error: lexopt::Error) -> String {
    format!("{error}\n\n{USAGE}")
}

/// The value of an option that the command cannot do without.
fn needed<T>(value: Option<T>, option: &str) -> Result<T, String> {
    value.ok_or_else(|| format!("{option} is missing\n\n{USAGE}"))
}

/// A failure of the model for whoever reads the terminal.
fn plain(why: Failure) -> String {
    match why {
        Failure::Fetch { file } => format!("{file} cannot be read or written"),
        Failure::Altered { file } => format!("{file} is not the file that the manifest names: import the model again"),
        Failure::Unsupported { what } => format!("{what}: not supported by this build"),
        Failure::DeviceLost => "the device stopped answering".to_owned(),
        Failure::BadOutput => "the network's answer is wrong or no number".to_owned(),
        Failure::Protocol => "a message that this build cannot read".to_owned(),
    }
}
