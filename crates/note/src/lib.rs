//! What was said becomes a note, in the order in which data flows:
//!
//! [`speech::Transcript`] → [`Statement`]s → clauses, chosen and told → [`Draft`] (shaped by a [`Template`]) → review → [`plain_text`]
//!
//! Nothing is invented: a line holds words of the segments that it names as its sources, with spoken numbers and units in
//! digits and in short, and of no others but the few in [`FIXED`] and the names of the fourteen systems. Trained weights
//! choose what is told; they cannot add to it. Nothing here touches a browser, a clock, a disk or a network.

mod note;
pub use note::{Document, Draft, Evidence, Format, Line, Origin, Section, WhenEmpty};

mod template;
pub use template::{BUILT_IN, Kind, LARGEST_TEMPLATE, Length, Mistake, Problem, SectionSpec, Template};

mod fact;
pub use fact::{
    About, Action, Context, Experiencer, Fact, Finding, Measurement, Medication, Presence, Relation, Social, System,
    Time, Trend,
};

mod statement;
pub use statement::{Reply, Statement, Word, understand};

mod words;

mod stem;
pub use stem::stem;

mod sentences;

mod turns;

mod numbers;

mod dictation;
pub use dictation::{Form, Piece, Written, dictated};

mod cues;

mod classify;

mod fuse;

mod clean;

mod lexicon;
pub use lexicon::drug_names;

mod context;

mod facts;

mod systems;
pub use systems::{Reviewed, review};

mod mentions;
pub use mentions::{Mentions, mentions};

mod readings;
pub use readings::numbers_in;

mod compose;
pub use compose::FIXED;

pub mod model;
pub use model::lines::Models;

mod listed;

mod select;
pub use select::{CHOOSING, Candidate, Choosing, candidates, units};

mod draft;
pub use draft::{LiveDraft, draft, draft_by, draft_with};

mod export;
pub use export::{NOT_DISCUSSED, Printed, WILDCARD, plain_text, printed, section_text, visible};

mod support;
pub use support::{Doubt, Heard, Side, Unsupported, unsupported};

mod review;
pub use review::{Attestation, Conflict, Flag, FlagId, Reason, Refused, Review, flags, note_hash};

mod style;
pub use style::{Habit, Replacement, SEEN_ENOUGH, Style, apply, learn, shaped};

mod tasks;
pub use tasks::{Task, TaskKind, tasks};

mod codes;
pub use codes::{Code, Codes, Stated, UnreadableCodes, pack, stated_problems};
