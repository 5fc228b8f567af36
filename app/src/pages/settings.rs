use leptos::prelude::*;

use super::templates::Back;
use crate::app::Place;
use crate::components::{Bar, Messages};
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
    let place = expect_context::<RwSignal<Place>>();
    let go = move |name: &'static str, test: &'static str, to: Place| {
        view! { <button data-test=test on:click=move |_| place.set(to)>{name}</button> }
    };
    view! {
        <Bar />
        <main class="sheet narrow">
            <header class="head">
                <Back />
                <h1>"Settings"</h1>
            </header>
            <Messages />
            <nav class="buttons start" aria-label="More settings">
                {go("Templates", "go-templates", Place::Templates)}
                {go("Vocabulary", "go-vocabulary", Place::Vocabulary)}
                {go("Speech models", "go-models", Place::Models)}
                {go("Recording laws", "go-laws", Place::Laws)}
                {go("Audit log", "go-audit", Place::Audit)}
            </nav>
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
