//! The list of codes that is shipped, and what a search in it finds.

use std::sync::LazyLock;

use note::{Codes, Draft, Line, Section, Template, pack, stated_problems};
use proptest::prelude::*;

const FILE: &str = include_str!("../../../public/codes/icd10cm.txt");

static CODES: LazyLock<Codes> = LazyLock::new(|| Codes::parse(FILE).expect("the shipped list is whole"));

#[test]
fn the_shipped_list_is_the_whole_release() {
    assert_eq!(CODES.release(), "ICD-10-CM April 2026");
    assert_eq!(CODES.len(), 74_719);
    let codes: Vec<&str> = (0..CODES.len()).map(|place| CODES.at(place).code).collect();
    assert!(codes.is_sorted(), "the search by code relies on the order");
    let found = CODES.search("S42.001A", 1);
    assert_eq!(found[0].dotted(), "S42.001A");
    assert_eq!(
        found[0].title,
        "Fracture of unspecified part of right clavicle, initial encounter for closed fracture"
    );
}

#[test]
fn what_is_said_in_a_visit_finds_its_code() {
    for (said, code) in [
        ("I10", "I10"),
        ("e11.9", "E11.9"),
        ("hypertension", "I10"),
        ("pulmonary hypertension", "I27.20"),
        ("Hypertension.", "I10"),
        ("high blood pressure", "I10"),
        ("type 2 diabetes", "E11.9"),
        ("high cholesterol", "E78.5"),
        ("congestive heart failure", "I50.9"),
        ("COPD", "J44.9"),
        ("asthma", "J45.909"),
        ("pneumonia", "J18.9"),
        ("acid reflux", "K21.9"),
        ("urinary tract infection", "N39.0"),
        ("UTI", "N39.0"),
        ("acute bronchitis", "J20.9"),
        ("strep throat", "J02.0"),
        ("depression", "F32.A"),
        ("anxiety", "F41.9"),
        ("low back pain", "M54.50"),
        ("knee pain", "M25.569"),
        ("left knee pain", "M25.562"),
        ("headache", "R51.9"),
        ("migraine", "G43.909"),
        ("chest pain", "R07.9"),
        ("hypothyroidism", "E03.9"),
        ("iron deficiency anemia", "D50.9"),
        ("atrial fibrillation", "I48.91"),
        ("coronary artery disease", "I25.10"),
        ("kidney stones", "N20.0"),
        ("gout", "M10.9"),
        ("Most likely gout of the right ankle", "M10.071"),
        ("annual physical", "Z00.00"),
        ("crohn's disease", "K50.90"),
        ("stroke", "I63.9"),
        ("lateral epicondylitis of the right elbow", "M77.11"),
    ] {
        let found: Vec<String> = CODES.search(said, 3).iter().map(|code| code.dotted()).collect();
        assert!(found.iter().any(|one| one == code), "{said}: {found:?}, not {code}");
    }
    for nothing in ["", "  ", "of the", "zzzzqx", "診察", "🙂"] {
        assert!(CODES.search(nothing, 3).is_empty(), "{nothing}");
    }
    assert_eq!(CODES.search("fracture", 7).len(), 7);
}

#[test]
fn a_damaged_list_is_refused() {
    let file = pack("r", vec![("A00".into(), "a".into()), ("A01".into(), "äb".into())]);
    assert!(Codes::parse(&file).is_ok());
    for damaged in [
        String::new(),
        file.replace("codes 1", "codes 2"),
        file[..file.len() - 9].to_owned(),
        file.replace('\t', " "),
        format!("{file}~~x\ty\n"),
        format!("{file}x\n"),
    ] {
        assert!(Codes::parse(&damaged).is_err(), "{damaged:?}");
    }
}

#[test]
fn problems_are_what_the_assessment_names() {
    let section = |heading: &str, lines: &[&str]| Section {
        heading: heading.into(),
        lines: lines.iter().map(|line| Line::typed(*line)).collect(),
        ..Section::default()
    };
    let draft = Draft {
        sections: vec![
            section("Subjective", &["Cough."]),
            section(
                "Assessment",
                &[
                    "Hypertension, well controlled.",
                    "hypertension: stable",
                    "Gout (left foot).",
                    "***",
                    "I think that what you have here is COPD and that it has been coming on for a while, but no pneumonia.",
                ],
            ),
            section("Plan", &["Continue lisinopril."]),
        ],
        ..Draft::default()
    };
    let stated = stated_problems(&draft, &Template::soap());
    let problems: Vec<&str> = stated.iter().map(|stated| stated.problem.as_str()).collect();
    assert_eq!(problems, ["Hypertension", "Gout", "copd"]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_packed_is_read(list in proptest::collection::btree_map("[A-Z][0-9][0-9A-Z]{1,5}", "[^\\t\\r\\n\\p{C}]{0,30}", 0..40)) {
        let list: Vec<(String, String)> = list.into_iter().collect();
        let codes = Codes::parse(&pack("any", list.clone())).expect("whole");
        let read: Vec<(String, String)> = (0..codes.len()).map(|at| codes.at(at)).map(|c| (c.code.into(), c.title.into())).collect();
        prop_assert_eq!(read, list);
    }

    #[test]
    fn no_file_and_no_query_breaks_the_search(file in "\\PC{0,80}(\\n[!-~]{2}\\PC{0,9}\\t\\PC{0,9}){0,5}", query in "\\PC{0,200}") {
        let _ = Codes::parse(&file);
        let _ = Codes::parse(&format!("sotto-codes 1\tx\t1\n{file}"));
        let codes = Codes::parse(&pack("any", vec![("A00".into(), query.replace(['\t', '\n', '\r'], " "))])).expect("whole");
        let _ = codes.search(&query, 3);
    }
}
