use language::say;
use leptos::prelude::*;
use note::{Habit, Replacement, Style};

use super::{change, number};
use crate::driver::Driver;
use crate::settings::Paste;
use crate::words;

/// How notes are handed over.
#[component]
pub fn Handing() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let paste = Memo::new(move |_| driver.session.with(|session| session.settings.note.paste));
    let check = move |name: &'static str, test: &'static str, is: fn(&Paste) -> bool, set: fn(&mut Paste, bool)| {
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    data-test=test
                    prop:checked=move || paste.with(is)
                    on:change:target=move |event| {
                        let on = event.target().checked();
                        change(driver, |settings| set(&mut settings.note.paste, on));
                    }
                />
                <span>{name}</span>
            </label>
        }
    };
    view! {
        <section class="group" aria-labelledby="handing-heading">
            <h2 id="handing-heading">{say!(l, notes.heading)}</h2>
            <label class="field">
                <span>{say!(l, notes.width)}</span>
                <input
                    type="number" min="20" max="400" data-test="paste-width"
                    prop:value=move || paste.get().width.map(|width| width.to_string()).unwrap_or_default()
                    on:change:target=move |event| {
                        let width = number(&event.target().value()).and_then(|width| u16::try_from(width).ok());
                        change(driver, |settings| settings.note.paste.width = width);
                    }
                />
            </label>
            <label class="field">
                <span>{say!(l, notes.limit)}</span>
                <input
                    type="number" min="200" data-test="paste-limit"
                    prop:value=move || paste.get().limit.map(|limit| limit.to_string()).unwrap_or_default()
                    on:change:target=move |event| {
                        let limit = number(&event.target().value());
                        change(driver, |settings| settings.note.paste.limit = limit);
                    }
                />
            </label>
            {check(say!(l, notes.crlf), "paste-crlf", |p| p.crlf, |p, on| p.crlf = on)}
            {check(say!(l, notes.ascii), "paste-ascii", |p| p.ascii, |p, on| p.ascii = on)}
            {check(say!(l, notes.footer), "paste-footer", |p| p.footer, |p, on| p.footer = on)}
        </section>
    }
}

/// What was learned from the clinician's own edits.
#[component]
pub fn Learned() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let learns = Memo::new(move |_| driver.session.with(|session| session.settings.note.learns));
    let style = Memo::new(move |_| driver.session.with(|session| session.settings.note.style.clone()));
    let replacement = move |index: usize, known: Replacement| {
        let instead = match known.seen >= note::SEEN_ENOUGH {
            true => say!(l, notes.instead, from = known.from),
            false => say!(l, notes.instead_once, from = known.from),
        };
        view! {
            <li data-test="style-replacement">
                <label class="field">
                    <span>{instead}</span>
                    <input
                        autocomplete="off"
                        prop:value=known.to
                        on:change:target=move |event| {
                            let to = event.target().value();
                            change(driver, |settings| {
                                if let Some(known) = settings.note.style.replacements.get_mut(index) {
                                    known.to = to.trim().to_owned();
                                }
                            });
                        }
                    />
                </label>
                <button
                    class="plain"
                    data-test="style-forget"
                    on:click=move |_| change(driver, |settings| {
                        if index < settings.note.style.replacements.len() {
                            settings.note.style.replacements.remove(index);
                        }
                    })
                >
                    {say!(l, notes.forget)}
                </button>
            </li>
        }
    };
    let habit = move |index: usize, known: Habit| {
        let said = words::habit(l, &known)?;
        Some(view! {
            <li>
                <span>{said}</span>
                <button
                    class="plain"
                    data-test="style-forget"
                    on:click=move |_| change(driver, |settings| {
                        if index < settings.note.style.sections.len() {
                            settings.note.style.sections.remove(index);
                        }
                    })
                >
                    {say!(l, notes.forget)}
                </button>
            </li>
        })
    };
    view! {
        <section class="group" aria-labelledby="style-heading">
            <h2 id="style-heading">{say!(l, notes.style)}</h2>
            <label class="check">
                <input
                    type="checkbox"
                    data-test="style-learns"
                    prop:checked=learns
                    on:change:target=move |event| {
                        let on = event.target().checked();
                        change(driver, |settings| settings.note.learns = on);
                    }
                />
                <span>{say!(l, notes.learn)}</span>
            </label>
            <ul class="learned" data-test="style-learned">
                {move || style.get().replacements.into_iter().enumerate().map(|(at, known)| replacement(at, known)).collect_view()}
                {move || style.get().sections.into_iter().enumerate().filter_map(|(at, known)| habit(at, known)).collect_view()}
            </ul>
            {move || style.with(|style| style.replacements.is_empty()).then(|| view! {
                <p class="hint">{say!(l, notes.learn_hint)}</p>
            })}
            <button
                class="plain"
                data-test="style-forget-all"
                on:click=move |_| change(driver, |settings| settings.note.style = Style::default())
            >
                {say!(l, notes.forget_all)}
            </button>
        </section>
    }
}
