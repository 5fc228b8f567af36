use std::collections::BTreeSet;

use leptos::prelude::*;

use super::capture::Capture;
use super::review::Review;
use crate::browser::clock;
use crate::components::{Bar, Evidence, Messages, StatusLine};
use crate::driver::Driver;
use crate::session::{Desk, Edit, Event, Recorder, Save, Session};

/// What the open visit needs next.
#[derive(Clone, Copy, PartialEq)]
enum Step {
    /// Until the last words of the recording are here.
    Capture,
    NoSpeech,
    Review,
}

/// The open visit: recording first, then the note beside what was said.
#[component]
pub fn VisitPage() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let evidence: Evidence = RwSignal::new(BTreeSet::new());
    let step = Memo::new(move |_| driver.session.with(step));

    view! {
        <Bar />
        <main class="visit">
            <Head />
            <Messages />
            {move || match step.get() {
                Step::Capture => view! { <Capture evidence /> }.into_any(),
                Step::NoSpeech => view! { <NoSpeech /> }.into_any(),
                Step::Review => view! { <Review evidence /> }.into_any(),
            }}
        </main>
    }
}

/// The name of the visit, where it is kept and until when.
#[component]
fn Head() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let visit = driver.session.with_untracked(|session| {
        session
            .desk
            .as_ref()
            .map(|desk| (desk.visit.label.clone(), desk.visit.created, desk.expires_at))
    });
    // The page stands and falls with the open visit.
    let (label, created, expires_at) = visit.unwrap_or_default();
    let failed = Memo::new(move |_| {
        driver.session.with(|session| {
            session
                .desk
                .as_ref()
                .is_some_and(|desk| matches!(desk.save, Save::Failed(_)))
        })
    });
    view! {
        <div class="head">
            <button class="plain" data-test="close-visit" on:click=move |_| driver.apply(Event::ClosePressed)>
                "‹ All visits"
            </button>
            <label class="name">
                <span class="sr">"Label for the list"</span>
                <input
                    data-test="visit-label"
                    placeholder="Label, such as a room (optional)"
                    maxlength="60"
                    autocomplete="off"
                    prop:value=label
                    on:input:target=move |input| driver.apply(Event::Edited(Edit::Label(input.target().value())))
                />
            </label>
            <p class="quiet">
                {clock::day_and_time(created)}
                " · "
                <span data-test="visit-expiry">"Deleted for good on "{clock::day_and_time(expires_at)}</span>
            </p>
            <Show when=move || failed.get()>
                <button data-test="save-again" on:click=move |_| driver.apply(Event::SaveDue)>"Save again"</button>
            </Show>
        </div>
    }
}

#[component]
fn NoSpeech() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let unheard = driver
        .session
        .with_untracked(|session| session.desk.as_ref().is_some_and(|desk| !desk.visit.unheard.is_empty()));
    let (title, advice) = if unheard {
        (
            "This recording was not transcribed.",
            "The speech recognition had stopped. Its words cannot be brought back.",
        )
    } else {
        (
            "No speech heard in this recording.",
            "Look at the loudness bar while you speak. If it does not move, choose another microphone.",
        )
    };
    view! {
        <section class="empty" data-test="no-speech">
            <h1>{title}</h1>
            <p class="quiet">{advice}</p>
            <SaveAudio />
        </section>
        <footer class="foot">
            <StatusLine />
            <button class="primary" data-test="start-over" on:click=move |_| driver.apply(Event::ClosePressed)>
                "Back to the visits"
            </button>
        </footer>
    }
}

/// The recording lives until the visit is closed; the file is for those who want to keep it.
#[component]
pub fn SaveAudio() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let recorded = Memo::new(move |_| driver.meter.with(|meter| meter.seconds > 0.0));
    view! {
        <Show when=move || recorded.get()>
            <div class="keep">
                <button data-test="save-audio" on:click=move |_| driver.save_audio()>"Save audio"</button>
                <p class="hint">"A WAV file, not encrypted. Sotto drops the audio when you close this visit."</p>
            </div>
        </Show>
    }
}

fn step(session: &Session) -> Step {
    let Some(desk) = &session.desk else {
        return Step::Capture;
    };
    let Desk { recorder, visit, .. } = desk;
    match (&visit.draft, recorder) {
        (Some(_), _) => Step::Review,
        (None, Recorder::Ended) if session.engine.is_idle() => Step::NoSpeech,
        (None, _) => Step::Capture,
    }
}
