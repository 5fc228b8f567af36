//! Two lines that cannot both be meant.

use std::fmt::{Display, Formatter};

use serde::{Deserialize, Serialize};
use speech::Span;

use super::{Flag, Place, Reason};
use crate::support::Side;
use crate::support::claims::{Claim, Claimed};
use crate::{Draft, Kind, Template};

/// What two lines disagree about; as text, a sentence for the clinician.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Conflict {
    /// Reported here, denied there.
    Finding(String),
    /// Two doses, and no word of a change.
    Dose(String),
    Side,
}

/// A line and what it claims.
pub(super) struct ReadLine {
    pub place: Place,
    pub claims: Vec<Claimed>,
}

/// Of a line; more are no line of a note, and comparing grows with the square.
const MOST_CLAIMS: usize = 64;

/// A flag for the later line of each pair; one for each finding, medication and line.
pub(super) fn flags(draft: &Draft, template: &Template, lines: &[ReadLine]) -> Vec<Flag> {
    let parts: Vec<Option<Part>> = lines.iter().map(|line| part(template, draft, line.place)).collect();
    let mut found: Vec<Flag> = Vec::new();
    let mut told: Vec<Conflict> = Vec::new();
    for (at, later) in lines.iter().enumerate().filter(|(_, line)| !line.claims.is_empty()) {
        for (earlier, part) in lines[..at].iter().zip(&parts) {
            let same_part = part.is_some() && *part == parts[at];
            let new = |what: &Conflict| match what {
                Conflict::Finding(_) => same_part && !told.contains(what),
                Conflict::Dose(_) => !told.contains(what),
                Conflict::Side => !both(later) && !both(earlier),
            };
            if let Some((span, what)) = first_clash(earlier, later).filter(|(_, what)| new(what)) {
                let Place { section, line, .. } = earlier.place;
                told.push(what.clone());
                let reason = Reason::Conflict { what, section, line };
                found.push(later.place.flag_beside(earlier.place, draft, Some(span), reason));
                // One is enough to make the clinician read both.
                break;
            }
        }
    }
    found
}

fn first_clash(earlier: &ReadLine, later: &ReadLine) -> Option<(Span, Conflict)> {
    later.claims.iter().take(MOST_CLAIMS).find_map(|one| {
        let clashes = earlier.claims.iter().take(MOST_CLAIMS);
        let what = clashes.into_iter().find_map(|other| clash(&other.claim, &one.claim))?;
        Some((one.at, what))
    })
}

/// The parts of a note in which a finding means the same. What is planned speaks of what may come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Told,
    Seen,
}

/// None for a plan, and for a question, which states nothing.
fn part(template: &Template, draft: &Draft, place: Place) -> Option<Part> {
    let spec = template.section(&draft.sections[place.section].heading);
    let first = spec.and_then(|spec| spec.takes.first().copied());
    let widest = first.and_then(|kind| std::iter::successors(Some(kind), |kind| kind.wider()).last());
    match widest {
        _ if place.of(draft).text.contains('?') => None,
        Some(Kind::Assessment | Kind::Plan) => None,
        Some(Kind::Exam) => Some(Part::Seen),
        Some(_) | None => Some(Part::Told),
    }
}

/// Names that say too little to disagree about: of which pain?
const GENERAL: &str = "hurt hurts trauma stress pain pains ache discomfort symptom symptoms swelling tenderness injury \
    weakness problem infection mass lump lumps distress allergies surgery fall falls energy sore soreness";

fn clash(earlier: &Claim, later: &Claim) -> Option<Conflict> {
    match (earlier, later) {
        (
            Claim::Finding { name, present },
            Claim::Finding {
                name: other,
                present: also,
            },
        ) => {
            let clash = name == other && present != also && !GENERAL.split(' ').any(|general| general == name);
            clash.then(|| Conflict::Finding(name.clone()))
        }
        (
            Claim::Drug {
                name,
                dose: Some(dose),
                changes: false,
            },
            Claim::Drug {
                name: other,
                dose: Some(second),
                changes: false,
            },
        ) => (name == other && dose != second).then(|| Conflict::Dose(name.clone())),
        (
            Claim::Side { side, beside },
            Claim::Side {
                side: other,
                beside: around,
            },
        ) => {
            let opposite = matches!((side, other), (Side::Left, Side::Right) | (Side::Right, Side::Left));
            let shared = beside.iter().filter(|word| around.contains(word)).count();
            (opposite && shared >= 2).then_some(Conflict::Side)
        }
        _ => None,
    }
}

/// A line that speaks of both sides compares them.
fn both(line: &ReadLine) -> bool {
    let speaks = |wanted: Side| {
        line.claims
            .iter()
            .any(|c| matches!(&c.claim, Claim::Side { side, .. } if *side == wanted))
    };
    speaks(Side::Both) || (speaks(Side::Left) && speaks(Side::Right))
}

impl Display for Conflict {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Conflict::Finding(name) => write!(f, "One line reports {name}, another denies it."),
            Conflict::Dose(name) => write!(f, "Two doses of {name} in this note."),
            Conflict::Side => write!(f, "One line says left, another right."),
        }
    }
}
