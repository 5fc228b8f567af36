use language::say;
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
    let l = driver.locale();
    let asking = RwSignal::new(false);
    let id = found.note.into();
    let text = say!(
        l,
        visit.interrupted,
        begun = clock::day_and_time(l, found.created),
        length = words::timer(f64::from(found.seconds)),
        until = clock::day_and_time(l, found.expires_at)
    );
    view! {
        <div class="message" data-test="interrupted">
            <p>{text}</p>
            <Show
                when=move || asking.get()
                fallback=move || view! {
                    <button class="primary" data-test="recover" on:click=move |_| driver.recover(id)>
                        {say!(l, visit.recover)}
                    </button>
                    <button class="plain" data-test="discard" on:click=move |_| asking.set(true)>
                        {say!(l, visit.discard)}
                    </button>
                }
            >
                <p>{say!(l, visit.sound_is_gone)}</p>
                <button class="danger" data-test="confirm-discard" on:click=move |_| driver.discard(id)>
                    {say!(l, visit.discard_for_good)}
                </button>
                <button class="plain" data-closes="" data-test="keep-recording" on:click=move |_| asking.set(false)>
                    {say!(l, visit.keep)}
                </button>
            </Show>
        </div>
    }
}
