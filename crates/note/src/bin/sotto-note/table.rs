//! Tables in, tables out: a note for every dialogue, a section header for every snippet.

use std::{fmt, fs};

use note::model::sections::header;
use note::{Template, dictated, draft, plain_text};

use crate::dialogue::{spoken, transcript};

pub enum Failure {
    Read { file: String, why: String },
    Write { file: String, why: csv::Error },
    Column { file: String, name: String },
    Empty { file: String },
    Template { name: String },
    Model { why: String },
    Program { name: String, why: String },
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
            Failure::Template { name } => write!(f, "there is no template {name:?}"),
            Failure::Model { why } => write!(f, "the model cannot be made: {why}"),
            Failure::Program { name, why } => write!(f, "`{name}` failed: {why}"),
        }
    }
}

/// A note for every row of `encounter_id,dialogue`.
pub fn notes(template: &Template, input: &str, output: &str) -> Result<String, Failure> {
    let rows = columns(input, ["encounter_id", "dialogue"])?;
    let note = |[id, dialogue]: [String; 2]| [id, plain_text(&draft(&transcript(&dialogue), template))];
    let rows = write(output, ["encounter_id", "note"], rows.into_iter().map(note))?;
    Ok(format!("{rows} notes written to {output}"))
}

/// What is dictated in a text file as it is written; each line is an utterance.
pub fn format(file: &str) -> Result<String, Failure> {
    let text = fs::read_to_string(file).map_err(|why| Failure::Read {
        file: file.into(),
        why: why.to_string(),
    })?;
    Ok(dictated(&spoken(text.lines().map(|line| (None, line.to_owned())))).text)
}

/// A label of MTS-Dialog for every row of `ID,dialogue`.
pub fn sections(input: &str, output: &str) -> Result<String, Failure> {
    let rows = columns(input, ["ID", "dialogue"])?;
    let label = |[id, dialogue]: [String; 2]| [id, header(&transcript(&dialogue)).to_owned()];
    let rows = write(output, ["ID", "section_header"], rows.into_iter().map(label))?;
    Ok(format!("{rows} section headers written to {output}"))
}

pub fn template(name: &str) -> Result<Template, Failure> {
    let wanted = name.to_lowercase();
    let found = Template::built_in()
        .into_iter()
        .find(|template| template.name.to_lowercase() == wanted);
    found.ok_or_else(|| Failure::Template { name: name.into() })
}

/// The named columns of every row, read to the end: a broken table leaves an older output as it was.
pub fn columns<const N: usize>(file: &str, names: [&str; N]) -> Result<Vec<[String; N]>, Failure> {
    let unreadable = |why: csv::Error| Failure::Read {
        file: file.into(),
        why: why.to_string(),
    };
    let mut reader = csv::Reader::from_path(file).map_err(unreadable)?;
    let headers = reader.headers().map_err(unreadable)?.clone();
    let mut places = [0; N];
    for (place, name) in places.iter_mut().zip(names) {
        let found = headers.iter().position(|header| header == name);
        *place = found.ok_or_else(|| Failure::Column {
            file: file.into(),
            name: name.into(),
        })?;
    }
    let rows = reader.records().collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    if rows.is_empty() {
        return Err(Failure::Empty { file: file.into() });
    }
    Ok(rows
        .iter()
        .map(|row| places.map(|place| row[place].to_owned()))
        .collect())
}

fn write<const N: usize>(
    file: &str,
    names: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> Result<usize, Failure> {
    let unwritable = |why| Failure::Write { file: file.into(), why };
    // Worked out before the file is opened.
    let rows: Vec<[String; N]> = rows.collect();
    let mut writer = csv::Writer::from_path(file).map_err(unwritable)?;
    writer.write_record(names).map_err(unwritable)?;
    for row in &rows {
        writer.write_record(row).map_err(unwritable)?;
    }
    writer.flush().map_err(|why| unwritable(why.into()))?;
    Ok(rows.len())
}
