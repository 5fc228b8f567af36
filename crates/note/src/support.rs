//! Is what a line says what was said? Numbers, medications, sides and negations of a line are looked for in the
//! transcript; what is not found is shown to the clinician, who decides.

use std::collections::{HashMap, HashSet};
use std::fmt::{Display, Formatter};

use serde::{Deserialize, Serialize};
use speech::{Span, Transcript};

use crate::{Line, Origin, Reply, Statement, understand};

pub(crate) mod claims;
pub use claims::Side;
use claims::{Claim, Claimed};

/// A stretch of a line that the transcript does not support.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// Within the line's text.
    pub at: Span,
    pub why: Doubt,
}

/// Why a stretch of a line is doubted; as text, a sentence for the clinician.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Doubt {
    Number,
    /// The number was said, of something else.
    Unit {
        heard: Vec<String>,
    },
    Drug,
    Side {
        heard: Option<Side>,
    },
    /// Nobody said no to this.
    Negation,
    /// The patient was only heard to deny this.
    Denied,
}

/// What was said, prepared for looking up what lines claim.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    numbers: HashMap<String, Vec<Option<&'static str>>>,
    drugs: HashSet<String>,
    /// By a word beside it.
    sides: HashMap<String, HashSet<Side>>,
    /// Words of statements that hold a negation.
    negated: HashSet<String>,
    /// Words of statements without one.
    affirmed: HashSet<String>,
    /// Whether a finding was affirmed, and whether it was denied.
    findings: HashMap<String, (bool, bool)>,
    /// Every word that was said, spaced.
    words: String,
}

/// Stands for every word beside a side.
const ANYWHERE: &str = "";

impl Heard {
    pub fn of(transcript: &Transcript) -> Heard {
        let mut heard = Heard::default();
        understand(transcript).iter().for_each(|statement| heard.add(statement));
        let words = transcript
            .segments()
            .iter()
            .flat_map(|segment| crate::sentences::bare_words(&segment.text));
        heard.words = format!(" {} ", words.collect::<Vec<_>>().join(" "));
        heard
    }

    fn add(&mut self, statement: &Statement) {
        let claims = claims::of_statement(statement);
        let denied =
            statement.reply == Some(Reply::Denied) || claims.iter().any(|c| matches!(c.claim, Claim::Negation(_)));
        if denied {
            self.negated.extend(claims::stems(statement));
        } else if !statement.question {
            self.affirmed.extend(claims::stems(statement));
        }
        for Claimed { claim, .. } in claims {
            match claim {
                Claim::Number { value, unit } => self.numbers.entry(value).or_default().push(unit),
                Claim::Drug { name, .. } => drop(self.drugs.insert(name)),
                Claim::Side { side, beside } => {
                    for word in beside.into_iter().chain([ANYWHERE.to_owned()]) {
                        self.sides.entry(word).or_default().insert(side);
                    }
                }
                Claim::Negation(_) | Claim::Report(_) | Claim::Implausible(_) => (),
                Claim::Finding { name, present } => {
                    let (affirmed, denied) = self.findings.entry(name).or_default();
                    *affirmed |= present;
                    *denied |= !present;
                }
            }
        }
    }

    fn doubt(&self, claim: &Claim) -> Option<Doubt> {
        match claim {
            Claim::Number { value, unit } => self.doubt_number(value, *unit),
            Claim::Drug { name, .. } => (!self.drugs.contains(name) && !self.said(name)).then_some(Doubt::Drug),
            Claim::Side { side, beside } => self.doubt_side(*side, beside),
            // A negation of nothing in particular claims nothing.
            Claim::Negation(words) => {
                let supported = words.is_empty() || words.iter().any(|word| self.negated.contains(word));
                (!supported).then_some(Doubt::Negation)
            }
            Claim::Report(words) => {
                let denied = |word: &String| self.negated.contains(word) && !self.affirmed.contains(word);
                (!words.is_empty() && words.iter().all(denied)).then_some(Doubt::Denied)
            }
            Claim::Finding { name, present: true } => {
                (self.findings.get(name) == Some(&(false, true))).then_some(Doubt::Denied)
            }
            // The negation beside it is a claim of its own.
            Claim::Finding { present: false, .. } | Claim::Implausible(_) => None,
        }
    }

    fn doubt_number(&self, value: &str, unit: Option<&'static str>) -> Option<Doubt> {
        let Some(heard) = self.numbers.get(value) else {
            return Some(Doubt::Number);
        };
        if unit.is_none() || heard.contains(&unit) || heard.contains(&None) {
            return None;
        }
        let mut heard: Vec<&'static str> = heard.iter().flatten().copied().collect();
        heard.sort_unstable();
        heard.dedup();
        let heard = heard.into_iter().map(str::to_owned).collect();
        Some(Doubt::Unit { heard })
    }

    fn doubt_side(&self, side: Side, beside: &[String]) -> Option<Doubt> {
        let anywhere = [ANYWHERE.to_owned()];
        let beside = if beside.is_empty() { &anywhere } else { beside };
        let heard: HashSet<Side> = beside
            .iter()
            .filter_map(|word| self.sides.get(word))
            .flatten()
            .copied()
            .collect();
        let both = heard.contains(&Side::Both) || (heard.contains(&Side::Left) && heard.contains(&Side::Right));
        let supported = match side {
            Side::Left | Side::Right => both || heard.contains(&side),
            Side::Both => both,
        };
        (!supported).then(|| Doubt::Side {
            heard: heard.iter().min().copied(),
        })
    }

    /// True of words without a digit that were said one after the other.
    fn said_in_words(&self, words: &str) -> bool {
        let plain = words.to_lowercase();
        !plain.contains(|c: char| c.is_ascii_digit()) && self.words.contains(&format!(" {plain} "))
    }

    /// True of words that were all said, somewhere.
    fn said(&self, words: &str) -> bool {
        words.split(' ').all(|word| self.words.contains(&format!(" {word} ")))
    }
}

/// What the transcript does not support in a line, in the order of the line. The template's own words claim nothing.
pub fn unsupported(line: &Line, heard: &Heard) -> Vec<Unsupported> {
    match line.origin {
        Origin::Template => Vec::new(),
        Origin::Drafted | Origin::Clinician => doubts(&line.text, &claims::claims(&line.text), heard),
    }
}

pub(crate) fn doubts(text: &str, claims: &[Claimed], heard: &Heard) -> Vec<Unsupported> {
    let doubt = |claimed: &Claimed| {
        let at = claimed.at;
        let why = heard.doubt(&claimed.claim)?;
        // What was too unclear to be written in digits is supported as the words that it is.
        let spelled = why == Doubt::Number && heard.said_in_words(at.of(text));
        (!spelled).then_some(Unsupported { at, why })
    };
    let mut found: Vec<Unsupported> = claims.iter().filter_map(doubt).collect();
    found.sort_by_key(|one| one.at);
    found.dedup();
    found
}

impl Display for Doubt {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Doubt::Number => write!(f, "This number was not heard."),
            Doubt::Unit { heard } => write!(f, "This number was heard of something else: {}.", heard.join(", ")),
            Doubt::Drug => write!(f, "This medication was not heard."),
            Doubt::Side { heard: None } => write!(f, "This side was not heard."),
            Doubt::Side {
                heard: Some(Side::Left),
            } => write!(f, "Heard on the left."),
            Doubt::Side {
                heard: Some(Side::Right),
            } => write!(f, "Heard on the right."),
            Doubt::Side {
                heard: Some(Side::Both),
            } => write!(f, "Heard on both sides."),
            Doubt::Negation => write!(f, "Nobody was heard to say no to this."),
            Doubt::Denied => write!(f, "This was heard only as denied."),
        }
    }
}
