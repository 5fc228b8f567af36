//! Questions with their answers.

use note::Reply;

use crate::understood;

#[test]
fn a_question_and_its_answer_are_one_statement() {
    let table: [(&[&str], &str, Reply); 20] = [
        (
            &["Any fever or chills?", "No."],
            "Denies fever or chills.",
            Reply::Denied,
        ),
        (
            &["Any fever or chills?", "Yes, for two days."],
            "Reports fever or chills, for 2 days.",
            Reply::Affirmed,
        ),
        (
            &["any fever?", "Yes, it was high last night."],
            "Reports fever; it was high last night.",
            Reply::Affirmed,
        ),
        (
            &["Any fever?", "No, just a cough."],
            "Denies fever; just a cough.",
            Reply::Denied,
        ),
        (
            &["Okay, and any chest pain?", "No, sir, nothing like that."],
            "Denies chest pain.",
            Reply::Denied,
        ),
        (&["Do you smoke?", "No."], "Denies smoking.", Reply::Denied),
        (
            &["Have you been coughing?", "Yeah."],
            "Reports coughing.",
            Reply::Affirmed,
        ),
        (
            &[
                "Any symptoms like chest pains, shortness of breath, any swelling in your legs?",
                "No, not that I've noticed.",
            ],
            "Denies chest pains, shortness of breath, swelling in legs.",
            Reply::Denied,
        ),
        (
            &["Any fever? Any chills?", "No."],
            "Denies fever, chills.",
            Reply::Denied,
        ),
        (&["No nausea?", "Right."], "Denies nausea.", Reply::Denied),
        (&["No nausea?", "Yes."], "No nausea? Yes.", Reply::Told),
        (
            &["Any blood in your stool?", "No, no blood."],
            "Denies blood in stool.",
            Reply::Denied,
        ),
        (&["Any fever?", "Yeah, no."], "Any fever? Yeah, no.", Reply::Told),
        (
            &["Any fever?", "I'm not sure."],
            "Any fever? I'm not sure.",
            Reply::Told,
        ),
        (
            &["Is it sharp?", "No, it's dull."],
            "Is it sharp? No, it's dull.",
            Reply::Told,
        ),
        (&["do you have any headaches", "no"], "Denies headaches.", Reply::Denied),
        (
            &["Any problems with urination?", "No."],
            "Denies problems with urination.",
            Reply::Denied,
        ),
        (&["Any sort of headaches?", "No."], "Denies headaches.", Reply::Denied),
        (
            &["Any burning when you urinate?", "No."],
            "Denies burning when you urinate.",
            Reply::Denied,
        ),
        (
            &["What makes the pain better?", "Nothing."],
            "What makes the pain better? Nothing.",
            Reply::Told,
        ),
    ];
    for (said, text, reply) in table {
        let statements = understood(said);
        let found: Vec<_> = statements
            .iter()
            .map(|statement| (statement.text.as_str(), statement.reply))
            .collect();
        assert_eq!(found, [(text, Some(reply))], "{said:?}");
        let segments: Vec<u32> = statements[0].evidence.iter().map(|place| place.segment.0).collect();
        assert_eq!((segments.first(), segments.last()), (Some(&0), Some(&1)), "{said:?}");
    }
}

#[test]
fn a_follow_up_carries_what_the_talk_is_about() {
    let statements = understood(&[
        "Do you have chest pain?",
        "Yes.",
        "When did it start?",
        "About three days ago.",
    ]);
    assert_eq!(statements[1].text, "Chest pain: When did it start? About 3 days ago.");
    assert_eq!(statements[1].topic.as_deref(), Some("chest pain"));
    assert_eq!(statements[1].facts[0].when.as_deref(), Some("About 3 days ago"));
    // Of two findings nobody knows which is meant.
    let statements = understood(&[
        "I have a rash and a cough.",
        "When did it start?",
        "About three days ago.",
    ]);
    assert_eq!(statements[1].text, "When did it start? About 3 days ago.");
}

#[test]
fn questions_that_nobody_answered_are_questions() {
    let statements = understood(&["Any questions about the surgery?"]);
    assert_eq!(
        (statements.len(), statements[0].question, statements[0].facts.len()),
        (1, true, 0)
    );
}
