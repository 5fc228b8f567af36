//! Each class of the Safe Harbor method, and what must stay.

use export::{Clue, Identifier, deidentify};
use proptest::prelude::*;

use Identifier::*;

#[test]
fn each_class_is_found_where_it_stands() {
    let cases: &[(Identifier, &str, &str)] = &[
        (Name, "Seen by Dr. Smith today.", "Seen by Dr. [NAME] today."),
        (Name, "mrs jones reports pain", "mrs [NAME] reports pain"),
        (
            Name,
            "my name is john smith and I have a cough",
            "my name is [NAME] and I have a cough",
        ),
        (Name, "Patient: Jane Q. Doe, a teacher", "Patient: [NAME], a teacher"),
        (Name, "His wife Mary helps.", "His wife [NAME] helps."),
        (Name, "Lives with Robert Miller.", "Lives with [NAME]."),
        (Name, "Doctor O’Neil’s advice", "Doctor [NAME]’s advice"),
        (Name, "hi martha how are you", "hi [NAME] how are you"),
        (Name, "Will Smith and May Johnson called.", "[NAME] and [NAME] called."),
        (
            Name,
            "Nurse Practitioner Adams agrees.",
            "Nurse Practitioner [NAME] agrees.",
        ),
        (Place, "He lives at 12 Oak Tree Lane, Apt 4.", "He lives at [PLACE]."),
        (Place, "123 main street", "[PLACE]"),
        (Place, "She lives in Springfield now", "She lives in [PLACE] now"),
        (
            Place,
            "the clinic in Peoria, Illinois",
            "the clinic in [PLACE], Illinois",
        ),
        (Place, "zip code 02139", "zip code [021**]"),
        (Place, "Boise, ID 83612-1234", "Boise, ID [836**]"),
        (Place, "Anywhere, WY 82101", "Anywhere, WY [000**]"),
        (Place, "transferred to Mercy General Hospital", "transferred to [PLACE]"),
        (Place, "a clinic in Suffolk County", "a clinic in [PLACE]"),
        (Date, "Surgery on 3/14/2021.", "Surgery on [2021]."),
        (
            Date,
            "Seen on January 5, 2024 and the 5th of May.",
            "Seen on [2024] and the [DATE].",
        ),
        (Date, "DOB 1984-07-02", "DOB [1984]"),
        (Date, "on March 3rd, 2019 he fell", "on [2019] he fell"),
        (Date, "the third of april", "the [DATE]"),
        (Date, "since last October", "since last [DATE]"),
        (Date, "in May he stopped", "in [DATE] he stopped"),
        (Date, "seen on 3/14 again", "seen on [DATE] again"),
        (Date, "after Christmas", "after [DATE]"),
        (Date, "a 92-year-old woman", "a [90+]-year-old woman"),
        (Date, "aged 95", "aged [90+]"),
        (Date, "ninety two years old", "[90+] years old"),
        (Phone, "call 555-867-5309 or (617) 555-0123", "call [PHONE] or [PHONE]"),
        (Phone, "cell 867-5309", "cell [PHONE]"),
        (Phone, "+44 20 7946 0958", "[PHONE]"),
        (Fax, "fax: 617.555.0199", "fax: [FAX]"),
        (Email, "write to jane.doe@example.org.", "write to [EMAIL]."),
        (Email, "jane dot doe at gmail dot com", "[EMAIL]"),
        (SocialSecurity, "SSN 123-45-6789", "SSN [SSN]"),
        (
            SocialSecurity,
            "social security number 123456789",
            "social security number [SSN]",
        ),
        (MedicalRecord, "MRN: A-44-1203", "MRN: [RECORD NUMBER]"),
        (
            MedicalRecord,
            "medical record number 00 44 12",
            "medical record number [RECORD NUMBER]",
        ),
        (HealthPlan, "member ID XJ1234567", "member ID [HEALTH PLAN NUMBER]"),
        (Account, "account number 55123", "account number [ACCOUNT NUMBER]"),
        (
            Licence,
            "driver's license S1234567",
            "driver's license [LICENCE NUMBER]",
        ),
        (Licence, "NPI 1234567893", "NPI [LICENCE NUMBER]"),
        (Vehicle, "license plate 7ABC123", "license plate [VEHICLE]"),
        (Vehicle, "1HGCM82633A004352", "[VEHICLE]"),
        (
            Device,
            "pacemaker serial number PJN123456",
            "pacemaker serial number [DEVICE NUMBER]",
        ),
        (Url, "see https://example.org/p?id=3.", "see [URL]."),
        (Ip, "from 192.168.10.4", "from [IP ADDRESS]"),
        (Biometric, "a fingerprint was taken", "a [BIOMETRIC] was taken"),
        (Photo, "took a photo of the face", "took a [PHOTO] of the face"),
        (Other, "passport C03005988", "passport [IDENTIFIER]"),
        (Other, "ticket 20231877", "ticket [IDENTIFIER]"),
        (
            Other,
            "works at Acme Widgets as a welder",
            "works at [IDENTIFIER] as a welder",
        ),
    ];
    let wrong: Vec<(&str, String)> = cases
        .iter()
        .map(|(_, text, expected)| (*expected, deidentify(text).text))
        .filter(|(expected, text)| expected != text)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    for (class, text, _) in cases {
        let copy = deidentify(text);
        assert!(
            copy.replaced.iter().any(|found| found.class == *class),
            "{text}: {:?}",
            copy.replaced
        );
    }
    for class in [
        Name,
        Place,
        Date,
        Phone,
        Fax,
        Email,
        SocialSecurity,
        MedicalRecord,
        HealthPlan,
        Account,
        Licence,
        Vehicle,
        Device,
        Url,
        Ip,
        Biometric,
        Photo,
        Other,
    ] {
        assert!(cases.iter().any(|case| case.0 == class), "{class:?} has no case");
    }
}

#[test]
fn medicine_stays() {
    let cases = [
        "BP 120/80, HR 72, RR 16, SpO2 97 %, T 98.6 F, weight 180 lbs.",
        "BP 110-120 over 70-80, glucose 100-150, platelets 250000.",
        "Metoprolol 25 mg twice a day, insulin 10 units, 1.2 mg/dL, HbA1c 7.4 %.",
        "Benzathine penicillin 2400000 units once.",
        "Patient Agreements: understood. A pill called Ultram.",
        "Will Follow up. May I? She may. Grace came late. The Virginia clinic.",
        "You may take it; it may help. May I see? March in place.",
        "Parkinson disease, Crohn's disease, Bell's palsy, Hodgkin lymphoma.",
        "Negative Murphy sign, Babinski, Romberg; a Foley and a Holter monitor.",
        "Strength 5/5 on the right, 4/5 on the left; pain 7/10, from 3/10.",
        "A 67-year-old man, 90 mg, 95 bpm, 92 % on room air, 100 days.",
        "Started in 2019, three weeks ago, every Monday, L4-5 and C5-6.",
        "Take 1-2 tablets every 4-6 hours for 7 days; follow up in 6 weeks.",
        "Photophobia, phonophobia; 20/20 vision; Mallampati 2; ASA 3.",
        "The doctor said to rest. The nurse called. She is from Mexico and lives in Ohio.",
        "T1-weighted MRI, COVID-19, vitamin B12, H1N1, 0.9% saline, 2 x 3 cm.",
        "Allergic to penicillin. Patient reports pain. Patient Education was given.",
        "Her mother had diabetes. His father, a smoker, died at 60.",
        "Dr. said so. I'm feeling well. This is Monday.",
        "",
    ];
    for text in cases {
        let copy = deidentify(text);
        assert_eq!(copy.text, text, "{:?}", copy.replaced);
    }
}

#[test]
fn a_name_once_known_is_found_again() {
    let copy = deidentify("Mr. Keller came with Anna. Keller’s knee hurts; anna-like pain. KELLER agrees.");
    assert_eq!(
        copy.text,
        "Mr. [NAME] came with [NAME]. [NAME]’s knee hurts; anna-like pain. [NAME] agrees."
    );
}

#[test]
fn the_list_says_where_and_why() {
    let text = "Dr. Smith, 3/14/2021";
    let copy = deidentify(text);
    let found: Vec<(&str, &str)> = copy
        .replaced
        .iter()
        .map(|found| (&text[found.span.clone()], found.shown.as_str()))
        .collect();
    assert_eq!(found, [("Smith", "[NAME]"), ("3/14/2021", "[2021]")]);
    let clues: Vec<Clue> = copy.replaced.iter().map(|found| found.why).collect();
    assert_eq!(clues, [Clue::Title, Clue::Day]);
}

#[test]
fn an_age_over_89_takes_every_year_along() {
    let copy = deidentify("A 93-year-old born in 1932, seen on 3/14/2021.");
    assert_eq!(copy.text, "A [90+]-year-old born in [DATE], seen on [DATE].");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_not_replaced_is_unchanged_and_nothing_is_replaced_twice(text in text()) {
        let copy = deidentify(&text);
        let mut rest = String::new();
        let mut from = 0;
        for found in &copy.replaced {
            prop_assert!(found.span.start >= from && found.span.end > found.span.start);
            rest += &text[from..found.span.start];
            rest += &found.shown;
            from = found.span.end;
        }
        rest += &text[from..];
        prop_assert_eq!(&rest, &copy.text);
        // What was replaced is not looked at again.
        let again = deidentify(&copy.text).replaced;
        prop_assert!(again.iter().all(|found| !copy.text[found.span.clone()].starts_with('[')), "{again:?}");
    }
}

fn text() -> impl Strategy<Value = String> {
    let pieces = vec![
        "Dr.",
        "Mr",
        "Smith",
        "my name is",
        "john",
        "May",
        "March",
        "3",
        "14",
        "/",
        "-",
        ".",
        "2021",
        "on",
        "(",
        ")",
        "555",
        "0123",
        "MRN",
        ":",
        "fax",
        "@",
        "gmail",
        "dot",
        "com",
        "at",
        "92",
        "year-old",
        "zip",
        "02139",
        "Oak",
        "Lane",
        ",",
        "CA",
        "lives in",
        "[NAME]",
        "[",
        "]",
        "’s",
        "é",
        "👍",
        "\n",
        "mg",
        "1HGCM82633A004352",
        "://",
        "wife",
        "photo",
        "\u{301}",
    ];
    let piece = prop_oneof![4 => prop::sample::select(pieces).prop_map(str::to_owned), 1 => any::<String>()];
    let joined = prop_oneof![Just(" "), Just("")];
    prop::collection::vec((piece, joined), 0..12)
        .prop_map(|pieces| pieces.into_iter().map(|(piece, gap)| piece + gap).collect())
}
