use language::{Locale, say};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::file;
use crate::components::{Secret, text};
use crate::driver::{Driver, Form};
use crate::keeper::protocol::{Packed, Restored};
use crate::pages::proof::{Proof, ProofField, Said};
use crate::words::{self, Told};

/// Everything out of the vault, and a backup into it.
#[component]
pub fn Handover() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let proof = Proof::new(driver);
    let save = move |form: Form| {
        proof.with(move |credential| async move {
            let progress = move |bytes| {
                let size = words::megabytes(l, bytes);
                proof.said.set(Some(say!(l, vault.saving, size = size)));
            };
            let packed = driver.save_everything(credential, form, progress).await;
            packed.map(|packed| saved(l, form, packed)).map_err(|why| why.told(l))
        });
    };
    view! {
        <section class="group" aria-labelledby="handover-heading">
            <h2 id="handover-heading">{say!(l, vault.handover)}</h2>
            <p>{say!(l, vault.handover_hint)}</p>
            <ProofField proof test="handover-proof" />
            <div class="buttons start">
                <button data-test="save-backup" disabled=proof.busy on:click=move |_| save(Form::Backup)>
                    {say!(l, vault.save_backup)}
                </button>
                <button data-test="save-text" disabled=proof.busy on:click=move |_| save(Form::Text)>
                    {say!(l, vault.save_text)}
                </button>
                <button data-test="save-json" disabled=proof.busy on:click=move |_| save(Form::Json)>
                    {say!(l, vault.save_json)}
                </button>
            </div>
            <p class="hint">{say!(l, vault.readable)}</p>
            <Said proof test="handover-said" />
            <Restore />
        </section>
    }
}

/// What opens a backup is what opened the vault that it was made from, at that time.
#[component]
fn Restore() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let secret = RwSignal::new(String::new());
    let said = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let read = move |event: leptos::ev::Event| {
        let Some(file) = file::chosen_any(&event) else { return };
        busy.set(true);
        said.set(Some(say!(l, vault.restoring).to_owned()));
        spawn_local(async move {
            let size = file.size();
            let progress = move |bytes| {
                let (done, total) = (words::megabytes(l, bytes), words::megabytes(l, size));
                said.set(Some(say!(l, vault.restoring_so_far, done = done, total = total)));
            };
            let restored = driver.restore(file, secret.get_untracked(), progress).await;
            if restored.is_ok() {
                secret.set(String::new());
            }
            said.set(Some(restored.map_or_else(|why| why, |restored| taken_in(l, restored))));
            busy.set(false);
        });
    };
    view! {
        <h3>{say!(l, vault.restore)}</h3>
        <p class="hint">{say!(l, vault.restore_hint)}</p>
        <Secret label=say!(l, vault.restore_secret) test="restore-secret" value=secret />
        <div class="buttons start">
            <label class="button">
                <span>
                    {text(move || match busy.get() {
                        true => say!(l, vault.restoring).to_owned(),
                        false => say!(l, vault.choose_backup).to_owned(),
                    })}
                </span>
                <input
                    class="sr" type="file" accept=".sottobak" data-test="restore-file"
                    disabled=busy
                    on:change=read
                />
            </label>
        </div>
        <p role="status" data-test="restore-said">{said}</p>
    }
}

fn saved(l: Locale, form: Form, Packed { count, left_out }: Packed) -> String {
    let what = if form == Form::Backup {
        words::records
    } else {
        words::visits
    };
    let mut said = vec![say!(l, vault.saved, what = what(l, count))];
    if left_out > 0 {
        said.push(say!(l, vault.saved_without, what = what(l, left_out)));
    }
    said.join(" ")
}

fn taken_in(l: Locale, restored: Restored) -> String {
    let Restored {
        notes,
        here,
        expired,
        left_out,
    } = restored;
    let mut said = vec![say!(l, vault.taken_in, what = words::visits(l, notes))];
    if here > 0 {
        said.push(say!(l, vault.here_already, what = words::visits(l, here)));
    }
    if expired > 0 {
        said.push(say!(l, vault.passed_over, what = words::records(l, expired)));
    }
    if left_out > 0 {
        said.push(say!(l, vault.left_out, what = words::records(l, left_out)));
    }
    said.join(" ")
}
