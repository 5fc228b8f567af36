//! Segments → sentences. A segment ends at a pause, and a pause is not always the end of a sentence.

use std::borrow::Cow;

use speech::{Segment, Speaker};

use crate::compose::begins;
use crate::numbers::is_number_word;
use crate::words::{Token, bare, tokens};

/// Words that belong together.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sentence {
    pub tokens: Vec<Token>,
    /// As told by a microphone or a person.
    pub speaker: Option<Speaker>,
    /// As told, or else as guessed from the words.
    pub likely: Option<Speaker>,
    pub question: bool,
    /// The number of the segment in which it ends.
    pub turn: usize,
}

/// Words after which nobody stops: a segment that ends with one goes on in the next.
const DANGLING: &[&str] = &[
    "a", "an", "the", "and", "or", "of", "to", "with", "for", "in", "on", "at", "by", "from", "is", "are", "was",
    "were", "has", "have", "had", "my", "your", "his", "her", "their", "our", "any", "some", "about", "than",
    "because", "but", "over", "point", "hundred",
];

/// A dot after these ends no sentence.
const ABBREVIATIONS: &[&str] = &[
    "dr", "mr", "mrs", "ms", "st", "vs", "approx", "dept", "e.g", "i.e", "a.m", "p.m", "q.d", "b.i.d", "t.i.d",
    "q.i.d", "p.r.n",
];

/// What a question begins with, whatever mark a recogniser put behind it.
const ASKING: &[&[&str]] = &[
    &["do", "you"],
    &["did", "you"],
    &["have", "you", "had"],
    &["have", "you", "been"],
    &["have", "you", "ever"],
    &["have", "you", "noticed"],
    &["have", "you", "tried"],
    &["have", "you", "taken"],
    &["have", "you", "seen"],
    &["are", "you"],
    &["were", "you"],
    &["does", "it"],
    &["does", "the"],
    &["does", "that"],
    &["does", "anyone"],
    &["did", "it"],
    &["is", "it"],
    &["is", "there", "any"],
    &["is", "the", "pain"],
    &["how", "long"],
    &["how", "often"],
    &["how", "many"],
    &["how", "much"],
    &["how", "bad"],
    &["when", "did"],
    &["where", "is"],
    &["where", "does"],
    &["what", "makes"],
    &["what", "brings"],
    &["any", "history", "of"],
];

/// The longest question that is one by its beginning alone, in words.
const LONGEST_UNMARKED: usize = 16;

/// Segment by segment; what may go on in the next is held back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sentences {
    open: Vec<Token>,
    speaker: Option<Speaker>,
    /// Of the segment that is read next.
    turn: usize,
}

impl Sentences {
    /// The sentences that end with this segment, or in it.
    pub fn hear(&mut self, segment: &Segment) -> Vec<Sentence> {
        let mut done = Vec::new();
        if segment.speaker != self.speaker {
            self.close(&mut done, self.turn.saturating_sub(1));
        }
        self.speaker = segment.speaker;
        let mut words = tokens(segment).into_iter().peekable();
        while let Some((token, ends_line)) = words.next() {
            let next = words.peek().map(|(next, _)| next);
            let ends = ends_line
                || (ends(&token) && !next.is_some_and(|next| decimal(&token, next) || trails_off(&token, next)));
            self.open.push(token);
            // The last sentence of a segment may go on in the next.
            if ends && next.is_some() || (next.is_none() && !dangles(&self.open)) {
                self.close(&mut done, self.turn);
            } else if self.open.len() >= LONGEST {
                self.cut(&mut done);
            }
        }
        self.turn += 1;
        done
    }

    /// What was held back, as if nothing followed.
    pub fn end(mut self) -> Vec<Sentence> {
        let mut done = Vec::new();
        self.close(&mut done, self.turn.saturating_sub(1));
        done
    }

    fn close(&mut self, done: &mut Vec<Sentence>, turn: usize) {
        let mut tokens = std::mem::take(&mut self.open);
        untag(&mut tokens);
        if !tokens.is_empty() {
            done.push(Sentence {
                question: asks(&tokens),
                tokens,
                speaker: self.speaker,
                likely: self.speaker,
                turn,
            });
        }
    }

    /// Speech without marks: what is open becomes sentences where one seems to begin; the last of them stays open.
    fn cut(&mut self, done: &mut Vec<Sentence>) {
        let open = std::mem::take(&mut self.open);
        let keys: Vec<Cow<str>> = open.iter().map(|token| token.key.clone()).collect();
        for (at, token) in open.into_iter().enumerate() {
            let next = keys.get(at + 1).map_or("", AsRef::as_ref);
            let before = self.open.last();
            let before = before.map(|before| (before.key.as_ref(), !before.mark.is_empty()));
            let length = self.open.len() + 1;
            // No number is cut in two.
            let breathless = length >= LONGEST && (!is_number_word(&token.key) || length >= 2 * LONGEST);
            if breathless || begins(&token.key, next, before, self.open.len()) {
                self.close(done, self.turn);
            }
            self.open.push(token);
        }
    }
}

/// In words: no person says more in one breath. What takes longer lacks its marks.
const LONGEST: usize = 64;

/// All sentences of these segments.
pub(crate) fn sentences(segments: &[Segment]) -> Vec<Sentence> {
    let mut sentences = Sentences::default();
    let mut done: Vec<Sentence> = segments.iter().flat_map(|segment| sentences.hear(segment)).collect();
    done.extend(sentences.end());
    done
}

fn asks(tokens: &[Token]) -> bool {
    let marked = tokens.last().is_some_and(|last| last.mark.contains('?'));
    let led = tokens
        .iter()
        .take_while(|token| token.is_any(&["and", "so", "okay", "ok", "alright", "um", "uh", "well", "now"]))
        .count();
    let begins = |words: &&[&str]| {
        tokens.len() >= led + words.len() && words.iter().zip(&tokens[led..]).all(|(word, token)| token.is(word))
    };
    // "Hey, John?" calls.
    if tokens.len() <= 3 && tokens[0].is("hey") {
        return false;
    }
    // "Do you" in the middle of a longer line without a mark is not certain enough.
    marked || (tokens.len() - led <= LONGEST_UNMARKED && ASKING.iter().any(begins))
}

/// "..., okay?" is a statement said kindly: the tag goes, and with it the question mark.
fn untag(tokens: &mut Vec<Token>) {
    let Some(last) = tokens.last() else { return };
    if last.mark.contains('?') && last.is_any(&["okay", "ok", "alright"]) && tokens.len() > 3 {
        tokens.pop();
        if let Some(last) = tokens.last_mut() {
            last.mark = "".into();
        }
    }
}

/// Lower case, without the punctuation around them.
pub(crate) fn bare_words(text: &str) -> Vec<String> {
    text.split_whitespace()
        .map(|word| bare(word).to_lowercase())
        .filter(|word| !word.is_empty())
        .collect()
}

fn ends(token: &Token) -> bool {
    match token.mark.as_ref() {
        "" | "," | ":" | "-" | "--" | ";" => false,
        mark if mark.starts_with('.') && mark.len() == 1 => !ABBREVIATIONS.contains(&token.key.as_ref()),
        // "Well..." and "I was-" go on.
        mark => mark.contains(['?', '!']) || mark.ends_with('.'),
    }
}

/// "ninety eight . six": a dot by itself between two small numbers is a point.
fn decimal(token: &Token, next: &Token) -> bool {
    token.apart && token.mark == "." && is_number_word(&token.key) && is_number_word(&next.key)
}

/// "On... on exam": a dot or three between two halves of a sentence.
fn trails_off(token: &Token, next: &Token) -> bool {
    token.mark.starts_with("..") && next.text.starts_with(char::is_lowercase)
}

fn dangles(tokens: &[Token]) -> bool {
    let Some(last) = tokens.last() else { return false };
    // "Yes, I have" is a whole answer.
    let answer = tokens.len() <= 3;
    last.mark == "," || (last.mark.is_empty() && !answer && DANGLING.contains(&last.key.as_ref()))
}
