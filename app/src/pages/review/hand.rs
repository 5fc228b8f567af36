use language::say;
use leptos::prelude::*;
use leptos::task::spawn_local;
use note::Refused;
use vault::audit::Event as AuditEvent;

use super::OPEN_FLAG;
use super::download::Downloads;
use crate::browser::{clipboard, clock, window};
use crate::driver::Driver;
use crate::session::{Edit, Event, Notice, Unconfirmed};
use crate::words;

/// The way out: confirm first, then copy, print or download.
#[component]
pub fn Hand() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let attested = driver.attested();
    let name = RwSignal::new(
        driver
            .session
            .with_untracked(|session| session.settings.note.signs_as.clone()),
    );
    let refused = RwSignal::new(None::<String>);
    let confirm = move |_| {
        refused.set(None);
        let by = name.get_untracked();
        driver.sign_as(&by);
        if let Err(why) = driver.attest(&by) {
            refused.set(Some(words::not_confirmed(l, &why)));
            // To where it is answered.
            match why {
                Unconfirmed::Refused(Refused::Open(_)) => window::reveal_first(OPEN_FLAG),
                Unconfirmed::Refused(Refused::Nameless) => window::focus("signs-as"),
                Unconfirmed::Refused(_) | Unconfirmed::Unchecked => {}
            }
        }
    };

    view! {
        <div class="hand">
            <p class="hint" id="hand-hint" data-test="hand-hint">
                {move || match attested.get() {
                    Some(attestation) => say!(
                        l,
                        review.reviewed_by,
                        by = attestation.by,
                        at = clock::day_and_time(l, attestation.at)
                    ),
                    None => say!(l, review.confirm_first).to_owned(),
                }}
            </p>
            <p class="refusal" role="alert" data-test="not-confirmed">{refused}</p>
            <div class="buttons">
                <Show
                    when=move || attested.get().is_some()
                    fallback=move || view! {
                        <label class="signs">
                            <span class="sr">{say!(l, review.your_name)}</span>
                            <input
                                id="signs-as"
                                data-test="signs-as"
                                placeholder=say!(l, review.your_name)
                                maxlength="80"
                                autocomplete="name"
                                prop:value=name
                                on:input:target=move |input| name.set(input.target().value())
                            />
                        </label>
                        <button class="primary" data-test="confirm-review" on:click=confirm>
                            {say!(l, review.confirm)}
                        </button>
                    }
                >
                    <button
                        class="plain"
                        data-test="reopen-review"
                        on:click=move |_| driver.apply(Event::Edited(Edit::Reopened))
                    >
                        {say!(l, review.take_back)}
                    </button>
                    <Downloads />
                    <button
                        data-test="print-note"
                        on:click=move |_| {
                            driver.log(AuditEvent::Printed, 0);
                            window::print();
                        }
                    >
                        {say!(l, review.print)}
                    </button>
                    <Copy />
                </Show>
            </div>
        </div>
    }
}

/// The whole note, or its parts one after the other where the record takes only so much at once.
#[component]
fn Copy() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let next = RwSignal::new(0_usize);
    let copied = RwSignal::new(None::<String>);
    let copy = move |_| {
        let parts = match driver.note_parts() {
            Some(Ok(parts)) if !parts.is_empty() => parts,
            Some(Err(why)) => return copied.set(Some(why)),
            Some(Ok(_)) | None => return,
        };
        let at = next.get_untracked() % parts.len();
        spawn_local(async move {
            match clipboard::write(&parts[at]).await {
                Ok(()) => {
                    driver.log(AuditEvent::Copied, 0);
                    next.set(at + 1);
                    copied.set(Some(words::copied(l, at, parts.len(), parts[at].chars().count())));
                }
                Err(()) => driver.apply(Event::Noticed(Notice::NotCopied)),
            }
        });
    };
    Effect::new(|_| window::focus("copy-note"));
    view! {
        <button id="copy-note" class="primary" data-test="copy-note" aria-describedby="hand-hint" on:click=copy>
            {move || copied.get().unwrap_or_else(|| say!(l, review.copy_note).to_owned())}
        </button>
    }
}
