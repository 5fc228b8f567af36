//! The recogniser: workers that die, devices that are lost, words that come while they are said, and sound without any.

use super::*;

#[test]
fn a_lost_gpu_loses_no_words() {
    let mut world = World::listening(Backend::WebGpu);
    for n in 0..3 {
        world.speak(f64::from(n));
    }
    world.answer(0, "one");
    let dead = world.worker;
    world.says(protocol::Event::Failed {
        job: None,
        why: Failure::DeviceLost,
    });
    assert_ne!(world.worker, dead);
    world.sent.clear();
    world.apply(Event::Worker(
        dead,
        WorkerEvent::Says(protocol::Event::Done { job: JobId(1) }),
    ));
    world.ready(Backend::Cpu);
    assert_eq!(
        world.jobs_sent(),
        [1, 2],
        "a message of the dead worker counts for nothing"
    );
    assert!(world.sent.contains(&Request::Load {
        model: protocol::ModelRef {
            folder: "models/starter".to_owned()
        },
        backend: BackendChoice::Cpu
    }));
    let EngineState::Ready(engine) = &world.session.engine.state else {
        panic!("ready")
    };
    assert_eq!(engine.fallback, Some(Fallback::DeviceLost));
    world.answer(2, "three");
    world.answer(1, "two");
    assert_eq!(world.desk().visit.transcript.text(), "one two three");
}

#[test]
fn a_worker_that_keeps_dying_is_given_up_and_the_words_are_kept_for_another_try() {
    let mut world = World::listening(Backend::Cpu);
    world.speak(0.0);
    for _ in 0..8 {
        world.apply(Event::Worker(world.worker, WorkerEvent::Died));
    }
    assert_eq!(world.session.engine.state, EngineState::Crashed);
    assert_eq!(world.session.engine.behind(), 1.0);
    world.sent.clear();
    world.apply(Event::EngineRetry);
    world.ready(Backend::Cpu);
    assert_eq!(world.jobs_sent(), [0]);
}

#[test]
fn a_job_that_fails_on_the_cpu_is_a_gap_and_not_silence() {
    let mut world = World::listening(Backend::Cpu);
    world.speak(4.0);
    world.says(protocol::Event::Failed {
        job: Some(JobId(0)),
        why: Failure::BadOutput,
    });
    assert_eq!(world.desk().visit.unheard, [(4.0, 5.0)]);
    assert!(world.session.engine.is_idle());
}

#[test]
fn sound_without_words_is_told_apart_from_silence_and_said_only_once() {
    let mut world = World::listening(Backend::Cpu);
    world.speak(4.0);
    world.speak(6.0);
    for job in [1, 0, 0] {
        world.says(protocol::Event::Wordless {
            job: JobId(job),
            why: if job == 0 {
                Wordless::Unclear
            } else {
                Wordless::NoSpeech
            },
        });
    }
    world.says(protocol::Event::Done { job: JobId(0) });
    world.says(protocol::Event::Done { job: JobId(1) });
    world.says(protocol::Event::Wordless {
        job: JobId(1),
        why: Wordless::Unclear,
    });
    let told: Vec<(f64, f64, Wordless)> = world
        .desk()
        .visit
        .wordless
        .iter()
        .map(|stretch| (stretch.start, stretch.end, stretch.why))
        .collect();
    assert_eq!(told, [(6.0, 7.0, Wordless::NoSpeech), (4.0, 5.0, Wordless::Unclear)]);
    assert!(world.session.engine.is_idle());
}

/// However long passes take, each hears at least what was said during the one before.
#[test]
fn a_pass_that_falls_behind_catches_up() {
    let mut world = World::listening(Backend::Cpu);
    let (mut said, mut told) = (0, 0);
    for pass in [0.4, 2.0, 0.1, 1.5, 3.0, 0.3] {
        let begun = said.max(told + 5_120);
        world.apply(Event::Speaking(stretch(0, begun)));
        assert_eq!(world.listening.take(), Some(JobId(0)), "{pass}");
        let took = (pass * 16_000.0) as usize;
        for part in 1..=4 {
            world.apply(Event::Speaking(stretch(0, begun + took * part / 4)));
            assert_eq!(world.listening.take(), None, "one pass at a time");
        }
        world.hears(0, "", "words");
        let after = begun + took;
        assert!(begun >= said, "what was said during the last pass is part of this one");
        (said, told) = (after, begun);
    }
}

#[test]
fn what_rests_is_heard_to_its_end_at_once() {
    let mut world = World::listening(Backend::Cpu);
    let rests = |samples| {
        let stretch = stretch(0, samples)?;
        Some(Stretch { rests: true, ..stretch })
    };
    world.apply(Event::Speaking(stretch(0, 24_000)));
    assert_eq!(world.listening.take(), Some(JobId(0)));
    world.apply(Event::Speaking(rests(24_160)));
    assert_eq!(world.listening.take(), None, "one pass at a time");
    world.hears(0, "", "she has");
    world.apply(Event::Speaking(rests(24_160)));
    assert_eq!(world.listening.take(), Some(JobId(0)));
    world.hears(0, "she", "has had");
    world.apply(Event::Speaking(rests(24_160)));
    assert_eq!(world.listening.take(), None, "there is nothing new");
}

#[test]
fn words_show_while_they_are_said_and_go_when_the_utterance_is_there() {
    let mut world = World::listening(Backend::Cpu);
    let shown = |world: &World| world.session.engine.partial().map(|words| words.tentative.clone());
    world.apply(Event::Speaking(stretch(0, 8_000)));
    assert_eq!(world.listening.take(), Some(JobId(0)));
    // One pass at a time, and none for too little news.
    world.apply(Event::Speaking(stretch(0, 24_000)));
    assert_eq!(world.listening.take(), None);
    world.hears(0, "", "she has");
    assert_eq!(shown(&world).as_deref(), Some("she has"));
    world.apply(Event::Speaking(stretch(0, 9_000)));
    assert_eq!(world.listening.take(), None);
    world.apply(Event::Speaking(stretch(0, 26_000)));
    assert_eq!(world.listening.take(), Some(JobId(0)));
    world.speak(0.0);
    // Its words stay until the utterance's own are here, and a late pass changes nothing.
    world.hears(0, "she", "was");
    assert_eq!(shown(&world).as_deref(), Some("she has"));
    world.apply(Event::Speaking(stretch(16_000, 8_000)));
    assert_eq!(world.listening.take(), None, "what is over comes first");
    world.answer(0, "She has had a headache.");
    assert_eq!(shown(&world), None);
    world.apply(Event::Speaking(stretch(16_000, 8_000)));
    assert_eq!(world.listening.take(), Some(JobId(1)));
}

#[test]
fn a_noise_that_was_no_speech_takes_its_words_along() {
    let mut world = World::listening(Backend::Cpu);
    world.apply(Event::Speaking(stretch(0, 8_000)));
    world.hears(0, "", "thank you");
    world.apply(Event::Speaking(None));
    assert_eq!(world.session.engine.partial(), None);
    // A pass that fails is tried again with more of the sound.
    world.apply(Event::Speaking(stretch(32_000, 8_000)));
    world.says(protocol::Event::Failed {
        job: Some(JobId(0)),
        why: Failure::BadOutput,
    });
    world.listening = None;
    world.apply(Event::Speaking(stretch(32_000, 24_000)));
    assert_eq!(world.listening, Some(JobId(0)));
}

#[test]
fn late_repeated_and_made_up_messages_change_nothing() {
    let mut world = World::listening(Backend::Cpu);
    world.speak(0.0);
    world.answer(0, "once");
    world.answer(0, "twice");
    world.answer(9, "never asked");
    let other = Segment::new(SegmentId(5), 0.0, 1.0, "another's");
    world.speak(1.0);
    world.says(protocol::Event::Segment {
        job: JobId(1),
        segment: other,
    });
    world.says(protocol::Event::Ready(engine(Backend::WebGpu)));
    world.says(protocol::Event::Progress { done: 5, total: 3 });
    assert_eq!(world.desk().visit.transcript.text(), "once");
    assert_eq!(world.session.engine.state, EngineState::Ready(engine(Backend::Cpu)));
}

fn stretch(start: u64, samples: usize) -> Option<Stretch> {
    Some(Stretch {
        start,
        samples,
        rests: false,
    })
}

#[test]
fn words_are_expected_from_their_list_until_the_visit_is_over() {
    let mut world = World::unlocked();
    world.ready(Backend::Cpu);
    let expected = |world: &mut World| {
        let sent = std::mem::take(&mut world.sent).into_iter();
        let about_words = sent.filter_map(|request| match request {
            Request::Expect { terms, drugs } => Some((terms.join(" "), drugs)),
            _ => None,
        });
        about_words.collect::<Vec<_>>()
    };
    assert_eq!(expected(&mut world), [], "nothing is expected at first");
    let mut settings = Settings::default();
    settings.vocabulary.lists.push(OwnList {
        text: "warfarin".to_owned(),
        ..OwnList::default()
    });
    world.apply(Event::SettingsChanged(settings.clone()));
    assert_eq!(expected(&mut world), [("warfarin".to_owned(), false)]);
    world.apply(Event::SettingsChanged(settings.clone()));
    assert_eq!(expected(&mut world), [], "the same need not be said again");

    world.apply(Event::VisitStarted { id: ID, now: 1_000 });
    world.apply(Event::Edited(Edit::Words("Nguyen".to_owned())));
    assert_eq!(expected(&mut world), [("Nguyen warfarin".to_owned(), false)]);
    // What is no list is kept for the clinician to correct, and not listened for.
    world.apply(Event::Edited(Edit::Words("\u{7}".to_owned())));
    assert_eq!(expected(&mut world), [("warfarin".to_owned(), false)]);
    world.apply(Event::Edited(Edit::Words("Nguyen".to_owned())));
    expected(&mut world);

    // A worker that is started anew is told again, behind its model.
    world.apply(Event::Worker(world.worker, WorkerEvent::Died));
    world.ready(Backend::Cpu);
    let sent = std::mem::take(&mut world.sent);
    assert!(
        matches!(sent[..], [Request::Load { .. }, Request::Expect { .. }]),
        "{sent:?}"
    );
    world.says(protocol::Event::Expecting { terms: 2, drugs: false });
    assert_eq!(world.session.engine.expecting.map(|expecting| expecting.terms), Some(2));

    settings.vocabulary.lists[0].off = true;
    settings.vocabulary.drugs = true;
    world.apply(Event::SettingsChanged(settings));
    assert_eq!(expected(&mut world), [("Nguyen".to_owned(), true)]);
    world.apply(Event::SaveDue);
    world.apply(Event::Saved { id: ID, revision: 1 });
    world.apply(Event::ClosePressed);
    assert_eq!(
        expected(&mut world),
        [(String::new(), true)],
        "the patient's words go with the visit"
    );
}

#[test]
fn voices_are_told_apart_while_the_visit_is_open_and_forgotten_with_it() {
    let mut world = World::listening(Backend::Cpu);
    for job in 0..16 {
        world.apply(Event::Spoken(vowels(job)));
        world.answer(job, "okay");
    }
    let voices: Vec<_> = world
        .desk()
        .visit
        .transcript
        .segments()
        .iter()
        .map(|s| s.voice)
        .collect();
    assert!(voices[0].is_some() && voices[1].is_some() && voices[0] != voices[1]);
    for (job, voice) in voices.iter().enumerate() {
        assert_eq!(*voice, voices[job % 2], "segment {job}");
    }
    world.session.engine.forget();
    assert_eq!(world.session.engine.voices(), []);
}

/// Two seconds of somebody's vowels, four a second; of even jobs a low voice, of odd ones a high and brighter one.
fn vowels(job: u32) -> Utterance {
    let (pitch, decay) = [(105.0, 0.93), (190.0, 0.6)][job as usize % 2];
    let (mut phase, mut level) = (0.0, 0.0);
    let sample = |i: u32| {
        let wander = 1.0 + 0.08 * (f64::from(i) / 4_000.0 + f64::from(job)).sin();
        phase += pitch * wander / 16_000.0;
        let pulse = if phase >= 1.0 { 6_000.0 } else { 0.0 };
        phase = phase.fract();
        level = decay * level + pulse;
        let syllable = (f64::from(i) / 4_000.0 * std::f64::consts::PI).sin().powi(2);
        let hiss = i.wrapping_mul(2_654_435_761) >> 28;
        (level * syllable + f64::from(hiss)) as i16
    };
    Utterance {
        start: u64::from(job) * 40_000,
        samples: Samples::new((0..32_000).map(sample).collect()),
    }
}
