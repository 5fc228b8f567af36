//! The table of faults: each is injected by a test that is there. `docs/faults.md` is this table.

use std::path::Path;

/// What goes wrong, how the test brings it about, what the person is told or what happens, and what is not lost.
struct Fault {
    what: &'static str,
    injected: &'static str,
    told: &'static str,
    kept: &'static str,
    test: &'static str,
}

const FAULTS: [Fault; 47] = [
    Fault {
        what: "Microphone blocked",
        injected: "permission denied through DevTools",
        told: "the browser blocked the microphone",
        kept: "recording starts once it is allowed",
        test: "tests/browser/faults.rs: microphone_denied",
    },
    Fault {
        what: "No microphone",
        injected: "a browser without one",
        told: "no microphone was found",
        kept: "a file can be opened in its place",
        test: "tests/browser/faults.rs: no_microphone",
    },
    Fault {
        what: "Microphone unplugged while recording",
        injected: "permission taken away while recording",
        told: "The microphone was unplugged. What was recorded is kept.",
        kept: "what was recorded; it goes on with Resume",
        test: "tests/browser/faults.rs: microphone_unplugged_while_recording",
    },
    Fault {
        what: "A file that is no sound",
        injected: "a page of HTML named .wav",
        told: "This file holds no audio that the browser can read.",
        kept: "the visit stays open",
        test: "tests/browser/faults.rs: file_without_audio",
    },
    Fault {
        what: "Nobody speaks",
        injected: "three seconds of zeros",
        told: "No speech heard in this recording.",
        kept: "no word is made up",
        test: "tests/browser/faults.rs: recording_of_silence",
    },
    Fault {
        what: "One byte of a speech model changed",
        injected: "at the host",
        told: "A part of the speech model is not what it should be",
        kept: "the whole recording, as WAV",
        test: "tests/browser/faults.rs: altered_shard",
    },
    Fault {
        what: "A speech model cut short",
        injected: "at the host",
        told: "the model is refused",
        kept: "the whole recording, as WAV",
        test: "tests/browser/faults.rs: truncated_shard",
    },
    Fault {
        what: "Disk full while saving",
        injected: "a quota of one byte through DevTools",
        told: "No space left on this device",
        kept: "transcript and note on the screen; saved as soon as there is space",
        test: "tests/browser/faults.rs: disk_full",
    },
    Fault {
        what: "No GPU",
        injected: "a browser without WebGPU",
        told: "so Sotto uses the CPU",
        kept: "the same words as on a GPU",
        test: "tests/browser/dictation.rs: dictation_becomes_a_note_without_a_gpu",
    },
    Fault {
        what: "A GPU in software alone",
        injected: "SwiftShader, asked for by name",
        told: "runs on it",
        kept: "the same words as on the CPU",
        test: "tests/browser/dictation.rs: dictation_becomes_a_note_on_a_gpu",
    },
    Fault {
        what: "The speech worker dies, or loses its GPU",
        injected: "in the session's state machine",
        told: "it is started anew on the CPU",
        kept: "every utterance: it is sent again",
        test: "app/src/session/tests/engine.rs: a_lost_gpu_loses_no_words",
    },
    Fault {
        what: "A spoken language that the speech model does not know",
        injected: "in the session's state machine",
        told: "Told from the sound",
        kept: "the choice, for a model that knows the language",
        test: "app/src/session/tests/spoken.rs: a_language_that_the_model_lacks_is_kept_for_one_that_knows_it",
    },
    Fault {
        what: "The GPU process crashes in the middle of a visit",
        injected: "through DevTools",
        told: "The GPU stopped",
        kept: "every word: they come from the CPU",
        test: "tests/browser/broken.rs: a_gpu_process_that_crashes",
    },
    Fault {
        what: "A GPU that computes something else",
        injected: "a kernel with another function",
        told: "gave a wrong result",
        kept: "every word: they come from the CPU",
        test: "tests/browser/broken.rs: a_kernel_that_computes_something_else",
    },
    Fault {
        what: "No GPU memory in the middle of a visit",
        injected: "buffers refused in the worker",
        told: "The GPU stopped",
        kept: "every word: they come from the CPU",
        test: "tests/browser/broken.rs: no_gpu_memory_in_the_middle_of_a_visit",
    },
    Fault {
        what: "No memory for the model",
        injected: "a worker whose memory has an upper limit",
        told: "stopped several times",
        kept: "the whole recording, as WAV",
        test: "tests/browser/broken.rs: no_memory_for_the_model",
    },
    Fault {
        what: "The server is gone",
        injected: "its process is killed after the first load",
        told: "nothing: all works",
        kept: "the whole flow, without a request",
        test: "tests/browser/dictation.rs: the_second_load_needs_no_server",
    },
    Fault {
        what: "First visit to a site with a damaged file",
        injected: "at the host",
        told: "Sotto was not started. A file of this site did not arrive, or is not the one that it should be.",
        kept: "nothing starts, so nothing can be lost",
        test: "tests/browser/updates.rs: a_first_visit_to_a_damaged_site_starts_nothing",
    },
    Fault {
        what: "A newer version with a file missing or short, or of two versions at once",
        injected: "at the host, file by file",
        told: "nothing: the version before goes on",
        kept: "the version before, whole",
        test: "tests/browser/updates.rs: a_version_that_does_not_arrive_whole_changes_nothing",
    },
    Fault {
        what: "A newer version while recording, while unsaved, while another tab is open",
        injected: "at the host, in the middle of a recording",
        told: "the button waits; Close the other tabs",
        kept: "the recording; both tabs keep their files",
        test: "tests/browser/updates.rs: a_newer_version_waits_for_the_word_for_the_recording_and_for_other_tabs",
    },
    Fault {
        what: "A newer version that the browser does not start",
        injected: "a service worker that answers nothing",
        told: "The browser has not started the new version yet",
        kept: "the version before goes on",
        test: "tests/browser/updates.rs: a_newer_version_that_never_answers",
    },
    Fault {
        what: "A host that sends no header",
        injected: "a plain folder server, below a folder",
        told: "nothing: the service worker adds them",
        kept: "the seal: no way out",
        test: "tests/browser/seal.rs: nothing_gets_out_where_the_host_sends_no_header",
    },
    Fault {
        what: "Two tabs write the same note",
        injected: "four tabs, a thousand steps",
        told: "the second is told of a conflict",
        kept: "every update",
        test: "tests/browser/tabs.rs: four_tabs_lose_no_update_in_a_thousand_steps",
    },
    Fault {
        what: "The clock jumps",
        injected: "years back and ahead",
        told: "check the clock",
        kept: "nothing is destroyed early or read late",
        test: "tests/browser/vault.rs: a_clock_that_jumps_neither_revives_nor_destroys",
    },
    Fault {
        what: "A browser without a private file system",
        injected: "its function removed in the worker",
        told: "purging is best effort here",
        kept: "notes are kept and expire",
        test: "tests/browser/vault.rs: a_browser_without_a_private_file_system_says_so",
    },
    Fault {
        what: "A vault of version 0.1",
        injected: "as that version stored it, one note damaged, one over",
        told: "One note is damaged",
        kept: "the others",
        test: "tests/browser/version_1.rs: a_vault_of_version_1_is_taken_over",
    },
    Fault {
        what: "A bit of a stored record flips",
        injected: "every bit of every kind of record",
        told: "refused or reported",
        kept: "the other records",
        test: "crates/vault/tests/session.rs: every_single_bit_flip_of_every_kind_of_record_is_detected",
    },
    Fault {
        what: "Power is lost while the keys are written",
        injected: "a write cut short at every byte (simulated files)",
        told: "nothing",
        kept: "the old state or the new one",
        test: "crates/vault/src/keyring/tests.rs: a_crash_anywhere_leaves_the_old_state_or_the_new_one",
    },
    Fault {
        what: "Hostile text in transcript, note or template",
        injected: "a corpus of markup, formulas and control characters",
        told: "shown as text",
        kept: "every line, in every export",
        test: "crates/export/tests/it/hostile.rs: rtf_keeps_every_line",
    },
    Fault {
        what: "A browser, or its pages, killed while recording; a discarded tab is a page that the browser kills",
        injected: "SIGKILL at 20 random moments",
        told: "Recover or discard",
        kept: "every acknowledged half second, and all but a second in all",
        test: "tests/browser/journal.rs: a_killed_browser_costs_less_than_a_second",
    },
    Fault {
        what: "Disk full while recording",
        injected: "a quota of one byte through DevTools",
        told: "in this page's memory only",
        kept: "the recording: it is written as soon as there is space",
        test: "tests/browser/journal.rs: a_full_disk_leaves_the_recording_in_memory",
    },
    Fault {
        what: "The speech worker traps in the middle of a visit",
        injected: "an exception inside of its module, at its second utterance, again and again",
        told: "nothing: it is started anew",
        kept: "every word, and nothing of them in the console",
        test: "tests/browser/broken.rs: a_worker_that_traps_in_the_middle_of_a_visit",
    },
    Fault {
        what: "What drafts notes stops over a note",
        injected: "an exception inside of its module, while the note gets another shape",
        told: "What drafts, checks and exports notes is not running.",
        kept: "the note as it was; it is drafted anew once another is started",
        test: "tests/browser/broken.rs: a_note_writer_that_stops_over_a_note",
    },
    Fault {
        what: "A tab that is frozen while recording",
        injected: "its life cycle, through DevTools",
        told: "the recording goes on",
        kept: "what was heard, and its words",
        test: "tests/browser/interruptions.rs: a_tab_that_is_frozen_while_recording",
    },
    Fault {
        what: "A device that sleeps while recording",
        injected: "SIGSTOP for the browser's pages",
        told: "the recording goes on",
        kept: "what was heard around it, and its words",
        test: "tests/browser/interruptions.rs: a_device_that_sleeps_while_recording",
    },
    Fault {
        what: "Storage cleared under an open note",
        injected: "through DevTools",
        told: "this visit is not saved. Copy what you need",
        kept: "the note, on the screen",
        test: "tests/browser/interruptions.rs: storage_that_is_cleared_under_an_open_note",
    },
    Fault {
        what: "Sound of unusual rates, channels and lengths",
        injected: "8 and 96 kHz, eight channels, one sample, none, a head without sound",
        told: "its words; or that nobody spoke; or that it holds no audio",
        kept: "the visit stays open",
        test: "tests/browser/interruptions.rs: files_of_unusual_sound",
    },
    Fault {
        what: "A sound file of more hours than can be read",
        injected: "WAV of five hours; ten hours in 1 MB of FLAC; a head that does not say how long it is; 501 MB",
        told: "WAV files of up to 4 hours, and other files of up to 90 minutes and 500 MB",
        kept: "the visit stays open; three hours of WAV are read, piece by piece",
        test: "tests/browser/files.rs: sound_of_too_many_hours_is_refused_before_it_is_read",
    },
    Fault {
        what: "A sound file that breaks off while it is read",
        injected: "the file is cut short meanwhile",
        told: "the rest is missing here",
        kept: "what was read before",
        test: "tests/browser/files.rs: a_sound_file_that_breaks_off_while_it_is_read",
    },
    Fault {
        what: "A database of a newer version of Sotto",
        injected: "opened under a higher version, while a note is open and before a start",
        told: "A newer version of Sotto has written here",
        kept: "the database to the last row; the open note, on the screen",
        test: "tests/browser/database.rs: a_database_of_a_newer_version_is_left_as_it_is",
    },
    Fault {
        what: "A database that another tab holds",
        injected: "a tab that keeps version 0.1 open",
        told: "Close every other tab of Sotto",
        kept: "the database; it is taken over once the tab is closed",
        test: "tests/browser/database.rs: a_database_that_another_tab_holds",
    },
    Fault {
        what: "A database that the browser has emptied",
        injected: "deleted, as a browser does with one that it finds damaged",
        told: "Notes were kept here, and this browser has removed them",
        kept: "what a backup holds: it can be restored at once",
        test: "tests/browser/database.rs: a_database_that_the_browser_has_emptied",
    },
    Fault {
        what: "A note, a page of the list or the settings altered, or put back from earlier",
        injected: "in the database, row by row",
        told: "One note is damaged; a row in the log",
        kept: "every other note",
        test: "tests/browser/altered.rs: what_is_put_back_together_with_its_page_of_the_list_is_noticed",
    },
    Fault {
        what: "A database that the browser cannot open",
        injected: "a file in place of the profile's folder of databases",
        told: "The browser's storage cannot be used here",
        kept: "the notes, once the folder is back",
        test: "tests/browser/database.rs: a_database_that_the_browser_cannot_open",
    },
    Fault {
        what: "Disk full while a vault of version 0.1 is taken over",
        injected: "a quota of one byte through DevTools; then no room after 0, 1, 2, 3, 5, 8, … writes",
        told: "Free some space, then try again",
        kept: "the old vault, whole, until the new one is; then nothing of the attempts",
        test: "tests/browser/version_1.rs: a_disk_that_fills_while_a_vault_of_version_1_is_taken_over",
    },
    Fault {
        what: "Disk full when Sotto is started",
        injected: "a quota of one byte through DevTools",
        told: "No space left on this device",
        kept: "every note, and its key",
        test: "tests/browser/faults.rs: disk_full_at_the_start",
    },
    Fault {
        what: "A malicious backup",
        injected: "lengths, costs and names that lie",
        told: "refused within a second",
        kept: "the vault as it was",
        test: "tests/browser/custody.rs: malicious_backups_are_refused_at_once_and_change_nothing",
    },
];

#[test]
fn every_fault_has_its_test() {
    for fault in &FAULTS {
        let (file, name) = fault.test.split_once(": ").expect("a file and a test");
        let text = std::fs::read_to_string(root().join(file)).unwrap_or_else(|why| panic!("{file}: {why}"));
        assert!(text.contains(&format!("fn {name}(")), "there is no {}", fault.test);
    }
}

/// Writes the table when `SOTTO_WRITE` is set.
#[test]
fn the_document_is_this_table() {
    let path = root().join("docs/faults.md");
    if std::env::var_os("SOTTO_WRITE").is_some() {
        std::fs::write(&path, document()).expect("the document can be written");
    }
    let written = std::fs::read_to_string(&path).expect("the document is there");
    assert!(
        written == document(),
        "docs/faults.md is not the table of tests/it/faults.rs: run this test with SOTTO_WRITE=1"
    );
}

fn document() -> String {
    let mut text = String::from(
        "# Faults\n\nWhat goes wrong, and what becomes of it. Each row is a test that brings the fault about and passes; \
         `cargo xtask test` runs all of them.\nThis page is made from `tests/it/faults.rs`.\n\n\
         | fault | brought about by | told | not lost | test |\n|---|---|---|---|---|\n",
    );
    for fault in &FAULTS {
        let (file, name) = fault.test.split_once(": ").expect("a file and a test");
        text.push_str(&format!(
            "| {} | {} | {} | {} | `{file}`: `{name}` |\n",
            fault.what, fault.injected, fault.told, fault.kept
        ));
    }
    text
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests are a folder of the workspace")
}
