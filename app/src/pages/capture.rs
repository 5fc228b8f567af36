use language::{Locale, say};
use leptos::prelude::*;
use speech::RATE;

use super::consent::AskConsent;
use super::visit::SaveAudio;
use super::vocabulary::OfVisit;
use crate::browser::{file, window};
use crate::components::{Level, OtherLanguages, Shown, SoFar, SpokenChoice, StatusLine, TranscriptView};
use crate::driver::Driver;
use crate::session::{Event, MicEvent, Recorder, Session};
use crate::words;

/// What the recorder offers, with the details that no button depends on taken out.
#[derive(Clone, Copy, PartialEq)]
enum Offer {
    Begin,
    Asking,
    Recording,
    Paused,
    Unplugged,
    Reading,
    Recovering,
    Over,
}

/// Recording: timer, loudness and words.
#[component]
pub fn Capture(shown: Shown) -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let offer = Memo::new(move |_| driver.session.with(offer));
    let silent = Memo::new(move |_| {
        driver.session.with(|session| {
            session
                .desk
                .as_ref()
                .is_none_or(|desk| desk.visit.transcript.is_empty())
        })
    });
    let failed = Memo::new(move |_| driver.session.with(|session| session.engine.has_failed()));
    let declined = Memo::new(move |_| {
        driver
            .session
            .with(|session| session.desk.as_ref().is_some_and(|desk| desk.declined))
    });
    let press = move |event: MicEvent| driver.apply(Event::Mic(event));
    // Where the next press is likely, wherever the last one was.
    Effect::new(move |_| {
        window::focus(match offer.get() {
            Offer::Begin => "record",
            Offer::Paused | Offer::Unplugged => "resume",
            Offer::Asking | Offer::Recording | Offer::Reading | Offer::Recovering | Offer::Over => "stop",
        });
    });

    view! {
        <Show when=move || offer.get() == Offer::Begin>
            <AskConsent />
        </Show>
        <section class="capture" class:recording=move || offer.get() == Offer::Recording>
            <div class="dial">
                <h1 class="lamp">{move || lamp(l, offer.get())}</h1>
                <p
                    class="timer" data-test="timer" role="timer"
                    data-seconds=move || driver.meter.get().seconds.to_string()
                >
                    {move || timer(l, driver)}
                </p>
                <Level />
                <Show when=move || offer.get() != Offer::Recovering>
                    <Kept />
                </Show>
            </div>
            <Show when=move || matches!(offer.get(), Offer::Begin | Offer::Unplugged)>
                <Devices />
            </Show>
            <Show when=move || matches!(offer.get(), Offer::Begin | Offer::Recording | Offer::Paused)>
                <SpokenChoice />
                <OfVisit />
            </Show>
            <Show when=move || offer.get() == Offer::Begin>
                <Elsewhere />
            </Show>
            <Show when=move || offer.get() != Offer::Begin && offer.get() != Offer::Recording>
                <SaveAudio />
            </Show>
        </section>
        <OtherLanguages />
        <div class="both">
            <SoFar />
            <section class="said" aria-label=say!(l, visit.said)>
                <Show when=move || offer.get() == Offer::Begin>
                    <p class="quiet" data-test="begin">
                        {move || if declined.get() {
                            say!(l, visit.dictate_alone)
                        } else {
                            say!(l, visit.ask_first)
                        }}
                    </p>
                </Show>
                <Show when=move || silent.get() && matches!(offer.get(), Offer::Recording | Offer::Reading | Offer::Recovering)>
                    <p class="quiet">{say!(l, visit.words_appear)}</p>
                </Show>
                <TranscriptView shown />
                <Show when=move || offer.get() == Offer::Over && !failed.get()>
                    <p class="quiet" role="status">{say!(l, visit.last_words)}</p>
                </Show>
            </section>
        </div>
        <footer class="foot">
            <StatusLine />
            <div class="buttons">
                {move || match offer.get() {
                    Offer::Begin => view! {
                        <button id="record" class="record" data-test="record" on:click=move |_| press(MicEvent::RecordPressed)>
                            {move || if declined.get() { say!(l, visit.dictate) } else { say!(l, visit.record) }}
                        </button>
                    }.into_any(),
                    Offer::Recording => view! {
                        <button data-test="pause" on:click=move |_| press(MicEvent::PausePressed)>
                            {say!(l, visit.pause)}
                        </button>
                        <Stop press />
                    }.into_any(),
                    Offer::Paused | Offer::Unplugged => view! {
                        <button id="resume" data-test="resume" on:click=move |_| press(MicEvent::ResumePressed)>
                            {say!(l, visit.resume)}
                        </button>
                        <Stop press />
                    }.into_any(),
                    Offer::Asking | Offer::Reading => view! { <Stop press /> }.into_any(),
                    Offer::Recovering | Offer::Over => ().into_any(),
                }}
            </div>
        </footer>
    }
}

#[component]
fn Stop(press: impl Fn(MicEvent) + Copy + 'static) -> impl IntoView {
    let driver = expect_context::<Driver>();
    view! {
        <button id="stop" class="primary" data-test="stop" on:click=move |_| press(MicEvent::StopPressed)>
            {say!(driver.locale(), visit.stop)}
        </button>
    }
}

/// How much of the recording would survive a crash.
#[component]
fn Kept() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let kept = Memo::new(move |_| {
        driver.session.with(|session| {
            let sound = session.desk.as_ref().map(|desk| desk.sound);
            sound.filter(|sound| sound.is_kept).map(|sound| sound.samples)
        })
    });
    view! {
        {move || kept.get().map(|samples| view! {
            <p class="hint" data-test="sound-kept" data-samples=samples.to_string()>
                {say!(l, visit.kept, at = words::timer(samples as f64 / f64::from(RATE)))}
            </p>
        })}
    }
}

#[component]
fn Devices() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let options = move || {
        let named = |(index, device): (usize, crate::browser::mic::Device)| {
            let label = if device.label.is_empty() {
                say!(l, visit.microphone_number, number = index + 1)
            } else {
                device.label.clone()
            };
            view! { <option value=device.id>{label}</option> }
        };
        driver.devices.get().into_iter().enumerate().map(named).collect_view()
    };
    view! {
        <label class="field">
            {say!(l, visit.microphone)}
            <select
                data-test="mic-select"
                on:change:target=move |select| driver.choose_device(select.target().value())
            >
                <option value="">{say!(l, visit.browser_s_own)}</option>
                {options}
            </select>
        </label>
    }
}

/// Sound from elsewhere, on the same path.
#[component]
fn Elsewhere() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    view! {
        <div class="elsewhere">
            <label class="button">
                {say!(l, visit.open_audio)}
                <input
                    class="sr"
                    type="file"
                    accept="audio/*,.wav,.mp3,.m4a,.flac,.ogg,.opus"
                    data-test="open-file"
                    on:change=move |event| {
                        if let Some(file) = file::chosen_any(&event) {
                            driver.read_file(file);
                        }
                    }
                />
            </label>
            <label class="button">
                {say!(l, visit.open_transcript)}
                <input
                    class="sr"
                    type="file"
                    accept=".txt,text/plain"
                    data-test="open-transcript"
                    on:change=move |event| {
                        if let Some(file) = file::chosen_text(&event) {
                            driver.read_transcript(file);
                        }
                    }
                />
            </label>
            <button data-test="try-sample" on:click=move |_| driver.try_sample()>{say!(l, visit.try_sample)}</button>
        </div>
    }
}

fn offer(session: &Session) -> Offer {
    match session.desk.as_ref().map(|desk| desk.recorder) {
        None | Some(Recorder::Idle) => Offer::Begin,
        Some(Recorder::Starting { .. }) => Offer::Asking,
        Some(Recorder::Recording { .. }) => Offer::Recording,
        Some(Recorder::Paused { .. }) => Offer::Paused,
        Some(Recorder::Unplugged { .. }) => Offer::Unplugged,
        Some(Recorder::Reading) if session.desk.as_ref().is_some_and(|desk| desk.sound.is_kept) => Offer::Recovering,
        Some(Recorder::Reading) => Offer::Reading,
        Some(Recorder::Stopping { .. } | Recorder::Ended) => Offer::Over,
    }
}

fn lamp(l: Locale, offer: Offer) -> &'static str {
    match offer {
        Offer::Begin => say!(l, visit.not_recording),
        Offer::Asking => say!(l, visit.waiting),
        Offer::Recording => say!(l, visit.recording),
        Offer::Paused => say!(l, visit.paused),
        Offer::Unplugged => say!(l, visit.unplugged),
        Offer::Reading => say!(l, visit.reading),
        Offer::Recovering => say!(l, visit.recovering),
        Offer::Over => say!(l, visit.ended),
    }
}

fn timer(l: Locale, driver: Driver) -> String {
    let meter = driver.meter.get();
    match meter.of {
        Some(of) => say!(
            l,
            visit.at_of,
            at = words::timer(meter.seconds),
            length = words::timer(of)
        ),
        None => words::timer(meter.seconds),
    }
}
