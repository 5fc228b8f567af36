use leptos::prelude::*;

use crate::browser::{offline, window};
use crate::components::text;
use crate::driver::Driver;
use crate::keeper::protocol::{Credential, Request};
use crate::pages::proof::{Proof, ProofField, Said};

/// This vault for good, or every vault on this device.
#[component]
pub fn Erase() -> impl IntoView {
    let driver = expect_context::<Driver>();
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
            erased.map_err(|why| why.to_string())?;
            if everyone {
                offline::clear().await;
                // Not the app at once: it would be kept anew while the browser still deletes.
                window::go("erased.html");
            } else {
                window::reload();
            }
            Ok("Erased.".to_owned())
        });
    };
    view! {
        <section class="group" aria-labelledby="erase-heading">
            <h2 id="erase-heading">"Erase"</h2>
            <p>
                "Notes, transcripts, sound, settings and the audit log. The keys are overwritten; nobody can bring anything \
                 back, except from a backup."
            </p>
            <Show
                when=move || asking.get()
                fallback=move || view! {
                    <button data-test="erase" on:click=move |_| asking.set(true)>"Erase…"</button>
                }
            >
                <p data-test="erase-scope">
                    {text(move || match others().as_slice() {
                        // The own one is not known yet.
                        _ if proof.vault.with(Option::is_none) => String::new(),
                        [] => "Yours is the only vault on this device.".to_owned(),
                        others => format!(
                            "Other people's vaults on this device: {}. Erasing yours leaves them as they are; erasing all \
                             destroys them too, whether or not they know.",
                            others.join(", ")
                        ),
                    })}
                </p>
                <ProofField proof test="erase-proof" />
                <div class="buttons start">
                    <button class="danger" data-test="confirm-erase" disabled=proof.busy on:click=move |_| erase(false)>
                        "Erase my vault for good"
                    </button>
                    <button class="danger" data-test="confirm-erase-all" disabled=proof.busy on:click=move |_| erase(true)>
                        {text(move || match others().len() {
                            0 => "Erase everything on this device".to_owned(),
                            others => format!("Erase all {} vaults on this device", others + 1),
                        })}
                    </button>
                    <button class="plain" data-closes="" on:click=move |_| asking.set(false)>"Keep everything"</button>
                </div>
                <Said proof test="erase-said" />
            </Show>
        </section>
    }
}
