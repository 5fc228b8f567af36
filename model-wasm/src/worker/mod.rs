//! The speech worker: requests in, events out, one at a time and in order.

mod gpu;
mod pack;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use burn::tensor::Device;
use js_sys::{ArrayBuffer, Uint8Array};
use model_wasm::Transcriber;
use speech::protocol::{
    Backend, BackendChoice, Engine, Event, Failure, Fallback, JobId, ModelRef, Request, decode, encode,
};
use speech::{Segment, SegmentId, Utterance};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Installs the message handler, then says so with an empty message: what the page sent before would be lost.
pub fn start() {
    gpu::watch_log();
    let scope = scope();
    let worker = Rc::new(Worker::default());
    let handler = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        let bytes = Uint8Array::new(&message.data()).to_vec();
        match decode::<Request>(&bytes) {
            Ok(request) => worker.clone().accept(request),
            Err(why) => post(&Event::Failed { job: None, why }),
        }
    });
    scope.set_onmessage(Some(handler.as_ref().unchecked_ref()));
    handler.forget();
    // A panic inside a promise's callback is no error event: it would leave the page waiting for ever.
    let crashed = Closure::<dyn FnMut()>::new(|| {
        post(&Event::Failed {
            job: None,
            why: Failure::DeviceLost,
        })
    });
    scope
        .add_event_listener_with_callback("unhandledrejection", crashed.as_ref().unchecked_ref())
        .expect("workers have this event");
    crashed.forget();
    let ready = ArrayBuffer::new(0);
    scope.post_message(&ready).expect("an empty buffer can be posted");
}

/// What is to be done, and the engine that does it.
#[derive(Default)]
struct Worker {
    queue: RefCell<VecDeque<Request>>,
    /// A task is draining the queue.
    busy: RefCell<bool>,
    engine: RefCell<Option<Rc<Loaded>>>,
}

struct Loaded {
    transcriber: Transcriber,
    backend: Backend,
}

impl Worker {
    fn accept(self: Rc<Self>, request: Request) {
        if let Request::Cancel { job } = request {
            let waiting = |r: &Request| matches!(r, Request::Transcribe { job: j, .. } if *j == job);
            if self.queue.borrow().iter().any(waiting) {
                self.queue.borrow_mut().retain(|r| !waiting(r));
                post(&Event::Cancelled { job });
            }
            return;
        }
        self.queue.borrow_mut().push_back(request);
        if !self.busy.replace(true) {
            wasm_bindgen_futures::spawn_local(async move {
                while let Some(request) = self.next() {
                    self.serve(request).await;
                }
                self.busy.replace(false);
            });
        }
    }

    fn next(&self) -> Option<Request> {
        self.queue.borrow_mut().pop_front()
    }

    async fn serve(&self, request: Request) {
        match request {
            Request::Load { model, backend } => match load(&model, backend).await {
                Ok((loaded, engine)) => {
                    self.engine.replace(Some(Rc::new(loaded)));
                    post(&Event::Ready(engine));
                }
                Err(why) => post(&Event::Failed { job: None, why }),
            },
            Request::Transcribe { job, utterance } => {
                let engine = self.engine.borrow().clone();
                match transcribe(engine.as_deref(), job, &utterance).await {
                    Ok(segment) => {
                        post(&Event::Segment { job, segment });
                        post(&Event::Done { job });
                    }
                    Err(why) => post(&Event::Failed { job: Some(job), why }),
                }
            }
            Request::Cancel { .. } => unreachable!("cancelling is done on arrival, never queued"),
        }
    }
}

/// Fetches the pack, then starts it on the GPU if that is wanted, there, and right; else on the CPU, saying why.
async fn load(model: &ModelRef, choice: BackendChoice) -> Result<(Loaded, Engine), Failure> {
    let pack = pack::fetch(model, |done, total| post(&Event::Progress { done, total })).await?;
    let started = match choice {
        BackendChoice::Cpu => Err(None),
        BackendChoice::Auto => on_gpu(&pack, gpu::Software::Refuse).await.map_err(Some),
        BackendChoice::WebGpu => on_gpu(&pack, gpu::Software::Accept).await.map_err(Some),
    };
    let (transcriber, backend, fallback) = match started {
        Ok(transcriber) => (transcriber, Backend::WebGpu, None),
        Err(fallback) => {
            let transcriber = Transcriber::load(&pack.manifest, pack.shards, &Device::flex())?;
            transcriber.self_test().await?;
            (transcriber, Backend::Cpu, fallback)
        }
    };
    let engine = Engine {
        backend,
        fallback,
        model: pack.manifest.name,
        demonstration: pack.manifest.demonstration,
    };
    Ok((Loaded { transcriber, backend }, engine))
}

async fn on_gpu(pack: &pack::Pack, software: gpu::Software) -> Result<Transcriber, Fallback> {
    let device = gpu::open(software).await?;
    let transcriber =
        Transcriber::load(&pack.manifest, pack.shards.clone(), &device).map_err(|_| Fallback::DeviceRefused)?;
    let tested = transcriber.self_test().await;
    match (tested, gpu::healthy()) {
        (Ok(()), true) => Ok(transcriber),
        (Err(Failure::DeviceLost), _) => Err(Fallback::DeviceLost),
        (Ok(()) | Err(_), _) => Err(Fallback::SelfTestFailed),
    }
}

/// Words that came from a GPU which reported any error meanwhile are thrown away: they may be stale memory.
async fn transcribe(engine: Option<&Loaded>, job: JobId, utterance: &Utterance) -> Result<Segment, Failure> {
    let engine = engine.ok_or(Failure::Protocol)?;
    let text = engine.transcriber.transcribe(utterance).await?;
    if engine.backend == Backend::WebGpu && !gpu::healthy() {
        return Err(Failure::DeviceLost);
    }
    Ok(Segment {
        id: SegmentId(job.0),
        start: utterance.start_seconds(),
        end: utterance.end_seconds(),
        text,
    })
}

fn post(event: &Event) {
    let bytes = Uint8Array::from(encode(event).as_slice()).buffer();
    // A page that is gone cannot be told.
    let _ = scope().post_message_with_transfer(&bytes, &js_sys::Array::of1(&bytes));
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global()
        .dyn_into()
        .expect("this binary runs in a dedicated worker")
}
