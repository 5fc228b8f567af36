//! Speech → text that reads as a line: less of the sounds, none of the sense.

/// The words of a sentence without fillers, lead-ins and stutters, as a line: first letter large, a full stop at the end.
pub(crate) fn clean(sentence: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    // The last kept word and its place, to see a stutter ("the, the knee") past the punctuation between.
    let mut before = (String::new(), 0);
    for word in sentence.split_whitespace() {
        let name = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        if name.is_empty() {
            if !kept.is_empty() {
                kept.push(word);
            }
            continue;
        }
        let lead_in = kept.is_empty() && LEAD_INS.contains(&name.as_str());
        if lead_in || FILLERS.contains(&name.as_str()) {
            continue;
        }
        if name == before.0 && !number(&name) {
            kept.truncate(before.1);
        }
        before = (name, kept.len());
        kept.push(word);
    }
    spell(&kept)
}

/// True for courtesies alone, and for no words at all.
pub(crate) fn says_nothing(words: &[String]) -> bool {
    words.iter().all(|word| COURTESIES.contains(&word.as_str()))
}

fn number(name: &str) -> bool {
    name.contains(|c: char| c.is_ascii_digit()) || NUMBER_WORDS.contains(&name)
}

fn spell(words: &[&str]) -> String {
    let mut line = String::new();
    for word in words {
        // A tokenised full stop or comma goes back to its word, and at most one stays.
        if word.chars().all(|c| !c.is_alphanumeric() && c.is_ascii_punctuation()) && !line.is_empty() {
            if line.ends_with(|c: char| c.is_alphanumeric()) {
                line.push_str(word);
            }
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let ended = line.trim_end_matches([',', ';', ':', '-', ' ']).len();
    line.truncate(ended);
    if !line.is_empty() && !line.ends_with(['.', '!', '?']) {
        line.push('.');
    }
    capitalised(line)
}

/// Only an ordinary lower-case word: `pH`, `µg` and `ß` would become something else.
fn capitalised(line: String) -> String {
    let word = line.split_whitespace().next().unwrap_or_default();
    let ordinary = !word.contains(|c: char| c.is_uppercase() || c.is_numeric());
    let mut letters = line.chars();
    match letters.next() {
        Some(first) if ordinary && first.to_uppercase().flat_map(char::to_lowercase).eq([first]) => {
            first.to_uppercase().chain(letters).collect()
        }
        Some(_) | None => line,
    }
}

/// Sounds that carry nothing, wherever they stand. Not `er` (the emergency room), not `mm` (millimetres), not `mm-hmm` and
/// `uh-huh` (answers).
const FILLERS: &[&str] = &["um", "umm", "uhm", "uh", "uhh", "erm", "hm", "hmm"];

/// Words that only lead into a sentence.
const LEAD_INS: &[&str] = &[
    "okay", "ok", "alright", "well", "so", "and", "yeah", "right", "but", "oh", "now",
];

/// Words of which a sentence that says nothing clinical consists.
const COURTESIES: &[&str] = &[
    "okay",
    "ok",
    "alright",
    "mm",
    "mm-hmm",
    "mhm",
    "uh-huh",
    "interesting",
    "thankfully",
    "all",
    "right",
    "yeah",
    "yes",
    "yep",
    "no",
    "nope",
    "sure",
    "thanks",
    "thank",
    "you",
    "hi",
    "hello",
    "hey",
    "bye",
    "goodbye",
    "good",
    "morning",
    "afternoon",
    "great",
    "perfect",
    "sounds",
    "excellent",
    "wonderful",
    "fine",
    "got",
    "it",
    "i",
    "see",
    "that's",
    "so",
    "well",
    "welcome",
    "you're",
    "doctor",
    "dragon",
    "much",
    "very",
    "too",
    "take",
    "care",
    "nice",
    "to",
    "meet",
    "absolutely",
    "exactly",
    "definitely",
    "of",
    "course",
    "cool",
    "mister",
    "miss",
    "ma'am",
    "sir",
    "understand",
    "understood",
    "awesome",
    "correct",
    "how",
    "are",
    "doing",
    "today",
    "is",
    "that",
    "the",
    "a",
    "and",
    "do",
    "have",
    "been",
    "sounds",
    "have",
    "day",
    "hear",
    "just",
    "one",
    "moment",
    "let",
    "me",
];

/// Spoken digits repeat on purpose.
const NUMBER_WORDS: &[&str] = &[
    "zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
];
