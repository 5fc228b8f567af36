use language::{Locale, say};
use leptos::prelude::*;
use leptos::task::spawn_local;
use vault::audit::{self, Event, Row, Verdict};

use super::proof::{Proof, ProofField, Said};
use super::templates::Back;
use crate::browser::{clock, download, file};
use crate::components::{Bar, Messages, text};
use crate::driver::Driver;
use crate::keeper::protocol::{Answer, Log, Request};
use crate::words::{self, Told};

/// Rows on the screen at once; the files hold all of them.
const SHOWN: usize = 200;

/// Bytes of a certificate of deletion: that of a visit has less than a thousand.
const LONGEST_CERTIFICATE: usize = 1 << 16;

/// What happened in this vault, without a word about patients, and whether the chain of rows is whole.
#[component]
pub fn Audit() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let log = RwSignal::new(None::<Result<Read, String>>);
    let proof = Proof::new(driver);
    let checked = RwSignal::new(false);
    let take = move |answer: Answer| {
        log.set(Some(match answer {
            Answer::Log(found) => Ok(Read::of(l, &found)),
            _ => Err(say!(l, audit.unreadable).to_owned()),
        }));
    };
    spawn_local(async move {
        match driver.ask(Request::ReadLog).await {
            Ok(answer) => take(answer),
            Err(why) => log.set(Some(Err(why.told(l)))),
        }
    });
    let check = move |_| {
        proof.ask(
            |proof| Request::CheckLog { proof },
            move |answer| {
                take(answer);
                checked.set(true);
                say!(l, audit.checked_at, time = clock::time_of_day(l, clock::now()))
            },
        );
    };
    let certificate = RwSignal::new(None::<String>);
    let check_certificate = move |event: leptos::ev::Event| {
        let Some(file) = file::chosen_text(&event) else { return };
        spawn_local(async move {
            let said = match file.read(LONGEST_CERTIFICATE).await {
                Ok(text) => match driver.ask(Request::CheckCertificate(text)).await {
                    Ok(_) => say!(l, audit.certified).to_owned(),
                    Err(why) => why.told(l),
                },
                Err(why) => why.told(l),
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
                <h1>{say!(l, audit.heading)}</h1>
            </header>
            <Messages />
            {move || match log.get() {
                None => view! { <p class="quiet" role="status">{say!(l, audit.reading)}</p> }.into_any(),
                Some(Err(why)) => view! { <p class="caution" role="alert">{why}</p> }.into_any(),
                Some(Ok(read)) => view! {
                    <p class=if read.intact { "good-text" } else { "caution" } role="status" data-test="audit-verdict">
                        {text(move || {
                            let verdict = read.verdict.clone();
                            match checked.get() {
                                true => say!(l, audit.checked_now, verdict = verdict),
                                false => say!(l, audit.checked_before, verdict = verdict),
                            }
                        })}
                    </p>
                    <div class="table" role="region" aria-label=say!(l, audit.rows) tabindex="0">
                        <table>
                            <thead>
                                <tr>
                                    <th scope="col">{say!(l, audit.number)}</th>
                                    <th scope="col">{say!(l, audit.when)}</th>
                                    <th scope="col">{say!(l, audit.what)}</th>
                                    <th scope="col">{say!(l, audit.visit)}</th>
                                </tr>
                            </thead>
                            <tbody>
                                {read.rows.iter().rev().take(SHOWN).map(|row| view! {
                                    <tr data-test="audit-row">
                                        <td>{row.number}</td>
                                        <td>{clock::day_and_time(l, row.time)}</td>
                                        <td>{what(l, row)}</td>
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
                    {say!(l, audit.save_lines)}
                </button>
                <button data-test="audit-csv" on:click=move |_| save("csv", "text/csv;charset=utf-8", audit::csv)>
                    {say!(l, audit.save_table)}
                </button>
            </div>
            <section class="group narrow" aria-labelledby="check-heading">
                <h2 id="check-heading">{say!(l, audit.again)}</h2>
                <p class="hint">{say!(l, audit.again_hint)}</p>
                <ProofField proof test="audit-proof" />
                <div class="buttons start">
                    <button data-test="audit-check" disabled=proof.busy on:click=check>
                        {say!(l, audit.check_rows)}
                    </button>
                    <label class="button">
                        <span>{say!(l, audit.check_certificate)}</span>
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

fn what(l: Locale, row: &Row) -> String {
    let what = words::audit(l, row.event, row.detail);
    match row.while_locked {
        true => say!(l, audit.while_locked, what = what),
        false => what,
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
    fn of(l: Locale, log: &Log) -> Self {
        Self {
            rows: log.rows.iter().filter_map(|row| row.to_row()).collect(),
            verdict: log.verdict.map(|verdict| verdict.told(l)).unwrap_or_default(),
            intact: matches!(log.verdict, Some(Verdict::Intact { .. })),
        }
    }
}
