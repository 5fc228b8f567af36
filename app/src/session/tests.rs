use speech::protocol::{self, Backend, Failure, Fallback, JobId};
use speech::{Samples, Segment, SegmentId};

use speech::Utterance;
use speech::protocol::{BackendChoice, Request};

use super::*;
use crate::problem::{MicProblem, StoreProblem};

mod random;

const ID: RecordId = RecordId([7; 16]);

/// The browser as far as the session can tell: it does what the commands say, and remembers.
#[derive(Default)]
struct World {
    session: Session,
    microphone: Microphone,
    worker: WorkerId,
    sent: Vec<Request>,
    saves: Vec<u32>,
    reading: bool,
    /// Asked for, given up, and not answered yet.
    forgotten: Vec<Take>,
    /// Opened by such a late answer.
    unwanted: Option<Take>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Microphone {
    #[default]
    Shut,
    Asked(Take),
    Listening(Take),
    Muted(Take),
    /// Shut; its last block has not arrived.
    Draining(Take),
}

impl World {
    fn unlocked() -> Self {
        let mut world = World::default();
        world.apply(Event::VaultRead { exists: true });
        world.apply(Event::VaultWorking);
        world.apply(Event::VaultOpened {
            backend: BackendChoice::Auto,
        });
        world
    }

    fn with_visit() -> Self {
        let mut world = Self::unlocked();
        world.apply(Event::VisitStarted { id: ID, now: 1_000 });
        world
    }

    /// Recording, with an engine that is ready.
    fn listening(backend: Backend) -> Self {
        let mut world = Self::with_visit();
        world.ready(backend);
        world.mic(MicEvent::RecordPressed);
        assert_eq!(world.microphone, Microphone::Asked(Take(1)));
        world.microphone = Microphone::Listening(Take(1));
        world.mic(MicEvent::Opened(Take(1)));
        world
    }

    fn apply(&mut self, event: Event) {
        for command in self.session.apply(event) {
            self.run(command);
        }
    }

    fn mic(&mut self, event: MicEvent) {
        self.apply(Event::Mic(event));
    }

    fn says(&mut self, message: protocol::Event) {
        self.apply(Event::Worker(self.worker, WorkerEvent::Says(message)));
    }

    fn ready(&mut self, backend: Backend) {
        self.apply(Event::Worker(self.worker, WorkerEvent::Up));
        self.says(protocol::Event::Ready(engine(backend)));
    }

    fn speak(&mut self, start: f64) {
        let samples = Samples::new(vec![1; 16_000]);
        self.apply(Event::Spoken(Utterance {
            start: (start * 16_000.0) as u64,
            samples,
        }));
    }

    fn answer(&mut self, job: u32, text: &str) {
        let start = f64::from(job);
        let segment = Segment {
            id: SegmentId(job),
            start,
            end: start + 1.0,
            text: text.to_owned(),
        };
        self.says(protocol::Event::Segment {
            job: JobId(job),
            segment,
        });
        self.says(protocol::Event::Done { job: JobId(job) });
    }

    fn run(&mut self, command: Command) {
        match command {
            Command::OpenMicrophone(take) => self.microphone = Microphone::Asked(take),
            Command::PauseMicrophone(take) => self.microphone = Microphone::Muted(take),
            Command::ResumeMicrophone(take) => self.microphone = Microphone::Listening(take),
            Command::CloseMicrophone(take) => {
                self.microphone = match self.microphone {
                    Microphone::Listening(now) | Microphone::Muted(now) if now == take => Microphone::Draining(take),
                    Microphone::Asked(now) if now == take => {
                        self.forgotten.push(take);
                        Microphone::Shut
                    }
                    other => other,
                };
                self.unwanted = self.unwanted.filter(|&late| late != take);
            }
            Command::StopReading => self.reading = false,
            Command::StartWorker(worker) => self.worker = worker,
            Command::Send(worker, request) => {
                assert_eq!(worker, self.worker, "a request for a worker that is gone");
                self.sent.push(request);
            }
            Command::Save { revision } => self.saves.push(revision),
            Command::StopWorker | Command::SaveSoon | Command::ListVisits => {}
            Command::DropRecording | Command::ForgetKey => {}
            Command::Notify(_) => panic!("notices stay inside the session"),
        }
    }

    fn recorder(&self) -> Recorder {
        self.session.desk.as_ref().expect("a visit is open").recorder
    }

    fn desk(&self) -> &Desk {
        self.session.desk.as_ref().expect("a visit is open")
    }

    fn jobs_sent(&self) -> Vec<u32> {
        let job = |request: &Request| match request {
            Request::Transcribe { job, .. } => Some(job.0),
            Request::Load { .. } | Request::Cancel { .. } => None,
        };
        self.sent.iter().filter_map(job).collect()
    }
}

fn engine(backend: Backend) -> protocol::Engine {
    protocol::Engine {
        backend,
        fallback: None,
        model: "starter".to_owned(),
        demonstration: true,
    }
}

#[test]
fn a_visit_from_record_to_review() {
    let mut world = World::listening(Backend::Cpu);
    world.speak(0.0);
    world.mic(MicEvent::StopPressed);
    assert_eq!(
        world.recorder(),
        Recorder::Stopping {
            take: Take(1),
            then: Then::End
        }
    );
    world.speak(1.0);
    world.mic(MicEvent::Closed(Take(1)));
    world.answer(0, "The patient reports a cough.");
    assert!(world.desk().draft().is_none(), "a word is still missing");
    world.answer(1, "Lungs are clear.");
    assert!(world.desk().draft().is_some());
    assert_eq!(world.session.engine.behind(), 0.0);

    world.apply(Event::Edited(Edit::Reviewed(true)));
    assert!(world.desk().visit.reviewed);
    world.apply(Event::Edited(Edit::Section(0, "Cough.".to_owned())));
    assert!(!world.desk().visit.reviewed, "any change takes the review back");
    world.apply(Event::SaveDue);
    assert_eq!(world.saves, [1]);
    world.apply(Event::Edited(Edit::Section(0, "A cough.".to_owned())));
    world.apply(Event::Saved { id: ID, revision: 1 });
    assert_eq!(
        world.desk().save,
        Save::Dirty,
        "what was typed during the save is not in it"
    );
    assert!(world.session.holds_unsaved());
}

#[test]
fn nobody_spoke() {
    let mut world = World::listening(Backend::Cpu);
    world.mic(MicEvent::StopPressed);
    world.mic(MicEvent::Closed(Take(1)));
    assert_eq!(world.recorder(), Recorder::Ended);
    assert!(world.desk().draft().is_none());
}

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
fn late_repeated_and_made_up_messages_change_nothing() {
    let mut world = World::listening(Backend::Cpu);
    world.speak(0.0);
    world.answer(0, "once");
    world.answer(0, "twice");
    world.answer(9, "never asked");
    let other = Segment {
        id: SegmentId(5),
        start: 0.0,
        end: 1.0,
        text: "another's".to_owned(),
    };
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

#[test]
fn an_unplugged_microphone_waits_for_another() {
    let mut world = World::listening(Backend::Cpu);
    world.mic(MicEvent::Gone(Take(1)));
    assert_eq!(world.session.notice, Some(Notice::Unplugged));
    world.speak(0.0);
    world.mic(MicEvent::Closed(Take(1)));
    assert_eq!(world.recorder(), Recorder::Unplugged { take: Take(1) });
    world.mic(MicEvent::ResumePressed);
    let Microphone::Asked(second) = world.microphone else {
        panic!("another one was asked for")
    };
    world.mic(MicEvent::Refused(second, MicProblem::Missing));
    assert_eq!(
        world.recorder(),
        Recorder::Unplugged { take: Take(1) },
        "what was recorded is kept"
    );
    world.mic(MicEvent::StopPressed);
    world.answer(0, "kept");
    assert!(world.desk().draft().is_some());
}

#[test]
fn leaving_never_cuts_a_recording_short() {
    let mut world = World::listening(Backend::Cpu);
    for event in [Event::LockPressed, Event::ClosePressed] {
        world.apply(event);
        assert_eq!(world.session.notice, Some(Notice::StillRecording));
    }
    world.speak(0.0);
    world.mic(MicEvent::StopPressed);
    world.mic(MicEvent::Closed(Take(1)));
    world.apply(Event::LockPressed);
    assert_eq!(world.session.notice, Some(Notice::StillTranscribing));
    world.answer(0, "done");
    world.apply(Event::LockPressed);
    assert_eq!(world.session.vault, Vault::Open, "not before it is stored");
    world.apply(Event::Saved { id: ID, revision: 1 });
    assert_eq!(world.session.vault, Vault::Locked { refused: None });
    assert!(world.session.desk.is_none());
}

#[test]
fn a_full_disk_keeps_the_note_until_the_clinician_leaves_twice() {
    let mut world = World::listening(Backend::Cpu);
    world.speak(0.0);
    world.mic(MicEvent::StopPressed);
    world.mic(MicEvent::Closed(Take(1)));
    world.answer(0, "words");
    world.apply(Event::SaveDue);
    let full = || Event::SaveFailed {
        id: ID,
        why: StoreProblem::Full,
    };
    world.apply(full());
    assert_eq!(world.session.notice, Some(Notice::NotSaved(StoreProblem::Full)));
    world.apply(Event::ClosePressed);
    world.apply(full());
    assert_eq!(world.session.notice, Some(Notice::LeavingLoses(StoreProblem::Full)));
    assert!(world.desk().draft().is_some());
    world.apply(Event::ClosePressed);
    assert!(world.session.desk.is_none());
}

#[test]
fn a_wrong_passphrase_leaves_the_same_door_shut() {
    let mut session = Session::default();
    for (exists, shut) in [
        (
            true,
            Vault::Locked {
                refused: Some("no".to_owned()),
            },
        ),
        (
            false,
            Vault::Absent {
                refused: Some("no".to_owned()),
            },
        ),
    ] {
        let _ = session.apply(Event::VaultRead { exists });
        let _ = session.apply(Event::VaultWorking);
        let _ = session.apply(Event::VaultRefused("no".to_owned()));
        assert_eq!(session.vault, shut);
        let _ = session.apply(Event::VisitStarted { id: ID, now: 0 });
        assert!(session.desk.is_none());
    }
}
