use language::{Locale, say};
use leptos::prelude::*;
use note::Evidence;
use speech::{Segment, SegmentId, Span, Speaker, Transcript};

use crate::driver::Driver;
use crate::session::{Edit, Event};
use crate::{marks, words};

/// What is shown on the other side: evidence goes both ways.
#[derive(Clone, Copy)]
pub struct Shown {
    /// The words that the line of the note under the cursor rests on.
    pub words: RwSignal<Vec<Evidence>>,
    /// The segment of which the lines that rest on it are to be shown.
    pub segment: RwSignal<Option<SegmentId>>,
}

impl Shown {
    pub fn nothing() -> Self {
        Self {
            words: RwSignal::new(Vec::new()),
            segment: RwSignal::new(None),
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Evidence,
    /// The recogniser was unsure.
    Doubtful,
}

/// What was said, as it comes in.
#[component]
pub fn TranscriptView(shown: Shown) -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    // Memos: edits of the note and ticks of the engine leave the list alone, and nobody is asked again who spoke.
    let said = Memo::new(move |_| {
        driver.session.with(|session| {
            let desk = session.desk.as_ref();
            desk.map(|desk| desk.visit.transcript.clone()).unwrap_or_default()
        })
    });
    let has_writer = Memo::new(move |_| driver.session.with(|session| session.writer.is_some()));
    let segments = Memo::new(move |_| {
        has_writer.get();
        said.with(|said| with_speakers(driver, said))
    });
    let gaps = Memo::new(move |_| {
        driver
            .session
            .with(|session| session.desk.as_ref().map(|desk| words::gaps(l, &desk.visit)))
    });
    let partial = Memo::new(move |_| driver.session.with(|session| session.engine.partial().cloned()));
    let spoken = move || {
        let mut segments = segments.get();
        segments.retain(|(segment, _)| !segment.text.trim().is_empty());
        segments
    };
    let exchange = move |_| {
        let told = spoken().into_iter();
        let told = told.map(|(segment, speaker)| (segment.id, other(speaker))).collect();
        driver.apply(Event::Edited(Edit::Speakers(told)));
    };

    view! {
        // The log around the list, not on it: a list with another role is none, and its items are lost.
        <div data-test="transcript" role="log" aria-label=say!(l, visit.transcript)>
            <ol class="transcript">
                <For
                    each=spoken
                    key=|(segment, speaker)| (segment.id, segment.speaker, *speaker, segment.text.clone())
                    let((segment, speaker))
                >
                    <Said segment speaker shown />
                </For>
            </ol>
        </div>
        <Show when=move || !spoken().is_empty()>
            <button class="plain" data-test="exchange-speakers" on:click=exchange>
                {say!(l, visit.exchange)}
            </button>
        </Show>
        // Not read aloud: it changes while it is being said.
        {move || partial.get().map(|partial| view! {
            <p class="partial" data-test="partial" aria-hidden="true">
                <span>{partial.confirmed}</span>
                " "
                <span class="tentative">{partial.tentative}</span>
            </p>
        })}
        {move || gaps.get().unwrap_or_default().into_iter().map(|gap| view! {
            <p class=gap.class data-test=gap.name>{gap.text}</p>
        }).collect_view()}
    }
}

#[component]
fn Said(segment: Segment, speaker: Speaker, shown: Shown) -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let id = segment.id;
    let at = words::timer(segment.start);
    let spans = Memo::new(move |_| {
        let shown = shown.words.read();
        let of_this = shown.iter().filter(|evidence| evidence.segment == id);
        of_this.map(|evidence| evidence.span).collect::<Vec<Span>>()
    });
    let chosen = Memo::new(move |_| shown.segment.get() == Some(id));
    let show = move |_| {
        shown.words.set(Vec::new());
        shown.segment.set(if chosen.get_untracked() { None } else { Some(id) });
    };
    let who = name(l, speaker);
    let guessed = if segment.speaker.is_none() { "?" } else { "" };
    let told = format!("{who}{guessed}");
    let asks = match other(speaker) {
        Speaker::Patient => say!(l, visit.was_patient, who = told),
        Speaker::Clinician | Speaker::Other => say!(l, visit.was_clinician, who = told),
    };
    let correct = move |_| driver.apply(Event::Edited(Edit::Speakers(vec![(id, other(speaker))])));
    let (text, doubtful, heard) = (segment.text, segment.doubtful, segment.words);
    let begins = segment.start;
    let language = driver.session.with_untracked(|session| {
        let desk = session.desk.as_ref();
        desk.map(|desk| desk.visit.language().to_owned())
    });
    // Where the words lie in the recording, for whoever wants to hear a doubtful one again.
    let said_at = move |at: usize| {
        let word = heard.iter().find(|word| word.span.start as usize == at)?;
        let seconds = begins + f64::from(word.from) / 100.0;
        Some(say!(
            l,
            visit.sure,
            at = words::timer(seconds),
            confidence = word.confidence
        ))
    };
    let pieces = move || {
        let range = |span: &Span| span.start as usize..span.end as usize;
        let evidence = spans.read();
        let over: Vec<_> = evidence
            .iter()
            .map(|span| (range(span), Mark::Evidence))
            .chain(doubtful.iter().map(|span| (range(span), Mark::Doubtful)))
            .collect();
        let mut end = 0;
        marks::cut(&text, &over)
            .into_iter()
            .map(|piece| {
                let start = end;
                end += piece.text.len();
                let class = match (
                    piece.marks.contains(&Mark::Evidence),
                    piece.marks.contains(&Mark::Doubtful),
                ) {
                    (true, true) => "evidence doubtful",
                    (true, false) => "evidence",
                    (false, true) => "doubtful",
                    (false, false) => return view! { <span>{piece.text}</span> }.into_any(),
                };
                view! { <mark class=class title=said_at(start)>{piece.text}</mark> }.into_any()
            })
            .collect_view()
    };

    view! {
        <li
            id=format!("segment-{}", id.0)
            class:evidence=move || chosen.get() || !spans.read().is_empty()
            data-segment=id.0.to_string()
        >
            <button
                class="at"
                data-test="show-in-note"
                aria-pressed=move || if chosen.get() { "true" } else { "false" }
                aria-label=say!(l, visit.show_in_note, at = at.clone())
                on:click=show
            >
                {at.clone()}
            </button>
            <div>
                <button
                    class="speaker"
                    data-test="speaker"
                    aria-label=asks
                    on:click=correct
                >
                    {who}
                    {guessed}
                </button>
                <span class="text" lang=language>{pieces}</span>
            </div>
        </li>
    }
}

/// Each segment and who said it; the clinician where nobody can tell, which a press corrects.
fn with_speakers(driver: Driver, said: &Transcript) -> Vec<(Segment, Speaker)> {
    let writer = driver.session.with_untracked(|session| session.writer);
    let mut told = writer
        .and_then(|writer| writer.roles(said))
        .unwrap_or_default()
        .into_iter();
    let segments = said.segments().iter().cloned();
    segments
        .map(|segment| {
            let speaker = told.next().or(segment.speaker).unwrap_or(Speaker::Clinician);
            (segment, speaker)
        })
        .collect()
}

fn name(l: Locale, speaker: Speaker) -> &'static str {
    match speaker {
        Speaker::Clinician => say!(l, visit.clinician),
        Speaker::Patient => say!(l, visit.patient),
        Speaker::Other => say!(l, visit.somebody),
    }
}

/// Who it was if not this one.
fn other(speaker: Speaker) -> Speaker {
    match speaker {
        Speaker::Clinician => Speaker::Patient,
        Speaker::Patient | Speaker::Other => Speaker::Clinician,
    }
}
