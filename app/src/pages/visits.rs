use language::{Locale, say};
use leptos::prelude::*;

use crate::browser::{clock, window};
use crate::components::{Bar, InterruptedRecordings, Messages, StatusLine, text};
use crate::driver::Driver;
use crate::session::Listed;
use crate::visit::Stage;
use crate::words;

/// Lines of the list that are shown at once.
const MOST_SHOWN: usize = 100;

/// A list of as many is found at a glance.
const FEW: usize = 8;

#[component]
pub fn Visits() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    // Memos: a tick of the clock or of the engine does not rebuild the list.
    let visits = Memo::new(move |_| driver.session.with(|session| session.visits.clone()));
    let wanted = RwSignal::new(String::new());
    let found = Memo::new(move |_| visits.with(|visits| search(l, visits, &wanted.read())));
    let damaged = Memo::new(move |_| driver.session.with(|session| session.damaged));
    let retention = Memo::new(move |_| driver.session.with(|session| session.settings.retention));
    Effect::new(|_| window::focus("start-visit"));

    view! {
        <Bar />
        <main class="visits">
            <section class="list" aria-labelledby="visits-heading">
                <h1 id="visits-heading">{say!(l, visits.heading)}</h1>
                <Messages />
                <InterruptedRecordings />
                <Show when=move || { damaged.get() > 0 }>
                    <p class="caution">{text(move || damaged_text(l, damaged.get()))}</p>
                </Show>
                <Show
                    when=move || !visits.read().is_empty()
                    fallback=move || view! { <p class="quiet">{say!(l, visits.none_yet)}</p> }
                >
                    <Show when=move || { visits.read().len() > FEW }>
                        <label class="search">
                            <span class="sr">{say!(l, visits.find)}</span>
                            <input
                                type="search"
                                data-test="search"
                                placeholder=say!(l, visits.find_short)
                                autocomplete="off"
                                bind:value=wanted
                            />
                        </label>
                    </Show>
                    {move || by_day(l, &found.read().shown)
                        .into_iter()
                        .map(|(day, visits)| view! {
                            <h2>{day}</h2>
                            <ul>{visits.into_iter().map(|visit| view! { <Row visit=visit.clone() /> }).collect_view()}</ul>
                        })
                        .collect_view()}
                    <Show when=move || { found.read().more > 0 }>
                        <p class="quiet" data-test="more-visits">
                            {text(move || say!(l, visits.more, count = found.read().more))}
                        </p>
                    </Show>
                </Show>
            </section>
            <section class="teach" aria-labelledby="teach-heading">
                <h2 id="teach-heading">{say!(l, visits.how)}</h2>
                <ol>
                    <li>{say!(l, visits.how_record)}</li>
                    <li>{say!(l, visits.how_stop)}</li>
                    <li>{say!(l, visits.how_review)}</li>
                </ol>
                <p class="quiet">
                    {text(move || say!(
                        l,
                        visits.stays,
                        note = retention.get().note_days,
                        transcript = retention.get().transcript_days.min(retention.get().note_days)
                    ))}
                </p>
                <button data-test="try-sample" on:click=move |_| driver.try_sample()>
                    {say!(l, visit.try_sample)}
                </button>
            </section>
        </main>
        <footer class="foot">
            <StatusLine />
            <button id="start-visit" class="primary" data-test="start-visit" on:click=move |_| driver.start_visit()>
                {say!(l, visits.start)}
            </button>
        </footer>
    }
}

#[component]
fn Row(visit: Listed) -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let id = visit.id;
    let asking = RwSignal::new(false);
    let (chip, class) = match visit.stage {
        Stage::Empty => (say!(l, visits.no_speech), "chip"),
        Stage::Draft => (say!(l, visits.draft), "chip draft"),
        Stage::Reviewed => (say!(l, visits.reviewed), "chip good"),
    };
    let label = if visit.label.is_empty() {
        say!(l, visits.unnamed).to_owned()
    } else {
        visit.label
    };
    let time = clock::time_of_day(l, visit.created);
    let length = words::timer(visit.seconds);
    let (held, expires_at) = (visit.held, visit.expires_at);
    let expiry = match held {
        true => say!(l, visits.kept).to_owned(),
        false => say!(l, visit.deleted_on, day = clock::day_and_time(l, expires_at)),
    };
    let left = move || words::left(l, expires_at.saturating_sub(driver.minute.get()));

    view! {
        <li class="row">
            <button class="open" data-test="visit-row" on:click=move |_| driver.open_visit(id)>
                <span class="time">{time}</span>
                <span class="label">{label}</span>
                <span class=class>{chip}</span>
                <span class="quiet length">{length}</span>
                <span class="quiet expiry">
                    <span data-test="visit-expiry">{expiry}</span>
                    {if held {
                        view! { <span class="chip" data-test="held">{say!(l, visits.legal_hold)}</span> }.into_any()
                    } else {
                        let class = text(move || if left().1 { "chip draft" } else { "chip" }.to_owned());
                        view! {
                            <span class=class data-test="visit-left">
                                {text(move || left().0)}
                            </span>
                        }.into_any()
                    }}
                </span>
            </button>
            <Show
                when=move || asking.get()
                fallback=move || (!held).then(|| view! {
                    <button class="plain" data-test="delete-visit" on:click=move |_| asking.set(true)>
                        {say!(l, visits.delete)}
                    </button>
                })
            >
                <div class="ask" role="group" aria-label=say!(l, visits.delete_this)>
                    <p>{say!(l, visits.no_way_back)}</p>
                    <button
                        class="danger"
                        data-test="confirm-delete"
                        node_ref=focused()
                        on:click=move |_| driver.delete_visit(id, false)
                    >
                        {say!(l, visits.delete_for_good)}
                    </button>
                    <button data-test="delete-certified" on:click=move |_| driver.delete_visit(id, true)>
                        {say!(l, visits.delete_certified)}
                    </button>
                    <button class="plain" data-closes="" data-test="keep-visit" on:click=move |_| asking.set(false)>
                        {say!(l, visit.keep)}
                    </button>
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

/// Thousands of lines at once would only keep the browser busy: those after the first are found by searching.
#[derive(PartialEq)]
struct Found {
    shown: Vec<Listed>,
    more: usize,
}

/// The visits whose label or day holds these words, whatever their case.
fn search(l: Locale, visits: &[Listed], words: &str) -> Found {
    let words = words.trim().to_lowercase();
    // The day is asked of the browser, which takes its time: once for each, and only where the label does not match.
    let mut day = (u64::MAX, String::new());
    let mut matches = |visit: &Listed| {
        if words.is_empty() || visit.label.to_lowercase().contains(&words) {
            return true;
        }
        let hour = visit.created / 3_600;
        if day.0 != hour {
            day = (hour, clock::day(l, visit.created).to_lowercase());
        }
        day.1.contains(&words)
    };
    let mut found = visits.iter().filter(|visit| matches(visit));
    let shown = found.by_ref().take(MOST_SHOWN).cloned().collect();
    Found {
        shown,
        more: found.count(),
    }
}

/// The visits in their order, under the days on which they began.
fn by_day(l: Locale, visits: &[Listed]) -> Vec<(String, Vec<&Listed>)> {
    let mut days: Vec<(String, Vec<&Listed>)> = Vec::new();
    for visit in visits {
        let day = clock::day(l, visit.created);
        match days.last_mut() {
            Some((last, visits)) if *last == day => visits.push(visit),
            Some(_) | None => days.push((day, vec![visit])),
        }
    }
    days
}

fn damaged_text(l: Locale, count: usize) -> String {
    match count {
        1 => say!(l, visits.damaged_one).to_owned(),
        count => say!(l, visits.damaged_many, count = count),
    }
}
