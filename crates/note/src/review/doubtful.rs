//! Words that the recogniser was unsure of and that reached the note.

use std::collections::HashMap;

use speech::{SegmentId, Span, Transcript};

use super::{Flag, Place, Reason, overlapping, span};
use crate::support::claims::{Claim, Claimed, content, of_statement};
use crate::{Draft, Evidence, understand};

/// The doubtful words of a transcript, and what was claimed with them.
pub(super) struct Doubtful {
    words: HashMap<SegmentId, Vec<(Span, String)>>,
    claims: Vec<DoubtfulClaim>,
}

struct DoubtfulClaim {
    claim: Claim,
    evidence: Vec<Evidence>,
    /// As it was heard.
    heard: String,
}

impl Doubtful {
    pub fn of(transcript: &Transcript) -> Doubtful {
        let mut words: HashMap<SegmentId, Vec<(Span, String)>> = HashMap::new();
        for segment in transcript
            .segments()
            .iter()
            .filter(|segment| !segment.doubtful.is_empty())
        {
            let heard = segment
                .doubtful
                .iter()
                .map(|&at| (at, at.of(&segment.text).trim().to_owned()));
            words.insert(segment.id, heard.filter(|(_, word)| !word.is_empty()).collect());
        }
        let mut doubtful = Doubtful {
            words,
            claims: Vec::new(),
        };
        if doubtful.words.is_empty() {
            return doubtful;
        }
        for statement in understand(transcript) {
            for Claimed { at, claim } in of_statement(&statement) {
                if matches!(claim, Claim::Finding { .. } | Claim::Report(_) | Claim::Implausible(_)) {
                    continue;
                }
                let evidence = statement.evidence_of(at);
                let heard: Vec<String> = doubtful.within(&evidence).map(|(_, word)| word.clone()).collect();
                if !heard.is_empty() {
                    let heard = heard.join(" ");
                    doubtful.claims.push(DoubtfulClaim { claim, evidence, heard });
                }
            }
        }
        doubtful
    }

    /// The doubtful words that lie in these places.
    fn within<'a>(&'a self, places: &'a [Evidence]) -> impl Iterator<Item = &'a (Span, String)> {
        places.iter().flat_map(|place| {
            let words = self.words.get(&place.segment).map(Vec::as_slice).unwrap_or_default();
            words
                .iter()
                .filter(|(at, _)| at.start < place.span.end && place.span.start < at.end)
        })
    }

    /// The flags of a line with these claims.
    pub fn flags(&self, draft: &Draft, place: Place, claims: &[Claimed]) -> Vec<Flag> {
        let line = place.of(draft);
        let mut found: Vec<(Span, Reason)> = Vec::new();
        for doubtful in self
            .claims
            .iter()
            .filter(|doubtful| touch(&doubtful.evidence, &line.evidence))
        {
            for claimed in claims.iter().filter(|claimed| same(&claimed.claim, &doubtful.claim)) {
                let heard = doubtful.heard.clone();
                found.push((claimed.at, Reason::DoubtfulClaim { heard }));
            }
        }
        let lower = line.text.to_ascii_lowercase();
        for (_, heard) in self
            .within(&line.evidence)
            .filter(|(_, heard)| content(&heard.to_lowercase()))
        {
            let reached = whole_word(&lower, &heard.to_ascii_lowercase());
            if let Some(at) = reached.filter(|&at| !overlapping(claims, at)) {
                let heard = heard.clone();
                found.push((at, Reason::DoubtfulWord { heard }));
            }
        }
        found.sort_by_key(|(at, _)| *at);
        found.dedup();
        found
            .into_iter()
            .map(|(at, reason)| place.flag(draft, Some(at), reason))
            .collect()
    }
}

fn touch(a: &[Evidence], b: &[Evidence]) -> bool {
    let overlap =
        |x: &Evidence, y: &Evidence| x.segment == y.segment && x.span.start < y.span.end && y.span.start < x.span.end;
    a.iter().any(|x| b.iter().any(|y| overlap(x, y)))
}

/// The same number, medication, side or negation; their surroundings may differ.
fn same(a: &Claim, b: &Claim) -> bool {
    match (a, b) {
        (Claim::Number { value: a, .. }, Claim::Number { value: b, .. }) => a == b,
        (Claim::Drug { name: a, .. }, Claim::Drug { name: b, .. }) => a == b,
        (Claim::Side { side: a, .. }, Claim::Side { side: b, .. }) => a == b,
        (Claim::Negation(a), Claim::Negation(b)) => a.iter().any(|word| b.contains(word)),
        _ => false,
    }
}

fn whole_word(text: &str, word: &str) -> Option<Span> {
    let apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let whole = |&(at, word): &(usize, &str)| {
        apart(text[..at].chars().next_back()) && apart(text[at + word.len()..].chars().next())
    };
    let found = text.match_indices(word).find(whole);
    found.map(|(at, word)| span(at, at + word.len()))
}
