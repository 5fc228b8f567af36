//! Parts that more than one screen shows.

mod bar;
pub use bar::Bar;

mod interrupted;
pub use interrupted::InterruptedRecordings;

mod keys;
pub use keys::Keys;

mod language;
pub use language::LanguageChoice;

mod level;
pub use level::Level;

mod marked_area;
pub use marked_area::{LineMark, MarkedArea, Tint};

mod messages;
pub use messages::Messages;

mod secret;
pub use secret::Secret;
mod so_far;
pub use so_far::SoFar;

mod spoken;
pub use spoken::{OtherLanguages, SpokenChoice};

mod status;
pub use status::StatusLine;

mod text;
pub use text::text;

mod transcript;
pub use transcript::{Shown, TranscriptView};
