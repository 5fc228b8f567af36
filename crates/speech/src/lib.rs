//! What the page and the speech worker share, in the order in which data flows:
//!
//! device audio → [`Resampler`] → [`Samples`] → [`Segmenter`] → [`Utterance`] → (worker) → [`Segment`] →
//! [`Transcript`]
//!
//! Nothing here touches a browser, a clock, a disk or a network. What runs in the page gives the same bits natively.

mod level;
pub use level::{level, level_dbfs};

mod resample;
pub use resample::{Resampler, mix_down};

mod samples;
pub use samples::{RATE, Samples};

mod voice;

mod cepstrum;

mod timbre;
pub use timbre::Timbre;

mod change;

mod segment;
pub use segment::{Pending, Segmenter, Utterance};

mod word_list;
pub use word_list::{BadList, WordList};

pub mod protocol;

pub mod bundle;

mod transcript;
pub use transcript::{Segment, SegmentId, Span, Speaker, Transcript, Voice, Word};

mod voices;
pub use voices::Voices;

pub mod dialogue;

pub mod wav;

mod error;
pub use error::AudioError;
