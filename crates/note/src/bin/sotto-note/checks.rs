//! `bench checks`: what the checks of a review find when one thing in a line is changed, and what they say of lines in
//! which nothing was.

use note::{
    About, Draft, Evidence, Heard, Line, Reason, TaskKind, Template, draft, drug_names, flags, tasks, understand,
    unsupported,
};
use speech::{Segment, SegmentId, Transcript};

use crate::corpora::{Corpora, Part, Visit};
use crate::table::Failure;

pub fn checks(folder: &str) -> Result<String, Failure> {
    let corpora = Corpora::at(folder);
    for (name, part) in [("valid", Part::Valid), ("test1", Part::Test1), ("test2", Part::Test2)] {
        report(&format!("ACI-Bench {name}"), &corpora.visits(part)?);
    }
    Ok(String::new())
}

/// One way of making a line wrong; none where there is nothing of the kind in it.
type Change = fn(&str, &Heard) -> Option<String>;

const CHANGES: [(&str, Change); 4] = [
    ("another number", number),
    ("the other side", side),
    ("denied for reported, or back", denial),
    ("another medication", medication),
];

fn report(name: &str, visits: &[Visit]) {
    let template = Template::history_and_physical();
    let (mut lines, mut doubted, mut open, mut conflicts, mut orders) = (0, 0, 0, 0, 0);
    let mut changed = [(0, 0); CHANGES.len()];
    for visit in visits {
        let heard = Heard::of(&visit.transcript);
        let drafted = draft(&visit.transcript, &template);
        for line in drafted.sections.iter().flat_map(|section| &section.lines) {
            let before = unsupported(line, &heard).len();
            lines += 1;
            doubted += usize::from(before > 0);
            for ((_, change), (made, found)) in CHANGES.iter().zip(&mut changed) {
                if let Some(text) = change(&line.text, &heard) {
                    *made += 1;
                    *found += usize::from(unsupported(&Line::typed(text), &heard).len() > before);
                }
            }
        }
        let flags = flags(&drafted, &template, &visit.transcript);
        open += flags.iter().filter(|flag| flag.must_resolve()).count();
        conflicts += flags
            .iter()
            .filter(|flag| matches!(flag.reason, Reason::Conflict { .. }))
            .count();
        orders += todo(&drafted, &template);
    }
    println!("{name}: {} notes, {lines} lines", visits.len());
    println!("  {:<32}{doubted:>5} of {lines}", "doubted as drafted");
    for ((what, _), (made, found)) in CHANGES.iter().zip(changed) {
        println!("  {what:<32}{found:>5} of {made} found");
    }
    let each = |n: usize| n as f64 / visits.len().max(1) as f64;
    println!(
        "  a note has {:.1} flags to resolve, {:.1} of them conflicts, and {:.1} tasks",
        each(open),
        each(conflicts),
        each(orders)
    );
}

fn todo(drafted: &Draft, template: &Template) -> usize {
    let kinds = [
        TaskKind::Order,
        TaskKind::Prescription,
        TaskKind::Referral,
        TaskKind::FollowUp,
    ];
    tasks(drafted, template)
        .iter()
        .filter(|task| kinds.contains(&task.kind))
        .count()
}

/// The first digit of the line is another.
fn number(line: &str, _: &Heard) -> Option<String> {
    let at = line.find(|c: char| c.is_ascii_digit())?;
    let other = if line[at..].starts_with('9') { "8" } else { "9" };
    Some(format!("{}{other}{}", &line[..at], &line[at + 1..]))
}

fn side(line: &str, _: &Heard) -> Option<String> {
    swapped(line, "left", "right").or_else(|| swapped(line, "right", "left"))
}

fn denial(line: &str, _: &Heard) -> Option<String> {
    swapped(line, "Denies", "Reports").or_else(|| swapped(line, "Reports", "Denies"))
}

fn swapped(line: &str, one: &str, other: &str) -> Option<String> {
    let whole = |(at, found): &(usize, &str)| {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !letter(line[..*at].chars().next_back()) && !letter(line[at + found.len()..].chars().next())
    };
    let (at, found) = line.match_indices(one).find(whole)?;
    Some(format!("{}{other}{}", &line[..at], &line[at + found.len()..]))
}

/// The first medication of the line is one that nobody spoke of.
fn medication(line: &str, heard: &Heard) -> Option<String> {
    let mut alone = Transcript::default();
    alone.insert(Segment::new(SegmentId(0), 0.0, 1.0, line));
    let statements = understand(&alone);
    let place = statements.iter().find_map(|statement| {
        let fact = statement
            .facts
            .iter()
            .find(|fact| matches!(fact.about, About::Medication(_)))?;
        statement.evidence_of(fact.at).first().copied()
    });
    let Evidence { span, .. } = place?;
    let unheard = |name: &&&str| !unsupported(&Line::typed(format!("Takes {name}.")), heard).is_empty();
    let other = drug_names().iter().find(unheard)?;
    Some(format!(
        "{}{other}{}",
        &line[..span.start as usize],
        &line[span.end as usize..]
    ))
}
