//! What is to happen with a medication, by the verb that is nearest.

use super::super::Reading;
use crate::Action;

const VERBS: &[(&[&str], Action)] = &[
    (&["start"], Action::Start),
    (&["starting"], Action::Start),
    (&["started"], Action::Start),
    (&["begin"], Action::Start),
    (&["initiate"], Action::Start),
    (&["prescribe"], Action::Start),
    (&["prescribing"], Action::Start),
    (&["prescribed"], Action::Start),
    (&["add"], Action::Start),
    (&["put", "you", "on"], Action::Start),
    (&["putting", "you", "on"], Action::Start),
    (&["place", "you", "on"], Action::Start),
    (&["get", "you", "on"], Action::Start),
    (&["give", "you"], Action::Start),
    (&["stop"], Action::Stop),
    (&["stopping"], Action::Stop),
    (&["stopped"], Action::Stop),
    (&["discontinue"], Action::Stop),
    (&["discontinued"], Action::Stop),
    (&["hold"], Action::Stop),
    (&["quit"], Action::Stop),
    (&["come", "off"], Action::Stop),
    (&["came", "off"], Action::Stop),
    (&["take", "you", "off"], Action::Stop),
    (&["took", "me", "off"], Action::Stop),
    (&["get", "you", "off"], Action::Stop),
    (&["increase"], Action::Increase),
    (&["increasing"], Action::Increase),
    (&["increased"], Action::Increase),
    (&["raise"], Action::Increase),
    (&["go", "up", "on"], Action::Increase),
    (&["going", "up", "on"], Action::Increase),
    (&["bump", "up"], Action::Increase),
    (&["double"], Action::Increase),
    (&["up", "your"], Action::Increase),
    (&["decrease"], Action::Decrease),
    (&["decreasing"], Action::Decrease),
    (&["decreased"], Action::Decrease),
    (&["reduce"], Action::Decrease),
    (&["lower"], Action::Decrease),
    (&["taper"], Action::Decrease),
    (&["wean"], Action::Decrease),
    (&["go", "down", "on"], Action::Decrease),
    (&["cut", "back"], Action::Decrease),
    (&["cut", "down"], Action::Decrease),
    (&["continue"], Action::Continue),
    (&["continuing"], Action::Continue),
    (&["continued"], Action::Continue),
    (&["keep"], Action::Continue),
    (&["stay", "on"], Action::Continue),
    (&["remain", "on"], Action::Continue),
    (&["maintain"], Action::Continue),
    (&["refill"], Action::Refill),
    (&["refilled"], Action::Refill),
    (&["refills"], Action::Refill),
    (&["renew"], Action::Refill),
];

/// Between a verb and its drug, in words.
const REACH: usize = 9;

/// "Metformin should be increased."
const PASSIVE_REACH: usize = 5;

/// A verb of another kind: the drug is taken, and nothing happens with it.
const USES: &[&str] = &[
    "take", "taking", "takes", "took", "taken", "tried", "using", "use", "used",
];

pub(super) fn of(reading: &Reading, start: usize, drug: usize, behind: (usize, usize)) -> Option<Action> {
    let from = start.max(drug.saturating_sub(REACH));
    for at in (from..drug).rev() {
        let ended = reading.tokens[at].ends_sentence() || reading.tokens[at].is_any(&["but", "because", "if", "while"]);
        if ended {
            break;
        }
        if let Some(action) = verb(reading, at, drug) {
            return Some(action);
        }
        // "Stop taking" and "keep using" are one verb.
        let helped = at > from && verb(reading, at - 1, drug).is_some();
        if reading.tokens[at].is_any(USES) && !helped {
            break;
        }
    }
    let passive = |at: usize| matches!(reading.key(at), "be" | "was" | "is" | "been" | "were") && at + 1 < behind.1;
    let at = (behind.0..behind.1.min(behind.0 + PASSIVE_REACH)).find(|&at| passive(at))?;
    verb(reading, at + 1, reading.tokens.len())
}

/// "Continue lisinopril, metformin and aspirin": one verb for all of them.
pub(super) fn shared(reading: &Reading, last: Option<(Action, usize)>, drug: usize) -> Option<Action> {
    let (action, end) = last?;
    let between = reading.tokens.get(end - 1..drug)?;
    let listed = between
        .last()
        .is_some_and(|token| token.is_any(&["and", "the", "your"]) || token.mark == ",");
    let verbs = (end..drug).any(|at| verb(reading, at, drug).is_some() || reading.tokens[at].is_any(USES));
    let closed = between.iter().any(|token| token.ends_sentence());
    let clause = between[1..]
        .iter()
        .any(|token| token.is_any(&["i", "you", "she", "he", "we", "we'll", "i'll", "i'm"]));
    (listed && !verbs && !closed && !clause).then_some(action)
}

fn verb(reading: &Reading, at: usize, end: usize) -> Option<Action> {
    let fits = |words: &&[&str]| {
        at + words.len() <= end && words.iter().zip(at..).all(|(word, here)| reading.key(here) == *word)
    };
    VERBS.iter().find(|(words, _)| fits(words)).map(|&(_, action)| action)
}
