//! The review of systems: what the patient has and has not, by the fourteen systems.

use std::collections::BTreeMap;

use crate::{About, Context, Evidence, Experiencer, Presence, Statement, System, Time};

/// A finding of the review, once, with all places where it was spoken of.
#[derive(Clone, Debug, PartialEq)]
pub struct Reviewed {
    pub name: String,
    /// As it was said last.
    pub presence: Presence,
    pub evidence: Vec<Evidence>,
}

/// The patient's own findings of today, in the order in which they came up. What a relative has, what was once and what may
/// come is no part of it.
pub fn review<'a>(statements: impl IntoIterator<Item = &'a Statement>) -> BTreeMap<System, Vec<Reviewed>> {
    let mut systems: BTreeMap<System, Vec<Reviewed>> = BTreeMap::new();
    for statement in statements {
        for fact in &statement.facts {
            let (About::Finding(finding), true) = (&fact.about, today(fact.context)) else {
                continue;
            };
            let Some(system) = finding.system else { continue };
            let evidence = statement.evidence_of(fact.at);
            let findings = systems.entry(system).or_default();
            match findings.iter_mut().find(|known| known.name == finding.name) {
                Some(known) => {
                    known.presence = fact.context.presence;
                    known.evidence.extend(evidence);
                    known.evidence.dedup();
                }
                None => findings.push(Reviewed {
                    name: finding.name.clone(),
                    presence: fact.context.presence,
                    evidence,
                }),
            }
        }
    }
    systems
}

fn today(context: Context) -> bool {
    context.time == Time::Current && context.of == Experiencer::Patient
}
