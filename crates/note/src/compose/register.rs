//! How a clinician writes what a clinician says.

use super::{Speaks, Term};

/// Intentions, requests and findings in the words of a note.
pub(super) fn rewritten(terms: Vec<Term>, speaks: Speaks) -> Vec<Term> {
    if speaks != Speaks::Clinician {
        return terms;
    }
    let mut told: Vec<Term> = Vec::with_capacity(terms.len());
    let mut at = 0;
    while at < terms.len() {
        let fits = RULES.iter().find(|(said, _)| begins(&terms[at..], said));
        match fits {
            Some((said, written)) => {
                let source = terms[at].clone();
                for word in written.split(' ').filter(|word| !word.is_empty()) {
                    let mut term = source.respelt(word);
                    term.mark.clear();
                    told.push(term);
                }
                at += said.split(' ').count();
            }
            None => {
                told.push(terms[at].clone());
                at += 1;
            }
        }
    }
    told
}

fn begins(terms: &[Term], said: &str) -> bool {
    let mut terms = terms.iter();
    said.split(' ')
        .all(|word| terms.next().is_some_and(|term| term.is(word)))
}

/// Longer ones first.
const RULES: &[(&str, &str)] = &[
    ("i do not appreciate any", "no"),
    ("i do not hear any", "no"),
    ("i do not see any", "no"),
    ("i do not feel any", "no"),
    ("i do not notice any", "no"),
    ("you do not have any", "no"),
    ("there is not any", "no"),
    ("i do appreciate", "there is"),
    ("i do hear", "there is"),
    ("i do see", "there is"),
    ("i appreciate", "there is"),
    ("i can hear", "there is"),
    ("i can see", "there is"),
    ("i hear", "there is"),
    ("i am going to have you", "the patient will"),
    ("i am going to", "we will"),
    ("we are going to", "we will"),
    ("i would like you to", "the patient should"),
    ("i would like to", "we will"),
    ("i want you to", "the patient should"),
    ("i need you to", "the patient should"),
    ("i want to", "we will"),
    ("we want to", "we will"),
    ("let's", "we will"),
    ("i will", "we will"),
    ("on your", "on"),
];
