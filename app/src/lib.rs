//! The page: what a clinician sees, the microphone, and the encrypted store.
//!
//! [`session`] decides (events in, commands out, no browser); [`driver`] carries out; [`browser`] is the platform, one
//! file per capability; `pages` and `components` show. In the order in which data flows: microphone or file → [`tape`]
//! → speech worker → [`session`] → [`visit`] → store. [`words`] and [`problem`] hold what is said on the way. [`keeper`] is
//! the vault worker, another binary, which alone holds keys and stores; [`writer`] the note writer, which drafts, checks and
//! exports. [`marks`] says what is shown over a text, [`law`] who must agree to a recording.

pub mod problem;

pub mod tape;

pub mod visit;

pub mod settings;

pub mod consent;

pub mod law;

pub mod readable;

pub mod keeper;

pub mod writer;

pub mod session;

pub mod words;

pub mod marks;

pub mod browser;

pub mod driver;

mod app;
pub use app::App;

mod components;
mod pages;
