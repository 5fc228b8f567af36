//! Spoken numbers and what is left out of speech.

use note::mentions;

use crate::{texts, understood};

#[test]
fn spoken_numbers_are_written_in_digits() {
    let table = [
        ("pressure is one twenty over eighty", "Pressure is 120/80."),
        ("it was one forty two over ninety", "It was 142/90."),
        (
            "blood pressure was 128 over 82 today",
            "Blood pressure was 128/82 today.",
        ),
        ("one hundred and thirty over seventy five", "130/75."),
        ("one ten over over seventy", "110/70."),
        ("a two out of six systolic murmur", "A 2/6 systolic murmur."),
        ("a two over six murmur", "A 2/6 murmur."),
        ("strength is five out of five", "Strength is 5/5."),
        ("the pain is seven out of ten", "The pain is 7/10."),
        ("fifteen hundred milligrams", "1500 mg."),
        ("twenty three hundred milligrams", "2300 mg."),
        ("ninety eight point six", "98.6."),
        ("ninety eight . six degrees", "98.6 degrees."),
        ("her A1c was seven point one", "Her A1c was 7.1."),
        ("zero point four milligrams", "0.4 mg."),
        ("a point five centimeter lesion", "A 0.5 cm lesion."),
        ("weight is one ten", "Weight is 110."),
        ("weight is two oh five pounds", "Weight is 205 pounds."),
        ("it was one oh one point two", "It was 101.2."),
        ("a hundred and one point two", "101.2."),
        ("one thousand milligrams", "1000 mg."),
        ("two thousand five hundred", "2500."),
        ("three hundred twenty five milligrams", "325 mg."),
        ("in twenty eighteen", "In 2018."),
        ("in nineteen ninety five", "In 1995."),
        ("in twenty twenty one", "In 2021."),
        ("in two thousand and nine", "In 2009."),
        ("in two thousand eighteen", "In 2018."),
        ("on april fifteenth two thousand five", "On april 15th 2005."),
        ("the twenty eighth", "The 28th."),
        ("two and a half weeks", "2.5 weeks."),
        ("one to two tablets", "1 to 2 tablets."),
        ("every four to six hours", "Every 4 to 6 hours."),
        ("three times a day", "3 times a day."),
        (
            "saturation is ninety eight percent on room air",
            "Saturation is 98% on room air.",
        ),
        ("about 45 % today", "About 45% today."),
        ("two plus pitting edema", "2+ pitting edema."),
        ("one plus edema", "1+ edema."),
        ("type two diabetes", "Type 2 diabetes."),
        ("a fifty-four-year-old man", "A 54-year-old man."),
        ("she is thirty-two", "She is 32."),
        ("at eight thirty in the morning", "At 8:30 in the morning."),
        ("eighty one milligrams of aspirin", "81 mg of aspirin."),
        ("call nine one one", "Call 911."),
        ("six eight weeks maybe", "6, 8 weeks maybe."),
        ("it has been four, four days now", "It has been 4 days now."),
        ("his a one c is eight", "His A1c is 8."),
        ("vitamin b twelve", "Vitamin B12."),
        ("one hundred twenty micrograms", "120 mcg."),
        ("two hundred and forty seven milligrams per deciliter", "247 mg/dL."),
        // Two readings, or none: as it was said.
        (
            "take two twenty milligram tablets",
            "Take two twenty milligram tablets.",
        ),
        ("walk five ten minutes", "Walk five ten minutes."),
        ("this one is fine", "This one is fine."),
        ("one of my knees", "One of my knees."),
        ("at one point I fell", "At one point I fell."),
        ("room two two", "Room two two."),
        ("a second opinion", "A second opinion."),
        ("one day it stopped", "One day it stopped."),
        ("the one-sided headache", "The one-sided headache."),
        ("we drove twenty thirty miles", "We drove 20, 30 miles."),
    ];
    for (said, written) in table {
        assert_eq!(texts(&[said]), [written], "{said:?}");
    }
}

#[test]
fn a_number_in_digits_names_the_words_that_were_said() {
    let said = "um, blood pressure is one twenty over eighty today";
    let statement = &understood(&[said])[0];
    let start = statement.text.find("120/80").expect("in digits");
    let word = statement
        .words
        .iter()
        .find(|word| word.at.start as usize == start)
        .expect("a word");
    let spoken: Vec<&str> = word.evidence.iter().map(|place| place.span.of(said)).collect();
    assert_eq!(spoken, ["one twenty over eighty"]);
    // A pause in the middle.
    let halves = ["the pressure was one twenty over", "eighty today"];
    let statement = &understood(&halves)[0];
    assert_eq!(statement.text, "The pressure was 120/80 today.");
    let word = &statement.words[3];
    assert_eq!(
        word.evidence.iter().map(|place| place.segment.0).collect::<Vec<_>>(),
        [0, 1]
    );
}

#[test]
fn sounds_stutters_and_loops_are_left_out() {
    let table: [(&[&str], &[&str]); 12] = [
        (&["um, the, the knee, uh, hurts"], &["The knee, hurts."]),
        (&["it was, it was in the in the morning"], &["It was in the morning."]),
        (&["so, you know, I can't sleep"], &["I can't sleep."]),
        (&["it sh- shows a fracture"], &["It shows a fracture."]),
        (&["Right knee pain."], &["Right knee pain."]),
        (&["Well controlled."], &["Well controlled."]),
        (&["Right, the left knee hurts."], &["The left knee hurts."]),
        (&["Thank you for watching."], &[]),
        (&["My back hurts.", "Please subscribe."], &["My back hurts."]),
        (&["Okay.", "All right.", "Mm-hmm."], &[]),
        (
            &["the pain is worse at night the pain is worse at night the pain is worse at night"],
            &["The pain is worse at night."],
        ),
        (
            &["How are you?", "I'm fine, thank you.", "My ear hurts."],
            &["I'm fine, thank you.", "My ear hurts."],
        ),
    ];
    for (said, written) in table {
        assert_eq!(texts(said), written, "{said:?}");
    }
}

#[test]
fn numbers_and_medications_of_any_text_can_be_listed() {
    let found = mentions("BP one twenty over eighty. Lisinopril 20mg, two tablets; a 54-year-old on Toprol XL.");
    assert_eq!(found.numbers, ["120", "80", "20", "2", "54"]);
    assert_eq!(found.drugs, ["lisinopril", "toprol xl"]);
}
