//! Medications, measurements and history.

use note::{About, Action, Measurement, Medication, Social};

use crate::understood;

/// Name and dose.
type Dosed<'a> = (&'a str, Option<&'a str>);

/// Name, value, unit, and whether it is plausible.
type Measured<'a> = (&'a str, &'a str, Option<&'a str>, bool);

#[test]
fn medications_are_taken_down_as_they_were_said() {
    let open = Medication::default;
    let some = |text: &str| Some(text.to_owned());
    let table = [
        (
            "start prednisone forty milligrams by mouth once a day for five days",
            Medication {
                name: "prednisone".into(),
                action: Some(Action::Start),
                dose: some("40"),
                unit: some("mg"),
                route: some("by mouth"),
                frequency: some("once a day"),
                duration: some("5 days"),
                ..open()
            },
        ),
        (
            "Let's increase the lisinopril from ten to twenty milligrams daily for your blood pressure",
            Medication {
                name: "lisinopril".into(),
                action: Some(Action::Increase),
                dose: some("20"),
                unit: some("mg"),
                frequency: some("daily"),
                indication: some("blood pressure"),
                ..open()
            },
        ),
        (
            "I take five hundred milligrams of metformin twice a day",
            Medication {
                name: "metformin".into(),
                dose: some("500"),
                unit: some("mg"),
                frequency: some("twice a day"),
                ..open()
            },
        ),
        (
            "albuterol two puffs every four to six hours as needed for wheezing",
            Medication {
                name: "albuterol".into(),
                dose: some("2"),
                unit: some("puffs"),
                frequency: some("every 4 to 6 hours as needed"),
                indication: some("wheezing"),
                ..open()
            },
        ),
        (
            "I've been on lisinopril for ten years",
            Medication {
                name: "lisinopril".into(),
                duration: some("10 years"),
                ..open()
            },
        ),
        (
            "I take Lipitor at night",
            Medication {
                name: "lipitor".into(),
                frequency: some("at night"),
                ..open()
            },
        ),
        (
            "stop the ibuprofen",
            Medication {
                name: "ibuprofen".into(),
                action: Some(Action::Stop),
                ..open()
            },
        ),
        (
            "we'll refill your sertraline",
            Medication {
                name: "sertraline".into(),
                action: Some(Action::Refill),
                ..open()
            },
        ),
        (
            "keep taking the omeprazole 20 mg every morning",
            Medication {
                name: "omeprazole".into(),
                action: Some(Action::Continue),
                dose: some("20"),
                unit: some("mg"),
                frequency: some("every morning"),
                ..open()
            },
        ),
        (
            "decrease the gabapentin to 100 mg three times a day",
            Medication {
                name: "gabapentin".into(),
                action: Some(Action::Decrease),
                dose: some("100"),
                unit: some("mg"),
                frequency: some("3 times a day"),
                ..open()
            },
        ),
        (
            "lantus 20 units at bedtime",
            Medication {
                name: "lantus".into(),
                dose: some("20"),
                unit: some("units"),
                frequency: some("at bedtime"),
                ..open()
            },
        ),
        (
            "metoprolol should be stopped",
            Medication {
                name: "metoprolol".into(),
                action: Some(Action::Stop),
                ..open()
            },
        ),
        (
            "aspirin was started 10 days ago",
            Medication {
                name: "aspirin".into(),
                action: Some(Action::Start),
                ..open()
            },
        ),
        (
            "warfarin 5 a day",
            Medication {
                name: "warfarin".into(),
                dose: some("5"),
                frequency: some("a day"),
                ..open()
            },
        ),
        (
            "metropolol 50 mg daily",
            Medication {
                name: "metoprolol".into(),
                doubtful: true,
                dose: some("50"),
                unit: some("mg"),
                frequency: some("daily"),
                ..open()
            },
        ),
        (
            "hydrocortisone 1% cream",
            Medication {
                name: "hydrocortisone".into(),
                dose: some("1"),
                unit: some("%"),
                ..open()
            },
        ),
    ];
    for (said, expected) in table {
        let facts = facts(&[said]);
        let found: Vec<&Medication> = facts
            .iter()
            .filter_map(|about| {
                if let About::Medication(found) = about {
                    Some(found)
                } else {
                    None
                }
            })
            .collect();
        assert_eq!(found, [&expected], "{said:?}");
    }
}

#[test]
fn a_name_that_was_misheard_is_named_and_doubted() {
    let misheard = [
        ("clenol", "clenil"),
        ("melformin", "metformin"),
        ("lipinopril", "lisinopril"),
        ("amylodipine", "amlodipine"),
        ("fexafenadine", "fexofenadine"),
    ];
    for (heard, name) in misheard {
        let facts = facts(&[&format!("I take {heard} every day.")]);
        let named = facts.iter().find_map(medication);
        let named = named.map(|medication| (medication.name.as_str(), medication.doubtful));
        assert_eq!(named, Some((name, true)), "{heard}");
    }
    for word in [
        "medicare",
        "diabetics",
        "machine",
        "overall",
        "examine",
        "performing",
        "vitamins",
        "quality",
    ] {
        let facts = facts(&[&format!("I talked about {word} every day.")]);
        assert!(facts.iter().all(|fact| medication(fact).is_none()), "{word}");
    }
}

#[test]
fn one_verb_goes_for_all_the_medications_that_follow_it() {
    let facts = facts(&["continue lisinopril 10 mg, metformin and aspirin, and I take Advil"]);
    let actions: Vec<_> = facts
        .iter()
        .filter_map(|about| {
            if let About::Medication(found) = about {
                Some((found.name.as_str(), found.action, found.dose.as_deref()))
            } else {
                None
            }
        })
        .collect();
    let same = Some(Action::Continue);
    assert_eq!(
        actions,
        [
            ("lisinopril", same, Some("10")),
            ("metformin", same, None),
            ("aspirin", same, None),
            ("advil", None, None)
        ]
    );
}

#[test]
fn no_drug_has_the_dose_of_another() {
    let table: [(&str, &[Dosed]); 6] = [
        (
            "10 mg of lisinopril and 20 mg of metformin",
            &[("lisinopril", Some("10")), ("metformin", Some("20"))],
        ),
        (
            "lisinopril 10 mg metformin and aspirin 81",
            &[("lisinopril", Some("10")), ("metformin", None), ("aspirin", Some("81"))],
        ),
        (
            "I take lisinopril and 500 mg of metformin",
            &[("lisinopril", None), ("metformin", Some("500"))],
        ),
        (
            "Tylenol and 20 mg omeprazole",
            &[("tylenol", None), ("omeprazole", Some("20"))],
        ),
        ("two tablets of ibuprofen 200 mg", &[("ibuprofen", Some("200"))]),
        ("metformin for my sugar of 200", &[("metformin", None)]),
    ];
    for (said, expected) in table {
        let facts = facts(&[said]);
        let found: Vec<_> = facts
            .iter()
            .filter_map(medication)
            .map(|found| (found.name.as_str(), found.dose.as_deref()))
            .collect();
        assert_eq!(found, expected, "{said:?}");
    }
}

fn medication(about: &About) -> Option<&Medication> {
    match about {
        About::Medication(found) => Some(found),
        _ => None,
    }
}

#[test]
fn a_value_that_was_spoken_is_measured_and_no_other() {
    let table: [(&str, &[Measured]); 17] = [
        (
            "blood pressure is one twenty over eighty",
            &[("blood pressure", "120/80", None, true)],
        ),
        (
            "heart rate eighty eight, respirations sixteen, temperature ninety eight point six",
            &[
                ("heart rate", "88", None, true),
                ("respiratory rate", "16", None, true),
                ("temperature", "98.6", None, true),
            ],
        ),
        (
            "ninety eight percent on room air",
            &[("oxygen saturation", "98", Some("%"), true)],
        ),
        (
            "oxygen saturation is 97%",
            &[("oxygen saturation", "97", Some("%"), true)],
        ),
        (
            "weight was 7 pounds 3 ounces",
            &[("weight", "7", Some("pounds 3 ounces"), true)],
        ),
        (
            "weight is one eighty pounds",
            &[("weight", "180", Some("pounds"), true)],
        ),
        ("your a1c was 7.1", &[("hemoglobin a1c", "7.1", None, true)]),
        (
            "hemoglobin of 8.2 and potassium of 3.9",
            &[("hemoglobin", "8.2", None, true), ("potassium", "3.9", None, true)],
        ),
        (
            "it was one fifty over seventy",
            &[("blood pressure", "150/70", None, true)],
        ),
        ("heart rate is 880", &[("heart rate", "880", None, false)]),
        ("blood pressure is 80 over 120", &[]),
        ("your blood pressure is elevated", &[]),
        ("we want your a1c below seven", &[]),
        ("check your blood pressure three times a week", &[]),
        ("I've had high cholesterol for 10 years", &[]),
        ("a two out of six murmur and pain of six out of ten", &[]),
        ("the weight loss was over 3 months", &[]),
    ];
    for (said, expected) in table {
        let facts = facts(&[said]);
        let found: Vec<Measured> = facts.iter().filter_map(measured).collect();
        assert_eq!(found, expected, "{said:?}");
    }
}

fn measured(about: &About) -> Option<Measured<'_>> {
    let About::Measurement(Measurement {
        name,
        value,
        unit,
        plausible,
        ..
    }) = about
    else {
        return None;
    };
    Some((name, value, unit.as_deref(), *plausible))
}

#[test]
fn allergies_habits_work_and_home_are_facts() {
    let table = [
        (
            "I'm allergic to penicillin, it gives me hives",
            About::Allergy {
                substance: "penicillin".into(),
                reaction: Some("hives".into()),
            },
        ),
        (
            "no known drug allergies",
            About::Allergy {
                substance: "known drug allergies".into(),
                reaction: None,
            },
        ),
        (
            "I smoke a pack a day for twenty years",
            About::Social(Social::Tobacco {
                amount: Some("a pack a day for 20 years".into()),
                pack_years: Some(20.0),
            }),
        ),
        (
            "I smoked two packs a day for ten years",
            About::Social(Social::Tobacco {
                amount: Some("2 packs a day for 10 years".into()),
                pack_years: Some(20.0),
            }),
        ),
        (
            "I smoke half a pack a day",
            About::Social(Social::Tobacco {
                amount: Some("half a pack a day".into()),
                pack_years: None,
            }),
        ),
        (
            "I used to smoke",
            About::Social(Social::Tobacco {
                amount: None,
                pack_years: None,
            }),
        ),
        (
            "I drink two beers a week",
            About::Social(Social::Alcohol {
                amount: Some("2 beers a week".into()),
            }),
        ),
        (
            "I smoke marijuana",
            About::Social(Social::Drugs {
                substance: Some("marijuana".into()),
            }),
        ),
        (
            "I work as a school teacher",
            About::Social(Social::Occupation {
                words: "work as a school teacher".into(),
            }),
        ),
        (
            "I live alone with my cat",
            About::Social(Social::Living {
                words: "live alone with my cat".into(),
            }),
        ),
        (
            "I had my appendix out in 2015",
            About::Procedure {
                name: "appendix out".into(),
            },
        ),
    ];
    for (said, expected) in table {
        assert!(facts(&[said]).contains(&expected), "{said:?}: {:?}", facts(&[said]));
    }
    assert_eq!(facts(&["drink plenty of water"]), []);
}

fn facts(said: &[&str]) -> Vec<About> {
    understood(said)
        .into_iter()
        .flat_map(|statement| statement.facts)
        .map(|fact| fact.about)
        .collect()
}
