//! A conversation that was written down elsewhere → a transcript.

use crate::{Segment, SegmentId, Speaker, Transcript};

/// A label before a turn is at most this long.
const LONGEST_LABEL: usize = 20;

/// One segment for each line with words; `Doctor:` or `[patient]` before a line says who spoke. The times are the lines'
/// numbers: nothing but their order is known.
pub fn read(text: &str) -> Transcript {
    let mut transcript = Transcript::default();
    let turns = text.lines().map(turn).filter(|(_, words)| !words.is_empty());
    for (number, (speaker, words)) in (0..).zip(turns) {
        let start = f64::from(number);
        let mut segment = Segment::new(SegmentId(number), start, start + 1.0, words);
        segment.speaker = speaker;
        transcript.insert(segment);
    }
    transcript
}

/// A line's label and its words.
fn turn(line: &str) -> (Option<Speaker>, &str) {
    let line = line.trim();
    let bracketed = line.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let bracketed = bracketed.filter(|(label, _)| label.len() <= LONGEST_LABEL);
    let named = || line.split_once(':').filter(|(label, _)| speaker(label).is_some());
    match bracketed.or_else(named) {
        Some((label, words)) => (speaker(label), words.trim()),
        None => (None, line),
    }
}

fn speaker(label: &str) -> Option<Speaker> {
    let label = label.trim().to_lowercase();
    match label.trim_end_matches([' ', '_', '1', '2', '3']) {
        "doctor" | "clinician" | "physician" | "dr" => Some(Speaker::Clinician),
        "patient" | "pt" => Some(Speaker::Patient),
        "guest_family" | "guest_clinician" | "nurse" | "family" | "other" => Some(Speaker::Other),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_say_who_spoke_and_are_not_part_of_the_words() {
        let text = "Doctor: Any fever?\n\n[patient] No.\nPT: At 10:30 it began.\nNo label: just words.\n[x]\n";
        let transcript = read(text);
        let read: Vec<_> = transcript
            .segments()
            .iter()
            .map(|s| (s.speaker, s.text.as_str()))
            .collect();
        let expected = [
            (Some(Speaker::Clinician), "Any fever?"),
            (Some(Speaker::Patient), "No."),
            (Some(Speaker::Patient), "At 10:30 it began."),
            (None, "No label: just words."),
        ];
        assert_eq!(read, expected);
    }
}
