//! A list of words: whatever the text, terms within the limits or one clear reason.

use proptest::prelude::*;
use speech::{BadList, WordList};

#[track_caller]
fn check(text: &str, expected: Result<&[&str], BadList>) {
    let found = WordList::parse(text).map(WordList::into_terms);
    assert_eq!(
        found,
        expected.map(|terms| terms.iter().map(|term| (*term).to_owned()).collect())
    );
}

#[test]
fn a_term_a_line_or_several_with_commas() {
    check("", Ok(&[]));
    check(
        "lisinopril\nMs. Nguyen\r\n\n  insulin   glargine \n",
        Ok(&["lisinopril", "Ms. Nguyen", "insulin glargine"]),
    );
    check("apixaban, Eliquis; Xarelto,", Ok(&["apixaban", "Eliquis", "Xarelto"]));
    check(
        "\u{FEFF}# drugs of the ward\nwarfarin # since 2019\n\tSørensen",
        Ok(&["warfarin", "Sørensen"]),
    );
}

#[test]
fn a_term_that_comes_again_is_counted_once() {
    let list = WordList::parse("Nguyen\nnguyen, NGUYEN\nOkafor").expect("names");
    assert_eq!(
        (list.terms(), list.repeated()),
        (&["Nguyen".to_owned(), "Okafor".to_owned()][..], 2)
    );
}

#[test]
fn what_is_no_list_says_why() {
    check("ibuprofen\nbell\u{7}", Err(BadList::Invisible { line: 2 }));
    check("turned\u{202E}round", Err(BadList::Invisible { line: 1 }));
    check("PK\u{3}\u{4}\0\0", Err(BadList::NotText));
    check("ok\n---", Err(BadList::TooShort { line: 2 }));
    check("a", Err(BadList::TooShort { line: 1 }));
    check(&"x".repeat(61), Err(BadList::TooLong { line: 1 }));
    check(&"é".repeat(60), Ok(&[&"é".repeat(60)]));
    check(&"y\n".repeat(WordList::LARGEST), Err(BadList::TooLarge));
    let numbers = |count: usize| (0..count).map(|n| format!("n{n}\n")).collect::<String>();
    assert_eq!(
        WordList::parse(&numbers(WordList::MOST)).map(|list| list.terms().len()),
        Ok(WordList::MOST)
    );
    check(&numbers(WordList::MOST + 1), Err(BadList::TooMany));
    assert_eq!(WordList::read(&[0xFF, 0xFE, b'a', 0]), Err(BadList::NotText));
    assert_eq!(WordList::read(&[b'a'; WordList::LARGEST + 1]), Err(BadList::TooLarge));
}

#[test]
fn every_reason_is_a_sentence() {
    let all = [
        BadList::TooLarge,
        BadList::TooMany,
        BadList::NotText,
        BadList::Invisible { line: 3 },
        BadList::TooLong { line: 3 },
        BadList::TooShort { line: 3 },
    ];
    let said: std::collections::BTreeSet<String> = all.iter().map(BadList::to_string).collect();
    assert_eq!(said.len(), all.len());
    assert!(said.iter().all(|said| said.ends_with('.')), "{said:?}");
}

proptest! {
    #[test]
    fn any_bytes_give_a_list_or_a_reason(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = WordList::read(&bytes);
    }

    #[test]
    fn terms_keep_their_limits(text in "(\\PC|[\n\r,;# \t]|[a-z]){0,200}") {
        if let Ok(list) = WordList::parse(&text) {
            for term in list.terms() {
                let length = term.chars().count();
                prop_assert!((2..=WordList::LONGEST).contains(&length), "{term:?}");
                prop_assert!(!term.contains([',', ';', '#', '\n', '\t']) && term.trim() == term);
            }
            // What a list says is a list, and the same one.
            let again = WordList::parse(&list.terms().join("\n")).expect("terms are a list");
            prop_assert_eq!(again.terms(), list.terms());
            prop_assert_eq!(again.repeated(), 0);
        }
    }
}
