//! While something is recorded: the screen stays on, the tab is not put to sleep, its icon is red, and the keys of a keyboard
//! or a headset pause and go on.

use std::cell::RefCell;

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::scope::of_navigator;
use super::tabs::Turn;
use super::{clock, window};

#[wasm_bindgen]
extern "C" {
    /// The typed bindings of these three are still unstable.
    type WakeLock;

    #[wasm_bindgen(method, catch)]
    fn request(this: &WakeLock, kind: &str) -> Result<Promise, JsValue>;

    type Sentinel;

    #[wasm_bindgen(method, catch)]
    fn release(this: &Sentinel) -> Result<Promise, JsValue>;

    type MediaSession;

    #[wasm_bindgen(method, catch, js_name = setActionHandler)]
    fn set_action_handler(this: &MediaSession, action: &str, handler: &Function) -> Result<(), JsValue>;
}

thread_local! {
    static AWAKE: RefCell<Awake> = RefCell::default();
}

#[derive(Default)]
struct Awake {
    wanted: bool,
    /// A browser does not freeze a tab that holds a lock.
    turn: Option<Turn>,
    screen: Option<Sentinel>,
}

impl Awake {
    fn sleep(&mut self) {
        self.turn = None;
        if let Some(screen) = self.screen.take() {
            // One that was let go already stays so.
            let _ = screen.release();
        }
    }
}

/// Called with true when a recording begins or goes on, with false when it pauses or ends.
pub fn stay_awake(wanted: bool) {
    AWAKE.with_borrow_mut(|awake| {
        awake.wanted = wanted;
        awake.sleep();
    });
    window::set_icon(if wanted {
        "icons/sotto-recording.svg"
    } else {
        "icons/sotto.svg"
    });
    if wanted {
        spawn_local(async {
            // A name of its own: tabs do not wait for each other's recordings.
            let turn = Turn::take(&format!("sotto-recording-{}-{}", clock::now(), clock::monotonic())).await;
            AWAKE.with_borrow_mut(|awake| awake.turn = awake.wanted.then_some(turn));
        });
        keep_screen_on();
    }
}

/// The browser lets the screen go when the page is out of sight: it is asked again when the page is back.
pub fn keep_screen_on() {
    spawn_local(async {
        if !AWAKE.with_borrow(|awake| awake.wanted) {
            return;
        }
        // A browser that refuses (no battery left, or it cannot) records all the same.
        let Some(lock) = of_navigator("wakeLock") else { return };
        let Ok(asked) = lock.unchecked_into::<WakeLock>().request("screen") else {
            return;
        };
        let Ok(sentinel) = JsFuture::from(asked).await else {
            return;
        };
        let sentinel: Sentinel = sentinel.unchecked_into();
        AWAKE.with_borrow_mut(|awake| {
            let before = awake.screen.replace(sentinel);
            if let Some(before) = before {
                let _ = before.release();
            }
            if !awake.wanted {
                awake.sleep();
            }
        });
    });
}

/// Play and pause, on a keyboard or a headset. There is no key that ends a recording: it would be pressed in a pocket.
pub fn watch_media_keys(pause: impl Fn() + 'static, resume: impl Fn() + 'static) {
    let Some(session) = of_navigator("mediaSession") else {
        return;
    };
    let session: MediaSession = session.unchecked_into();
    for (action, act) in [
        ("pause", Closure::<dyn Fn()>::new(pause)),
        ("play", Closure::<dyn Fn()>::new(resume)),
    ] {
        // A browser that does not know the key never sends it.
        let _ = session.set_action_handler(action, act.as_ref().unchecked_ref());
        act.forget();
    }
}

/// Tells the keyboard's or headset's side what it would do.
pub fn show_media_state(state: &str) {
    if let Some(session) = of_navigator("mediaSession") {
        let _ = Reflect::set(&session, &"playbackState".into(), &state.into());
    }
}
