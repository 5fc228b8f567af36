//! The speech worker: requests in, events out, one at a time and in order.

mod gpu;
mod pack;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use burn::tensor::Device;
use js_sys::{ArrayBuffer, Uint8Array};
use model_wasm::{Transcriber, listener::Listener, self_test::Canary, wishes::Wishes, words::Heard};
use speech::protocol::{
    Backend, BackendChoice, Engine, Event, Failure, Fallback, JobId, ModelRef, Partial, Request, decode, encode,
};
use speech::{SegmentId, Utterance, WordList};
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
    /// What is known of the utterance that is being said.
    listener: RefCell<Option<(JobId, Listener)>>,
}

struct Loaded {
    transcriber: Transcriber,
    backend: Backend,
    /// What a GPU answered when it passed its check.
    canary: Option<Canary>,
}

impl Loaded {
    /// Words that came from a GPU which reported any error meanwhile are thrown away: they may be stale memory.
    fn trusted(&self) -> Result<(), Failure> {
        if self.backend == Backend::WebGpu && !gpu::healthy() {
            return Err(Failure::DeviceLost);
        }
        Ok(())
    }

    /// The same for words that will stay, and for errors that nobody reports: the GPU still answers what it did at the
    /// start.
    async fn still_right(&self) -> Result<(), Failure> {
        if let Some(canary) = &self.canary
            && Canary::ask(self.transcriber.network()).await? != *canary
        {
            return Err(Failure::DeviceLost);
        }
        self.trusted()
    }
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
        if matches!(request, Request::Listen { .. } | Request::Transcribe { .. }) {
            // Only the latest is worth hearing: a worker that fell behind catches up with it.
            self.queue.borrow_mut().retain(|r| !matches!(r, Request::Listen { .. }));
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

    /// Takes what is known of a job's utterance; nothing of another one.
    fn listener_of(&self, job: JobId) -> Listener {
        match self.listener.take() {
            Some((of, listener)) if of == job => listener,
            Some(_) | None => Listener::default(),
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
            Request::Listen { job, utterance } => {
                let engine = self.engine.borrow().clone();
                let mut listener = self.listener_of(job);
                match listen(engine.as_deref(), &mut listener, &utterance).await {
                    Ok(words) => {
                        self.listener.replace(Some((job, listener)));
                        post(&Event::Partial { job, words });
                    }
                    Err(why) => post(&Event::Failed { job: Some(job), why }),
                }
            }
            Request::Transcribe { job, utterance } => {
                let engine = self.engine.borrow().clone();
                let listener = self.listener_of(job);
                match transcribe(engine.as_deref(), listener, &utterance).await {
                    Ok(heard) => {
                        if let Some(code) = heard.language.clone() {
                            post(&Event::Language { job, code });
                        }
                        post(&match heard.wordless() {
                            Some(why) => Event::Wordless { job, why },
                            None => Event::Segment {
                                job,
                                segment: heard.into_segment(SegmentId(job.0), &utterance),
                            },
                        });
                        post(&Event::Done { job });
                    }
                    Err(why) => post(&Event::Failed { job: Some(job), why }),
                }
            }
            Request::Expect { terms, drugs } => {
                // One request at a time: nothing else holds the engine now.
                let engine = self.engine.take().and_then(Rc::into_inner);
                if let Some(mut engine) = engine {
                    post(&expect(&mut engine.transcriber, terms, drugs).await);
                    self.engine.replace(Some(Rc::new(engine)));
                }
            }
            Request::Speak { language } => {
                if let Some(engine) = self.engine.borrow_mut().as_mut().and_then(Rc::get_mut) {
                    engine.transcriber.speak(language.as_deref());
                }
            }
            Request::Cancel { .. } => unreachable!("cancelling is done on arrival, never queued"),
        }
    }
}

/// Fetches the pack, then starts it on the GPU if that is wanted, there, and right; else on the CPU, saying why.
async fn load(model: &ModelRef, choice: BackendChoice) -> Result<(Loaded, Engine), Failure> {
    let mut pack = pack::fetch(model, |done, total| post(&Event::Progress { done, total })).await?;
    let started = match choice {
        BackendChoice::Cpu => Err(None),
        BackendChoice::Auto => on_gpu(&mut pack, gpu::Software::Refuse).await.map_err(Some),
        BackendChoice::WebGpu => on_gpu(&mut pack, gpu::Software::Accept).await.map_err(Some),
    };
    let (transcriber, canary, fallback) = match started {
        Ok((transcriber, canary)) => (transcriber, Some(canary), None),
        Err(fallback) => {
            // A GPU that began to load has taken the shards; the browser's cache has them still.
            if pack.shards.is_empty() {
                pack = pack::fetch(model, |_, _| ()).await?;
            }
            let transcriber = Transcriber::load(&pack.manifest, pack.shards, &Device::flex())?;
            transcriber.self_test().await?;
            (transcriber, None, fallback)
        }
    };
    let backend = if canary.is_some() {
        Backend::WebGpu
    } else {
        Backend::Cpu
    };
    let engine = Engine {
        backend,
        fallback,
        languages: transcriber.languages(),
        model: pack.manifest.name,
        demonstration: pack.manifest.demonstration,
    };
    let loaded = Loaded {
        transcriber,
        backend,
        canary,
    };
    Ok((loaded, engine))
}

async fn on_gpu(pack: &mut pack::Pack, software: gpu::Software) -> Result<(Transcriber, Canary), Fallback> {
    let device = gpu::open(software).await?;
    let shards = std::mem::take(&mut pack.shards);
    let transcriber = Transcriber::load(&pack.manifest, shards, &device).map_err(|_| Fallback::DeviceRefused)?;
    let canary = match transcriber.self_test().await {
        Ok(()) => Canary::ask(transcriber.network()).await,
        Err(why) => Err(why),
    };
    match (canary, gpu::healthy()) {
        (Ok(canary), true) => Ok((transcriber, canary)),
        (Err(Failure::DeviceLost), _) => Err(Fallback::DeviceLost),
        (Ok(_) | Err(_), _) => Err(Fallback::SelfTestFailed),
    }
}

/// With the names of drugs behind the person's own terms, which come first where there are too many.
async fn expect(transcriber: &mut Transcriber, mut terms: Vec<String>, drugs: bool) -> Event {
    let names = match drugs {
        true => pack::drugs().await,
        false => None,
    };
    let drugs = names.is_some();
    terms.extend(names.into_iter().flat_map(WordList::into_terms));
    let wishes = Wishes::new(&terms, transcriber.vocabulary());
    let terms = wishes.len() as u32;
    transcriber.expect(wishes);
    Event::Expecting { terms, drugs }
}

async fn transcribe(engine: Option<&Loaded>, listener: Listener, utterance: &Utterance) -> Result<Heard, Failure> {
    let engine = engine.ok_or(Failure::Protocol)?;
    let heard = listener.finish(&engine.transcriber, utterance).await?;
    engine.still_right().await?;
    Ok(heard)
}

async fn listen(engine: Option<&Loaded>, listener: &mut Listener, utterance: &Utterance) -> Result<Partial, Failure> {
    let engine = engine.ok_or(Failure::Protocol)?;
    let words = listener.hear(&engine.transcriber, utterance).await?;
    engine.trusted()?;
    Ok(words)
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
