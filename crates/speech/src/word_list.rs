use std::collections::HashSet;
use std::fmt;

/// Words that somebody expects to be said: names, drugs. Plain text of a term a line, or several with commas between; what
/// follows a `#` is a remark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WordList {
    terms: Vec<String>,
    repeated: usize,
}

/// Why a text is no list of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadList {
    TooLarge,
    TooMany,
    NotText,
    /// By its number, from 1; a control character, or one that no screen shows.
    Invisible {
        line: usize,
    },
    TooLong {
        line: usize,
    },
    /// Of a term that is one character, or has no letter and no digit.
    TooShort {
        line: usize,
    },
}

impl WordList {
    /// Bytes of a list.
    pub const LARGEST: usize = 256 << 10;
    /// Terms of a list.
    pub const MOST: usize = 5_000;
    /// Characters of a term.
    pub const LONGEST: usize = 60;

    /// # Errors
    /// [`BadList::NotText`] for bytes that are no UTF-8, and as [`WordList::parse`].
    pub fn read(bytes: &[u8]) -> Result<Self, BadList> {
        if bytes.len() > Self::LARGEST {
            return Err(BadList::TooLarge);
        }
        Self::parse(std::str::from_utf8(bytes).map_err(|_| BadList::NotText)?)
    }

    /// Terms as they are written, in order, one space between their words; of those that differ in case alone the first.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn parse(text: &str) -> Result<Self, BadList> {
        if text.len() > Self::LARGEST {
            return Err(BadList::TooLarge);
        }
        if text.contains('\0') {
            return Err(BadList::NotText);
        }
        let mut list = Self::default();
        let mut known = HashSet::new();
        // Some editors begin a file with this mark.
        for (index, line) in text.trim_start_matches('\u{FEFF}').lines().enumerate() {
            let line_number = index + 1;
            if line.chars().any(invisible) {
                return Err(BadList::Invisible { line: line_number });
            }
            let said = line.split('#').next().unwrap_or_default();
            for term in said.split([',', ';']) {
                let term = term.split_whitespace().collect::<Vec<_>>().join(" ");
                if term.is_empty() {
                    continue;
                }
                let length = term.chars().count();
                if length > Self::LONGEST {
                    return Err(BadList::TooLong { line: line_number });
                }
                if length < 2 || !term.chars().any(char::is_alphanumeric) {
                    return Err(BadList::TooShort { line: line_number });
                }
                if !known.insert(term.to_lowercase()) {
                    list.repeated += 1;
                } else if list.terms.len() == Self::MOST {
                    return Err(BadList::TooMany);
                } else {
                    list.terms.push(term);
                }
            }
        }
        Ok(list)
    }

    pub fn terms(&self) -> &[String] {
        &self.terms
    }

    pub fn into_terms(self) -> Vec<String> {
        self.terms
    }

    /// How many terms were there before.
    pub fn repeated(&self) -> usize {
        self.repeated
    }
}

/// Nothing that a keyboard gives but tabs; marks that turn the direction of writing or take no room among them.
fn invisible(c: char) -> bool {
    c.is_control() && c != '\t'
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// Written for the clinician.
impl fmt::Display for BadList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(f, "A list is at most {} kB long.", WordList::LARGEST >> 10),
            Self::TooMany => write!(f, "A list has at most {} words.", WordList::MOST),
            Self::NotText => f.write_str("This is no text. A list is plain text, a word a line."),
            Self::Invisible { line } => write!(f, "Line {line} has a character that cannot be seen."),
            Self::TooLong { line } => write!(
                f,
                "Line {line} is longer than {} characters. A list is a word a line.",
                WordList::LONGEST
            ),
            Self::TooShort { line } => write!(f, "Line {line} is no word."),
        }
    }
}

impl std::error::Error for BadList {}
