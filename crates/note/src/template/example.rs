//! An example note → the template that it could have come from.

use super::text::one_line;
use super::{Kind, Length, Mistake, Problem, SectionSpec, Template};
use crate::{Document, Format, WhenEmpty};

/// No note has more.
const MOST_SECTIONS: usize = 60;

/// In words; a longer line is text.
const LONGEST_HEADING: usize = 7;

/// In characters of a section, where a section's usual length begins and ends.
const CONCISE_BELOW: usize = 120;
const DETAILED_FROM: usize = 900;

/// Headings that stand for several kinds.
const WIDE_HEADINGS: &[(&str, &[Kind])] = &[
    (
        "subjective",
        &[
            Kind::ChiefComplaint,
            Kind::PresentIllness,
            Kind::ReviewOfSystems,
            Kind::MedicalHistory,
        ],
    ),
    ("objective", &[Kind::Vitals, Kind::Exam, Kind::Labs]),
    ("results", &[Kind::Labs, Kind::Imaging]),
    ("data", &[Kind::PresentIllness, Kind::Exam, Kind::Intervention]),
    ("assessment and plan", &[Kind::Assessment, Kind::Plan]),
    ("impression and plan", &[Kind::Assessment, Kind::Plan]),
    ("a/p", &[Kind::Assessment, Kind::Plan]),
    ("behavior", &[Kind::PresentIllness, Kind::Exam]),
    ("situation", &[Kind::PresentIllness, Kind::Exam]),
];

/// How the title of a document begins.
const TITLES: &[(&str, Document)] = &[
    ("discharge", Document::Discharge),
    ("procedure note", Document::Procedure),
    ("operative", Document::Procedure),
    ("consult", Document::Consultation),
    ("history and physical", Document::HistoryAndPhysical),
    ("h&p", Document::HistoryAndPhysical),
    ("telephone", Document::Telephone),
    ("dear ", Document::Letter),
];

impl Template {
    /// Recognises the headings of an example and guesses what each section takes, its format and its length. No text of
    /// the example but its headings is kept: it may be a patient's.
    pub fn from_example(example: &str) -> Result<Template, Mistake> {
        let mut sections: Vec<(SectionSpec, Vec<&str>)> = Vec::new();
        let mut taken: Vec<Kind> = Vec::new();
        let mut before: Vec<&str> = Vec::new();
        for line in example.lines().map(str::trim) {
            match heading(line) {
                Some((name, rest))
                    if sections.len() < MOST_SECTIONS
                        && !sections.iter().any(|(spec, _)| same(&spec.heading, &name)) =>
                {
                    let mut takes = kinds(&name);
                    takes.retain(|kind| !taken.contains(kind));
                    taken.extend(&takes);
                    let spec = SectionSpec {
                        heading: name,
                        takes,
                        ..SectionSpec::default()
                    };
                    sections.push((spec, vec![rest]));
                }
                Some(_) | None => match sections.last_mut() {
                    Some((_, body)) => body.push(line),
                    None => before.push(line),
                },
            }
        }
        let titled =
            |(spec, body): &&(SectionSpec, Vec<&str>)| spec.takes.is_empty() && body.iter().all(|line| line.is_empty());
        let title = sections.first().filter(titled).map(|(spec, _)| spec.heading.clone());
        sections.drain(..usize::from(title.is_some()));
        if sections.is_empty() {
            return Err(Mistake {
                line: 1,
                problem: Problem::NoHeadings,
            });
        }
        Ok(Template {
            name: "From an example".into(),
            document: document(before.into_iter().chain(title.as_deref())),
            dictated: false,
            leaves_out: Vec::new(),
            sections: sections.into_iter().map(|(spec, body)| shaped(spec, &body)).collect(),
        })
    }
}

/// A heading and what follows it on its line: marked as one (`# Plan`, `**Plan**`, `PLAN`, `Plan:`), or a known one
/// before a colon and text.
fn heading(line: &str) -> Option<(String, &str)> {
    let bare = line.trim_matches(|c: char| matches!(c, '#' | '*' | '_' | '=' | '[' | ']') || c.is_whitespace());
    let marked = line.starts_with(['#', '[']) || (line.starts_with("**") && line.ends_with("**"));
    let (before, after) = bare.split_once(':').unwrap_or((bare, ""));
    let name = one_line(before.trim_matches(|c: char| c == '*' || c.is_whitespace()));
    let after = after.trim_matches(|c: char| c == '*' || c.is_whitespace());
    let short = !name.is_empty() && name.split(' ').count() <= LONGEST_HEADING;
    let spelled = !name.contains(|c: char| c.is_numeric() || matches!(c, '.' | '?' | '!' | ';'));
    let capitals = name.chars().filter(|c| c.is_uppercase()).count() > 1 && !name.contains(char::is_lowercase);
    let alone = after.is_empty() && (marked || capitals || bare.ends_with(':'));
    let known = !kinds(&name).is_empty();
    let listed = line.starts_with(['-', '•']);
    (short && spelled && !listed && (alone || (known && bare.contains(':')))).then_some((name, after))
}

fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// What a heading takes: by its whole name, else by the names joined in it ("Family and social history").
fn kinds(heading: &str) -> Vec<Kind> {
    let name = heading.to_lowercase().replace(" & ", " and ").replace(" / ", "/");
    if let Some((_, kinds)) = WIDE_HEADINGS.iter().find(|(wide, _)| *wide == name) {
        return kinds.to_vec();
    }
    if let Some(kind) = Kind::named(&name) {
        return vec![kind];
    }
    let parts: Vec<&str> = name
        .split([',', '/'])
        .flat_map(|part| part.split(" and "))
        .map(str::trim)
        .collect();
    let kind = |part: &&str| Kind::named(part).or_else(|| Kind::named(&format!("{part} history")));
    let kinds: Vec<Kind> = parts.iter().filter_map(kind).collect();
    match kinds.len() == parts.len() && parts.len() > 1 {
        true => kinds,
        false => Vec::new(),
    }
}

/// What the lines before the first section call the note.
fn document<'a>(before: impl Iterator<Item = &'a str>) -> Document {
    let lines: Vec<String> = before.map(str::to_lowercase).collect();
    let spoken_of = |title: &str| lines.iter().any(|line| line.starts_with(title));
    let found = TITLES.iter().find(|(title, _)| spoken_of(title));
    found.map(|&(_, document)| document).unwrap_or_default()
}

fn shaped(mut spec: SectionSpec, body: &[&str]) -> SectionSpec {
    let lines: Vec<&str> = body.iter().copied().filter(|line| !line.is_empty()).collect();
    let most =
        |is: fn(&str) -> bool| !lines.is_empty() && lines.iter().filter(|line| is(line)).count() * 2 > lines.len();
    let sentences = |line: &str| line.matches(". ").count() + 1;
    spec.format = if most(|line| line.starts_with(['-', '*', '•']) && line != "***") {
        Format::Bullets
    } else if most(numbered) {
        Format::Numbered
    } else if lines.len() == 1 && sentences(lines[0]) > 1 {
        Format::Paragraph
    } else {
        Format::Lines
    };
    spec.length = match lines.iter().map(|line| line.len()).sum() {
        0 => Length::Standard,
        1..CONCISE_BELOW => Length::Concise,
        CONCISE_BELOW..DETAILED_FROM => Length::Standard,
        DETAILED_FROM.. => Length::Detailed,
    };
    if lines == ["***"] {
        spec.when_empty = WhenEmpty::Wildcard;
    }
    spec
}

fn numbered(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < line.len() && rest.starts_with(['.', ')'])
}
