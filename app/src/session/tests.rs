use speech::protocol::{self, Backend, Failure, Fallback, JobId, Wordless};
use speech::{Samples, Segment, SegmentId, Speaker};

use speech::Utterance;
use speech::protocol::{BackendChoice, Partial, Request};

use super::*;
use crate::keeper::protocol::{Id, Seen, SoundStep};
use crate::problem::{MicProblem, StoreProblem};
use crate::settings::OwnList;
use crate::tape::Stretch;

mod consent;
mod door;
mod engine;
mod hours;
mod recorder;
mod sound;
mod spoken;
mod writer;

const ID: RecordId = RecordId([7; 16]);

/// The browser as far as the session can tell: it does what the commands say, and remembers.
#[derive(Default)]
struct World {
    session: Session,
    microphone: Microphone,
    worker: WorkerId,
    sent: Vec<Request>,
    saves: Vec<u32>,
    sounds: Vec<SoundStep>,
    reading: bool,
    /// What is being said was sent as this job.
    listening: Option<JobId>,
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

/// What is known of so many vaults without a key.
fn seen(vaults: u8) -> Seen {
    Seen {
        vaults: (0..vaults)
            .map(|number| VaultSeen {
                id: Id([number; 16]),
                name: "This workstation".to_owned(),
                ways: Vec::new(),
                prf_salt: [0; 32],
                wait_until: 0,
            })
            .collect(),
        purge: Purge::Exact,
        emptied: false,
    }
}

impl World {
    fn unlocked() -> Self {
        let mut world = World::default();
        world.apply(Event::VaultsSeen(seen(1)));
        world.apply(Event::VaultWorking);
        world.apply(Event::VaultOpened {
            backend: BackendChoice::Auto,
            settings: Settings::default(),
        });
        world.apply(Event::WriterStarted(Writer::here()));
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

    fn hears(&mut self, job: u32, confirmed: &str, tentative: &str) {
        let (confirmed, tentative) = (confirmed.to_owned(), tentative.to_owned());
        self.says(protocol::Event::Partial {
            job: JobId(job),
            words: Partial { confirmed, tentative },
        });
    }

    fn answer(&mut self, job: u32, text: &str) {
        let start = f64::from(job);
        let segment = Segment::new(SegmentId(job), start, start + 1.0, text);
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
            Command::Sound { note, step } => {
                assert_eq!(note, ID, "of the open visit");
                self.sounds.push(step);
            }
            Command::SendSpoken(worker, job) => {
                assert_eq!(worker, self.worker, "only the present worker hears what is being said");
                self.listening = Some(job);
            }
            Command::StopWorker | Command::SaveSoon | Command::ListVisits => {}
            Command::DropRecording | Command::TrimRecording { .. } | Command::ForgetKey(_) => {}
            Command::Notify(_) => panic!("notices stay inside the session"),
        }
    }

    fn recorder(&self) -> Recorder {
        self.session.desk.as_ref().expect("a visit is open").recorder
    }

    /// Opens each section and answers each flag.
    fn reviews(&mut self) {
        let visit = self.desk().visit.clone();
        let draft = visit.draft.expect("a note is there");
        for section in &draft.sections {
            self.apply(Event::Edited(Edit::Opened(section.heading.clone())));
        }
        for flag in note::flags(&draft, &visit.template, &visit.transcript) {
            self.apply(Event::Edited(Edit::Resolved(flag.id, true)));
        }
    }

    fn desk(&self) -> &Desk {
        self.session.desk.as_ref().expect("a visit is open")
    }

    fn jobs_sent(&self) -> Vec<u32> {
        let job = |request: &Request| match request {
            Request::Transcribe { job, .. } => Some(job.0),
            Request::Load { .. } | Request::Expect { .. } | Request::Speak { .. } => None,
            Request::Listen { .. } | Request::Cancel { .. } => None,
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
        languages: Vec::new(),
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

    assert!(
        world.desk().confirmed("Dr. A. Example", 2_000).is_err(),
        "nobody has looked at it"
    );
    world.reviews();
    let review = world
        .desk()
        .confirmed("Dr. A. Example", 2_000)
        .expect("everything was looked at");
    world.apply(Event::Edited(Edit::Confirmed(review)));
    assert!(world.desk().attested().is_some());
    world.apply(Event::Edited(Edit::Section(0, "Cough.".to_owned())));
    assert!(world.desk().attested().is_none(), "any change takes the review back");
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
fn who_spoke_is_corrected_and_the_note_follows() {
    let mut world = World::listening(Backend::Cpu);
    for at in 0..3 {
        world.speak(f64::from(at));
    }
    world.mic(MicEvent::StopPressed);
    world.mic(MicEvent::Closed(Take(1)));
    world.answer(0, "My left knee hurts when I climb stairs.");
    world.answer(1, "We'll get an x-ray of the left knee and start physical therapy.");
    world.answer(2, "Okay, thank you.");
    let plan = |world: &World| {
        let draft = world.desk().draft().expect("a draft");
        let plan = draft
            .sections
            .iter()
            .find(|section| section.heading.eq_ignore_ascii_case("plan"));
        plan.expect("the template has a plan").lines.len()
    };
    assert!(plan(&world) > 0, "the clinician announces");
    let second = world.desk().visit.transcript.segments()[1].id;
    world.apply(Event::Edited(Edit::Speakers(vec![(second, Speaker::Patient)])));
    assert_eq!(plan(&world), 0, "what a patient says is no plan");
    let all = world.desk().visit.transcript.segments().iter();
    let told = all.map(|segment| (segment.id, Speaker::Clinician)).collect();
    world.apply(Event::Edited(Edit::Speakers(told)));
    assert!(plan(&world) > 0);
    assert_eq!(world.desk().drafts, 3, "drafted anew each time");
    let told = |segment: &Segment| segment.speaker == Some(Speaker::Clinician);
    assert!(world.desk().visit.transcript.segments().iter().all(told));
}

#[test]
fn the_note_is_seen_while_it_is_recorded() {
    let mut world = World::listening(Backend::Cpu);
    assert!(world.desk().so_far.is_none());
    world.speak(0.0);
    world.answer(0, "I have had a cough for two weeks.");
    let lines = |world: &World| {
        let draft = world.desk().so_far.as_ref().expect("a look at the note");
        draft.sections.iter().map(note::Section::text).collect::<String>()
    };
    assert!(lines(&world).contains("cough for 2 weeks"));
    world.speak(1.0);
    world.answer(1, "The lungs are clear on exam.");
    assert!(lines(&world).contains("clear"));
    assert_eq!(world.desk().looks, 2);
    let seen = world.desk().so_far.clone();
    world.mic(MicEvent::StopPressed);
    world.mic(MicEvent::Closed(Take(1)));
    assert_eq!(world.desk().draft(), seen.as_ref(), "what was seen is what is drafted");
    assert!(world.desk().so_far.is_none());
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
