use language::{Locale, say};
use serde::{Deserialize, Serialize};
use speech::{BadList, WordList};

use crate::words::word_count;

/// What Sotto listens for more closely.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Vocabulary {
    /// The clinician's own lists.
    pub lists: Vec<OwnList>,
    /// The names of drugs that come with Sotto are on.
    pub drugs: bool,
}

/// A list as its text, remarks and all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OwnList {
    pub name: String,
    pub text: String,
    pub off: bool,
}

impl Vocabulary {
    /// The terms of the lists that are on, behind those of the visit. What is no list counts for nothing.
    pub fn terms(&self, of_visit: &str) -> Vec<String> {
        let own = self
            .lists
            .iter()
            .filter(|list| !list.off)
            .map(|list| list.text.as_str());
        let lists = std::iter::once(of_visit).chain(own);
        lists
            .filter_map(|text| WordList::parse(text).ok())
            .flat_map(WordList::into_terms)
            .collect()
    }
}

/// What is in a list, for those who look at it.
///
/// # Errors
/// What is wrong with it.
pub fn told(l: Locale, text: &str) -> Result<String, BadList> {
    let list = WordList::parse(text)?;
    let words = word_count(l, list.terms().len());
    Ok(match list.repeated() {
        0 => words,
        repeated => say!(l, vocabulary.repeated, words = words, count = repeated),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_that_are_on_count_and_a_bad_one_does_not() {
        let list = |text: &str, off| OwnList {
            text: text.to_owned(),
            off,
            ..OwnList::default()
        };
        let vocabulary = Vocabulary {
            lists: vec![list("warfarin", false), list("Xarelto", true), list("bell\u{7}", false)],
            drugs: false,
        };
        assert_eq!(vocabulary.terms("Nguyen, Okafor"), ["Nguyen", "Okafor", "warfarin"]);
        assert_eq!(vocabulary.terms("a\0"), ["warfarin"]);
    }

    #[test]
    fn a_list_says_what_is_in_it() {
        assert_eq!(
            told(Locale::en, "Nguyen\nnguyen\nOkafor").as_deref(),
            Ok("2 words, 1 twice")
        );
        assert_eq!(told(Locale::en, "x"), Err(BadList::TooShort { line: 1 }));
    }
}
