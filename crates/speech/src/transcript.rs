use serde::{Deserialize, Serialize};

/// What was said, in time order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Transcript {
    segments: Vec<Segment>,
}

/// One utterance as text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    pub id: SegmentId,
    /// Seconds from the start of the recording.
    pub start: f64,
    /// Seconds from the start of the recording.
    pub end: f64,
    pub text: String,
}

/// Names a segment for as long as its visit exists; evidence points at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SegmentId(pub u32);

impl Transcript {
    /// Puts a segment at its place in time; one with the same id is replaced (an utterance that was sent again).
    pub fn insert(&mut self, segment: Segment) {
        self.segments.retain(|s| s.id != segment.id);
        let at = self.segments.partition_point(|s| s.start <= segment.start);
        self.segments.insert(at, segment);
    }

    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    pub fn get(&self, id: SegmentId) -> Option<&Segment> {
        self.segments.iter().find(|s| s.id == id)
    }

    /// True when nobody was heard to say a word.
    pub fn is_empty(&self) -> bool {
        self.segments.iter().all(|s| s.text.trim().is_empty())
    }

    /// The words alone, one space between segments.
    pub fn text(&self) -> String {
        let words: Vec<&str> = self
            .segments
            .iter()
            .map(|s| s.text.trim())
            .filter(|t| !t.is_empty())
            .collect();
        words.join(" ")
    }
}
