//! What the page says where there are no words: nothing that was recorded goes by without one.

use language::{Locale, say};
use speech::protocol::Wordless;

use super::timer;
use crate::visit::Visit;

/// A line under the transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// What tests and screen readers know it by.
    pub name: &'static str,
    pub class: &'static str,
    pub text: String,
}

/// The stretches of a visit that have no words. Where nobody spoke is said once for them all; the others are places to
/// listen to again.
pub fn gaps(l: Locale, visit: &Visit) -> Vec<Gap> {
    let unheard = visit.unheard.iter().map(|&(from, to)| Gap {
        name: "unheard",
        class: "caution",
        text: say!(l, status.unheard, from = timer(from), to = timer(to)),
    });
    let unclear = visit.wordless.iter().filter(|stretch| stretch.why == Wordless::Unclear);
    let unclear = unclear.map(|stretch| Gap {
        name: "unclear",
        class: "caution",
        text: say!(l, status.unclear, from = timer(stretch.start), to = timer(stretch.end)),
    });
    let silent: Vec<String> = visit
        .wordless
        .iter()
        .filter(|stretch| stretch.why == Wordless::NoSpeech)
        .map(|stretch| timer(stretch.start))
        .collect();
    let silent = silent.split_last().map(|(last, before)| Gap {
        name: "silent",
        class: "quiet",
        text: match before.len() {
            0 => say!(l, status.silent_once, last = last.clone()),
            before => say!(l, status.silent_often, count = before + 1, last = last.clone()),
        },
    });
    unheard.chain(unclear).chain(silent).collect()
}

/// Title and advice for a recording that gave no word at all.
pub fn no_words(l: Locale, visit: &Visit) -> (&'static str, &'static str) {
    if !visit.unheard.is_empty() {
        return (say!(l, status.not_transcribed), say!(l, status.not_transcribed_why));
    }
    if visit.wordless.iter().any(|stretch| stretch.why == Wordless::Unclear) {
        return (say!(l, status.not_made_out), say!(l, status.not_made_out_why));
    }
    (say!(l, status.no_speech), say!(l, status.no_speech_why))
}

#[cfg(test)]
mod tests {
    use note::Template;

    use super::*;
    use crate::visit::Stretch;

    #[test]
    fn each_kind_of_gap_is_told_and_silence_only_once() {
        let mut visit = Visit::new(0, Template::soap());
        assert_eq!(gaps(Locale::en, &visit), []);
        assert_eq!(no_words(Locale::en, &visit).0, "No speech heard in this recording.");
        let stretch = |start: f64, why| Stretch {
            start,
            end: start + 2.0,
            why,
        };
        visit.wordless = vec![
            stretch(61.0, Wordless::NoSpeech),
            stretch(70.0, Wordless::Unclear),
            stretch(80.0, Wordless::NoSpeech),
        ];
        assert_eq!(
            no_words(Locale::en, &visit).0,
            "No words could be made out in this recording."
        );
        visit.unheard = vec![(4.0, 5.5)];
        let told: Vec<(&str, String)> = gaps(Locale::en, &visit)
            .into_iter()
            .map(|gap| (gap.name, gap.text))
            .collect();
        let told: Vec<(&str, &str)> = told.iter().map(|(name, text)| (*name, text.as_str())).collect();
        assert_eq!(
            told,
            [
                (
                    "unheard",
                    "The stretch from 0:04 to 0:05 could not be transcribed. Save the audio to keep it."
                ),
                (
                    "unclear",
                    "From 1:10 to 1:12 something was said that could not be understood. Nothing of it is in the note."
                ),
                ("silent", "Sound without speech 2 times, the last at 1:20."),
            ]
        );
        assert_eq!(no_words(Locale::en, &visit).0, "This recording was not transcribed.");
    }
}
