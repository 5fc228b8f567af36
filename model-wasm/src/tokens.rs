//! Token ids to text and back: byte pairs, with single bytes for what no piece spells.

use std::collections::HashMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Stands for a space inside a piece.
const SPACE: char = '▁';

/// The pieces of a tokenizer, by id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vocabulary {
    /// Text, or bytes that are none by themselves, written as `<0xC3>` each.
    pub pieces: Vec<String>,
    /// Ids that stand for no text, such as the end of the sentence. A byte is never among them.
    pub special: Vec<u32>,
    /// Whisper's pieces are pieces of bytes: of broken text only what is broken is replaced.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub byte_level: bool,
}

impl Vocabulary {
    /// The text of a run of tokens, without the one space that stands before the first word. Ids that are special, or
    /// no ids at all, give nothing; bytes that are no UTF-8 give replacement characters as in the original.
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

    /// Whether a piece goes on with the word before it.
    pub fn goes_on(piece: &str) -> bool {
        bytes(piece).is_some() || piece.starts_with(char::is_alphanumeric)
    }

    /// The text of a run of tokens, and where in it which of them begin to speak.
    fn spell(&self, ids: &[u32]) -> (String, Vec<(usize, usize)>) {
        let (mut text, mut begins) = (String::new(), Vec::new());
        let mut broken = Vec::new();
        for (index, id) in ids.iter().enumerate().filter(|(_, id)| !self.special.contains(id)) {
            let Some(piece) = self.pieces.get(*id as usize) else {
                continue;
            };
            match bytes(piece) {
                Some(bytes) => {
                    begins.push((text.len(), index));
                    broken.extend(bytes);
                }
                None => {
                    self.flush(&mut broken, &mut text);
                    begins.push((text.len(), index));
                    text.extend(piece.chars().map(|c| if c == SPACE { ' ' } else { c }));
                }
            }
        }
        self.flush(&mut broken, &mut text);
        (text, begins)
    }

    fn flush(&self, bytes: &mut Vec<u8>, text: &mut String) {
        match std::str::from_utf8(bytes) {
            Ok(run) => text.push_str(run),
            Err(_) if self.byte_level => text.push_str(&String::from_utf8_lossy(bytes)),
            Err(_) => text.extend(std::iter::repeat_n(char::REPLACEMENT_CHARACTER, bytes.len())),
        }
        bytes.clear();
    }
}

/// Text to token ids. Of two neighbours those are joined first whose piece has the lowest id: the published tokenizers and
/// the starter's number their pieces in the order of their merges.
pub struct Encoder<'a> {
    ids: HashMap<&'a str, u32>,
}

impl<'a> Encoder<'a> {
    pub fn new(vocabulary: &'a Vocabulary) -> Self {
        let pieces = vocabulary.pieces.iter().zip(0..);
        let spoken = pieces.filter(|(_, id)| !vocabulary.special.contains(id));
        Self {
            ids: spoken.map(|(piece, id)| (piece.as_str(), id)).collect(),
        }
    }

    /// The tokens of words with a space before each; nothing if a character can be spelled neither as it is nor by its bytes.
    pub fn encode(&self, text: &str) -> Option<Vec<u32>> {
        let mut tokens = Vec::new();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let mut pieces = vec![SPACE.to_string()];
            pieces.extend(word.chars().map(String::from));
            while let Some((_, at)) = self.first_merge(&pieces) {
                let joined = pieces[at..at + 2].concat();
                pieces.splice(at..at + 2, [joined]);
            }
            for piece in pieces {
                match self.ids.get(piece.as_str()) {
                    Some(id) => tokens.push(*id),
                    None => tokens.extend(self.bytes(&piece)?),
                }
            }
        }
        Some(tokens)
    }

    /// The id that the next two neighbours to be joined give, and where the first of them stands.
    fn first_merge(&self, pieces: &[String]) -> Option<(u32, usize)> {
        let joined = pieces.windows(2).map(<[String]>::concat).enumerate();
        let known = joined.filter_map(|(at, piece)| Some((*self.ids.get(piece.as_str())?, at)));
        known.min()
    }

    fn bytes(&self, piece: &str) -> Option<Vec<u32>> {
        let id = |byte: u8| self.ids.get(format!("<0x{byte:02X}>").as_str()).copied();
        piece.bytes().map(id).collect()
    }
}

/// The bytes that a piece such as `<0xE2><0x82>` stands for.
fn bytes(piece: &str) -> Option<Vec<u8>> {
    if !piece.starts_with("<0x") {
        return None;
    }
    piece.split_inclusive('>').map(byte).collect()
}

/// A piece of bytes as [`Vocabulary::pieces`] has it.
pub fn piece(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        // What would be read as something else is written byte by byte, too.
        Ok(text) if !text.contains(SPACE) && !text.starts_with("<0x") => text.replace(' ', &SPACE.to_string()),
        Ok(_) | Err(_) => bytes.iter().map(|byte| format!("<0x{byte:02X}>")).collect(),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        let pieces = ["<unk>", "<s>", "</s>", "<0xC3>", "<0xA9>", "▁caf", "▁", "▁a▁b", "."];
        Vocabulary {
            pieces: pieces.map(str::to_owned).to_vec(),
            special: vec![0, 1, 2],
            byte_level: false,
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
    fn of_broken_pieces_of_bytes_only_what_is_broken_is_replaced() {
        let pieces = ["a", "<0xE2><0x82>", "<0xAC>", "<0xC3>"].map(str::to_owned).to_vec();
        let vocabulary = Vocabulary {
            pieces,
            special: Vec::new(),
            byte_level: true,
        };
        assert_eq!(vocabulary.text(&[0, 1, 2, 0]), "a€a");
        assert_eq!(vocabulary.text(&[1, 2, 3, 0]), "€\u{FFFD}a");
        assert_eq!(vocabulary.text(&[1, 0]), "\u{FFFD}a");
    }

    #[test]
    fn pieces_of_bytes_are_text_where_they_can_be() {
        for (bytes, expected) in [
            (&b" caf\xc3\xa9"[..], "▁café"),
            (b"\xc3", "<0xC3>"),
            (b"\xe2\x82", "<0xE2><0x82>"),
            (b"\xe2\x96\x81", "<0xE2><0x96><0x81>"),
            (b"<0x0A>", "<0x3C><0x30><0x78><0x30><0x41><0x3E>"),
        ] {
            assert_eq!(piece(bytes), expected);
        }
        assert_eq!(bytes("<0xE2><0x82>"), Some(vec![0xE2, 0x82]));
        assert_eq!((bytes("<0xE2>x"), bytes("<"), bytes("<0x")), (None, None, None));
    }

    #[test]
    fn words_know_their_tokens() {
        let words = vocabulary().words(&[1, 5, 3, 4, 8, 2, 7, 6, 5]);
        let expected = [("café.", 1..5), ("a", 6..7), ("b", 6..7), ("caf", 8..9)];
        assert_eq!(words, expected.map(|(word, tokens)| (word.to_owned(), tokens)));
    }

    #[test]
    fn text_becomes_tokens_and_text_again() {
        let vocabulary = vocabulary();
        let encoder = Encoder::new(&vocabulary);
        // "▁caf" and "▁a▁b" are joined from nothing here: no piece is a part of them.
        assert_eq!(encoder.encode("é ."), Some(vec![6, 3, 4, 6, 8]));
        assert_eq!(encoder.encode(""), Some(vec![]));
        assert_eq!(encoder.encode("x"), None);
    }

    #[test]
    fn the_lowest_id_is_joined_first() {
        let pieces = ["<unk>", "▁", "a", "b", "c", "bc", "ab", "▁a", "▁ab", "<0x3C>"];
        let vocabulary = Vocabulary {
            pieces: pieces.map(str::to_owned).to_vec(),
            special: vec![0],
            byte_level: false,
        };
        let encoder = Encoder::new(&vocabulary);
        assert_eq!(encoder.encode("abc"), Some(vec![7, 5]));
        assert_eq!(encoder.encode("ab ab"), Some(vec![8, 8]));
        // What stands for a byte is no spelling of itself.
        assert_eq!(encoder.encode("<"), Some(vec![1, 9]));
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
