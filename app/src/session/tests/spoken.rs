//! The spoken language: chosen, told from the sound, and known to the loaded model or not.

use super::*;

fn loads(world: &mut World, languages: &[&str]) {
    world.apply(Event::Worker(world.worker, WorkerEvent::Up));
    world.says(protocol::Event::Ready(protocol::Engine {
        languages: languages.iter().map(|&code| code.to_owned()).collect(),
        ..engine(Backend::Cpu)
    }));
}

fn chooses(world: &mut World, spoken: Option<&str>) {
    world.apply(Event::SettingsChanged(Settings {
        spoken: spoken.map(str::to_owned),
        ..Settings::default()
    }));
}

/// What the worker was told since this was last asked.
fn told(world: &mut World) -> Vec<Option<String>> {
    let sent = std::mem::take(&mut world.sent).into_iter();
    let told = sent.filter_map(|request| match request {
        Request::Speak { language } => Some(language),
        _ => None,
    });
    told.collect()
}

fn es() -> Option<String> {
    Some("es".to_owned())
}

/// Recording, with a model that knows two languages.
fn listening() -> World {
    let mut world = World::with_visit();
    loads(&mut world, &["en", "es"]);
    world.mic(MicEvent::RecordPressed);
    world.mic(MicEvent::Opened(Take(1)));
    world
}

fn hears_in(world: &mut World, job: u32, code: &str) {
    world.says(protocol::Event::Language {
        job: JobId(job),
        code: code.to_owned(),
    });
}

#[test]
fn a_worker_is_told_the_language_once_its_model_is_there_and_with_every_change() {
    let mut world = World::unlocked();
    chooses(&mut world, Some("es"));
    assert_eq!(told(&mut world), [], "nobody knows yet what the model knows");
    loads(&mut world, &["en", "es"]);
    assert_eq!(told(&mut world), [es()]);
    chooses(&mut world, Some("es"));
    assert_eq!(told(&mut world), [], "the same need not be said again");
    chooses(&mut world, None);
    assert_eq!(told(&mut world), [None]);
    chooses(&mut world, Some("es"));
    assert_eq!(told(&mut world), [es()]);
}

#[test]
fn a_worker_that_is_started_anew_is_told_before_it_hears() {
    let mut world = listening();
    chooses(&mut world, Some("es"));
    world.speak(0.0);
    world.sent.clear();
    world.apply(Event::Worker(world.worker, WorkerEvent::Died));
    loads(&mut world, &["en", "es"]);
    assert!(
        matches!(
            world.sent[..],
            [Request::Load { .. }, Request::Speak { .. }, Request::Transcribe { .. }]
        ),
        "{:?}",
        world.sent
    );
    assert_eq!(told(&mut world), [es()]);
    // A new one tells the language from the sound by itself.
    chooses(&mut world, None);
    world.sent.clear();
    world.apply(Event::Worker(world.worker, WorkerEvent::Died));
    loads(&mut world, &["en", "es"]);
    assert_eq!(told(&mut world), []);
}

#[test]
fn a_stopped_worker_is_told_nothing() {
    let mut world = listening();
    chooses(&mut world, Some("es"));
    world.says(protocol::Event::Failed {
        job: None,
        why: Failure::BadOutput,
    });
    world.sent.clear();
    chooses(&mut world, None);
    assert_eq!(world.sent, []);
    chooses(&mut world, Some("es"));
    world.apply(Event::EngineRetry);
    loads(&mut world, &["en", "es"]);
    assert_eq!(told(&mut world), [es()]);
}

#[test]
fn a_language_that_the_model_lacks_is_kept_for_one_that_knows_it() {
    let mut world = World::unlocked();
    chooses(&mut world, Some("es"));
    for lacking in [&[][..], &["en", "de"]] {
        loads(&mut world, lacking);
        assert_eq!(told(&mut world), [], "{lacking:?}");
        assert_eq!(world.session.engine.spoken(), None);
        assert_eq!(world.session.settings.spoken, es());
        world.apply(Event::ModelChosen(BackendChoice::Auto));
    }
    loads(&mut world, &["en", "es"]);
    assert_eq!(told(&mut world), [es()]);
    // From one that it knows to one that it does not: what it was told holds no more.
    chooses(&mut world, Some("tlh"));
    assert_eq!(told(&mut world), [None]);
    assert_eq!(world.session.settings.spoken.as_deref(), Some("tlh"));
}

#[test]
fn what_the_model_told_is_shown_and_stays_with_the_visit() {
    let mut world = listening();
    world.speak(0.0);
    hears_in(&mut world, 0, "es");
    assert_eq!(world.session.engine.heard(), None, "not before its words");
    world.answer(0, "Me duele la cabeza.");
    assert_eq!(world.session.engine.heard(), Some("es"));
    world.speak(1.0);
    hears_in(&mut world, 1, "en");
    world.answer(1, "Since when?");
    assert_eq!(world.session.engine.heard(), Some("en"));
    assert!(world.desk().visit.languages.iter().eq(["en", "es"]));
    world.mic(MicEvent::StopPressed);
    world.mic(MicEvent::Closed(Take(1)));
    world.apply(Event::ClosePressed);
    world.apply(Event::Saved { id: ID, revision: 1 });
    assert!(world.session.desk.is_none());
    assert_eq!(world.session.engine.heard(), None, "of a visit that is over");
}

#[test]
fn a_chosen_language_is_the_visit_s_and_nothing_that_was_heard() {
    let mut world = listening();
    chooses(&mut world, Some("es"));
    world.speak(0.0);
    world.answer(0, "Me duele la cabeza.");
    assert_eq!(world.session.engine.heard(), None);
    assert!(world.desk().visit.languages.iter().eq(["es"]));

    let mut world = World::listening(Backend::Cpu);
    chooses(&mut world, Some("es"));
    world.speak(0.0);
    world.answer(0, "My head hurts.");
    assert!(
        world.desk().visit.languages.is_empty(),
        "a model that knows one language is not asked"
    );
}

#[test]
fn a_language_without_its_words_counts_for_nothing() {
    let mut world = listening();
    hears_in(&mut world, 0, "es");
    world.speak(0.0);
    world.answer(0, "My head hurts.");
    world.speak(1.0);
    hears_in(&mut world, 7, "es");
    hears_in(&mut world, 0, "es");
    world.answer(1, "Since when?");
    // Noise, taken for some language.
    world.speak(2.0);
    hears_in(&mut world, 2, "cy");
    world.says(protocol::Event::Wordless {
        job: JobId(2),
        why: Wordless::NoSpeech,
    });
    world.says(protocol::Event::Done { job: JobId(2) });
    // What a worker told that died before the words.
    world.speak(3.0);
    hears_in(&mut world, 3, "cy");
    world.apply(Event::Worker(world.worker, WorkerEvent::Died));
    loads(&mut world, &["en", "es"]);
    world.answer(3, "For three weeks.");
    assert!(world.desk().visit.languages.is_empty());
    assert_eq!(world.session.engine.heard(), None);
}
