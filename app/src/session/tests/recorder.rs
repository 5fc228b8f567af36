//! Whatever a person, the browser, the device, the disk and the worker do, in any order and however late: the page says
//! what the microphone does, and no recording is lost.

use proptest::prelude::*;

use super::*;
use disk::Disk;
use room::{Opening, Room};
use step::{Browser, Clock, DiskStep, Press, Step, WorkerStep, step};

mod check;
mod device;
mod disk;
mod room;
mod step;

impl Room {
    fn take(&mut self, step: Step) {
        match step {
            Step::Press(press) => {
                self.pressed = true;
                self.press(press);
            }
            Step::Browser(place, step) => self.browser(place, step),
            Step::GoesOn(place) => {
                let opening = self
                    .openings
                    .values()
                    .nth(usize::from(place) % self.openings.len().max(1));
                let next = match opening {
                    Some(Opening::Open(tap)) if !tap.orders.is_empty() => Browser::Obeys,
                    Some(Opening::Open(tap)) if !tap.sent.is_empty() => Browser::Tells,
                    Some(Opening::Open(_)) => Browser::Hears,
                    Some(_) => Browser::Opens,
                    None => Browser::Reads,
                };
                self.browser(place % self.openings.len().max(1) as u8, next);
            }
            Step::Clock(Clock::Crash) => self.crash(),
            Step::Disk(step) => self.disk(step),
            Step::Worker(step) => self.worker(step),
            Step::Clock(Clock::Tick(late)) => self.apply(Event::Tick {
                now: if late { u64::MAX } else { 2_000 },
            }),
            Step::Clock(Clock::Left) => {
                self.pressed = false;
                self.apply(Event::Left(Lock::Idle));
            }
            Step::Clock(Clock::Shut) => self.apply(Event::Shut),
            Step::Clock(Clock::NoSound) => self.apply(Event::NoSound),
            Step::Clock(Clock::SoundAgain) => self.apply(Event::SoundAgain),
        }
    }

    fn press(&mut self, press: Press) {
        match press {
            Press::Record => self.mic(MicEvent::RecordPressed),
            Press::Pause => self.mic(MicEvent::PausePressed),
            Press::Resume => self.mic(MicEvent::ResumePressed),
            Press::Stop => self.mic(MicEvent::StopPressed),
            Press::File if self.recorder() == Some(Recorder::Idle) => {
                self.mic(MicEvent::FileChosen);
                self.file = Some([-1, -2].into());
            }
            Press::Confirm => self.confirm(),
            Press::Close => self.apply(Event::ClosePressed),
            Press::Lock => self.apply(Event::LockPressed),
            Press::Start => {
                if self.session.vault != Vault::Open {
                    self.unlock();
                }
                self.starts_visit();
            }
            Press::Reopen(place) => {
                let place = usize::from(place) % self.disk.stored.len().max(1);
                let found = self.disk.stored.iter().nth(place);
                if let Some((&id, (revision, visit))) = found {
                    let journal = self.disk.journals.get(&id);
                    self.apply(Event::VisitOpened {
                        id,
                        revision: *revision,
                        expiries: Disk::expiries(),
                        held: false,
                        visit: Box::new(visit.clone()),
                        sound: journal.map(|journal| journal.written),
                    });
                }
            }
            Press::Recover => self.recover(),
            Press::Discard => {
                if let Some(id) = self.disk.interrupted().filter(|id| self.open() != Some(*id)) {
                    self.disk.journals.remove(&id);
                    self.given_up.push(id);
                }
            }
            Press::Retry => self.apply(Event::EngineRetry),
            Press::File => {}
        }
    }

    fn confirm(&mut self) {
        let Some(desk) = &self.session.desk else { return };
        let Some(draft) = desk.visit.draft.clone() else { return };
        let (template, transcript) = (desk.visit.template.clone(), desk.visit.transcript.clone());
        for section in &draft.sections {
            self.apply(Event::Edited(Edit::Opened(section.heading.clone())));
        }
        for flag in note::flags(&draft, &template, &transcript) {
            self.apply(Event::Edited(Edit::Resolved(flag.id, true)));
        }
        let review = self
            .session
            .desk
            .as_ref()
            .map(|desk| desk.confirmed("Dr. A. Example", 2_000));
        if let Some(Ok(review)) = review {
            self.apply(Event::Edited(Edit::Confirmed(review)));
        }
    }

    fn recover(&mut self) {
        let Some(id) = self
            .disk
            .interrupted()
            .filter(|_| self.open().is_none() && self.session.vault == Vault::Open)
        else {
            return;
        };
        let stored = self.disk.stored.get(&id).cloned();
        let (revision, visit) = stored.unwrap_or_else(|| (0, crate::visit::Visit::new(1_000, note::Template::soap())));
        self.apply(Event::Recovered(Box::new(Recovered {
            id,
            revision,
            expiries: Disk::expiries(),
            held: false,
            visit,
            seconds: self.disk.journals[&id].blocks.len() as f64 / 16_000.0,
            gaps: vec![],
        })));
        self.file = Some(self.disk.journals[&id].blocks.iter().copied().collect());
    }

    fn disk(&mut self, step: DiskStep) {
        // One worker says what is kept and what is stored, in this order.
        if let DiskStep::Saved | DiskStep::SaveFailed(_) = step {
            while !self.disk.news.is_empty() {
                self.disk(DiskStep::News);
            }
        }
        match step {
            DiskStep::Full(full) => self.disk.full = full,
            DiskStep::News => {
                if let Some((id, samples, trouble)) = self.disk.news.pop_front() {
                    self.apply(Event::SoundKept { id, samples, trouble });
                }
            }
            DiskStep::SaveDue => self.apply(Event::SaveDue),
            DiskStep::Saved => {
                if let Some((id, revision, visit)) = self.disk.saving.take() {
                    self.disk.stored.insert(id, (revision, visit));
                    self.apply(Event::Saved { id, revision });
                }
            }
            DiskStep::SaveFailed(conflict) => {
                if let Some((id, ..)) = self.disk.saving.take() {
                    let why = if conflict {
                        StoreProblem::Conflict
                    } else {
                        StoreProblem::Full
                    };
                    self.apply(Event::SaveFailed { id, why });
                }
            }
        }
    }

    fn worker(&mut self, step: WorkerStep) {
        match step {
            WorkerStep::Ready(gpu) => {
                self.apply(Event::Worker(self.worker, WorkerEvent::Up));
                self.says(protocol::Event::Ready(engine(if gpu {
                    Backend::WebGpu
                } else {
                    Backend::Cpu
                })));
            }
            WorkerStep::Dies => self.apply(Event::Worker(self.worker, WorkerEvent::Died)),
            WorkerStep::LosesGpu => self.says(protocol::Event::Failed {
                job: None,
                why: Failure::DeviceLost,
            }),
            WorkerStep::Fails => self.says(protocol::Event::Failed {
                job: None,
                why: Failure::BadOutput,
            }),
            WorkerStep::Speaking => {
                if self
                    .recorder()
                    .is_some_and(|recorder| matches!(recorder, Recorder::Recording { .. }))
                {
                    self.apply(Event::Speaking(Some(Stretch {
                        start: self.blocks as u64,
                        samples: 6_000,
                        rests: true,
                    })));
                }
            }
            // Of any utterance, also of one that is over.
            WorkerStep::Partial => {
                for job in 0..8 {
                    self.says(protocol::Event::Partial {
                        job: JobId(job),
                        words: Partial::default(),
                    });
                }
            }
            WorkerStep::Answers => self.answers(|job, utterance| {
                let said: Vec<String> = utterance.samples.as_slice().iter().map(i16::to_string).collect();
                let (start, end) = (utterance.start_seconds(), utterance.end_seconds());
                let segment = Segment::new(SegmentId(job.0), start, end, said.join(" "));
                protocol::Event::Segment { job, segment }
            }),
            WorkerStep::Wordless(unclear) => self.answers(|job, _| protocol::Event::Wordless {
                job,
                why: if unclear { Wordless::Unclear } else { Wordless::NoSpeech },
            }),
            WorkerStep::CannotTell => {
                if let Some((job, _)) = self.owed.pop_front() {
                    let why = Failure::BadOutput;
                    self.says(protocol::Event::Failed { job: Some(job), why });
                }
            }
        }
    }

    fn answers(&mut self, answer: impl FnOnce(JobId, &Utterance) -> protocol::Event) {
        if let Some((job, utterance)) = self.owed.pop_front() {
            self.says(answer(job, &utterance));
            self.says(protocol::Event::Done { job });
        }
    }

    /// Everything that is on its way arrives, and a person stops, stores and locks.
    fn ends(&mut self) {
        self.disk.full = false;
        for _ in 0..40 {
            for place in (0..3).rev() {
                for step in [Browser::Opens, Browser::Obeys, Browser::Tells, Browser::TimesOut] {
                    self.take(Step::Browser(place, step));
                }
            }
            for press in [Press::Stop, Press::Retry, Press::Lock] {
                self.take(Step::Press(press));
            }
            self.take(Step::Browser(0, Browser::Reads));
            for step in [WorkerStep::Ready(false), WorkerStep::Answers] {
                self.worker(step);
            }
            for step in [DiskStep::News, DiskStep::SaveDue, DiskStep::Saved] {
                self.disk(step);
            }
            self.check();
        }
        assert!(self.openings.is_empty(), "{:?}", self.openings);
        assert!(
            self.open().is_none() && self.session.vault != Vault::Open,
            "{:?}",
            self.recorder()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(10_000) })]
    #[test]
    fn page_and_microphone_agree_and_no_recording_is_lost(steps in prop::collection::vec(step(), 1..120)) {
        let mut room = Room::unlocked();
        room.starts_visit();
        for step in steps {
            room.take(step);
            room.check();
        }
        room.ends();
    }
}
