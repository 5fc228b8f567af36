use leptos::prelude::*;

use crate::browser::{clock, window};
use crate::components::{Bar, Messages, StatusLine};
use crate::driver::Driver;
use crate::session::Listed;
use crate::visit::{RETENTION_DAYS, Stage};
use crate::words;

#[component]
pub fn Visits() -> impl IntoView {
    let driver = expect_context::<Driver>();
    // A memo: a tick of the clock or of the engine does not rebuild the list.
    let visits = Memo::new(move |_| driver.session.with(|session| session.visits.clone()));
    let damaged = Memo::new(move |_| driver.session.with(|session| session.damaged));
    Effect::new(|_| window::focus("start-visit"));

    view! {
        <Bar />
        <main class="visits">
            <section class="list" aria-labelledby="visits-heading">
                <h1 id="visits-heading">"Visits"</h1>
                <Messages />
                <Show when=move || { damaged.get() > 0 }>
                    <p class="caution">{move || damaged_text(damaged.get())}</p>
                </Show>
                <Show
                    when=move || !visits.read().is_empty()
                    fallback=|| view! { <p class="quiet">"No visits on this device yet."</p> }
                >
                    {move || by_day(visits.get())
                        .into_iter()
                        .map(|(day, visits)| view! {
                            <h2>{day}</h2>
                            <ul>{visits.into_iter().map(|visit| view! { <Row visit /> }).collect_view()}</ul>
                        })
                        .collect_view()}
                </Show>
            </section>
            <aside class="teach">
                <h2>"How a visit goes"</h2>
                <ol>
                    <li>"Start a visit and press Record. The words appear as they are spoken."</li>
                    <li>"Press Stop. Sotto drafts a note; every line shows where it was said."</li>
                    <li>"Correct it, confirm that you have reviewed it, and paste it into the record."</li>
                </ol>
                <p class="quiet">
                    {format!("Everything stays on this device. A visit is deleted for good {RETENTION_DAYS} days after it began.")}
                </p>
                <button data-test="try-sample" on:click=move |_| driver.try_sample()>
                    "Try it without a patient"
                </button>
            </aside>
        </main>
        <footer class="foot">
            <StatusLine />
            <button id="start-visit" class="primary" data-test="start-visit" on:click=move |_| driver.start_visit()>
                "Start visit"
            </button>
        </footer>
    }
}

#[component]
fn Row(visit: Listed) -> impl IntoView {
    let driver = expect_context::<Driver>();
    let id = visit.id;
    let asking = RwSignal::new(false);
    let (chip, class) = match visit.stage {
        Stage::Empty => ("no speech", "chip"),
        Stage::Draft => ("draft", "chip draft"),
        Stage::Reviewed => ("reviewed", "chip good"),
    };
    let label = if visit.label.is_empty() {
        "Visit".to_owned()
    } else {
        visit.label
    };
    let time = clock::time_of_day(visit.created);
    let length = words::timer(visit.seconds);
    let expiry = clock::day_and_time(visit.expires_at);

    view! {
        <li class="row">
            <button class="open" data-test="visit-row" on:click=move |_| driver.open_visit(id)>
                <span class="time">{time}</span>
                <span class="label">{label}</span>
                <span class=class>{chip}</span>
                <span class="quiet length">{length}</span>
                <span class="quiet expiry" data-test="visit-expiry">"Deleted for good on "{expiry}</span>
            </button>
            <Show
                when=move || asking.get()
                fallback=move || view! {
                    <button class="plain" data-test="delete-visit" on:click=move |_| asking.set(true)>"Delete"</button>
                }
            >
                <div class="ask" role="group" aria-label="Delete this visit">
                    <p>"The transcript and the note cannot be recovered."</p>
                    <button
                        class="danger"
                        data-test="confirm-delete"
                        node_ref=focused()
                        on:click=move |_| driver.delete_visit(id)
                    >
                        "Delete for good"
                    </button>
                    <button class="plain" data-test="keep-visit" on:click=move |_| asking.set(false)>"Keep"</button>
                </div>
            </Show>
        </li>
    }
}

/// A reference that takes the focus as soon as its button is there.
fn focused() -> NodeRef<leptos::html::Button> {
    let button = NodeRef::<leptos::html::Button>::new();
    Effect::new(move |_| {
        if let Some(button) = button.get() {
            // A button that refuses focus leaves it where it is.
            let _ = button.focus();
        }
    });
    button
}

/// The visits in their order, under the days on which they began.
fn by_day(visits: Vec<Listed>) -> Vec<(String, Vec<Listed>)> {
    let mut days: Vec<(String, Vec<Listed>)> = Vec::new();
    for visit in visits {
        let day = clock::day(visit.created);
        match days.last_mut() {
            Some((last, visits)) if *last == day => visits.push(visit),
            Some(_) | None => days.push((day, vec![visit])),
        }
    }
    days
}

fn damaged_text(count: usize) -> String {
    match count {
        1 => "One note is damaged and cannot be opened. It is set aside; the others are fine.".to_owned(),
        count => format!("{count} notes are damaged and cannot be opened. They are set aside; the others are fine."),
    }
}
