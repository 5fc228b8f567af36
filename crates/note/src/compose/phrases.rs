//! What speech needs and a note does not.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Term;

/// All words that a line may hold although nobody said them; none of them asserts anything.
pub const FIXED: &[&str] = &[
    "the",
    "patient",
    "patient's",
    "she",
    "he",
    "her",
    "his",
    "him",
    "their",
    "denies",
    "reports",
    "is",
    "has",
    "was",
    "does",
    "goes",
    "not",
    "no",
    "will",
    "we",
    "should",
    "going",
    "to",
    "want",
    "have",
    "because",
    "on",
    "exam",
    "of",
    "cannot",
    "there",
    "are",
    "were",
];

/// Whole words in place of spoken short forms.
pub(super) fn expanded(terms: Vec<Term>) -> Vec<Term> {
    let mut whole: Vec<Term> = Vec::with_capacity(terms.len() + 4);
    for term in terms {
        let parts: [&str; 2] = match term.key.as_str() {
            "can't" => ["cannot", ""],
            "won't" => ["will", "not"],
            "gonna" => ["going", "to"],
            "wanna" => ["want", "to"],
            "gotta" => ["have", "to"],
            "'cause" | "cuz" => ["because", ""],
            "let's" => ["let's", ""],
            "it's" => ["it", "is"],
            "that's" => ["that", "is"],
            "there's" => ["there", "is"],
            "what's" => ["what", "is"],
            "he's" => ["he", "is"],
            "she's" => ["she", "is"],
            key => match key.rsplit_once('\'') {
                Some(("i", "m")) => ["i", "am"],
                Some((stem, "re")) => [stem, "are"],
                Some((stem, "ve")) => [stem, "have"],
                Some((stem, "ll")) => [stem, "will"],
                Some((stem, "t")) if stem.ends_with('n') && stem.len() > 2 => [&stem[..stem.len() - 1], "not"],
                _ => {
                    whole.push(term);
                    continue;
                }
            },
        };
        let mut first = term.respelt(parts[0]);
        if parts[1].is_empty() {
            whole.push(first);
        } else {
            first.mark.clear();
            let second = term.respelt(parts[1]);
            whole.extend([first, second]);
        }
    }
    whole
}

/// Without the phrases that hold a conversation together.
pub(super) fn without_scaffolding(terms: Vec<Term>) -> Vec<Term> {
    let mut kept: Vec<Term> = Vec::with_capacity(terms.len());
    let mut at = 0;
    while at < terms.len() {
        // Two numbers must not become neighbours: they would read as one.
        let counts = |term: Option<&Term>| term.is_some_and(|term| number(&term.key));
        let between = |length: &usize| !(counts(kept.last()) && counts(terms.get(at + length)));
        match scaffold(&terms[at..]).filter(between) {
            Some(length) => {
                let mark = &terms[at + length - 1].mark;
                if let Some(last) = kept
                    .last_mut()
                    .filter(|last| last.mark.is_empty() && mark.contains(['.', '?', '!']))
                {
                    last.mark.clone_from(mark);
                }
                at += length;
            }
            None => {
                let term = terms[at].clone();
                let stutter = kept.last().is_some_and(|last| {
                    last.key == term.key && last.mark.chars().all(|c| c == ',' || c == '-') && !number(&term.key)
                });
                if stutter {
                    kept.pop();
                }
                kept.push(term);
                at += 1;
            }
        }
    }
    kept
}

fn number(key: &str) -> bool {
    key.contains(|c: char| c.is_ascii_digit()) || crate::numbers::is_number_word(key)
}

/// How many of the next terms are scaffolding.
fn scaffold(terms: &[Term]) -> Option<usize> {
    let phrases = SCAFFOLDING.get(terms[0].key.as_str())?;
    phrases
        .iter()
        .filter(|phrase| {
            phrase.len() <= terms.len()
                && phrase.iter().zip(terms).all(|(word, term)| term.is(word))
                && terms[..phrase.len() - 1]
                    .iter()
                    .all(|term| !term.mark.contains(['.', '?', '!']))
        })
        .map(Vec::len)
        .max()
}

/// Phrases by their first word.
static SCAFFOLDING: LazyLock<HashMap<&str, Vec<Vec<&str>>>> = LazyLock::new(|| {
    let mut by_first: HashMap<&str, Vec<Vec<&str>>> = HashMap::new();
    for phrase in PHRASES {
        let words: Vec<&str> = phrase.split(' ').collect();
        by_first.entry(words[0]).or_default().push(words);
    }
    by_first
});

/// Without what only leads in or trails off.
pub(super) fn trimmed(mut terms: Vec<Term>) -> Vec<Term> {
    let leading = terms
        .iter()
        .take_while(|term| LEADING.contains(&term.key.as_str()))
        .count();
    terms.drain(..leading);
    while terms.last().is_some_and(|last| TRAILING.contains(&last.key.as_str())) {
        terms.pop();
    }
    terms
}

const PHRASES: &[&str] = &[
    "you know",
    "i mean",
    "kind of",
    "sort of",
    "kinda",
    "sorta",
    "go ahead and",
    "i guess",
    "or anything like that",
    "or something like that",
    "and stuff like that",
    "or anything",
    "things like that",
    "anything like that",
    "and things like that",
    "like i said",
    "as i said",
    "to be honest",
    "i would say",
    "let us see",
    "just",
    "really",
    "actually",
    "basically",
    "obviously",
    "honestly",
    "um",
    "uh",
    "gosh",
    "wow",
    "please",
    "hey",
    "yeah",
    "okay",
    "ok",
    "oh",
    "of course",
    "i see that",
    "i see here that",
    "i understand that",
    "i understand",
    "i know that",
    "i know",
    "it says here that",
    "it says",
    "you said that",
    "you said",
    "you mentioned that",
    "you mentioned",
    "you told me that",
    "you told me",
    "pretty much",
    "at all",
    "for you",
    "thank you",
    "thanks",
    "sounds good",
    "that is good",
    "that is great",
    "that is fine",
    "i am glad to hear that",
    "i am sorry to hear that",
    "i am sorry",
    "very good",
    "right now",
    "as well",
    "anyway",
    "literally",
    "hopefully",
    "here in the office",
    "a little bit about",
    "for me",
    "hm",
    "mm-hmm",
    "yep",
    "yup",
    "right here",
    "in terms of",
    "as far as",
    "goes",
    "i want to make sure that",
    "i want to make sure",
    "the other thing is",
    "what i would like to do is",
    "what i want to do is",
    "what we will do is",
    "what we are going to do is",
    "i do want to",
    "first of all",
    "believe it or not",
    "i have to say",
    "or whatever",
    "and everything",
    "and all that",
    "for sure",
    "no problem",
    "no worries",
    "hi",
    "hello",
    "bye",
    "do you have any questions",
    "any questions",
    "does that sound good",
    "does that sound okay",
    "how does that sound",
    "does that make sense",
    "is that okay",
    "is that right",
    "dragon",
    "so to speak",
    "let me",
    "i noticed that",
    "i would say that",
];

const LEADING: &[&str] = &[
    "and", "but", "so", "then", "now", "well", "alright", "okay", "right", "because", "also", "again", "or", "like",
    "yes", "though", "too", "mister", "miss", "ma'am", "sir",
];

const TRAILING: &[&str] = &[
    "and", "but", "so", "then", "okay", "right", "too", "because", "or", "though", "with", "the", "a", "i", "to", "of",
    "is", "that", "it", "you", "if", "which", "my", "your", "as", "like", "alright", "well", "for", "we", "on", "in",
];
