use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};
use speech::{SegmentId, Transcript};

use crate::classify::{Classifier, announcement};
use crate::clean::{clean, says_nothing};
use crate::fuse::fuse;
use crate::sentences::{bare_words, sentences};
use crate::{Kind, Template};

/// A note to be reviewed; part of the sealed record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The name of the template that shaped it.
    pub template: String,
    pub sections: Vec<Section>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Section {
    pub heading: String,
    pub lines: Vec<Line>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub text: String,
    /// Where it was said, in time order; none for a line that the clinician typed.
    pub sources: Vec<SegmentId>,
}

/// A first draft: every sentence that says something goes, cleaned of fillers, to the section that takes its kind.
pub fn draft(transcript: &Transcript, template: &Template) -> Draft {
    let mut sections: Vec<Section> = template
        .sections
        .iter()
        .map(|spec| Section {
            heading: spec.heading.clone(),
            lines: Vec::new(),
        })
        .collect();
    let mut seen: HashMap<(usize, String), usize> = HashMap::new();
    let mut classifier = Classifier::default();
    for sentence in fuse(sentences(transcript.segments())) {
        if announcement(&sentence.text) {
            continue;
        }
        let (kind, rest) = classifier.classify(&sentence.text);
        let Some(at) = taker(template, kind) else { continue };
        let text = clean(rest);
        let words = bare_words(&text);
        if says_nothing(&words) {
            continue;
        }
        let lines = &mut sections[at].lines;
        match seen.entry((at, words.join(" "))) {
            std::collections::hash_map::Entry::Occupied(first) => {
                let said_before = &mut lines[*first.get()].sources;
                said_before.extend(sentence.sources);
                said_before.sort_unstable();
                said_before.dedup();
            }
            std::collections::hash_map::Entry::Vacant(new) => {
                new.insert(lines.len());
                lines.push(Line {
                    text,
                    sources: sentence.sources,
                });
            }
        }
    }
    Draft {
        template: template.name.clone(),
        sections,
    }
}

fn taker(template: &Template, kind: Kind) -> Option<usize> {
    template
        .sections
        .iter()
        .position(|section| section.takes.contains(&kind))
}

impl Section {
    /// One line of text per line.
    pub fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|line| line.text.as_str()).collect();
        lines.join("\n")
    }

    /// Takes over the clinician's text, one line per line of text, blank ones left out. A line that is unchanged keeps its
    /// sources, wherever it was moved to; any other is the clinician's own and has none.
    pub fn edit(&mut self, text: &str) {
        let mut drafted: HashMap<String, VecDeque<Vec<SegmentId>>> = HashMap::new();
        for line in self.lines.drain(..) {
            drafted.entry(line.text).or_default().push_back(line.sources);
        }
        self.lines = text
            .lines()
            .map(str::trim_end)
            .filter(|line| !line.trim().is_empty())
            .map(|line| {
                let sources = drafted.get_mut(line).and_then(VecDeque::pop_front).unwrap_or_default();
                Line {
                    text: line.into(),
                    sources,
                }
            })
            .collect();
    }
}
