use leptos::prelude::*;
use leptos::task::spawn_local;
use speech::{RATE, Utterance, level, wav};

use super::{Driver, Meter, OpenMicrophone, SILENT_AFTER};
use crate::browser::file::{self, AudioFile};
use crate::browser::mic::{self, Sound};
use crate::browser::{clock, download, window};
use crate::problem::{FileProblem, MicProblem};
use crate::session::{Event, MicEvent, Notice, Recorder, Take};

/// A microphone that is shut gets this long for its last block; milliseconds.
const LAST_BLOCK: u32 = 1_000;

/// A file runs in blocks like a microphone's, so that nothing behind them knows the difference.
const FILE_BLOCK: usize = RATE as usize / 10;

/// Blocks between two breaks in which the page can draw and hear Stop.
const BLOCKS_AT_ONCE: usize = 5;

impl Driver {
    pub fn read_file(self, file: AudioFile) {
        self.read(file::decode(file));
    }

    /// The bundled dictation in a visit of its own, or in the one that is open.
    pub fn try_sample(self) {
        if self.session.with_untracked(|session| session.desk.is_none()) {
            self.start_visit();
        }
        self.read(file::decode_sample());
    }

    /// The recording as it was taken, for the person to keep; the only copy that is not encrypted.
    pub fn save_audio(self) {
        let bytes = self.with(|platform| wav::write(platform.tape.samples()));
        let created = self
            .session
            .with_untracked(|session| session.desk.as_ref().map(|desk| desk.visit.created));
        let stamp = clock::stamp(created.unwrap_or_else(clock::now));
        download::save(&format!("sotto-recording-{stamp}.wav"), "audio/wav", &bytes);
    }

    pub(super) fn open_microphone(self, take: Take) {
        let device = self.with(|platform| platform.device.clone());
        spawn_local(async move {
            match mic::open(device, move |sound| self.on_sound(take, sound)).await {
                Ok(microphone) => {
                    self.with(|platform| {
                        platform.last_block = clock::monotonic();
                        platform.microphones.insert(
                            take,
                            OpenMicrophone {
                                microphone,
                                closing: false,
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
            if let Some(open) = platform.microphones.get(&take) {
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
                open.microphone.mute();
                true
            }
            None => false,
        });
        self.meter.update(|meter| meter.level = 0.0);
        if known {
            spawn_local(async move {
                clock::sleep(LAST_BLOCK).await;
                self.flushed(take);
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
                if self.push(rate, &wave, None).is_err() {
                    self.apply(Event::Mic(MicEvent::StopPressed));
                    self.apply(Event::Noticed(Notice::Microphone(MicProblem::Format)));
                }
            }
            Sound::Block { .. } => {}
            Sound::Flushed => self.flushed(take),
            Sound::Gone => self.apply(Event::Mic(MicEvent::Gone(take))),
        }
    }

    /// Nothing more comes from before the pause or the end: the words before it go on their way.
    fn flushed(self, take: Take) {
        let heard = self.recorder().is_some_and(|recorder| recorder.hears(take));
        let (known, closing) = self.with(|platform| match platform.microphones.get(&take) {
            Some(open) => (true, open.closing),
            None => (false, false),
        });
        if !known {
            return;
        }
        if heard {
            self.end_take();
        }
        if closing {
            self.with(|platform| platform.microphones.remove(&take));
            self.apply(Event::Mic(MicEvent::Closed(take)));
        }
    }

    fn read(self, decoding: impl Future<Output = Result<Vec<f32>, FileProblem>> + 'static) {
        if self.recorder() != Some(Recorder::Idle) {
            return;
        }
        self.apply(Event::Mic(MicEvent::FileChosen));
        self.with(|platform| platform.stop_reading = false);
        spawn_local(async move {
            match decoding.await {
                Ok(wave) => self.play_in(&wave).await,
                Err(why) => self.apply(Event::Mic(MicEvent::FileRefused(Notice::File(why)))),
            }
        });
    }

    async fn play_in(self, wave: &[f32]) {
        let seconds = wave.len() as f64 / f64::from(RATE);
        for (index, block) in wave.chunks(FILE_BLOCK).enumerate() {
            if self.with(|platform| platform.stop_reading) || self.push(RATE, block, Some(seconds)).is_err() {
                break;
            }
            if index % BLOCKS_AT_ONCE == 0 {
                clock::sleep(0).await;
            }
        }
        self.end_take();
        self.apply(Event::Mic(MicEvent::FileEnded));
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
        self.apply(Event::Recorded { seconds });
    }

    fn send(self, utterances: Vec<Utterance>) {
        for utterance in utterances {
            self.apply(Event::Spoken(utterance));
        }
    }

    fn recorder(self) -> Option<Recorder> {
        self.session
            .with_untracked(|session| session.desk.as_ref().map(|desk| desk.recorder))
    }
}
