use language::say;
use leptos::prelude::*;
use leptos::task::spawn_local;
use note::{Flag, Origin};
use speech::Span;
use vault::audit::Event as AuditEvent;

use crate::browser::{clipboard, window};
use crate::components::{LineMark, MarkedArea, Shown, Tint};
use crate::driver::Driver;
use crate::session::{Edit, Event, Notice};
use crate::words::Told;

/// One section: its text with its marks, and what there is to look at in it.
#[component]
pub fn SectionEditor(index: usize, heading: String, shown: Shown) -> impl IntoView {
    let driver = expect_context::<Driver>();
    let id = format!("section-{index}");
    let text = RwSignal::new(driver.session.with_untracked(|session| {
        let section = session.desk.as_ref().and_then(|desk| desk.draft()?.sections.get(index));
        section.map(note::Section::text).unwrap_or_default()
    }));
    let flags = Memo::new(move |_| driver.flags.with(|flags| of_section(flags, index)));
    let marks = Memo::new(move |_| {
        let mut marks = lines_marked(driver, index, shown);
        marks.extend(flags.read().iter().filter_map(flag_mark));
        marks
    });
    let opened = heading.clone();
    let area = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |_| {
        let (Some(area), opened) = (area.get(), opened.clone()) else {
            return;
        };
        window::once_seen(&area, move || {
            driver.apply(Event::Edited(Edit::Opened(opened.clone())));
        });
    });
    let show_line = move |line: Option<usize>| {
        let evidence = driver.session.with_untracked(|session| {
            let section = session
                .desk
                .as_ref()
                .and_then(|desk| desk.draft()?.sections.get(index))?;
            Some(section.lines.get(line?)?.evidence.clone())
        });
        let evidence = evidence.unwrap_or_default();
        if let Some(first) = evidence.first() {
            window::reveal(&format!("segment-{}", first.segment.0));
        }
        shown.segment.set(None);
        shown.words.set(evidence);
    };

    view! {
        <div class="section" node_ref=area>
            <div class="section-head">
                <label for=id.clone()>{heading.clone()}</label>
                <CopySection index name=heading.clone() />
            </div>
            <MarkedArea
                id
                heading
                text
                marks
                // What stands in the note then.
                placeholder=note::NOT_DISCUSSED
                on_input=move |value| {
                    driver.apply(Event::Edited(Edit::Section(index, value)));
                    driver.look_for_flags();
                }
                on_line=show_line
            />
            <ul class="flags" data-test="flags">
                <For each=move || flags.get() key=|flag| flag.id let(flag)>
                    <FlagRow flag shown />
                </For>
            </ul>
        </div>
    }
}

#[component]
pub fn FlagRow(flag: Flag, shown: Shown) -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let id = flag.id;
    let must = flag.must_resolve();
    let resolved = Memo::new(move |_| {
        driver.session.with(|session| {
            let desk = session.desk.as_ref();
            desk.is_some_and(|desk| desk.visit.review.resolved.contains(&id))
        })
    });
    let evidence = flag.evidence.clone();
    let show = {
        let evidence = evidence.clone();
        move |_| {
            if let Some(first) = evidence.first() {
                window::reveal(&format!("segment-{}", first.segment.0));
            }
            shown.words.set(evidence.clone());
        }
    };
    view! {
        <li class="flag-row" class:done=move || resolved.get() data-test="flag">
            <p>{flag.reason.told(l)}</p>
            {(!evidence.is_empty()).then(|| view! {
                <button class="plain" on:click=show.clone()>{say!(l, review.show)}</button>
            })}
            {must.then(|| view! {
                <button
                    data-test="resolve-flag"
                    aria-pressed=move || if resolved.get() { "true" } else { "false" }
                    on:click=move |_| driver.apply(Event::Edited(Edit::Resolved(id, !resolved.get_untracked())))
                >
                    {move || if resolved.get() { say!(l, review.checked) } else { say!(l, review.is_right) }}
                </button>
            })}
        </li>
    }
}

/// Works once the review is confirmed, like every way out of here.
#[component]
fn CopySection(index: usize, name: String) -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let copied = RwSignal::new(false);
    let attested = driver.attested();
    let copy = move |_| {
        let Some(text) = driver.section_text(index) else { return };
        spawn_local(async move {
            match clipboard::write(&text).await {
                Ok(()) => {
                    driver.log(AuditEvent::Copied, 0);
                    copied.set(true);
                }
                Err(()) => driver.apply(Event::Noticed(Notice::NotCopied)),
            }
        });
    };
    view! {
        <Show when=move || attested.get().is_some()>
            <button
                class="plain"
                data-test="copy-section"
                on:click=copy
            >
                {move || if copied.get() { say!(l, review.copied) } else { say!(l, review.copy_section) }}
                <span class="sr">{name.clone()}</span>
            </button>
        </Show>
    }
}

fn of_section(flags: &[Flag], index: usize) -> Vec<Flag> {
    flags
        .iter()
        .filter(|flag| flag.section == Some(index))
        .cloned()
        .collect()
}

fn flag_mark(flag: &Flag) -> Option<LineMark> {
    let Span { start, end } = flag.at?;
    Some(LineMark {
        line: flag.line?,
        range: Some(start as usize..end as usize),
        tint: Tint::Flag,
    })
}

/// Whose each line is, and whether it rests on the segment that was chosen.
fn lines_marked(driver: Driver, index: usize, shown: Shown) -> Vec<LineMark> {
    let chosen = shown.segment.get();
    driver.session.with(|session| {
        let section = session.desk.as_ref().and_then(|desk| desk.draft()?.sections.get(index));
        let lines = section.map(|section| section.lines.as_slice()).unwrap_or_default();
        let mut marks = Vec::new();
        for (line, of) in lines.iter().enumerate() {
            let whole = |tint| LineMark {
                line,
                range: None,
                tint,
            };
            if of.origin == Origin::Clinician {
                marks.push(whole(Tint::Own));
            }
            if chosen.is_some_and(|id| of.evidence.iter().any(|at| at.segment == id)) {
                marks.push(whole(Tint::Evidence));
            }
        }
        marks
    })
}
