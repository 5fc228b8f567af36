use leptos::prelude::*;

use crate::browser::clock;
use crate::driver::Driver;
use crate::keeper::protocol::Interrupted;
use crate::words;

/// Recordings that a crash cut off, or whose words are not all there: to be recovered or discarded.
#[component]
pub fn InterruptedRecordings() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let interrupted = Memo::new(move |_| driver.session.with(|session| session.interrupted.clone()));
    view! {
        <div role="alert">
            {move || interrupted.get().into_iter().map(|found| view! { <Recording found /> }).collect_view()}
        </div>
    }
}

#[component]
fn Recording(found: Interrupted) -> impl IntoView {
    let driver = expect_context::<Driver>();
    let asking = RwSignal::new(false);
    let id = found.note.into();
    let text = format!(
        "A recording was not written down to its end: the visit of {}, about {} long. Its sound is on this device, \
         encrypted, until {}.",
        clock::day_and_time(found.created),
        words::timer(f64::from(found.seconds)),
        clock::day_and_time(found.expires_at),
    );
    view! {
        <div class="message" data-test="interrupted">
            <p>{text}</p>
            <Show
                when=move || asking.get()
                fallback=move || view! {
                    <button class="primary" data-test="recover" on:click=move |_| driver.recover(id)>"Recover"</button>
                    <button class="plain" data-test="discard" on:click=move |_| asking.set(true)>"Discard"</button>
                }
            >
                <p>"The sound cannot be brought back."</p>
                <button class="danger" data-test="confirm-discard" on:click=move |_| driver.discard(id)>
                    "Discard for good"
                </button>
                <button class="plain" data-closes="" data-test="keep-recording" on:click=move |_| asking.set(false)>"Keep"</button>
            </Show>
        </div>
    }
}
