//! What edits teach, and what they must never teach.

use note::{
    Draft, Format, Habit, Length, Line, Origin, Replacement, Section, Style, Template, WhenEmpty, apply, learn, shaped,
};
use proptest::prelude::*;

fn drafted(lines: &[&str]) -> Draft {
    let line = |text: &&str| Line {
        text: (*text).into(),
        origin: Origin::Drafted,
        evidence: Vec::new(),
    };
    let section = Section {
        heading: "Plan".into(),
        lines: lines.iter().map(line).collect(),
        ..Section::default()
    };
    Draft {
        template: "SOAP".into(),
        sections: vec![section],
        ..Draft::default()
    }
}

/// Learns from the same edit in two notes.
fn learned(before: &[&str], after: &[&str]) -> Style {
    let mut style = Style::default();
    for _ in 0..2 {
        let mut edited = drafted(before);
        edited.sections[0].edit(&after.join("\n"));
        learn(&mut style, &drafted(before), &edited);
    }
    style
}

fn text(draft: &Draft) -> Vec<&str> {
    draft.sections[0].lines.iter().map(|line| line.text.as_str()).collect()
}

#[test]
fn words_that_are_replaced_twice_are_replaced_from_then_on() {
    let style = learned(
        &["He has a tummy ache today, I think."],
        &["He has abdominal pain today, I think."],
    );
    assert_eq!(style.replacements.len(), 1);
    let Replacement { from, to, seen } = &style.replacements[0];
    assert_eq!(
        (from.as_str(), to.as_str(), *seen),
        ("a tummy ache", "abdominal pain", 2)
    );
    let draft = apply(
        &style,
        drafted(&["A tummy ache, since Monday.", "A tummy, ache.", "Rest."]),
    );
    assert_eq!(
        text(&draft),
        ["Abdominal pain, since Monday.", "A tummy, ache.", "Rest."]
    );
}

#[test]
fn one_edit_teaches_nothing_and_another_word_starts_anew() {
    let mut style = Style::default();
    for (to, seen) in [("cephalgia", 1), ("cephalgia", 2), ("migraine", 1)] {
        let before = drafted(&["Reports headache since Monday."]);
        let mut after = before.clone();
        after.sections[0].edit(&format!("Reports {to} since Monday."));
        learn(&mut style, &before, &after);
        assert_eq!(style.replacements[0].seen, seen);
        let applied = apply(&style, drafted(&["Reports headache."]));
        assert_eq!(text(&applied)[0] == "Reports headache.", seen < 2);
    }
}

#[test]
fn what_changes_the_sense_is_no_style() {
    for (before, after) in [
        ("Take 5 mg of it with food.", "Take 50 mg of it with food."),
        ("Take 5 mg of it with food.", "Take 5 mcg of it with food."),
        (
            "Pain in the left knee since Monday.",
            "Pain in the right knee since Monday.",
        ),
        ("Reports no fever since Monday.", "Reports some fever since Monday."),
        ("Reports fever since Monday.", "Denies fever since Monday."),
        ("Take the pill daily with food.", "Take the pill weekly with food."),
        ("Start the pill with food.", "Stop the pill with food."),
        ("Her mother had gout at forty.", "Her father had gout at forty."),
        ("The test was positive on Monday.", "The test was negative on Monday."),
    ] {
        assert_eq!(learned(&[before], &[after]).replacements, [], "{before} → {after}");
    }
}

#[test]
fn a_replacement_that_was_typed_into_the_settings_is_held_to_the_same_rule() {
    let replacement = |from: &str, to: &str| Replacement {
        from: from.into(),
        to: to.into(),
        seen: 9,
    };
    let style = Style {
        replacements: vec![
            replacement("no", "some"),
            replacement("left", "right"),
            replacement("knee", "left knee"),
            replacement("food", "50 mg"),
            replacement("water", "plenty of\nwater"),
            replacement("", "x"),
            replacement("rest", ""),
        ],
        sections: Vec::new(),
    };
    let line = "No pain in the left knee; take food and water, and rest.";
    assert_eq!(text(&apply(&style, drafted(&[line]))), [line]);
}

#[test]
fn only_drafted_lines_are_rewritten() {
    let style = learned(&["He has a tummy ache today."], &["He has abdominal pain today."]);
    let mut draft = drafted(&[]);
    draft.sections[0].edit("A tummy ache.");
    assert_eq!(text(&apply(&style, draft)), ["A tummy ache."]);
}

#[test]
fn a_format_and_a_length_that_are_chosen_twice_shape_the_next_draft() {
    let before = drafted(&[
        "One two three four five six seven eight nine ten.",
        "Eleven and more words than anybody wants to read here.",
    ]);
    let mut after = before.clone();
    after.sections[0].edit("Eleven and more.");
    after.sections[0].format = Format::Bullets;
    let mut style = Style::default();
    for _ in 0..2 {
        assert_eq!(shaped(&style, Template::soap()), Template::soap());
        learn(&mut style, &before, &after);
    }
    let template = shaped(&style, Template::soap());
    let spec = template.section("Plan").expect("SOAP has a plan");
    assert_eq!((spec.format, spec.length), (Format::Bullets, Length::Concise));
    assert_eq!(apply(&style, before).sections[0].format, Format::Bullets);
}

#[test]
fn an_emptied_section_is_counted_and_left_out_only_when_the_clinician_says_so() {
    let before = drafted(&["Rest."]);
    let mut after = before.clone();
    after.sections[0].edit("");
    let mut style = Style::default();
    for _ in 0..5 {
        learn(&mut style, &before, &after);
    }
    assert_eq!(style.sections[0].emptied, 5);
    assert_eq!(apply(&style, before.clone()), before);
    style.sections[0].leave_out = true;
    let applied = apply(&style, before.clone());
    assert_eq!(
        (applied.sections[0].lines.len(), applied.sections[0].when_empty),
        (0, WhenEmpty::Omit)
    );
    style.sections[0].leave_out = false;
    learn(&mut style, &before, &before);
    assert_eq!(style.sections, [], "kept once: nothing to remember");
}

#[test]
fn a_line_of_a_megabyte_is_learned_from_and_rewritten() {
    let line = "a tummy ache, ".repeat(70_000);
    let style = learned(&["He has a tummy ache today."], &["He has abdominal pain today."]);
    assert!(text(&apply(&style, drafted(&[&line])))[0].starts_with("abdominal pain, abdominal pain, "));
    assert_eq!(learned(&[&line], &[&line.replace("ache", "pain")]).replacements, []);
}

prop_compose! {
    fn any_style()(pairs in proptest::collection::vec(("\\PC{0,12}|(no|the|left|knee|pain|5|mg| ){1,4}", "\\PC{0,12}|(no|left|pain|five|mg|metformin| ){0,4}"), 0..6)) -> Style {
        Style {
            replacements: pairs.into_iter().map(|(from, to)| Replacement { from: from.to_lowercase(), to, seen: 3 }).collect(),
            sections: vec![Habit { template: "SOAP".into(), heading: "Plan".into(), format: Some((Format::Numbered, 2)), ..Habit::default() }],
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_style_takes_away_or_brings_in_a_number_a_side_or_a_negation(
        style in any_style(),
        line in "((the|left|right|knee|pain|no|denies|fever|5|120/80|mg|daily|metformin|\\.|,) ){0,14}",
    ) {
        let vital = |text: &str| -> Vec<String> {
            let word = |w: &str| w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
            let grave = ["left", "right", "no", "denies", "5", "120/80", "mg", "daily", "metformin", "50", "five"];
            text.split_whitespace().map(word).filter(|w| grave.contains(&w.as_str())).collect()
        };
        let applied = apply(&style, drafted(&[&line]));
        prop_assert_eq!(vital(text(&applied)[0]), vital(&line));
    }

    #[test]
    fn no_text_breaks_learning(before in hostile(), after in hostile()) {
        let style = learned(&[&before], &[&after]);
        let _ = apply(&style, drafted(&[&before, &after]));
        let _ = apply(&Style { replacements: vec![Replacement { from: before, to: after.clone(), seen: 5 }], ..style }, drafted(&[&after]));
    }
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,60}",
        "((a|b|B,|é|🙂|\u{202e}|<b>|\\\\par|&amp;|診察)[ ,.]){0,20}"
    ]
}
