//! What the screen says, word for word.

use super::*;

#[test]
fn numbers_read_well() {
    let l = Locale::en;
    assert_eq!([timer(0.9), timer(754.0), timer(3_723.5)], ["0:00", "12:34", "1:02:03"]);
    assert_eq!(
        [
            characters(l, 1),
            characters(l, 999),
            characters(l, 1_000),
            characters(l, 1_234_567)
        ],
        [
            "1 character",
            "999 characters",
            "1,000 characters",
            "1,234,567 characters"
        ]
    );
}

#[test]
fn what_is_left_counts_down_and_warns_in_the_last_two_days() {
    const HOUR: u64 = 3_600;
    let told = [30 * 24, 48, 47, 24, 23, 2, 1].map(|hours| left(Locale::en, hours * HOUR));
    let told: Vec<(&str, bool)> = told.iter().map(|(text, soon)| (text.as_str(), *soon)).collect();
    assert_eq!(
        told,
        [
            ("30 days left", false),
            ("2 days left", false),
            ("1 day left", true),
            ("1 day left", true),
            ("23 hours left", true),
            ("2 hours left", true),
            ("1 hour left", true),
        ]
    );
    assert_eq!(left(Locale::en, HOUR - 1), ("under 1 hour left".to_owned(), true));
}

#[test]
fn every_failure_says_what_to_do() {
    let failures = [
        EngineState::Crashed,
        EngineState::Failed(Failure::Fetch {
            file: "model-1.bin".to_owned(),
        }),
        EngineState::Failed(Failure::Altered {
            file: "model-1.bin".to_owned(),
        }),
        EngineState::Failed(Failure::BadOutput),
    ];
    for failure in failures {
        assert!(engine_failure(Locale::en, &failure).is_some_and(|text| text.ends_with("save the audio.")));
    }
    assert_eq!(engine_failure(Locale::en, &EngineState::Off), None);
}

/// The crates speak English by themselves, to the command line and in their own tests: the page must not say it otherwise.
#[test]
fn the_english_catalogue_says_what_the_crates_say() {
    fn same(all: impl IntoIterator<Item = impl Told + std::fmt::Display>) {
        for one in all {
            assert_eq!(one.told(Locale::en), one.to_string());
        }
    }
    use vault::audit::Verdict;
    use vault::{Failure, Weakness};
    same([
        Failure::WrongPassphrase,
        Failure::WrongPasskey,
        Failure::WrongCode,
        Failure::MistypedCode,
        Failure::UnusablePasskey,
        Failure::TooManySlots,
        Failure::Worn,
        Failure::Damaged,
        Failure::Expired,
        Failure::Gone,
        Failure::NotABackup,
        Failure::Unsupported,
        Failure::TooLarge,
        Failure::Memory,
        Failure::Random,
    ]);
    same([
        Weakness::Short {
            characters: 3,
            needed: 15,
        },
        Weakness::Long { limit: 1_024 },
        Weakness::Common,
        Weakness::Predictable,
    ]);
    same([
        Verdict::Intact { rows: 0 },
        Verdict::Intact { rows: 7 },
        Verdict::Broken { number: 3 },
        Verdict::Short { number: 4 },
        Verdict::Long { number: 5 },
    ]);
    use speech::BadList;
    use speech::bundle::NoBundle;
    same([NoBundle::Other, NoBundle::Newer]);
    same([
        BadList::TooLarge,
        BadList::TooMany,
        BadList::NotText,
        BadList::Invisible { line: 2 },
        BadList::TooLong { line: 3 },
        BadList::TooShort { line: 4 },
    ]);
    same([export::Failure::PartTooShort]);
    same([note::UnreadableCodes]);
}

#[test]
fn the_english_catalogue_says_what_is_wrong_with_a_template_as_the_command_line_does() {
    use note::{Kind, Mistake, Problem};
    let said = "a word that is no kind of anything that Sotto knows".to_owned();
    let problems = [
        Problem::TooLong,
        Problem::Nameless,
        Problem::NoSections,
        Problem::EmptyHeading,
        Problem::OpenHeading,
        Problem::HeadingTwice { line: 2 },
        Problem::SettingTwice { line: 2 },
        Problem::KindTwice {
            kind: Kind::Plan,
            line: 2,
        },
        Problem::NotASetting {
            settings: &["takes", "format"],
        },
        Problem::NotAKind {
            said: said.clone(),
            near: None,
        },
        Problem::NotAKind {
            said: said.clone(),
            near: Some(Kind::Exam),
        },
        Problem::NotAValue {
            said,
            values: vec!["yes", "no"],
        },
        Problem::NoHeadings,
    ];
    for problem in problems {
        let mistake = Mistake { line: 9, problem };
        assert_eq!(mistake.told(Locale::en), mistake.to_string());
    }
}

#[test]
fn the_english_catalogue_asks_about_a_line_as_the_review_does() {
    use note::{Conflict, Doubt, Reason, Side};
    let name = || "cough".to_owned();
    let doubts = [
        Doubt::Number,
        Doubt::Unit { heard: vec![name()] },
        Doubt::Drug,
        Doubt::Side { heard: None },
        Doubt::Side {
            heard: Some(Side::Left),
        },
        Doubt::Side {
            heard: Some(Side::Right),
        },
        Doubt::Side {
            heard: Some(Side::Both),
        },
        Doubt::Negation,
        Doubt::Denied,
    ];
    let mut reasons: Vec<Reason> = doubts.into_iter().map(Reason::Unsupported).collect();
    for what in [Conflict::Finding(name()), Conflict::Dose(name()), Conflict::Side] {
        reasons.push(Reason::Conflict {
            what,
            section: 0,
            line: 0,
        });
    }
    reasons.extend([
        Reason::Missing { heading: name() },
        Reason::Unfilled,
        Reason::DoubtfulClaim { heard: name() },
        Reason::DoubtfulWord { heard: name() },
    ]);
    for reason in reasons {
        assert_eq!(reason.told(Locale::en), reason.to_string());
    }
}

#[test]
fn numbers_are_written_as_the_language_writes_them() {
    let told = [Locale::en, Locale::es, Locale::de].map(|l| (megabytes(l, 11_240_000), word_count(l, 12_345)));
    let told: Vec<(&str, &str)> = told
        .iter()
        .map(|(size, words)| (size.as_str(), words.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("11.2 MB", "12,345 words"),
            ("11,2 MB", "12.345 palabras"),
            ("11,2 MB", "12.345 Wörter"),
        ]
    );
}

#[test]
fn a_note_says_of_which_languages_it_is_not_written() {
    use crate::session::Desk;
    use crate::settings::Settings;
    let mut session = Session::default();
    let others = |session: &Session| other_languages(session).into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(others(&session), "");
    let mut desk = Desk::new(vault::RecordId([7; 16]), 0, &Settings::default());
    desk.visit.languages.insert("en".to_owned());
    session.desk = Some(desk);
    assert_eq!(others(&session), "", "English it is written from");
    session.engine.state = EngineState::Ready(Engine {
        backend: Backend::Cpu,
        fallback: None,
        model: "many".to_owned(),
        demonstration: false,
        languages: vec!["de".to_owned(), "en".to_owned()],
    });
    // It has no worker to tell.
    let _ = session.engine.speak(Some("de".to_owned()));
    assert_eq!(others(&session), "de", "before a word is said");
    let desk = session.desk.as_mut().expect("a visit");
    desk.visit.languages.insert("es".to_owned());
    assert_eq!(others(&session), "de es");
    let desk = session.desk.as_mut().expect("a visit");
    desk.visit.draft = Some(note::Draft::default());
    assert_eq!(
        others(&session),
        "es",
        "what is chosen for the next visit is not of this one"
    );
}
