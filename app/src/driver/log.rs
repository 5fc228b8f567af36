use leptos::prelude::*;
use leptos::task::spawn_local;
use vault::audit::Event as Logged;

use super::Driver;
use crate::keeper::audit::Moment;
use crate::keeper::protocol::{Id, Request};
use crate::session::{Before, EngineState, Recorder, Session, Then, Vault};

/// What of a session the audit log is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    open: bool,
    note: Option<Id>,
    recorder: Phase,
    seconds: u32,
    drafted: bool,
    reviewed: bool,
    revision: u32,
    engine: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    #[default]
    Idle,
    Recording,
    Paused,
    Reading,
    /// An interrupted recording is read back.
    Recovering,
    Ended,
}

impl Driver {
    /// Adds a row about the open note to the audit log.
    pub fn log(self, event: Logged, detail: u32) {
        let note = self
            .session
            .with_untracked(|session| session.desk.as_ref().map(|desk| desk.id.into()));
        self.write_rows(vec![Moment::new(event, note, detail)]);
    }

    pub(super) fn write_rows(self, moments: Vec<Moment>) {
        if moments.is_empty() {
            return;
        }
        spawn_local(async move {
            for moment in moments {
                // A row that cannot be written is no reason to stop a clinician; the vault counts its own rows.
                let _ = self.ask(Request::Log(moment)).await;
            }
        });
    }
}

impl Seen {
    pub fn of(session: &Session) -> Self {
        let desk = session.desk.as_ref();
        Self {
            open: session.vault == Vault::Open,
            note: desk.map(|desk| desk.id.into()),
            recorder: desk.map_or(Phase::Idle, |desk| match phase(&desk.recorder) {
                Phase::Reading if desk.sound.is_kept => Phase::Recovering,
                phase => phase,
            }),
            seconds: desk.map_or(0, |desk| desk.visit.seconds as u32),
            drafted: desk.is_some_and(|desk| desk.visit.draft.is_some()),
            reviewed: desk.is_some_and(|desk| desk.attested().is_some()),
            revision: desk.map_or(0, |desk| desk.revision),
            engine: matches!(session.engine.state, EngineState::Ready(_)),
        }
    }

    /// The rows that a step of the session asks for.
    pub fn rows(self, after: Self) -> Vec<Moment> {
        let mut rows = Vec::new();
        if !self.open || !after.open {
            return rows;
        }
        let mut row = |event, detail| rows.push(Moment::new(event, after.note.or(self.note), detail));
        if after.engine && !self.engine {
            row(Logged::ModelLoaded, 0);
        }
        // Another note, or none: what it was like when it was opened is no event.
        if self.note != after.note || after.note.is_none() {
            return rows;
        }
        match (self.recorder, after.recorder) {
            (Phase::Paused, Phase::Recording) => row(Logged::RecordingResumed, after.seconds),
            (before, Phase::Recording) if before != Phase::Recording => row(Logged::RecordingStarted, 0),
            (Phase::Recording, Phase::Paused) => row(Logged::RecordingPaused, after.seconds),
            (Phase::Recording | Phase::Paused, Phase::Ended) => row(Logged::RecordingStopped, after.seconds),
            (Phase::Reading, Phase::Ended) => row(Logged::FileImported, after.seconds),
            _ => {}
        }
        if after.drafted && !self.drafted {
            row(Logged::Drafted, 0);
        }
        if after.reviewed && !self.reviewed {
            row(Logged::Attested, after.revision);
        }
        if self.reviewed && !after.reviewed {
            row(Logged::Amended, after.revision);
        }
        rows
    }
}

fn phase(recorder: &Recorder) -> Phase {
    match recorder {
        Recorder::Idle
        | Recorder::Starting {
            before: Before::Nothing,
            ..
        } => Phase::Idle,
        Recorder::Recording { .. } => Phase::Recording,
        Recorder::Paused { .. }
        | Recorder::Unplugged { .. }
        | Recorder::Stopping { then: Then::Wait, .. }
        | Recorder::Starting {
            before: Before::Earlier(_),
            ..
        } => Phase::Paused,
        Recorder::Reading => Phase::Reading,
        Recorder::Stopping { then: Then::End, .. } | Recorder::Ended => Phase::Ended,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTE: Id = Id([1; 16]);

    fn at(recorder: Phase) -> Seen {
        Seen {
            open: true,
            note: Some(NOTE),
            recorder,
            seconds: 12,
            ..Seen::default()
        }
    }

    fn row(event: Logged, detail: u32) -> Vec<Moment> {
        vec![Moment::new(event, Some(NOTE), detail)]
    }

    #[test]
    fn each_step_of_a_recording_is_one_row() {
        use Phase::{Ended, Idle, Paused, Reading, Recording, Recovering};
        let steps = [
            (Idle, Recording, row(Logged::RecordingStarted, 0)),
            (Recording, Recording, vec![]),
            (Recording, Paused, row(Logged::RecordingPaused, 12)),
            (Paused, Recording, row(Logged::RecordingResumed, 12)),
            (Recording, Ended, row(Logged::RecordingStopped, 12)),
            (Paused, Ended, row(Logged::RecordingStopped, 12)),
            (Reading, Ended, row(Logged::FileImported, 12)),
            (Recovering, Ended, vec![]),
            (Idle, Ended, vec![]),
        ];
        for (before, after, rows) in steps {
            assert_eq!(at(before).rows(at(after)), rows, "{before:?} to {after:?}");
        }
    }

    #[test]
    fn a_note_is_drafted_attested_and_amended_only_while_it_is_open() {
        let drafted = Seen {
            drafted: true,
            ..at(Phase::Ended)
        };
        let attested = Seen {
            reviewed: true,
            revision: 4,
            ..drafted
        };
        assert_eq!(at(Phase::Ended).rows(drafted), row(Logged::Drafted, 0));
        assert_eq!(drafted.rows(attested), row(Logged::Attested, 4));
        assert_eq!(attested.rows(drafted), row(Logged::Amended, 0));
        // Opening a note that was attested long ago is no attestation, and a locked vault has no log.
        let list = Seen {
            open: true,
            ..Seen::default()
        };
        assert_eq!(list.rows(attested), vec![]);
        assert_eq!(Seen::default().rows(attested), vec![]);
    }
}
