use super::*;

fn laws() -> Laws {
    Laws::with("").expect("no lines are no mistake")
}

#[test]
fn every_state_is_there_with_its_source() {
    const STATES: &str = "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY \
                          NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY";
    let laws = laws();
    let codes: Vec<&str> = ["US"].into_iter().chain(STATES.split_whitespace()).collect();
    assert_eq!(codes.len(), 1 + 50 + 1);
    assert_eq!(
        laws.states.iter().map(|law| law.code.as_str()).collect::<Vec<_>>(),
        codes
    );
    for law in &laws.states {
        let code = &law.code;
        assert!(
            law.source.contains('§') || law.source.contains("ILCS"),
            "{code}: {}",
            law.source
        );
        assert!(
            law.source.contains(|c: char| c.is_ascii_digit()),
            "{code}: {}",
            law.source
        );
        assert!(law.note.is_empty() || law.note.ends_with('.'), "{code}: {}", law.note);
    }
    let codes: Vec<&str> = laws.ai.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes, ["CA", "IL", "TX", "UT"]);
    assert!(
        laws.ai
            .iter()
            .all(|(_, asks)| asks.contains(". (") && asks.ends_with(')'))
    );
    let day: Vec<Option<u16>> = laws.as_of.split('-').map(|part| part.parse().ok()).collect();
    assert!(
        matches!(day[..], [Some(2025..), Some(1..=12), Some(1..=31)]),
        "{}",
        laws.as_of
    );
}

#[test]
fn of_two_laws_the_stricter_one_is_told() {
    let laws = laws();
    for patient in &laws.states {
        for clinician in &laws.states {
            let told = laws.told(Locale::en, &patient.code, &clinician.code);
            let pair = [patient, clinician];
            let all = pair.iter().any(|law| law.rule == Rule::All);
            assert_eq!(
                told.to_lowercase().contains("everyone who is recorded must agree"),
                all,
                "{told}"
            );
            let strictest = pair.iter().filter(|law| all == (law.rule == Rule::All));
            assert!(strictest.into_iter().any(|law| told.contains(&law.source)), "{told}");
        }
    }
    assert_eq!(
        laws.told(Locale::en, "TX", "CA"),
        "The stricter law applies, and everyone who is recorded must agree: California, Cal. Penal Code § 632."
    );
    assert_eq!(
        laws.told(Locale::en, "TX", "TX"),
        "The law asks for the consent of one party; ask the patient all the same: Texas, Tex. Penal Code § 16.02."
    );
}

#[test]
fn where_no_law_is_known_everyone_should_agree() {
    let laws = laws();
    for places in [(ELSEWHERE, "TX"), ("TX", ELSEWHERE), (ELSEWHERE, ELSEWHERE)] {
        let told = laws.told(Locale::en, places.0, places.1);
        assert!(told.ends_with("everyone who is recorded should agree."), "{told}");
    }
    assert!(
        laws.told(Locale::en, "WA", ELSEWHERE)
            .contains("must agree: Washington")
    );
}

#[test]
fn a_clinic_writes_its_own_lines_over_these() {
    let own =
        "# Our counsel, in March\nTX Texas | all | Letter of 3 March, § 2 | Ask in writing.\nai TX | Ours | Tell them.";
    let laws = Laws::with(own).expect("both can be read");
    let told = laws.told(Locale::en, "TX", "OH");
    assert!(
        told.contains("Texas, Letter of 3 March, § 2; your own line. Ask in writing."),
        "{told}"
    );
    assert_eq!(laws.tellings(["TX", "TX"]), ["Tell them. (Ours)"]);
    assert_eq!(laws.states.len(), 52);
    for mistake in [
        "TX Texas | some | Letter",
        "TX Texas | all |",
        "Texas | all | Letter",
        "TX | all | Letter",
        "all",
    ] {
        let refused = Laws::with(&format!("\n{mistake}\n"));
        assert_eq!(refused, Err(Unreadable(mistake.to_owned())));
    }
}

#[test]
fn every_language_names_the_law_and_its_source() {
    let laws = Laws::with("TX Texas | one | Letter, § 2").expect("it can be read");
    for (l, _, name) in language::LANGUAGES {
        for (patient, clinician) in [("TX", "CA"), ("CA", "CA"), (ELSEWHERE, "CA")] {
            let told = laws.told(l, patient, clinician);
            assert!(told.contains(": California, Cal. Penal Code § 632."), "{name}: {told}");
        }
        let told = laws.told(l, "TX", "TX");
        assert!(told.contains(": Texas, Letter, § 2; "), "{name}: {told}");
        assert!(
            Unreadable("TX Texas".to_owned()).told(l).ends_with(": TX Texas"),
            "{name}"
        );
    }
}

#[test]
fn artificial_intelligence_is_told_of_in_either_place() {
    let laws = laws();
    assert_eq!(laws.tellings(["CA", "CA"]).len(), 1);
    assert_eq!(laws.tellings(["TX", "UT"]).len(), 2);
    assert!(laws.tellings(["OH", ELSEWHERE]).is_empty());
}
