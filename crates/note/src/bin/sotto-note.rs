//! `sotto-note IN.csv OUT.csv`: drafts a SOAP note for every dialogue of a table, without a browser.
//!
//! IN has the columns `encounter_id` and `dialogue` (others are ignored), OUT gets `encounter_id` and `note`. A dialogue
//! holds one turn per line; `[doctor]` or `Doctor:` before a turn is left out, because a recording has no such labels.

use std::{env, fmt, process::ExitCode};

use note::{Template, draft, plain_text};
use speech::{Segment, SegmentId, Transcript};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [input, output] = arguments.as_slice() else {
        eprintln!("usage: sotto-note IN.csv OUT.csv   (columns encounter_id,dialogue → encounter_id,note)");
        return ExitCode::from(2);
    };
    match run(input, output) {
        Ok(notes) => {
            println!("{notes} notes written to {output}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("sotto-note: {why}");
            ExitCode::FAILURE
        }
    }
}

enum Failure {
    Read { file: String, why: csv::Error },
    Write { file: String, why: csv::Error },
    Column { file: String, name: &'static str },
    Empty { file: String },
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Read { file, why } => write!(f, "cannot read {file}: {why}"),
            Failure::Write { file, why } => write!(f, "cannot write {file}: {why}"),
            Failure::Column { file, name } => {
                write!(f, "{file} has no column {name}; its first line must name the columns")
            }
            Failure::Empty { file } => write!(f, "{file} holds no encounter"),
        }
    }
}

fn run(input: &str, output: &str) -> Result<usize, Failure> {
    let unreadable = |why| Failure::Read {
        file: input.into(),
        why,
    };
    let unwritable = |why| Failure::Write {
        file: output.into(),
        why,
    };
    let mut reader = csv::Reader::from_path(input).map_err(unreadable)?;
    let headers = reader.headers().map_err(unreadable)?.clone();
    let column = |name| {
        headers.iter().position(|header| header == name).ok_or(Failure::Column {
            file: input.into(),
            name,
        })
    };
    let (id, dialogue) = (column("encounter_id")?, column("dialogue")?);

    // Read to the end before anything is written: a broken table leaves an older output as it was.
    let rows = reader.records().collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    if rows.is_empty() {
        return Err(Failure::Empty { file: input.into() });
    }
    let template = Template::soap();
    let mut writer = csv::Writer::from_path(output).map_err(unwritable)?;
    writer.write_record(["encounter_id", "note"]).map_err(unwritable)?;
    for row in &rows {
        let note = plain_text(&draft(&transcript(&row[dialogue]), &template));
        writer.write_record([&row[id], note.as_str()]).map_err(unwritable)?;
    }
    writer.flush().map_err(|why| unwritable(why.into()))?;
    Ok(rows.len())
}

/// One segment per turn. The times are the turns' numbers: nothing but their order is known.
fn transcript(dialogue: &str) -> Transcript {
    let mut transcript = Transcript::default();
    for (number, turn) in (0..).zip(dialogue.lines().map(words_of).filter(|turn| !turn.is_empty())) {
        let start = f64::from(number);
        transcript.insert(Segment {
            id: SegmentId(number),
            start,
            end: start + 1.0,
            text: whole_words(turn),
        });
    }
    transcript
}

/// A turn without the speaker's label before it.
fn words_of(turn: &str) -> &str {
    let turn = turn.trim();
    let bracketed = turn.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let named = turn.split_once(':').filter(|(label, _)| {
        SPEAKERS
            .iter()
            .any(|speaker| label.trim().to_lowercase().trim_end_matches([' ', '_', '1', '2', '3']) == *speaker)
    });
    let words = bracketed
        .filter(|(label, _)| label.len() <= 20)
        .or(named)
        .map_or(turn, |(_, words)| words);
    words.trim()
}

/// Undoes the tokenising of published dialogues, which writes "do n't" and "gon na".
fn whole_words(turn: &str) -> String {
    let joined = [
        (" n't ", "n't "),
        (" gon na ", " gonna "),
        (" wan na ", " wanna "),
        (" got ta ", " gotta "),
    ];
    let spaced = joined
        .iter()
        .fold(format!(" {turn} "), |text, (parted, whole)| text.replace(parted, whole));
    spaced.trim().into()
}

const SPEAKERS: &[&str] = &[
    "doctor",
    "patient",
    "guest_family",
    "guest_clinician",
    "clinician",
    "nurse",
    "dr",
    "pt",
];
