//! Everything that can happen around a recording.

use proptest::prelude::*;
use proptest::sample::select;

#[derive(Clone, Copy, Debug)]
pub enum Step {
    Press(Press),
    /// Of the openings, the one at this place.
    Browser(u8, Browser),
    /// The one at this place does what comes next in good order.
    GoesOn(u8),
    Disk(DiskStep),
    Worker(WorkerStep),
    Clock(Clock),
}

#[derive(Clone, Copy, Debug)]
pub enum Press {
    Record,
    Pause,
    Resume,
    Stop,
    File,
    Confirm,
    Close,
    Lock,
    Start,
    /// A stored visit.
    Reopen(u8),
    Recover,
    Discard,
    Retry,
}

#[derive(Clone, Copy, Debug)]
pub enum Browser {
    /// Grant, begin the journal, connect.
    Opens,
    Fails,
    Unplugged,
    /// The audio thread reads what the page told it.
    Obeys,
    Hears,
    /// The page reads what the audio thread sent.
    Tells,
    /// Nothing came for too long.
    TimesOut,
    /// The next block of the file, or its end.
    Reads,
    FileRefused,
}

#[derive(Clone, Copy, Debug)]
pub enum DiskStep {
    Full(bool),
    News,
    SaveDue,
    Saved,
    SaveFailed(bool),
}

#[derive(Clone, Copy, Debug)]
pub enum WorkerStep {
    Ready(bool),
    Answers,
    Wordless(bool),
    CannotTell,
    Partial,
    Speaking,
    Dies,
    LosesGpu,
    /// The model cannot be loaded.
    Fails,
}

#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The browser is killed, and started again.
    Crash,
    Tick(bool),
    Left,
    Shut,
    NoSound,
    SoundAgain,
}

/// What is listed again is likelier.
pub fn step() -> impl Strategy<Value = Step> {
    use {Browser as B, Clock as C, DiskStep as D, Press as P, WorkerStep as W};
    let press = select(vec![
        P::Record,
        P::Record,
        P::Record,
        P::Pause,
        P::Resume,
        P::Resume,
        P::Stop,
        P::Stop,
        P::File,
        P::Confirm,
        P::Close,
        P::Close,
        P::Lock,
        P::Start,
        P::Start,
        P::Reopen(0),
        P::Reopen(1),
        P::Recover,
        P::Discard,
        P::Retry,
    ]);
    let browser = select(vec![
        B::Opens,
        B::Opens,
        B::Opens,
        B::Opens,
        B::Opens,
        B::Opens,
        B::Fails,
        B::Unplugged,
        B::Obeys,
        B::Obeys,
        B::Obeys,
        B::Hears,
        B::Hears,
        B::Hears,
        B::Hears,
        B::Hears,
        B::Tells,
        B::Tells,
        B::Tells,
        B::Tells,
        B::Tells,
        B::TimesOut,
        B::Reads,
        B::FileRefused,
    ]);
    let disk = select(vec![
        D::Full(true),
        D::Full(false),
        D::Full(false),
        D::News,
        D::News,
        D::News,
        D::SaveDue,
        D::SaveDue,
        D::Saved,
        D::Saved,
        D::Saved,
        D::SaveFailed(true),
        D::SaveFailed(false),
    ]);
    let worker = select(vec![
        W::Ready(true),
        W::Ready(false),
        W::Answers,
        W::Answers,
        W::Answers,
        W::Answers,
        W::Wordless(true),
        W::Wordless(false),
        W::CannotTell,
        W::Partial,
        W::Speaking,
        W::Dies,
        W::LosesGpu,
        W::Fails,
    ]);
    let clock = select(vec![
        C::Crash,
        C::Tick(false),
        C::Tick(true),
        C::Left,
        C::Shut,
        C::NoSound,
        C::SoundAgain,
    ]);
    prop_oneof![
        4 => press.prop_map(Step::Press),
        3 => (0..3_u8, browser).prop_map(|(place, step)| Step::Browser(place, step)),
        9 => (0..3_u8).prop_map(Step::GoesOn),
        2 => disk.prop_map(Step::Disk),
        3 => worker.prop_map(Step::Worker),
        1 => clock.prop_map(Step::Clock),
    ]
}
