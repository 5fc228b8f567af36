//! `docs/security.md` promises nothing without a test: what it names is there, and says of itself how it is known.

use std::collections::BTreeSet;

use crate::tidy::{read, root, sources};

/// How an item of the ASVS table is answered. What is written is asked for as a document, and the document is this one.
const VERDICTS: [&str; 4] = ["shown", "other way", "written", "the host's"];

/// Words that an argument needs at least.
const ARGUED: usize = 6;

#[test]
fn every_promise_names_a_test_that_exists() {
    let tests = tests();
    let document = document();
    let rows = rows(section(&document, "## 2."));
    assert!(rows.len() > 40, "{} promises", rows.len());
    let mut shown = true;
    for row in rows {
        let named = named(row[1]);
        for name in &named {
            assert!(tests.contains(*name), "there is no test {name}");
        }
        let said = !named.is_empty() || row[1].contains("`cargo xtask");
        // "The same" is the row before.
        assert!(said || (shown && row[1].starts_with("the same")), "no test: {}", row[0]);
        shown = said;
    }
}

#[test]
fn every_item_of_the_asvs_is_shown_or_argued() {
    let tests = tests();
    let document = document();
    let rows = rows(section(&document, "## 9."));
    assert!(rows.len() > 60, "{} items", rows.len());
    for row in rows {
        let [item, verdict, why] = row[..] else {
            panic!("{row:?} has not three columns")
        };
        assert!(VERDICTS.contains(&verdict), "{item}: {verdict}");
        let named = named(why);
        for name in &named {
            assert!(tests.contains(*name), "{item}: there is no test {name}");
        }
        if verdict == "shown" {
            assert!(!named.is_empty(), "{item} is said to be shown, and no test is named");
        } else {
            assert!(why.split_whitespace().count() >= ARGUED, "{item} is not argued");
        }
    }
}

#[test]
fn the_crypto_inventory_has_the_versions_that_are_linked() {
    let lock = read(&root().join("Cargo.lock"));
    let document = document();
    let mut found = 0;
    for row in rows(section(&document, "## 7.")) {
        for library in row[2].split(", ") {
            let Some((name, version)) = library.trim().split_once(' ') else {
                continue;
            };
            if !version.starts_with(|c: char| c.is_ascii_digit()) {
                continue;
            }
            let entry = format!("name = \"{name}\"\nversion = \"{version}\"");
            assert!(lock.contains(&entry), "{name} is not linked in version {version}");
            found += 1;
        }
    }
    assert!(found >= 9, "{found} libraries");
}

fn document() -> String {
    read(&root().join("docs/security.md"))
}

/// From one heading to the next of its kind.
fn section<'a>(document: &'a str, heading: &str) -> &'a str {
    let (_, after) = document.split_once(heading).expect("the section is there");
    after.split("\n## ").next().expect("it ends")
}

/// The cells of each row of a section's tables, without their heads.
fn rows(section: &str) -> Vec<Vec<&str>> {
    let lines: Vec<&str> = section.lines().collect();
    let heads = |at: usize| lines.get(at + 1).is_some_and(|next| next.starts_with("|---"));
    let rows = lines
        .iter()
        .enumerate()
        .filter(|(at, line)| line.starts_with("| ") && !heads(*at));
    rows.map(|(_, line)| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect()
}

/// Quoted names of tests: words joined by underscores.
fn named(cell: &str) -> Vec<&str> {
    let quoted = cell.split('`').skip(1).step_by(2);
    quoted
        .filter(|name| {
            name.contains('_')
                && name
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        })
        .collect()
}

/// The names of all tests of the repository.
fn tests() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (_, text) in sources(".rs") {
        let functions = text.lines().filter_map(|line| line.trim_start().strip_prefix("fn "));
        names.extend(
            functions
                .filter_map(|rest| rest.split_once('('))
                .map(|(name, _)| name.to_owned()),
        );
    }
    names
}
