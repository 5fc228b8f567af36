use leptos::prelude::*;
use leptos::task::spawn_local;
use speech::{RATE, Samples, Utterance, dialogue, level, wav};
use vault::audit::Event as Logged;

use super::{Driver, Meter, OpenMicrophone, SILENT_AFTER};
use crate::browser::file::{AnyFile, TextFile};
use crate::browser::mic::{self, Sound};
use crate::browser::sound::Recorded;
use crate::browser::{clock, download, window};
use crate::keeper::Trouble;
use crate::problem::{FileProblem, MicProblem};
use crate::session::{Event, MicEvent, Notice, Recorder, Session, Take};
use crate::words;

/// A microphone that is shut gets this long for its last block, in steps: milliseconds, and how many. A page that was
/// frozen meanwhile lets in what waits for it before the last step is over.
const LAST_BLOCK: (u32, u32) = (50, 20);

/// A file runs in blocks of a tenth of a second, like a microphone's, so that nothing behind them knows the difference.
const BLOCKS_A_SECOND: u32 = 10;

/// Bytes of a written conversation: some twenty hours of talk.
const LONGEST_TRANSCRIPT: usize = 2 << 20;

/// Samples after which the session hears how far an utterance has come: a fifth of a second.
const BETWEEN_WORDS: usize = RATE as usize / 5;

/// Milliseconds between two breaks in which the page can draw and hear Stop.
const AT_ONCE: f64 = 12.0;

impl Driver {
    pub fn read_file(self, file: AnyFile) {
        self.read(Recorded::open(file));
    }

    /// A conversation that was written down elsewhere takes the place of a recording.
    pub fn read_transcript(self, file: TextFile) {
        if self.recorder() != Some(Recorder::Idle) {
            return;
        }
        self.apply(Event::Mic(MicEvent::FileChosen));
        spawn_local(async move {
            match file.read(LONGEST_TRANSCRIPT).await {
                Ok(text) => {
                    self.apply(Event::Written(dialogue::read(&text)));
                    self.apply(Event::Mic(MicEvent::FileEnded));
                }
                Err(why) => self.apply(Event::Mic(MicEvent::FileRefused(Notice::File(why)))),
            }
        });
    }

    /// The bundled dictation in a visit of its own, or in the one that is open.
    pub fn try_sample(self) {
        if self.session.with_untracked(|session| session.desk.is_none()) {
            self.start_visit();
        }
        self.read(Recorded::sample());
    }

    /// The recording as it was taken, for the person to keep; the only copy that is not encrypted. What is not in memory
    /// any more is read from the disk.
    pub fn save_audio(self) {
        let held = self.with(|platform| platform.tape.holds());
        let desk = |session: &Session| session.desk.as_ref().map(|desk| desk.id);
        let Some(note) = self.session.with_untracked(desk) else {
            return;
        };
        spawn_local(async move {
            let kept = match held {
                Some(true) => Ok(Samples::default()),
                Some(false) | None => self.read_sound(note).await.map(|sound| sound.samples),
            };
            let whole = |kept: Samples| match held {
                Some(_) => self.with(|platform| platform.tape.whole(&kept)).ok_or(Trouble::Stopped),
                None => Ok(kept),
            };
            match kept.and_then(whole) {
                Ok(samples) => self.save_wav(&samples),
                Err(why) => self.apply(Event::Noticed(Notice::NotRecovered(why))),
            }
        });
    }

    fn save_wav(self, samples: &Samples) {
        let created = self
            .session
            .with_untracked(|session| session.desk.as_ref().map(|desk| desk.visit.created));
        let stamp = clock::stamp(created.unwrap_or_else(clock::now));
        download::save(
            &format!("sotto-recording-{stamp}.wav"),
            "audio/wav",
            &wav::write(samples),
        );
        self.log(Logged::Exported, words::SOUND_EXPORTED);
    }

    pub(super) fn open_microphone(self, take: Take) {
        let device = self.with(|platform| platform.device.clone());
        spawn_local(async move {
            let allowed = match mic::ask(device).await {
                Ok(allowed) => allowed,
                Err(why) => return self.apply(Event::Mic(MicEvent::Refused(take, why))),
            };
            // Given up while the browser asked: it is let go here, and whatever is recorded meanwhile has its own line.
            if !self.awaits(take) {
                return;
            }
            // The journal stands before the first sound comes.
            let kept = self.begin_sound().await;
            if !self.awaits(take) {
                return;
            }
            let share = move |rate| (kept && self.awaits(take)).then(|| self.share_sound(rate)).flatten();
            match allowed.open(share, move |sound| self.on_sound(take, sound)).await {
                Ok(microphone) => {
                    self.with(|platform| {
                        platform.last_block = clock::monotonic();
                        platform.microphones.insert(
                            take,
                            OpenMicrophone {
                                microphone,
                                closing: false,
                                owed: 0,
                            },
                        );
                    });
                    self.apply(Event::Mic(MicEvent::Opened(take)));
                    // Only now do the devices have names.
                    self.list_devices();
                }
                Err(why) => self.apply(Event::Mic(MicEvent::Refused(take, why))),
            }
        });
    }

    pub(super) fn pause_microphone(self, take: Take) {
        self.with(|platform| {
            if let Some(open) = platform.microphones.get_mut(&take) {
                open.owed += 1;
                open.microphone.mute();
            }
        });
        self.meter.update(|meter| meter.level = 0.0);
    }

    pub(super) fn resume_microphone(self, take: Take) {
        self.with(|platform| {
            platform.last_block = clock::monotonic();
            if let Some(open) = platform.microphones.get(&take) {
                open.microphone.unmute();
            }
        });
    }

    /// The last block comes out first. One that is still opening is shut when it opens: the session says so again.
    pub(super) fn close_microphone(self, take: Take) {
        let known = self.with(|platform| match platform.microphones.get_mut(&take) {
            Some(open) => {
                open.closing = true;
                open.owed += 1;
                open.microphone.mute();
                true
            }
            None => false,
        });
        self.meter.update(|meter| meter.level = 0.0);
        if known {
            spawn_local(async move {
                let (step, steps) = LAST_BLOCK;
                for _ in 0..steps {
                    clock::sleep(step).await;
                }
                self.flushed(take, u32::MAX);
            });
        }
    }

    /// Says so when an open microphone gives nothing, and when it gives something again.
    pub(super) fn watch_microphone(self) {
        if !self.session.with_untracked(|session| session.is_recording()) {
            return;
        }
        let silent = clock::monotonic() - self.with(|platform| platform.last_block) > SILENT_AFTER;
        let said = self
            .session
            .with_untracked(|session| session.desk.as_ref().is_some_and(|desk| desk.no_sound));
        match (silent, said) {
            (true, false) => self.apply(Event::NoSound),
            (false, true) => self.apply(Event::SoundAgain),
            (true, true) | (false, false) => {}
        }
    }

    fn on_sound(self, take: Take, sound: Sound) {
        let heard = self.recorder().is_some_and(|recorder| recorder.hears(take));
        match sound {
            Sound::Block { rate, wave } if heard => {
                self.with(|platform| platform.last_block = clock::monotonic());
                match self.push(rate, &wave, None) {
                    Ok(()) => self.tell_of_speech(),
                    Err(_) => {
                        self.apply(Event::Mic(MicEvent::StopPressed));
                        self.apply(Event::Noticed(Notice::Microphone(MicProblem::Format)));
                    }
                }
            }
            Sound::Block { .. } => {}
            Sound::Flushed => self.flushed(take, 1),
            Sound::Gone => self.apply(Event::Mic(MicEvent::Gone(take))),
        }
    }

    /// Says how far the present utterance has come; not more often than a view needs.
    fn tell_of_speech(self) {
        let news = self.with(|platform| {
            let speaking = platform.tape.speaking();
            let step = speaking.map(|stretch| (stretch.start, stretch.samples / BETWEEN_WORDS));
            let rests = speaking.is_some_and(|stretch| stretch.rests);
            (std::mem::replace(&mut platform.spoken, step) != step || rests).then_some(speaking)
        });
        if let Some(speaking) = news {
            self.apply(Event::Speaking(speaking));
        }
    }

    /// Nothing more comes from before the pause or the end: the words before it go on their way.
    /// An earlier pause's last block is not that of the end.
    fn flushed(self, take: Take, times: u32) {
        let heard = self.recorder().is_some_and(|recorder| recorder.hears(take));
        let closed = self.with(|platform| {
            let open = platform.microphones.get_mut(&take)?;
            open.owed = open.owed.saturating_sub(times);
            Some(open.closing && open.owed == 0)
        });
        let Some(closed) = closed else { return };
        if heard {
            self.end_take();
        }
        if closed {
            self.with(|platform| platform.microphones.remove(&take));
            self.apply(Event::Mic(MicEvent::Closed(take)));
        }
    }

    fn read(self, opening: impl Future<Output = Result<Recorded, FileProblem>> + 'static) {
        if self.recorder() != Some(Recorder::Idle) {
            return;
        }
        self.apply(Event::Mic(MicEvent::FileChosen));
        self.with(|platform| platform.stop_reading = false);
        spawn_local(async move {
            match opening.await {
                Ok(sound) => self.play_in(sound).await,
                Err(why) => self.apply(Event::Mic(MicEvent::FileRefused(Notice::File(why)))),
            }
        });
    }

    /// Takes it in block by block until its end, until it is told to stop, or until it breaks off.
    pub(super) async fn play_in(self, mut sound: Recorded) {
        let (rate, seconds) = (sound.rate, sound.seconds);
        let mut broken = None;
        let mut since = clock::monotonic();
        'pieces: loop {
            let piece = match sound.next().await {
                Ok(piece) if piece.is_empty() => break,
                Ok(piece) => piece,
                Err(why) => {
                    broken = Some(why);
                    break;
                }
            };
            for block in piece.chunks((rate / BLOCKS_A_SECOND) as usize) {
                let stopped = self.with(|platform| platform.stop_reading);
                if stopped || self.push(rate, block, Some(seconds)).is_err() {
                    break 'pieces;
                }
                if clock::monotonic() - since > AT_ONCE {
                    clock::sleep(0).await;
                    since = clock::monotonic();
                }
            }
        }
        self.end_take();
        self.apply(Event::Mic(MicEvent::FileEnded));
        if let Some(why) = broken {
            self.apply(Event::Noticed(Notice::File(why)));
        }
    }

    fn push(self, rate: u32, wave: &[f32], of: Option<f64>) -> Result<(), MicProblem> {
        let (utterances, seconds) = self.with(|platform| {
            let utterances = platform.tape.push(rate, wave)?;
            Ok((utterances, platform.tape.seconds()))
        })?;
        if !window::is_hidden() {
            self.meter.set(Meter {
                level: level(wave),
                seconds,
                of,
            });
        }
        self.send(utterances);
        Ok(())
    }

    fn end_take(self) {
        let (utterances, seconds) = self.with(|platform| (platform.tape.end_take(), platform.tape.seconds()));
        self.meter.set(Meter {
            level: 0.0,
            seconds,
            of: None,
        });
        self.send(utterances);
        // What was taken for speech and is none has no words.
        self.tell_of_speech();
        self.apply(Event::Recorded { seconds });
    }

    fn send(self, utterances: Vec<Utterance>) {
        for utterance in utterances {
            self.apply(Event::Spoken(utterance));
        }
    }

    fn awaits(self, take: Take) -> bool {
        self.session.with_untracked(|session| session.awaits(take))
    }

    fn recorder(self) -> Option<Recorder> {
        self.session
            .with_untracked(|session| session.desk.as_ref().map(|desk| desk.recorder))
    }
}
