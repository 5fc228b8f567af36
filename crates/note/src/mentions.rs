//! What no scribe may lose or make up: the numbers and the medications of a text.

use speech::{Segment, SegmentId};

use crate::clean::without_noise;
use crate::lexicon::{Sense, matches, sounds_like};
use crate::numbers::{normalise, value};
use crate::sentences::sentences;

/// In the order in which they stand in the text; what was said twice is here twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mentions {
    /// In digits: `120/80`, `98.6`, `15`.
    pub numbers: Vec<String>,
    /// In the lexicon's spelling, lower case; a misheard name as the one that it sounds like.
    pub drugs: Vec<String>,
}

/// The numbers and medications of a transcript, a statement or a note.
pub fn mentions(text: &str) -> Mentions {
    let segment = [Segment::new(SegmentId(0), 0.0, 0.0, text)];
    let mut found = Mentions::default();
    for sentence in sentences(&segment) {
        let tokens = normalise(without_noise(sentence.tokens));
        for token in &tokens {
            // "54-year-old", "120/80", "2+", "98%", "10mg"
            let digits = token.key.split(['-', '/']).filter_map(number);
            found.numbers.extend(digits);
        }
        let mut end = 0;
        let mut named = matches(&tokens).into_iter().peekable();
        for (at, token) in tokens.iter().enumerate() {
            while named.peek().is_some_and(|next| next.at < at) {
                named.next();
            }
            let here = std::iter::from_fn(|| named.next_if(|next| next.at == at));
            let name = here
                .filter_map(|next| {
                    if let Sense::Drug(name) = next.sense {
                        Some((name, next.end()))
                    } else {
                        None
                    }
                })
                .last();
            if at < end {
                continue;
            }
            if let Some((name, behind)) = name.or_else(|| sounds_like(&token.key).map(|name| (name, at + 1))) {
                found.drugs.push(name.to_owned());
                end = behind;
            }
        }
    }
    found
}

fn number(part: &str) -> Option<String> {
    let digits = part.trim_end_matches(|c: char| !c.is_ascii_digit());
    let plain = value(digits)?;
    Some(plain.to_string())
}
