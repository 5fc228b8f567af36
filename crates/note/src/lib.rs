//! What was said becomes a note, in the order in which data flows:
//!
//! [`speech::Transcript`] → sentences → a kind for each → [`Draft`] (shaped by a [`Template`]) → review → [`plain_text`]
//!
//! Nothing is invented: a line holds words of the segments that it names as its sources, in their order, and the fixed
//! words `Denies` and `Reports` where a question was answered with no or yes. Nothing here touches a browser, a clock, a
//! disk or a network.

mod template;
pub use template::{Kind, SectionSpec, Template};

mod sentences;

mod cues;

mod classify;

mod fuse;

mod clean;

mod draft;
pub use draft::{Draft, Line, Section, draft};

mod export;
pub use export::{NOT_DISCUSSED, plain_text, section_text};
