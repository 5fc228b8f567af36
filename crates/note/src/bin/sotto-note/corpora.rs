//! The published sets as they lie in a data folder (`notes/` of `--data DIR`, or that folder itself).

use std::{
    fs,
    path::{Path, PathBuf},
};

use speech::{Speaker, Transcript};

use crate::dialogue::{spoken, transcript};
use crate::table::{Failure, columns};

/// A visit and the note that a person wrote of it.
#[derive(Clone)]
pub struct Visit {
    pub id: String,
    /// What was said, labels and all, as the scores are computed.
    pub dialogue: String,
    pub transcript: Transcript,
    pub note: String,
}

/// A short exchange and where its summary belongs.
#[derive(Clone)]
pub struct Snippet {
    pub header: String,
    pub summary: String,
    pub transcript: Transcript,
}

/// What one system made of the recordings.
pub struct Recognised {
    pub system: String,
    /// Visit and text.
    pub texts: Vec<(String, String)>,
}

pub struct Corpora {
    folder: PathBuf,
}

/// The parts of ACI-Bench; [`Part::learned_from`] keeps the test sets out of every model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Train,
    Valid,
    Test1,
    Test2,
}

impl Part {
    /// The part itself, once it is certain that a model may be shaped by it.
    ///
    /// # Panics
    /// For a test set: a score on what was learned from says nothing.
    pub fn learned_from(self) -> Self {
        assert!(
            matches!(self, Part::Train | Part::Valid),
            "{self:?} is for reporting alone"
        );
        self
    }

    fn aci(self) -> &'static str {
        match self {
            Part::Train => "aci-bench/train.csv",
            Part::Valid => "aci-bench/valid.csv",
            Part::Test1 => "aci-bench/clinicalnlp_taskB_test1.csv",
            Part::Test2 => "aci-bench/clinicalnlp_taskC_test2.csv",
        }
    }

    fn mts(self) -> Option<&'static str> {
        match self {
            Part::Train => Some("mts-dialog/MTS-Dialog-TrainingSet.csv"),
            Part::Valid => Some("mts-dialog/MTS-Dialog-ValidationSet.csv"),
            Part::Test1 => Some("mts-dialog/MTS-Dialog-TestSet-1-MEDIQA-Chat-2023.csv"),
            Part::Test2 => None,
        }
    }
}

impl Corpora {
    pub fn at(folder: &str) -> Self {
        let inner = Path::new(folder).join("notes");
        let folder = if inner.is_dir() { inner } else { folder.into() };
        Self { folder }
    }

    pub fn visits(&self, part: Part) -> Result<Vec<Visit>, Failure> {
        let rows = columns(&self.path(part.aci()), ["encounter_id", "dialogue", "note"])?;
        let visit = |[id, dialogue, note]: [String; 3]| Visit {
            id,
            transcript: transcript(&dialogue),
            dialogue,
            note,
        };
        Ok(rows.into_iter().map(visit).collect())
    }

    pub fn snippets(&self, part: Part) -> Result<Vec<Snippet>, Failure> {
        let Some(file) = part.mts() else { return Ok(Vec::new()) };
        let rows = columns(&self.path(file), ["section_header", "section_text", "dialogue"])?;
        let snippet = |[header, summary, dialogue]: [String; 3]| Snippet {
            header: header.trim().into(),
            summary,
            transcript: transcript(&dialogue),
        };
        Ok(rows.into_iter().map(snippet).collect())
    }

    /// PriMock57 as people transcribed it.
    pub fn primock(&self) -> Result<Vec<Visit>, Failure> {
        let folder = self.folder.join("primock57");
        let mut visits = Vec::new();
        for name in names(&folder.join("notes"))? {
            let id = name.trim_end_matches(".json").to_owned();
            let json: serde_json::Value = serde_json::from_str(&read(&folder.join("notes").join(&name))?)
                .map_err(|why| unreadable(&folder.join("notes").join(&name), &why))?;
            let mut turns: Vec<(f64, Speaker, String)> = Vec::new();
            for (role, speaker) in [("doctor", Speaker::Clinician), ("patient", Speaker::Patient)] {
                let grid = read(&folder.join("transcripts").join(format!("{id}_{role}.TextGrid")))?;
                turns.extend(
                    intervals(&grid)
                        .into_iter()
                        .map(|(start, words)| (start, speaker, words)),
                );
            }
            turns.sort_by(|a, b| a.0.total_cmp(&b.0));
            let dialogue: Vec<&str> = turns.iter().map(|(_, _, words)| words.as_str()).collect();
            visits.push(Visit {
                dialogue: dialogue.join("\n"),
                note: json["note"].as_str().unwrap_or_default().into(),
                transcript: spoken(turns.into_iter().map(|(_, speaker, words)| (Some(speaker), words))),
                id,
            });
        }
        Ok(visits)
    }

    /// What each system recognised of PriMock57, by its folder's name.
    pub fn recognised(&self) -> Result<Vec<Recognised>, Failure> {
        let folder = self.folder.join("primock57/asr");
        let mut systems = Vec::new();
        for system in names(&folder)? {
            let mut texts = Vec::new();
            for name in names(&folder.join(&system))? {
                let id = name.trim_end_matches("_conversation_transcript.txt").to_owned();
                texts.push((id, read(&folder.join(&system).join(&name))?));
            }
            systems.push(Recognised { system, texts });
        }
        Ok(systems)
    }

    fn path(&self, file: &str) -> String {
        self.folder.join(file).to_string_lossy().into_owned()
    }
}

fn names(folder: &Path) -> Result<Vec<String>, Failure> {
    let entries = fs::read_dir(folder).map_err(|why| unreadable(folder, &why))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .collect();
    names.sort_unstable();
    Ok(names)
}

fn read(file: &Path) -> Result<String, Failure> {
    fs::read_to_string(file).map_err(|why| unreadable(file, &why))
}

fn unreadable(file: &Path, why: &dyn std::fmt::Display) -> Failure {
    Failure::Read {
        file: file.to_string_lossy().into_owned(),
        why: why.to_string(),
    }
}

/// Start and words of every interval of a Praat TextGrid that has words; marks such as `<UNSURE>` are left out.
fn intervals(grid: &str) -> Vec<(f64, String)> {
    let mut found = Vec::new();
    let mut start = 0.0;
    for line in grid.lines().map(str::trim) {
        if let Some(at) = line.strip_prefix("xmin = ") {
            start = at.trim().parse().unwrap_or(start);
        } else if let Some(text) = line.strip_prefix("text = ") {
            let words = unmarked(text.trim().trim_matches('"'));
            if !words.is_empty() {
                found.push((start, words));
            }
        }
    }
    found
}

fn unmarked(text: &str) -> String {
    let mut words = String::new();
    let mut inside = false;
    for c in text.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => words.push(c),
            _ => {}
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
