//! Parts that more than one screen shows.

mod bar;
pub use bar::Bar;

mod level;
pub use level::Level;

mod messages;
pub use messages::Messages;

mod status;
pub use status::StatusLine;

mod transcript;
pub use transcript::{Evidence, TranscriptView};
