use language::say;
use leptos::prelude::*;

use super::visit::SaveAudio;
use crate::browser::window;
use crate::components::{OtherLanguages, Shown, StatusLine, TranscriptView};
use crate::driver::Driver;
use crate::session::{Edit, Event};
use crate::words;

mod section;
use section::{FlagRow, SectionEditor};

mod hand;
use hand::Hand;

mod download;

mod fewer;

mod suggestions;
use suggestions::Suggestions;

/// The button of the first flag that is not answered.
const OPEN_FLAG: &str = ".flag-row:not(.done) [data-test=resolve-flag]";

/// On a phone one of the two is shown; beside each other otherwise.
#[derive(Clone, Copy, PartialEq)]
enum Pane {
    Note,
    Transcript,
}

/// The note to be corrected, beside what was said.
#[component]
pub fn Review(shown: Shown) -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let pane = RwSignal::new(Pane::Note);
    // Built anew when the note is drafted anew; in between the text areas hold the truth and tell the session.
    let drafted = Memo::new(move |_| {
        driver.session.with(|session| {
            let desk = session.desk.as_ref()?;
            let headings = desk.draft()?.sections.iter().map(|section| section.heading.clone());
            Some((desk.drafts, headings.collect::<Vec<_>>()))
        })
    });
    driver.look_for_flags();
    // Whoever asks from the transcript sees the first line that rests on it.
    Effect::new(move |_| {
        if shown.segment.get().is_some() {
            pane.set(Pane::Note);
            window::reveal_first(".under p.evidence");
        }
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
        <div class="tabs">
            {tab(Pane::Note, say!(l, review.note), "tab-note")}
            {tab(Pane::Transcript, say!(l, visit.transcript), "tab-transcript")}
        </div>
        <Top />
        <OtherLanguages />
        <div class="panes">
            <section class="note" class:aside=move || pane.get() != Pane::Note aria-labelledby="note-heading">
                <h1 id="note-heading">{say!(l, review.note)}</h1>
                {move || drafted.get().map(|(_, headings)| headings
                    .into_iter()
                    .enumerate()
                    .map(|(index, heading)| view! { <SectionEditor index heading shown /> })
                    .collect_view())}
                <ul class="flags">
                    {move || driver.flags.get().into_iter().filter(|flag| flag.section.is_none()).map(|flag| view! {
                        <FlagRow flag shown />
                    }).collect_view()}
                </ul>
                <p class="hint legend"><span class="bar-mark" aria-hidden="true"></span>{say!(l, review.yours)}</p>
            </section>
            <section class="heard" class:aside=move || pane.get() != Pane::Transcript aria-labelledby="transcript-heading">
                <h2 id="transcript-heading">{say!(l, visit.transcript)}</h2>
                <TranscriptView shown />
                <Suggestions />
                <SaveAudio />
            </section>
        </div>
        <footer class="foot">
            <StatusLine />
            <Hand />
        </footer>
    }
}

/// The shape of the note, its length, and what is left to look at.
#[component]
fn Top() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let names = driver.session.with_untracked(|session| session.settings.note.names());
    let chosen = Memo::new(move |_| {
        driver.session.with(|session| {
            let desk = session.desk.as_ref();
            desk.map(|desk| desk.visit.template.name.clone()).unwrap_or_default()
        })
    });
    let length = Memo::new(move |_| {
        driver.session.with(|session| {
            let draft = session.desk.as_ref().and_then(|desk| desk.draft());
            draft.map_or(0, |draft| {
                let texts = draft.sections.iter().map(|section| section.text());
                texts.map(|text| text.split_whitespace().count()).sum::<usize>()
            })
        })
    });
    let open = Memo::new(move |_| driver.open_flags().len());
    let has_writer = Memo::new(move |_| driver.session.with(|session| session.writer.is_some()));
    let choose = move |name: String| {
        let template = driver
            .session
            .with_untracked(|session| session.settings.note.template_named(&name));
        if let Some(template) = template {
            driver.apply(Event::Edited(Edit::Template(Box::new(template))));
            driver.look_for_flags();
        }
    };

    view! {
        <div class="top">
            <label class="shape">
                <span>{say!(l, review.template)}</span>
                <select data-test="template" on:change:target=move |event| choose(event.target().value())>
                    {names.into_iter().map(|name| {
                        let this = name.clone();
                        view! { <option selected=move || chosen.get() == this>{name.clone()}</option> }
                    }).collect_view()}
                </select>
            </label>
            <p class="quiet">{move || words::word_count(l, length.get())}</p>
            <p role="status" data-test="flags-left" class:caution=move || { open.get() > 0 }>
                {move || if has_writer.get() && driver.looked.get() {
                    words::flags_left(l, open.get())
                } else {
                    words::not_looked(l).to_owned()
                }}
            </p>
            <Show when=move || { open.get() > 0 }>
                <button
                    data-test="next-flag"
                    on:click=move |_| window::reveal_first(OPEN_FLAG)
                >
                    {say!(l, review.show_next)}
                </button>
            </Show>
        </div>
    }
}
