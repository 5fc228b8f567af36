use super::{Command, Notice};
use crate::problem::MicProblem;

/// What the page says about the microphone. It is always what the microphone does: a state in which sound is taken is
/// entered by the browser's answer alone, and left in the same step in which the microphone is told to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorder {
    /// Nothing has been recorded in this visit yet.
    Idle,
    /// The browser was asked for the microphone; it may be asking the person.
    Starting {
        take: Take,
        before: Before,
    },
    Recording {
        take: Take,
    },
    /// The microphone is open and its sound is thrown away.
    Paused {
        take: Take,
    },
    /// The microphone is gone; what it gave is kept, and another one may go on.
    Unplugged {
        take: Take,
    },
    /// The microphone is shut; its last block is on the way.
    Stopping {
        take: Take,
        then: Then,
    },
    /// An audio file runs through the same path as the microphone.
    Reading,
    /// The recording is over; a visit holds one.
    Ended,
}

/// Numbers the openings of the microphone, so that a late answer is not taken for the present one's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Take(pub u32);

/// Where a refused microphone leads back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    Nothing,
    Earlier(Take),
}

/// Where the last block leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    End,
    Wait,
}

/// What a person, the browser or the device did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MicEvent {
    RecordPressed,
    PausePressed,
    ResumePressed,
    StopPressed,
    Opened(Take),
    Refused(Take, MicProblem),
    /// The device was unplugged, or the browser took it away.
    Gone(Take),
    /// The last block of a microphone that was shut has arrived.
    Closed(Take),
    FileChosen,
    FileRefused(Notice),
    FileEnded,
}

impl MicEvent {
    /// A microphone that opens when no visit is open is shut at once.
    pub fn unwanted(&self) -> Vec<Command> {
        match self {
            MicEvent::Opened(take) => vec![Command::CloseMicrophone(*take)],
            _ => vec![],
        }
    }

    /// True for what a person does.
    pub fn is_press(&self) -> bool {
        match self {
            MicEvent::RecordPressed
            | MicEvent::PausePressed
            | MicEvent::ResumePressed
            | MicEvent::StopPressed
            | MicEvent::FileChosen => true,
            MicEvent::Opened(_)
            | MicEvent::Refused(..)
            | MicEvent::Gone(_)
            | MicEvent::Closed(_)
            | MicEvent::FileRefused(_)
            | MicEvent::FileEnded => false,
        }
    }
}

impl Recorder {
    /// The next state and what must be done to the microphone for it to be true. `fresh` has never been used before.
    pub fn on(self, event: MicEvent, fresh: Take) -> (Recorder, Vec<Command>) {
        match (self, event) {
            (Recorder::Idle, MicEvent::RecordPressed) => start(fresh, Before::Nothing),
            (Recorder::Unplugged { take }, MicEvent::RecordPressed | MicEvent::ResumePressed) => {
                start(fresh, Before::Earlier(take))
            }

            (Recorder::Starting { take, .. }, MicEvent::Opened(opened)) if take == opened => {
                (Recorder::Recording { take }, vec![])
            }
            (Recorder::Starting { take, before }, MicEvent::Refused(refused, why)) if take == refused => {
                (before.state(), vec![Command::Notify(Notice::Microphone(why))])
            }
            (Recorder::Starting { take, before }, MicEvent::StopPressed) => {
                let next = match before {
                    Before::Nothing => Recorder::Idle,
                    Before::Earlier(_) => Recorder::Ended,
                };
                (next, vec![Command::CloseMicrophone(take)])
            }

            (Recorder::Recording { take }, MicEvent::PausePressed) => {
                (Recorder::Paused { take }, vec![Command::PauseMicrophone(take)])
            }
            (Recorder::Paused { take }, MicEvent::RecordPressed | MicEvent::ResumePressed) => {
                (Recorder::Recording { take }, vec![Command::ResumeMicrophone(take)])
            }
            (Recorder::Recording { take } | Recorder::Paused { take }, MicEvent::StopPressed) => (
                Recorder::Stopping { take, then: Then::End },
                vec![Command::CloseMicrophone(take)],
            ),
            (Recorder::Recording { take } | Recorder::Paused { take }, MicEvent::Gone(gone)) if take == gone => (
                Recorder::Stopping { take, then: Then::Wait },
                vec![Command::CloseMicrophone(take), Command::Notify(Notice::Unplugged)],
            ),

            (Recorder::Stopping { take, .. }, MicEvent::StopPressed) => {
                (Recorder::Stopping { take, then: Then::End }, vec![])
            }
            (Recorder::Stopping { take, then }, MicEvent::Closed(closed)) if take == closed => match then {
                Then::End => (Recorder::Ended, vec![]),
                Then::Wait => (Recorder::Unplugged { take }, vec![]),
            },
            (Recorder::Unplugged { .. }, MicEvent::StopPressed) => (Recorder::Ended, vec![]),

            (Recorder::Idle, MicEvent::FileChosen) => (Recorder::Reading, vec![]),
            (Recorder::Reading, MicEvent::FileRefused(why)) => (Recorder::Idle, vec![Command::Notify(why)]),
            // The reader sees the order between two blocks, hands in what it has and says that it ended.
            (Recorder::Reading, MicEvent::StopPressed) => (Recorder::Reading, vec![Command::StopReading]),
            (Recorder::Reading, MicEvent::FileEnded) => (Recorder::Ended, vec![]),

            // A microphone that opens when nobody waits for it is shut at once.
            (state, MicEvent::Opened(late)) => (state, vec![Command::CloseMicrophone(late)]),
            (state, _) => (state, vec![]),
        }
    }

    /// True if what this opening of the microphone sends belongs to the recording.
    pub fn hears(self, sender: Take) -> bool {
        match self {
            Recorder::Recording { take } | Recorder::Paused { take } | Recorder::Stopping { take, .. } => {
                take == sender
            }
            Recorder::Idle
            | Recorder::Starting { .. }
            | Recorder::Unplugged { .. }
            | Recorder::Reading
            | Recorder::Ended => false,
        }
    }

    /// True while leaving the visit would cut a recording short.
    pub fn is_active(self) -> bool {
        match self {
            Recorder::Idle | Recorder::Ended => false,
            Recorder::Starting { .. }
            | Recorder::Recording { .. }
            | Recorder::Paused { .. }
            | Recorder::Unplugged { .. }
            | Recorder::Stopping { .. }
            | Recorder::Reading => true,
        }
    }
}

impl Before {
    fn state(self) -> Recorder {
        match self {
            Before::Nothing => Recorder::Idle,
            Before::Earlier(take) => Recorder::Unplugged { take },
        }
    }
}

fn start(take: Take, before: Before) -> (Recorder, Vec<Command>) {
    (Recorder::Starting { take, before }, vec![Command::OpenMicrophone(take)])
}
