//! What the page and the speech worker share, in the order in which data flows:
//!
//! device audio → [`Samples`] → [`Utterance`] → (worker) → [`Segment`] → [`Transcript`]
//!
//! Nothing here touches a browser, a clock, a disk or a network.

mod samples;
pub use samples::{RATE, Samples};

mod segment;
pub use segment::{Segmenter, Utterance};

mod transcript;
pub use transcript::{Segment, SegmentId, Transcript};

pub mod protocol;
