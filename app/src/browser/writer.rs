use std::cell::RefCell;

use js_sys::{Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::window::window;
use crate::writer::Writer;

/// The writer's only function, and whom to tell when it stops.
struct Running {
    ask: Function,
    stopped: Box<dyn Fn()>,
}

thread_local! {
    static RUNNING: RefCell<Option<Running>> = const { RefCell::new(None) };
}

/// Starts the writer that lies beside the page; nothing where it cannot be had. `stopped` is called once if it stops over a
/// question: it is not asked again, because nobody knows what it would answer.
pub async fn start(stopped: impl Fn() + 'static) -> Option<Writer> {
    // In boot.js: a wasm module cannot import a script.
    let start: Function = Reflect::get(&window(), &"startWriter".into()).ok()?.dyn_into().ok()?;
    let starting: Promise = start.call0(&JsValue::UNDEFINED).ok()?.dyn_into().ok()?;
    let module = JsFuture::from(starting).await.ok()?;
    let ask: Function = Reflect::get(&module, &"ask".into()).ok()?.dyn_into().ok()?;
    RUNNING.set(Some(Running {
        ask,
        stopped: Box::new(stopped),
    }));
    Some(Writer(ask_running))
}

/// The writer that was started, for measurements.
pub fn running() -> Option<Writer> {
    RUNNING.with_borrow(Option::is_some).then_some(Writer(ask_running))
}

fn ask_running(question: &[u8]) -> Option<Vec<u8>> {
    let ask = RUNNING.with_borrow(|running| running.as_ref().map(|running| running.ask.clone()))?;
    match ask.call1(&JsValue::UNDEFINED, &Uint8Array::from(question)) {
        Ok(answer) => Some(answer.dyn_into::<Uint8Array>().ok()?.to_vec()),
        // What was thrown says only that it stopped, and is dropped.
        Err(_) => {
            if let Some(running) = RUNNING.take() {
                (running.stopped)();
            }
            None
        }
    }
}
