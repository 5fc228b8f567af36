use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, ArrayBuffer, Uint8Array};
use speech::protocol::{self, Request};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

use super::wire::Wire;
use crate::session::WorkerEvent;

/// Written beside the page by the build.
const SPEECH: &str = "speech-worker_loader.js";

/// What comes from a worker.
pub(super) enum Message {
    /// It listens from now on.
    Up,
    Bytes(Vec<u8>),
    /// It will not answer any more.
    Died,
}

/// A message, and the end of a line that goes with it.
type Parcel = (Vec<u8>, Option<Wire>);

/// A worker that is spoken to in bytes, transferred and not copied. Dropping it ends it.
pub(super) struct Worker {
    worker: web_sys::Worker,
    /// What waits for the worker's handler; nothing once that stands.
    outbox: Rc<RefCell<Option<Vec<Parcel>>>>,
    _heard: Closure<dyn Fn(web_sys::MessageEvent)>,
    _died: Closure<dyn Fn()>,
}

impl Worker {
    /// Nothing comes back when the browser refuses to start workers.
    pub fn start(script: &str, on_message: impl Fn(Message) + Clone + 'static) -> Option<Self> {
        let worker = web_sys::Worker::new(script).ok()?;
        let outbox = Rc::new(RefCell::new(Some(Vec::new())));
        let on_death = on_message.clone();
        let (waiting, listener) = (outbox.clone(), worker.clone());
        let heard = Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |message: web_sys::MessageEvent| {
            on_message(match take_bytes(&message) {
                Some(bytes) if bytes.is_empty() => {
                    let kept: Option<Vec<Parcel>> = waiting.take();
                    kept.into_iter()
                        .flatten()
                        .for_each(|parcel| transfer(&listener, parcel));
                    Message::Up
                }
                Some(bytes) => Message::Bytes(bytes),
                None => Message::Died,
            });
        });
        // The error itself is not looked at: its text comes from inside the worker and could hold patient text.
        let died = Closure::<dyn Fn()>::new(move || on_death(Message::Died));
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        worker.set_onmessageerror(Some(died.as_ref().unchecked_ref()));
        worker.set_onerror(Some(died.as_ref().unchecked_ref()));
        Some(Self {
            worker,
            outbox,
            _heard: heard,
            _died: died,
        })
    }

    /// Reaches the worker as soon as it listens.
    pub fn send(&self, bytes: Vec<u8>) {
        self.post((bytes, None));
    }

    /// The same with the end of a line, which is the worker's from then on.
    pub fn send_with(&self, bytes: Vec<u8>, wire: Wire) {
        self.post((bytes, Some(wire)));
    }

    fn post(&self, parcel: Parcel) {
        match &mut *self.outbox.borrow_mut() {
            Some(waiting) => waiting.push(parcel),
            None => transfer(&self.worker, parcel),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onmessageerror(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

fn transfer(worker: &web_sys::Worker, (bytes, wire): Parcel) {
    let buffer = Uint8Array::from(bytes.as_slice()).buffer();
    let mut moved = Array::of1(&buffer);
    moved.extend(wire.map(|wire| wire.0));
    // A worker that takes no message is dead, and its error event has said so.
    let _ = worker.post_message_with_transfer(&buffer, &moved);
}

/// The end of a line that came with a message.
pub(super) fn take_wire(message: &web_sys::MessageEvent) -> Option<Wire> {
    message.ports().get(0).dyn_into().ok().map(Wire)
}

/// The bytes of a message; the buffer that they came in is wiped, because the browser frees it only some time later.
pub(super) fn take_bytes(message: &web_sys::MessageEvent) -> Option<Vec<u8>> {
    let data = message.data();
    let array = Uint8Array::new(data.dyn_ref::<ArrayBuffer>()?);
    let bytes = array.to_vec();
    array.fill(0, 0, array.length());
    Some(bytes)
}

/// The page's end of the speech worker's boundary: [`Request`]s out, [`protocol::Event`]s in.
pub struct SpeechWorker(Worker);

impl SpeechWorker {
    /// Nothing comes back when the browser refuses to start workers.
    pub fn start(on_event: impl Fn(WorkerEvent) + Clone + 'static) -> Option<Self> {
        Worker::start(SPEECH, move |message| {
            on_event(match message {
                Message::Up => WorkerEvent::Up,
                Message::Bytes(bytes) => protocol::decode(&bytes).map_or(WorkerEvent::Died, WorkerEvent::Says),
                Message::Died => WorkerEvent::Died,
            });
        })
        .map(Self)
    }

    pub fn send(&self, request: &Request) {
        self.0.send(protocol::encode(request));
    }
}
