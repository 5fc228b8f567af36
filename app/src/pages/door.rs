//! The screens in front of the vault: nothing else is on them.

use leptos::prelude::*;

use crate::browser::window;
use crate::driver::Driver;
use crate::session::Vault;

#[component]
pub fn FirstRun() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let passphrase = RwSignal::new(String::new());
    let repeated = RwSignal::new(String::new());
    let visible = RwSignal::new(false);
    let working = move || driver.session.with(|session| session.vault == Vault::Creating);
    let kind = move || if visible.get() { "text" } else { "password" };
    Effect::new(|_| window::focus("passphrase"));

    view! {
        <main class="door">
            <div class="card">
                <Wordmark />
                <h1>"Set a passphrase"</h1>
                <p>
                    "Sotto listens, writes the note and keeps it on this device, encrypted. There is no account and no \
                     server, so nobody can reset the passphrase: without it, the notes stay closed."
                </p>
                <form on:submit=move |submit| {
                    submit.prevent_default();
                    driver.create_vault(passphrase.get_untracked(), repeated.get_untracked());
                }>
                    <label for="passphrase">"Passphrase"</label>
                    <input
                        id="passphrase"
                        data-test="passphrase"
                        type=kind
                        autocomplete="new-password"
                        aria-describedby="passphrase-hint"
                        bind:value=passphrase
                    />
                    <p id="passphrase-hint" class="hint" aria-live="polite">
                        {move || hint(&passphrase.read())}
                    </p>
                    <label for="passphrase-repeat">"The same passphrase again"</label>
                    <input
                        id="passphrase-repeat"
                        data-test="passphrase-repeat"
                        type=kind
                        autocomplete="new-password"
                        bind:value=repeated
                    />
                    <label class="check">
                        <input type="checkbox" bind:checked=visible />
                        "Show what I type"
                    </label>
                    <Refusal />
                    <button class="primary" data-test="create-vault" type="submit" disabled=working>
                        {move || if working() { "Creating the vault: about a second" } else { "Create vault" }}
                    </button>
                </form>
            </div>
        </main>
    }
}

#[component]
pub fn Unlock() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let passphrase = RwSignal::new(String::new());
    let working = move || driver.session.with(|session| session.vault == Vault::Unlocking);
    Effect::new(|_| window::focus("passphrase"));

    view! {
        <main class="door">
            <div class="card">
                <Wordmark />
                <h1>"Unlock"</h1>
                <form on:submit=move |submit| {
                    submit.prevent_default();
                    driver.unlock(passphrase.get_untracked());
                }>
                    <label for="passphrase">"Passphrase"</label>
                    <input
                        id="passphrase"
                        data-test="passphrase"
                        type="password"
                        autocomplete="current-password"
                        bind:value=passphrase
                    />
                    <Refusal />
                    <button class="primary" data-test="unlock" type="submit" disabled=working>
                        {move || if working() { "Unlocking: about a second" } else { "Unlock" }}
                    </button>
                </form>
            </div>
        </main>
    }
}

#[component]
pub fn Unusable() -> impl IntoView {
    view! {
        <main class="door">
            <div class="card" role="alert" data-test="message">
                <Wordmark />
                <h1>"No storage"</h1>
                <p>
                    "This browser does not let Sotto keep anything, so no note could be found again. Leave the private \
                     window, or allow storage for this page, then reload."
                </p>
            </div>
        </main>
    }
}

#[component]
fn Wordmark() -> impl IntoView {
    view! { <p class="wordmark">"Sotto"</p> }
}

/// Why the vault stays shut. It is always there, so that its text is read out when it changes.
#[component]
fn Refusal() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let refused = move || {
        driver.session.with(|session| match &session.vault {
            Vault::Absent { refused } | Vault::Locked { refused } => refused.clone(),
            Vault::Unread | Vault::Creating | Vault::Unlocking | Vault::Open | Vault::Unusable => None,
        })
    };
    view! {
        <p class="refusal" role="alert" data-test="unlock-error">
            {refused}
        </p>
    }
}

fn hint(passphrase: &str) -> String {
    if passphrase.is_empty() {
        return "At least 15 characters. Six random words are easy to remember and hard to guess. You can paste."
            .to_owned();
    }
    match vault::strong_enough(passphrase) {
        Ok(()) => format!("{} characters: long enough.", passphrase.chars().count()),
        Err(why) => why.to_string(),
    }
}
