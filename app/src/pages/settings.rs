use language::say;
use leptos::prelude::*;

use super::templates::Back;
use crate::app::Place;
use crate::components::{Bar, LanguageChoice, Messages};
use crate::driver::Driver;
use crate::settings::Settings;

mod notes;
use notes::{Handing, Learned};

mod retention;
use retention::RetentionGroup;

mod security;
use security::Security;

mod ways;

mod handover;
use handover::Handover;
mod papers;
use papers::Papers;

mod erase;
use erase::Erase;

/// Everything that can be chosen, one column, grouped.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let l = expect_context::<Driver>().locale();
    let place = expect_context::<RwSignal<Place>>();
    let go = move |name: &'static str, test: &'static str, to: Place| {
        view! { <button data-test=test on:click=move |_| place.set(to)>{name}</button> }
    };
    view! {
        <Bar />
        <main class="sheet narrow">
            <header class="head">
                <Back />
                <h1>{say!(l, settings.heading)}</h1>
            </header>
            <Messages />
            <nav class="buttons start" aria-label=say!(l, settings.more)>
                {go(say!(l, settings.templates), "go-templates", Place::Templates)}
                {go(say!(l, settings.vocabulary), "go-vocabulary", Place::Vocabulary)}
                {go(say!(l, settings.models), "go-models", Place::Models)}
                {go(say!(l, settings.laws), "go-laws", Place::Laws)}
                {go(say!(l, settings.audit), "go-audit", Place::Audit)}
            </nav>
            <section class="group" aria-label=say!(l, settings.language)>
                <LanguageChoice />
            </section>
            <Handing />
            <Learned />
            <RetentionGroup />
            <Security />
            <Handover />
            <Papers />
            <Erase />
        </main>
    }
}

/// Changes a setting and stores it at once; there is no button to forget.
pub(super) fn change(driver: Driver, change: impl FnOnce(&mut Settings)) {
    let mut settings = driver.session.with_untracked(|session| session.settings.clone());
    change(&mut settings);
    driver.write_settings(settings);
}

/// A number that may be left empty.
fn number(text: &str) -> Option<u32> {
    text.trim().parse().ok().filter(|&number| number > 0)
}
