//! What a page looks like in a window of some size and to eyes of some kind, and what keys do to it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Chrome;

/// What a system tells a page about its user, each under the name of its media feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eyes {
    Light,
    Dark,
    /// The colours are the system's own.
    Forced,
}

impl Chrome {
    /// Width and height of the window's inside, in CSS pixels.
    pub fn resize(&self, (width, height): (u32, u32)) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size);
    }

    /// Nothing is to move either: a colour on its way to another is neither.
    pub fn is_seen_by(&self, eyes: Eyes) {
        let feature = |name: &str, on: bool, value: &str| json!({ "name": name, "value": if on { value } else { "" } });
        let scheme = if eyes == Eyes::Dark { "dark" } else { "light" };
        let features = [
            feature("prefers-color-scheme", true, scheme),
            feature("forced-colors", eyes == Eyes::Forced, "active"),
            feature("prefers-reduced-motion", true, "reduce"),
        ];
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    /// The window as `webp` or `png`, without the bars that scroll it.
    pub fn picture(&self, format: &str) -> Vec<u8> {
        let mut how = json!({ "format": format });
        if format == "webp" {
            how["quality"] = json!(80);
        }
        self.devtools("Emulation.setScrollbarsHidden", json!({ "hidden": true }));
        let taken = self.devtools("Page.captureScreenshot", how);
        let data = taken["data"].as_str().expect("a picture comes as text");
        STANDARD.decode(data).expect("the text is Base64")
    }

    /// What an expression gives in a world beside the page's own: it sees the same document, and the page neither sees it
    /// nor lends it its policy. A promise is waited for.
    pub fn beside_the_page(&self, expression: &str) -> Value {
        let frames = self.devtools("Page.getFrameTree", json!({}));
        let world = json!({ "frameId": frames["frameTree"]["frame"]["id"], "worldName": "tests" });
        let world = self.devtools("Page.createIsolatedWorld", world);
        let how = json!({
            "expression": expression,
            "contextId": world["executionContextId"],
            "awaitPromise": true,
            "returnByValue": true,
        });
        let mut evaluated = self.devtools("Runtime.evaluate", how);
        assert!(evaluated["exceptionDetails"].is_null(), "{evaluated}");
        evaluated["result"]["value"].take()
    }

    /// Presses keys one after the other, as a keyboard does.
    pub fn strikes(&self, keys: impl IntoIterator<Item = char>) {
        let strike = |key: char| {
            [
                json!({ "type": "keyDown", "value": key }),
                json!({ "type": "keyUp", "value": key }),
            ]
        };
        self.acts(keys.into_iter().flat_map(strike).collect());
    }

    /// The same with a key held.
    pub fn strikes_with(&self, held: char, key: char) {
        let acts = [("keyDown", held), ("keyDown", key), ("keyUp", key), ("keyUp", held)];
        self.acts(acts.map(|(act, key)| json!({ "type": act, "value": key })).to_vec());
    }

    fn acts(&self, acts: Vec<Value>) {
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": acts });
        let acted = self.driver.post("actions", json!({ "actions": [keyboard] }));
        acted.unwrap_or_else(|why| panic!("keys: {why}"));
    }
}
