//! How far a recognised text is from the spoken one.

/// What a word error rate is the ratio of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordErrors {
    /// Insertions, deletions and substitutions.
    pub errors: usize,
    /// Words that were spoken.
    pub words: usize,
}

/// Compares word by word, deaf to case, punctuation and the spelling of "okay".
pub fn count(spoken: &str, heard: &str) -> WordErrors {
    let (spoken, heard) = (words(spoken), words(heard));
    WordErrors {
        errors: distance(&spoken, &heard),
        words: spoken.len(),
    }
}

/// Words as they are compared: lower case, without punctuation, "okay" in one spelling.
fn words(text: &str) -> Vec<String> {
    let spaced: String = text
        .to_lowercase()
        .chars()
        .filter(|c| !matches!(c, '\'' | '’'))
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    let spelling = |word: &str| {
        if matches!(word, "okay" | "ok") {
            "ok".to_owned()
        } else {
            word.to_owned()
        }
    };
    spaced.split_whitespace().map(spelling).collect()
}

/// Fewest insertions, deletions and substitutions that turn one into the other.
fn distance(spoken: &[String], heard: &[String]) -> usize {
    let mut row: Vec<usize> = (0..=heard.len()).collect();
    for (deleted, word) in spoken.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = deleted + 1;
        for (at, other) in heard.iter().enumerate() {
            let substituted = diagonal + usize::from(word != other);
            diagonal = row[at + 1];
            row[at + 1] = substituted.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row[heard.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_ignore_what_is_not_heard() {
        assert_eq!(words("Okay, it's 5-mg — OK?"), ["ok", "its", "5", "mg", "ok"]);
    }

    #[test]
    fn every_kind_of_error_counts_once() {
        let errors = |spoken, heard| count(spoken, heard).errors;
        assert_eq!(errors("a b c d", "a b c d"), 0);
        assert_eq!(errors("a b c d", "a x c"), 2);
        assert_eq!(errors("", "a b"), 2);
        assert_eq!(errors("a b", ""), 2);
    }
}
