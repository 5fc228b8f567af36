use language::{SPOKEN, say};
use leptos::prelude::*;
use vault::audit::Event as AuditEvent;

use crate::browser::download;
use crate::driver::Driver;
use crate::words::Told;
use crate::writer;

/// A copy that says less about the patient: what was found and replaced is shown before anything is saved.
#[component]
pub fn Fewer() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let preview = RwSignal::new(None::<writer::Fewer>);
    let look = move |_| preview.set(driver.hand_over(|writer, note| writer.fewer(&note.draft)));
    view! {
        <button data-test="deidentify" on:click=look>{say!(l, review.fewer)}</button>
        {move || preview.get().map(|copy| view! { <Preview copy done=move || preview.set(None) /> })}
    }
}

#[component]
fn Preview(copy: writer::Fewer, done: impl Fn() + Copy + Send + 'static) -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let text = copy.text.clone();
    let save = move |_| {
        driver.log(AuditEvent::Exported, 0);
        download::save(
            "sotto-fewer-identifiers.txt",
            "text/plain;charset=utf-8",
            text.as_bytes(),
        );
    };
    view! {
        // `public/keyboard.js` opens it as a modal one, so that the browser keeps the focus inside and Escape closes it.
        <dialog class="card wide" aria-labelledby="fewer-heading" on:close=move |_| done()>
            <h2 id="fewer-heading">{say!(l, review.fewer_heading)}</h2>
            <p class="caution">{say!(l, review.fewer_hint)}</p>
            <ul class="replaced">
                {copy.replaced.into_iter().map(|(shown, why)| view! { <li>{shown}": "{why.told(l)}</li> }).collect_view()}
            </ul>
            <pre class="copy" lang=SPOKEN tabindex="0" data-test="fewer-text">{copy.text}</pre>
            <form method="dialog" class="buttons">
                <button class="plain" data-test="fewer-close">{say!(l, review.close)}</button>
                <button class="primary" data-test="fewer-save" on:click=save>{say!(l, review.save_copy)}</button>
            </form>
        </dialog>
    }
}
