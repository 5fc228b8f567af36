//! What becomes of the sound: on the disk while it is recorded, gone when a person answers for the note, never before.

use super::*;

/// Recording, and a journal grows.
fn journaling() -> World {
    let mut world = World::listening(Backend::Cpu);
    world.apply(Event::SoundBegun(ID));
    world
}

/// Stopped, with these words.
fn stopped(words: &str) -> World {
    let mut world = journaling();
    world.speak(0.0);
    world.mic(MicEvent::StopPressed);
    assert_eq!(world.sounds, [], "the last block is not here yet");
    world.mic(MicEvent::Closed(Take(1)));
    assert_eq!(world.sounds, [SoundStep::End]);
    world.answer(0, words);
    world
}

fn stores(world: &mut World) {
    world.apply(Event::SaveDue);
    let revision = *world.saves.last().expect("it is being stored");
    world.apply(Event::Saved { id: ID, revision });
}

fn confirms(world: &mut World) {
    world.reviews();
    let review = world.desk().confirmed("Dr. A. Example", 2_000);
    world.apply(Event::Edited(Edit::Confirmed(
        review.expect("everything was looked at"),
    )));
}

#[test]
fn sound_goes_when_the_confirmed_note_is_stored_and_not_before() {
    let mut world = stopped("The patient reports a cough.");
    stores(&mut world);
    assert_eq!(world.sounds, [SoundStep::End, SoundStep::Written]);
    confirms(&mut world);
    assert_eq!(world.sounds.len(), 2, "the confirmation is not stored yet");
    stores(&mut world);
    assert_eq!(world.sounds[2..], [SoundStep::Destroy { by_hand: false }]);
    world.apply(Event::ClosePressed);
    assert_eq!(world.sounds.len(), 3, "there is nothing to leave");
}

#[test]
fn sound_stays_where_the_settings_say_so() {
    let mut world = World::unlocked();
    world.apply(Event::SettingsChanged(Settings {
        keep_sound: true,
        ..Settings::default()
    }));
    world.apply(Event::VisitOpened {
        id: ID,
        revision: 3,
        expiries: crate::visit::Expiries {
            note: 9_000,
            words: 9_000,
        },
        held: false,
        visit: Box::new(stopped("The patient reports a cough.").desk().visit.clone()),
        sound: Some(true),
    });
    world.ready(Backend::Cpu);
    confirms(&mut world);
    stores(&mut world);
    world.apply(Event::ClosePressed);
    assert_eq!(world.sounds, [SoundStep::Leave]);
}

#[test]
fn sound_whose_words_failed_outlives_the_confirmation() {
    let mut world = journaling();
    world.speak(0.0);
    world.speak(1.0);
    world.mic(MicEvent::StopPressed);
    world.mic(MicEvent::Closed(Take(1)));
    world.answer(0, "The patient reports a cough.");
    world.says(protocol::Event::Failed {
        job: Some(JobId(1)),
        why: Failure::BadOutput,
    });
    confirms(&mut world);
    stores(&mut world);
    world.apply(Event::ClosePressed);
    assert_eq!(world.sounds, [SoundStep::End, SoundStep::Leave]);
}

#[test]
fn sound_in_which_nobody_spoke_goes_with_its_visit() {
    let mut world = journaling();
    world.mic(MicEvent::StopPressed);
    world.mic(MicEvent::Closed(Take(1)));
    world.apply(Event::ClosePressed);
    assert_eq!(world.sounds, [SoundStep::End, SoundStep::Destroy { by_hand: true }]);
}

#[test]
fn a_full_disk_stops_no_recording() {
    let mut world = journaling();
    world.apply(Event::SoundKept {
        id: ID,
        samples: 16_000,
        trouble: Some(StoreProblem::Full),
    });
    assert!(world.session.is_recording());
    assert_eq!(world.desk().sound.seconds(), 1.0);
    assert_eq!(world.desk().sound.trouble, Some(StoreProblem::Full));
    world.apply(Event::SoundKept {
        id: ID,
        samples: 24_000,
        trouble: None,
    });
    assert_eq!(world.desk().sound.trouble, None);
}

#[test]
fn a_recovered_recording_replaces_the_words_and_keeps_what_the_clinician_wrote() {
    let mut visit = stopped("The patient reports a cough.").desk().visit.clone();
    visit.draft.as_mut().expect("a note").sections[0].edit("Seen and examined by me.");
    let mut world = World::unlocked();
    world.apply(Event::Recovered(Box::new(Recovered {
        id: ID,
        revision: 2,
        expiries: crate::visit::Expiries {
            note: 9_000,
            words: 9_000,
        },
        held: false,
        visit,
        seconds: 2.0,
        gaps: vec![(1.0, 1.5)],
    })));
    world.ready(Backend::Cpu);
    assert!(world.desk().visit.transcript.is_empty() && world.desk().redraft);
    world.mic(MicEvent::StopPressed);
    assert_eq!(world.recorder(), Recorder::Reading, "it is read to its end");
    world.apply(Event::Left(Lock::Idle));
    assert_eq!(world.session.vault, Vault::Open, "and nobody locks meanwhile");
    world.speak(0.0);
    world.mic(MicEvent::FileEnded);
    stores_nothing_yet(&world);
    world.answer(0, "Lungs are clear.");
    let draft = world.desk().draft().expect("a note");
    let text: Vec<String> = draft.sections.iter().map(|section| section.text()).collect();
    assert!(
        text.iter().any(|text| text.contains("Seen and examined by me.")),
        "{text:?}"
    );
    assert_eq!(world.desk().visit.unheard, [(1.0, 1.5)]);
    stores(&mut world);
    assert_eq!(world.sounds, [SoundStep::Written]);
}

fn stores_nothing_yet(world: &World) {
    assert_eq!(world.sounds, [], "its words are not here yet");
}
