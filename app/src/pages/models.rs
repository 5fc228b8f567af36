use language::say;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::templates::Back;
use crate::browser::file;
use crate::browser::models::{self, Found};
use crate::components::{Bar, Messages, SpokenChoice, StatusLine};
use crate::driver::Driver;
use crate::words::{self, Told};

/// Which speech model listens, and how another one comes onto this device.
#[component]
pub fn Models() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let found = RwSignal::new(Vec::<Found>::new());
    let said = RwSignal::new(None::<String>);
    let look = move || spawn_local(async move { found.set(models::all().await) });
    look();
    let install = move |event| {
        let Some(chosen) = file::chosen_model(&event) else {
            return;
        };
        spawn_local(async move {
            let progress = move |done, total| said.set(Some(words::installing(l, done, total)));
            match models::install(chosen, progress).await {
                Ok(model) => said.set(Some(say!(l, models.installed, name = model.contents.name))),
                Err(why) => said.set(Some(why.told(l))),
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
                <h1>{say!(l, models.heading)}</h1>
            </header>
            <Messages />
            <ul class="models">
                {move || found.get().into_iter().map(|model| view! { <Row model remove /> }).collect_view()}
            </ul>
            <SpokenChoice />
            <div class="keep">
                <label class="button">
                    <span>{say!(l, models.install)}</span>
                    <input class="sr" type="file" accept=".sottomodel" data-test="model-file" on:change=install />
                </label>
                <p class="hint" role="status" data-test="model-said">{said}</p>
            </div>
            <section class="teach" aria-labelledby="full-heading">
                <h2 id="full-heading">{say!(l, models.full)}</h2>
                <p>
                    {say!(l, models.full_by_host)}
                    " "
                    <code>"cargo xtask model add moonshine-streaming-small"</code>
                    {say!(l, models.full_as_file)}
                    " "
                    <code>"cargo xtask model bundle"</code>
                    {say!(l, models.full_by_you)}
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
    let l = driver.locale();
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
                    {words::megabytes(l, bytes)}" · "{contents.licence}" · "
                    {if installed { say!(l, models.from_file) } else { say!(l, models.from_site) }}
                </p>
                {contents.demonstration.then(|| view! {
                    <p class="caution">{say!(l, models.demonstration)}</p>
                })}
                <details>
                    <summary>{say!(l, models.origin)}</summary>
                    <p class="quiet">{contents.origin}</p>
                    <p class="quiet hash">{say!(l, models.parts_hash, hash = model.sha256)}</p>
                </details>
            </div>
            <div class="buttons">
                {installed.then(|| view! {
                    <button class="plain" data-test="model-remove" on:click=move |_| remove(gone.clone())>
                        {say!(l, models.remove)}
                    </button>
                })}
                <Show
                    when=move || !in_use.get()
                    fallback=move || view! {
                        <span class="chip good" data-test="model-in-use">{say!(l, models.in_use)}</span>
                    }
                >
                    <button
                        data-test="model-use"
                        on:click=move |_| folder.with_value(|folder| driver.use_model(folder))
                    >
                        {say!(l, models.use_it)}
                    </button>
                </Show>
            </div>
        </li>
    }
}
