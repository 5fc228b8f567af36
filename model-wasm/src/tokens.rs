//! Token ids to text: the decoder half of a byte-fallback BPE tokenizer.
//!
//! Encoding is not needed: nothing here turns text into tokens.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Stands for a space inside a piece.
const SPACE: char = '▁';

/// The pieces of a tokenizer, by id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vocabulary {
    /// Text, or one byte written as `<0xC3>`.
    pub pieces: Vec<String>,
    /// Ids that stand for no text, such as the end of the sentence. A byte is never among them.
    pub special: Vec<u32>,
}

impl Vocabulary {
    /// The text of a run of tokens, without the one space that stands before the first word. Ids that are special, or
    /// no ids at all, give nothing; bytes that are no UTF-8 give one replacement character each, as in the original.
    pub fn text(&self, ids: &[u32]) -> String {
        let (text, _) = self.spell(ids);
        match text.strip_prefix(' ') {
            Some(rest) => rest.to_owned(),
            None => text,
        }
    }

    /// The words of a run of tokens, and which of the tokens spell each; a token may spell parts of two.
    pub fn words(&self, ids: &[u32]) -> Vec<(String, Range<usize>)> {
        let (text, begins) = self.spell(ids);
        text.split_whitespace()
            .map(|word| {
                let start = word.as_ptr() as usize - text.as_ptr() as usize;
                let at_or_before = begins.partition_point(|(at, _)| *at <= start).saturating_sub(1);
                // Tokens that are bytes of one character begin together.
                let first = begins.partition_point(|(at, _)| *at < begins[at_or_before].0);
                let last = begins.partition_point(|(at, _)| *at < start + word.len()) - 1;
                (word.to_owned(), begins[first].1..begins[last].1 + 1)
            })
            .collect()
    }

    /// The text of a run of tokens, and where in it which of them begin to speak.
    fn spell(&self, ids: &[u32]) -> (String, Vec<(usize, usize)>) {
        let (mut text, mut begins) = (String::new(), Vec::new());
        let mut bytes = Vec::new();
        for (index, id) in ids.iter().enumerate().filter(|(_, id)| !self.special.contains(id)) {
            let Some(piece) = self.pieces.get(*id as usize) else {
                continue;
            };
            match byte(piece) {
                Some(byte) => {
                    begins.push((text.len(), index));
                    bytes.push(byte);
                }
                None => {
                    flush(&mut bytes, &mut text);
                    begins.push((text.len(), index));
                    text.extend(piece.chars().map(|c| if c == SPACE { ' ' } else { c }));
                }
            }
        }
        flush(&mut bytes, &mut text);
        (text, begins)
    }
}

/// The byte that a piece such as `<0xC3>` stands for.
pub fn byte(piece: &str) -> Option<u8> {
    let digits = piece.strip_prefix("<0x")?.strip_suffix('>')?;
    if digits.len() == 2 {
        u8::from_str_radix(digits, 16).ok()
    } else {
        None
    }
}

fn flush(bytes: &mut Vec<u8>, text: &mut String) {
    match std::str::from_utf8(bytes) {
        Ok(run) => text.push_str(run),
        Err(_) => text.extend(std::iter::repeat_n(char::REPLACEMENT_CHARACTER, bytes.len())),
    }
    bytes.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        let pieces = ["<unk>", "<s>", "</s>", "<0xC3>", "<0xA9>", "▁caf", "▁", "▁a▁b", "."];
        Vocabulary {
            pieces: pieces.map(str::to_owned).to_vec(),
            special: vec![0, 1, 2],
        }
    }

    #[track_caller]
    fn check(ids: &[u32], expected: &str) {
        assert_eq!(vocabulary().text(ids), expected);
    }

    #[test]
    fn words() {
        check(&[1, 5, 8, 7, 2], "caf. a b");
    }

    #[test]
    fn bytes_become_characters() {
        check(&[5, 3, 4, 8], "café.");
    }

    #[test]
    fn broken_bytes_become_replacement_characters() {
        check(&[5, 3, 3, 8], "caf\u{FFFD}\u{FFFD}.");
    }

    #[test]
    fn words_know_their_tokens() {
        let words = vocabulary().words(&[1, 5, 3, 4, 8, 2, 7, 6, 5]);
        let expected = [("café.", 1..5), ("a", 6..7), ("b", 6..7), ("caf", 8..9)];
        assert_eq!(words, expected.map(|(word, tokens)| (word.to_owned(), tokens)));
    }

    #[test]
    fn one_leading_space_goes() {
        check(&[6, 5], " caf");
    }

    #[test]
    fn unknown_ids_say_nothing() {
        check(&[999, 5], "caf");
        check(&[], "");
    }
}
