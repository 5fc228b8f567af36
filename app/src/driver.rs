//! Carries out what the session decides: the only place where its events and commands meet the browser.

mod custody;
pub use custody::Form;

mod log;
mod note;
mod recover;
mod sound;
mod vault;

use std::collections::BTreeMap;

use ::language::Locale;
use ::note::Flag;
use leptos::prelude::*;
use leptos::task::spawn_local;
use speech::protocol::Request;

use crate::browser::clock::Instant;
use crate::browser::keeper::Keeper;
use crate::browser::mic::{Device, Microphone};
use crate::browser::worker::SpeechWorker;
use crate::browser::{awake, clock, mic, offline, window};
use crate::keeper::audit::Moment;
use crate::keeper::protocol::{self as keeper, ClockSeen};
use crate::session::{Command, Event, MicEvent, Notice, Session, Take, Vault, WorkerEvent, WorkerId};
use crate::tape::Tape;

/// How long edits are gathered before they are stored, in milliseconds.
const SAVE_DELAY: u32 = 800;

/// Without a block for this long, an open microphone is called silent; milliseconds.
const SILENT_AFTER: f64 = 2_000.0;

/// Seconds between two looks for visits whose time is over.
const SWEEP_EVERY: u64 = 60;

/// What every view is given: signals to read, verbs to call.
#[derive(Clone, Copy)]
pub struct Driver {
    pub session: RwSignal<Session>,
    /// A measurement and no state: it changes ten times a second and decides nothing.
    pub meter: RwSignal<Meter>,
    pub devices: RwSignal<Vec<Device>>,
    /// What there is to look at in the open note, as of the clinician's last pause.
    pub flags: RwSignal<Vec<Flag>>,
    /// They are those of the open note, which was looked through.
    pub looked: RwSignal<bool>,
    /// The app is kept for use without a network.
    pub offline: RwSignal<bool>,
    /// Seconds since 1970, as of the last minute: what counts down needs no more.
    pub minute: RwSignal<u64>,
    /// A newer version waits to be let in.
    pub newer: RwSignal<bool>,
    /// What the interface speaks: the browser's language until a vault says otherwise.
    pub language: RwSignal<Locale>,
    /// Not `Sync`, like everything that the browser hands out.
    platform: StoredValue<Platform, LocalStorage>,
}

/// What the recording is doing right now.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Meter {
    /// 0 to 1.
    pub level: f32,
    /// Length of the recording so far.
    pub seconds: f64,
    /// Length of the file that is being read, if one is.
    pub of: Option<f64>,
}

#[derive(Default)]
struct Platform {
    keeper: Option<Keeper>,
    /// When the vault was opened; seconds since 1970.
    opened_at: u64,
    /// What was odd about the clock when it was last told.
    clock: ClockSeen,
    /// When somebody last touched keyboard, mouse or screen.
    touched: Instant,
    /// The words of the open visit as they are stored, by their digest.
    words_stored: Option<(::vault::RecordId, u64)>,
    /// When visits whose time is over were last looked for; seconds since 1970.
    swept_at: u64,
    worker: Option<SpeechWorker>,
    microphones: BTreeMap<Take, OpenMicrophone>,
    /// The device that the person chose.
    device: Option<String>,
    tape: Tape,
    /// When the last block came; milliseconds of the monotonic clock.
    last_block: f64,
    /// What the session was told of the utterance that goes on, in steps.
    spoken: Option<(u64, usize)>,
    stop_reading: bool,
    save_waits: bool,
    /// What drafts notes is here, or on its way.
    writer_asked: bool,
    /// Counts the edits, so that only the last one of a row is looked at.
    look: u32,
}

struct OpenMicrophone {
    microphone: Microphone,
    closing: bool,
    /// How many times it was muted whose last block is not here yet.
    owed: u32,
}

impl Driver {
    /// Looks for a vault, keeps the app for use without a network, and starts the clock.
    pub fn start() -> Self {
        let driver = Self {
            session: RwSignal::new(Session::default()),
            meter: RwSignal::new(Meter::default()),
            devices: RwSignal::new(Vec::new()),
            flags: RwSignal::new(Vec::new()),
            looked: RwSignal::new(false),
            offline: RwSignal::new(false),
            newer: RwSignal::new(false),
            language: RwSignal::new(window::language()),
            minute: RwSignal::new(clock::now()),
            platform: StoredValue::new_local(Platform::default()),
        };
        driver.start_keeper();
        spawn_local(offline::keep_app(
            move || driver.offline.set(true),
            move || driver.newer.set(true),
        ));
        mic::watch_devices(move || driver.list_devices());
        window::watch_leaving();
        window::watch_touch(move || driver.with(|platform| platform.touched = clock::moment()));
        awake::watch_media_keys(
            move || driver.apply(Event::Mic(MicEvent::PausePressed)),
            move || driver.apply(Event::Mic(MicEvent::ResumePressed)),
        );
        window::watch_sight(move |hidden| driver.on_sight(hidden));
        driver.list_devices();
        driver.start_writer();
        clock::every_second(move || driver.tick());
        driver
    }

    pub fn apply(self, event: Event) {
        let before = self.session.with_untracked(log::Seen::of);
        let note = |session: &Session| {
            let desk = session.desk.as_ref();
            desk.map_or((None, 0, 0), |desk| (Some(desk.id), desk.drafts, desk.looks))
        };
        let ((of, drafted, looked), began) = (self.session.with_untracked(note), clock::monotonic());
        let commands = self
            .session
            .try_update(|session| session.apply(event))
            .unwrap_or_default();
        let (now_of, drafts, looks) = self.session.with_untracked(note);
        if drafts > drafted {
            clock::measured("draft", began);
        }
        if looks > looked {
            clock::measured("look", began);
        }
        if (now_of, drafts) != (of, drafted) {
            self.forget_flags();
        }
        self.write_rows(before.rows(self.session.with_untracked(log::Seen::of)));
        for command in commands {
            self.run(command);
        }
    }

    fn run(self, command: Command) {
        match command {
            Command::OpenMicrophone(take) => self.open_microphone(take),
            Command::PauseMicrophone(take) => self.pause_microphone(take),
            Command::ResumeMicrophone(take) => self.resume_microphone(take),
            Command::CloseMicrophone(take) => self.close_microphone(take),
            Command::StopReading => self.with(|platform| platform.stop_reading = true),
            Command::StartWorker(worker) => self.start_worker(worker),
            Command::Send(_, request) => self.with(|platform| {
                if let Some(worker) = &platform.worker {
                    worker.send(&request);
                }
            }),
            Command::SendSpoken(_, job) => self.with(|platform| {
                if let (Some(worker), Some(utterance)) = (&platform.worker, platform.tape.spoken()) {
                    worker.send(&Request::Listen { job, utterance });
                }
            }),
            Command::StopWorker => self.with(|platform| platform.worker = None),
            Command::Save { revision } => self.save(revision),
            Command::SaveSoon => self.save_soon(),
            Command::ListVisits => spawn_local(self.list_visits()),
            Command::Sound { note, step } => self.sound_step(note, step),
            Command::DropRecording => {
                self.with(|platform| platform.tape = Tape::default());
                self.meter.set(Meter::default());
            }
            Command::TrimRecording { kept } => self.with(|platform| platform.tape.trim(kept)),
            Command::ForgetKey(why) => self.forget_key(why),
            // The session keeps notices; none comes out.
            Command::Notify(_) => {}
        }
    }

    /// The language of this moment. Screens are built anew when it changes, so nothing follows it.
    pub fn locale(self) -> Locale {
        self.language.get_untracked()
    }

    /// Goes on in another language, and remembers it where there is a vault to remember it in.
    pub fn speak(self, locale: Locale) {
        self.language.set(locale);
        if self.session.with_untracked(|session| session.vault == Vault::Open) {
            let mut settings = self.session.with_untracked(|session| session.settings.clone());
            settings.language = ::language::tag(locale).to_owned();
            self.write_settings(settings);
        }
    }

    /// Listens for another language; without one, for the one that the model tells from the sound.
    pub fn listen_for(self, language: Option<String>) {
        let mut settings = self.session.with_untracked(|session| session.settings.clone());
        settings.spoken = language;
        self.write_settings(settings);
    }

    /// Never while something would be lost by it.
    pub fn update_app(self) {
        if self.session.with_untracked(Session::holds_unsaved) {
            return;
        }
        spawn_local(async move {
            if self.session.with_untracked(|session| session.vault == Vault::Open) {
                let updated = Moment::new(::vault::audit::Event::Updated, None, 0);
                // A row that cannot be written is no reason to stay with an old version.
                let _ = self.ask(keeper::Request::Log(updated)).await;
            }
            self.apply(Event::Noticed(match offline::take_over().await {
                Some(offline::Hindrance::OtherTabs) => Notice::OtherTabs,
                Some(offline::Hindrance::Silence) => Notice::NotStarted,
                None => return,
            }));
        });
    }

    pub fn choose_device(self, id: String) {
        self.with(|platform| platform.device = (!id.is_empty()).then_some(id));
    }

    fn start_worker(self, id: WorkerId) {
        let worker = SpeechWorker::start(move |event| self.apply(Event::Worker(id, event)));
        let refused = worker.is_none();
        self.with(|platform| platform.worker = worker);
        if refused {
            self.apply(Event::Worker(id, WorkerEvent::Died));
        }
    }

    fn save_soon(self) {
        if self.with(|platform| std::mem::replace(&mut platform.save_waits, true)) {
            return;
        }
        spawn_local(async move {
            clock::sleep(SAVE_DELAY).await;
            self.with(|platform| platform.save_waits = false);
            self.apply(Event::SaveDue);
        });
    }

    fn list_devices(self) {
        spawn_local(async move { self.devices.set(mic::devices().await) });
    }

    fn tick(self) {
        self.watch_microphone();
        self.watch_idle();
        let now = clock::now();
        let due = self.with(|platform| now.abs_diff(platform.swept_at) >= SWEEP_EVERY);
        if due {
            self.with(|platform| platform.swept_at = now);
            self.minute.set(now);
            self.apply(Event::Tick { now });
            self.sweep();
            self.start_writer();
        }
    }

    fn with<R>(self, act: impl FnOnce(&mut Platform) -> R) -> R {
        self.platform
            .try_update_value(act)
            .expect("the driver lives as long as the page")
    }
}
