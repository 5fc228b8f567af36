use leptos::prelude::*;
use leptos::task::spawn_local;
use vault::audit::{self, Event, Row};

use super::proof::{Proof, ProofField, Said};
use super::templates::Back;
use crate::browser::{clock, download, file};
use crate::components::{Bar, Messages, text};
use crate::driver::Driver;
use crate::keeper::protocol::{Answer, Log, Request};
use crate::words;

/// Rows on the screen at once; the files hold all of them.
const SHOWN: usize = 200;

/// Bytes of a certificate of deletion: that of a visit has less than a thousand.
const LONGEST_CERTIFICATE: usize = 1 << 16;

/// What happened in this vault, without a word about patients, and whether the chain of rows is whole.
#[component]
pub fn Audit() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let log = RwSignal::new(None::<Result<Read, String>>);
    let proof = Proof::new(driver);
    let checked = RwSignal::new(false);
    let take = move |answer: Answer| {
        log.set(Some(match answer {
            Answer::Log(found) => Ok(Read::of(&found)),
            _ => Err("The audit log could not be read. Reload the page and try again.".to_owned()),
        }));
    };
    spawn_local(async move {
        match driver.ask(Request::ReadLog).await {
            Ok(answer) => take(answer),
            Err(why) => log.set(Some(Err(why.to_string()))),
        }
    });
    let check = move |_| {
        proof.ask(
            |proof| Request::CheckLog { proof },
            move |answer| {
                take(answer);
                checked.set(true);
                format!("Checked at {}.", clock::time_of_day(clock::now()))
            },
        );
    };
    let certificate = RwSignal::new(None::<String>);
    let check_certificate = move |event: leptos::ev::Event| {
        let Some(file) = file::chosen_text(&event) else { return };
        spawn_local(async move {
            let said = match file.read(LONGEST_CERTIFICATE).await {
                Ok(text) => match driver.ask(Request::CheckCertificate(text)).await {
                    Ok(_) => "This vault made the certificate, and nobody changed it since.".to_owned(),
                    Err(why) => why.to_string(),
                },
                Err(why) => why.to_string(),
            };
            certificate.set(Some(said));
        });
    };
    let save = move |ending: &'static str, media_type: &'static str, print: fn(&[Row]) -> String| {
        let rows = log.with_untracked(|log| match log {
            Some(Ok(read)) => read.rows.clone(),
            Some(Err(_)) | None => vec![],
        });
        let stamp = clock::stamp(clock::now());
        download::save(
            &format!("sotto-audit-{stamp}.{ending}"),
            media_type,
            print(&rows).as_bytes(),
        );
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        driver.log(Event::AuditExported, count);
    };

    view! {
        <Bar />
        <main class="sheet">
            <header class="head">
                <Back />
                <h1>"Audit log"</h1>
            </header>
            <Messages />
            {move || match log.get() {
                None => view! { <p class="quiet" role="status">"Reading the log."</p> }.into_any(),
                Some(Err(why)) => view! { <p class="caution" role="alert">{why}</p> }.into_any(),
                Some(Ok(read)) => view! {
                    <p class=if read.intact { "good-text" } else { "caution" } role="status" data-test="audit-verdict">
                        {text(move || {
                            if checked.get() { "Checked now: " } else { "Checked when the vault was opened: " }.to_owned()
                        })}
                        {read.verdict.clone()}
                    </p>
                    <div class="table" role="region" aria-label="Rows of the log" tabindex="0">
                        <table>
                            <thead>
                                <tr><th scope="col">"No."</th><th scope="col">"When"</th><th scope="col">"What"</th><th scope="col">"Visit"</th></tr>
                            </thead>
                            <tbody>
                                {read.rows.iter().rev().take(SHOWN).map(|row| view! {
                                    <tr data-test="audit-row">
                                        <td>{row.number}</td>
                                        <td>{clock::day_and_time(row.time)}</td>
                                        <td>{words::audit(row.event, row.detail)}{row.while_locked.then_some(" (while locked)")}</td>
                                        <td><code>{row.record.map(|id| id.to_string()[..8].to_owned())}</code></td>
                                    </tr>
                                }).collect_view()}
                            </tbody>
                        </table>
                    </div>
                }.into_any(),
            }}
            <div class="buttons start">
                <button data-test="audit-jsonl" on:click=move |_| save("jsonl", "application/jsonl", audit::jsonl)>
                    "Save as JSON lines"
                </button>
                <button data-test="audit-csv" on:click=move |_| save("csv", "text/csv;charset=utf-8", audit::csv)>
                    "Save as a table (CSV)"
                </button>
            </div>
            <section class="group narrow" aria-labelledby="check-heading">
                <h2 id="check-heading">"Check again"</h2>
                <p class="hint">
                    "The key that proves the rows is not kept while the vault is open, so that nobody at an open page can forge \
                     one. Checking asks for the passphrase again."
                </p>
                <ProofField proof test="audit-proof" />
                <div class="buttons start">
                    <button data-test="audit-check" disabled=proof.busy on:click=check>"Check every row"</button>
                    <label class="button">
                        <span>"Check a certificate of deletion…"</span>
                        <input
                            class="sr" type="file" accept=".txt,text/plain" data-test="certificate-file"
                            on:change=check_certificate
                        />
                    </label>
                </div>
                <Said proof test="audit-said" />
                <p role="status" data-test="certificate-said">{certificate}</p>
            </section>
        </main>
    }
}

/// The log as it was read and checked.
#[derive(Clone)]
struct Read {
    rows: Vec<Row>,
    verdict: String,
    intact: bool,
}

impl Read {
    fn of(log: &Log) -> Self {
        Self {
            rows: log.rows.iter().filter_map(|row| row.to_row()).collect(),
            verdict: log.verdict.clone(),
            intact: log.intact,
        }
    }
}
