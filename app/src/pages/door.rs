//! The screens in front of the vault: nothing else is on them.

use language::{Locale, say};
use leptos::prelude::*;

use crate::browser::window;
use crate::components::{LanguageChoice, text};
use crate::driver::Driver;
use crate::keeper::protocol::{Purge, Way};
use crate::session::{Event, Vault};
use crate::words::Told;

#[component]
pub fn FirstRun() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let name = RwSignal::new(String::new());
    let passphrase = RwSignal::new(String::new());
    let repeated = RwSignal::new(String::new());
    let visible = RwSignal::new(false);
    let working = move || driver.session.with(|session| session.vault == Vault::Creating);
    let another = move || driver.session.with(|session| !session.vaults.is_empty());
    let kind = move || if visible.get() { "text" } else { "password" };
    Effect::new(|_| window::focus("passphrase"));

    view! {
        <main class="door">
            <div class="card">
                <Wordmark />
                <h1>{say!(l, door.set_passphrase)}</h1>
                <Show when=move || driver.session.with(|session| session.emptied)>
                    <p class="caution" role="alert" data-test="emptied">{say!(l, door.emptied)}</p>
                </Show>
                <p>{say!(l, door.promise)}</p>
                <form on:submit=move |submit| {
                    submit.prevent_default();
                    let name = name.get_untracked().trim().to_owned();
                    // The only profile of a device needs no name of its own.
                    let name = if name.is_empty() { say!(l, door.this_workstation).to_owned() } else { name };
                    driver.create_vault(name, passphrase.get_untracked(), repeated.get_untracked());
                }>
                    <Show when=another>
                        <label for="profile-name">{say!(l, door.profile_name)}</label>
                        <input
                            id="profile-name"
                            data-test="profile-name"
                            maxlength="60"
                            autocomplete="username"
                            required
                            bind:value=name
                        />
                    </Show>
                    <label for="passphrase">{say!(l, door.passphrase)}</label>
                    <input
                        id="passphrase"
                        data-test="passphrase"
                        type=kind
                        autocomplete="new-password"
                        aria-describedby="passphrase-hint"
                        bind:value=passphrase
                    />
                    <p id="passphrase-hint" class="hint" aria-live="polite">
                        {text(move || hint(l, &passphrase.read()))}
                    </p>
                    <label for="passphrase-repeat">{say!(l, door.passphrase_again)}</label>
                    <input
                        id="passphrase-repeat"
                        data-test="passphrase-repeat"
                        type=kind
                        autocomplete="new-password"
                        bind:value=repeated
                    />
                    <label class="check">
                        <input type="checkbox" bind:checked=visible />
                        {say!(l, door.show_typed)}
                    </label>
                    <Refusal />
                    <button class="primary" data-test="create-vault" type="submit" disabled=working>
                        {text(move || {
                            if working() { say!(l, door.creating) } else { say!(l, door.create) }.to_owned()
                        })}
                    </button>
                    <Show when=another>
                        <button
                            class="plain"
                            type="button"
                            data-test="profile-back"
                            on:click=move |_| driver.apply(Event::NewVaultGivenUp)
                        >
                            {say!(l, door.back)}
                        </button>
                    </Show>
                </form>
                <PurgeNotice />
                <LanguageChoice />
            </div>
        </main>
    }
}

#[component]
pub fn Unlock() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let vaults = Memo::new(move |_| driver.session.with(|session| session.vaults.clone()));
    let chosen = RwSignal::new(0);
    let passphrase = RwSignal::new(String::new());
    let working = move || driver.session.with(|session| session.vault == Vault::Unlocking);
    let vault = Memo::new(move |_| vaults.with(|vaults| vaults.get(chosen.get()).or(vaults.first()).cloned()));
    let has = move |wanted: fn(&Way) -> bool| {
        vault.with(|vault| vault.as_ref().is_some_and(|vault| vault.ways.iter().any(wanted)))
    };
    let has_passkey = move || has(|way| matches!(way, Way::Passkey { .. }));
    let has_both = move || has(|way| matches!(way, Way::Both { .. }));
    Effect::new(|_| window::focus("passphrase"));

    view! {
        <main class="door">
            <div class="card">
                <Wordmark />
                <h1>{say!(l, door.unlock)}</h1>
                <form on:submit=move |submit| {
                    submit.prevent_default();
                    if let Some(vault) = vault.get_untracked() {
                        driver.unlock(vault, passphrase.get_untracked());
                    }
                }>
                    <Show when=move || { vaults.read().len() > 1 }>
                        <label for="profile">{say!(l, door.profile)}</label>
                        <select
                            id="profile"
                            data-test="profile"
                            on:change:target=move |change| chosen.set(change.target().selected_index().max(0) as usize)
                        >
                            {move || vaults.get()
                                .into_iter()
                                .map(|vault| view! { <option>{vault.name}</option> })
                                .collect_view()}
                        </select>
                    </Show>
                    <label for="passphrase">
                        {text(move || {
                            let code = has(|way| *way == Way::Recovery);
                            if code { say!(l, door.passphrase_or_code) } else { say!(l, door.passphrase) }.to_owned()
                        })}
                    </label>
                    <input
                        id="passphrase"
                        data-test="passphrase"
                        type="password"
                        autocomplete="current-password"
                        bind:value=passphrase
                    />
                    <Refusal />
                    <button class="primary" data-test="unlock" type="submit" disabled=working>
                        {text(move || {
                            if working() { say!(l, door.unlocking) } else { say!(l, door.unlock) }.to_owned()
                        })}
                    </button>
                    <Show when=has_both>
                        <p class="hint">{say!(l, door.asks_passkey)}</p>
                    </Show>
                    <Show when=has_passkey>
                        <button
                            type="button"
                            data-test="unlock-passkey"
                            disabled=working
                            on:click=move |_| if let Some(vault) = vault.get_untracked() {
                                driver.unlock(vault, String::new());
                            }
                        >
                            {say!(l, door.with_passkey)}
                        </button>
                    </Show>
                    <Show when=move || !vaults.read().is_empty()>
                        <button
                            class="plain"
                            type="button"
                            data-test="new-profile"
                            on:click=move |_| driver.apply(Event::NewVaultPressed)
                        >
                            {say!(l, door.new_profile)}
                        </button>
                    </Show>
                </form>
                <PurgeNotice />
                <LanguageChoice />
            </div>
        </main>
    }
}

#[component]
pub fn Unusable() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let why = move || {
        driver.session.with(|session| {
            let Vault::Unusable(why) = &session.vault else {
                return String::new();
            };
            why.told(l)
        })
    };
    view! {
        <main class="door">
            <div class="card" role="alert" data-test="message">
                <Wordmark />
                <h1>{say!(l, door.unusable)}</h1>
                <p>{text(why)}</p>
            </div>
        </main>
    }
}

#[component]
fn Wordmark() -> impl IntoView {
    let driver = expect_context::<Driver>();
    view! { <p class="wordmark">{say!(driver.locale(), shell.sotto)}</p> }
}

/// Why the vault stays shut. It is always there, so that its text is read out when it changes.
#[component]
fn Refusal() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let refused = move || {
        driver.session.with(|session| match &session.vault {
            Vault::Absent { refused } | Vault::Locked { refused } => refused.clone(),
            Vault::Unread | Vault::Creating | Vault::Unlocking | Vault::Open | Vault::Unusable(_) => None,
        })
    };
    view! {
        <p class="refusal" role="alert" data-test="unlock-error">
            {refused}
        </p>
    }
}

/// Where the browser has no place in which keys can be overwritten.
#[component]
fn PurgeNotice() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let best_effort = move || driver.session.with(|session| session.purge == Purge::BestEffort);
    view! {
        <Show when=best_effort>
            <p class="caution" data-test="best-effort">{say!(l, door.best_effort)}</p>
        </Show>
    }
}

fn hint(l: Locale, passphrase: &str) -> String {
    if passphrase.is_empty() {
        return say!(l, door.advice).to_owned();
    }
    match vault::strong_enough(passphrase) {
        Ok(()) => say!(l, door.long_enough, count = passphrase.chars().count()),
        Err(why) => why.told(l),
    }
}
