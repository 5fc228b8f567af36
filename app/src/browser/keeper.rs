use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::clock;
use super::wire::Wire;
use super::worker::{Message, Worker};
use crate::keeper::Trouble;
use crate::keeper::protocol::{Answer, Errand, FromWorker, News, Request, ToWorker, decode, encode};

/// Written beside the page by the build.
const SCRIPT: &str = "vault-worker_loader.js";

/// The page's end of the vault worker: questions out, answers and news in. Dropping it ends the worker, and with it every
/// key that it holds.
pub struct Keeper {
    worker: Worker,
    asked: Rc<Asked>,
}

/// The questions that are still open.
#[derive(Default)]
struct Asked {
    last: Cell<u32>,
    over: Cell<bool>,
    waiting: RefCell<BTreeMap<u32, Function>>,
    answers: RefCell<BTreeMap<u32, Result<Answer, Trouble>>>,
}

impl Keeper {
    /// Nothing comes back when the browser refuses to start workers.
    pub fn start(on_news: impl Fn(News) + Clone + 'static) -> Option<Self> {
        let asked = Rc::new(Asked::default());
        let open = asked.clone();
        let worker = Worker::start(SCRIPT, move |message| match message {
            Message::Up => {}
            Message::Bytes(bytes) => match decode(&bytes) {
                Some(FromWorker::Answer { number, answer }) => open.answer(number, answer),
                Some(FromWorker::News(news)) => on_news(news),
                Some(FromWorker::Errand(_)) | None => open.end(),
            },
            Message::Died => open.end(),
        })?;
        Some(Self { worker, asked })
    }

    /// The answer comes as [`Trouble::Stopped`] when the worker ends before it gave one.
    pub fn ask(&self, request: Request) -> impl Future<Output = Result<Answer, Trouble>> + use<> {
        let asked = self.asked.clone();
        let number = asked.last.get() + 1;
        asked.last.set(number);
        let answered = asked.wait(number);
        self.worker.send(encode(&ToWorker::Ask {
            number,
            now: clock::now(),
            request,
        }));
        async move {
            // Never rejected.
            let _ = JsFuture::from(answered).await;
            let answer = asked.answers.borrow_mut().remove(&number);
            answer.unwrap_or(Err(Trouble::Stopped))
        }
    }
}

impl Keeper {
    /// A microphone's sound at `rate` hertz goes to the worker on this line, for the recording that was begun.
    pub fn hear(&self, rate: u32, wire: Wire) {
        self.worker.send_with(encode(&ToWorker::Hear { rate }), wire);
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.asked.end();
    }
}

impl Asked {
    fn wait(&self, number: u32) -> Promise {
        let (answered, tell) = promise();
        if self.over.get() {
            settle(&tell);
        } else {
            self.waiting.borrow_mut().insert(number, tell);
        }
        answered
    }

    fn answer(&self, number: u32, answer: Result<Answer, Trouble>) {
        let Some(tell) = self.waiting.borrow_mut().remove(&number) else {
            return;
        };
        self.answers.borrow_mut().insert(number, answer);
        settle(&tell);
    }

    fn end(&self) {
        self.over.set(true);
        self.waiting.take().values().for_each(settle);
    }
}

/// Starts a worker for this alone, from a page or from a worker, and ends it: the memory in which a passphrase was
/// stretched is given back with everything in it.
///
/// # Errors
/// Whatever the errand ran into, or [`Trouble::Stopped`].
pub async fn errand(errand: Errand) -> Result<Vec<u8>, Trouble> {
    let (done, tell) = promise();
    let result = Rc::new(RefCell::new(Err(Trouble::Stopped)));
    let brought = result.clone();
    let worker = Worker::start(SCRIPT, move |message| {
        match message {
            Message::Up => return,
            Message::Bytes(bytes) => {
                if let Some(FromWorker::Errand(outcome)) = decode(&bytes) {
                    *brought.borrow_mut() = outcome;
                }
            }
            Message::Died => {}
        }
        settle(&tell);
    });
    let Some(worker) = worker else {
        return Err(Trouble::Stopped);
    };
    worker.send(encode(&ToWorker::Errand(errand)));
    // Never rejected.
    let _ = JsFuture::from(done).await;
    drop(worker);
    result.replace(Err(Trouble::Stopped))
}

/// A promise and the function that keeps it.
pub(super) fn promise() -> (Promise, Function) {
    let mut keep = None;
    let promise = Promise::new(&mut |resolve, _| keep = Some(resolve));
    (promise, keep.expect("a promise calls its executor at once"))
}

fn settle(tell: &Function) {
    // A function of the browser's own that takes anything.
    let _ = tell.call0(&JsValue::NULL);
}
