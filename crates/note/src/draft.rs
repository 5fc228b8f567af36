//! Transcript → draft: at once, or as the visit goes on. Both are one and the same way.

use std::collections::HashMap;
use std::ops::Deref;

use speech::{Segment, Speaker, Transcript};

use crate::classify::Headings;
use crate::clean::says_nothing;
use crate::compose::{Heard, Patient, capitalised, joined};
use crate::listed::{is_reviewed, listed};
use crate::model::lines::{Models, Seen};
use crate::select::{CHOOSING, Choosing, Gathered, select};
use crate::sentences::bare_words;
use crate::statement::Listener;
use crate::{About, Draft, Kind, Length, Line, Origin, Section, Statement, Template};

/// A first draft: of every statement the clauses that a note would keep, told in the third person, in the sections that take
/// their kinds. What was dictated under spoken headings is kept whole, in its own words.
pub fn draft(transcript: &Transcript, template: &Template) -> Draft {
    draft_by(Models::committed(), &CHOOSING, transcript, template)
}

/// [`draft`] with models that the caller has loaded.
pub fn draft_with(models: &Models, transcript: &Transcript, template: &Template) -> Draft {
    draft_by(models, &CHOOSING, transcript, template)
}

/// [`draft`] with other weights, for who trains them.
pub fn draft_by(models: &Models, how: &Choosing, transcript: &Transcript, template: &Template) -> Draft {
    LiveDraft::new(models).draft_by(how, transcript, template)
}

/// A draft that grows with its visit: what was said before the last segment is neither understood nor judged again.
pub struct LiveDraft<M> {
    models: M,
    /// What was understood.
    heard: Vec<Segment>,
    listener: Listener,
    statements: Vec<Statement>,
    /// Of each statement.
    reviewed: Vec<bool>,
    /// Nothing that follows can change as many of the statements.
    settled: usize,
    /// Who the patient is by these.
    patient: Patient,
    gathered: Gathered,
    seen: Seen,
}

impl<M: Deref<Target = Models>> LiveDraft<M> {
    pub fn new(models: M) -> Self {
        Self {
            models,
            heard: Vec::new(),
            listener: Listener::default(),
            statements: Vec::new(),
            reviewed: Vec::new(),
            settled: 0,
            patient: Patient::Unknown,
            gathered: Gathered::default(),
            seen: Seen::default(),
        }
    }

    /// [`draft`] of the visit so far: quick where this transcript is the last one with segments added at its end.
    pub fn draft(&mut self, transcript: &Transcript, template: &Template) -> Draft {
        self.draft_by(&CHOOSING, transcript, template)
    }

    fn draft_by(&mut self, how: &Choosing, transcript: &Transcript, template: &Template) -> Draft {
        if template.dictated {
            return Draft {
                template: template.name.clone(),
                document: template.document,
                sections: crate::dictation::sections(transcript),
            };
        }
        self.follow(transcript);
        let mut told = dictated(&self.statements);
        if told.is_empty() {
            told = self.chosen(how, transcript, template);
        }
        let mut sections: Vec<Section> = template.sections.iter().map(Section::from).collect();
        let mut seen: HashMap<(usize, String), usize> = HashMap::new();
        for (kind, line) in told {
            let Some(at) = template.taker(kind) else { continue };
            let lines = &mut sections[at].lines;
            let words = bare_words(&line.text).join(" ");
            match seen.get(&(at, words.clone())) {
                Some(&first) => {
                    let said_before = &mut lines[first].evidence;
                    said_before.extend(line.evidence);
                    *said_before = joined(std::mem::take(said_before));
                }
                None => {
                    seen.insert((at, words), lines.len());
                    lines.push(line);
                }
            }
        }
        Draft {
            template: template.name.clone(),
            document: template.document,
            sections,
        }
    }

    /// Understands what is new; all of it, where what was heard before is no longer the beginning.
    fn follow(&mut self, transcript: &Transcript) {
        let segments = transcript.segments();
        let known = segments.len() >= self.heard.len() && self.heard.iter().zip(segments).all(|(a, b)| same(a, b));
        if !known {
            self.heard.clear();
            self.listener = Listener::default();
            self.settled = 0;
            self.patient = Patient::Unknown;
        }
        self.statements.truncate(self.settled);
        self.reviewed.truncate(self.settled);
        self.gathered.forget(self.settled);
        for segment in &segments[self.heard.len()..] {
            self.statements.extend(self.listener.hear(segment));
            self.heard.push(segment.clone());
        }
        let settled = std::mem::replace(&mut self.settled, self.statements.len());
        self.statements.extend(self.listener.clone().end());
        self.patient = self.patient.or(&self.statements[settled..self.settled]);
        // Every line says who the patient is as soon as it is known.
        let patient = self.patient.or(&self.statements[self.settled..]);
        if patient != self.gathered.patient {
            self.gathered = Gathered::of(patient);
            self.reviewed.clear();
        }
        let known = self.gathered.all.len();
        for (at, statement) in self.statements.iter().enumerate().skip(self.reviewed.len()) {
            self.gathered.add(at, statement, Heard(transcript));
            self.reviewed.push(is_reviewed(statement));
        }
        self.seen.forget(known);
    }

    /// The clauses that a note keeps, in the order in which they were said.
    fn chosen(&mut self, how: &Choosing, transcript: &Transcript, template: &Template) -> Vec<(Kind, Line)> {
        let candidates = &self.gathered.all;
        let mut judged = self.seen.judge(&self.models.lines, candidates);
        let mut headings = Headings::default();
        let under: Vec<Option<Kind>> = self
            .statements
            .iter()
            .map(|s| headings.follow(s).map(|(kind, _)| kind))
            .collect();
        for (judgement, candidate) in judged.iter_mut().zip(candidates) {
            let statement = &self.statements[candidate.statement];
            judgement.kind = under[candidate.statement].unwrap_or_else(|| told_by(statement, judgement.kind));
        }
        let worth = self.seen.worth(&self.models.words, candidates, &judged);
        let cost = |at: usize| {
            template
                .taker(judged[at].kind)
                .map_or(0.0, |section| price(template.sections[section].length))
        };
        let lists = listed(&self.statements, &self.reviewed, template, Heard(transcript));
        let kept = select(&self.gathered, &judged, worth, cost, how, &lists);
        let mut named: HashMap<Option<usize>, usize> = HashMap::new();
        let mut lines: Vec<(usize, Kind, Line)> = lists
            .into_iter()
            .map(|list| (list.before, list.kind, drafted(list.text, list.evidence)))
            .collect();
        for (at, candidate) in candidates.iter().enumerate().filter(|(at, _)| kept[*at]) {
            let kind = judged[at].kind;
            // Every third line of a section names the patient; a pronoun stands in the others.
            let times = named.entry(template.taker(kind)).or_default();
            let text = candidate.clause.line(self.gathered.patient, !times.is_multiple_of(3));
            *times += 1;
            lines.push((
                candidate.statement,
                kind,
                drafted(text, candidate.evidence(&self.statements)),
            ));
        }
        // A list stands before the sentences from its place on.
        lines.sort_by_key(|(statement, ..)| *statement);
        lines.into_iter().map(|(_, kind, line)| (kind, line)).collect()
    }
}

/// Nothing here rests on which voice somebody has, and that is told better with every segment.
fn same(a: &Segment, b: &Segment) -> bool {
    let Segment {
        id,
        start,
        end,
        text,
        speaker,
        doubtful,
        words,
        voice: _,
    } = a;
    (*id, *start, *end, *speaker) == (b.id, b.start, b.end, b.speaker)
        && (text, doubtful, words) == (&b.text, &b.doubtful, &b.words)
}

/// The statements of a visit that begins with a spoken heading, each under the heading before it; none of any other visit.
fn dictated(statements: &[Statement]) -> Vec<(Kind, Line)> {
    let mut headings = Headings::of_dictation();
    let mut lines = Vec::new();
    for statement in statements {
        let Some((kind, rest)) = headings.follow(statement) else {
            return lines;
        };
        let text = capitalised(rest.to_owned());
        if !says_nothing(&bare_words(&text)) {
            lines.push((kind, drafted(text, statement.evidence.clone())));
        }
    }
    lines
}

/// A plan, a finding on examination and what to make of it are the clinician's: the patient tells what is and was.
fn told_by(statement: &Statement, kind: Kind) -> Kind {
    let patient = statement.speaker == Some(Speaker::Patient);
    match kind {
        Kind::Plan | Kind::Exam | Kind::Assessment if patient => {
            let takes = statement
                .facts
                .iter()
                .any(|fact| matches!(fact.about, About::Medication(_)));
            if takes { Kind::Medications } else { Kind::PresentIllness }
        }
        kind => kind,
    }
}

fn drafted(text: String, evidence: Vec<crate::Evidence>) -> Line {
    Line {
        text,
        origin: Origin::Drafted,
        evidence,
    }
}

/// What a word costs in a section of this length.
fn price(length: Length) -> f32 {
    match length {
        Length::Concise => 1.6,
        Length::Standard => 1.0,
        Length::Detailed => 0.6,
    }
}

impl From<&crate::SectionSpec> for Section {
    /// The section as it stands before anything was said.
    fn from(spec: &crate::SectionSpec) -> Self {
        let fixed = |text: &String| Line {
            text: text.clone(),
            origin: Origin::Template,
            evidence: Vec::new(),
        };
        Self {
            heading: spec.heading.clone(),
            format: spec.format,
            when_empty: spec.when_empty,
            lines: spec.text.iter().map(fixed).collect(),
        }
    }
}
