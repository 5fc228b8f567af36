use leptos::prelude::*;
use leptos::task::spawn_local;

use super::templates::Back;
use crate::browser::file;
use crate::browser::models::{self, Found};
use crate::components::{Bar, Messages, StatusLine};
use crate::driver::Driver;
use crate::words;

/// Which speech model listens, and how another one comes onto this device.
#[component]
pub fn Models() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let found = RwSignal::new(Vec::<Found>::new());
    let said = RwSignal::new(None::<String>);
    let look = move || spawn_local(async move { found.set(models::all().await) });
    look();
    let install = move |event| {
        let Some(chosen) = file::chosen_model(&event) else {
            return;
        };
        spawn_local(async move {
            let progress = move |done, total| said.set(Some(words::installing(done, total)));
            match models::install(chosen, progress).await {
                Ok(model) => said.set(Some(format!(
                    "{} is installed and works without a network.",
                    model.contents.name
                ))),
                Err(why) => said.set(Some(why.to_string())),
            }
            look();
        });
    };
    let remove = move |model: Found| {
        spawn_local(async move {
            models::remove(&model.folder).await;
            if driver
                .session
                .with_untracked(|session| session.settings.model == model.folder)
            {
                driver.use_model(models::STARTER);
            }
            look();
        });
    };

    view! {
        <Bar />
        <main class="sheet">
            <header class="head">
                <Back />
                <h1>"Speech models"</h1>
            </header>
            <Messages />
            <ul class="models">
                {move || found.get().into_iter().map(|model| view! { <Row model remove /> }).collect_view()}
            </ul>
            <div class="keep">
                <label class="button">
                    <span>"Install a model from a file"</span>
                    <input class="sr" type="file" accept=".sottomodel" data-test="model-file" on:change=install />
                </label>
                <p class="hint" role="status" data-test="model-said">{said}</p>
            </div>
            <section class="teach" aria-labelledby="full-heading">
                <h2 id="full-heading">"Where full models come from"</h2>
                <p>
                    "The model that comes with Sotto is a demonstration. Whoever hosts Sotto adds a full one with the command "
                    <code>"cargo xtask model add moonshine-streaming-small"</code>
                    "; it then stands in the list above. Or they hand you one as a file, made with "
                    <code>"cargo xtask model bundle"</code>
                    ", and you install it here without a network. Every part is compared with its hash first."
                </p>
            </section>
        </main>
        <footer class="foot">
            <StatusLine />
        </footer>
    }
}

#[component]
fn Row(model: Found, remove: impl Fn(Found) + Copy + Send + 'static) -> impl IntoView {
    let driver = expect_context::<Driver>();
    let folder = StoredValue::new(model.folder.clone());
    let in_use = Memo::new(move |_| {
        driver
            .session
            .with(|session| folder.with_value(|folder| session.settings.model == *folder))
    });
    let contents = model.contents.clone();
    let bytes = contents.shards.iter().map(|part| part.bytes).sum();
    let installed = model.installed;
    let gone = model.clone();

    view! {
        <li class="model">
            <div>
                <h2>{contents.name}</h2>
                <p class="quiet">
                    {words::megabytes(bytes)}" · "{contents.licence}" · "
                    {if installed { "installed from a file" } else { "comes with this site" }}
                </p>
                {contents.demonstration.then(|| view! {
                    <p class="caution">"Demonstration model: fine for trying Sotto, not for patients."</p>
                })}
                <details>
                    <summary>"Origin and hash"</summary>
                    <p class="quiet">{contents.origin}</p>
                    <p class="quiet hash">"SHA-256 of its list of parts: "{model.sha256.clone()}</p>
                </details>
            </div>
            <div class="buttons">
                {installed.then(|| view! {
                    <button class="plain" data-test="model-remove" on:click=move |_| remove(gone.clone())>"Remove"</button>
                })}
                <Show
                    when=move || !in_use.get()
                    fallback=|| view! { <span class="chip good" data-test="model-in-use">"in use"</span> }
                >
                    <button
                        data-test="model-use"
                        on:click=move |_| folder.with_value(|folder| driver.use_model(folder))
                    >
                        "Use"
                    </button>
                </Show>
            </div>
        </li>
    }
}
