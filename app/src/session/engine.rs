use std::collections::BTreeMap;

use speech::protocol::{self, Backend, BackendChoice, Failure, Fallback, JobId, ModelRef, Request};
use speech::{Segment, Utterance};

use super::Command;

/// How often a worker that died on the CPU is started again before a person is asked.
const RESTARTS: u32 = 2;

/// The speech worker as the page sees it, and the utterances that it owes an answer for.
pub struct Engine {
    pub state: EngineState,
    /// The worker whose word counts; every start has a new number, so that a late message is known as one.
    worker: WorkerId,
    choice: BackendChoice,
    restarts: u32,
    lost_gpu: bool,
    next_job: u32,
    /// Kept until their `Done`: a worker that dies takes no speech with it.
    pending: BTreeMap<JobId, Utterance>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EngineState {
    Off,
    /// Fetching, verifying and starting the model; bytes.
    Loading {
        done: u64,
        total: u64,
    },
    Ready(protocol::Engine),
    Failed(Failure),
    /// The worker stopped without a word, again and again.
    Crashed,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WorkerId(pub u32);

/// What a worker did.
#[derive(Clone, Debug, PartialEq)]
pub enum WorkerEvent {
    /// Its message handler stands.
    Up,
    Says(protocol::Event),
    /// It sent bytes that are no message, or stopped.
    Died,
}

/// What a worker's event means for the visit that is open.
#[derive(Debug, PartialEq)]
pub enum Heard {
    Nothing,
    Words(Segment),
    /// An utterance that no engine could turn into words; its place in the recording, in seconds.
    Unheard {
        start: f64,
        end: f64,
    },
}

impl Engine {
    pub fn off() -> Self {
        Self {
            state: EngineState::Off,
            worker: WorkerId::default(),
            choice: BackendChoice::Auto,
            restarts: 0,
            lost_gpu: false,
            next_job: 0,
            pending: BTreeMap::new(),
        }
    }

    pub fn start(&mut self, choice: BackendChoice) -> Vec<Command> {
        self.choice = choice;
        self.restarts = 0;
        self.lost_gpu = false;
        self.launch()
    }

    pub fn stop(&mut self) -> Vec<Command> {
        self.worker = WorkerId(self.worker.0 + 1);
        self.state = EngineState::Off;
        self.pending.clear();
        vec![Command::StopWorker]
    }

    /// A person asks for another try after a failure.
    pub fn retry(&mut self) -> Vec<Command> {
        match self.state {
            EngineState::Failed(_) | EngineState::Crashed => {
                self.restarts = 0;
                self.launch()
            }
            EngineState::Off | EngineState::Loading { .. } | EngineState::Ready(_) => vec![],
        }
    }

    /// Takes an utterance over; it is kept until its words are here.
    pub fn transcribe(&mut self, utterance: Utterance) -> Vec<Command> {
        let job = JobId(self.next_job);
        self.next_job += 1;
        let request = Request::Transcribe {
            job,
            utterance: utterance.clone(),
        };
        self.pending.insert(job, utterance);
        match self.state {
            EngineState::Ready(_) => vec![Command::Send(self.worker, request)],
            EngineState::Off | EngineState::Loading { .. } | EngineState::Failed(_) | EngineState::Crashed => vec![],
        }
    }

    /// Seconds of speech that are not words yet.
    pub fn behind(&self) -> f64 {
        self.pending.values().map(|utterance| utterance.samples.seconds()).sum()
    }

    pub fn is_idle(&self) -> bool {
        self.pending.is_empty()
    }

    pub fn has_failed(&self) -> bool {
        matches!(self.state, EngineState::Failed(_) | EngineState::Crashed)
    }

    /// Gives up what is pending: its places in the recording, in seconds.
    pub fn abandon(&mut self) -> Vec<(f64, f64)> {
        let pending = std::mem::take(&mut self.pending);
        pending
            .values()
            .map(|utterance| (utterance.start_seconds(), utterance.end_seconds()))
            .collect()
    }

    pub fn on(&mut self, worker: WorkerId, event: WorkerEvent) -> (Heard, Vec<Command>) {
        if worker != self.worker {
            return (Heard::Nothing, vec![]);
        }
        match event {
            WorkerEvent::Up => (Heard::Nothing, self.load()),
            WorkerEvent::Says(message) => self.on_message(message),
            WorkerEvent::Died => (Heard::Nothing, self.on_death()),
        }
    }

    fn on_message(&mut self, message: protocol::Event) -> (Heard, Vec<Command>) {
        match message {
            protocol::Event::Progress { done, total } => {
                if let EngineState::Loading { .. } = self.state {
                    self.state = EngineState::Loading {
                        done: done.min(total),
                        total,
                    };
                }
                (Heard::Nothing, vec![])
            }
            protocol::Event::Ready(engine) => (Heard::Nothing, self.on_ready(engine)),
            protocol::Event::Segment { job, segment } => {
                if self.pending.contains_key(&job) && segment.id.0 == job.0 {
                    (Heard::Words(segment), vec![])
                } else {
                    (Heard::Nothing, vec![])
                }
            }
            protocol::Event::Done { job } | protocol::Event::Cancelled { job } => {
                self.pending.remove(&job);
                self.restarts = 0;
                (Heard::Nothing, vec![])
            }
            protocol::Event::Failed { job: None, why } => (Heard::Nothing, self.on_failure(why)),
            protocol::Event::Failed { job: Some(job), why } => self.on_failed_job(job, why),
        }
    }

    fn on_ready(&mut self, mut engine: protocol::Engine) -> Vec<Command> {
        let EngineState::Loading { .. } = self.state else {
            return vec![];
        };
        if self.lost_gpu && engine.backend == Backend::Cpu {
            engine.fallback = Some(Fallback::DeviceLost);
        }
        self.state = EngineState::Ready(engine);
        let again = |(&job, utterance): (&JobId, &Utterance)| {
            Command::Send(
                self.worker,
                Request::Transcribe {
                    job,
                    utterance: utterance.clone(),
                },
            )
        };
        self.pending.iter().map(again).collect()
    }

    /// A GPU that failed never yields a transcript: whatever it owes is done again on the CPU. What the CPU cannot do
    /// either is named as a gap and not as silence.
    fn on_failed_job(&mut self, job: JobId, why: Failure) -> (Heard, Vec<Command>) {
        if !self.pending.contains_key(&job) {
            return (Heard::Nothing, vec![]);
        }
        if self.runs_on_gpu() || why == Failure::DeviceLost {
            return (Heard::Nothing, self.on_death());
        }
        match self.pending.remove(&job) {
            Some(lost) => (
                Heard::Unheard {
                    start: lost.start_seconds(),
                    end: lost.end_seconds(),
                },
                vec![],
            ),
            None => (Heard::Nothing, vec![]),
        }
    }

    fn on_failure(&mut self, why: Failure) -> Vec<Command> {
        if self.runs_on_gpu() || why == Failure::DeviceLost {
            return self.on_death();
        }
        self.state = EngineState::Failed(why);
        vec![Command::StopWorker]
    }

    /// Whatever it was asked for: the next one runs on the CPU, and after a few of those a person is asked.
    fn on_death(&mut self) -> Vec<Command> {
        if self.choice != BackendChoice::Cpu {
            self.choice = BackendChoice::Cpu;
            self.lost_gpu = true;
            return self.launch();
        }
        if self.restarts < RESTARTS {
            self.restarts += 1;
            return self.launch();
        }
        self.state = EngineState::Crashed;
        vec![Command::StopWorker]
    }

    fn runs_on_gpu(&self) -> bool {
        matches!(&self.state, EngineState::Ready(engine) if engine.backend == Backend::WebGpu)
    }

    fn launch(&mut self) -> Vec<Command> {
        self.worker = WorkerId(self.worker.0 + 1);
        self.state = EngineState::Loading { done: 0, total: 0 };
        vec![Command::StartWorker(self.worker)]
    }

    fn load(&self) -> Vec<Command> {
        let model = ModelRef {
            folder: "models/starter".to_owned(),
        };
        vec![Command::Send(
            self.worker,
            Request::Load {
                model,
                backend: self.choice,
            },
        )]
    }
}
