use language::{Locale, say};
use leptos::prelude::*;
use leptos::task::spawn_local;
use note::TaskKind;

use crate::driver::Driver;

/// What follows from the note: things to do, and codes for what is stated. Shown when asked for, never put into the note.
#[component]
pub fn Suggestions() -> impl IntoView {
    let driver = expect_context::<Driver>();
    view! {
        <section class="suggestions" aria-label=say!(driver.locale(), review.suggestions)>
            <Tasks />
            <Codes />
        </section>
    }
}

#[component]
fn Tasks() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let found = Memo::new(move |_| {
        driver.session.with(|session| {
            let desk = session.desk.as_ref()?;
            session.writer?.tasks(desk.draft()?, &desk.visit.template)
        })
    });
    let count = move || found.with(|found| found.as_ref().map_or(0, Vec::len));
    view! {
        <details>
            <summary data-test="tasks">{move || say!(l, review.tasks, count = count())}</summary>
            <ul>
                {move || found.get().unwrap_or_default().into_iter().map(|task| view! {
                    <li data-test="task">
                        <span class="chip">{kind(l, task.kind)}</span>
                        " "
                        {task.text}
                        {task.conditional.then(|| format!(" {}", say!(l, review.conditional)))}
                    </li>
                }).collect_view()}
            </ul>
            {move || (count() == 0).then(|| view! { <p class="hint">{say!(l, review.no_tasks)}</p> })}
        </details>
    }
}

#[component]
fn Codes() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    // Nothing until the list of codes is asked for; then whether it can be searched.
    let listed = RwSignal::new(None::<bool>);
    let query = RwSignal::new(String::new());
    let fetch = move |_| {
        if listed.get_untracked().is_none() {
            spawn_local(async move { listed.set(Some(driver.load_codes().await)) });
        }
    };
    let stated = Memo::new(move |_| {
        driver.session.with(|session| {
            let desk = session.desk.as_ref()?;
            session.writer?.problems(desk.draft()?, &desk.visit.template)
        })
    });
    let rows = move |query: &str| {
        let writer = driver.session.with_untracked(|session| session.writer);
        let found = writer.and_then(|writer| writer.find_codes(query));
        let row = |(code, title)| {
            view! {
                <li data-test="code"><code>{code}</code>" "{title}</li>
            }
        };
        found.unwrap_or_default().into_iter().map(row).collect::<Vec<_>>()
    };
    view! {
        <details on:toggle=fetch>
            <summary data-test="codes">{say!(l, review.codes)}</summary>
            {move || match listed.get() {
                None => view! { <p class="hint">{say!(l, review.loading_codes)}</p> }.into_any(),
                Some(false) => view! { <p class="hint">{say!(l, review.no_codes)}</p> }.into_any(),
                Some(true) => view! {
                    <label class="field">
                        <span>{say!(l, review.search_codes)}</span>
                        <input
                            data-test="code-query"
                            autocomplete="off"
                            prop:value=query
                            on:input:target=move |input| query.set(input.target().value())
                        />
                    </label>
                    <ul>{move || rows(&query.get())}</ul>
                    {move || stated.get().unwrap_or_default().into_iter().map(|problem| view! {
                        <h3>{problem.clone()}</h3>
                        <ul>{rows(&problem)}</ul>
                    }).collect_view()}
                    <p class="hint">{say!(l, review.codes_hint)}</p>
                }.into_any(),
            }}
        </details>
    }
}

fn kind(l: Locale, kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::Order => say!(l, review.order),
        TaskKind::Prescription => say!(l, review.prescription),
        TaskKind::Referral => say!(l, review.referral),
        TaskKind::FollowUp => say!(l, review.follow_up),
    }
}
