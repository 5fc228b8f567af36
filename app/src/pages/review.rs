use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::visit::SaveAudio;
use crate::browser::{clipboard, clock, download, window};
use crate::components::{Evidence, StatusLine, TranscriptView};
use crate::driver::Driver;
use crate::session::{Edit, Event, Notice};
use crate::words;

/// On a phone one of the two is shown; beside each other otherwise.
#[derive(Clone, Copy, PartialEq)]
enum Pane {
    Note,
    Transcript,
}

/// The note to be corrected, beside what was said.
#[component]
pub fn Review(evidence: Evidence) -> impl IntoView {
    let driver = expect_context::<Driver>();
    let pane = RwSignal::new(Pane::Note);
    let reviewed = Memo::new(move |_| {
        driver
            .session
            .with(|session| session.desk.as_ref().is_some_and(|desk| desk.visit.reviewed))
    });
    // As it was when the page was built: from here on the text areas hold the truth and tell the session.
    let sections = driver.session.with_untracked(|session| {
        let draft = session.desk.as_ref().and_then(|desk| desk.draft());
        draft.map(|draft| {
            draft
                .sections
                .iter()
                .map(|s| (s.heading.clone(), s.text()))
                .collect::<Vec<_>>()
        })
    });
    let tab = move |this: Pane, name: &'static str, test: &'static str| {
        view! {
            <button
                class="tab"
                data-test=test
                aria-pressed=move || if pane.get() == this { "true" } else { "false" }
                on:click=move |_| pane.set(this)
            >
                {name}
            </button>
        }
    };

    view! {
        <div class="tabs">{tab(Pane::Note, "Note", "tab-note")}{tab(Pane::Transcript, "Transcript", "tab-transcript")}</div>
        <div class="panes">
            <section class="note" class:aside=move || pane.get() != Pane::Note aria-labelledby="note-heading">
                <h1 id="note-heading">"Note"</h1>
                {sections
                    .unwrap_or_default()
                    .into_iter()
                    .enumerate()
                    .map(|(index, (heading, text))| view! { <SectionEditor index heading text evidence /> })
                    .collect_view()}
            </section>
            <section class="heard" class:aside=move || pane.get() != Pane::Transcript aria-labelledby="transcript-heading">
                <h2 id="transcript-heading">"Transcript"</h2>
                <TranscriptView evidence />
                <SaveAudio />
            </section>
        </div>
        <footer class="foot">
            <StatusLine />
            <Hand reviewed />
        </footer>
    }
}

#[component]
fn SectionEditor(index: usize, heading: String, text: String, evidence: Evidence) -> impl IntoView {
    let driver = expect_context::<Driver>();
    let id = format!("section-{index}");
    let rows = (text.lines().count() + text.len() / 70).clamp(2, 24);
    let show_source = move |line: Option<usize>| {
        let sources: BTreeSet<_> = driver.session.with_untracked(|session| {
            let draft = session.desk.as_ref().and_then(|desk| desk.draft());
            let line = draft.and_then(|draft| draft.sections.get(index)?.lines.get(line?));
            line.map(|line| line.sources.iter().copied().collect())
                .unwrap_or_default()
        });
        if let Some(first) = sources.first() {
            window::reveal(&format!("segment-{}", first.0));
        }
        evidence.set(sources);
    };

    view! {
        <div class="section">
            <label for=id.clone()>{heading.clone()}</label>
            <textarea
                id=id
                data-test="note-section"
                data-heading=heading
                rows=rows.to_string()
                spellcheck="true"
                // Else the browser keeps what is written here in its session file, unencrypted, to restore the tab.
                autocomplete="off"
                placeholder="Not discussed."
                prop:value=text
                on:input:target=move |input| {
                    driver.apply(Event::Edited(Edit::Section(index, input.target().value())));
                }
                on:focus=move |event| show_source(window::cursor_line(&event))
                on:click=move |event| show_source(window::cursor_line(&event))
                on:keyup=move |event| show_source(window::cursor_line(&event))
            ></textarea>
        </div>
    }
}

/// The way out: confirm first, then copy or download.
#[component]
fn Hand(reviewed: Memo<bool>) -> impl IntoView {
    let driver = expect_context::<Driver>();
    let copied = RwSignal::new(None::<String>);
    // Whatever was copied is out of date as soon as the review is.
    let said = move || {
        copied
            .get()
            .filter(|_| reviewed.get())
            .unwrap_or_else(|| "Copy note".to_owned())
    };
    let copy = move |_| {
        let Some(text) = note_text(driver) else { return };
        spawn_local(async move {
            match clipboard::write(&text).await {
                Ok(()) => copied.set(Some(format!("Copied · {}", words::characters(text.chars().count())))),
                Err(()) => driver.apply(Event::Noticed(Notice::NotCopied)),
            }
        });
    };
    let save = move |_| {
        let Some(text) = note_text(driver) else { return };
        let created = driver
            .session
            .with_untracked(|session| session.desk.as_ref().map(|desk| desk.visit.created));
        let stamp = clock::stamp(created.unwrap_or_default());
        download::save(
            &format!("sotto-note-{stamp}.txt"),
            "text/plain;charset=utf-8",
            text.as_bytes(),
        );
    };

    view! {
        <div class="hand">
            <p class="hint" id="hand-hint">
                {move || if reviewed.get() {
                    "The clipboard keeps a copied note until something else is copied. Files are not encrypted."
                } else {
                    "Copy and Download work once you have confirmed the review. Any change takes it back."
                }}
            </p>
            <div class="buttons">
                <button
                    data-test="download-note"
                    aria-describedby="hand-hint"
                    disabled=move || !reviewed.get()
                    on:click=save
                >
                    "Download .txt"
                </button>
                <button
                    data-test="copy-note"
                    aria-describedby="hand-hint"
                    class:primary=move || reviewed.get()
                    disabled=move || !reviewed.get()
                    on:click=copy
                >
                    {said}
                </button>
                <button
                    data-test="confirm-review"
                    class:primary=move || !reviewed.get()
                    aria-pressed=move || if reviewed.get() { "true" } else { "false" }
                    on:click=move |_| {
                        copied.set(None);
                        driver.apply(Event::Edited(Edit::Reviewed(!reviewed.get_untracked())));
                    }
                >
                    {move || if reviewed.get() { "Reviewed ✓" } else { "I have reviewed this note" }}
                </button>
            </div>
        </div>
    }
}

/// The note as it is handed over, only once it was reviewed.
fn note_text(driver: Driver) -> Option<String> {
    driver.session.with_untracked(|session| {
        let desk = session.desk.as_ref().filter(|desk| desk.visit.reviewed)?;
        desk.draft().map(note::plain_text)
    })
}
