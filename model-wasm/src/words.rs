//! Words with what the network thought of them.

use speech::{Segment, SegmentId, Span, Utterance, protocol::Wordless};

/// A word that the network held to be less likely than this is one that a clinician should look at.
///
/// On 160 synthetic sentences that the starter was not trained on (`cargo xtask confidence`) this finds 88 % of the wrong
/// words, four of five that it marks are wrong, and just below it a word is still more often wrong than right. A fixed
/// number, and no part of each recording: the least sure fifth of a recording holds 23 % of the wrong words there, because
/// recordings are heard well or badly as a whole.
pub const DOUBTFUL: f32 = 0.6;

/// An utterance of which the network is less sure than this, in the mean logarithm of its tokens' likelihoods, was not
/// understood. On 251 recordings of the development set, most of which the starter cannot follow, 91 % of the words below it
/// are wrong (`cargo xtask confidence`); on the 65 of them that it can, and on clean sentences, no utterance lies below.
pub const UNCLEAR: f32 = -1.0;

/// What was heard in an utterance, on one line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    pub text: String,
    /// In order, none overlapping.
    pub words: Vec<Word>,
    /// There were words, and they are not shown: see [`UNCLEAR`].
    pub unclear: bool,
    /// The ISO 639 code of the language, where the network had to tell it and could.
    pub language: Option<String>,
}

/// A word of [`Heard::text`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Word {
    pub span: Span,
    /// 0…1: the likelihood of its least likely piece, each given the pieces before it.
    pub confidence: f32,
    /// Seconds from the start of the utterance, from … to; nothing before the words were aligned with the sound.
    pub time: Option<(f32, f32)>,
}

impl Heard {
    /// Joins words with their confidences.
    pub fn from_words(words: impl IntoIterator<Item = (String, f32)>) -> Self {
        let mut heard = Self::default();
        for (word, confidence) in words {
            if !heard.text.is_empty() {
                heard.text.push(' ');
            }
            let start = heard.text.len() as u32;
            heard.text.push_str(&word);
            let end = heard.text.len() as u32;
            heard.words.push(Word {
                span: Span { start, end },
                confidence,
                time: None,
            });
        }
        heard
    }

    /// What was heard next goes behind it.
    pub fn append(&mut self, next: Self) {
        if !self.text.is_empty() && !next.text.is_empty() {
            self.text.push(' ');
        }
        let shift = self.text.len() as u32;
        self.text.push_str(&next.text);
        self.words.extend(next.words.into_iter().map(|word| Word {
            span: Span {
                start: word.span.start + shift,
                end: word.span.end + shift,
            },
            ..word
        }));
    }

    /// Of which nothing is shown.
    pub fn unclear() -> Self {
        Self {
            unclear: true,
            ..Self::default()
        }
    }

    /// Why there are no words, if there are none.
    pub fn wordless(&self) -> Option<Wordless> {
        match (self.unclear, self.words.is_empty()) {
            (true, _) => Some(Wordless::Unclear),
            (false, true) => Some(Wordless::NoSpeech),
            (false, false) => None,
        }
    }

    /// At its place in the recording.
    pub fn into_segment(self, id: SegmentId, utterance: &Utterance) -> Segment {
        let words = self.words.iter().filter_map(Word::timed).collect();
        Segment {
            doubtful: self.doubtful(),
            words,
            ..Segment::new(id, utterance.start_seconds(), utterance.end_seconds(), self.text)
        }
    }

    /// The words below [`DOUBTFUL`].
    pub fn doubtful(&self) -> Vec<Span> {
        let unsure = self.words.iter().filter(|word| word.confidence < DOUBTFUL);
        unsure.map(|word| word.span).collect()
    }
}

impl Word {
    fn timed(&self) -> Option<speech::Word> {
        let hundredths = |x: f32| (x * 100.0).round() as u32;
        let (from, to) = self.time?;
        Some(speech::Word {
            span: self.span,
            from: hundredths(from),
            to: hundredths(to),
            confidence: hundredths(self.confidence),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_cover_the_words_and_nothing_else() {
        let heard = Heard::from_words([
            ("fünfzig".to_owned(), 0.9),
            ("mg".to_owned(), 0.1),
            ("ok".to_owned(), 0.2),
        ]);
        let words: Vec<&str> = heard.words.iter().map(|word| word.span.of(&heard.text)).collect();
        assert_eq!(
            (heard.text.as_str(), words),
            ("fünfzig mg ok", vec!["fünfzig", "mg", "ok"])
        );
        let doubtful: Vec<&str> = heard.doubtful().into_iter().map(|span| span.of(&heard.text)).collect();
        assert_eq!(doubtful, ["mg", "ok"]);
        assert_eq!(heard.wordless(), None);
    }

    #[test]
    fn what_comes_next_keeps_its_words() {
        let mut heard = Heard::default();
        for words in [&[][..], &["fünf", "mg"], &[], &["daily"]] {
            heard.append(Heard::from_words(words.iter().map(|word| ((*word).to_owned(), 0.9))));
        }
        let words: Vec<&str> = heard.words.iter().map(|word| word.span.of(&heard.text)).collect();
        assert_eq!(
            (heard.text.as_str(), words),
            ("fünf mg daily", vec!["fünf", "mg", "daily"])
        );
    }

    #[test]
    fn nobody_spoke_is_not_nobody_was_understood() {
        assert_eq!(Heard::default().wordless(), Some(Wordless::NoSpeech));
        assert_eq!(Heard::unclear().wordless(), Some(Wordless::Unclear));
    }
}
