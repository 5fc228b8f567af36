use std::fmt;

use crate::SHORTEST_PART;

/// Why a note could not be handed over as wished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The limit for one part leaves no room for text.
    PartTooShort,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::PartTooShort => write!(
                f,
                "One part must hold at least {SHORTEST_PART} characters. Set a larger limit, then copy again."
            ),
        }
    }
}

impl std::error::Error for Failure {}
