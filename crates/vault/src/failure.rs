use std::fmt;

use serde::{Deserialize, Serialize};

/// Why the vault refuses, in words for the person who reads the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// The passphrase is not the one that this vault was made with.
    WrongPassphrase,
    /// The passphrase would be too easy to guess; nothing was created.
    WeakPassphrase {
        /// What is wrong with it.
        why: Weakness,
    },
    /// The passkey is none of this vault's.
    WrongPasskey,
    /// The recovery code is a code, but not this vault's.
    WrongCode,
    /// The recovery code has a wrong, missing or surplus character.
    MistypedCode,
    /// The authenticator gave no usable secret, or its name is too long.
    UnusablePasskey,
    /// The vault has no room for a further passkey.
    TooManySlots,
    /// The vault key has wrapped as many record keys as one key may; it must be exchanged first.
    Worn,
    /// The bytes are not what was stored: cut short, altered, exchanged, or another vault's.
    Damaged,
    /// The record's time is over.
    Expired,
    /// The key of this record was destroyed, or it never was here.
    Gone,
    /// A file that is no backup of Sotto's, or one that was altered or cut short.
    NotABackup,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Made of the words, names and dates that everyone thinks of first.
    Common,
    /// A run such as `123456789012345`, one piece over and over, or hardly any different characters.
    Predictable,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::WrongPassphrase => f.write_str(
                    "This passphrase does not open the vault. Check capitals and keyboard layout, and try again.",
            ),
            Failure::WeakPassphrase { why } => why.fmt(f),
            Failure::WrongPasskey => {
                f.write_str("This passkey does not open the vault. Choose the one made for it, or use the passphrase.")
            }
            Failure::WrongCode => f.write_str(
                    "This recovery code belongs to another vault, or was replaced by a newer one. Look for the \
                     latest print.",
            ),
            Failure::MistypedCode => f.write_str(
                "A character of the recovery code is wrong or missing. Compare it with the print, group by group.",
            ),
            Failure::UnusablePasskey => f.write_str(
                "This passkey cannot hold the key of a vault. Use another one, or go on with the passphrase alone.",
            ),
            Failure::TooManySlots => f.write_str("This vault has as many keys as it can hold. Remove a passkey first."),
            Failure::Worn => f.write_str(
                "The vault needs a new key before it can take another visit. Lock it, unlock it, and save again.",
            ),
            Failure::Damaged => f.write_str(
                "What is stored here was altered or damaged, so it is not shown. Other visits are not affected; \
                 restore this one from a backup if you have one.",
            ),
            Failure::Expired => {
                f.write_str("This visit has expired and can no longer be read. It is being removed from this device.")
            }
            Failure::Gone => f.write_str(
                    "This visit was deleted and can no longer be read. Nobody can bring it back, except from a \
                     backup.",
            ),
            Failure::NotABackup => f.write_str(
                "This file is not a backup of Sotto, or it was altered or cut short. Nothing was restored and nothing \
                 has changed; try another copy of the file.",
            ),
            Failure::Unsupported => f.write_str(
                    "This was stored by a newer version of Sotto. Reload the page to update, and open it again.",
            ),
            Failure::TooLarge => {
                f.write_str("This visit is too large to be kept. Export it now, then delete part of it and save again.")
            }
            Failure::Memory => f.write_str(
                "There was not enough free memory to check the passphrase. Close other tabs or programs, and try again.",
            ),
            Failure::Random => f.write_str(
                "This browser gave no random numbers, so nothing can be encrypted safely. Restart or update the \
                 browser.",
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
            Weakness::Common => f.write_str(
                "This passphrase is made of words that many people choose. Six random words are easy to remember and \
                 hard to guess.",
            ),
            Weakness::Predictable => f.write_str(
                "This passphrase follows a pattern and is easy to guess. Six random words are easy to remember and \
                 hard to guess.",
            ),
        }
    }
}

impl std::error::Error for Failure {}
