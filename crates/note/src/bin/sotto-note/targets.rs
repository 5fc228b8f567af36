//! What a published note keeps of a dialogue: for each clause the sentence of the note that says the same, if there is one.
//! What a note says that nobody said teaches nothing, since no clause leads to it.

use std::collections::{BTreeSet, HashMap};

use note::{Candidate, Kind, units};

/// The sentences of a note with the kinds of their sections, and its units of content.
pub struct Target {
    sentences: Vec<(Kind, BTreeSet<String>)>,
    pub units: BTreeSet<String>,
}

/// How rare each unit is among notes.
pub type Rarity = HashMap<String, f32>;

impl Target {
    pub fn of_note(note: &str) -> Self {
        let mut kind = Kind::PresentIllness;
        let mut sentences = Vec::new();
        for line in note.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if let Some(heading) = heading(line) {
                kind = heading;
                continue;
            }
            for sentence in line.split(". ") {
                sentences.push((refined(kind, line), content(sentence)));
            }
        }
        Self::from(sentences)
    }

    pub fn of_summary(header: &str, summary: &str) -> Self {
        let kind = match header {
            "FAM/SOCHX" => {
                let family = ["mother", "father", "family", "brother", "sister", "parents"];
                let of_family = family.iter().any(|word| summary.to_lowercase().contains(word));
                if of_family {
                    Kind::FamilyHistory
                } else {
                    Kind::SocialHistory
                }
            }
            "PASTMEDICALHX" => Kind::MedicalHistory,
            "PASTSURGICAL" | "PROCEDURES" => Kind::SurgicalHistory,
            "ALLERGY" => Kind::Allergies,
            "ROS" => Kind::ReviewOfSystems,
            "MEDICATIONS" => Kind::Medications,
            "ASSESSMENT" | "DIAGNOSIS" => Kind::Assessment,
            "EXAM" => Kind::Exam,
            "PLAN" | "DISPOSITION" => Kind::Plan,
            "LABS" | "IMAGING" => Kind::Labs,
            _ => Kind::PresentIllness,
        };
        Self::from(summary.split(". ").map(|sentence| (kind, content(sentence))).collect())
    }

    fn from(sentences: Vec<(Kind, BTreeSet<String>)>) -> Self {
        let units = sentences.iter().flat_map(|(_, units)| units.clone()).collect();
        Self { sentences, units }
    }

    /// What a clause became in the note: its kind, and how much of it was kept (0 to 1).
    pub fn label(&self, candidate: &Candidate, rarity: &Rarity) -> Option<(Kind, f32)> {
        let said: BTreeSet<&str> = candidate.content.iter().map(|(_, unit)| unit.as_str()).collect();
        let weight = |unit: &str| rarity.get(unit).copied().unwrap_or(5.0);
        let total: f32 = said.iter().map(|unit| weight(unit)).sum();
        let mut best: Option<(Kind, f32, f32)> = None;
        for (kind, sentence) in &self.sentences {
            let shared: f32 = said
                .iter()
                .filter(|unit| sentence.contains(**unit))
                .map(|unit| weight(unit))
                .sum();
            let whole: f32 = sentence.iter().map(|unit| weight(unit)).sum();
            let alike = shared / (total * whole.max(1.0)).sqrt();
            // Symptoms stand in the history and again in the review: the history comes first.
            let alike = if *kind == Kind::ReviewOfSystems {
                0.7 * alike
            } else {
                alike
            };
            if shared > 0.0 && best.is_none_or(|(_, most, _)| alike > most) {
                best = Some((*kind, alike, shared / total));
            }
        }
        best.map(|(kind, _, kept)| (kind, kept))
    }
}

pub fn rarity<'a>(targets: impl Iterator<Item = &'a Target>) -> Rarity {
    let mut notes = 0f32;
    let mut counts: HashMap<String, f32> = HashMap::new();
    for target in targets {
        notes += 1.0;
        for unit in &target.units {
            *counts.entry(unit.clone()).or_default() += 1.0;
        }
    }
    counts
        .into_iter()
        .map(|(unit, count)| (unit, (1.0 + notes / count).ln()))
        .collect()
}

fn content(text: &str) -> BTreeSet<String> {
    text.to_lowercase().split_whitespace().flat_map(units).collect()
}

fn heading(line: &str) -> Option<Kind> {
    let bare = line.trim_end_matches([':', ' ', '.']);
    if bare.chars().any(char::is_lowercase) || bare.len() > 40 {
        return None;
    }
    let is = |words: &[&str]| words.iter().any(|word| bare.contains(word));
    Some(if is(&["ASSESSMENT", "IMPRESSION", "DIAGNOS"]) {
        Kind::Assessment
    } else if is(&["PLAN", "INSTRUCTION", "RECOMMEND"]) {
        Kind::Plan
    } else if is(&["EXAM"]) {
        Kind::Exam
    } else if is(&["VITAL"]) {
        Kind::Vitals
    } else if is(&["RESULT", "LAB", "IMAGING"]) {
        Kind::Labs
    } else if is(&["REVIEW OF", "ROS"]) {
        Kind::ReviewOfSystems
    } else if is(&["SOCIAL"]) {
        Kind::SocialHistory
    } else if is(&["FAMILY"]) {
        Kind::FamilyHistory
    } else if is(&["SURGICAL"]) {
        Kind::SurgicalHistory
    } else if is(&["MEDICATION"]) {
        Kind::Medications
    } else if is(&["ALLERG"]) {
        Kind::Allergies
    } else if is(&["MEDICAL HISTORY", "PAST HISTORY"]) {
        Kind::MedicalHistory
    } else if is(&["HISTORY", "HPI", "SUBJECTIVE", "COMPLAINT", "CC"]) {
        Kind::PresentIllness
    } else {
        return None;
    })
}

/// Assessment and plan are often told under one heading.
fn refined(kind: Kind, line: &str) -> Kind {
    let line = line.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| line.contains(word));
    if kind != Kind::Assessment {
        kind
    } else if has(&["reasoning:"]) {
        Kind::Assessment
    } else if has(&[
        "treatment:",
        "testing:",
        "education",
        "counseling:",
        " will ",
        "recommend",
        "order",
        "follow up",
        "follow-up",
        "continue",
        "referr",
        "prescri",
        "advised",
        "encouraged",
        "start ",
    ]) {
        Kind::Plan
    } else {
        Kind::Assessment
    }
}
