//! What an answer says before it says more.

use crate::words::Token;

/// How an answer begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Lead {
    Yes,
    No,
    /// "Correct": agrees with the question as it was put.
    Right,
    Unsure,
    None,
}

pub(crate) struct Answer {
    pub lead: Lead,
    /// How many of its words only say yes or no.
    pub courtesy: usize,
    /// What stands between a finding and the rest of the answer.
    pub joint: &'static str,
    /// "Okay", "I see": heard, and not answered.
    pub only_hears: bool,
}

const NO: &[&[&str]] = &[
    &["no"],
    &["nope"],
    &["nah"],
    &["none"],
    &["never"],
    &["negative"],
    &["not", "really"],
    &["not", "at", "all"],
    &["not", "that", "i"],
    &["not", "that", "i've"],
    &["not", "to", "my", "knowledge"],
    &["i", "don't", "think", "so"],
    &["i", "don't", "believe", "so"],
    &["i", "do", "not"],
    &["i", "don't"],
    &["i", "haven't"],
    &["i", "have", "not"],
    &["i", "didn't"],
    &["i", "did", "not"],
    &["i'm", "not"],
    &["i", "am", "not"],
    &["nothing", "like", "that"],
    &["none", "of", "that"],
    &["none", "of", "those"],
    &["none", "at", "all"],
    &["neither"],
    &["absolutely", "not"],
    &["definitely", "not"],
    &["of", "course", "not"],
    &["not", "any"],
    &["not"],
    &["nothing"],
    &["hardly", "ever"],
    &["hardly"],
    &["rarely", "if", "ever"],
    &["nuh-uh"],
];

const YES: &[&[&str]] = &[
    &["yes"],
    &["yeah"],
    &["yep"],
    &["yup"],
    &["yea"],
    &["ya"],
    &["uh-huh"],
    &["mm-hmm"],
    &["mhm"],
    &["mm", "hmm"],
    &["i", "do"],
    &["i", "have"],
    &["i", "am"],
    &["i", "did"],
    &["definitely"],
    &["absolutely"],
    &["of", "course"],
    &["certainly"],
    &["sometimes"],
    &["occasionally"],
    &["a", "little"],
    &["a", "bit"],
    &["a", "lot"],
    &["all", "the", "time"],
    &["once", "in", "a", "while"],
    &["every", "now", "and", "then"],
    &["on", "and", "off"],
    &["both"],
    &["quite", "a", "bit"],
];

const RIGHT: &[&[&str]] = &[
    &["correct"],
    &["right"],
    &["that's", "right"],
    &["that's", "correct"],
    &["exactly"],
    &["that", "is", "correct"],
];

const UNSURE: &[&[&str]] = &[
    &["not", "sure"],
    &["i'm", "not", "sure"],
    &["i", "am", "not", "sure"],
    &["maybe"],
    &["perhaps"],
    &["possibly"],
    &["probably"],
    &["i", "don't", "know"],
    &["i", "do", "not", "know"],
    &["i", "think", "so"],
    &["i", "guess"],
    &["hard", "to", "say"],
    &["could", "be"],
    &["it", "could"],
    &["it", "might"],
    &["not", "certain"],
    &["not", "really", "sure"],
    &["not", "entirely", "sure"],
    &["not", "positive"],
    &["i", "don't", "remember"],
    &["not", "that", "i", "can", "tell"],
    &["i'm", "not", "certain"],
    &["no", "idea"],
    &["i", "have", "no", "idea"],
    &["i", "suppose"],
    &["it", "might", "be"],
    &["i'm", "not", "really", "sure"],
];

/// Words that may stand around a yes or no without changing it.
const POLITE: &[&str] = &[
    "sir",
    "ma'am",
    "doctor",
    "doc",
    "i",
    "do",
    "don't",
    "haven't",
    "have",
    "not",
    "am",
    "i'm",
    "um",
    "uh",
    "really",
    "at",
    "all",
    "that",
    "i've",
    "noticed",
    "know",
    "of",
    "nothing",
    "like",
    "none",
    "no",
    "it",
    "thank",
    "thankfully",
    "god",
    "goodness",
    "think",
    "so",
    "any",
    "those",
    "had",
    "can",
    "aware",
    "remember",
    "recall",
    "to",
    "my",
    "knowledge",
    "believe",
    "nope",
    "yes",
    "yeah",
    "did",
    "didn't",
    "definitely",
    "absolutely",
    "sure",
    "for",
    "actually",
    "yep",
    "mm-hmm",
    "okay",
    "either",
    "whatsoever",
];

/// With these an answer goes on in the same sentence.
const FRAGMENTS: &[&str] = &[
    "but",
    "just",
    "only",
    "except",
    "other",
    "for",
    "since",
    "about",
    "in",
    "on",
    "when",
    "a",
    "the",
    "sometimes",
    "at",
    "from",
    "every",
    "and",
    "mostly",
    "mainly",
    "especially",
    "usually",
    "with",
    "after",
    "before",
    "once",
    "twice",
    "over",
    "all",
    "around",
    "maybe",
    "like",
    "probably",
    "last",
    "this",
    "yesterday",
    "today",
    "then",
    "because",
    "if",
    "some",
    "not",
    "off",
];

pub(crate) fn of(tokens: &[Token]) -> Answer {
    let led = tokens
        .iter()
        .take_while(|token| {
            token.is_any(&[
                "um", "uh", "oh", "well", "so", "and", "hmm", "like", "god", "goodness", "gosh", "heavens", "lord",
            ])
        })
        .count();
    let said = &tokens[led..];
    let begins = |list: &[&[&str]]| {
        let fits =
            |words: &&&[&str]| words.len() <= said.len() && words.iter().zip(said).all(|(word, token)| token.is(word));
        list.iter().filter(fits).map(|words| words.len()).max().unwrap_or(0)
    };
    let lengths = [
        (begins(UNSURE), Lead::Unsure),
        (begins(NO), Lead::No),
        (begins(YES), Lead::Yes),
        (begins(RIGHT), Lead::Right),
    ];
    let (length, mut lead) = lengths
        .into_iter()
        .rev()
        .max_by_key(|&(length, _)| length)
        .unwrap_or((0, Lead::None));
    if length == 0 {
        lead = Lead::None;
    }
    let opposite = match lead {
        Lead::Yes => said
            .iter()
            .skip(length)
            .take(2)
            .any(|token| token.is_any(&["no", "nope", "not"])),
        Lead::No => said
            .iter()
            .skip(length)
            .take(2)
            .any(|token| token.is_any(&["yes", "yeah", "yep", "maybe"])),
        Lead::Right | Lead::Unsure | Lead::None => false,
    };
    if opposite {
        lead = Lead::Unsure;
    }
    // "I have a cough" and "A little rash" are told, not agreed with.
    let clause = said.iter().take_while(|token| !token.ends_clause()).count() + 1;
    let story = lead == Lead::Yes
        && length < clause.min(said.len())
        && said[0].is_any(&["i", "a", "all", "on", "both", "quite"]);
    if story {
        lead = Lead::None;
    }
    let courtesy = if matches!(lead, Lead::None | Lead::Unsure) {
        0
    } else {
        led + courtesy(said, length)
    };
    let rest = tokens.get(courtesy);
    // "Denies fever; just a cough": a comma would deny both.
    let contrasts = lead == Lead::No && rest.is_some_and(|next| next.is_any(&["just", "only", "mostly", "mainly"]));
    let fragment =
        rest.is_some_and(|next| next.is_any(FRAGMENTS) || next.key.starts_with(|c: char| c.is_ascii_digit()));
    Answer {
        lead,
        courtesy,
        joint: if fragment && !contrasts { "," } else { ";" },
        only_hears: tokens.iter().all(|token| {
            token.is_any(&[
                "okay", "ok", "alright", "i", "see", "all", "hmm", "sure", "great", "good", "gotcha",
            ])
        }),
    }
}

/// Yes or no, and the polite clauses behind it.
fn courtesy(said: &[Token], lead: usize) -> usize {
    let mut end = lead;
    loop {
        let length = said[end..]
            .iter()
            .position(Token::ends_clause)
            .map_or(said.len() - end, |at| at + 1);
        let closed = end == 0 || said[end - 1].ends_clause() || end == lead;
        let clause = &said[end..end + length];
        if clause.is_empty() || !closed || !clause.iter().all(|token| token.is_any(POLITE)) {
            return end;
        }
        end += length;
    }
}
