use std::cell::RefCell;

use export::Handover;
use note::Models;
use speech::dialogue;

use super::*;

impl Writer {
    /// One in this very thread, in place of the page's module.
    pub fn here() -> Self {
        thread_local! {
            static WORK: RefCell<Work> = RefCell::default();
        }
        Self(|question| WORK.with_borrow_mut(|work| work.answer_bytes(question)))
    }
}

const VISIT: &str = "Patient: I have had a cough for two weeks, and my left knee hurts.\n\
                     Clinician: Start amoxicillin 500 mg three times a day. Follow up in two weeks.\n";

fn visit() -> (Transcript, Template, Draft) {
    let (said, template) = (dialogue::read(VISIT), Template::soap());
    let draft = note::draft_with(Models::committed(), &said, &template);
    (said, template, draft)
}

#[test]
fn what_is_drafted_and_found_is_what_the_crates_draft_and_find() {
    let (said, template, mut draft) = visit();
    let writer = Writer::here();
    assert_eq!(writer.draft(&said, &template, &Style::default()).as_ref(), Some(&draft));
    // Each kind of doubt, so that each comes through.
    draft.sections[0].edit("Take 500 mcg of warfarin *** for the right knee, 7 times. No fever. Heart rate 900.");
    let flags = note::flags(&draft, &template, &said);
    assert!(flags.len() > 4, "{flags:?}");
    assert_eq!(writer.flags(&draft, &template, &said), Some(flags));
    assert_eq!(writer.tasks(&draft, &template), Some(note::tasks(&draft, &template)));
    let problems = note::stated_problems(&draft, &template).into_iter();
    assert_eq!(
        writer.problems(&draft, &template),
        Some(problems.map(|stated| stated.problem).collect())
    );
    assert_eq!(
        writer.roles(&said),
        Some(vec![Speaker::Patient, Speaker::Clinician]),
        "who is named is known"
    );
}

#[test]
fn a_visit_that_was_forgotten_is_drafted_as_before() {
    let (said, template, draft) = visit();
    let writer = Writer::here();
    for _ in 0..2 {
        assert_eq!(writer.draft(&said, &template, &Style::default()).as_ref(), Some(&draft));
        writer.forget();
    }
}

#[test]
fn a_style_is_learned_from_the_draft_before_anybody_edited_it() {
    let (said, template, draft) = visit();
    let mut confirmed = draft.clone();
    for section in &mut confirmed.sections {
        let text = section.text().replace("cough", "tussis");
        section.edit(&text);
    }
    let mut expected = Style::default();
    note::learn(&mut expected, &draft, &confirmed);
    assert_ne!(expected, Style::default());
    let learned = Writer::here().learn(&Style::default(), &said, &template, &confirmed);
    assert_eq!(learned, Some(expected));
}

#[test]
fn a_note_leaves_as_the_exports_make_it() {
    let (_, _, draft) = visit();
    let attested = Attestation {
        by: "Dr. A. Example".to_owned(),
        at: 2_000,
        hash: note::note_hash(&draft),
    };
    let signed = || Signed {
        draft: Cow::Borrowed(&draft),
        label: Cow::Borrowed("Room 5"),
        created: 1_000,
        offset: 60,
        attested: Cow::Borrowed(&attested),
    };
    let handover = Handover {
        draft: &draft,
        label: "Room 5",
        created: 1_000,
        offset: 60,
        attested: Some(&attested),
    };
    let writer = Writer::here();
    assert_eq!(writer.export(signed(), Export::Docx), Some(export::docx(&handover)));
    assert_eq!(
        writer.export(signed(), Export::Cda),
        Some(export::cda::structured(&handover).into_bytes())
    );
    let text = writer.export(signed(), Export::Text).expect("an answer");
    assert!(String::from_utf8_lossy(&text).contains("Dr. A. Example"));
    let whole = writer
        .paste(signed(), Paste::default())
        .expect("an answer")
        .expect("no limit");
    assert_eq!(whole, [note::plain_text(&draft)]);
    let narrow = Paste {
        limit: Some(1),
        ..Paste::default()
    };
    let refused = Some(Err(export::Failure::PartTooShort));
    assert_eq!(writer.paste(signed(), narrow), refused);
    let section = writer.paste_section(&draft.sections[0], Paste::default());
    assert_eq!(
        section.as_deref(),
        Some(note::section_text(&draft.sections[0]).as_str())
    );
    let fewer = writer.fewer(&draft).expect("an answer");
    assert_eq!(fewer.text, export::deidentify(&note::plain_text(&draft)).text);
}

#[test]
fn codes_are_found_once_there_is_a_list() {
    let writer = Writer::here();
    assert_eq!(writer.find_codes("asthma"), Some(vec![]));
    assert!(!writer.keep_codes(b"no list"));
    assert!(writer.keep_codes(include_bytes!("../../../public/codes/icd10cm.txt")));
    let found = writer.find_codes("type 2 diabetes").expect("an answer");
    assert_eq!(found.first().map(|(code, _)| code.as_str()), Some("E11.9"));
}

#[test]
fn what_is_no_question_has_no_answer() {
    let mut work = Work::default();
    assert!(work.answer_bytes(&[]).is_none());
    assert!(work.answer_bytes(&[0xff; 8]).is_none());
    let forget = encode(&Ask::Forget);
    assert!(work.answer_bytes(&[forget.as_slice(), &[0]].concat()).is_none());
}
