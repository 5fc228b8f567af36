use leptos::prelude::*;

use super::visit::SaveAudio;
use crate::browser::{file, window};
use crate::components::{Evidence, Level, StatusLine, TranscriptView};
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
    Over,
}

/// Recording: timer, loudness and words.
#[component]
pub fn Capture(evidence: Evidence) -> impl IntoView {
    let driver = expect_context::<Driver>();
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
    let press = move |event: MicEvent| driver.apply(Event::Mic(event));
    // Where the next press is likely, wherever the last one was.
    Effect::new(move |_| {
        window::focus(match offer.get() {
            Offer::Begin => "record",
            Offer::Paused | Offer::Unplugged => "resume",
            Offer::Asking | Offer::Recording | Offer::Reading | Offer::Over => "stop",
        });
    });

    view! {
        <section class="capture" class:recording=move || offer.get() == Offer::Recording>
            <div class="dial">
                <p class="lamp">{move || lamp(offer.get())}</p>
                <p class="timer" data-test="timer" role="timer">{move || timer(driver)}</p>
                <Level />
            </div>
            <Show when=move || matches!(offer.get(), Offer::Begin | Offer::Unplugged)>
                <Devices />
            </Show>
            <Show when=move || offer.get() == Offer::Begin>
                <Elsewhere />
            </Show>
            <Show when=move || offer.get() != Offer::Begin && offer.get() != Offer::Recording>
                <SaveAudio />
            </Show>
        </section>
        <section class="said" aria-label="What was said">
            <Show when=move || offer.get() == Offer::Begin>
                <p class="quiet">
                    "Ask the patient first, then press Record. The words appear here as they are spoken, and nothing \
                     leaves this device."
                </p>
            </Show>
            <Show when=move || silent.get() && matches!(offer.get(), Offer::Recording | Offer::Reading)>
                <p class="quiet">"The words appear here after each pause."</p>
            </Show>
            <TranscriptView evidence />
            <Show when=move || offer.get() == Offer::Over && !failed.get()>
                <p class="quiet" role="status">"Writing down the last words. Nothing is lost."</p>
            </Show>
        </section>
        <footer class="foot">
            <StatusLine />
            <div class="buttons">
                {move || match offer.get() {
                    Offer::Begin => view! {
                        <button id="record" class="record" data-test="record" on:click=move |_| press(MicEvent::RecordPressed)>
                            "Record"
                        </button>
                    }.into_any(),
                    Offer::Recording => view! {
                        <button data-test="pause" on:click=move |_| press(MicEvent::PausePressed)>"Pause"</button>
                        <Stop press />
                    }.into_any(),
                    Offer::Paused | Offer::Unplugged => view! {
                        <button id="resume" data-test="resume" on:click=move |_| press(MicEvent::ResumePressed)>"Resume"</button>
                        <Stop press />
                    }.into_any(),
                    Offer::Asking | Offer::Reading => view! { <Stop press /> }.into_any(),
                    Offer::Over => ().into_any(),
                }}
            </div>
        </footer>
    }
}

#[component]
fn Stop(press: impl Fn(MicEvent) + Copy + 'static) -> impl IntoView {
    view! {
        <button id="stop" class="primary" data-test="stop" on:click=move |_| press(MicEvent::StopPressed)>
            "Stop and draft"
        </button>
    }
}

#[component]
fn Devices() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let options = move || {
        let named = |(index, device): (usize, crate::browser::mic::Device)| {
            let label = if device.label.is_empty() {
                format!("Microphone {}", index + 1)
            } else {
                device.label.clone()
            };
            view! { <option value=device.id>{label}</option> }
        };
        driver.devices.get().into_iter().enumerate().map(named).collect_view()
    };
    view! {
        <label class="field">
            "Microphone"
            <select
                data-test="mic-select"
                on:change:target=move |select| driver.choose_device(select.target().value())
            >
                <option value="">"The one that the browser uses"</option>
                {options}
            </select>
        </label>
    }
}

/// Sound from elsewhere, on the same path.
#[component]
fn Elsewhere() -> impl IntoView {
    let driver = expect_context::<Driver>();
    view! {
        <div class="elsewhere">
            <label class="button">
                "Open an audio file"
                <input
                    class="sr"
                    type="file"
                    accept="audio/*,.wav,.mp3,.m4a,.flac,.ogg,.opus"
                    data-test="open-file"
                    on:change=move |event| {
                        if let Some(file) = file::chosen(&event) {
                            driver.read_file(file);
                        }
                    }
                />
            </label>
            <button data-test="try-sample" on:click=move |_| driver.try_sample()>"Try it without a patient"</button>
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
        Some(Recorder::Reading) => Offer::Reading,
        Some(Recorder::Stopping { .. } | Recorder::Ended) => Offer::Over,
    }
}

fn lamp(offer: Offer) -> &'static str {
    match offer {
        Offer::Begin => "Not recording",
        Offer::Asking => "Waiting for the microphone",
        Offer::Recording => "● Recording",
        Offer::Paused => "Paused",
        Offer::Unplugged => "Microphone gone",
        Offer::Reading => "Reading audio",
        Offer::Over => "Recording ended",
    }
}

fn timer(driver: Driver) -> String {
    let meter = driver.meter.get();
    match meter.of {
        Some(of) => format!("{} of {}", words::timer(meter.seconds), words::timer(of)),
        None => words::timer(meter.seconds),
    }
}
