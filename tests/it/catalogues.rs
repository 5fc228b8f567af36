//! What the interface says stands in its catalogues, in every language, and nowhere else.

use std::collections::{BTreeMap, BTreeSet};

use crate::tidy::{read, root, sources};

const LANGUAGES: [&str; 3] = ["en", "es", "de"];

/// Sources of the page that speak to nobody, or that write files, which are in the language of the notes.
const SILENT: [&str; 4] = [
    "app/src/readable.rs",
    "app/src/bin/",
    "app/src/keeper/",
    "app/src/session/",
];

/// Words that are the same in every language, that become part of what somebody keeps, or that no person reads.
const NAMES: [&str; 12] = [
    "Sotto",
    "GPU",
    "CPU",
    "Sotto: {}",
    // As a template's text and the table of laws are written.
    "Template: {name}",
    "Template: My {name}",
    "as of ",
    // Commands.
    "cargo xtask model add moonshine-streaming-small",
    "cargo xtask model bundle",
    // Classes of the style sheet.
    "evidence doubtful",
    "chip draft",
    "chip good",
];

#[test]
fn every_language_says_all_of_it() {
    let english = catalogue("en");
    assert!(english.len() > 500, "{} sentences", english.len());
    for language in LANGUAGES {
        let other = catalogue(language);
        let keys = |catalogue: &BTreeMap<String, String>| catalogue.keys().cloned().collect::<BTreeSet<_>>();
        let differing: Vec<_> = keys(&english).symmetric_difference(&keys(&other)).cloned().collect();
        assert!(
            differing.is_empty(),
            "{language} has others than English: {differing:?}"
        );
        for (key, text) in &other {
            assert!(!text.trim().is_empty(), "{language} says nothing for {key}");
            assert_eq!(
                places(text),
                places(&english[key]),
                "{language} fills in other things in {key}"
            );
            // A sentence that reads the same was forgotten; single words and names can be alike.
            let sentence = text
                .split_whitespace()
                .filter(|word| !word.contains(['{', '}']))
                .count()
                > 3;
            assert!(
                language == "en" || !sentence || *text != english[key],
                "{language} says {key} in English"
            );
        }
    }
}

#[test]
fn no_sentence_of_a_catalogue_is_left_over() {
    let page: String = sources(".rs")
        .filter(|(path, _)| path.starts_with("app/src/"))
        .map(|(_, text)| text.split_whitespace().collect::<String>())
        .collect();
    for key in catalogue("en").keys() {
        let said = [",", ")"]
            .iter()
            .any(|end| page.contains(&format!("say!(l,{key}{end}")))
            || page.contains(&format!("say!(driver.locale(),{key}"))
            || page.contains(&format!("say!(self.locale(),{key}"));
        assert!(said, "nothing says {key}");
    }
}

#[test]
fn the_page_says_nothing_that_is_in_no_catalogue() {
    let (mut read, mut found) = (0, Vec::new());
    for (path, text) in sources(".rs").filter(|(path, _)| path.starts_with("app/src/")) {
        let silent = SILENT.iter().any(|silent| path.starts_with(silent));
        if silent || path.contains("/tests") || path.ends_with("tests.rs") {
            continue;
        }
        for literal in literals(&text) {
            read += 1;
            if literal.is_words() && !NAMES.contains(&literal.text) {
                found.push(format!("{path}: {}", literal.text));
            }
        }
    }
    assert!(read > 1_000, "{read} strings were read");
    assert!(found.is_empty(), "said in one language alone:\n{}", found.join("\n"));
}

/// A string of a source, and what stands before it.
struct Literal<'a> {
    text: &'a str,
    before: &'a str,
}

impl Literal<'_> {
    /// A child of an element, several words, or one with a capital: no name of a thing on the page, no class, no format.
    fn is_words(&self) -> bool {
        // What a fault of ours says goes to nobody: the page shows that it stopped.
        if ["expect(", "panic!(", "unreachable!(", "debug_assert!("]
            .iter()
            .any(|call| self.before.ends_with(call))
        {
            return false;
        }
        let plain = without_places(self.text);
        let mut words = plain.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() > 1);
        let Some(first) = words.next() else { return false };
        let child = self.before.ends_with('>') && !self.before.ends_with("=>") && !self.before.ends_with("->");
        let capital = first.starts_with(char::is_uppercase) && first.chars().skip(1).all(char::is_lowercase);
        let several = words.next().is_some() && plain.contains(' ') && !self.is_markup();
        child || several || (capital && !plain.contains(['.', '/', '_']))
    }

    /// Classes, selectors, types of files and the like: words, but nobody's.
    fn is_markup(&self) -> bool {
        let name = self
            .before
            .trim_end_matches('=')
            .rsplit([' ', '\n', '(', '{'])
            .next()
            .unwrap_or_default();
        let attributes = [
            "class",
            "accept",
            "aria-labelledby",
            "aria-describedby",
            "allow",
            "autocomplete",
        ];
        attributes.contains(&name) || self.text.starts_with(['.', '#', '[']) || self.text.contains("/*")
    }
}

/// The strings of a source without its comments and unit tests.
fn literals(text: &str) -> Vec<Literal<'_>> {
    let shipped = text.split_once("#[cfg(test)]").map_or(text, |(before, _)| before);
    let bytes = shipped.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                at += shipped[at..].find('\n').unwrap_or(shipped.len() - at);
            }
            // A character: a quote among them begins nothing.
            b'\'' if bytes.get(at + 2) == Some(&b'\'') => at += 3,
            b'\'' if bytes.get(at + 1) == Some(&b'\\') => at += 4,
            b'"' => {
                let mut end = at + 1;
                while bytes[end] != b'"' {
                    end += if bytes[end] == b'\\' { 2 } else { 1 };
                }
                found.push(Literal {
                    text: &shipped[at + 1..end],
                    before: shipped[..at].trim_end(),
                });
                at = end + 1;
            }
            _ => at += 1,
        }
    }
    found
}

/// What a sentence leaves to be filled in.
fn places(text: &str) -> BTreeSet<&str> {
    let places = text.split("{{").skip(1);
    places
        .filter_map(|rest| Some(rest.split_once("}}")?.0.trim()))
        .collect()
}

/// A format without what it fills in.
fn without_places(text: &str) -> String {
    let mut pieces = text.split('{');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        plain += piece.split_once('}').map_or("", |(_, rest)| rest);
    }
    plain
}

/// `screen.key` and the sentence, of one language.
fn catalogue(language: &str) -> BTreeMap<String, String> {
    let folder = root().join("app/language/locales").join(language);
    let mut all = BTreeMap::new();
    for file in std::fs::read_dir(folder).expect("a folder for each language").flatten() {
        let path = file.path();
        let screen = path.file_stem().expect("named").to_string_lossy().into_owned();
        let texts: BTreeMap<String, String> = serde_json::from_str(&read(&path)).expect("keys and sentences");
        all.extend(texts.into_iter().map(|(key, text)| (format!("{screen}.{key}"), text)));
    }
    all
}
