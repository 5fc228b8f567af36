//! `bench notes`: the tables by which the notes are judged.

use std::collections::BTreeSet;
use std::time::Instant;

use note::model::lines::Models;
use note::model::sections::header;
use note::{Draft, Evidence, LiveDraft, Template, draft, mentions, plain_text};
use speech::{Segment, SegmentId, Transcript};

use crate::corpora::{Corpora, Part, Visit};
use crate::dialogue::spoken;
use crate::grounding::{content, default_vitals, numbers};
use crate::rouge::rouge;
use crate::table::Failure;

/// Prints the figures of every set, or of the named one.
pub fn notes(folder: &str, only: Option<&str>) -> Result<String, Failure> {
    let corpora = Corpora::at(folder);
    let wanted = |set: &str| only.is_none_or(|only| only == set);
    println!("{HEADINGS}");
    for (name, part) in [("valid", Part::Valid), ("test1", Part::Test1), ("test2", Part::Test2)] {
        if wanted(name) {
            let visits = corpora.visits(part)?;
            println!("{:<24}{}", format!("ACI-Bench {name}"), drafted(&visits));
        }
    }
    if wanted("primock") {
        primock(&corpora)?;
    }
    for (name, part) in [("valid", Part::Valid), ("test1", Part::Test1)] {
        if wanted(name) {
            let snippets = corpora.snippets(part)?;
            let right = snippets
                .iter()
                .filter(|snippet| header(&snippet.transcript) == snippet.header)
                .count();
            println!("MTS-Dialog {name}: {right} of {} section headers", snippets.len());
        }
    }
    if wanted("times") {
        times(&corpora.visits(Part::Valid)?);
    }
    Ok(String::new())
}

const HEADINGS: &str =
    "                           R-1    R-2 R-Lsum  words  -content  recall numbers  drugs -numbers -drugs defaults";

fn drafted(visits: &[Visit]) -> Sum {
    let template = Template::history_and_physical();
    let mut sum = Sum::default();
    for visit in visits {
        let draft = draft(&visit.transcript, &template);
        assert!(
            evident(&draft, &visit.transcript),
            "{}: a line without evidence",
            visit.id
        );
        sum.add(&visit.dialogue, &visit.note, &plain_text(&draft));
    }
    sum
}

/// Every line names words of the transcript.
fn evident(draft: &Draft, transcript: &Transcript) -> bool {
    let known = |at: &Evidence| {
        transcript
            .get(at.segment)
            .is_some_and(|segment| !at.span.of(&segment.text).is_empty())
    };
    let mut lines = draft.sections.iter().flat_map(|section| &section.lines);
    lines.all(|line| !line.evidence.is_empty() && line.evidence.iter().all(known))
}

/// Notes of true text against notes of what three systems recognised, the same visits each time. Recall is that of
/// `score_notes.py`: of what the reference has and the given dialogue holds, the part in the note. What the recogniser never
/// wrote is not in the given dialogue; the stricter rows count it as lost.
fn primock(corpora: &Corpora) -> Result<(), Failure> {
    let visits = corpora.primock()?;
    println!("{:<24}{}", "PriMock57 true text", drafted(&visits));
    for recognised in corpora.recognised()? {
        let mut pairs: Vec<(Visit, Visit)> = Vec::new();
        for (id, text) in &recognised.texts {
            let transcript = spoken(sentences(text).into_iter().map(|words| (None, words)));
            if let Some(truth) = visits.iter().find(|visit| visit.id == *id) {
                let heard = Visit {
                    transcript,
                    dialogue: text.clone(),
                    ..truth.clone()
                };
                pairs.push((truth.clone(), heard));
            }
        }
        let (truths, mut heard): (Vec<Visit>, Vec<Visit>) = pairs.into_iter().unzip();
        let truth = drafted(&truths);
        let name = recognised.system.split('_').next_back().unwrap_or_default();
        let name: String = name.chars().take(22).collect();
        let row = |name: &str, sum: &Sum| {
            let falls = |at: usize| truth.mean(at) - sum.mean(at);
            println!(
                "{name:<24}{sum}  fall: numbers {:.1}, drugs {:.1}",
                falls(NUMBERS),
                falls(DRUGS)
            );
        };
        row(&format!("  {name}"), &drafted(&heard));
        for (heard, truth) in heard.iter_mut().zip(truths) {
            heard.dialogue = truth.dialogue;
        }
        row("    of the true text", &drafted(&heard));
    }
    Ok(())
}

/// A recogniser's text, cut behind the marks that end a sentence.
fn sentences(text: &str) -> Vec<String> {
    let mut sentences = vec![String::new()];
    for word in text.split_whitespace() {
        if let Some(last) = sentences.last_mut() {
            last.push_str(word);
            last.push(' ');
        }
        if word.ends_with(['.', '?', '!']) {
            sentences.push(String::new());
        }
    }
    sentences
}

/// How long a draft takes, of whole visits and as a visit grows.
fn times(visits: &[Visit]) {
    let template = Template::history_and_physical();
    let milliseconds = |begun: Instant| begun.elapsed().as_secs_f64() * 1000.0;
    let mut each: Vec<f64> = visits
        .iter()
        .map(|visit| {
            let begun = Instant::now();
            draft(&visit.transcript, &template);
            milliseconds(begun)
        })
        .collect();
    each.sort_by(f64::total_cmp);
    println!("a note of the validation set: {:.1} ms (median)", each[each.len() / 2]);
    let mut long = Transcript::default();
    let segments = visits.iter().flat_map(|visit| visit.transcript.segments());
    let mut words = 0;
    for (id, segment) in (0..).zip(segments) {
        words += segment.text.split_whitespace().count();
        let mut segment = Segment {
            id: SegmentId(id),
            ..segment.clone()
        };
        (segment.start, segment.end) = (f64::from(id), f64::from(id) + 1.0);
        long.insert(segment);
        if words >= 9_000 {
            break;
        }
    }
    let begun = Instant::now();
    draft(&long, &template);
    println!("a visit of {words} words: {:.1} ms", milliseconds(begun));
    let mut live = LiveDraft::new(Models::committed());
    let (mut so_far, mut added) = (Transcript::default(), Vec::new());
    for segment in long.segments() {
        so_far.insert(segment.clone());
        let begun = Instant::now();
        live.draft(&so_far, &template);
        added.push(milliseconds(begun));
    }
    let mut last = added.split_off(added.len().saturating_sub(100));
    last.sort_by(f64::total_cmp);
    println!(
        "a segment added to it: {:.1} ms (median of the last 100), {:.1} ms (most)",
        last[last.len() / 2],
        last[last.len() - 1]
    );
}

/// Means over notes, as the published scripts take them: a share of nothing does not count.
#[derive(Default)]
pub struct Sum {
    shares: [(f64, f64); 9],
    words: f64,
    defaults: usize,
}

const NUMBERS: usize = 5;
const DRUGS: usize = 6;

impl Sum {
    pub fn add(&mut self, dialogue: &str, wanted: &str, note: &str) {
        let scores = rouge(wanted, note);
        let drugs = |text: &str| -> BTreeSet<String> { mentions(text).drugs.into_iter().collect() };
        let words = (content(dialogue), content(wanted), content(note));
        let counted = (numbers(dialogue), numbers(wanted), numbers(note));
        let named = (drugs(dialogue), drugs(wanted), drugs(note));
        let shares = [
            Some(scores.one),
            Some(scores.two),
            Some(scores.sum),
            Some(beyond(&words).unwrap_or(0.0)),
            recalled(&words),
            recalled(&counted),
            recalled(&named),
            Some(beyond(&counted).unwrap_or(0.0)),
            Some(beyond(&named).unwrap_or(0.0)),
        ];
        for (total, value) in self.shares.iter_mut().zip(shares) {
            if let Some(value) = value {
                total.0 += value;
                total.1 += 1.0;
            }
        }
        self.words += note.split_whitespace().count() as f64;
        self.defaults += usize::from(default_vitals(note, &counted.0));
    }

    /// In percent.
    fn mean(&self, at: usize) -> f64 {
        let (total, count) = self.shares[at];
        100.0 * total / count.max(1.0)
    }
}

/// What was said, what the reference has of it, what the note has.
type Sets = (BTreeSet<String>, BTreeSet<String>, BTreeSet<String>);

/// Of what was said and is in the reference, the part in the note.
fn recalled((said, wanted, given): &Sets) -> Option<f64> {
    let supported: Vec<&String> = wanted.intersection(said).collect();
    let kept = supported.iter().filter(|one| given.contains(**one)).count();
    (!supported.is_empty()).then(|| kept as f64 / supported.len() as f64)
}

/// Of what is in the note, the part that was not said.
fn beyond((said, _, given): &Sets) -> Option<f64> {
    (!given.is_empty()).then(|| given.difference(said).count() as f64 / given.len() as f64)
}

impl std::fmt::Display for Sum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mean = |at| self.mean(at);
        let words = self.words / self.shares[0].1.max(1.0);
        write!(
            f,
            "{:>7.2}{:>7.2}{:>7.2}{words:>7.0}{:>10.2}{:>8.2}{:>8.2}{:>7.2}{:>9.2}{:>7.2}{:>9}",
            mean(0),
            mean(1),
            mean(2),
            mean(3),
            mean(4),
            mean(5),
            mean(6),
            mean(7),
            mean(8),
            self.defaults
        )
    }
}
