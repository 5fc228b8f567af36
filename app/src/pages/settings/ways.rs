use language::{Locale, say};
use leptos::prelude::*;

use crate::browser::{passkey, window};
use crate::components::Secret;
use crate::driver::Driver;
use crate::keeper::protocol::{Answer, Credential, NewWay, Request, Way};
use crate::pages::proof::{Proof, ProofField, Said};
use crate::words::Told;

/// What opens the vault. Changing it asks for what opens it today.
#[component]
pub fn Ways() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let proof = Proof::new(driver);
    let fresh = RwSignal::new(String::new());
    let code = RwSignal::new(None::<String>);
    let ways = move || proof.vault.get().map(|vault| vault.ways).unwrap_or_default();
    let add = move |way: NewWay, done: &'static str| {
        proof.ask(
            move |proof| Request::AddWay { proof, way },
            move |answer| {
                fresh.set(String::new());
                if let Answer::Code(text) = answer {
                    code.set(Some(text));
                }
                done.to_owned()
            },
        );
    };
    let change_passphrase = move |_| {
        let new = fresh.get_untracked();
        match vault::strong_enough(&new) {
            Ok(()) => add(NewWay::Passphrase(new), say!(l, vault.passphrase_changed)),
            Err(why) => proof.said.set(Some(why.told(l))),
        }
    };
    // The passphrase is proved first: a browser's own question must not come before a mistake is found.
    let add_passkey = move |together: bool| {
        let Some(vault) = proof.vault.get_untracked() else {
            return;
        };
        proof.with(move |credential| async move {
            let passphrase = match &credential {
                Credential::Passphrase(passphrase) | Credential::Both { passphrase, .. } => Some(passphrase.clone()),
                Credential::Recovery(_) | Credential::Passkey { .. } => None,
            };
            if together && passphrase.is_none() {
                return Err(say!(l, vault.passphrase_needed).to_owned());
            }
            let made = passkey::create(&format!("Sotto: {}", vault.name), &vault.prf_salt).await;
            let made = made.map_err(|why| why.told(l))?;
            let way = match passphrase {
                Some(passphrase) if together => NewWay::Both {
                    passphrase,
                    credential: made.credential,
                    output: made.output,
                },
                Some(_) | None => NewWay::Passkey {
                    credential: made.credential,
                    output: made.output,
                },
            };
            let added = driver.ask(Request::AddWay { proof: credential, way }).await;
            added.map_err(|why| why.told(l))?;
            let done = match together {
                true => say!(l, vault.both_added),
                false => say!(l, vault.passkey_added),
            };
            Ok(done.to_owned())
        });
    };

    view! {
        <h3>{say!(l, vault.ways)}</h3>
        <ul class="ways" data-test="ways">
            {move || {
                let ways = ways();
                let several = ways.len() > 1;
                ways.iter().enumerate().map(|(index, way)| view! {
                    <li>
                        <span>{name(l, way)}</span>
                        {several.then(|| view! {
                            <button
                                class="plain"
                                data-test="remove-way"
                                on:click=move |_| proof.ask(
                                    move |proof| Request::RemoveWay { proof, index: index as u32 },
                                    move |_| say!(l, vault.way_removed).to_owned(),
                                )
                            >
                                {say!(l, vault.remove)}
                            </button>
                        })}
                    </li>
                }).collect_view()
            }}
        </ul>
        <p class="hint">{say!(l, vault.ways_hint)}</p>
        <ProofField proof test="proof" />
        <div class="buttons start">
            <button data-test="make-code" on:click=move |_| add(NewWay::Recovery, "")>{say!(l, vault.new_code)}</button>
            {passkey::available().then(|| view! {
                <button data-test="add-passkey" on:click=move |_| add_passkey(false)>
                    {say!(l, vault.add_passkey)}
                </button>
                <button data-test="add-both" on:click=move |_| add_passkey(true)>{say!(l, vault.add_both)}</button>
            })}
            <button
                data-test="rotate"
                on:click=move |_| proof.ask(
                    |proof| Request::Rotate { proof },
                    move |_| say!(l, vault.rotated).to_owned(),
                )
            >
                {say!(l, vault.rotate)}
            </button>
        </div>
        <Secret label=say!(l, vault.new_passphrase) test="new-passphrase" value=fresh fresh=true />
        <div class="buttons start">
            <button data-test="change-passphrase" on:click=change_passphrase>{say!(l, vault.change_passphrase)}</button>
        </div>
        <Said proof test="security-said" />
        {move || code.get().map(|text| view! { <Code text done=move || code.set(None) /> })}
    }
}

/// Shown once: printed or written down, then typed back.
#[component]
pub fn Code(text: String, done: impl Fn() + Copy + Send + 'static) -> impl IntoView {
    let l = expect_context::<Driver>().locale();
    let typed = RwSignal::new(String::new());
    let plain = |text: &str| {
        text.chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_uppercase()
    };
    let right = plain(&text);
    let same = move || typed.with(|typed| plain(typed) == right);
    view! {
        <div class="code-card" role="group" aria-labelledby="code-heading">
            <h3 id="code-heading">{say!(l, vault.code)}</h3>
            <p>{say!(l, vault.code_hint)}</p>
            <p class="recovery" data-test="recovery-code">{text}</p>
            <div class="buttons start">
                <button on:click=move |_| window::print()>{say!(l, vault.print)}</button>
            </div>
            <label class="field">
                <span>{say!(l, vault.type_back)}</span>
                <input
                    autocomplete="off" spellcheck="false" data-test="recovery-typed"
                    prop:value=typed
                    on:input:target=move |input| typed.set(input.target().value())
                />
            </label>
            <button class="primary" data-test="recovery-done" disabled=move || !same() on:click=move |_| done()>
                {say!(l, vault.code_kept)}
            </button>
        </div>
    }
}

fn name(l: Locale, way: &Way) -> &'static str {
    match way {
        Way::Passphrase => say!(l, vault.passphrase),
        Way::Recovery => say!(l, vault.code),
        Way::Passkey { .. } => say!(l, vault.passkey),
        Way::Both { .. } => say!(l, vault.both),
    }
}
