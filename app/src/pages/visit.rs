use language::say;
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
    let l = driver.locale();
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
                {say!(l, visit.all_visits)}
            </button>
            <label class="name">
                <span class="sr">{say!(l, visit.label)}</span>
                <input
                    data-test="visit-label"
                    placeholder=say!(l, visit.label_hint)
                    maxlength="60"
                    autocomplete="off"
                    prop:value=label
                    on:input:target=move |input| driver.apply(Event::Edited(Edit::Label(input.target().value())))
                />
            </label>
            <p class="quiet">
                {clock::day_and_time(l, created)}
                " · "
                <span data-test="visit-expiry">
                    {text(move || match hold.get() {
                        Some((_, true)) => say!(l, visit.held).to_owned(),
                        Some((_, false)) | None => say!(l, visit.deleted_on, day = clock::day_and_time(l, expires_at)),
                    })}
                </span>
            </p>
            {move || hold.get().map(|(id, held)| view! {
                <button
                    class="plain"
                    data-test="hold-visit"
                    on:click=move |_| driver.hold_visit(id, !held)
                >
                    {if held { say!(l, visit.lift_hold) } else { say!(l, visit.legal_hold) }}
                </button>
            })}
            <Show when=move || failed.get()>
                <button data-test="save-again" on:click=move |_| driver.apply(Event::SaveDue)>
                    {say!(l, visit.save_again)}
                </button>
            </Show>
        </div>
    }
}

#[component]
fn NoSpeech() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let (title, advice) = driver.session.with_untracked(|session| {
        let visit = session.desk.as_ref().map(|desk| &desk.visit);
        visit.map(|visit| words::no_words(l, visit)).unwrap_or_default()
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
                {say!(l, visit.back)}
            </button>
        </footer>
    }
}

/// The recording goes when the note is confirmed; the file is for those who want to keep it.
#[component]
pub fn SaveAudio() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let kept = Memo::new(move |_| {
        let desk = |session: &Session| session.desk.as_ref().map(|desk| (desk.sound.is_kept, desk.is_silent()));
        driver.session.with(desk).unwrap_or_default()
    });
    let recorded = Memo::new(move |_| kept.get().0 || driver.meter.with(|meter| meter.seconds > 0.0));
    view! {
        <Show when=move || recorded.get()>
            <div class="keep">
                <button data-test="save-audio" on:click=move |_| driver.save_audio()>
                    {say!(l, visit.save_audio)}
                </button>
                <p class="hint">
                    {move || if kept.get() == (true, false) {
                        say!(l, visit.audio_kept)
                    } else {
                        say!(l, visit.audio_dropped)
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
