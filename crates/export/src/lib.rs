//! A reviewed note becomes bytes for another program:
//!
//! [`Handover`] → [`Sheet`] (what a reader sees) → [`text`], [`markdown`], [`rtf`], [`docx`], print
//!
//! [`Handover`] → [`json`], [`fhir`], [`cda`] (what a program reads)
//!
//! text → [`deidentify()`] → a copy with less in it, and the list of what was replaced
//!
//! Sotto knows no patient: where a standard wants an identity, its own word for "unknown" stands, never a made-up value.
//! Every export is a pure function; the same note gives the same bytes.

mod handover;
pub use handover::Handover;

mod sheet;
pub use sheet::{Sheet, sheet};

pub mod text;

mod inert;

mod ascii;

mod split;
pub use split::{SHORTEST_PART, parts};

mod markdown;
pub use markdown::markdown;

mod rtf;
pub use rtf::rtf;

mod docx;
pub use docx::docx;

mod archive;

mod xml;

mod json;
pub use json::json;

mod codes;

pub mod fhir;

pub mod cda;

mod deidentify;
pub use deidentify::{Assisted, Clue, Identifier, Replaced, deidentify};

mod when;

mod failure;
pub use failure::Failure;
