//! What surrounds a session, as far as a recording is concerned: openings of the microphone, the disk and the speech
//! worker. Each carries out the session's commands when its turn comes, not at once. Sound comes in numbered blocks: the
//! numbers are the samples of an utterance, and its words.

use std::collections::{BTreeMap, VecDeque};

use super::super::*;
use super::disk::Disk;

#[derive(Default)]
pub struct Room {
    pub session: Session,
    pub openings: BTreeMap<Take, Opening>,
    pub disk: Disk,
    pub worker: WorkerId,
    /// What the present worker owes.
    pub owed: VecDeque<(JobId, Utterance)>,
    /// The recording in memory: its blocks from `from` on, and those that are in no utterance yet.
    pub tape: Vec<i16>,
    pub from: usize,
    pub unspoken: Vec<i16>,
    /// What is still to be read of a file.
    pub file: Option<VecDeque<i16>>,
    /// Every block that was taken while the page said that it records, by visit, in its order.
    pub taken: BTreeMap<RecordId, Vec<i16>>,
    pub blocks: i16,
    pub visits: u8,
    /// Visits of which a person was told what leaving loses, and then left.
    pub given_up: Vec<RecordId>,
    /// Visits of which the page said that their sound, or some of it, is in its memory alone.
    pub in_memory: Vec<RecordId>,
    /// Blocks that were nowhere but in memory when the browser was killed, as the page had said.
    pub forgiven: Vec<i16>,
    /// It was a person who did something last, and not the lack of one.
    pub pressed: bool,
}

/// What the browser knows of an opening of the microphone.
#[derive(Clone, Debug, PartialEq)]
pub enum Opening {
    /// The browser asks the person.
    Asked,
    /// Allowed; the journal is being begun.
    Allowed,
    /// The journal stands, or there is none.
    Connecting {
        kept: bool,
    },
    Open(Tap),
}

/// An open microphone; `enabled` is at once what the page says, the rest follows when the audio thread comes to it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tap {
    pub enabled: bool,
    pub deaf: bool,
    pub orders: VecDeque<Order>,
    pub sent: VecDeque<Message>,
    pub closing: bool,
    /// How many times it was muted whose last block is not here yet.
    pub owed: u32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Order {
    Flush,
    Listen,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Message {
    Block(i16),
    Flushed,
}

impl Room {
    pub fn unlocked() -> Self {
        let mut room = Room::default();
        room.apply(Event::VaultsSeen(seen(1)));
        room.unlock();
        room
    }

    pub fn unlock(&mut self) {
        self.apply(Event::VaultOpened {
            backend: BackendChoice::Auto,
            settings: Settings::default(),
        });
        self.apply(Event::WriterStarted(Writer::here()));
    }

    pub fn starts_visit(&mut self) {
        self.visits += 1;
        let id = RecordId([self.visits; 16]);
        self.apply(Event::VisitStarted { id, now: 1_000 });
    }

    pub fn apply(&mut self, event: Event) {
        let open = self.open();
        let warned = matches!(
            self.session.notice,
            Some(Notice::WordsMissing | Notice::LeavingLoses(_) | Notice::Expired)
        );
        for command in self.session.apply(event) {
            self.run(command);
        }
        let desk = self.session.desk.as_ref();
        self.in_memory
            .extend(desk.filter(|desk| desk.sound.trouble.is_some()).map(|desk| desk.id));
        let expired = self.session.notice == Some(Notice::Expired);
        if let Some(left) = open.filter(|_| self.open().is_none() && (warned || expired)) {
            self.given_up.push(left);
        }
    }

    pub fn mic(&mut self, event: MicEvent) {
        self.apply(Event::Mic(event));
    }

    pub fn says(&mut self, message: protocol::Event) {
        self.apply(Event::Worker(self.worker, WorkerEvent::Says(message)));
    }

    pub fn open(&self) -> Option<RecordId> {
        self.session.desk.as_ref().map(|desk| desk.id)
    }

    pub fn recorder(&self) -> Option<Recorder> {
        self.session.desk.as_ref().map(|desk| desk.recorder)
    }

    fn run(&mut self, command: Command) {
        match command {
            Command::OpenMicrophone(take) => drop(self.openings.insert(take, Opening::Asked)),
            Command::PauseMicrophone(take) => self.order(take, Order::Flush, |tap| tap.enabled = false),
            Command::ResumeMicrophone(take) => self.order(take, Order::Listen, |tap| tap.enabled = true),
            Command::CloseMicrophone(take) => self.order(take, Order::Flush, |tap| {
                tap.enabled = false;
                tap.closing = true;
            }),
            Command::StopReading => self.file = self.file.take().map(|_| VecDeque::new()),
            Command::StartWorker(worker) => {
                self.worker = worker;
                self.owed.clear();
            }
            Command::Send(worker, request) => {
                assert_eq!(worker, self.worker, "a request for a worker that is gone");
                if let Request::Transcribe { job, utterance } = request {
                    self.owed.push_back((job, utterance));
                }
            }
            Command::Save { revision } => {
                let desk = self.session.desk.as_ref().expect("a visit is open");
                self.disk.saving = Some((desk.id, revision, desk.visit.clone()));
            }
            Command::Sound { note, step } => {
                let journal = self.disk.journals.get(&note);
                let holds = journal.is_some_and(|journal| !journal.blocks.is_empty());
                if step == (SoundStep::Destroy { by_hand: true }) {
                    assert!(
                        self.pressed || !holds,
                        "nobody was there to discard the sound of visit {note}"
                    );
                }
                self.disk.sound(note, step);
            }
            Command::DropRecording => (self.tape, self.from) = (vec![], 0),
            Command::TrimRecording { kept } => {
                let gone = (kept as usize)
                    .min(self.from + self.tape.len())
                    .saturating_sub(self.from);
                self.tape.drain(..gone);
                self.from += gone;
            }
            Command::SendSpoken(..) | Command::StopWorker | Command::SaveSoon | Command::ListVisits => {}
            Command::ForgetKey(_) => (self.disk.reel, self.disk.line) = (None, None),
            Command::Notify(_) => panic!("notices stay inside the session"),
        }
    }

    /// One that is still opening is told nothing: it is let go, or closed as soon as it opens.
    fn order(&mut self, take: Take, order: Order, at_once: impl FnOnce(&mut Tap)) {
        if let Some(Opening::Open(tap)) = self.openings.get_mut(&take) {
            at_once(tap);
            tap.owed += u32::from(order == Order::Flush);
            tap.orders.push_back(order);
        }
    }

    /// What the disk has stays, and what the page said is in memory alone is gone.
    pub fn crash(&mut self) {
        let open = self.session.desk.as_ref();
        let in_memory = open.is_some_and(|desk| !desk.sound.is_kept || desk.sound.trouble.is_some());
        let unsaid = !self.disk.waiting.is_empty();
        let open = self.open();
        self.session = Session::default();
        self.openings.clear();
        (self.tape, self.from, self.unspoken, self.file) = (vec![], 0, vec![], None);
        (self.disk.reel, self.disk.line, self.disk.saving) = (None, None, None);
        self.disk.waiting.clear();
        self.disk.news.clear();
        self.apply(Event::VaultsSeen(seen(1)));
        self.unlock();
        if let Some(note) = open.filter(|_| in_memory || unsaid) {
            let taken = self.taken.get(&note).cloned().unwrap_or_default();
            let lost = taken.into_iter().filter(|&block| !self.has(note, block));
            let lost: Vec<i16> = lost.collect();
            self.forgiven.extend(lost);
        }
    }

    /// A block reaches the page.
    pub fn push(&mut self, block: i16) {
        self.tape.push(block);
        self.unspoken.push(block);
        if self.unspoken.len() == 3 {
            self.end_utterance();
        }
    }

    pub fn end_utterance(&mut self) {
        let samples = std::mem::take(&mut self.unspoken);
        if !samples.is_empty() {
            let start = (self.from + self.tape.len() - samples.len()) as u64;
            let samples = Samples::new(samples);
            self.apply(Event::Spoken(Utterance { start, samples }));
        }
    }

    /// The microphone that was shut has nothing more to say, or took too long to say it.
    pub fn flushed(&mut self, take: Take, times: u32) {
        if self.recorder().is_some_and(|recorder| recorder.hears(take)) {
            self.end_utterance();
        }
        let Some(Opening::Open(tap)) = self.openings.get_mut(&take) else {
            return;
        };
        tap.owed = tap.owed.saturating_sub(times);
        if tap.closing && tap.owed == 0 {
            self.openings.remove(&take);
            self.mic(MicEvent::Closed(take));
        }
    }
}
