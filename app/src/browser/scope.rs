use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, StorageManager};

use super::wire::Wire;
use super::worker::{take_bytes, take_wire};

/// Inside a worker: answers the messages of whoever started it, with the line that came along, one after the other and in
/// order, then says with an empty message that it listens.
///
/// # Panics
/// Outside of a worker.
pub fn listen(serve: impl AsyncFnMut(Vec<u8>, Option<Wire>) + 'static) {
    let queue = Rc::new(RefCell::new(VecDeque::new()));
    let idle = Rc::new(Cell::new(Some(serve)));
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
        let Some(bytes) = take_bytes(&message) else { return };
        queue.borrow_mut().push_back((bytes, take_wire(&message)));
        // Taken while somebody is at work: that one will come to this message too.
        let Some(mut serve) = idle.take() else { return };
        let (queue, idle) = (queue.clone(), idle.clone());
        wasm_bindgen_futures::spawn_local(async move {
            loop {
                let next = queue.borrow_mut().pop_front();
                let Some((bytes, wire)) = next else { break };
                serve(bytes, wire).await;
            }
            idle.set(Some(serve));
        });
    });
    scope().set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
    post(&[]);
}

/// Inside a worker: to whoever started it.
///
/// # Panics
/// Outside of a worker.
pub fn post(bytes: &[u8]) {
    let buffer = Uint8Array::from(bytes).buffer();
    // Fails only for what cannot be transferred; a plain buffer can.
    let _ = scope().post_message_with_transfer(&buffer, &Array::of1(&buffer));
}

/// The origin's storage, from a page or a worker.
pub(super) fn storage() -> Option<StorageManager> {
    let storage = match web_sys::window() {
        Some(window) => window.navigator().storage(),
        None => scope().navigator().storage(),
    };
    (!storage.is_undefined()).then_some(storage)
}

/// What the browser's navigator has under this name, if it has it; from a page or a worker.
pub(super) fn of_navigator(name: &str) -> Option<JsValue> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).ok()?;
    let found = Reflect::get(&navigator, &name.into()).ok()?;
    (!found.is_undefined()).then_some(found)
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
