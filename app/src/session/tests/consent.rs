//! Who declines is not recorded: the note has the shape of what is dictated, until they agree after all.

use note::Template;

use super::*;

fn declines(world: &mut World, declined: bool) {
    let dictated = |template: &Template| template.dictated == declined;
    let template = Template::built_in()
        .into_iter()
        .find(dictated)
        .expect("both come with Sotto");
    world.apply(Event::Edited(Edit::Declined(declined, Box::new(template))));
}

#[test]
fn who_declines_is_not_recorded_and_the_note_is_dictated() {
    let mut world = World::with_visit();
    world.ready(Backend::Cpu);
    declines(&mut world, true);
    assert!(world.desk().declined && world.desk().visit.template.dictated);
    world.mic(MicEvent::RecordPressed);
    world.microphone = Microphone::Listening(Take(1));
    world.mic(MicEvent::Opened(Take(1)));
    declines(&mut world, false);
    assert!(
        world.desk().declined,
        "what is being recorded is what was chosen before"
    );
    world.speak(0.0);
    world.mic(MicEvent::StopPressed);
    world.mic(MicEvent::Closed(Take(1)));
    world.answer(0, "Plan colon rest and fluids full stop");
    let draft = world.desk().draft().expect("a note");
    let text: String = draft.sections.iter().map(note::Section::text).collect();
    assert_eq!(text, "Rest and fluids.");
}

#[test]
fn who_agrees_after_all_is_recorded() {
    let mut world = World::with_visit();
    declines(&mut world, true);
    declines(&mut world, false);
    assert!(!world.desk().declined && !world.desk().visit.template.dictated);
}
