use language::say;
use leptos::prelude::*;

use super::ways::Ways;
use super::{change, number};
use crate::driver::Driver;

/// Locking, and the ways in.
#[component]
pub fn Security() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let idle = Memo::new(move |_| driver.session.with(|session| session.settings.idle_minutes));
    let hidden = Memo::new(move |_| driver.session.with(|session| session.settings.lock_when_hidden));
    view! {
        <section class="group" aria-labelledby="security-heading">
            <h2 id="security-heading">{say!(l, security.heading)}</h2>
            <label class="field">
                <span>{say!(l, security.idle)}</span>
                <input
                    type="number" min="1" max="60" data-test="idle-minutes"
                    prop:value=move || idle.get().to_string()
                    on:change:target=move |event| {
                        if let Some(minutes) = number(&event.target().value()) {
                            change(driver, |settings| settings.idle_minutes = minutes.min(60));
                        }
                    }
                />
            </label>
            <label class="check">
                <input
                    type="checkbox" data-test="lock-when-hidden"
                    prop:checked=hidden
                    on:change:target=move |event| {
                        let on = event.target().checked();
                        change(driver, |settings| settings.lock_when_hidden = on);
                    }
                />
                <span>{say!(l, security.hidden)}</span>
            </label>
            <Ways />
        </section>
    }
}
