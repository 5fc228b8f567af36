use speech::protocol::Request;

use super::{Engine, EngineState};
use crate::session::{Command, Session};
use crate::settings::Vocabulary;

/// Words that somebody expects to be said, and whether the names of drugs are among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    pub terms: Vec<String>,
    pub drugs: bool,
}

/// So many words are listened for; `drugs` as far as their names could be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expecting {
    pub terms: u32,
    pub drugs: bool,
}

impl Session {
    /// The language that was chosen, and the words of the lists that are on and of the open visit.
    pub(in crate::session) fn expect(&mut self) -> Vec<Command> {
        let of_visit = self.desk.as_ref().map_or("", |desk| &desk.visit.words);
        let Vocabulary { drugs, .. } = self.settings.vocabulary;
        let terms = self.settings.vocabulary.terms(of_visit);
        let mut commands = self.engine.speak(self.settings.spoken.clone());
        commands.extend(self.engine.expect(Expected { terms, drugs }));
        commands
    }
}

impl Engine {
    /// Listens for these words from the next utterance on, and for no others.
    pub fn expect(&mut self, expected: Expected) -> Vec<Command> {
        if expected == self.expected {
            return vec![];
        }
        self.expected = expected;
        match self.state {
            EngineState::Loading { .. } | EngineState::Ready(_) => vec![self.tell_expected()],
            EngineState::Off | EngineState::Failed(_) | EngineState::Crashed => vec![],
        }
    }

    pub(super) fn tell_expected(&self) -> Command {
        let Expected { terms, drugs } = self.expected.clone();
        Command::Send(self.worker, Request::Expect { terms, drugs })
    }
}
