use leptos::prelude::*;
use speech::RATE;

use super::consent::AskConsent;
use super::visit::SaveAudio;
use super::vocabulary::OfVisit;
use crate::browser::{file, window};
use crate::components::{Level, Shown, SoFar, StatusLine, TranscriptView};
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
                <h1 class="lamp">{move || lamp(offer.get())}</h1>
                <p
                    class="timer" data-test="timer" role="timer"
                    data-seconds=move || driver.meter.get().seconds.to_string()
                >
                    {move || timer(driver)}
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
                <OfVisit />
            </Show>
            <Show when=move || offer.get() == Offer::Begin>
                <Elsewhere />
            </Show>
            <Show when=move || offer.get() != Offer::Begin && offer.get() != Offer::Recording>
                <SaveAudio />
            </Show>
        </section>
        <div class="both">
            <SoFar />
            <section class="said" aria-label="What was said">
                <Show when=move || offer.get() == Offer::Begin>
                    <p class="quiet" data-test="begin">
                        {move || if declined.get() {
                            "The patient declined: this conversation is not recorded. When you are alone, press Dictate and \
                             speak the note: it is written as you say it, headings and marks too."
                        } else {
                            "Ask the patient first, then press Record. The words appear here as they are spoken, and nothing \
                             leaves this device."
                        }}
                    </p>
                </Show>
                <Show when=move || silent.get() && matches!(offer.get(), Offer::Recording | Offer::Reading | Offer::Recovering)>
                    <p class="quiet">"The words appear here after each pause."</p>
                </Show>
                <TranscriptView shown />
                <Show when=move || offer.get() == Offer::Over && !failed.get()>
                    <p class="quiet" role="status">"Writing down the last words. Nothing is lost."</p>
                </Show>
            </section>
        </div>
        <footer class="foot">
            <StatusLine />
            <div class="buttons">
                {move || match offer.get() {
                    Offer::Begin => view! {
                        <button id="record" class="record" data-test="record" on:click=move |_| press(MicEvent::RecordPressed)>
                            {move || if declined.get() { "Dictate" } else { "Record" }}
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
                    Offer::Recovering | Offer::Over => ().into_any(),
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

/// How much of the recording would survive a crash.
#[component]
fn Kept() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let kept = Memo::new(move |_| {
        driver.session.with(|session| {
            let sound = session.desk.as_ref().map(|desk| desk.sound);
            sound.filter(|sound| sound.is_kept).map(|sound| sound.samples)
        })
    });
    view! {
        {move || kept.get().map(|samples| view! {
            <p class="hint" data-test="sound-kept" data-samples=samples.to_string()>
                {format!("On this device, encrypted, up to {}", words::timer(samples as f64 / f64::from(RATE)))}
            </p>
        })}
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
                        if let Some(file) = file::chosen_any(&event) {
                            driver.read_file(file);
                        }
                    }
                />
            </label>
            <label class="button">
                "Open a transcript"
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
        Some(Recorder::Reading) if session.desk.as_ref().is_some_and(|desk| desk.sound.is_kept) => Offer::Recovering,
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
        Offer::Recovering => "Reading the recovered recording",
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
