use language::say;
use leptos::prelude::*;

use crate::browser::languages;
use crate::driver::Driver;
use crate::session::EngineState;
use crate::words;

/// Microphone, engine, storage and expiry in one line, in words.
#[component]
pub fn StatusLine() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let parts = Memo::new(move |_| driver.session.with(|session| words::status_line(l, session)));
    let heard = Memo::new(move |_| driver.session.with(|session| session.engine.heard().map(str::to_owned)));
    let fallback = Memo::new(move |_| {
        driver.session.with(|session| match &session.engine.state {
            EngineState::Ready(engine) => engine.fallback.map(|why| words::fallback(l, why)),
            EngineState::Off | EngineState::Loading { .. } | EngineState::Failed(_) | EngineState::Crashed => None,
        })
    });
    let line = move || {
        let mut parts = parts.get();
        if let Some(code) = heard.get() {
            parts.push(say!(l, status.heard, language = languages::name(l, &code)));
        }
        if driver.offline.get() {
            parts.push(say!(l, shell.works_offline).to_owned());
        }
        parts.join(" · ")
    };
    view! {
        <div class="status">
            <p role="status" data-test="status">{line}</p>
            {move || fallback.get().map(|why| view! { <p class="why" data-test="fallback">{why}</p> })}
        </div>
    }
}
