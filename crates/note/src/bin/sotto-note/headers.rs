//! What teaches the 20 sections of MTS-Dialog: its training exchanges, their summaries, and exchanges that were written for Sotto.

use note::model::sections::{self, HEADERS};
use note::model::{Features, Linear, best};

use crate::corpora::Snippet;
use crate::dialogue::transcript;
use crate::exchanges;
use crate::learn::{Example, Settings, regress, shuffle};

/// The model of the sections.
pub fn headers(snippets: &[Snippet]) -> Linear {
    learned(&lessons(snippets))
}

/// How many exchanges a model labels as they are labelled.
pub fn right(model: &Linear, snippets: &[Snippet]) -> usize {
    let known = snippets.iter().filter_map(Lesson::of);
    known.filter(|lesson| lesson.learned_by(model)).count()
}

/// How many exchanges are labelled right by what the other parts teach, a part at a time: the mean of several ways to divide
/// them, each section spread over all parts.
pub fn cross_validated(snippets: &[Snippet], parts: usize) -> f32 {
    let lessons = lessons(snippets);
    let mut order: Vec<usize> = (0..lessons.len()).collect();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut right = 0;
    for _ in 0..DIVISIONS {
        shuffle(&mut order, &mut state);
        let mut seen = [0; HEADERS.len()];
        let mut part = vec![0; lessons.len()];
        for &at in &order {
            let class = lessons[at].class;
            part[at] = (seen[class] + class) % parts;
            seen[class] += 1;
        }
        for left_out in 0..parts {
            let apart = |wanted: bool| {
                let divided = lessons.iter().zip(&part);
                divided
                    .filter(move |(_, part)| (**part == left_out) == wanted)
                    .map(|(lesson, _)| lesson)
            };
            let model = learned(apart(false));
            right += apart(true).filter(|lesson| lesson.learned_by(&model)).count();
        }
    }
    right as f32 / DIVISIONS as f32
}

const DIVISIONS: usize = 3;

struct Lesson {
    class: usize,
    features: Features,
    /// The same thing in a note's words.
    summary: Option<Features>,
}

fn lessons(snippets: &[Snippet]) -> Vec<Lesson> {
    snippets.iter().filter_map(Lesson::of).collect()
}

impl Lesson {
    fn of(snippet: &Snippet) -> Option<Self> {
        Some(Self {
            class: class(snippet)?,
            features: sections::features(&snippet.transcript),
            summary: (!snippet.summary.is_empty()).then(|| sections::features(&transcript(&snippet.summary))),
        })
    }

    fn learned_by(&self, model: &Linear) -> bool {
        best(&model.scores(&self.features)) == self.class
    }
}

fn class(snippet: &Snippet) -> Option<usize> {
    HEADERS.iter().position(|header| *header == snippet.header)
}

fn learned<'a>(lessons: impl IntoIterator<Item = &'a Lesson>) -> Linear {
    let mut counts = [0f32; HEADERS.len()];
    let mut taught: Vec<(usize, Features)> = Vec::new();
    for lesson in lessons {
        counts[lesson.class] += 1.0;
        let summary = lesson.summary.iter();
        taught.extend(
            summary
                .chain([&lesson.features])
                .map(|features| (lesson.class, features.clone())),
        );
    }
    // Of those that were written for Sotto the words alone: what is understood of them is plainer than that of real talk.
    let own = exchanges::own();
    taught.extend(
        own.iter()
            .filter_map(|own| Some((class(own)?, sections::word_features(&own.transcript)))),
    );
    let examples: Vec<Example> = taught
        .into_iter()
        .map(|(class, features)| Example {
            features,
            class,
            // Rare sections count more: they are more frequent where exchanges are labelled than among those to learn from.
            weight: (60.0 / counts[class].max(1.0)).powf(0.9),
        })
        .collect();
    regress(
        &examples,
        &Settings {
            classes: HEADERS.len(),
            buckets: 1 << 15,
            rounds: 30,
            rate: 0.6,
            decay: 0.6,
            steps: 63.0,
        },
    )
}
