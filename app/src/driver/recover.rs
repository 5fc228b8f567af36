use leptos::prelude::*;
use leptos::task::spawn_local;
use speech::{RATE, Samples};
use vault::RecordId;
use vault::audit::Event as Logged;

use super::Driver;
use super::vault::read;
use crate::browser::clock;
use crate::browser::wire::Wire;
use crate::keeper::Trouble;
use crate::keeper::audit::Moment;
use crate::keeper::protocol::{Answer, Request, SoundStep};
use crate::problem::StoreProblem;
use crate::session::{Event, Notice, Recorder, Recovered, Session};
use crate::visit::{Expiries, Visit};

/// The vault gets this long to begin a journal; then recording starts without one. Milliseconds.
const PATIENCE: u32 = 3_000;

/// A gap is filled with silence up to this length, so that what follows stays at its time; samples.
const LONGEST_GAP: u64 = 3_600 * RATE as u64;

/// A recording as it was read back.
pub(super) struct SoundFound {
    /// Seconds since 1970.
    created: u64,
    pub samples: Samples,
    /// From, to, in seconds.
    gaps: Vec<(f64, f64)>,
    complete: bool,
}

impl Driver {
    /// Begins the journal of the open visit, or goes on with it; false when its sound stays in memory.
    pub(super) async fn begin_sound(self) -> bool {
        let begin = self.session.with_untracked(|session| {
            let desk = session.desk.as_ref().filter(|desk| desk.begins_sound())?;
            let created = desk.visit.created;
            let expires_at = Expiries::sound(created, &session.settings.retention).min(desk.expiries.note);
            Some((desk.id, SoundStep::Begin { created, expires_at }))
        });
        let Some((id, step)) = begin else { return false };
        let request = Request::Sound { note: id.into(), step };
        let begun = clock::within(PATIENCE, self.ask(request)).await;
        let trouble = match begun.unwrap_or(Err(Trouble::Stopped)) {
            Ok(_) => {
                self.apply(Event::SoundBegun(id));
                return true;
            }
            Err(why) => Some(why.in_store()),
        };
        self.apply(Event::SoundKept {
            id,
            samples: 0,
            trouble,
        });
        false
    }

    /// The microphone's end of a line to the vault worker.
    pub(super) fn share_sound(self, rate: u32) -> Option<Wire> {
        let (tap, worker) = Wire::pair()?;
        self.with(|platform| platform.keeper.as_ref().map(|keeper| keeper.hear(rate, worker)))?;
        Some(tap)
    }

    /// Asked at once, because the worker may be told to end in the same step.
    pub(super) fn sound_step(self, note: RecordId, step: SoundStep) {
        let request = Request::Sound {
            note: note.into(),
            step,
        };
        let asked = self.with(|platform| platform.keeper.as_ref().map(|keeper| keeper.ask(request)));
        spawn_local(async move {
            if let Some(answer) = asked {
                // What fails here leaves the sound where it is, and the list tells of it.
                let _ = answer.await;
            }
        });
    }

    /// Makes a visit of an interrupted recording: all its sound, and from it all its words.
    pub fn recover(self, id: RecordId) {
        let began = clock::monotonic();
        spawn_local(async move {
            let found = match self.read_sound(id).await {
                Ok(found) => found,
                Err(why) => {
                    self.sound_step(id, SoundStep::Leave);
                    return self.apply(Event::Noticed(Notice::NotRecovered(why)));
                }
            };
            let (revision, held, expiries, visit) = match self.visit_of(id, found.created).await {
                Ok(visit) => visit,
                Err(why) => {
                    self.sound_step(id, SoundStep::Leave);
                    return self.apply(Event::Noticed(Notice::NotOpened(why)));
                }
            };
            self.apply(Event::Recovered(Box::new(Recovered {
                id,
                revision,
                expiries,
                held,
                visit,
                seconds: found.samples.seconds(),
                gaps: found.gaps,
            })));
            let reads = |session: &Session| {
                let desk = session.desk.as_ref();
                desk.is_some_and(|desk| desk.id == id && desk.recorder == Recorder::Reading)
            };
            if !self.session.with_untracked(reads) {
                return self.sound_step(id, SoundStep::Leave);
            }
            clock::measured("recover", began);
            let seconds = found.samples.seconds();
            self.write_rows(vec![Moment::new(
                Logged::RecordingRecovered,
                Some(id.into()),
                seconds as u32,
            )]);
            if !found.complete {
                self.apply(Event::Noticed(Notice::MayLackItsEnd));
            }
            self.with(|platform| platform.stop_reading = false);
            self.play_in(found.samples.into()).await;
        });
    }

    /// Destroys an interrupted recording.
    pub fn discard(self, id: RecordId) {
        let request = Request::Sound {
            note: id.into(),
            step: SoundStep::Destroy { by_hand: true },
        };
        spawn_local(async move {
            if let Err(why) = self.ask(request).await {
                self.apply(Event::Noticed(Notice::NotDiscarded(why)));
            }
            self.list_visits().await;
        });
    }

    /// All the sound that is kept of a visit.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(super) async fn read_sound(self, id: RecordId) -> Result<SoundFound, Trouble> {
        let next = || {
            let request = Request::Sound {
                note: id.into(),
                step: SoundStep::Read,
            };
            self.with(|platform| platform.keeper.as_ref().map(|keeper| keeper.ask(request)))
        };
        let mut samples = Vec::new();
        let mut gaps = Vec::new();
        let mut asked = next();
        loop {
            let Answer::Sound(part) = asked.ok_or(Trouble::Stopped)?.await? else {
                return Err(Trouble::Stopped);
            };
            // The worker opens the next part while this one is taken over here.
            asked = if part.last { None } else { next() };
            let mut from = 0;
            let pcm = |range: std::ops::Range<usize>| {
                let pairs = part.pcm.get(2 * range.start..2 * range.end).unwrap_or_default();
                pairs.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]]))
            };
            for (at, missing) in &part.gaps {
                samples.extend(pcm(from..*at as usize));
                from = *at as usize;
                let start = samples.len();
                samples.resize(start + (*missing).min(LONGEST_GAP) as usize, 0);
                gaps.push((seconds(start), seconds(samples.len())));
            }
            samples.extend(pcm(from..part.pcm.len() / 2));
            if part.last {
                return Ok(SoundFound {
                    created: part.created,
                    samples: Samples::new(samples),
                    gaps,
                    complete: part.complete,
                });
            }
        }
    }

    /// As it is stored, or a new one where the crash came before anything was.
    async fn visit_of(self, id: RecordId, created: u64) -> Result<(u32, bool, Expiries, Visit), Trouble> {
        let stored = self
            .session
            .with_untracked(|session| session.visits.iter().any(|visit| visit.id == id));
        if stored {
            return match self.ask(Request::Open { note: id.into() }).await? {
                Answer::Opened(opened) => {
                    let (card, expiries, visit) = read(opened)?;
                    Ok((card.revision, card.held, expiries, visit))
                }
                _ => Err(Trouble::Store(StoreProblem::Unavailable)),
            };
        }
        Ok(self.session.with_untracked(|session| {
            let settings = &session.settings;
            let expiries = Expiries::new(created, &settings.retention);
            (0, false, expiries, Visit::new(created, settings.note.template()))
        }))
    }
}

fn seconds(samples: usize) -> f64 {
    samples as f64 / f64::from(RATE)
}
