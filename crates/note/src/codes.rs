//! ICD-10-CM codes: the published list in a compact form, looked up by code or by words. Candidates are shown when asked
//! for and are never put into a note unasked.

use std::fmt::{Display, Formatter};

mod packed;
pub use packed::pack;

mod search;

mod problems;
pub use problems::{Stated, stated_problems};

/// Every billable code of one release.
#[derive(Clone, PartialEq, Eq)]
pub struct Codes {
    release: String,
    /// In the order of the codes.
    entries: Vec<Entry>,
    /// All codes and titles, one after the other.
    text: String,
    /// The titles for the search: lower case, ` word word`, one after the other.
    words: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Entry {
    /// Where code, title and the title's words end; each begins where the entry before ends.
    code_end: u32,
    title_end: u32,
    words_end: u32,
}

/// One code of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code<'a> {
    /// Without its dot: `E119`.
    pub code: &'a str,
    /// The official title.
    pub title: &'a str,
}

/// A list that is not what this version of the app can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnreadableCodes;

impl Codes {
    /// The release's name: `ICD-10-CM April 2026`.
    pub fn release(&self) -> &str {
        &self.release
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry at a place below [`Codes::len`], in the order of the codes.
    pub fn at(&self, place: usize) -> Code<'_> {
        let (start, _) = self.starts(place);
        let Entry {
            code_end, title_end, ..
        } = self.entries[place];
        Code {
            code: &self.text[start..code_end as usize],
            title: &self.text[code_end as usize..title_end as usize],
        }
    }

    fn words(&self, place: usize) -> &str {
        let (_, start) = self.starts(place);
        &self.words[start..self.entries[place].words_end as usize]
    }

    /// Where an entry begins in `text` and in `words`.
    fn starts(&self, place: usize) -> (usize, usize) {
        let before = place.checked_sub(1).map(|before| self.entries[before]);
        before.map_or((0, 0), |e| (e.title_end as usize, e.words_end as usize))
    }

    fn push(&mut self, code: &str, title: &str) {
        let short = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.text.push_str(code);
        let code_end = short(self.text.len());
        self.text.push_str(title);
        search::words(title).for_each(|word| {
            self.words.push(' ');
            self.words.push_str(&word);
        });
        self.entries.push(Entry {
            code_end,
            title_end: short(self.text.len()),
            words_end: short(self.words.len()),
        });
    }
}

impl Code<'_> {
    /// As it is written on a claim: `E11.9`.
    pub fn dotted(&self) -> String {
        match self.code.split_at_checked(3) {
            Some((category, rest)) if !rest.is_empty() => format!("{category}.{rest}"),
            Some(_) | None => self.code.into(),
        }
    }
}

impl Display for UnreadableCodes {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "The list of codes on this device cannot be read. Reload the page with a network connection; your notes are not affected."
        )
    }
}

impl std::error::Error for UnreadableCodes {}
