//! What is understood of speech, from the segments of a talk to its facts.

use note::{Statement, understand};
use speech::{Segment, SegmentId, Transcript};

mod context;
mod facts;
mod numbers;
mod promises;
mod questions;

fn texts(said: &[&str]) -> Vec<String> {
    understood(said).into_iter().map(|statement| statement.text).collect()
}

fn understood(said: &[&str]) -> Vec<Statement> {
    understand(&transcript(said))
}

fn transcript(said: &[impl AsRef<str>]) -> Transcript {
    let mut transcript = Transcript::default();
    for (id, text) in (0..).zip(said) {
        transcript.insert(Segment::new(
            SegmentId(id),
            id.into(),
            f64::from(id) + 0.9,
            text.as_ref(),
        ));
    }
    transcript
}
