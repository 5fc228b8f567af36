//! A fresh Chromium for one test, driven through WebDriver and its DevTools commands.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::marionette::Marionette;
use crate::processes::{self, kill};
use crate::scratch::Scratch;
use crate::webdriver::{WebDriver, id_of};

mod look;
pub use look::Eyes;

mod switches;
use switches::capabilities;

/// One browser with an empty profile; ended and removed with the value.
pub struct Chrome {
    driver: Driver,
    folder: Scratch,
}

/// Who carries out what is asked of a browser.
enum Driver {
    Chromedriver(WebDriver),
    Firefox(Marionette),
}

impl Driver {
    fn post(&self, command: &str, body: Value) -> Result<Value, String> {
        match self {
            Driver::Chromedriver(driver) => driver.post(command, body),
            Driver::Firefox(driver) => driver.post(command, body),
        }
    }

    /// The id of the first element that a selector finds.
    fn find(&self, css: &str) -> Result<String, String> {
        let found = self.post("element", json!({ "using": "css selector", "value": css }))?;
        Ok(id_of(&found))
    }

    /// For what Firefox is not asked.
    fn chromedriver(&self) -> &WebDriver {
        match self {
            Driver::Chromedriver(driver) => driver,
            Driver::Firefox(_) => panic!("only Chromium is asked for this"),
        }
    }
}

/// Which GPU the browser offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gpu {
    /// None: WebGPU is off, as in a browser without it.
    None,
    /// WebGPU in software.
    SwiftShader,
}

/// What is plugged in.
#[derive(Clone, Copy, Debug)]
pub enum Microphone<'a> {
    None,
    /// Plays the file once, from when it is first listened to.
    Plays(&'a Path),
}

/// What the person at the browser's own question answers.
#[derive(Clone, Copy, Debug)]
pub enum Permission {
    Granted,
    Denied,
}

/// What is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Victim {
    /// The processes of its tabs and workers.
    Pages,
    /// The browser's own process, and with it all others.
    Browser,
}

/// What keeps IndexedDB on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    LevelDb,
    Sqlite,
}

impl Chrome {
    /// # Panics
    /// When the browser or its driver is missing or does not start.
    pub fn launch(gpu: Gpu, microphone: Microphone<'_>) -> Chrome {
        Chrome::launch_in(Scratch::new("chrome"), gpu, microphone, Vec::new())
    }

    /// The same with a microphone that plays this recording, and may be heard by the site.
    pub fn hearing(gpu: Gpu, recording: &Path, origin: &str) -> Chrome {
        let chrome = Chrome::launch(gpu, Microphone::Plays(recording));
        chrome.set_microphone_permission(origin, Permission::Granted);
        chrome
    }

    /// The same with one of the two databases that Chromium has.
    pub fn launch_on(backend: Backend, gpu: Gpu, microphone: Microphone<'_>) -> Chrome {
        let switch = match backend {
            Backend::LevelDb => "--disable-features=WebGPU,IdbSqliteBackingStore",
            Backend::Sqlite => "--enable-features=IdbSqliteBackingStore",
        };
        Chrome::launch_in(Scratch::new("chrome"), gpu, microphone, vec![switch.to_owned()])
    }

    /// The same without a microphone and with a switch of the browser's.
    pub fn launch_with(gpu: Gpu, switch: &str) -> Chrome {
        Chrome::launch_in(Scratch::new("chrome"), gpu, Microphone::None, vec![switch.to_owned()])
    }

    fn launch_in(folder: Scratch, gpu: Gpu, microphone: Microphone<'_>, switches: Vec<String>) -> Chrome {
        let driver = WebDriver::start(capabilities(folder.path(), gpu, microphone, switches));
        let driver = Driver::Chromedriver(driver);
        let chrome = Chrome { driver, folder };
        chrome.take_downloads();
        chrome
    }

    fn take_downloads(&self) {
        let downloads = self.downloads();
        std::fs::create_dir_all(&downloads).expect("the scratch folder can be written");
        self.devtools(
            "Browser.setDownloadBehavior",
            json!({ "behavior": "allow", "downloadPath": downloads }),
        );
    }

    /// The other browser that the tests know, with an empty profile too. It does what [`Clinician`](crate::clinician) does,
    /// and no more.
    pub fn firefox() -> Chrome {
        let folder = Scratch::new("firefox");
        let downloads = folder.path().join("downloads");
        std::fs::create_dir_all(&downloads).expect("the scratch folder can be written");
        let driver = Marionette::start(&folder.path().join("profile"), &downloads);
        Chrome {
            driver: Driver::Firefox(driver),
            folder,
        }
    }

    pub fn goto(&self, url: &str) {
        self.driver
            .post("url", json!({ "url": url }))
            .unwrap_or_else(|why| panic!("{url}: {why}"));
    }

    /// Opens the app and waits for the load that comes through its service worker.
    pub fn open_app(&self, address: &str) {
        const A_WHILE: Duration = Duration::from_secs(120);
        self.goto(address);
        let body = "return import(new URL('sealed.js', document.baseURI).href).then(({ isSealed }) => isSealed)";
        let request = json!({ "script": body, "args": [] });
        wait_until("the page to come through its service worker", A_WHILE, || {
            // The page that is left in this very moment cannot be asked.
            let sealed = self.driver.post("execute/sync", request.clone());
            sealed.is_ok_and(|sealed| sealed == true).then_some(())
        });
    }

    pub fn reload(&self) {
        self.driver.post("refresh", json!({})).expect("the page reloads");
    }

    /// The value that a function body returns; a promise is waited for.
    pub fn script(&self, body: &str, arguments: Value) -> Value {
        let body = format!("return (async () => {{ {body} }})()");
        let request = json!({ "script": body, "args": arguments });
        self.driver
            .post("execute/sync", request)
            .unwrap_or_else(|why| panic!("{body}: {why}"))
    }

    /// Everything that an element would read out, or `None` when there is no such element.
    pub fn text(&self, css: &str) -> Option<String> {
        // A button has a value too, and shows another text.
        let body = "const e = document.querySelector($);
            return e && (e.matches('input, textarea, select') ? e.value : e.innerText);";
        self.script(&body.replace('$', &json!(css).to_string()), json!([]))
            .as_str()
            .map(str::to_owned)
    }

    pub fn is_enabled(&self, css: &str) -> bool {
        let body =
            "const e = document.querySelector($); return Boolean(e) && !e.disabled && e.ariaDisabled !== 'true';";
        self.script(&body.replace('$', &json!(css).to_string()), json!([])) == true
    }

    /// A real click: scrolled to, hit-tested, refused when something covers the element.
    pub fn click(&self, css: &str) {
        let clicked = self
            .driver
            .find(css)
            .and_then(|id| self.driver.post(&format!("element/{id}/click"), json!({})));
        clicked.unwrap_or_else(|why| panic!("click on {css}: {why}"));
    }

    /// Replaces what a field holds, by keyboard.
    pub fn fill(&self, css: &str, text: &str) {
        let filled = self.driver.find(css).and_then(|id| {
            self.driver.post(&format!("element/{id}/clear"), json!({}))?;
            self.driver
                .post(&format!("element/{id}/value"), json!({ "text": text }))
        });
        filled.unwrap_or_else(|why| panic!("typing into {css}: {why}"));
    }

    /// Gives a file field its file; the field may be hidden behind a button.
    pub fn choose_file(&self, css: &str, file: &Path) {
        let chosen = self.driver.find(css).and_then(|id| {
            self.driver
                .post(&format!("element/{id}/value"), json!({ "text": file }))
        });
        chosen.unwrap_or_else(|why| panic!("choosing a file in {css}: {why}"));
    }

    pub fn set_microphone_permission(&self, origin: &str, permission: Permission) {
        let setting = match permission {
            Permission::Granted => "granted",
            Permission::Denied => "denied",
        };
        let parameters = json!({ "permission": { "name": "microphone" }, "setting": setting, "origin": origin });
        self.devtools("Browser.setPermission", parameters);
    }

    /// The bytes that the origin may keep; less than it keeps already is a full disk.
    pub fn set_quota(&self, origin: &str, bytes: u64) {
        self.devtools(
            "Storage.overrideQuotaForOrigin",
            json!({ "origin": origin, "quotaSize": bytes }),
        );
    }

    pub fn devtools(&self, command: &str, parameters: Value) -> Value {
        let request = json!({ "cmd": command, "params": parameters });
        self.driver
            .post("goog/cdp/execute", request)
            .unwrap_or_else(|why| panic!("{command}: {why}"))
    }

    /// Console lines of the page since the last call.
    pub fn console(&self) -> Vec<String> {
        let lines = self
            .driver
            .post("se/log", json!({ "type": "browser" }))
            .expect("chromedriver keeps the console");
        lines
            .as_array()
            .into_iter()
            .flatten()
            .map(|line| line["message"].to_string())
            .collect()
    }

    /// Where downloads land.
    pub fn downloads(&self) -> PathBuf {
        self.folder.path().join("downloads")
    }

    /// Waits for a finished download with this ending.
    ///
    /// The browser first takes the name with an empty file, and puts the whole one in its place when it is complete.
    pub fn downloaded(&self, ending: &str, patience: Duration) -> PathBuf {
        let what = format!("a download ending in {ending}");
        wait_until(&what, patience, || {
            let files = std::fs::read_dir(self.downloads()).expect("the folder is ours");
            files
                .flatten()
                .filter(|file| file.metadata().is_ok_and(|metadata| metadata.len() > 0))
                .map(|file| file.path())
                .find(|path| path.to_string_lossy().ends_with(ending))
        })
    }

    pub fn profile(&self) -> PathBuf {
        self.folder.path().join("profile")
    }

    /// The tab that is in front.
    pub fn window(&self) -> String {
        let handle = self.driver.chromedriver().get("window").expect("there is a tab");
        handle.as_str().expect("a tab has a handle").to_owned()
    }

    /// Opens another tab and brings it to the front.
    pub fn new_window(&self) -> String {
        let opened = self
            .driver
            .post("window/new", json!({ "type": "tab" }))
            .expect("a tab opens");
        let handle = opened["handle"].as_str().expect("a tab has a handle").to_owned();
        self.switch_to(&handle);
        handle
    }

    pub fn switch_to(&self, window: &str) {
        self.driver
            .post("window", json!({ "handle": window }))
            .expect("the tab is there");
    }

    /// The processes that run pages and workers.
    pub fn renderers(&self) -> Vec<u32> {
        processes::below(self.driver.chromedriver().process(), "--type=renderer")
    }

    /// Bytes that the processes of pages and workers have needed at once, each at its worst since the last call.
    pub fn peak_memory(&self) -> u64 {
        self.renderers().into_iter().map(processes::peak_memory).sum()
    }

    /// Closes the tab that is in front and goes to another.
    pub fn close_window(&self, next: &str) {
        self.driver.chromedriver().delete("window").expect("the tab closes");
        self.switch_to(next);
    }

    /// Ends the browser and gives back what it left behind: its profile on disk and its network log.
    pub fn quit(self) -> Remains {
        let Chrome { driver, folder, .. } = self;
        drop(driver);
        Remains {
            folder,
            ended_at: Instant::now(),
        }
    }

    /// Ends processes of this very browser as a crash does, then whatever is left of it.
    pub fn killed(self, victim: Victim) -> Remains {
        let Chrome { driver, folder, .. } = self;
        let root = driver.chromedriver().process();
        let mut family = processes::below(root, "");
        family.retain(|id| *id != root);
        let parts = processes::below(root, "--type=");
        kill(&match victim {
            Victim::Pages => processes::below(root, "--type=renderer"),
            Victim::Browser => family.iter().copied().filter(|id| !parts.contains(id)).collect(),
        });
        let ended_at = Instant::now();
        if victim == Victim::Browser {
            kill(&parts);
        }
        drop(driver);
        wait_until("the browser to be gone", Duration::from_secs(20), || {
            (!family.iter().any(|id| processes::is_alive(*id))).then_some(())
        });
        Remains { folder, ended_at }
    }
}

/// What a browser leaves on disk.
pub struct Remains {
    folder: Scratch,
    ended_at: Instant,
}

impl Remains {
    /// The same profile in another browser process.
    pub fn launch_again(self, gpu: Gpu, microphone: Microphone<'_>) -> Chrome {
        Chrome::launch_in(self.folder, gpu, microphone, Vec::new())
    }

    /// When it was killed, or had ended.
    pub fn killed_at(&self) -> Instant {
        self.ended_at
    }

    pub fn profile(&self) -> PathBuf {
        self.folder.path().join("profile")
    }

    /// The address of every request that a page, a worker or a service worker of `origin` made, to wherever.
    ///
    /// From the browser's own network log: the driver's events leave out what workers ask for.
    pub fn requests_from(&self, origin: &str) -> Vec<String> {
        let log = std::fs::read_to_string(self.folder.path().join("net.json")).expect("the browser wrote its log");
        // An event is a line; the list around them stays open when a browser ends in a hurry.
        let events = log
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line.trim_end_matches(',')).ok());
        let params = events
            .map(|mut event| event["params"].take())
            .filter(|params| params["initiator"] == origin);
        params
            .filter_map(|params| params["url"].as_str().map(str::to_owned))
            .collect()
    }
}

/// Asks again and again, for as long as patience lasts.
///
/// # Panics
/// When it ends, saying what was waited for.
pub fn wait_until<T>(what: &str, patience: Duration, ask: impl FnMut() -> Option<T>) -> T {
    let answer = within(patience, ask);
    answer.unwrap_or_else(|| panic!("waited {} s in vain for {what}", patience.as_secs()))
}

/// Asks ten times a second until there is an answer; `None` when there was none in all that time.
pub fn within<T>(patience: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let begun = Instant::now();
    loop {
        let answer = ask();
        if answer.is_some() || begun.elapsed() >= patience {
            return answer;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}
