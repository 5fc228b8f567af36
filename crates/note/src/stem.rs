//! Porter's stemmer, so that `coughs` and `coughing` count as one word.
//!
//! M. F. Porter, "An algorithm for suffix stripping", Program 14 (1980), with the small departures of NLTK's
//! `PorterStemmer`, because published scores of notes were computed with it.

/// The stem of a word in lower case ASCII letters.
pub fn stem(word: &str) -> String {
    if let Some((_, stem)) = IRREGULAR.iter().find(|(irregular, _)| *irregular == word) {
        return (*stem).into();
    }
    if word.len() <= 2 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return word.into();
    }
    let word = plural(word.into());
    let word = past(word);
    let word = final_y(word);
    let word = double_suffix(word);
    let word = strip(word, SUFFIXES, |stem| measure(stem) > 0);
    let word = residual(word);
    final_l(final_e(word))
}

const IRREGULAR: &[(&str, &str)] = &[
    ("sky", "sky"),
    ("skies", "sky"),
    ("dying", "die"),
    ("lying", "lie"),
    ("tying", "tie"),
    ("news", "news"),
    ("innings", "inning"),
    ("inning", "inning"),
    ("outings", "outing"),
    ("outing", "outing"),
    ("cannings", "canning"),
    ("canning", "canning"),
    ("howe", "howe"),
    ("proceed", "proceed"),
    ("exceed", "exceed"),
    ("succeed", "succeed"),
];

/// Steps 2 and 3; longer endings stand before the shorter ones that they end with.
const DOUBLE_SUFFIXES: &[(&str, &str)] = &[
    ("ational", "ate"),
    ("tional", "tion"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("izer", "ize"),
    ("bli", "ble"),
    ("alli", "al"),
    ("entli", "ent"),
    ("eli", "e"),
    ("ousli", "ous"),
    ("ization", "ize"),
    ("ation", "ate"),
    ("ator", "ate"),
    ("alism", "al"),
    ("iveness", "ive"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("aliti", "al"),
    ("iviti", "ive"),
    ("biliti", "ble"),
    ("fulli", "ful"),
];

const SUFFIXES: &[(&str, &str)] = &[
    ("icate", "ic"),
    ("ative", ""),
    ("alize", "al"),
    ("iciti", "ic"),
    ("ical", "ic"),
    ("ful", ""),
    ("ness", ""),
];

/// Step 4.
const RESIDUES: &[&str] = &[
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti",
    "ous", "ive", "ize",
];

/// Step 1a.
fn plural(mut word: String) -> String {
    let cut = if word.ends_with("ies") {
        if word.len() == 4 { 1 } else { 2 }
    } else if word.ends_with("sses") {
        2
    } else {
        usize::from(word.ends_with('s') && !word.ends_with("ss"))
    };
    word.truncate(word.len() - cut);
    word
}

/// Step 1b.
fn past(mut word: String) -> String {
    if word.ends_with("ied") {
        let cut = if word.len() == 4 { 1 } else { 2 };
        word.truncate(word.len() - cut);
        return word;
    }
    if let Some(stem) = word.strip_suffix("eed") {
        return if measure(stem) > 0 { format!("{stem}ee") } else { word };
    }
    let with_vowel = |suffix: &str| word.strip_suffix(suffix).filter(|stem| has_vowel(stem));
    let Some(stem) = with_vowel("ed").or_else(|| with_vowel("ing")) else {
        return word;
    };
    if ["at", "bl", "iz"].iter().any(|end| stem.ends_with(end)) {
        return format!("{stem}e");
    }
    if double_consonant(stem) {
        let keeps = stem.ends_with(['l', 's', 'z']);
        return stem[..stem.len() - usize::from(!keeps)].into();
    }
    if measure(stem) == 1 && short_end(stem) {
        return format!("{stem}e");
    }
    stem.into()
}

/// Step 1c.
fn final_y(word: String) -> String {
    match word.strip_suffix('y') {
        Some(stem) if stem.len() > 1 && consonants(stem).last() == Some(&true) => format!("{stem}i"),
        Some(_) | None => word,
    }
}

fn double_suffix(word: String) -> String {
    if let Some(stem) = word.strip_suffix("alli").filter(|stem| measure(stem) > 0) {
        return double_suffix(format!("{stem}al"));
    }
    if let Some(stem) = word.strip_suffix("logi") {
        return if measure(&word[..word.len() - 3]) > 0 {
            format!("{stem}log")
        } else {
            word
        };
    }
    strip(word, DOUBLE_SUFFIXES, |stem| measure(stem) > 0)
}

/// The first ending that fits decides.
fn strip(word: String, endings: &[(&str, &str)], enough: impl Fn(&str) -> bool) -> String {
    for (ending, replacement) in endings {
        if let Some(stem) = word.strip_suffix(ending) {
            return if enough(stem) {
                format!("{stem}{replacement}")
            } else {
                word
            };
        }
    }
    word
}

fn residual(word: String) -> String {
    for ending in RESIDUES {
        if let Some(stem) = word.strip_suffix(ending) {
            let fits = *ending != "ion" || stem.ends_with(['s', 't']);
            return if measure(stem) > 1 && fits { stem.into() } else { word };
        }
    }
    word
}

/// Step 5a.
fn final_e(word: String) -> String {
    match word.strip_suffix('e') {
        Some(stem) if measure(stem) > 1 || (measure(stem) == 1 && !short_end(stem)) => stem.into(),
        Some(_) | None => word,
    }
}

/// Step 5b.
fn final_l(mut word: String) -> String {
    if word.ends_with("ll") && measure(&word[..word.len() - 1]) > 1 {
        word.pop();
    }
    word
}

/// For each letter whether it is a consonant: a `y` is one after a vowel, and at the start.
fn consonants(word: &str) -> Vec<bool> {
    let mut flags: Vec<bool> = Vec::with_capacity(word.len());
    for letter in word.bytes() {
        flags.push(match letter {
            b'a' | b'e' | b'i' | b'o' | b'u' => false,
            b'y' => !flags.last().copied().unwrap_or(false),
            _ => true,
        });
    }
    flags
}

/// How often a consonant follows a vowel: Porter's m.
fn measure(stem: &str) -> usize {
    consonants(stem).windows(2).filter(|pair| !pair[0] && pair[1]).count()
}

fn has_vowel(stem: &str) -> bool {
    consonants(stem).contains(&false)
}

fn double_consonant(stem: &str) -> bool {
    let letters = stem.as_bytes();
    letters.len() >= 2
        && letters[letters.len() - 1] == letters[letters.len() - 2]
        && consonants(stem).last() == Some(&true)
}

/// Consonant, vowel, consonant, the last none of `w`, `x`, `y`: Porter's *o.
fn short_end(stem: &str) -> bool {
    match consonants(stem).as_slice() {
        [.., true, false, true] => !stem.ends_with(['w', 'x', 'y']),
        [false, true] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn words_have_the_stems_that_nltk_gives_them() {
        let pairs = [
            ("caresses", "caress"),
            ("ponies", "poni"),
            ("ties", "tie"),
            ("agreed", "agre"),
            ("plastered", "plaster"),
            ("hopping", "hop"),
            ("falling", "fall"),
            ("filing", "file"),
            ("happy", "happi"),
            ("enjoy", "enjoy"),
            ("relational", "relat"),
            ("radically", "radic"),
            ("cardiology", "cardiolog"),
            ("electrical", "electr"),
            ("adoption", "adopt"),
            ("swelling", "swell"),
            ("controlled", "control"),
            ("palpation", "palpat"),
            ("dying", "die"),
            ("medications", "medic"),
            ("hypertension", "hypertens"),
            ("yearly", "yearli"),
            ("is", "is"),
        ];
        for (word, expected) in pairs {
            assert_eq!(stem(word), expected, "{word}");
        }
    }
}
