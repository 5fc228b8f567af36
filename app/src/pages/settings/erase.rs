use language::say;
use leptos::prelude::*;

use super::papers;
use crate::browser::{offline, window};
use crate::components::text;
use crate::driver::Driver;
use crate::keeper::protocol::{Credential, Request};
use crate::pages::proof::{Proof, ProofField, Said};
use crate::words::Told;

/// This vault for good, or every vault on this device.
#[component]
pub fn Erase() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let proof = Proof::new(driver);
    let asking = RwSignal::new(false);
    let names = Memo::new(move |_| {
        driver.session.with(|session| {
            session
                .vaults
                .iter()
                .map(|vault| (vault.id, vault.name.clone()))
                .collect::<Vec<_>>()
        })
    });
    let others = move || {
        let own = proof.vault.get().map(|vault| vault.id);
        names.with(|names| {
            let others = names.iter().filter(|(id, _)| Some(*id) != own);
            others.map(|(_, name)| name.clone()).collect::<Vec<_>>()
        })
    };
    let erase = move |everyone: bool| {
        proof.with(move |proof: Credential| async move {
            let erased = driver.ask(Request::Erase { proof, everyone }).await;
            erased.map_err(|why| why.told(l))?;
            if everyone {
                offline::clear().await;
                // Not the app at once: it would be kept anew while the browser still deletes.
                window::go(&papers::page(l, "erased"));
            } else {
                window::reload();
            }
            Ok(say!(l, erase.erased).to_owned())
        });
    };
    view! {
        <section class="group" aria-labelledby="erase-heading">
            <h2 id="erase-heading">{say!(l, erase.heading)}</h2>
            <p>{say!(l, erase.what)}</p>
            <Show
                when=move || asking.get()
                fallback=move || view! {
                    <button data-test="erase" on:click=move |_| asking.set(true)>{say!(l, erase.ask)}</button>
                }
            >
                <p data-test="erase-scope">
                    {text(move || match others().as_slice() {
                        // The own one is not known yet.
                        _ if proof.vault.with(Option::is_none) => String::new(),
                        [] => say!(l, erase.only_one).to_owned(),
                        others => say!(l, erase.others, names = others.join(", ")),
                    })}
                </p>
                <ProofField proof test="erase-proof" />
                <div class="buttons start">
                    <button class="danger" data-test="confirm-erase" disabled=proof.busy on:click=move |_| erase(false)>
                        {say!(l, erase.mine)}
                    </button>
                    <button class="danger" data-test="confirm-erase-all" disabled=proof.busy on:click=move |_| erase(true)>
                        {text(move || match others().len() {
                            0 => say!(l, erase.everything).to_owned(),
                            others => say!(l, erase.all, count = others + 1),
                        })}
                    </button>
                    <button class="plain" data-closes="" on:click=move |_| asking.set(false)>
                        {say!(l, erase.keep)}
                    </button>
                </div>
                <Said proof test="erase-said" />
            </Show>
        </section>
    }
}
