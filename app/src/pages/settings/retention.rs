use language::{Locale, say};
use leptos::prelude::*;

use super::{change, number};
use crate::driver::Driver;
use crate::keeper::protocol::Purge;
use crate::settings::Retention;

/// What it is called, its hook for tests, and where its days are.
type Class = (&'static str, &'static str, fn(&mut Retention) -> &mut u32);

/// The classes of data that are stored and have a time of their own.
fn classes(l: Locale) -> [Class; 5] {
    [
        (say!(l, retention.sound), "keep-audio", |days| &mut days.audio_days),
        (say!(l, retention.transcripts), "keep-transcript", |days| {
            &mut days.transcript_days
        }),
        (say!(l, retention.notes), "keep-note", |days| &mut days.note_days),
        (say!(l, retention.consents), "keep-consent", |days| {
            &mut days.consent_days
        }),
        (say!(l, retention.log), "keep-audit", |days| &mut days.audit_days),
    ]
}

/// How long things are kept.
#[component]
pub fn RetentionGroup() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let retention = Memo::new(move |_| driver.session.with(|session| session.settings.retention));
    let exact = Memo::new(move |_| driver.session.with(|session| session.purge == Purge::Exact));
    view! {
        <section class="group" aria-labelledby="retention-heading">
            <h2 id="retention-heading">{say!(l, retention.heading)}</h2>
            <div class="buttons start" role="group" aria-label=say!(l, retention.presets)>
                {Retention::presets(l).into_iter().map(|(name, preset)| view! {
                    <button
                        data-test="retention-preset"
                        aria-pressed=move || if retention.get() == preset { "true" } else { "false" }
                        on:click=move |_| change(driver, |settings| settings.retention = preset)
                    >
                        {name}
                    </button>
                }).collect_view()}
            </div>
            {classes(l).into_iter().map(|(name, test, days)| view! {
                <label class="field">
                    <span>{say!(l, retention.days, what = name)}</span>
                    <input
                        type="number" min="1" max="3660" data-test=test
                        prop:value=move || days(&mut retention.get()).to_string()
                        on:change:target=move |event| {
                            if let Some(chosen) = number(&event.target().value()) {
                                change(driver, |settings| *days(&mut settings.retention) = chosen);
                            }
                        }
                    />
                </label>
            }).collect_view()}
            <label class="check">
                <input
                    type="checkbox" data-test="keep-sound"
                    prop:checked=move || driver.session.with(|session| session.settings.keep_sound)
                    on:change:target=move |event| {
                        let keep = event.target().checked();
                        change(driver, |settings| settings.keep_sound = keep);
                    }
                />
                <span>{say!(l, retention.keep_sound)}</span>
            </label>
            <p class="hint">{say!(l, retention.from_now)}</p>
            <p class="hint" data-test="purge-kind">
                {move || if exact.get() { say!(l, retention.exact) } else { say!(l, retention.best_effort) }}
            </p>
        </section>
    }
}
