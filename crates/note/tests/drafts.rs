//! What a draft promises, on visits that read like visits and on text that does not.

use std::{collections::HashSet, time::Instant};

use note::{Draft, Evidence, FIXED, Heard, Line, Origin, Section, Template, draft, mentions, plain_text, unsupported};
use proptest::test_runner::FileFailurePersistence;
use proptest::{collection::vec, prelude::*};
use speech::{Segment, SegmentId, Span, Transcript};

#[test]
fn a_dictation_goes_where_its_headings_say() {
    let draft = drafted(&[
        "Subjective. The patient is a 54 year old man with right knee pain for two weeks.",
        "um, he denies fever",
        "Objective: blood pressure 128 over 82. The, the knee is tender.",
        "assessment",
        "Osteoarthritis of the right knee.",
        "Plan: start naproxen 500 milligrams twice a day,",
        "with food. Follow up in six weeks.",
    ]);
    let lines = [
        (
            "Subjective",
            "The patient is a 54 year old man with right knee pain for 2 weeks.",
            &[0][..],
        ),
        ("Subjective", "He denies fever.", &[1]),
        ("Objective", "Blood pressure 128/82.", &[2]),
        ("Objective", "The knee is tender.", &[2]),
        ("Assessment", "Osteoarthritis of the right knee.", &[4]),
        ("Plan", "Start naproxen 500 mg twice a day, with food.", &[5, 6]),
        ("Plan", "Follow up in 6 weeks.", &[6]),
    ];
    assert_eq!(
        flat(&draft),
        lines.map(|(heading, text, ids)| (heading.into(), text.into(), ids.to_vec()))
    );
}

#[test]
fn a_dictation_without_punctuation_goes_there_too() {
    let draft = drafted(&[
        "subjective cough and fever for three days",
        "objective lungs are clear",
        "assessment and plan viral bronchitis",
        "continue fluids and rest",
    ]);
    let lines = [
        ("Subjective", "Cough and fever for 3 days.", 0),
        ("Objective", "Lungs are clear.", 1),
        ("Assessment", "Viral bronchitis.", 2),
        ("Plan", "Continue fluids and rest.", 3),
    ];
    assert_eq!(
        flat(&draft),
        lines.map(|(heading, text, id)| (heading.into(), text.into(), vec![id]))
    );
}

#[test]
fn sentences_of_a_conversation_are_sorted_by_their_cues() {
    let same = |heading, line| (heading, line, line);
    let cases = [
        (
            "Subjective",
            "My back has been hurting since Monday.",
            "The patient's back has been hurting since Monday.",
        ),
        same("Subjective", "She has a history of asthma and was told to follow up."),
        (
            "Subjective",
            "My blood pressure has been high at home.",
            "The patient's blood pressure has been high at home.",
        ),
        (
            "Objective",
            "On your exam, I do appreciate a two out of six systolic murmur.",
            "On exam, there is a 2/6 systolic murmur.",
        ),
        (
            "Objective",
            "Your blood pressure today is 142 over 90.",
            "The patient's blood pressure today is 142/90.",
        ),
        same("Objective", "The chest x-ray shows no acute findings."),
        same("Objective", "There is tenderness to palpation over the left ankle."),
        same("Assessment", "This is most likely a lateral ankle sprain."),
        (
            "Assessment",
            "Your symptoms are consistent with migraine.",
            "The patient's symptoms are consistent with migraine.",
        ),
        (
            "Plan",
            "I'm going to start you on lisinopril 10 milligrams daily.",
            "We will start the patient on lisinopril 10 mg daily.",
        ),
        (
            "Plan",
            "Let's get an MRI of the lumbar spine.",
            "We will get an MRI of the lumbar spine.",
        ),
        same("Plan", "Refer to cardiology."),
    ];
    for (heading, sentence, line) in cases {
        let found = flat(&drafted(&[sentence]));
        assert_eq!(found, [(heading.to_owned(), line.to_owned(), vec![0])]);
    }
}

#[test]
fn a_question_and_its_answer_become_a_finding() {
    let cases: [(&[&str], &str); 10] = [
        (&["Any fever or chills?", "No."], "Denies fever or chills."),
        (&["Do you have any chest pain?", "No, I don't."], "Denies chest pain."),
        (
            &["Do you have any COPD, asthma or hay fever?", "Nope."],
            "Denies COPD, asthma or hay fever.",
        ),
        (&["Have you had any nausea?", "Yes."], "Reports nausea."),
        (&["Any fever?", "Yeah, no."], "Any fever? Yeah, no."),
        (&["No fever?", "No."], "Denies fever."),
        (&["You don't have any chest pain?", "No."], "Denies chest pain."),
        (
            &["Any fever?", "No, but I had chills on Sunday."],
            "Denies fever, but the patient had chills on Sunday.",
        ),
        (
            &["When did it start?", "Three weeks ago."],
            "When did it start? 3 weeks ago.",
        ),
        (
            &["How bad is it?", "It wakes me up at night and I cannot walk to work."],
            "It wakes the patient up at night and the patient cannot walk to work.",
        ),
    ];
    for (said, line) in cases {
        let found = flat(&drafted(said));
        assert_eq!(
            found.iter().map(|(_, text, _)| text.as_str()).collect::<Vec<_>>(),
            [line]
        );
        assert_eq!(found[0].2.last(), Some(&1));
    }
}

#[test]
fn what_says_nothing_leaves_no_line_and_what_might_stays() {
    for said in [
        "Okay. All right.",
        "Hi, how are you?",
        "Hey, dragon, show me the vital signs.",
        "Let me take a look at your knee.",
        "um, uh",
        "",
    ] {
        assert_eq!(flat(&drafted(&[said])), [], "{said:?}");
    }
    for said in [
        "Let's take a look at the knee with an MRI.",
        "Let me take a look, it is 5 centimeters wide.",
    ] {
        assert_eq!(flat(&drafted(&[said])).len(), 1, "{said:?}");
    }
    // "er" is a place, "mm" a length, digits are said twice on purpose.
    for said in [
        "He went to the er.",
        "The wound is 5 mm long.",
        "Room two two.",
        "Il patiente tousse depuis lundi.",
    ] {
        assert_eq!(flat(&drafted(&[said]))[0].1, said);
    }
}

#[test]
fn what_was_said_twice_is_one_line_with_both_sources() {
    let draft = drafted(&["My knee hurts.", "It began on Monday.", "My, my knee hurts!"]);
    assert_eq!(
        flat(&draft)[0],
        ("Subjective".into(), "The patient's knee hurts.".into(), vec![0, 2])
    );
    assert_eq!(flat(&draft).len(), 2);
}

#[test]
fn a_visit_without_words_gives_a_note_without_lines() {
    let draft = draft(&Transcript::default(), &Template::soap());
    assert_eq!(draft.template, "SOAP");
    assert_eq!(
        draft.sections.iter().map(|s| s.heading.as_str()).collect::<Vec<_>>(),
        ["Subjective", "Objective", "Assessment", "Plan"]
    );
    assert_eq!(flat(&draft), []);
}

#[test]
fn a_long_visit_drafts_at_once() {
    let turn = "So the pain in my left shoulder started about three weeks ago when I lifted a box, and we will order an x-ray today.";
    let turns: Vec<String> = (0..400).map(|n| format!("{turn} That was visit number {n}.")).collect();
    let said: Vec<&str> = turns.iter().map(String::as_str).collect();
    let transcript = transcript(&said);
    assert!(transcript.text().split_whitespace().count() > 9_000);
    let begun = Instant::now();
    let draft = draft(&transcript, &Template::soap());
    assert!(begun.elapsed().as_millis() < 500, "{:?}", begun.elapsed());
    // A note is not the transcript: what was said four hundred times is not written as often.
    assert!((20..200).contains(&flat(&draft).len()), "{}", flat(&draft).len());
}

#[test]
fn an_edit_keeps_the_sources_of_unchanged_lines_wherever_they_went() {
    let line = |text: &str, id| Line {
        text: text.into(),
        origin: Origin::Drafted,
        evidence: vec![Evidence {
            segment: SegmentId(id),
            span: Span { start: 0, end: 1 },
        }],
    };
    let mut section = Section {
        heading: "Plan".into(),
        lines: vec![line("Rest.", 1), line("Ice.", 2), line("Rest.", 3)],
        ..Section::default()
    };
    assert_eq!(section.text(), "Rest.\nIce.\nRest.");
    section.edit("Ice.\n\n  \nRest. \r\nRest!\nRest.\nRest.");
    let typed = |text: &str| Line::typed(text);
    assert_eq!(
        section.lines,
        [
            line("Ice.", 2),
            line("Rest.", 1),
            typed("Rest!"),
            line("Rest.", 3),
            typed("Rest.")
        ]
    );
    section.edit("");
    assert_eq!(section.lines, []);
}

/// Sentences with what must not be changed: numbers, drugs, sides and negations.
fn clinical() -> impl Strategy<Value = Vec<String>> {
    let sentence = "(I|you|she) (take|takes|don't take|am not on|have been on) (lisinopril|metformin|oxycodone|aspirin) \
        ([1-9][0-9]{0,2}|twenty five|one hundred) milligrams( every [2-9] hours| twice a day)?\\. (my|your|the) (left|right) (knee|shoulder) \
        (hurts|doesn't hurt|is swollen|isn't tender)( since [2-9] weeks ago| you know| okay)?\\.";
    vec(sentence, 1..6)
}

/// Text as speech gives it, as nobody would say it, and as an attacker would write it.
fn hostile() -> impl Strategy<Value = Vec<String>> {
    let clinical =
        "(any|no|yes|fever|okay\\?|plan:|assessment|the the|uh|I'll|denies|[.?!,;:-]|\n|ß|\u{202e}|<b>|\u{0}| ){0,24}";
    vec(prop_oneof![".*", "\\PC{0,200}", clinical], 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: Some(Box::new(KEPT)), ..ProptestConfig::default() })]

    #[test]
    fn every_word_of_a_line_was_said_in_its_sources(said in hostile()) {
        let said: Vec<&str> = said.iter().map(String::as_str).collect();
        for (_, text, ids) in flat(&drafted(&said)) {
            prop_assert!(!ids.is_empty());
            let heard: HashSet<String> = ids.iter().flat_map(|&id| words(said[id as usize])).collect();
            let fixed: HashSet<String> = FIXED.iter().flat_map(|word| words(word)).collect();
            for word in words(&text) {
                prop_assert!(heard.contains(&word) || fixed.contains(&word), "{word:?} of {text:?} was not said");
            }
        }
    }

    #[test]
    fn no_line_changes_a_number_a_drug_a_side_or_a_negation(said in clinical()) {
        let said: Vec<&str> = said.iter().map(String::as_str).collect();
        let transcript = transcript(&said);
        let draft = draft(&transcript, &Template::history_and_physical());
        let lines: Vec<&Line> = draft.sections.iter().flat_map(|section| &section.lines).collect();
        prop_assert!(!lines.is_empty());
        for line in lines {
            let words: Vec<&str> = line
                .evidence
                .iter()
                .map(|at| at.span.of(&transcript.get(at.segment).expect("evidence is of the transcript").text))
                .collect();
            let (heard, told) = (mentions(&words.join(" ")), mentions(&line.text));
            for number in &told.numbers {
                prop_assert!(heard.numbers.contains(number), "{number} of {:?} in {words:?}", line.text);
            }
            for drug in &told.drugs {
                prop_assert!(heard.drugs.contains(drug), "{drug} of {:?} in {words:?}", line.text);
            }
            let doubts = unsupported(line, &Heard::of(&transcript));
            prop_assert!(doubts.is_empty(), "{doubts:?} of {:?}", line.text);
        }
    }

    #[test]
    fn no_text_breaks_a_draft_its_export_or_an_edit(said in hostile(), typed in ".*") {
        let said: Vec<&str> = said.iter().map(String::as_str).collect();
        let mut draft = drafted(&said);
        let before = draft.clone();
        for section in &mut draft.sections {
            let text = section.text();
            section.edit(&text);
        }
        prop_assert_eq!(&draft, &before);
        draft.sections[0].edit(&typed);
        let text = plain_text(&draft);
        prop_assert!(text.chars().all(|c| c == '\n' || !c.is_control()));
        let hidden = ['\u{202e}', '\u{2066}', '\u{200b}', '\u{feff}', '\u{2028}'];
        prop_assert!(!text.contains(hidden));
        prop_assert!(text.starts_with("SUBJECTIVE\n") && text.ends_with('\n'));
    }
}

/// Talk that broke a promise once is tried first, for ever.
const KEPT: FileFailurePersistence = FileFailurePersistence::Direct("tests/drafts.kept");

fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

fn drafted(said: &[&str]) -> Draft {
    draft(&transcript(said), &Template::soap())
}

fn transcript(said: &[&str]) -> Transcript {
    let mut transcript = Transcript::default();
    for (id, text) in (0..).zip(said) {
        transcript.insert(Segment::new(SegmentId(id), id.into(), f64::from(id) + 0.9, *text));
    }
    transcript
}

/// Heading, text and sources of every line.
fn flat(draft: &Draft) -> Vec<(String, String, Vec<u32>)> {
    let lines = draft
        .sections
        .iter()
        .flat_map(|section| section.lines.iter().map(|line| (section.heading.clone(), line)));
    lines
        .map(|(heading, line)| {
            (
                heading,
                line.text.clone(),
                line.evidence.iter().map(|at| at.segment.0).collect(),
            )
        })
        .collect()
}
