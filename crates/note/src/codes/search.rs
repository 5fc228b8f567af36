//! Words → codes. The list is read through once for each query: that takes a few milliseconds, and needs no index.

use super::{Code, Codes};

/// What people say, and what the list calls it, one pair for each line of the file: `said = meant` wherever it is said,
/// `said == meant` where nothing else is.
const SYNONYMS: &str = include_str!("synonyms.txt");

/// Words that tell no code from another.
const EMPTY_WORDS: &[&str] = &[
    "a",
    "an",
    "and",
    "at",
    "by",
    "for",
    "has",
    "her",
    "his",
    "in",
    "is",
    "likely",
    "most",
    "my",
    "new",
    "of",
    "on",
    "or",
    "patient",
    "possible",
    "probable",
    "probably",
    "suspect",
    "suspected",
    "the",
    "this",
    "to",
    "with",
    "which",
    "your",
];

/// Words of the titles for the general case, which is what a few words ask for.
const GENERAL: &[&str] = &[
    "unspecified",
    "without",
    "complications",
    "complication",
    "uncomplicated",
];

/// Later encounters and late effects are not what a first search is for, unless it names them.
const LATER: &[&str] = &[" sequela", " subsequent"];

/// Chapters that describe circumstances (V–Y), pregnancies (O) and newborns (P): behind the conditions themselves.
const APART: [char; 6] = ['O', 'P', 'V', 'W', 'X', 'Y'];

/// The share of a query's weight that a title must hold when none holds all of its words.
const ENOUGH: f32 = 0.55;

impl Codes {
    /// The best matches first, at most so many: codes that begin with the query, or else titles with all of its words (each
    /// may be cut short), or else titles with most of what tells it apart.
    pub fn search(&self, query: &str, most: usize) -> Vec<Code<'_>> {
        let by_code = self.by_code(query);
        if !by_code.is_empty() {
            return by_code.into_iter().take(most).map(|place| self.at(place)).collect();
        }
        let wanted = wanted(query);
        let mut found = self.by_words(&wanted);
        found.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        found.into_iter().take(most).map(|(_, place)| self.at(place)).collect()
    }

    fn by_code(&self, query: &str) -> Vec<usize> {
        let code: String = query
            .trim()
            .chars()
            .filter(|&c| c != '.')
            .collect::<String>()
            .to_ascii_uppercase();
        let like_a_code = code.starts_with(|c: char| c.is_ascii_uppercase())
            && code[1..].starts_with(|c: char| c.is_ascii_digit())
            && code.chars().all(|c| c.is_ascii_alphanumeric());
        if !like_a_code {
            return Vec::new();
        }
        let places: Vec<usize> = (0..self.len()).collect();
        let from = places.partition_point(|&place| self.at(place).code < code.as_str());
        (from..self.len())
            .take_while(|&place| self.at(place).code.starts_with(&code))
            .collect()
    }

    /// Each match with its cost: the lower, the better.
    fn by_words(&self, wanted: &[String]) -> Vec<(f32, usize)> {
        if wanted.is_empty() {
            return Vec::new();
        }
        let hits: Vec<u64> = (0..self.len()).map(|place| held(self.words(place), wanted)).collect();
        let all = u64::MAX >> (64 - wanted.len());
        let whole: Vec<(f32, usize)> = hits
            .iter()
            .enumerate()
            .filter(|&(_, &hit)| hit == all)
            .map(|(place, _)| (self.cost(place, wanted), place))
            .collect();
        if !whole.is_empty() {
            return whole;
        }
        // A rare word tells more than a common one.
        let weight = |at: usize| {
            let holding = hits.iter().filter(|&&hit| hit >> at & 1 == 1).count();
            match holding {
                0 => 0.0,
                _ => (self.len() as f32 / holding as f32).ln(),
            }
        };
        let weights: Vec<f32> = (0..wanted.len()).map(weight).collect();
        let total: f32 = weights.iter().sum();
        let weigh = |hit: u64| {
            (0..wanted.len())
                .filter(|&at| hit >> at & 1 == 1)
                .map(|at| weights[at])
                .sum::<f32>()
        };
        hits.iter()
            .enumerate()
            .filter(|&(_, &hit)| hit != 0 && weigh(hit) >= ENOUGH * total)
            .map(|(place, &hit)| (self.cost(place, wanted) + 3.0 * (total - weigh(hit)), place))
            .collect()
    }

    fn cost(&self, place: usize, wanted: &[String]) -> f32 {
        let words = self.words(place);
        let asked = |what: &str| wanted.iter().any(|w| what.trim_start().starts_with(w.as_str()));
        let beside = words
            .split(' ')
            .filter(|word| !word.is_empty() && !GENERAL.contains(word) && !EMPTY_WORDS.contains(word))
            .filter(|word| !wanted.iter().any(|w| begins(word, w)))
            .count();
        let later = LATER
            .iter()
            .filter(|later| words.contains(**later) && !asked(later))
            .count();
        let apart = self.at(place).code.starts_with(APART);
        let first = wanted.iter().any(|w| words[1..].starts_with(w.as_str()));
        beside as f32 + 4.0 * later as f32 + if apart { 3.0 } else { 0.0 } + if first { 0.0 } else { 0.5 }
    }
}

/// The words of a query as the list would say them, at most 64.
fn wanted(query: &str) -> Vec<String> {
    let mut spoken = format!(" {} ", words(query).collect::<Vec<_>>().join(" "));
    for (said, meant) in SYNONYMS.lines().filter_map(|line| line.split_once(" = ")) {
        spoken = spoken.replace(&format!(" {said} "), &format!(" {meant} "));
    }
    let mut alone = SYNONYMS.lines().filter_map(|line| line.split_once(" == "));
    if let Some((_, meant)) = alone.find(|(said, _)| *said == spoken.trim()) {
        spoken = meant.into();
    }
    let mut wanted: Vec<String> = Vec::new();
    for word in spoken.split_whitespace().filter(|word| !EMPTY_WORDS.contains(word)) {
        let word = singular(word);
        if !wanted.iter().any(|w| w == word) && wanted.len() < 64 {
            wanted.push(word.into());
        }
    }
    wanted
}

/// Lower case, cut at everything that is neither letter nor digit; `Crohn's` is one word.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    let apart = |c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’');
    let bare = |word: &str| word.to_lowercase().replace(['\'', '’'], "");
    text.split(apart).map(bare).filter(|word| !word.is_empty())
}

fn singular(word: &str) -> &str {
    match word.strip_suffix('s') {
        Some(one) if one.len() > 3 && !one.ends_with(['s', 'i', 'u']) => one,
        Some(_) | None => word,
    }
}

/// Which of the wanted words a title holds, as bits.
fn held(words: &str, wanted: &[String]) -> u64 {
    let holds = |w: &str| {
        words
            .match_indices(w)
            .any(|(at, _)| words.as_bytes()[at - 1] == b' ' && begins(&words[at..], w))
    };
    let bits = wanted
        .iter()
        .enumerate()
        .filter(|(_, w)| holds(w))
        .map(|(at, _)| 1u64 << at);
    bits.fold(0, |all, bit| all | bit)
}

/// A long word may be cut short; a short one or a number stands alone.
fn begins(word: &str, wanted: &str) -> bool {
    let cut_short = wanted.len() > 3 && !wanted.contains(|c: char| c.is_ascii_digit());
    word.strip_prefix(wanted)
        .is_some_and(|rest| cut_short || rest.is_empty() || rest.starts_with(' '))
}
