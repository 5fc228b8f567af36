use std::fmt;

/// Why the vault refuses, in words for the person who reads the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The passphrase is not the one that this vault was made with.
    WrongPassphrase,
    /// The passphrase would be too easy to guess; nothing was created.
    WeakPassphrase {
        /// What is wrong with it.
        why: Weakness,
    },
    /// The bytes are not what was stored: cut short, altered, exchanged, or another vault's.
    Damaged,
    /// The record's time is over.
    Expired,
    /// Written by a newer Sotto.
    Unsupported,
    /// The plaintext is larger than a record may be.
    TooLarge,
    /// The passphrase could not be stretched for want of memory.
    Memory,
    /// The browser or system gave no random bytes.
    Random,
}

/// What is wrong with a proposed passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// Fewer characters than a passphrase needs.
    Short {
        /// How many characters it has.
        characters: usize,
        /// How many it needs.
        needed: usize,
    },
    /// More characters than are accepted.
    Long {
        /// How many are accepted.
        limit: usize,
    },
    /// A run such as `123456789012345`, one piece over and over, or hardly any different characters.
    Predictable,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::WrongPassphrase => {
                f.write_str("This passphrase does not open the vault. Check capitals and keyboard layout, and try again.")
            }
            Failure::WeakPassphrase { why } => why.fmt(f),
            Failure::Damaged => f.write_str(
                "What is stored here was altered or damaged, so it is not shown. Other visits are not affected; \
                 restore this one from a backup if you have one.",
            ),
            Failure::Expired => {
                f.write_str("This visit has expired and can no longer be read. It is being removed from this device.")
            }
            Failure::Unsupported => {
                f.write_str("This was stored by a newer version of Sotto. Reload the page to update, and open it again.")
            }
            Failure::TooLarge => {
                f.write_str("This visit is too large to be kept. Export it now, then delete part of it and save again.")
            }
            Failure::Memory => f.write_str(
                "There was not enough free memory to check the passphrase. Close other tabs or programs, and try again.",
            ),
            Failure::Random => f.write_str(
                "This browser gave no random numbers, so nothing can be encrypted safely. Restart or update the browser.",
            ),
        }
    }
}

impl fmt::Display for Weakness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Weakness::Short { characters, needed } => write!(
                f,
                "This passphrase has {characters} characters; it needs at least {needed}. Six random words are easy to \
                 remember and hard to guess."
            ),
            Weakness::Long { limit } => {
                write!(f, "This passphrase is too long. Use at most {limit} characters.")
            }
            Weakness::Predictable => f.write_str(
                "This passphrase follows a pattern and is easy to guess. Six random words are easy to remember and \
                 hard to guess.",
            ),
        }
    }
}

impl std::error::Error for Failure {}
