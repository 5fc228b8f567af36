use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::file;
use crate::components::{Secret, text};
use crate::driver::{Driver, Form};
use crate::keeper::protocol::{Packed, Restored};
use crate::pages::proof::{Proof, ProofField, Said};
use crate::words;

/// Everything out of the vault, and a backup into it.
#[component]
pub fn Handover() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let proof = Proof::new(driver);
    let save = move |form: Form| {
        proof.with(move |credential| async move {
            let progress = move |bytes| proof.said.set(Some(format!("Saving: {}", words::megabytes(bytes))));
            let packed = driver.save_everything(credential, form, progress).await;
            packed.map(|packed| saved(form, packed)).map_err(|why| why.to_string())
        });
    };
    view! {
        <section class="group" aria-labelledby="handover-heading">
            <h2 id="handover-heading">"Backup and handover"</h2>
            <p>
                "A backup holds the notes, transcripts, consents and settings of this vault, encrypted. It opens with whatever \
                 opens the vault today, also after the vault is gone. It holds no sound and not the audit log."
            </p>
            <ProofField proof test="handover-proof" />
            <div class="buttons start">
                <button data-test="save-backup" disabled=proof.busy on:click=move |_| save(Form::Backup)>"Save a backup"</button>
                <button data-test="save-text" disabled=proof.busy on:click=move |_| save(Form::Text)>"Save everything as text"</button>
                <button data-test="save-json" disabled=proof.busy on:click=move |_| save(Form::Json)>"Save everything as JSON"</button>
            </div>
            <p class="hint">"Text and JSON can be read by anyone who gets hold of the file."</p>
            <Said proof test="handover-said" />
            <Restore />
        </section>
    }
}

/// What opens a backup is what opened the vault that it was made from, at that time.
#[component]
fn Restore() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let secret = RwSignal::new(String::new());
    let said = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let read = move |event: leptos::ev::Event| {
        let Some(file) = file::chosen_any(&event) else { return };
        busy.set(true);
        said.set(Some("Restoring".to_owned()));
        spawn_local(async move {
            let size = file.size();
            let progress = move |bytes| {
                said.set(Some(format!(
                    "Restoring: {} of {}",
                    words::megabytes(bytes),
                    words::megabytes(size)
                )));
            };
            let restored = driver.restore(file, secret.get_untracked(), progress).await;
            if restored.is_ok() {
                secret.set(String::new());
            }
            said.set(Some(restored.map_or_else(|why| why, taken_in)));
            busy.set(false);
        });
    };
    view! {
        <h3>"Restore a backup"</h3>
        <p class="hint">
            "Its visits are added to those that are here, and keep their end dates. Nothing is added unless all of the file is \
             in order."
        </p>
        <Secret label="The backup's passphrase or recovery code" test="restore-secret" value=secret />
        <div class="buttons start">
            <label class="button">
                <span>{text(move || if busy.get() { "Restoring" } else { "Choose a backup…" }.to_owned())}</span>
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

fn saved(form: Form, Packed { count, left_out }: Packed) -> String {
    let what = if form == Form::Backup { "record" } else { "visit" };
    let mut said = format!("Saved: {}.", words::counted(count, what));
    if left_out > 0 {
        said += &format!(" Left out, because damaged: {}.", words::counted(left_out, what));
    }
    said
}

fn taken_in(restored: Restored) -> String {
    let Restored {
        notes,
        here,
        expired,
        left_out,
    } = restored;
    let mut said = format!("Taken in: {}.", words::counted(notes, "visit"));
    if here > 0 {
        said += &format!(" Here already: {}.", words::counted(here, "visit"));
    }
    if expired > 0 {
        said += &format!(
            " Passed over, because their time is over: {}.",
            words::counted(expired, "record")
        );
    }
    if left_out > 0 {
        said += &format!(" Left out: {}.", words::counted(left_out, "record"));
    }
    said
}
