//! A browser that its driver lets go of for a while: no tab that DevTools look at is ever discarded.

use std::time::Duration;

use serde_json::json;

use super::switches::capabilities;
use super::{Chrome, Driver, Gpu, Microphone, wait_until};
use crate::clinician::SOON;
use crate::processes::{self, kill};
use crate::scratch::Scratch;
use crate::webdriver::WebDriver;

/// Every element of a page, also inside of others.
const ALL: &str = "
    const all = (root = document) => [...root.querySelectorAll('*')].flatMap(e => [e, ...e.shadowRoot ? all(e.shadowRoot) : []]);";

/// The processes of a browser that does not end with its driver; ended with the value.
pub struct Family(Vec<u32>);

impl Drop for Family {
    fn drop(&mut self) {
        kill(&self.0);
    }
}

impl Chrome {
    /// As [`Chrome::launch`], with a microphone that hears nothing in particular; its tabs can be discarded.
    pub fn launch_apart(microphone: Microphone<'_>) -> Chrome {
        let folder = Scratch::new("chrome");
        let mut capabilities = capabilities(folder.path(), Gpu::None, microphone, Vec::new());
        capabilities["goog:chromeOptions"]["detach"] = true.into();
        let driver = WebDriver::start(capabilities);
        let root = driver.process();
        let mut family = processes::below(root, "");
        family.retain(|process| *process != root);
        Chrome {
            driver: Driver::Chromedriver(driver),
            apart: Some(Family(family)),
            folder,
        }
    }

    /// Has the browser discard the tab that shows a page of this origin, as it does when memory runs short; then goes to
    /// it, which loads it anew. What a session may do, permissions above all, ends with it.
    pub fn discard(&mut self, origin: &str) {
        /// The button is pressed when nobody looks any more; milliseconds.
        const LATER: u64 = 3_000;
        self.new_window();
        self.goto("chrome://chrome-urls/");
        let enabled = format!(
            "{ALL} const button = all().find(e => e.tagName === 'CR-BUTTON'); button?.click(); return Boolean(button);"
        );
        wait_until("the button for such pages", SOON, || {
            (self.script(&enabled, json!([])) == true).then_some(())
        });
        self.goto("chrome://discards/");
        let press = format!(
            "{ALL}
            const row = all().find(e => e.tagName === 'TR' && e.innerText.includes(arguments[0] + '/'));
            const button = [...row?.querySelectorAll('div') ?? []].find(e => e.textContent.trim() === '[Urgent Discard]');
            if (button) setTimeout(() => button.click(), arguments[1]);
            return Boolean(button);"
        );
        wait_until("the tab among those that can be discarded", SOON, || {
            (self.script(&press, json!([origin, LATER])) == true).then_some(())
        });
        let Driver::Chromedriver(driver) = &mut self.driver else {
            panic!("only Chromium is asked for this")
        };
        driver.let_go();
        std::thread::sleep(2 * Duration::from_millis(LATER));
        let file = self.folder.path().join("profile/DevToolsActivePort");
        let file = std::fs::read_to_string(file).expect("the browser says where its DevTools are");
        let port = file.lines().next().expect("the port comes first");
        let options = json!({ "debuggerAddress": format!("127.0.0.1:{port}") });
        self.driver = Driver::Chromedriver(WebDriver::start(json!({ "goog:chromeOptions": options })));
        self.take_downloads();
        let driver = self.driver.chromedriver();
        let windows = driver.get("window/handles").expect("the tabs are there");
        for window in windows.as_array().into_iter().flatten() {
            self.switch_to(window.as_str().expect("a tab has a handle"));
            let shown = driver.get("url").expect("a tab has an address");
            if shown.as_str().is_some_and(|shown| shown.starts_with(origin)) {
                assert_eq!(
                    self.script("return document.wasDiscarded", json!([])),
                    true,
                    "it was not discarded"
                );
                return;
            }
        }
        panic!("no tab shows {origin}");
    }
}
