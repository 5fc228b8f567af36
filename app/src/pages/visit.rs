use leptos::prelude::*;

use super::capture::Capture;
use super::review::Review;
use crate::browser::clock;
use crate::components::{Bar, Messages, Shown, StatusLine, text};
use crate::driver::Driver;
use crate::session::{Desk, Edit, Event, Recorder, Save, Session};
use crate::words;

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
    let shown = Shown::nothing();
    let step = Memo::new(move |_| driver.session.with(step));

    view! {
        <Bar />
        <main class="visit">
            <Head />
            <Messages />
            {move || match step.get() {
                Step::Capture => view! { <Capture shown /> }.into_any(),
                Step::NoSpeech => view! { <NoSpeech /> }.into_any(),
                Step::Review => view! { <Review shown /> }.into_any(),
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
            .map(|desk| (desk.visit.label.clone(), desk.visit.created, desk.expiries.note))
    });
    // The page stands and falls with the open visit.
    let (label, created, expires_at) = visit.unwrap_or_default();
    // A visit that was never stored cannot be held.
    let hold = Memo::new(move |_| {
        driver.session.with(|session| {
            let desk = session.desk.as_ref().filter(|desk| desk.revision > 0)?;
            Some((desk.id, desk.held))
        })
    });
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
                <span data-test="visit-expiry">
                    {text(move || match hold.get() {
                        Some((_, true)) => "Under legal hold: kept until it is lifted".to_owned(),
                        Some((_, false)) | None => format!("Deleted for good on {}", clock::day_and_time(expires_at)),
                    })}
                </span>
            </p>
            {move || hold.get().map(|(id, held)| view! {
                <button
                    class="plain"
                    data-test="hold-visit"
                    on:click=move |_| driver.hold_visit(id, !held)
                >
                    {if held { "Lift the legal hold" } else { "Legal hold" }}
                </button>
            })}
            <Show when=move || failed.get()>
                <button data-test="save-again" on:click=move |_| driver.apply(Event::SaveDue)>"Save again"</button>
            </Show>
        </div>
    }
}

#[component]
fn NoSpeech() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let (title, advice) = driver.session.with_untracked(|session| {
        let visit = session.desk.as_ref().map(|desk| &desk.visit);
        visit.map(words::no_words).unwrap_or_default()
    });
    view! {
        <section class="empty" data-test="no-speech" data-seconds=move || driver.meter.get().seconds.to_string()>
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

/// The recording goes when the note is confirmed; the file is for those who want to keep it.
#[component]
pub fn SaveAudio() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let kept = Memo::new(move |_| {
        let desk = |session: &Session| session.desk.as_ref().map(|desk| (desk.sound.is_kept, desk.is_silent()));
        driver.session.with(desk).unwrap_or_default()
    });
    let recorded = Memo::new(move |_| kept.get().0 || driver.meter.with(|meter| meter.seconds > 0.0));
    view! {
        <Show when=move || recorded.get()>
            <div class="keep">
                <button data-test="save-audio" on:click=move |_| driver.save_audio()>"Save audio"</button>
                <p class="hint">
                    "A WAV file, not encrypted. "
                    {move || if kept.get() == (true, false) {
                        "Sotto's own copy is encrypted, and goes when the review is confirmed."
                    } else {
                        "Sotto drops the audio when you close this visit."
                    }}
                </p>
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
        (Some(_), _) if !desk.redraft => Step::Review,
        (None, Recorder::Ended) if session.engine.is_idle() && visit.transcript.is_empty() => Step::NoSpeech,
        (_, _) => Step::Capture,
    }
}
