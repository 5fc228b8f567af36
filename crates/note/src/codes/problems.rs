//! Which problems a note states, so that codes can be looked up for them.

use crate::support::claims::{Claim, claims};
use crate::{Draft, Evidence, Kind, Template};

/// A problem in the words of the note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    pub problem: String,
    pub evidence: Vec<Evidence>,
}

/// In words; a longer line talks about a problem, it does not name one.
const LONGEST_NAME: usize = 6;

/// What the lines of the sections that hold diagnoses and the assessment name, up to their first stop or comma; where a
/// line talks at length, the findings in it that the patient has.
pub fn stated_problems(draft: &Draft, template: &Template) -> Vec<Stated> {
    let states = |heading: &str| {
        let spec = template.section(heading);
        spec.is_some_and(|spec| spec.takes.contains(&Kind::Assessment) || spec.takes.contains(&Kind::Diagnosis))
    };
    let sections = draft.sections.iter().filter(|section| states(&section.heading));
    let mut stated: Vec<Stated> = Vec::new();
    for line in sections.flat_map(|section| &section.lines) {
        for problem in problems(&line.text) {
            if !stated
                .iter()
                .any(|before| before.problem.eq_ignore_ascii_case(&problem))
            {
                let evidence = line.evidence.clone();
                stated.push(Stated { problem, evidence });
            }
        }
    }
    stated
}

fn problems(line: &str) -> Vec<String> {
    let claims = claims(line);
    let denied = claims.iter().any(|c| matches!(c.claim, Claim::Negation(_)));
    let mut parts = line.split(['.', ',', ';', ':', '(']);
    let named = parts
        .find(|part| part.contains(char::is_alphabetic))
        .unwrap_or_default()
        .trim();
    if !denied && (1..=LONGEST_NAME).contains(&named.split_whitespace().count()) {
        return vec![named.into()];
    }
    let found = claims.into_iter().filter_map(|claimed| match claimed.claim {
        Claim::Finding { name, present: true } => Some(name),
        _ => None,
    });
    found.collect()
}
