//! `I` and `you` → the patient.

use super::{Part, Speaks, Term};
use crate::Statement;

/// How the patient is told of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Patient {
    #[default]
    Unknown,
    She,
    He,
}

impl Patient {
    /// By the first statement that tells.
    pub fn of(statements: &[Statement]) -> Self {
        Patient::Unknown.or(statements)
    }

    /// Or else by what follows.
    pub fn or(self, statements: &[Statement]) -> Self {
        let mut told = std::iter::once(self).chain(statements.iter().map(Patient::told_in));
        told.find(|patient| *patient != Patient::Unknown).unwrap_or_default()
    }

    /// By what is said of the patient's age or title: `a 54 year old woman`.
    fn told_in(statement: &Statement) -> Self {
        let words = crate::sentences::bare_words(&statement.text);
        for (at, word) in words.iter().enumerate() {
            let told = || {
                let mut before = words[at.saturating_sub(8)..at].iter();
                let aged = before.any(|w| w.ends_with("old") || w == "y.o");
                aged && !words.iter().any(|w| RELATIVES.contains(&w.as_str()))
            };
            match word.as_str() {
                "female" | "woman" | "lady" | "girl" if told() => return Patient::She,
                "male" | "man" | "gentleman" | "boy" if told() => return Patient::He,
                "mrs" | "ms" | "ma'am" => return Patient::She,
                "mr" | "sir" => return Patient::He,
                _ => {}
            }
        }
        Patient::Unknown
    }

    /// A term as it stands in a line; after the first mention of the patient, in short.
    pub fn told(self, term: &Term, named: &mut bool) -> String {
        let short = *named && self != Patient::Unknown;
        let she = self == Patient::She;
        let word = match (term.part, short) {
            (Part::Said, _) => return term.text.clone(),
            (Part::Subject | Part::Object, false) => "the patient",
            (Part::Subject, true) => {
                if she {
                    "she"
                } else {
                    "he"
                }
            }
            (Part::Object, true) => {
                if she {
                    "her"
                } else {
                    "him"
                }
            }
            (Part::Owner, false) if *named || self == Patient::Unknown => {
                if *named {
                    "their"
                } else {
                    "the patient's"
                }
            }
            (Part::Owner, _) => {
                if she {
                    "her"
                } else {
                    "his"
                }
            }
        };
        *named = true;
        word.into()
    }
}

const RELATIVES: &[&str] = &[
    "mother",
    "father",
    "mom",
    "dad",
    "sister",
    "brother",
    "son",
    "daughter",
    "wife",
    "husband",
    "uncle",
    "aunt",
    "grandmother",
    "grandfather",
    "cousin",
    "kid",
    "kids",
    "baby",
    "child",
];

/// Puts a clause into the third person.
pub(super) fn third(mut terms: Vec<Term>, speaks: Speaks) -> Vec<Term> {
    let first = matches!(speaks, Speaks::Patient | Speaks::Both);
    let second = matches!(speaks, Speaks::Clinician | Speaks::Both);
    for at in 0..terms.len() {
        let before = at.checked_sub(1).map_or("", |before| terms[before].key.as_str());
        let next = terms.get(at + 1).map_or("", |next| next.key.as_str());
        let last = at + 1 == terms.len() || !terms[at].mark.is_empty();
        let part = match terms[at].key.as_str() {
            "i" if first => Part::Subject,
            "me" | "myself" if first => Part::Object,
            "my" | "mine" if first => Part::Owner,
            "you" if second && (last || (TAKES_OBJECT.contains(&before) && !verb(next))) => Part::Object,
            "you" if second => Part::Subject,
            "yourself" if second => Part::Object,
            "your" | "yours" if second => Part::Owner,
            _ => continue,
        };
        let helped = HELPERS.contains(&before);
        terms[at].part = part;
        if part == Part::Subject && at > 0 {
            // `do you` → `does the patient`
            let asking = match terms[at - 1].key.as_str() {
                "do" => "does",
                "are" | "am" => "is",
                "were" => "was",
                "have" => "has",
                _ => "",
            };
            if !asking.is_empty() {
                terms[at - 1] = terms[at - 1].respelt(asking);
            }
        }
        if part == Part::Subject && !helped {
            agree(&mut terms, at + 1);
        }
    }
    terms
}

/// True of a word that `you` is the subject of.
fn verb(key: &str) -> bool {
    AUXILIARIES.contains(&key) || REGULAR.contains(&key) || ADVERBS.contains(&key)
}

const AUXILIARIES: &[&str] = &[
    "am", "are", "were", "have", "had", "do", "did", "can", "could", "will", "would", "should", "may", "might", "must",
    "said", "go", "try",
];

/// The verb behind a subject that was `I` or `you`.
fn agree(terms: &mut [Term], from: usize) {
    let mut at = from;
    while terms.get(at).is_some_and(|term| ADVERBS.contains(&term.key.as_str())) {
        at += 1;
    }
    let Some(term) = terms.get_mut(at) else { return };
    let third = match term.key.as_str() {
        "am" | "are" => "is".to_owned(),
        "were" => "was".to_owned(),
        "have" => "has".to_owned(),
        "do" => "does".to_owned(),
        "go" => "goes".to_owned(),
        "try" => "tries".to_owned(),
        verb if REGULAR.contains(&verb) => {
            let hissing = verb.ends_with("ch") || verb.ends_with("sh") || verb.ends_with("ss");
            format!("{verb}{}", if hissing { "es" } else { "s" })
        }
        _ => return,
    };
    *term = term.respelt(&third);
}

const ADVERBS: &[&str] = &[
    "also",
    "never",
    "always",
    "still",
    "really",
    "just",
    "usually",
    "sometimes",
    "currently",
    "only",
    "occasionally",
    "actually",
    "probably",
    "definitely",
    "often",
    "normally",
    "typically",
    "already",
    "recently",
];

const HELPERS: &[&str] = &[
    "do", "does", "did", "can", "could", "should", "would", "will", "may", "might", "make", "makes", "made", "let",
    "have", "has", "had", "help", "helps",
];

const TAKES_OBJECT: &[&str] = &[
    "to",
    "for",
    "with",
    "on",
    "of",
    "from",
    "about",
    "give",
    "gave",
    "giving",
    "start",
    "started",
    "see",
    "put",
    "get",
    "got",
    "have",
    "send",
    "refer",
    "want",
    "let",
    "tell",
    "told",
    "ask",
    "asked",
    "help",
    "helps",
    "call",
    "bother",
    "bothers",
    "bothering",
    "hurt",
    "by",
    "keep",
    "make",
    "makes",
    "prescribe",
    "at",
    "advise",
    "encourage",
    "allow",
    "like",
    "referring",
    "sending",
    "giving",
    "starting",
    "having",
    "follow",
    "need",
    "causing",
    "bring",
    "brings",
    "wake",
    "wakes",
];

const REGULAR: &[&str] = &[
    "take",
    "feel",
    "think",
    "get",
    "work",
    "live",
    "smoke",
    "drink",
    "use",
    "need",
    "want",
    "know",
    "eat",
    "sleep",
    "walk",
    "run",
    "notice",
    "remember",
    "see",
    "hear",
    "like",
    "love",
    "cough",
    "wake",
    "sit",
    "stand",
    "move",
    "come",
    "start",
    "stop",
    "call",
    "look",
    "sound",
    "seem",
    "appear",
    "hurt",
    "bend",
    "lift",
    "play",
    "exercise",
    "watch",
    "check",
    "follow",
    "keep",
    "put",
    "make",
    "give",
    "help",
    "lose",
    "gain",
    "suffer",
    "experience",
    "believe",
    "hope",
    "understand",
    "agree",
    "deny",
    "report",
    "struggle",
    "enjoy",
    "travel",
    "care",
    "tend",
    "talk",
    "turn",
    "wear",
    "continue",
    "forget",
    "avoid",
    "prefer",
    "recall",
    "require",
    "return",
    "wish",
    "worry",
    "show",
    "say",
    "tell",
    "lie",
    "lay",
    "push",
    "press",
    "pull",
    "reach",
    "climb",
    "vomit",
    "snore",
    "weigh",
    "cook",
    "bike",
    "swim",
    "find",
];
