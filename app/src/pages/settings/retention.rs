use leptos::prelude::*;

use super::{change, number};
use crate::driver::Driver;
use crate::keeper::protocol::Purge;
use crate::settings::Retention;

/// What it is called, its hook for tests, and where its days are.
type Class = (&'static str, &'static str, fn(&mut Retention) -> &mut u32);

/// The classes of data that are stored and have a time of their own.
const CLASSES: [Class; 5] = [
    (
        "Recorded sound, unless its note is confirmed before",
        "keep-audio",
        |days| &mut days.audio_days,
    ),
    ("Transcripts", "keep-transcript", |days| &mut days.transcript_days),
    ("Notes", "keep-note", |days| &mut days.note_days),
    ("Consents", "keep-consent", |days| &mut days.consent_days),
    ("The audit log", "keep-audit", |days| &mut days.audit_days),
];

/// How long things are kept.
#[component]
pub fn RetentionGroup() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let retention = Memo::new(move |_| driver.session.with(|session| session.settings.retention));
    let exact = Memo::new(move |_| driver.session.with(|session| session.purge == Purge::Exact));
    view! {
        <section class="group" aria-labelledby="retention-heading">
            <h2 id="retention-heading">"How long things are kept"</h2>
            <div class="buttons start" role="group" aria-label="Presets">
                {Retention::PRESETS.into_iter().map(|(name, preset)| view! {
                    <button
                        data-test="retention-preset"
                        aria-pressed=move || if retention.get() == preset { "true" } else { "false" }
                        on:click=move |_| change(driver, |settings| settings.retention = preset)
                    >
                        {name}
                    </button>
                }).collect_view()}
            </div>
            {CLASSES.into_iter().map(|(name, test, days)| view! {
                <label class="field">
                    <span>{name}": days"</span>
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
                <span>"Keep recorded sound after its note is confirmed, until its days are over"</span>
            </label>
            <p class="hint">"It holds for visits that begin from now on."</p>
            <p class="hint" data-test="purge-kind">
                {move || if exact.get() {
                    "Exact purge: what is over cannot be read again, because its key is overwritten where it lay on the disk."
                } else {
                    "Best-effort purge: this browser has no private file system, so keys are removed from its database, which \
                     may keep copies for a while."
                }}
            </p>
        </section>
    }
}
