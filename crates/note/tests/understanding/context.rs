//! How findings are meant: the cases of `data/cases/context.txt`, end to end from the segments of a talk.

use note::{Context, Experiencer, Fact, Presence, Relation, Statement, Time, understand};
use speech::Span;

use crate::transcript;

const CASES: &str = include_str!("../../data/cases/context.txt");

/// In percent of the cases.
const LEAST: usize = 95;

#[test]
fn findings_are_meant_as_a_clinician_reads_them() {
    let cases: Vec<&str> = CASES
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    assert!(cases.len() >= 300, "{} cases", cases.len());
    let wrong: Vec<String> = cases.iter().filter_map(|case| wrong(case)).collect();
    for failure in &wrong {
        eprintln!("{failure}");
    }
    let right = cases.len() - wrong.len();
    eprintln!("{right} of {} cases are right", cases.len());
    assert!(
        right * 100 >= cases.len() * LEAST,
        "{right} of {} cases are right",
        cases.len()
    );
}

#[test]
fn who_is_said_to_speak_changes_nothing_of_what_is_meant() {
    use speech::Speaker::{Clinician, Patient};
    for case in CASES.lines().filter(|line| line.contains(" / ")) {
        let (said, _) = parsed(case);
        let tagged = |first, second| {
            let mut transcript = transcript(&said);
            let mut segments = transcript.segments().to_vec();
            for segment in &mut segments {
                segment.speaker = Some(if segment.id.0 % 2 == 0 { first } else { second });
            }
            for segment in segments {
                transcript.insert(segment);
            }
            let heard: Vec<(String, Vec<Fact>)> = understand(&transcript)
                .into_iter()
                .map(|statement| (statement.text, statement.facts))
                .collect();
            heard
        };
        assert_eq!(tagged(Clinician, Patient), tagged(Patient, Clinician), "{case}");
    }
}

/// What is wrong with a case, or nothing.
fn wrong(case: &str) -> Option<String> {
    let (said, expected) = parsed(case);
    let statements = understand(&transcript(&said));
    let wrong: Vec<String> = expected
        .iter()
        .filter_map(|(segment, span, context)| {
            let name = span.of(&said[*segment]);
            match found(&statements, *segment, *span) {
                Some(fact) if fact.context == *context => None,
                Some(fact) => Some(format!("{name:?} is {:?}", fact.context)),
                None => Some(format!("{name:?} is not found")),
            }
        })
        .collect();
    (!wrong.is_empty()).then(|| format!("{case}\n    {}", wrong.join("\n    ")))
}

/// The fact that rests on most of these words.
fn found(statements: &[Statement], segment: usize, span: Span) -> Option<&Fact> {
    let overlap = |statement: &Statement, fact: &Fact| {
        let places = statement
            .evidence_of(fact.at)
            .into_iter()
            .filter(|place| place.segment.0 as usize == segment);
        let bytes = places.map(|place| {
            place
                .span
                .end
                .min(span.end)
                .saturating_sub(place.span.start.max(span.start))
        });
        bytes.sum::<u32>()
    };
    let facts = statements
        .iter()
        .flat_map(|statement| statement.facts.iter().map(move |fact| (overlap(statement, fact), fact)));
    facts
        .filter(|(bytes, _)| *bytes > 0)
        .max_by_key(|(bytes, _)| *bytes)
        .map(|(_, fact)| fact)
}

/// The segments of a case, and what each of its brackets should mean.
fn parsed(case: &str) -> (Vec<String>, Vec<(usize, Span, Context)>) {
    let mut expected = Vec::new();
    let mut said = Vec::new();
    for (number, mut rest) in case.split(" / ").enumerate() {
        let mut text = String::new();
        while let Some((before, marked)) = rest.split_once('[') {
            let (inside, after) = marked.split_once(']').expect("a bracket is closed");
            let (labels, name) = inside.split_once(": ").unwrap_or(("", inside));
            text.push_str(before);
            let start = u32::try_from(text.len()).expect("short");
            text.push_str(name);
            let end = u32::try_from(text.len()).expect("short");
            expected.push((number, Span { start, end }, context(labels)));
            rest = after;
        }
        text.push_str(rest);
        said.push(text);
    }
    (said, expected)
}

fn context(labels: &str) -> Context {
    let mut context = Context::default();
    for label in labels.split_whitespace() {
        match label {
            "negated" => context.presence = Presence::Negated,
            "possible" => context.presence = Presence::Possible,
            "historical" => context.time = Time::Historical,
            "hypothetical" => context.time = Time::Hypothetical,
            relative => {
                let relation = Relation::named(relative).unwrap_or_else(|| panic!("{relative:?} is no label"));
                context.of = Experiencer::Family(relation);
            }
        }
    }
    context
}
