use std::ops::Range;

use language::SPOKEN;
use leptos::prelude::*;

use crate::browser::window;
use crate::marks;

/// A mark over one line of a text area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineMark {
    /// Among the lines that are not blank, from 0.
    pub line: usize,
    /// Bytes of that line; `None` is the whole line.
    pub range: Option<Range<usize>>,
    pub tint: Tint,
}

/// What a mark says; the style sheet gives each a colour and a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tint {
    /// Written by the clinician.
    Own,
    /// Rests on what the transcript shows right now.
    Evidence,
    /// To be looked at before the review is confirmed.
    Flag,
}

impl Tint {
    fn class(self) -> &'static str {
        match self {
            Tint::Own => "own",
            Tint::Evidence => "evidence",
            Tint::Flag => "flag",
        }
    }
}

/// Text with marks, to be edited. A text area cannot colour its words, so the same text lies behind it, unseen but for its
/// marks; that text also gives the height, so that nothing scrolls within.
#[component]
pub fn MarkedArea(
    id: String,
    heading: String,
    text: RwSignal<String>,
    #[prop(into)] marks: Signal<Vec<LineMark>>,
    placeholder: &'static str,
    on_input: impl Fn(String) + 'static,
    /// Called with the line of the note under the cursor.
    on_line: impl Fn(Option<usize>) + Copy + 'static,
) -> impl IntoView {
    let show_line = move |at: Option<usize>| {
        on_line(at.and_then(|at| text.with_untracked(|text| marks::note_line(text, at))));
    };
    view! {
        <div class="marked">
            <div class="under" aria-hidden="true">
                {move || text.with(|text| marks.with(|marks| under(text, marks)))}
            </div>
            <textarea
                id=id
                data-test="note-section"
                lang=SPOKEN
                data-heading=heading
                spellcheck="true"
                // Else the browser keeps what is written here in its session file, unencrypted, to restore the tab.
                autocomplete="off"
                placeholder=placeholder
                prop:value=text
                on:input:target=move |input| {
                    let value = input.target().value();
                    text.set(value.clone());
                    on_input(value);
                }
                on:focus=move |event| show_line(window::cursor_line(&event))
                on:click=move |event| show_line(window::cursor_line(&event))
                on:keyup=move |event| show_line(window::cursor_line(&event))
            ></textarea>
        </div>
    }
}

fn under(text: &str, marks: &[LineMark]) -> impl IntoView + use<> {
    let lines = text.split('\n').enumerate().map(|(index, line)| {
        let written = marks::note_line(text, index);
        let over: Vec<&LineMark> = marks.iter().filter(|mark| Some(mark.line) == written).collect();
        let whole = |tint| over.iter().any(|mark| mark.range.is_none() && mark.tint == tint);
        let parts: Vec<(Range<usize>, Tint)> = over
            .iter()
            .filter_map(|mark| Some((mark.range.clone()?, mark.tint)))
            .collect();
        let pieces = marks::cut(line, &parts).into_iter().map(|piece| {
            let classes: Vec<&str> = piece.marks.iter().map(|tint| tint.class()).collect();
            if classes.is_empty() {
                view! { <span>{piece.text}</span> }.into_any()
            } else {
                view! { <mark class=classes.join(" ")>{piece.text}</mark> }.into_any()
            }
        });
        view! {
            <p class:own=whole(Tint::Own) class:evidence=whole(Tint::Evidence)>
                {pieces.collect_view()}
                // An empty line has a height too.
                "\u{200b}"
            </p>
        }
    });
    lines.collect_view()
}
