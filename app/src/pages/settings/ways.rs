use leptos::prelude::*;

use crate::browser::{passkey, window};
use crate::components::Secret;
use crate::driver::Driver;
use crate::keeper::protocol::{Answer, Credential, NewWay, Request, Way};
use crate::pages::proof::{Proof, ProofField, Said};

/// What opens the vault. Changing it asks for what opens it today.
#[component]
pub fn Ways() -> impl IntoView {
    let driver = expect_context::<Driver>();
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
            Ok(()) => add(
                NewWay::Passphrase(new),
                "The passphrase was changed. The old one opens nothing any more.",
            ),
            Err(why) => proof.said.set(Some(why.to_string())),
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
                return Err("Type the passphrase that is to be used together with the passkey.".to_owned());
            }
            let made = passkey::create(&format!("Sotto: {}", vault.name), &vault.prf_salt).await;
            let made = made.map_err(|why| why.to_string())?;
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
            added.map_err(|why| why.to_string())?;
            Ok(if together {
                "From now on the vault opens with passphrase and passkey together.".to_owned()
            } else {
                "The passkey opens this vault from now on.".to_owned()
            })
        });
    };

    view! {
        <h3>"Ways to open this vault"</h3>
        <ul class="ways" data-test="ways">
            {move || {
                let ways = ways();
                let several = ways.len() > 1;
                ways.iter().enumerate().map(|(index, way)| view! {
                    <li>
                        <span>{name(way)}</span>
                        {several.then(|| view! {
                            <button
                                class="plain"
                                data-test="remove-way"
                                on:click=move |_| proof.ask(
                                    move |proof| Request::RemoveWay { proof, index: index as u32 },
                                    |_| "Removed: it opens this vault no more.".to_owned(),
                                )
                            >
                                "Remove"
                            </button>
                        })}
                    </li>
                }).collect_view()
            }}
        </ul>
        <p class="hint">
            "Any one of them opens the vault. Two factors are two only where no single one is on the list, but for the \
             recovery code that you keep locked away."
        </p>
        <ProofField proof test="proof" />
        <div class="buttons start">
            <button data-test="make-code" on:click=move |_| add(NewWay::Recovery, "")>"New recovery code"</button>
            {passkey::available().then(|| view! {
                <button data-test="add-passkey" on:click=move |_| add_passkey(false)>"Add a passkey"</button>
                <button data-test="add-both" on:click=move |_| add_passkey(true)>"Ask for passphrase and passkey together"</button>
            })}
            <button
                data-test="rotate"
                on:click=move |_| proof.ask(
                    |proof| Request::Rotate { proof },
                    |_| "The vault has a new key. Copies of the old one open nothing.".to_owned(),
                )
            >
                "New vault key"
            </button>
        </div>
        <Secret label="New passphrase" test="new-passphrase" value=fresh fresh=true />
        <div class="buttons start">
            <button data-test="change-passphrase" on:click=change_passphrase>"Change the passphrase"</button>
        </div>
        <Said proof test="security-said" />
        {move || code.get().map(|text| view! { <Code text done=move || code.set(None) /> })}
    }
}

/// Shown once: printed or written down, then typed back.
#[component]
pub fn Code(text: String, done: impl Fn() + Copy + Send + 'static) -> impl IntoView {
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
            <h3 id="code-heading">"Recovery code"</h3>
            <p>
                "It opens the vault when the passphrase is forgotten. It is shown this once and stored nowhere: print it or \
                 write it down, keep it apart from this device, then type it back."
            </p>
            <p class="recovery" data-test="recovery-code">{text}</p>
            <div class="buttons start">
                <button on:click=move |_| window::print()>"Print"</button>
            </div>
            <label class="field">
                <span>"Type it back"</span>
                <input
                    autocomplete="off" spellcheck="false" data-test="recovery-typed"
                    prop:value=typed
                    on:input:target=move |input| typed.set(input.target().value())
                />
            </label>
            <button class="primary" data-test="recovery-done" disabled=move || !same() on:click=move |_| done()>
                "I have kept it"
            </button>
        </div>
    }
}

fn name(way: &Way) -> &'static str {
    match way {
        Way::Passphrase => "Passphrase",
        Way::Recovery => "Recovery code",
        Way::Passkey { .. } => "Passkey",
        Way::Both { .. } => "Passphrase and passkey together",
    }
}
