//! Segments → sentences. A segment ends at a pause, and a pause is not always the end of a sentence.

use speech::{Segment, SegmentId};

/// Words that belong together, and where they were said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sentence {
    /// In time order, each once.
    pub sources: Vec<SegmentId>,
    /// As recognised, but for white space.
    pub text: String,
    pub question: bool,
}

/// Words after which nobody stops: a segment that ends with one goes on in the next.
const DANGLING: &[&str] = &[
    "a", "an", "the", "and", "or", "of", "to", "with", "for", "in", "on", "at", "by", "from", "is", "are", "was",
    "were", "has", "have", "had", "my", "your", "his", "her", "their", "our", "no", "any", "some", "about", "than",
    "because", "but",
];

/// A dot after these ends no sentence.
const ABBREVIATIONS: &[&str] = &[
    "dr", "mr", "mrs", "ms", "st", "vs", "approx", "dept", "e.g", "i.e", "a.m", "p.m", "q.d", "b.i.d", "t.i.d", "p.r.n",
];

pub(crate) fn sentences(segments: &[Segment]) -> Vec<Sentence> {
    let mut done: Vec<Sentence> = Vec::new();
    let mut open: Option<Sentence> = None;
    for segment in segments {
        let pieces = split(&segment.text);
        let last = pieces.len().saturating_sub(1);
        for (at, piece) in pieces.into_iter().enumerate() {
            let sentence = match open.take() {
                Some(begun) => join(begun, piece, segment.id),
                None => Sentence {
                    sources: vec![segment.id],
                    text: piece.into(),
                    question: false,
                },
            };
            if at == last && dangles(&sentence.text) {
                open = Some(sentence);
            } else {
                done.push(sentence);
            }
        }
    }
    done.extend(open);
    for sentence in &mut done {
        untag(&mut sentence.text);
        sentence.question = sentence.text.ends_with('?');
    }
    done
}

/// "..., okay?" is a statement said kindly: the tag goes, and with it the question mark.
fn untag(text: &mut String) {
    let Some(said) = text.strip_suffix('?').map(str::trim_end) else {
        return;
    };
    let Some((statement, tag)) = said.rsplit_once(char::is_whitespace) else {
        return;
    };
    if matches!(tag.to_lowercase().as_str(), "okay" | "ok" | "alright") && statement.split_whitespace().count() > 2 {
        *text = statement
            .trim_end_matches(|c: char| c == ',' || c.is_whitespace())
            .to_owned();
    }
}

/// Lower case, without the punctuation around them.
pub(crate) fn bare_words(text: &str) -> Vec<String> {
    let bare = |w: &str| w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    text.split_whitespace().map(bare).filter(|w| !w.is_empty()).collect()
}

fn join(mut begun: Sentence, piece: &str, id: SegmentId) -> Sentence {
    begun.text.push(' ');
    begun.text.push_str(piece);
    if begun.sources.last() != Some(&id) {
        begun.sources.push(id);
    }
    begun
}

fn dangles(text: &str) -> bool {
    let last = text.split_whitespace().next_back().unwrap_or_default();
    let bare = last.trim_end_matches(',');
    last.ends_with(',') || DANGLING.contains(&bare.to_lowercase().as_str())
}

/// Cuts after `.`, `?` or `!` before white space; the empty pieces are left out.
fn split(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let next_is_space = characters.peek().is_none_or(|&(_, next)| next.is_whitespace());
        let cut = match c {
            '.' => next_is_space && !abbreviation(&text[from..at]),
            '?' | '!' => next_is_space,
            '\n' | '\r' => true,
            _ => false,
        };
        if cut {
            let end = at + c.len_utf8();
            pieces.push(text[from..end].trim());
            from = end;
        }
    }
    pieces.push(text[from..].trim());
    pieces.retain(|piece| piece.chars().any(char::is_alphanumeric));
    pieces
}

fn abbreviation(before: &str) -> bool {
    let Some(word) = before
        .split_whitespace()
        .next_back()
        .filter(|_| !before.ends_with(char::is_whitespace))
    else {
        return false;
    };
    ABBREVIATIONS.contains(&word.to_lowercase().as_str())
}
