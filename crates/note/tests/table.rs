//! The command: a table of dialogues in, a table of notes out, or a sentence that says why not.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

#[test]
fn every_dialogue_gets_its_note() {
    let input = "dataset,encounter_id,dialogue\n\
        x,D1,\"[doctor] any fever ?\n[patient] no .\n[doctor] i do n't hear any murmur . we're gon na see you back in oregon national park .\"\n\
        x,\"D,2\",\"Doctor: Plan: rest.\nPatient: Okay.\n\n\"\n";
    let (output, notes) = note(input);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let first = "SUBJECTIVE\nDenies fever.\n\nOBJECTIVE\nNo murmur.\n\nASSESSMENT\nNot discussed.\n\n\
        PLAN\nWe will see the patient back in oregon national park.\n";
    let second =
        "SUBJECTIVE\nNot discussed.\n\nOBJECTIVE\nNot discussed.\n\nASSESSMENT\nNot discussed.\n\nPLAN\nRest.\n";
    assert_eq!(
        notes,
        Some(format!("encounter_id,note\nD1,\"{first}\"\n\"D,2\",\"{second}\"\n"))
    );
}

#[test]
fn a_table_that_cannot_be_used_is_named_and_nothing_is_written() {
    let cases = [
        (
            "encounter_id,text\nD1,hello\n",
            "has no column dialogue; its first line must name the columns",
        ),
        (
            "id,dialogue\nD1,hello\n",
            "has no column encounter_id; its first line must name the columns",
        ),
        ("encounter_id,dialogue\n", "holds no encounter"),
        ("", "has no column encounter_id"),
        ("encounter_id,dialogue\nD1\n", "cannot read"),
    ];
    for (input, why) in cases {
        let (output, notes) = note(input);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(why), "{input:?}: {said}");
        assert_eq!(notes, None, "{input:?}");
    }
}

#[test]
fn a_missing_file_and_a_missing_argument_are_said() {
    let missing = command(&["note", "no-such-table.csv", "out.csv"]);
    let said = String::from_utf8_lossy(&missing.stderr);
    assert!(said.contains("cannot read no-such-table.csv"), "{said}");
    let usage = command(&["note", "in.csv"]);
    assert_eq!(usage.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&usage.stderr).starts_with("usage: sotto-note note"));
}

/// What the command did with this table, and what it wrote.
fn note(table: &str) -> (Output, Option<String>) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!(
        "table-{:?}-{}",
        std::thread::current().id(),
        table.len()
    ));
    let (input, output) = (folder.join("in.csv"), folder.join("out.csv"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder for the test");
    fs::write(&input, table).expect("a small file");
    let done = command(&[
        "note",
        "--template",
        "soap",
        &input.to_string_lossy(),
        &output.to_string_lossy(),
    ]);
    (done, fs::read_to_string(output).ok())
}

fn command(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sotto-note"))
        .args(arguments)
        .output()
        .expect("the binary runs")
}
