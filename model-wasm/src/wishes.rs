//! Words that somebody expects to be said, as a tree of tokens: what may come next gets a bonus.
//!
//! The bonus is b·(1 + ln depth), where the first token of a term has depth 1: the more of a term was heard, the surer it is
//! that the rest follows. It counts only for what the network itself holds to be possible ([`crate::ops::GATE`]). A term
//! stands in the tree as it is written in the list, in lower case, and with a capital first letter; it begins with a
//! space, so that none begins inside of a word.

use std::collections::{BTreeMap, HashSet};
use std::ops::RangeInclusive;

use crate::tokens::{Encoder, Vocabulary};

/// b, in natural logarithms.
pub const BONUS: f32 = 2.0;

/// A term stays only if the network held its tokens to be so likely, as a geometric mean: a wish is no reason to write what was
/// hardly heard, and a wrong name is worse than one that is misspelled.
pub const SURE: f32 = 0.3;

/// Terms that are expected at once; what a list has beyond them is not listened for.
pub const MOST: usize = 20_000;

/// Tokens of the longest term that is listened for.
const LONGEST: usize = 40;

/// What may be written right behind a word. A tokenizer may have made one token of it and the word's last letters.
const ENDINGS: [&str; 6] = ["", ",", ".", "?", ".\n", "?\n"];

/// The terms that are expected.
#[derive(Clone, Default)]
pub struct Wishes {
    nodes: Vec<Node>,
    /// Terms of which at least one spelling stands in the tree.
    terms: usize,
    /// Tokens that go on with a word that was begun, by id.
    inside: Vec<bool>,
    bonus: f32,
    sure: f32,
}

#[derive(Clone, Default)]
struct Node {
    /// By token, where it leads.
    next: BTreeMap<u32, u32>,
    /// A term ends here.
    ends: bool,
}

/// How a wish that was followed stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The term may still be said.
    Open,
    /// With the token at which it began.
    Said(usize),
    /// It was not said after all.
    Failed,
}

impl Wishes {
    /// What cannot be spelled with these tokens is left out, and so is what comes after [`MOST`].
    pub fn new(terms: &[String], vocabulary: &Vocabulary) -> Self {
        Self::with(terms, vocabulary, [BONUS, SURE])
    }

    /// With another b, and another likelihood from which a term stays, to measure.
    pub fn with(terms: &[String], vocabulary: &Vocabulary, [bonus, sure]: [f32; 2]) -> Self {
        let encoder = Encoder::new(vocabulary);
        let inside = vocabulary
            .pieces
            .iter()
            .map(|piece| Vocabulary::goes_on(piece))
            .collect();
        let mut wishes = Self {
            nodes: vec![Node::default()],
            terms: 0,
            inside,
            bonus,
            sure,
        };
        let mut known = HashSet::new();
        for term in terms.iter().take(MOST) {
            let lower = term.to_lowercase();
            if !known.insert(lower.clone()) {
                continue;
            }
            let mut spellings = vec![term.clone(), capitalised(&lower), lower];
            spellings.dedup();
            let spelled = spellings
                .iter()
                .filter(|spelling| wishes.add(spelling, &encoder))
                .count();
            wishes.terms += usize::from(spelled > 0);
        }
        wishes
    }

    /// How many different terms are expected.
    pub fn len(&self) -> usize {
        self.terms
    }

    pub fn is_empty(&self) -> bool {
        self.terms == 0
    }

    /// The tokens that are welcome after these, and their bonuses.
    pub fn after(&self, tokens: &[u32]) -> Vec<(u32, f32)> {
        if self.is_empty() {
            return Vec::new();
        }
        let mut welcome = Vec::new();
        let longest = tokens.len().min(LONGEST);
        for depth in 0..=longest {
            if let Some(node) = self.walk(&tokens[tokens.len() - depth..]) {
                let bonus = self.bonus * (1.0 + (depth as f32 + 1.0).ln());
                welcome.extend(node.next.keys().map(|token| (*token, bonus)));
            }
        }
        welcome
    }

    /// What becomes of a wish that was followed when the token at `at` was said, once the next token is this one, or none.
    pub fn outcome(&self, tokens: &[u32], at: usize, next: Option<u32>) -> Outcome {
        let mut open = false;
        for start in starts(tokens, at) {
            let Some(node) = self.walk(&tokens[start..]) else {
                continue;
            };
            if node.ends && next.is_none_or(|next| self.inside.get(next as usize) != Some(&true)) {
                return Outcome::Said(start);
            }
            open |= next.is_some_and(|next| node.next.contains_key(&next));
        }
        if open { Outcome::Open } else { Outcome::Failed }
    }

    /// Whether a term whose tokens have these likelihoods was heard well enough to stay.
    pub fn stays(&self, probabilities: &[f32]) -> bool {
        let mean = probabilities.iter().map(|p| p.max(1e-6).ln()).sum::<f32>() / probabilities.len().max(1) as f32;
        mean >= self.sure.ln()
    }

    /// The rest of the term that the wish at `at` is about, as far as there is but one way on.
    pub fn rest(&self, tokens: &[u32], at: usize) -> Vec<u32> {
        let found = starts(tokens, at).find_map(|start| self.walk(&tokens[start..]));
        let mut rest = Vec::new();
        let Some(mut node) = found else { return rest };
        while !node.ends
            && node.next.len() == 1
            && let Some((token, to)) = node.next.first_key_value()
        {
            rest.push(*token);
            node = &self.nodes[*to as usize];
        }
        rest
    }

    fn walk(&self, tokens: &[u32]) -> Option<&Node> {
        let root = self.nodes.first()?;
        tokens
            .iter()
            .try_fold(root, |node, token| Some(&self.nodes[*node.next.get(token)? as usize]))
    }

    /// False for what cannot be spelled, or only with too many tokens.
    fn add(&mut self, spelling: &str, encoder: &Encoder<'_>) -> bool {
        let Some(plain) = encoder.encode(spelling) else {
            return false;
        };
        if plain.is_empty() || plain.len() > LONGEST {
            return false;
        }
        for ending in ENDINGS {
            let spelled = encoder.encode(&format!("{spelling}{ending}")).unwrap_or_default();
            // A mark that is a token of its own is nobody's wish.
            if ending.is_empty() || (!spelled.starts_with(&plain) && spelled.len() <= plain.len()) {
                self.add_tokens(&spelled);
            }
        }
        true
    }

    fn add_tokens(&mut self, tokens: &[u32]) {
        let mut at = 0;
        for token in tokens {
            let fresh = self.nodes.len() as u32;
            let to = *self.nodes[at].next.entry(*token).or_insert(fresh);
            if to == fresh {
                self.nodes.push(Node::default());
            }
            at = to as usize;
        }
        self.nodes[at].ends = true;
    }
}

/// Where a term can begin that the token at `at` belongs to.
fn starts(tokens: &[u32], at: usize) -> RangeInclusive<usize> {
    tokens.len().saturating_sub(LONGEST)..=at
}

fn capitalised(term: &str) -> String {
    let mut chars = term.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Ids: 0–2 special, then the pieces in the order of their merges.
    fn vocabulary() -> Vocabulary {
        let letters = "▁abcdelmnoprstu.,";
        let merged = ["▁a", "to", "▁p", "ro", "ol", "ol,", "▁me", "pro", "▁A"];
        let pieces = ["<unk>", "<s>", "</s>", "A"].map(str::to_owned);
        Vocabulary {
            pieces: pieces
                .into_iter()
                .chain(letters.chars().map(String::from))
                .chain(merged.map(str::to_owned))
                .collect(),
            special: vec![0, 1, 2],
            byte_level: false,
        }
    }

    fn wishes(terms: &[&str]) -> Wishes {
        let terms: Vec<String> = terms.iter().map(|term| (*term).to_owned()).collect();
        Wishes::with(&terms, &vocabulary(), [2.0, 0.0])
    }

    fn ids(pieces: &[&str]) -> Vec<u32> {
        let vocabulary = vocabulary();
        let id = |piece: &&str| vocabulary.pieces.iter().position(|known| known == piece);
        pieces.iter().map(|piece| id(piece).expect("a piece") as u32).collect()
    }

    fn welcome(wishes: &Wishes, said: &[&str]) -> Vec<(String, f32)> {
        let pieces = vocabulary().pieces;
        let after = wishes.after(&ids(said)).into_iter();
        after
            .map(|(token, bonus)| (pieces[token as usize].clone(), bonus))
            .collect()
    }

    #[test]
    fn the_bonus_grows_with_the_logarithm_of_the_depth() {
        let wishes = wishes(&["atol"]);
        let first = ("▁a".to_owned(), 2.0);
        let capital = ("▁A".to_owned(), 2.0);
        assert_eq!(welcome(&wishes, &[]), [first.clone(), capital.clone()]);
        let second = 2.0 * (1.0 + 2.0_f32.ln());
        // Another term may begin anywhere; the one that was begun goes on.
        assert_eq!(
            welcome(&wishes, &["▁p", "▁a"]),
            [first.clone(), capital.clone(), ("to".to_owned(), second)]
        );
        let third = 2.0 * (1.0 + 3.0_f32.ln());
        assert_eq!(welcome(&wishes, &["▁a", "to"])[2..], [("l".to_owned(), third)]);
        assert_eq!(welcome(&wishes, &["▁a", "to", "l"]), [first, capital]);
    }

    #[test]
    fn a_mark_that_belongs_to_the_last_token_is_expected_with_it() {
        let wishes = wishes(&["prool"]);
        let ways: Vec<String> = welcome(&wishes, &["▁p", "ro"])
            .into_iter()
            .map(|(piece, _)| piece)
            .collect();
        assert!(
            ways.contains(&"ol".to_owned()) && ways.contains(&"ol,".to_owned()),
            "{ways:?}"
        );
        assert!(!ways.contains(&",".to_owned()));
    }

    #[test]
    fn a_wish_is_said_when_its_word_is_over() {
        let wishes = wishes(&["atol", "atol pro"]);
        let next = |piece: &str| Some(ids(&[piece])[0]);
        let said = ids(&["▁me", "▁a", "to"]);
        assert_eq!(wishes.outcome(&said, 1, next("l")), Outcome::Open);
        assert_eq!(wishes.outcome(&said, 1, next("▁p")), Outcome::Failed);
        assert_eq!(wishes.outcome(&said, 1, None), Outcome::Failed);
        let said = ids(&["▁me", "▁a", "to", "l"]);
        for next in [None, next("▁p"), next("▁me"), next(".")] {
            assert_eq!(wishes.outcome(&said, 1, next), Outcome::Said(1));
        }
        // In the middle of a longer word nothing was said.
        assert_eq!(wishes.outcome(&said, 1, next("s")), Outcome::Failed);
    }

    #[test]
    fn what_was_hardly_heard_does_not_stay() {
        let wishes = Wishes::with(&[], &vocabulary(), [2.0, 0.3]);
        assert!(wishes.stays(&[0.9, 0.1]) && wishes.stays(&[]));
        assert!(!wishes.stays(&[0.2, 0.2, 0.5]) && !wishes.stays(&[0.0, 1.0]));
    }

    #[test]
    fn there_is_one_rest_or_none() {
        let one = wishes(&["atol", "pro"]);
        let said = ids(&["▁me", "▁a"]);
        assert_eq!(one.rest(&said, 1), ids(&["to", "l"]));
        let two = wishes(&["atol", "atos"]);
        assert_eq!(two.rest(&said, 1), ids(&["to"]));
        assert!(one.rest(&said, 0).is_empty() && one.rest(&ids(&["▁me"]), 0).is_empty());
    }

    #[test]
    fn a_term_counts_once_whatever_its_case() {
        assert_eq!(wishes(&["atol", "ATOL", "Atol", "pro"]).len(), 2);
        assert!(wishes(&[]).is_empty() && wishes(&["世界"]).is_empty());
        assert_eq!(Wishes::default().after(&[4]), []);
    }

    proptest! {
        #[test]
        fn no_list_and_no_tokens_break_it(
            terms in prop::collection::vec("\\PC{0,80}|[ a-e]{1,30}", 0..12),
            tokens in prop::collection::vec(0_u32..60, 0..50),
            at in 0_usize..50,
            next in prop::option::of(0_u32..60),
        ) {
            let wishes = Wishes::new(&terms, &vocabulary());
            let pieces = vocabulary().pieces.len() as u32;
            for (token, bonus) in wishes.after(&tokens) {
                prop_assert!(token < pieces && bonus.is_finite() && bonus > 0.0);
            }
            let _ = wishes.outcome(&tokens, at.min(tokens.len()), next);
            let _ = wishes.rest(&tokens, at.min(tokens.len()));
        }
    }
}
