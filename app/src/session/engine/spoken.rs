use speech::protocol::{JobId, Request};

use super::{Engine, EngineState};
use crate::session::Command;

/// In which language people speak: what was chosen, what the worker knows of it, and what it heard.
#[derive(Default)]
pub(super) struct Spoken {
    /// Kept even while the model that is loaded does not know it.
    chosen: Option<String>,
    /// What the present worker was told.
    told: Option<String>,
    /// What it told of a job whose words are not here yet.
    of_job: Option<(JobId, String)>,
    /// Of the visit's last words, if their language had to be told.
    heard: Option<String>,
}

impl Engine {
    /// This language is spoken from the next utterance on; without one the model tells it.
    pub fn speak(&mut self, language: Option<String>) -> Vec<Command> {
        self.spoken.chosen = language;
        self.tell_spoken().into_iter().collect()
    }

    /// What can be chosen, as ISO 639 codes; nothing with a model that knows one language only.
    pub fn languages(&self) -> &[String] {
        match &self.state {
            EngineState::Ready(engine) => &engine.languages,
            EngineState::Off | EngineState::Loading { .. } | EngineState::Failed(_) | EngineState::Crashed => &[],
        }
    }

    /// The language that was chosen, if the model knows it.
    pub fn spoken(&self) -> Option<&str> {
        let chosen = self.spoken.chosen.as_deref();
        chosen.filter(|chosen| self.languages().iter().any(|known| known == chosen))
    }

    /// What the model took the last words to be spoken in, where nobody chose.
    pub fn heard(&self) -> Option<&str> {
        self.spoken.heard.as_deref()
    }

    /// Only once the model is there is it known which languages can be named to it.
    pub(super) fn tell_spoken(&mut self) -> Option<Command> {
        let language = self.spoken().map(str::to_owned);
        let ready = matches!(self.state, EngineState::Ready(_));
        if !ready || language == self.spoken.told {
            return None;
        }
        self.spoken.told.clone_from(&language);
        Some(Command::Send(self.worker, Request::Speak { language }))
    }

    pub(super) fn hear_language(&mut self, job: JobId, code: String) {
        if self.pending.contains_key(&job) {
            self.spoken.of_job = Some((job, code));
        }
    }

    /// Of a job whose words are here: what the model told of it, else what was chosen.
    pub(super) fn language_of(&mut self, job: JobId) -> Option<String> {
        let told = self.spoken.of_job.take_if(|(of, _)| *of == job);
        self.spoken.heard = told.map(|(_, code)| code);
        self.heard().or(self.spoken()).map(str::to_owned)
    }
}

impl Spoken {
    /// The visit is over.
    pub fn forget(&mut self) {
        (self.of_job, self.heard) = (None, None);
    }

    /// The worker that was told is gone, and its answers with it.
    pub fn unsaid(&mut self) {
        (self.told, self.of_job) = (None, None);
    }
}
