use js_sys::{Array, ArrayBuffer, Uint8Array};
use speech::protocol::{self, Request};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};

use crate::session::WorkerEvent;

/// Written beside the page by the build.
const SCRIPT: &str = "speech-worker_loader.js";

/// The page's end of the worker boundary: [`Request`]s out, [`protocol::Event`]s in, as transferred bytes. The worker
/// sends one empty buffer when its handler stands; what is sent earlier would reach nobody. Dropping it ends the worker.
pub struct SpeechWorker {
    worker: web_sys::Worker,
    _heard: Closure<dyn Fn(web_sys::MessageEvent)>,
    _died: Closure<dyn Fn()>,
}

impl SpeechWorker {
    /// Nothing comes back when the browser refuses to start workers.
    pub fn start(on_event: impl Fn(WorkerEvent) + Clone + 'static) -> Option<Self> {
        let worker = web_sys::Worker::new(SCRIPT).ok()?;
        let on_death = on_event.clone();
        let heard = Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |message: web_sys::MessageEvent| {
            on_event(read(&message.data()));
        });
        // The error itself is not looked at: its text comes from inside the worker and could hold patient text.
        let died = Closure::<dyn Fn()>::new(move || on_death(WorkerEvent::Died));
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        worker.set_onmessageerror(Some(died.as_ref().unchecked_ref()));
        worker.set_onerror(Some(died.as_ref().unchecked_ref()));
        Some(Self {
            worker,
            _heard: heard,
            _died: died,
        })
    }

    pub fn send(&self, request: &Request) {
        let buffer = Uint8Array::from(protocol::encode(request).as_slice()).buffer();
        // A worker that takes no message is dead, and its error event has said so.
        let _ = self.worker.post_message_with_transfer(&buffer, &Array::of1(&buffer));
    }
}

impl Drop for SpeechWorker {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onmessageerror(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

fn read(data: &JsValue) -> WorkerEvent {
    let Some(buffer) = data.dyn_ref::<ArrayBuffer>() else {
        return WorkerEvent::Died;
    };
    let bytes = Uint8Array::new(buffer).to_vec();
    if bytes.is_empty() {
        return WorkerEvent::Up;
    }
    match protocol::decode(&bytes) {
        Ok(event) => WorkerEvent::Says(event),
        Err(_) => WorkerEvent::Died,
    }
}
