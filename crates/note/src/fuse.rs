//! Questions are not findings; a question and its answer are.

use crate::sentences::{Sentence, bare_words};

const NO: &[&str] = &["no", "nope", "nah", "none", "never"];
const YES: &[&str] = &["yes", "yeah", "yep", "yup"];

/// Words that may stand around a yes or no without changing it.
const POLITE: &[&str] = &[
    "sir", "ma'am", "doctor", "i", "do", "don't", "haven't", "have", "not", "am", "i'm", "um", "uh",
];

/// What a plain question begins with; the finding follows.
const OPENINGS: &[&str] = &[
    "any",
    "do you have any",
    "do you have",
    "do you get any",
    "have you had any",
    "have you had",
    "have you noticed any",
    "have you noticed",
    "are you having any",
    "are you having",
    "are you experiencing any",
    "is there any",
    "was there any",
    "and any",
    "and do you have any",
    "and have you had any",
    "so any",
    "okay any",
];

/// A finding with one of these leans on something said elsewhere, or is none.
const LEANING: &[&str] = &[
    "you",
    "your",
    "you're",
    "i'm",
    "here",
    "where",
    "i",
    "me",
    "my",
    "we",
    "it",
    "that",
    "this",
    "those",
    "these",
    "them",
    "there",
    "like",
    "else",
    "other",
    "question",
    "questions",
    "concerns",
    "thoughts",
    "no",
    "not",
    "never",
    "without",
    "he",
    "she",
    "they",
    "problems",
    "issues",
    "trouble",
    "so",
    "when",
    "if",
    "then",
    "what",
    "how",
    "more",
];

/// In words.
const LONGEST_FINDING: usize = 6;

/// An answer longer than this says enough by itself, without its question.
const SHORT_ANSWER: usize = 6;

/// Puts each question and its answer into one sentence: `any fever? no` becomes `Denies fever`, what is less plain stays in
/// its own words, and questions that nobody answered are left out.
pub(crate) fn fuse(sentences: Vec<Sentence>) -> Vec<Sentence> {
    let mut fused = Vec::with_capacity(sentences.len());
    let mut waiting: Option<Sentence> = None;
    for sentence in sentences {
        if sentence.question {
            waiting = Some(sentence);
        } else if let Some(question) = waiting.take() {
            fused.push(answered(question, sentence));
        } else {
            fused.push(sentence);
        }
    }
    fused
}

fn answered(question: Sentence, answer: Sentence) -> Sentence {
    let words = bare_words(&answer.text);
    let begins_with = |list: &[&str]| words.first().is_some_and(|first| list.contains(&first.as_str()));
    let only_polite = words
        .iter()
        .skip(1)
        .all(|w| POLITE.contains(&w.as_str()) || NO.contains(&w.as_str()) || YES.contains(&w.as_str()));
    if !begins_with(NO) && !begins_with(YES) && words.len() > SHORT_ANSWER {
        return answer;
    }
    let finding = finding(&question.text);
    let text = match finding {
        Some(finding) if only_polite && begins_with(NO) && !words.iter().any(|w| YES.contains(&w.as_str())) => {
            format!("Denies {finding}")
        }
        Some(finding) if only_polite && begins_with(YES) && !negated(&words) => format!("Reports {finding}"),
        Some(_) | None => format!("{} {}", question.text, answer.text),
    };
    let mut sources = question.sources;
    sources.extend(answer.sources);
    sources.dedup();
    Sentence {
        sources,
        text,
        question: false,
    }
}

fn negated(words: &[String]) -> bool {
    words
        .iter()
        .any(|w| NO.contains(&w.as_str()) || w.ends_with("n't") || w == "not")
}

/// What a plain question asks for, in its own words.
fn finding(question: &str) -> Option<&str> {
    let words = bare_words(question);
    let opening = OPENINGS
        .iter()
        .map(|opening| opening.split(' ').count())
        .filter(|&n| words.len() > n && OPENINGS.contains(&words[..n].join(" ").as_str()))
        .max()?;
    let rest = &words[opening..];
    let plain = rest.len() <= LONGEST_FINDING && !rest.iter().any(|w| LEANING.contains(&w.as_str()));
    // The words as they were said: `COPD` stays in capitals, a comma stays where it was.
    let mut said = question.trim_start();
    let mut to_skip = opening;
    while to_skip > 0 {
        let (word, after) = said.split_once(char::is_whitespace)?;
        to_skip -= usize::from(word.contains(char::is_alphanumeric));
        said = after.trim_start();
    }
    plain.then(|| said.trim_matches(|c: char| !c.is_alphanumeric()))
}
