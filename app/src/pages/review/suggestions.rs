use leptos::prelude::*;
use leptos::task::spawn_local;
use note::{TaskKind, stated_problems, tasks};

use crate::browser::codes;
use crate::driver::Driver;

/// What follows from the note: things to do, and codes for what is stated. Shown when asked for, never put into the note.
#[component]
pub fn Suggestions() -> impl IntoView {
    view! {
        <section class="suggestions" aria-label="Suggestions">
            <Tasks />
            <Codes />
        </section>
    }
}

#[component]
fn Tasks() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let found = Memo::new(move |_| {
        driver.session.with(|session| {
            let desk = session.desk.as_ref()?;
            Some(tasks(desk.draft()?, &desk.visit.template))
        })
    });
    let count = move || found.with(|found| found.as_ref().map_or(0, Vec::len));
    view! {
        <details>
            <summary data-test="tasks">{move || format!("To do after the visit ({})", count())}</summary>
            <ul>
                {move || found.get().unwrap_or_default().into_iter().map(|task| view! {
                    <li data-test="task">
                        <span class="chip">{kind(task.kind)}</span>
                        " "
                        {task.text}
                        {task.conditional.then_some(" (only if it comes to that)")}
                    </li>
                }).collect_view()}
            </ul>
            {move || (count() == 0).then(|| view! { <p class="hint">"The plan names nothing to order, prescribe or book."</p> })}
        </details>
    }
}

#[component]
fn Codes() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let list = RwSignal::new(None::<Result<codes::List, ()>>);
    let query = RwSignal::new(String::new());
    let fetch = move |_| {
        if list.with_untracked(Option::is_none) {
            spawn_local(async move { list.set(Some(codes::fetch().await)) });
        }
    };
    let stated = Memo::new(move |_| {
        driver.session.with(|session| {
            let desk = session.desk.as_ref()?;
            Some(stated_problems(desk.draft()?, &desk.visit.template))
        })
    });
    let rows = move |query: &str| {
        list.with(|list| {
            let Some(Ok(list)) = list else { return vec![] };
            list.search(query)
                .into_iter()
                .map(|(code, title)| {
                    view! {
                        <li data-test="code"><code>{code}</code>" "{title}</li>
                    }
                })
                .collect::<Vec<_>>()
        })
    };
    view! {
        <details on:toggle=fetch>
            <summary data-test="codes">"ICD-10-CM candidates"</summary>
            {move || match list.get() {
                None => view! { <p class="hint">"Loading the list of codes (0.3 MB)."</p> }.into_any(),
                Some(Err(())) => view! {
                    <p class="hint">"The list of codes could not be loaded. Check the network once; later it is kept here."</p>
                }.into_any(),
                Some(Ok(_)) => view! {
                    <label class="field">
                        <span>"Search by words or code"</span>
                        <input
                            data-test="code-query"
                            autocomplete="off"
                            prop:value=query
                            on:input:target=move |input| query.set(input.target().value())
                        />
                    </label>
                    <ul>{move || rows(&query.get())}</ul>
                    {move || stated.get().unwrap_or_default().into_iter().map(|stated| view! {
                        <h3>{stated.problem.clone()}</h3>
                        <ul>{rows(&stated.problem)}</ul>
                    }).collect_view()}
                    <p class="hint">"Candidates by the words alone. Sotto never puts a code into the note."</p>
                }.into_any(),
            }}
        </details>
    }
}

fn kind(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::Order => "order",
        TaskKind::Prescription => "prescription",
        TaskKind::Referral => "referral",
        TaskKind::FollowUp => "follow-up",
    }
}
