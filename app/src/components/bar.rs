use language::say;
use leptos::prelude::*;

use crate::app::Place;
use crate::driver::Driver;
use crate::session::{Event, Session};

/// The top of every screen behind the vault.
#[component]
pub fn Bar() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let place = expect_context::<RwSignal<Place>>();
    let in_visit = Memo::new(move |_| driver.session.with(|session| session.desk.is_some()));
    let busy = Memo::new(move |_| driver.session.with(Session::holds_unsaved));
    view! {
        <header class="bar">
            <p class="wordmark">{say!(l, shell.sotto)}</p>
            <Show when=move || driver.newer.get()>
                <button
                    data-test="update-app"
                    disabled=move || busy.get()
                    on:click=move |_| driver.update_app()
                >
                    {say!(l, shell.new_version)}
                </button>
            </Show>
            <Show when=move || !in_visit.get() && place.get() != Place::Settings>
                <button class="plain" data-test="settings" on:click=move |_| place.set(Place::Settings)>
                    {say!(l, shell.settings)}
                </button>
            </Show>
            <button class="plain only-wide" id="show-keys" data-test="show-keys" aria-haspopup="dialog">
                {say!(l, shell.keys)}
            </button>
            <button class="plain" data-test="lock" on:click=move |_| driver.apply(Event::LockPressed)>
                {say!(l, shell.lock)}
            </button>
        </header>
    }
}
