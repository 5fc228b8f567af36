//! What drafts notes may come late, or stop: words and notes stay as they are.

use note::Template;

use super::*;

/// A visit with a note, of which one line is the clinician's own.
fn with_note() -> World {
    let mut world = World::listening(Backend::Cpu);
    world.speak(0.0);
    world.answer(0, "I have had a cough for two weeks.");
    world.mic(MicEvent::StopPressed);
    world.mic(MicEvent::Closed(Take(1)));
    let draft = world.desk().draft().expect("a note is there");
    let last = draft.sections.len() - 1;
    world.apply(Event::Edited(Edit::Section(last, "Call her on Friday.".to_owned())));
    world
}

fn text(world: &World) -> String {
    let draft = world.desk().draft().expect("a note is there");
    draft.sections.iter().map(note::Section::text).collect()
}

#[test]
fn words_wait_for_a_writer_that_comes_late() {
    let mut world = World::listening(Backend::Cpu);
    world.apply(Event::WriterStopped);
    world.speak(0.0);
    world.answer(0, "I have had a cough for two weeks.");
    world.mic(MicEvent::StopPressed);
    world.mic(MicEvent::Closed(Take(1)));
    assert!(world.desk().draft().is_none());
    assert_eq!(world.desk().visit.transcript.segments().len(), 1);
    world.apply(Event::WriterStarted(Writer::here()));
    assert!(text(&world).contains("cough for 2 weeks"));
}

#[test]
fn a_writer_that_stops_leaves_the_note_as_it_is() {
    let mut world = with_note();
    // It stops over the next question, which is only known afterwards.
    world.apply(Event::WriterStarted(Writer(|_| None)));
    let before = world.desk().draft().cloned();
    let shape = Template::history_and_physical();
    world.apply(Event::Edited(Edit::Template(Box::new(shape.clone()))));
    world.apply(Event::WriterStopped);
    assert_eq!(world.desk().draft(), before.as_ref());
    assert_eq!(world.session.notice, Some(Notice::NoWriter));
    world.apply(Event::WriterStarted(Writer::here()));
    assert_eq!(world.desk().draft().map(|draft| &draft.template), Some(&shape.name));
    let text = text(&world);
    assert!(
        text.contains("cough for 2 weeks") && text.contains("Call her on Friday."),
        "{text}"
    );
}

#[test]
fn a_note_that_nobody_can_look_through_is_not_confirmed() {
    let mut world = with_note();
    world.reviews();
    world.apply(Event::WriterStopped);
    assert_eq!(
        world.desk().confirmed("Dr. A. Example", 2_000),
        Err(Unconfirmed::Unchecked)
    );
    world.apply(Event::WriterStarted(Writer::here()));
    let review = world
        .desk()
        .confirmed("Dr. A. Example", 2_000)
        .expect("all was looked at");
    world.apply(Event::Edited(Edit::Confirmed(review)));
    assert!(world.desk().attested().is_some());
}

#[test]
fn a_confirmed_note_is_not_drafted_anew_by_a_writer_that_comes_back() {
    let mut world = with_note();
    world.reviews();
    let review = world
        .desk()
        .confirmed("Dr. A. Example", 2_000)
        .expect("all was looked at");
    world.apply(Event::WriterStopped);
    let first = world.desk().visit.transcript.segments()[0].id;
    world.apply(Event::Edited(Edit::Speakers(vec![(first, Speaker::Clinician)])));
    world.apply(Event::Edited(Edit::Confirmed(review)));
    world.apply(Event::WriterStarted(Writer::here()));
    assert!(world.desk().attested().is_some());
    assert_eq!(world.desk().drafts, 1);
}
