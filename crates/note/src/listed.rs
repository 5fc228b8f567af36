//! Lines made of facts rather than of sentences: the reason for the visit, vital signs, the review of systems, medications.

use speech::{Span, Speaker};

use crate::classify::by_cues;
use crate::compose::{Heard, capitalised, joined};
use crate::{
    About, Evidence, Experiencer, Fact, Kind, Presence, SectionSpec, Statement, System, Template, Time, review,
};

/// A line, and where its words were said.
pub(crate) struct Listed {
    pub kind: Kind,
    /// The number of the statement that it stands before.
    pub before: usize,
    pub text: String,
    pub evidence: Vec<Evidence>,
}

/// The lists that a template has a section of its own for: elsewhere the same things stand in sentences. `reviewed` says of
/// each statement what [`is_reviewed`] does.
pub(crate) fn listed(statements: &[Statement], reviewed: &[bool], template: &Template, heard: Heard) -> Vec<Listed> {
    let has = |kind: Kind, not_with: Kind| {
        let takes = |section: &SectionSpec| section.takes.contains(&kind) && !section.takes.contains(&not_with);
        template.sections.iter().any(takes) && !template.leaves_out.contains(&kind)
    };
    let mut lines = Vec::new();
    if has(Kind::ChiefComplaint, Kind::PresentIllness) {
        lines.extend(reason(statements));
    }
    if has(Kind::ReviewOfSystems, Kind::PresentIllness) {
        lines.extend(systems(statements, reviewed));
    }
    if has(Kind::Vitals, Kind::Exam) {
        lines.extend(vitals(statements));
    }
    lines.extend(problems(statements));
    lines.retain(|line| heard.holds(&line.text, &line.evidence));
    lines
}

/// `for your second problem, hypertension`: the problem's name, before what was said of it.
fn problems(statements: &[Statement]) -> Vec<Listed> {
    let mut lines: Vec<Listed> = Vec::new();
    for (before, statement) in statements.iter().enumerate() {
        if !statement
            .facts
            .iter()
            .any(|fact| matches!(fact.about, About::Finding(_)))
        {
            continue;
        }
        let lower = statement.text.to_ascii_lowercase();
        for (at, cue) in PROBLEMS.iter().flat_map(|cue| lower.match_indices(cue)) {
            let named = statement.facts.iter().find(|fact| {
                let behind = (fact.at.start as usize).checked_sub(at + cue.len());
                matches!(fact.about, About::Finding(_))
                    && fact.context.presence != Presence::Negated
                    && fact.context.of == Experiencer::Patient
                    && behind.is_some_and(|behind| behind < NEAR)
            });
            let found = named.and_then(|fact| line(Kind::Diagnosis, before, statement, fact.at));
            lines.extend(found.filter(|new| lines.iter().all(|known| known.text != new.text)));
        }
    }
    lines
}

/// In bytes: how far behind the cue a problem's name may begin.
const NEAR: usize = 40;

const PROBLEMS: &[&str] = &[
    "first problem",
    "second problem",
    "third problem",
    "fourth problem",
    "next problem",
    "last problem",
    "other problem",
    "first issue",
    "second issue",
    "third issue",
    "next issue",
    "last issue",
    "first concern",
    "second concern",
    "problem of",
    "problem number",
];

/// What follows `presents for`, `here with`, or else the first thing that the patient complains of.
fn reason(statements: &[Statement]) -> Option<Listed> {
    let early = &statements[..statements.len().min(EARLY)];
    let stated = early.iter().find_map(|statement| {
        let span = presented(&statement.text)?;
        Some((statement, span))
    });
    let complained = || {
        early.iter().find_map(|statement| {
            let fact = statement
                .facts
                .iter()
                .find(|fact| matches!(fact.about, About::Finding(_)) && present(fact))?;
            Some((statement, fact.at))
        })
    };
    let (statement, at) = stated.or_else(complained)?;
    line(Kind::ChiefComplaint, 0, statement, at)
}

/// In statements: the reason for a visit is said at its start.
const EARLY: usize = 14;

fn present(fact: &Fact) -> bool {
    fact.context.presence == Presence::Affirmed
        && fact.context.time == Time::Current
        && fact.context.of == Experiencer::Patient
}

/// The stretch behind `presents for` and the like, up to the next pause.
fn presented(text: &str) -> Option<Span> {
    let lower = text.to_ascii_lowercase();
    let (at, cue) = PRESENTS.iter().filter_map(|cue| Some((lower.find(cue)?, cue))).min()?;
    let start = at + cue.len();
    let rest = &lower[start..];
    let stop = STOPS
        .iter()
        .filter_map(|stop| rest.find(stop))
        .min()
        .unwrap_or(rest.len());
    let words: Vec<&str> = rest[..stop].split_whitespace().collect();
    let plain = (1..=LONGEST_REASON).contains(&words.len()) && !words.iter().any(|word| VAGUE.contains(word));
    let span = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    plain.then(|| Span {
        start: span(start),
        end: span(start + rest[..stop].trim_end().len()),
    })
}

/// In words.
const LONGEST_REASON: usize = 9;

const PRESENTS: &[&str] = &[
    "presents for ",
    "presents with ",
    "presents today for ",
    "presents today with ",
    "here for a ",
    "here for ",
    "here with ",
    "here today for ",
    "here today with ",
    "coming in for ",
    "coming in today with ",
    "came in for ",
    "chief complaint of ",
    "complaining of ",
    "evaluation of ",
    "follow-up of ",
    "coming in with ",
    "came in with ",
    "come in with ",
];

const STOPS: &[&str] = &[
    ",",
    ".",
    ";",
    "?",
    " who ",
    " that ",
    " which ",
    " so ",
    " after ",
    " and i ",
    " and you ",
    " because ",
    " can ",
    " tell ",
    " today",
    " it ",
    " have ",
    " what ",
    " how ",
];

const VAGUE: &[&str] = &[
    "you",
    "your",
    "i",
    "me",
    "my",
    "it",
    "that",
    "this",
    "us",
    "we",
    "him",
    "them",
    "some",
    "reevaluation",
    "visit",
    "to",
];

/// Whether a statement may tell of the systems: of what the patient says, the history.
pub(crate) fn is_reviewed(statement: &Statement) -> bool {
    (statement.reply.is_some() || statement.speaker == Some(Speaker::Patient))
        && !statement.facts.is_empty()
        && by_cues(&statement.text, statement.reply.is_some()) == Kind::PresentIllness
}

/// One line for each system: what was reported, then what was denied.
fn systems(statements: &[Statement], reviewed: &[bool]) -> Vec<Listed> {
    let told = statements.iter().zip(reviewed).filter(|(_, reviewed)| **reviewed);
    let mut lines = Vec::new();
    for (system, findings) in review(told.map(|(statement, _)| statement)) {
        let named = |presence: Presence| -> Vec<&str> {
            let those = findings
                .iter()
                .filter(|finding| finding.presence == presence && !VAGUE_FINDINGS.contains(&finding.name.as_str()));
            those.map(|finding| finding.name.as_str()).collect()
        };
        let (reported, denied) = (named(Presence::Affirmed), named(Presence::Negated));
        let parts: Vec<String> = [("Reports", reported, " and "), ("Denies", denied, " or ")]
            .into_iter()
            .filter(|(_, names, _)| !names.is_empty())
            .map(|(word, names, last)| format!("{word} {}.", series(&names, last)))
            .collect();
        if !parts.is_empty() {
            let evidence = findings.iter().filter(|finding| finding.presence != Presence::Possible);
            lines.push(Listed {
                kind: Kind::ReviewOfSystems,
                before: 0,
                text: format!("{}: {}", heading(system), parts.join(" ")),
                evidence: joined(evidence.flat_map(|finding| finding.evidence.clone()).collect()),
            });
        }
    }
    lines
}

/// No findings of a system by themselves.
const VAGUE_FINDINGS: &[&str] = &[
    "symptoms",
    "symptom",
    "problems",
    "problem",
    "issues",
    "pain",
    "energy",
    "fall",
    "falls",
    "injury",
    "trauma",
    "accident",
    "burn",
    "burns",
    "sick",
    "cold",
    "infection",
    "discomfort",
];

/// `a, b or c`
fn series(names: &[&str], last: &str) -> String {
    match names {
        [before @ .., end] if !before.is_empty() => format!("{}{last}{end}", before.join(", ")),
        _ => names.concat(),
    }
}

fn heading(system: System) -> &'static str {
    match system {
        System::Constitutional => "Constitutional",
        System::Eyes => "Eyes",
        System::EarsNoseThroat => "Ears, nose and throat",
        System::Cardiovascular => "Cardiovascular",
        System::Respiratory => "Respiratory",
        System::Gastrointestinal => "Gastrointestinal",
        System::Genitourinary => "Genitourinary",
        System::Musculoskeletal => "Musculoskeletal",
        System::Skin => "Skin",
        System::Neurological => "Neurological",
        System::Psychiatric => "Psychiatric",
        System::Endocrine => "Endocrine",
        System::Hematologic => "Hematologic",
        System::Allergic => "Allergic",
    }
}

/// What was measured in the visit: nothing that the patient tells of home.
fn vitals(statements: &[Statement]) -> Vec<Listed> {
    let mut lines: Vec<Listed> = Vec::new();
    for statement in statements
        .iter()
        .filter(|statement| statement.speaker != Some(Speaker::Patient) && statement.reply.is_none())
    {
        for fact in &statement.facts {
            let About::Measurement(measured) = &fact.about else {
                continue;
            };
            let written = statement
                .text
                .get(fact.at.start as usize..fact.at.end as usize)
                .unwrap_or_default();
            let today = fact.context.time == Time::Current && fact.context.presence == Presence::Affirmed;
            // The words of the text: a value that was put together otherwise stands in its sentence.
            let plain = measured.plausible && !name_before(written, &measured.value).is_empty();
            if measured.vital && today && plain {
                let name = name_before(written, &measured.value);
                let unit = measured
                    .unit
                    .as_deref()
                    .filter(|unit| written.contains(unit))
                    .unwrap_or_default();
                let text = format!("{name}: {} {unit}", measured.value);
                let text = format!("{}.", text.trim_end());
                let text = capitalised(text);
                if !lines.iter().any(|line| line.text == text) {
                    lines.push(Listed {
                        kind: Kind::Vitals,
                        before: 0,
                        text,
                        evidence: statement.evidence_of(fact.at),
                    });
                }
            }
        }
    }
    lines
}

/// The words by which a value was named.
fn name_before(written: &str, value: &str) -> String {
    let before = written.split_once(value).map_or("", |(before, _)| before);
    let words = before
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let name: Vec<&str> = words
        .take_while(|word| !BETWEEN.contains(&word.to_lowercase().as_str()))
        .take(3)
        .collect();
    name.join(" ")
}

/// What stands between the name of a measurement and its value.
const BETWEEN: &[&str] = &[
    "is",
    "are",
    "was",
    "were",
    "at",
    "of",
    "about",
    "around",
    "today",
    "looks",
    "look",
    "in",
    "it",
    "it's",
    "a",
    "the",
    "good",
    "here",
    "and",
    "slightly",
    "little",
    "elevated",
    "high",
    "normal",
    "currently",
    "like",
];

fn line(kind: Kind, before: usize, statement: &Statement, at: Span) -> Option<Listed> {
    let words = statement.text.get(at.start as usize..at.end as usize)?;
    Some(Listed {
        kind,
        before,
        text: capitalised(format!("{words}.")),
        evidence: statement.evidence_of(at),
    })
}
