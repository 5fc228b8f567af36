use proptest::prelude::*;

use super::*;

/// Anything that a person, the browser or the worker can do, in any order.
#[derive(Clone, Copy, Debug)]
enum Step {
    Record,
    Pause,
    Resume,
    Stop,
    /// The browser answers, if it was asked.
    Grant,
    Refuse,
    Unplug,
    /// The last block of a shut microphone arrives.
    Drain,
    /// An answer that belongs to no present question.
    Late(u32, bool),
    /// A microphone opens that was given up.
    LateGrant,
    Speak,
    Answer(u32),
    WorkerDies,
    WorkerReady,
    GpuLost,
    File,
    FileEnds,
    Lock,
    Close,
    Open,
    SaveDue,
    Saved,
    NoSound,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        Just(Step::Record),
        Just(Step::Pause),
        Just(Step::Resume),
        Just(Step::Stop),
        Just(Step::Grant),
        Just(Step::Grant),
        Just(Step::Refuse),
        Just(Step::Unplug),
        Just(Step::Drain),
        (0..6_u32, any::<bool>()).prop_map(|(take, opened)| Step::Late(take, opened)),
        Just(Step::LateGrant),
        Just(Step::Speak),
        (0..8_u32).prop_map(Step::Answer),
        Just(Step::WorkerDies),
        Just(Step::WorkerReady),
        Just(Step::GpuLost),
        Just(Step::File),
        Just(Step::FileEnds),
        Just(Step::Lock),
        Just(Step::Close),
        Just(Step::Open),
        Just(Step::SaveDue),
        Just(Step::Saved),
        Just(Step::NoSound),
    ]
}

impl World {
    fn take(&mut self, step: Step) {
        match (step, self.microphone) {
            (Step::Record, _) => self.mic(MicEvent::RecordPressed),
            (Step::Pause, _) => self.mic(MicEvent::PausePressed),
            (Step::Resume, _) => self.mic(MicEvent::ResumePressed),
            (Step::Stop, _) => self.mic(MicEvent::StopPressed),
            (Step::Grant, Microphone::Asked(take)) => {
                self.microphone = Microphone::Listening(take);
                self.mic(MicEvent::Opened(take));
            }
            (Step::Refuse, Microphone::Asked(take)) => {
                self.microphone = Microphone::Shut;
                self.mic(MicEvent::Refused(take, MicProblem::Blocked));
            }
            (Step::Unplug, Microphone::Listening(take) | Microphone::Muted(take)) => self.mic(MicEvent::Gone(take)),
            (Step::Drain, Microphone::Draining(take)) => {
                self.microphone = Microphone::Shut;
                self.mic(MicEvent::Closed(take));
            }
            (Step::Grant | Step::Refuse | Step::Unplug | Step::Drain, _) => {}
            (Step::LateGrant, _) => {
                if let Some(take) = self.forgotten.pop() {
                    self.unwanted = Some(take);
                    self.mic(MicEvent::Opened(take));
                }
            }
            (Step::Late(take, opened), now) => {
                let take = Take(take);
                if [Microphone::Asked(take), Microphone::Draining(take)].contains(&now) {
                    return;
                }
                self.mic(if opened {
                    MicEvent::Closed(take)
                } else {
                    MicEvent::Refused(take, MicProblem::Other)
                });
            }
            (Step::Speak, _) => self.apply(Event::Spoken(Utterance {
                start: 0,
                samples: Samples::new(vec![1; 16]),
            })),
            (Step::Answer(job), _) => self.answer(job, "word"),
            (Step::WorkerDies, _) => self.apply(Event::Worker(self.worker, WorkerEvent::Died)),
            (Step::WorkerReady, _) => self.ready(Backend::WebGpu),
            (Step::GpuLost, _) => self.says(protocol::Event::Failed {
                job: None,
                why: Failure::DeviceLost,
            }),
            (Step::File, _) => self.mic(MicEvent::FileChosen),
            (Step::FileEnds, _) => self.mic(MicEvent::FileEnded),
            (Step::Lock, _) => self.apply(Event::LockPressed),
            (Step::Close, _) => self.apply(Event::ClosePressed),
            (Step::Open, _) => {
                self.apply(Event::VaultOpened {
                    backend: BackendChoice::Auto,
                });
                self.apply(Event::VisitStarted { id: ID, now: 0 });
            }
            (Step::SaveDue, _) => self.apply(Event::SaveDue),
            (Step::Saved, _) => {
                if let Some(revision) = self.saves.pop() {
                    self.apply(Event::Saved { id: ID, revision });
                }
            }
            (Step::NoSound, _) => self.apply(Event::NoSound),
        }
    }

    /// What the page says about the microphone is what the microphone does.
    fn agrees(&self) {
        let recorder = self.session.desk.as_ref().map(|desk| desk.recorder);
        let agree = match self.microphone {
            Microphone::Asked(now) => matches!(recorder, Some(Recorder::Starting { take, .. }) if take == now),
            Microphone::Listening(now) => recorder == Some(Recorder::Recording { take: now }),
            Microphone::Muted(now) => recorder == Some(Recorder::Paused { take: now }),
            Microphone::Draining(now) => matches!(recorder, Some(Recorder::Stopping { take, .. }) if take == now),
            Microphone::Shut => !matches!(
                recorder,
                Some(Recorder::Starting { .. } | Recorder::Recording { .. } | Recorder::Paused { .. })
            ),
        };
        assert_eq!(self.unwanted, None, "a microphone is open that nobody wants");
        assert!(
            agree,
            "the page says {recorder:?}, the microphone is {:?}",
            self.microphone
        );
        assert_eq!(
            self.session.is_recording(),
            matches!(self.microphone, Microphone::Listening(_))
        );
        if let Some(desk) = &self.session.desk {
            assert!(!desk.no_sound || self.session.is_recording());
            let unheard = self.session.engine.behind() > 0.0;
            assert!(!unheard || self.session.holds_unsaved());
        } else {
            assert_eq!(self.session.engine.behind(), 0.0, "a closed visit has words on the way");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn page_and_microphone_agree_whatever_happens(steps in prop::collection::vec(step(), 1..60)) {
        let mut world = World::with_visit();
        for step in steps {
            world.take(step);
            world.agrees();
        }
    }
}
