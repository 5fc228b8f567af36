//! From the first run to the copied note and back through the lock with nothing but keys, and what is read aloud meanwhile.

use std::time::Duration;

use serde_json::{Value, json};

use crate::chrome::{Chrome, Gpu, Permission, wait_until};
use crate::clinician::{Clinician, EVENTUALLY, PASSPHRASE, SOON};
use crate::site::{Site, data};

// Keys without a letter, as WebDriver names them (section 17.4.2, "Keyboard actions").
const TAB: char = '\u{E004}';
const ENTER: char = '\u{E007}';
const SHIFT: char = '\u{E008}';
const CONTROL: char = '\u{E009}';
const ESCAPE: char = '\u{E00C}';
const SPACE: char = ' ';

/// A page that computes nothing has come to rest.
const AT_REST: Duration = Duration::from_secs(20);

/// More than any screen of this way has to tab through.
const STOPS: usize = 120;

/// Where the focus is: its hook, what it is, whether it shows a ring, and whether nothing covers it. `null` is
/// nowhere. A file field has the ring around the button that it stands for.
const FOCUS: &str = "
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const shown = e.closest('.button') ?? e;
    const { outlineStyle, outlineWidth } = getComputedStyle(shown);
    const { left, top, width, height } = shown.getBoundingClientRect();
    const parts = [[.5, .5], [.1, .1], [.9, .1], [.1, .9], [.9, .9]];
    const seen = parts.some(([x, y]) => shown.contains(document.elementFromPoint(left + width * x, top + height * y)));
    return {
        hook: e.dataset.test ?? '',
        what: `${e.localName} ${(e.ariaLabel ?? e.textContent).trim().slice(0, 40)}`,
        ring: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
        seen,
    };
";

#[test]
fn from_the_first_run_to_the_copied_note_with_keys_alone() {
    let site = Site::serve();
    let chrome = Chrome::hearing(Gpu::None, &data("dictation.wav"), &site.origin);
    chrome.resize((1280, 800));
    chrome.open_app(&site.origin);
    let clinician = Clinician::at(&chrome);
    let hand = Keyboard { chrome: &chrome };

    hand.comes_to("passphrase");
    chrome.strikes(PASSPHRASE.chars());
    hand.goes_to("passphrase-repeat");
    chrome.strikes(PASSPHRASE.chars());
    chrome.strikes([ENTER]);
    hand.comes_to("start-visit");

    // The list of keys, and back to where it was asked for; in a field the key is a character.
    chrome.strikes(['?']);
    wait_until("the list of keys", SOON, || hand.has_open("keys").then_some(()));
    hand.is_somewhere();
    chrome.strikes([ESCAPE]);
    wait_until("the list of keys to close", SOON, || {
        (!hand.has_open("keys")).then_some(())
    });
    hand.comes_to("start-visit");
    chrome.strikes([ENTER]);
    hand.comes_to("record");
    hand.goes_back_to("visit-label");
    chrome.strikes("Room 3?".chars());
    assert_eq!(chrome.text("[data-test=visit-label]").as_deref(), Some("Room 3?"));
    assert!(!hand.has_open("keys"), "it was written, and opened nothing");

    // Who is asked, and what the browser refuses, is told in regions that were there before.
    let ears = Ears::open(&chrome);
    hand.goes_to("consent-spoken");
    chrome.strikes([SPACE]);
    hand.comes_to("record");
    ears.hear("status", "agreed, spoken");
    chrome.set_microphone_permission(&site.origin, Permission::Denied);
    chrome.strikes([ENTER]);
    ears.hear("alert", "Sotto cannot hear");
    hand.is_somewhere();
    hand.goes_back_to("dismiss");
    chrome.strikes([ENTER]);
    hand.is_somewhere();
    chrome.set_microphone_permission(&site.origin, Permission::Granted);
    chrome.strikes_with(CONTROL, ENTER);
    hand.comes_to("stop");
    let said = wait_until("words on the screen", EVENTUALLY, || {
        chrome
            .text("[data-test=transcript] .text")
            .filter(|words| !words.trim().is_empty())
    });
    ears.hear("log", said.trim());
    hand.goes_back_to("pause");
    chrome.strikes([SPACE]);
    hand.comes_to("resume");
    ears.hear("status", "Paused");
    // The main button, wherever the focus is.
    chrome.strikes_with(CONTROL, ENTER);
    wait_until("the note", EVENTUALLY, || {
        hand.is_somewhere();
        (!clinician.does_not_see("confirm-review")).then_some(())
    });

    // Each section, what is flagged in it, the name, the confirmation.
    wait_until("the note to have been looked through", SOON, || {
        let left = chrome.text("[data-test=flags-left]").unwrap_or_default();
        (!left.is_empty()).then_some(())
    });
    std::thread::sleep(Duration::from_secs(2));
    let open = |hook: &str| hook == "resolve-flag" && hand.asks("return document.activeElement.ariaPressed") == "false";
    hand.goes("signs-as", |stop| {
        if open(&stop.hook) {
            chrome.strikes([SPACE]);
        }
    });
    chrome.strikes("Dr. A. Example".chars());
    hand.goes_to("confirm-review");
    chrome.strikes([ENTER]);
    hand.comes_to("copy-note");
    chrome.strikes([ENTER]);
    wait_until("the note to be copied", SOON, || {
        let says = hand.asks("return document.activeElement.innerText");
        says.as_str()?.starts_with("Copied").then_some(())
    });
    hand.comes_to("copy-note");

    // A menu that Escape closes, with the focus on what opened it.
    hand.goes_back_to("downloads");
    chrome.strikes([ENTER]);
    hand.goes_to("download-docx");
    chrome.strikes([ESCAPE]);
    hand.comes_to("downloads");
    hand.goes_back_to("lock");
    chrome.strikes([ENTER]);
    hand.comes_to("passphrase");
    let ears = Ears::open(&chrome);
    chrome.strikes("not this one".chars().chain([ENTER]));
    ears.hear("alert", "does not open");
    hand.comes_to("passphrase");
    chrome.strikes_with(CONTROL, 'a');
    chrome.strikes(PASSPHRASE.chars().chain([ENTER]));
    hand.comes_to("start-visit");

    // Another screen begins at its heading; what closed gives the focus to what is next to it.
    hand.goes_back_to("settings");
    chrome.strikes([ENTER]);
    wait_until("the heading to have the focus", SOON, || {
        hand.stop().filter(|stop| stop.what == "h1 Settings")
    });
    hand.goes_to("back");
    chrome.strikes([ENTER]);
    hand.comes_to("start-visit");
    hand.goes_back_to("delete-visit");
    chrome.strikes([ENTER]);
    hand.comes_to("confirm-delete");
    chrome.strikes([ESCAPE]);
    hand.comes_to("visit-row");
}

/// A place that has the focus.
struct Stop {
    hook: String,
    what: String,
}

struct Keyboard<'a> {
    chrome: &'a Chrome,
}

impl Keyboard<'_> {
    /// Waits until the focus is on the element with this hook.
    fn comes_to(&self, hook: &str) {
        wait_until(&format!("the focus on {hook}"), SOON, || {
            self.stop().filter(|stop| stop.hook == hook)
        });
        self.is_somewhere();
    }

    /// The focus is not lost once the page has come to rest.
    fn is_somewhere(&self) -> Stop {
        wait_until("the focus anywhere", AT_REST, || self.stop())
    }

    fn goes_to(&self, hook: &str) {
        self.goes(hook, |_| {});
    }

    fn goes_back_to(&self, hook: &str) {
        for _ in 0..STOPS {
            self.chrome.strikes_with(SHIFT, TAB);
            if self.stop().is_some_and(|stop| stop.hook == hook) {
                return;
            }
        }
        panic!("{hook} cannot be reached with Shift and Tab");
    }

    /// From stop to stop until this one.
    fn goes(&self, hook: &str, mut at: impl FnMut(&Stop)) {
        for _ in 0..STOPS {
            self.chrome.strikes([TAB]);
            // Past the last one the browser's own parts come, and then the first.
            let Some(stop) = self.stop() else { continue };
            if stop.hook == hook {
                return;
            }
            at(&stop);
        }
        panic!("{hook} cannot be reached with Tab");
    }

    /// `None` is nowhere.
    ///
    /// # Panics
    /// When whoever sees cannot tell where it is.
    fn stop(&self) -> Option<Stop> {
        let look = || self.chrome.script(FOCUS, json!([]));
        let what = format!("what has the focus to show a ring and to be uncovered: {}", look());
        // What is around it may still be on its way.
        let found = wait_until(&what, AT_REST, || {
            let found = look();
            let shows = found["ring"] == true && found["seen"] == true;
            (found.is_null() || shows).then_some(found)
        });
        let text = |name: &str| found[name].as_str().map(str::to_owned);
        Some(Stop {
            hook: text("hook")?,
            what: text("what")?,
        })
    }

    fn has_open(&self, dialog: &str) -> bool {
        self.asks(&format!("return document.getElementById('{dialog}').open")) == true
    }

    fn asks(&self, body: &str) -> Value {
        self.chrome.script(body, json!([]))
    }
}

/// What reads the screen aloud: only what changes inside of a region that was there before is sure to be heard.
struct Ears<'a> {
    chrome: &'a Chrome,
}

impl<'a> Ears<'a> {
    fn open(chrome: &'a Chrome) -> Self {
        let regions = "window.heard = [...document.querySelectorAll('[role=status], [role=alert], [role=log]')]";
        chrome.script(regions, json!([]));
        Ears { chrome }
    }

    fn hear(&self, role: &str, words: &str) {
        let body =
            "return heard.some((e) => e.isConnected && e.role === arguments[0] && e.innerText.includes(arguments[1]))";
        wait_until(&format!("{role} to say `{words}`"), EVENTUALLY, || {
            (self.chrome.script(body, json!([role, words])) == true).then_some(())
        });
        // The browser hands it on to what reads aloud.
        let tree = self.chrome.devtools("Accessibility.getFullAXTree", json!({}));
        let live = if role == "alert" { "assertive" } else { "polite" };
        let is = |node: &&Value| {
            let properties = node["properties"].as_array();
            let mut properties = properties.into_iter().flatten();
            node["role"]["value"] == role && properties.any(|p| p["name"] == "live" && p["value"]["value"] == live)
        };
        let nodes = tree["nodes"].as_array().expect("the tree is a list");
        assert!(nodes.iter().any(|node| is(&node)), "no {role} is read aloud");
    }
}
