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

/// Whether each of the words that were heard, as they stand in the text, was spoken: the alignment with fewest errors.
pub fn right(spoken: &str, heard: &[&str]) -> Vec<bool> {
    let spoken = words(spoken);
    let pieces: Vec<(usize, String)> = heard
        .iter()
        .enumerate()
        .flat_map(|(index, word)| words(word).into_iter().map(move |piece| (index, piece)))
        .collect();
    // Fewest errors between what follows each pair of places, to be walked from the front.
    let mut least = vec![vec![0; pieces.len() + 1]; spoken.len() + 1];
    for i in (0..=spoken.len()).rev() {
        for j in (0..=pieces.len()).rev() {
            least[i][j] = match (spoken.get(i), pieces.get(j)) {
                (Some(word), Some((_, piece))) => (least[i + 1][j + 1] + usize::from(word != piece))
                    .min(least[i + 1][j] + 1)
                    .min(least[i][j + 1] + 1),
                _ => spoken.len() - i + pieces.len() - j,
            };
        }
    }
    let mut right = vec![true; heard.len()];
    let (mut i, mut j) = (0, 0);
    while j < pieces.len() {
        let (index, piece) = &pieces[j];
        let same = spoken.get(i) == Some(piece);
        if i < spoken.len() && least[i][j] == least[i + 1][j + 1] + usize::from(!same) {
            right[*index] &= same;
            (i, j) = (i + 1, j + 1);
        } else if i < spoken.len() && least[i][j] == least[i + 1][j] + 1 {
            i += 1;
        } else {
            right[*index] = false;
            j += 1;
        }
    }
    right
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
    fn what_was_not_spoken_is_not_right() {
        assert_eq!(right("a b c d", &["A,", "x", "c.", "d"]), [true, false, true, true]);
        assert_eq!(right("b c", &["a", "b", "c"]), [false, true, true]);
        assert_eq!(right("a b c", &["c"]), [true]);
        assert_eq!(right("5 mg", &["5-mg", "—"]), [true, true]);
        assert_eq!(right("", &["a"]), [false]);
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
