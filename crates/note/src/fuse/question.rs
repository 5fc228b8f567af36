//! What a plain question asks for.

use crate::lexicon::{Match, Sense, matches};
use crate::words::Token;

/// The finding that a plain question asks for, in its own words.
pub(crate) struct Asked {
    from: usize,
    to: usize,
    /// "No fever?": asked as if it were not there.
    pub negative: bool,
}

/// What a plain question begins with; the finding follows.
const OPENINGS: &[&[&str]] = &[
    &["any"],
    &["do", "you", "have"],
    &["do", "you", "get"],
    &["do", "you", "ever", "get"],
    &["do", "you", "ever", "have"],
    &["have", "you", "had"],
    &["have", "you", "ever", "had"],
    &["have", "you", "noticed"],
    &["have", "you", "experienced"],
    &["have", "you", "been", "having"],
    &["have", "you", "been", "experiencing"],
    &["have", "you", "had", "a"],
    &["have", "you", "ever", "had", "a"],
    &["do", "you", "have", "a"],
    &["are", "you", "having"],
    &["are", "you", "experiencing"],
    &["are", "you", "getting"],
    &["is", "there"],
    &["was", "there"],
    &["were", "there"],
    &["did", "you", "have"],
    &["did", "you", "notice"],
    &["did", "you", "get"],
    &["do", "you", "notice"],
    &["have", "you", "got"],
    &["how", "about"],
    &["what", "about"],
    &["do", "you", "currently", "have"],
    &["are", "you", "currently", "having"],
    &["are", "you", "still", "having"],
    &["have", "you", "had", "recent"],
    &["you", "have"],
    &["you're", "having"],
    &["do", "you", "experience"],
    &["do", "you", "ever", "experience"],
    &["have", "you", "recently", "had"],
    &["and"],
];

/// The same with the answer already in it.
const NEGATIVE: &[&[&str]] = &[
    &["no"],
    &["you", "don't", "have"],
    &["you", "haven't", "had"],
    &["you", "haven't", "noticed"],
    &["you're", "not", "having"],
    &["you", "are", "not", "having"],
    &["you", "deny"],
    &["no", "history", "of"],
    &["there's", "no"],
];

/// Behind an opening: what is asked for is one of many.
const SUCH_AS: &[&[&str]] = &[
    &["any"],
    &["any", "other"],
    &["any", "symptoms", "like"],
    &["any", "other", "symptoms", "like"],
    &["symptoms", "like"],
    &["other", "symptoms"],
    &["other", "symptoms", "like"],
    &["other", "symptoms", "such", "as"],
    &["any", "symptoms", "such", "as"],
    &["any", "other", "symptoms", "such", "as"],
    &["any", "other", "symptoms"],
    &["any", "issues", "like"],
    &["anything", "like"],
    &["other", "things", "like"],
    &["any", "of", "the", "following"],
    &["any", "other", "things", "like"],
    &["any", "kind", "of"],
    &["any", "type", "of"],
    &["any", "sort", "of"],
    &["kind", "of"],
    &["type", "of"],
    &["sort", "of"],
];

/// What stands behind a finding and adds nothing.
const TAILS: &[&[&str]] = &[
    &["at", "all"],
    &["or", "anything", "like", "that"],
    &["anything", "like", "that"],
    &["or", "anything"],
    &["things", "like", "that"],
    &["that", "sort", "of", "thing"],
    &["that", "kind", "of", "thing"],
    &["that", "you", "know", "of"],
    &["that", "you've", "noticed"],
    &["or", "not"],
    &["okay"],
    &["right"],
    &["or", "no"],
    &["or", "anything", "else"],
    &["with", "that"],
    &["with", "this"],
    &["with", "it"],
    &["or", "any", "of", "that"],
    &["or", "something", "like", "that"],
    &["anything", "of", "that", "nature"],
    &["or", "anything", "of", "that", "nature"],
    &["though"],
    &["too"],
];

/// A verb that is asked for becomes what is denied or reported.
const VERBS: &[(&str, &str)] = &[
    ("feel", "feeling"),
    ("smoke", "smoking"),
    ("smoked", "smoking"),
    ("drink", "drinking"),
    ("use", "using"),
    ("used", "using"),
    ("take", "taking"),
    ("vape", "vaping"),
    ("snore", "snoring"),
    ("exercise", "exercising"),
    ("bruise", "bruising"),
    ("bleed", "bleeding"),
    ("cough", "coughing"),
    ("wheeze", "wheezing"),
    ("wear", "wearing"),
];

/// What a question may begin with before it asks.
const LEADS: &[&str] = &[
    "and", "so", "okay", "ok", "alright", "um", "uh", "well", "now", "also", "then", "but",
];

/// A finding with one of these leans on something said elsewhere, or is none.
const LEANING: &[&str] = &[
    "you",
    "you're",
    "you've",
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
    "question",
    "questions",
    "concerns",
    "thoughts",
    "not",
    "never",
    "without",
    "he",
    "she",
    "they",
    "so",
    "when",
    "if",
    "then",
    "what",
    "how",
    "more",
    "anyone",
    "anybody",
    "family",
    "or-",
    "it's",
];

/// In words; longer where every word of it is known to be about a finding.
const LONGEST_UNKNOWN: usize = 6;
const LONGEST_KNOWN: usize = 24;

pub(crate) fn of(tokens: &[Token]) -> Option<Asked> {
    let led = tokens.iter().take_while(|token| token.is_any(LEADS)).count();
    let rest = &tokens[led..];
    let negative = longest(NEGATIVE, rest);
    let opening = longest(OPENINGS, rest);
    let verb = verb(rest);
    let (opened, verb_asked) = match verb {
        Some(length) if length >= opening => (length, true),
        _ => (opening.max(negative), false),
    };
    // "And the fever?" asks; "and" alone opens nothing.
    if opened == 0 {
        return None;
    }
    let mut from = led + opened;
    if !verb_asked {
        from += longest(SUCH_AS, &tokens[from..]);
    }
    let to = tokens.len() - tail(&tokens[from..]);
    let asked = &tokens[from..to];
    let found: Vec<Match> = matches(asked)
        .into_iter()
        .filter(|found| !matches!(found.sense, Sense::Context(_)))
        .collect();
    let known = !found.is_empty();
    let longest = if known { LONGEST_KNOWN } else { LONGEST_UNKNOWN };
    let fits = (1..=longest).contains(&asked.len());
    // "Burning when you urinate" is one finding, and leans on nothing.
    let named = |at: usize| found.iter().any(|found| found.at <= at && at < found.end());
    let leans = asked.iter().enumerate().any(|(at, token)| {
        let leaning = token.is_any(LEANING) || (token.is("your") && !known);
        (leaning && !named(at)) || (token.ends_sentence() && !token.mark.contains('?'))
    });
    let doubled = negative == 0 && asked.iter().any(|token| token.is("no"));
    (fits && !leans && !doubled).then_some(Asked {
        from,
        to,
        negative: negative >= opening && negative > 0,
    })
}

impl Asked {
    /// The words of the finding; "any" and "your" say nothing in a note.
    pub fn take(&self, tokens: &mut Vec<Token>) -> Vec<Token> {
        tokens.truncate(self.to);
        let mut asked = tokens.split_off(self.from.min(self.to));
        asked.retain(|token| !token.is_any(&["any", "your", "no"]));
        while asked.len() > 1 && asked[0].is_any(&["a", "an", "the"]) {
            asked.remove(0);
        }
        if let Some(first) = asked.first_mut()
            && let Some((_, ing)) = VERBS.iter().find(|(verb, _)| first.is(verb))
        {
            first.text = (*ing).into();
            first.key = (*ing).into();
        }
        asked
    }
}

/// "How long?", "where is it?": wants words, not a yes or no.
pub(crate) fn wants_words(tokens: &[Token]) -> bool {
    let led = tokens.iter().take_while(|token| token.is_any(LEADS)).count();
    let asks = [
        "how", "when", "where", "what", "what's", "which", "who", "why", "describe",
    ];
    tokens.get(led).is_some_and(|first| first.is_any(&asks))
        && !tokens.get(led + 1).is_some_and(|second| second.is("about"))
}

/// "Has the pain gotten better?": there is pain, whatever the answer.
pub(crate) fn takes_for_granted(tokens: &[Token]) -> bool {
    let key = |at: usize| tokens.get(at).map_or("", |token| token.key.as_ref());
    let open = tokens
        .iter()
        .any(|token| token.is_any(&["still", "there", "gone", "any", "back", "possible", "have", "had"]));
    let verb = matches!(key(0), "is" | "has" | "does" | "did" | "was" | "are" | "have" | "do");
    // "Have you put anything on the rash?"
    let named = matches(tokens)
        .into_iter()
        .filter(|found| matches!(found.sense, Sense::Finding(_)));
    let owned =
        |at: usize| (at.saturating_sub(3)..at).any(|before| matches!(key(before), "the" | "your" | "that" | "this"));
    let done = matches!(key(0), "have" | "did") && key(1) == "you" && tokens.iter().any(|token| token.is("anything"));
    let subject = verb && matches!(key(1), "the" | "your" | "that" | "this");
    (subject && !open) || (done && named.into_iter().any(|found| owned(found.at)))
}

/// Whether a question speaks of something that it does not name.
pub(crate) fn leans(tokens: &[Token]) -> bool {
    let points = |(at, token): (usize, &Token)| {
        let next = tokens.get(at + 1);
        let joins = next.is_some_and(|next| next.is_any(&["you", "i", "we", "the", "they", "he", "she"]));
        token.is_any(&["it", "this", "those", "these", "them"]) || (token.is("that") && !joins)
    };
    let bare = tokens.len() <= 3
        && tokens[0].is_any(&["how", "when", "where", "since"])
        && tokens
            .get(1)
            .is_none_or(|second| second.is_any(&["long", "often", "bad", "much", "many", "when", "exactly", "severe"]));
    bare || tokens.iter().enumerate().any(points)
}

fn longest(list: &[&[&str]], tokens: &[Token]) -> usize {
    let fits =
        |words: &&&[&str]| words.len() < tokens.len() && words.iter().zip(tokens).all(|(word, token)| token.is(word));
    list.iter().filter(fits).map(|words| words.len()).max().unwrap_or(0)
}

/// How many words lead to a verb that is asked for: "do you ever", "have you been".
fn verb(tokens: &[Token]) -> Option<usize> {
    let leads: [(&[&str], bool); 6] = [
        (&["do", "you"], false),
        (&["do", "you", "ever"], false),
        (&["have", "you", "ever"], false),
        (&["do", "you", "currently"], false),
        (&["are", "you"], true),
        (&["have", "you", "been"], true),
    ];
    let fits = |&(words, ing): &(&[&str], bool)| {
        let begins = words.len() < tokens.len() && words.iter().zip(tokens).all(|(word, token)| token.is(word));
        begins
            && tokens.get(words.len()).is_some_and(|verb| {
                if ing {
                    verb.key.ends_with("ing") && !verb.is_any(&["having", "experiencing", "getting", "doing", "taking"])
                } else {
                    VERBS.iter().any(|(word, _)| verb.is(word))
                }
            })
    };
    leads
        .iter()
        .filter(|lead| fits(lead))
        .map(|(words, _)| words.len())
        .max()
}

fn tail(tokens: &[Token]) -> usize {
    let mut cut = 0;
    loop {
        let rest = &tokens[..tokens.len() - cut];
        let fits = |words: &&&[&str]| {
            words.len() < rest.len()
                && words
                    .iter()
                    .zip(&rest[rest.len() - words.len()..])
                    .all(|(word, token)| token.is(word))
        };
        match TAILS.iter().filter(fits).map(|words| words.len()).max() {
            Some(length) => cut += length,
            None => return cut,
        }
    }
}
