//! Where a run of speech may be cut without changing what either part says.

use super::Term;

/// The word before, and whether a mark follows it; none at a beginning.
pub(crate) type Before<'k> = Option<(&'k str, bool)>;

/// Speech without marks: whether another sentence begins with this word, `length` words behind the beginning of the last.
pub(crate) fn begins(key: &str, next: &str, before: Before, length: usize) -> bool {
    let answers = |key: &str| ANSWERS.contains(&key) || TURNS.contains(&key);
    let answer = answers(key) || (key == "no" && NO_MORE.contains(&next));
    let again = before.is_some_and(|(before, _)| answers(before) || before == "no");
    (length > 0 && answer && !again)
        || (length >= LONG && starts_anew(key, next, before))
        || (length >= SHORTEST && starts_question(key, next, before))
}

/// Cuts at sentence ends, and before a conjunction with a subject of its own. Never behind a condition: what holds only
/// if something happens must not stand alone.
pub(super) fn split(terms: Vec<Term>) -> Vec<Vec<Term>> {
    let mut done: Vec<Vec<Term>> = Vec::new();
    let mut open: Vec<Term> = Vec::new();
    let mut conditional = false;
    for at in 0..terms.len() {
        let term = &terms[at];
        let next = terms.get(at + 1).map_or("", |next| next.key.as_str());
        let stop = open
            .last()
            .is_some_and(|last: &Term| last.mark.contains(['.', '?', '!', ';']));
        let turns = TURNS.contains(&term.key.as_str());
        let joins = open.len() >= SHORTEST
            && whole(&open)
            && terms.len() - at > SHORTEST
            && !conditional
            && CONJUNCTIONS.contains(&term.key.as_str())
            && SUBJECTS.contains(&next);
        let before = open.last().map(|last| (last.key.as_str(), !last.mark.is_empty()));
        let starts = open.len() >= LONG && whole(&open) && !conditional && starts_anew(&term.key, next, before);
        let asks = open.len() >= SHORTEST && !conditional && starts_question(&term.key, next, before);
        if stop || turns || joins || starts || asks {
            done.push(std::mem::take(&mut open));
            conditional = false;
        }
        conditional |= CONDITIONS.contains(&term.key.as_str());
        open.push(term.clone());
    }
    done.push(open);
    done.retain(|clause| !clause.is_empty());
    done
}

/// Speech without marks: a subject with its verb, and no word before it that leads up to one.
fn starts_anew(key: &str, next: &str, before: Before) -> bool {
    let leads = before.is_none_or(|(before, marked)| marked || LEADS.contains(&before));
    let on_exam = key == "on" && matches!(next, "your" | "exam" | "examination");
    !leads && ((STARTS.contains(&key) && VERBS.contains(&next)) || on_exam)
}

/// A question within speech without marks: it goes to a clause of its own.
fn starts_question(key: &str, next: &str, before: Before) -> bool {
    let leads = before
        .is_some_and(|(before, _)| LEADS.contains(&before) || STARTS.contains(&before) || ASKING.contains(&before));
    let inverted = matches!(key, "do" | "did" | "have" | "are" | "were" | "can" | "could" | "would")
        && matches!(next, "you" | "your");
    let asking = matches!(key, "how" | "what" | "where" | "when" | "why") && INVERTED.contains(&next) && next != "any";
    !leads && (inverted || asking)
}

/// True of words with a verb: what has none says nothing by itself.
fn whole(terms: &[Term]) -> bool {
    terms.iter().any(|term| {
        let key = term.key.as_str();
        FINITE.contains(&key) || (key.len() > 4 && key.ends_with("ed"))
    })
}

/// True of an answer that needs no question to be understood: it names what it speaks of, and leans on nothing.
pub(super) fn states(terms: &[Term]) -> bool {
    let mut keys = terms.iter().map(|term| term.key.as_str());
    let leans = keys.clone().any(|key| LEANING.contains(&key));
    let names = keys.next().is_some_and(|first| !OPENINGS.contains(&first));
    let tells = whole(terms) || keys.any(|key| TELLS.contains(&key));
    names && tells && !leans && terms.len() > SHORTEST
}

/// True of a question, with or without its mark.
pub(super) fn asks(terms: &[Term]) -> bool {
    let mut keys = terms
        .iter()
        .map(|term| term.key.as_str())
        .skip_while(|key| LEAD_INS.contains(key));
    let (first, second) = (keys.next().unwrap_or_default(), keys.next().unwrap_or_default());
    let inverted = matches!(first, "any" | "show") || INVERTED.contains(&first) && ASKED.contains(&second);
    let asking = ASKING.contains(&first)
        && (INVERTED.contains(&second)
            || matches!(
                second,
                "about" | "long" | "often" | "many" | "much" | "bad" | "kind" | "type" | "brings" | "makes"
            ));
    terms.last().is_some_and(|last| last.mark.contains('?')) || inverted || asking
}

const LEAD_INS: &[&str] = &[
    "and", "but", "so", "okay", "then", "now", "well", "alright", "or", "also", "no", "yes", "like",
];

const INVERTED: &[&str] = &[
    "do", "did", "does", "have", "has", "are", "is", "was", "were", "can", "could", "would", "will", "any",
];

const ASKED: &[&str] = &[
    "you",
    "it",
    "that",
    "there",
    "they",
    "he",
    "she",
    "anyone",
    "anything",
    "your",
    "the",
    "this",
    "these",
    "those",
    "other",
    "questions",
    "i",
    "we",
];

const ASKING: &[&str] = &["what", "how", "when", "where", "why", "who", "which"];

const FINITE: &[&str] = &[
    "am", "is", "are", "was", "were", "have", "has", "had", "do", "does", "did", "will", "can", "could", "would",
    "should", "been", "shows", "looks", "feel", "feels", "felt", "think", "take", "takes", "took", "get", "gets",
    "got", "want", "went", "go", "came", "hurts", "says", "said", "need", "see", "no",
];

/// Verbs that an answer has besides those that any clause can have.
const TELLS: &[&str] = &[
    "gives", "gave", "makes", "made", "causes", "died", "passed", "runs", "helps",
];

/// An answer with one of these is about something in its question.
const LEANING: &[&str] = &[
    "it", "it's", "its", "that", "that's", "this", "those", "these", "they", "they're", "them", "one", "ones", "so",
    "there", "here", "both", "either", "neither", "same", "also", "too", "some", "little", "few", "lot", "more",
    "less", "better", "worse", "do", "did", "does", "don't", "didn't",
];

/// What begins with one of these goes on with what was asked.
const OPENINGS: &[&str] = &[
    "yes",
    "no",
    "yeah",
    "not",
    "only",
    "just",
    "about",
    "since",
    "for",
    "from",
    "maybe",
    "probably",
    "sometimes",
    "usually",
    "always",
    "never",
    "a",
    "an",
    "and",
    "or",
    "but",
    "because",
    "when",
    "if",
    "like",
    "with",
    "every",
    "in",
    "on",
    "at",
    "as",
    "well",
    "mostly",
    "mainly",
    "he",
    "she",
];

/// In words: what is shorter is no clause.
const SHORTEST: usize = 3;

/// In words: what is shorter is not cut without a conjunction.
const LONG: usize = 5;

const TURNS: &[&str] = &["okay", "ok", "alright"];

/// With these an answer begins.
const ANSWERS: &[&str] = &["yeah", "yes", "yep", "yup", "nope", "mm-hmm", "uh-huh", "mhm"];

/// "No" is an answer before these, and belongs to what follows before others: "no pain".
const NO_MORE: &[&str] = &[
    "no", "not", "i", "i'm", "i've", "it", "it's", "um", "uh", "okay", "just", "nothing", "never", "none", "that's",
];

const CONJUNCTIONS: &[&str] = &["and", "but", "so", "then", "because"];

const CONDITIONS: &[&str] = &[
    "if", "when", "unless", "whether", "case", "until", "once", "whenever", "or",
];

const SUBJECTS: &[&str] = &[
    "i", "we", "you", "it", "he", "she", "they", "that", "there", "then", "the", "your", "my", "this", "so", "i'm",
    "we're", "on", "also", "let's", "for", "if", "now", "as", "no",
];

const STARTS: &[&str] = &[
    "i", "we", "you", "it", "he", "she", "they", "there", "let's", "that", "your",
];

const VERBS: &[&str] = &[
    "am", "is", "are", "was", "were", "have", "has", "had", "do", "does", "did", "will", "can", "could", "would",
    "should", "think", "want", "need", "know", "feel", "go", "get", "take", "blood", "heart", "lungs", "vital",
];

/// A subject after one of these belongs to what stands before.
const LEADS: &[&str] = &[
    "and", "but", "so", "because", "that", "if", "when", "than", "what", "where", "how", "who", "which", "while",
    "since", "until", "unless", "think", "know", "said", "say", "says", "believe", "guess", "hope", "sure", "see",
    "as", "do", "did", "have", "are", "is", "was", "were", "can", "could", "would", "should", "will", "of", "to",
    "for", "with", "on", "in", "at", "about", "from", "like", "before", "after", "does", "not", "the", "all", "what's",
    "every", "time", "way", "thing", "or", "though", "although", "whenever", "once", "case", "whether", "feel",
    "feels", "saw",
];
