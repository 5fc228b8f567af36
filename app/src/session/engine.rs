use std::collections::BTreeMap;

use speech::protocol::{self, Backend, BackendChoice, Failure, Fallback, JobId, ModelRef, Partial, Request, Wordless};
use speech::{Segment, SegmentId, Timbre, Utterance, Voice, Voices};

use super::Command;
use crate::tape::Stretch;

mod expected;
use expected::{Expected, Expecting};

mod spoken;
use spoken::Spoken;

/// How often a worker that died on the CPU is started again before a person is asked.
const RESTARTS: u32 = 2;

/// Sound between two passes over an utterance, in samples: a third of a second.
const BETWEEN_PASSES: usize = 5_120;

/// The speech worker as the page sees it, and the utterances that it owes an answer for.
pub struct Engine {
    pub state: EngineState,
    /// The worker whose word counts; every start has a new number, so that a late message is known as one.
    worker: WorkerId,
    choice: BackendChoice,
    /// The folder of the model's pack.
    model: String,
    /// What the worker is told to listen for.
    expected: Expected,
    /// What it said that it listens for.
    pub expecting: Option<Expecting>,
    spoken: Spoken,
    restarts: u32,
    lost_gpu: bool,
    next_job: u32,
    /// Kept until their `Done`: a worker that dies takes no speech with it.
    pending: BTreeMap<JobId, Utterance>,
    /// How those sounded whose words are here. Of a person's body: it is stored nowhere, and goes with the visit.
    voices: Voices,
    /// The utterance that is being said, as far as the worker has been told.
    told: Option<Told>,
    /// Its words so far, or those of the one before until its own words are here.
    partial: Option<(JobId, Partial)>,
}

/// How much of the utterance that is being said the worker has heard.
#[derive(Clone, Copy)]
struct Told {
    start: u64,
    samples: usize,
    /// The worker owes an answer; only then it hears more, so that each pass covers what was said during the last.
    waiting: bool,
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
    /// In a language that was chosen or heard, if the model knows several.
    Words {
        segment: Segment,
        language: Option<String>,
    },
    /// Sound without words; its place in the recording, in seconds.
    Wordless {
        start: f64,
        end: f64,
        why: Wordless,
    },
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
            model: String::new(),
            expected: Expected::default(),
            expecting: None,
            spoken: Spoken::default(),
            restarts: 0,
            lost_gpu: false,
            next_job: 0,
            pending: BTreeMap::new(),
            voices: Voices::default(),
            told: None,
            partial: None,
        }
    }

    pub fn start(&mut self, model: &str, choice: BackendChoice) -> Vec<Command> {
        self.choice = choice;
        model.clone_into(&mut self.model);
        self.restarts = 0;
        self.lost_gpu = false;
        self.launch()
    }

    pub fn stop(&mut self) -> Vec<Command> {
        self.worker = WorkerId(self.worker.0 + 1);
        self.state = EngineState::Off;
        self.expected = Expected::default();
        self.expecting = None;
        self.spoken = Spoken::default();
        self.forget();
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
        self.told = None;
        match self.state {
            EngineState::Ready(_) => vec![Command::Send(self.worker, request)],
            EngineState::Off | EngineState::Loading { .. } | EngineState::Failed(_) | EngineState::Crashed => vec![],
        }
    }

    /// An utterance goes on, or nobody speaks. Utterances that are over come first.
    pub fn speaking(&mut self, stretch: Option<Stretch>) -> Vec<Command> {
        let job = JobId(self.next_job);
        let Some(Stretch { start, samples, rests }) = stretch else {
            // What was taken for speech was none, or its words are on their way.
            self.partial.take_if(|(of, _)| *of == job);
            return vec![];
        };
        if !self.is_idle() || !matches!(self.state, EngineState::Ready(_)) {
            return vec![];
        }
        let told = self.told.filter(|told| told.start == start);
        // What rests is heard to its end at once: the pause that follows then hides the last pass.
        let news = if rests { 1 } else { BETWEEN_PASSES };
        if told.is_some_and(|told| told.waiting || samples < told.samples + news) {
            return vec![];
        }
        self.told = Some(Told {
            start,
            samples,
            waiting: true,
        });
        vec![Command::SendSpoken(self.worker, job)]
    }

    /// What is being said, as far as it is words.
    pub fn partial(&self) -> Option<&Partial> {
        self.partial.as_ref().map(|(_, words)| words)
    }

    /// In which of its two voices each segment of the visit was spoken, as far as they can be told apart by now.
    pub fn voices(&self) -> Vec<(SegmentId, Option<Voice>)> {
        self.voices.told_apart()
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

    /// The visit is over: what is on its way, and the words so far, are nobody's.
    pub fn forget(&mut self) {
        self.pending.clear();
        self.voices = Voices::default();
        self.spoken.forget();
        self.partial = None;
        if self.told.take().is_some() {
            // The answer that is owed names this number; the next visit's speech gets another.
            self.next_job += 1;
        }
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
            protocol::Event::Partial { job, words } => {
                if job == JobId(self.next_job)
                    && let Some(told) = &mut self.told
                {
                    told.waiting = false;
                    self.partial = Some((job, words));
                }
                (Heard::Nothing, vec![])
            }
            protocol::Event::Language { job, code } => {
                self.hear_language(job, code);
                (Heard::Nothing, vec![])
            }
            protocol::Event::Segment { job, segment } => {
                self.partial.take_if(|(of, _)| *of == job);
                match self.pending.get(&job) {
                    Some(utterance) if segment.id.0 == job.0 => {
                        self.voices.hear(segment.id, Timbre::of(&utterance.samples));
                        let language = self.language_of(job);
                        (Heard::Words { segment, language }, vec![])
                    }
                    Some(_) | None => (Heard::Nothing, vec![]),
                }
            }
            protocol::Event::Wordless { job, why } => {
                self.partial.take_if(|(of, _)| *of == job);
                let heard = self.pending.get(&job).map(|utterance| Heard::Wordless {
                    start: utterance.start_seconds(),
                    end: utterance.end_seconds(),
                    why,
                });
                (heard.unwrap_or(Heard::Nothing), vec![])
            }
            protocol::Event::Done { job } | protocol::Event::Cancelled { job } => {
                self.pending.remove(&job);
                self.restarts = 0;
                (Heard::Nothing, vec![])
            }
            protocol::Event::Expecting { terms, drugs } => {
                self.expecting = Some(Expecting { terms, drugs });
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
        let pending: Vec<Command> = self.pending.iter().map(again).collect();
        self.tell_spoken().into_iter().chain(pending).collect()
    }

    /// A GPU that failed never yields a transcript: whatever it owes is done again on the CPU. What the CPU cannot do
    /// either is named as a gap and not as silence.
    fn on_failed_job(&mut self, job: JobId, why: Failure) -> (Heard, Vec<Command>) {
        self.partial.take_if(|(of, _)| *of == job);
        if !self.pending.contains_key(&job) {
            // A pass over what is still being said: the whole will be sent.
            if let Some(told) = &mut self.told {
                told.waiting = false;
            }
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
        self.told = None;
        self.spoken.unsaid();
        self.partial = None;
        self.expecting = None;
        vec![Command::StartWorker(self.worker)]
    }

    fn load(&self) -> Vec<Command> {
        let model = ModelRef {
            folder: self.model.clone(),
        };
        let load = Command::Send(
            self.worker,
            Request::Load {
                model,
                backend: self.choice,
            },
        );
        let expects = self.expected != Expected::default();
        std::iter::once(load)
            .chain(expects.then(|| self.tell_expected()))
            .collect()
    }
}
