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
    /// Who said it; `None` where nobody knows yet.
    pub speaker: Option<Speaker>,
    /// The words that the recogniser was unsure of, in order, none overlapping.
    pub doubtful: Vec<Span>,
    /// When each word was said and how sure the recogniser was of it, in order; empty where nobody knows.
    #[serde(default)]
    pub words: Vec<Word>,
    /// In which of the visit's two voices; `None` where they cannot be told apart.
    #[serde(default)]
    pub voice: Option<Voice>,
}

/// A word of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "[u32; 5]", into = "[u32; 5]")]
pub struct Word {
    pub span: Span,
    /// Hundredths of a second from the start of the segment.
    pub from: u32,
    /// Hundredths of a second from the start of the segment; not before `from`.
    pub to: u32,
    /// In hundredths: 100 is certain.
    pub confidence: u32,
}

/// One of the two voices of a visit, and nothing about it but that it is not the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Voice {
    First,
    Second,
}

/// Who spoke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Speaker {
    Clinician,
    Patient,
    /// A relative, a nurse, an interpreter.
    Other,
}

/// A stretch of a segment's text: byte offsets, on character boundaries, `start <= end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

/// Names a segment for as long as its visit exists; evidence points at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SegmentId(pub u32);

impl Segment {
    /// Words of which nothing more is known than when they were said.
    pub fn new(id: SegmentId, start: f64, end: f64, text: impl Into<String>) -> Self {
        Self {
            id,
            start,
            end,
            text: text.into(),
            speaker: None,
            doubtful: Vec::new(),
            words: Vec::new(),
            voice: None,
        }
    }
}

/// Five numbers and no names: a long visit has ten thousand words.
impl From<[u32; 5]> for Word {
    fn from([start, end, from, to, confidence]: [u32; 5]) -> Self {
        Self {
            span: Span { start, end },
            from,
            to,
            confidence,
        }
    }
}

impl From<Word> for [u32; 5] {
    fn from(word: Word) -> Self {
        [word.span.start, word.span.end, word.from, word.to, word.confidence]
    }
}

impl Span {
    /// The words that it covers; none where `text` is another text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

impl Transcript {
    /// Puts a segment at its place in time; one with the same id is replaced (an utterance that was sent again).
    pub fn insert(&mut self, segment: Segment) {
        self.segments.retain(|s| s.id != segment.id);
        let at = self.segments.partition_point(|s| s.start <= segment.start);
        self.segments.insert(at, segment);
    }

    /// A person says who spoke; a segment that there is not stays away.
    pub fn told(&mut self, id: SegmentId, speaker: Speaker) {
        if let Some(segment) = self.segments.iter_mut().find(|segment| segment.id == id) {
            segment.speaker = Some(speaker);
        }
    }

    /// In which voice each of these segments was spoken, as far as they can be told apart by now.
    pub fn spoken_by(&mut self, voices: &[(SegmentId, Option<Voice>)]) {
        for (id, voice) in voices {
            if let Some(segment) = self.segments.iter_mut().find(|segment| segment.id == *id) {
                segment.voice = *voice;
            }
        }
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
