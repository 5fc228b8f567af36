//! How much of what was said reaches a note, and whether the note says anything else: words and numbers, not meaning.

use std::collections::BTreeSet;

pub use note::numbers_in as numbers;
use note::stem;

/// The stems of the words that carry content.
pub fn content(text: &str) -> BTreeSet<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_ascii_lowercase())
        .filter(|word| word.len() > 2 && !STOP.contains(word) && !HEADINGS.contains(word))
        .map(stem)
        .collect()
}

/// 98.6 or 120/80 in a note of a visit in which nobody said so.
pub fn default_vitals(note: &str, dialogue: &BTreeSet<String>) -> bool {
    let squeezed: String = note.chars().filter(|c| !c.is_whitespace()).collect();
    (note.contains("98.6") && !dialogue.contains("98.6"))
        || (squeezed.contains("120/80") && !(dialogue.contains("120") && dialogue.contains("80")))
}

const STOP: &[&str] = &[
    "a", "an", "the", "and", "or", "of", "to", "in", "on", "for", "with", "is", "are", "was", "were", "be", "been",
    "being", "he", "she", "his", "her", "him", "they", "them", "it", "its", "this", "that", "these", "those", "at",
    "by", "as", "from", "has", "have", "had", "do", "does", "did", "not", "no", "any", "all", "will", "would", "can",
    "could", "should", "may", "i", "you", "your", "my", "we", "our", "us", "me", "if", "so", "but", "than", "then",
    "there", "here", "who", "which", "what", "when", "where", "how", "about", "into", "over", "under", "up", "out",
    "also", "more", "most", "some", "such", "very", "just", "due", "per", "s", "t", "re", "ve", "ll", "d", "m",
];

/// Words that a note has whatever was said.
const HEADINGS: &[&str] = &[
    "chief",
    "complaint",
    "history",
    "present",
    "illness",
    "review",
    "systems",
    "physical",
    "exam",
    "results",
    "assessment",
    "plan",
    "vitals",
    "patient",
    "medical",
    "past",
    "social",
    "family",
    "surgical",
    "medications",
    "allergies",
    "current",
    "reviewed",
    "medication",
    "doctor",
    "treatment",
    "education",
    "additional",
    "reports",
    "denies",
    "states",
    "today",
    "agreements",
    "subjective",
    "objective",
];
