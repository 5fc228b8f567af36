//! Carries out what the session decides: the only place where its events and commands meet the browser.

mod sound;
mod vault;

use std::collections::BTreeMap;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::mic::{Device, Microphone};
use crate::browser::store::Store;
use crate::browser::worker::SpeechWorker;
use crate::browser::{clock, mic, offline, window};
use crate::session::{Command, Event, Session, Take, WorkerEvent, WorkerId};
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
    /// The app is kept for use without a network.
    pub offline: RwSignal<bool>,
    /// A newer version waits to be let in.
    pub newer: RwSignal<bool>,
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
    store: Option<Rc<Store>>,
    key: Option<::vault::Key>,
    worker: Option<SpeechWorker>,
    microphones: BTreeMap<Take, OpenMicrophone>,
    /// The device that the person chose.
    device: Option<String>,
    tape: Tape,
    /// When the last block came; milliseconds of the monotonic clock.
    last_block: f64,
    stop_reading: bool,
    save_waits: bool,
}

struct OpenMicrophone {
    microphone: Microphone,
    closing: bool,
}

impl Driver {
    /// Looks for a vault, keeps the app for use without a network, and starts the clock.
    pub fn start() -> Self {
        let driver = Self {
            session: RwSignal::new(Session::default()),
            meter: RwSignal::new(Meter::default()),
            devices: RwSignal::new(Vec::new()),
            offline: RwSignal::new(false),
            newer: RwSignal::new(false),
            platform: StoredValue::new_local(Platform::default()),
        };
        spawn_local(driver.read_vault());
        spawn_local(offline::keep_app(
            move || driver.offline.set(true),
            move || driver.newer.set(true),
        ));
        mic::watch_devices(move || driver.list_devices());
        window::watch_leaving();
        driver.list_devices();
        clock::every_second(move || driver.tick());
        driver
    }

    pub fn apply(self, event: Event) {
        let commands = self
            .session
            .try_update(|session| session.apply(event))
            .unwrap_or_default();
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
            Command::StopWorker => self.with(|platform| platform.worker = None),
            Command::Save { revision } => self.save(revision),
            Command::SaveSoon => self.save_soon(),
            Command::ListVisits => spawn_local(self.list_visits()),
            Command::DropRecording => {
                self.with(|platform| platform.tape = Tape::default());
                self.meter.set(Meter::default());
            }
            Command::ForgetKey => self.with(|platform| platform.key = None),
            // The session keeps notices; none comes out.
            Command::Notify(_) => {}
        }
    }

    pub fn update_app(self) {
        spawn_local(offline::take_over());
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
        let now = clock::now();
        if now.is_multiple_of(SWEEP_EVERY) {
            self.apply(Event::Tick { now });
            spawn_local(self.sweep(now));
        }
    }

    fn with<R>(self, act: impl FnOnce(&mut Platform) -> R) -> R {
        self.platform
            .try_update_value(act)
            .expect("the driver lives as long as the page")
    }
}
