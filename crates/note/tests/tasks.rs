//! The plan, line by line → what is to be done.

use note::TaskKind::{FollowUp, Order, Prescription, Referral};
use note::{Draft, Evidence, Line, Origin, Section, TaskKind, Template, tasks};
use proptest::prelude::*;
use speech::{SegmentId, Span};

fn plan(lines: &[&str]) -> Draft {
    let section = |heading: &str| Section {
        heading: heading.into(),
        lines: lines.iter().map(|line| Line::typed(*line)).collect(),
        ..Section::default()
    };
    Draft {
        sections: vec![section("Subjective"), section("Plan")],
        ..Draft::default()
    }
}

fn found(line: &str) -> Vec<(TaskKind, String)> {
    let tasks = tasks(&plan(&[line]), &Template::soap());
    tasks.into_iter().map(|task| (task.kind, task.text)).collect()
}

#[test]
fn each_thing_to_do_is_a_task_of_its_own() {
    for (line, expected) in [
        ("Order an MRI of the knee.", vec![(Order, "Order an MRI of the knee")]),
        (
            "Start lisinopril 10 mg daily.",
            vec![(Prescription, "Start lisinopril 10 mg daily")],
        ),
        ("Start lisinopril.", vec![(Prescription, "Start lisinopril")]),
        (
            "I'm going to prescribe an inhaler.",
            vec![(Prescription, "I'm going to prescribe an inhaler")],
        ),
        ("Refer to cardiology.", vec![(Referral, "Refer to cardiology")]),
        ("Follow up in 2 weeks.", vec![(FollowUp, "Follow up in 2 weeks")]),
        (
            "I'll see you back in a month.",
            vec![(FollowUp, "I'll see you back in a month")],
        ),
        (
            "Increase metformin to 1000 mg, check an A1c and refer to podiatry; return in 3 months.",
            vec![
                (Prescription, "Increase metformin to 1000 mg"),
                (Order, "check an A1c"),
                (Referral, "refer to podiatry"),
                (FollowUp, "return in 3 months"),
            ],
        ),
        (
            "Get a chest x-ray. Stop the antibiotic.",
            vec![(Order, "Get a chest x-ray"), (Prescription, "Stop the antibiotic")],
        ),
        ("No need for an MRI.", vec![]),
        ("We will not start a statin.", vec![]),
        ("Rest and drink plenty of water.", vec![]),
        ("Declined a colonoscopy.", vec![]),
        ("", vec![]),
    ] {
        let expected: Vec<(TaskKind, String)> = expected.into_iter().map(|(kind, text)| (kind, text.into())).collect();
        assert_eq!(found(line), expected, "{line}");
    }
}

#[test]
fn a_condition_stays_with_what_depends_on_it() {
    let tasks = tasks(
        &plan(&["If it gets worse, order an MRI and refer to neurology."]),
        &Template::soap(),
    );
    assert_eq!(tasks.len(), 1);
    assert!(tasks[0].conditional);
    assert_eq!(
        found("If it gets worse, call. Order an MRI."),
        [(Order, "Order an MRI".into())]
    );
}

#[test]
fn a_task_says_where_it_stands_and_what_it_rests_on() {
    let mut draft = plan(&["Rest.", "Order an MRI."]);
    let evidence = vec![Evidence {
        segment: SegmentId(7),
        span: Span { start: 0, end: 3 },
    }];
    draft.sections[1].lines[1].evidence = evidence.clone();
    draft.sections[1].lines[1].origin = Origin::Drafted;
    let tasks = tasks(&draft, &Template::soap());
    assert_eq!(tasks.len(), 1, "the same line under Subjective is no plan");
    assert_eq!((tasks[0].section, tasks[0].line, &tasks[0].evidence), (1, 1, &evidence));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_the_tasks(line in "\\PC{0,60}", mixed in "(order|start|if|and|,|;|\\.| |MRI|é|🙂|not){0,30}") {
        for text in [line, mixed] {
            for task in tasks(&plan(&[&text]), &Template::soap()) {
                prop_assert!(text.contains(&task.text), "a task is in the words of the note");
            }
        }
    }
}
