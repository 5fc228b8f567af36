//! The other tabs of this browser: one of them writes at a time, and each hears what the others did.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{BroadcastChannel, MessageEvent};

use super::scope;

#[wasm_bindgen]
extern "C" {
    /// The typed binding is still unstable.
    type LockManager;

    #[wasm_bindgen(method)]
    fn request(this: &LockManager, name: &str, callback: &JsValue) -> Promise;
}

/// The right to write, for as long as it is held.
pub struct Turn(Option<Function>);

impl Turn {
    /// Waits until no other tab holds the turn of this name. A tab that is closed or crashes gives its turn up. Where the
    /// browser knows no such locks there is nothing to wait for: the database compares revisions in any case.
    pub async fn take(name: &str) -> Self {
        let Some(locks) = scope::of_navigator("locks") else {
            return Self(None);
        };
        let locks: LockManager = locks.unchecked_into();
        let mut release = None;
        let mut granted = None;
        // The lock is held until the promise that its callback gives back is settled.
        let held = Promise::new(&mut |resolve, _| release = Some(resolve));
        let turn = Promise::new(&mut |resolve, _| granted = Some(resolve));
        let callback = Closure::once_into_js(move |_lock: JsValue| -> Promise {
            if let Some(granted) = granted {
                // A function of the browser's own that takes anything.
                let _ = granted.call0(&JsValue::NULL);
            }
            held
        });
        // Settles when the turn is over; nothing waits for that.
        let _ = locks.request(name, &callback);
        // Never rejected.
        let _ = JsFuture::from(turn).await;
        Self(release)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(release) = self.0.take() {
            // A function of the browser's own that takes anything.
            let _ = release.call0(&JsValue::NULL);
        }
    }
}

/// A line to the other tabs. What is said on it is for all and secret to none: names and numbers, never content.
pub struct Line {
    channel: BroadcastChannel,
    _heard: Closure<dyn Fn(MessageEvent)>,
}

impl Line {
    /// Nothing comes back from a browser without such lines.
    pub fn open(name: &str, on_word: impl Fn(String) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(name).ok()?;
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
            if let Some(word) = message.data().as_string() {
                on_word(word);
            }
        });
        channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        Some(Self { channel, _heard: heard })
    }

    pub fn say(&self, word: &str) {
        // A closed line reaches nobody, and there is nobody to tell.
        let _ = self.channel.post_message(&JsValue::from_str(word));
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
