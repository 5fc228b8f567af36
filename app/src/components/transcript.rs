use std::collections::BTreeSet;

use leptos::prelude::*;
use speech::SegmentId;

use crate::driver::Driver;
use crate::words;

/// The segments that the line of the note under the cursor came from.
pub type Evidence = RwSignal<BTreeSet<SegmentId>>;

/// What was said, as it comes in.
#[component]
pub fn TranscriptView(evidence: Evidence) -> impl IntoView {
    let driver = expect_context::<Driver>();
    // A memo: edits of the note and ticks of the engine leave the list alone.
    let segments = Memo::new(move |_| {
        driver.session.with(|session| {
            let desk = session.desk.as_ref()?;
            Some(desk.visit.transcript.segments().to_vec())
        })
    });
    let unheard = Memo::new(move |_| {
        driver
            .session
            .with(|session| session.desk.as_ref().map(|desk| desk.visit.unheard.clone()))
    });
    let spoken = move || {
        let mut segments = segments.get().unwrap_or_default();
        segments.retain(|segment| !segment.text.trim().is_empty());
        segments
    };

    view! {
        <ol class="transcript" data-test="transcript" role="log" aria-label="Transcript">
            <For each=spoken key=|segment| (segment.id, segment.text.clone()) let(segment)>
                <li
                    id=format!("segment-{}", segment.id.0)
                    class:evidence=move || evidence.read().contains(&segment.id)
                    data-segment=segment.id.0.to_string()
                >
                    <span class="at">{words::timer(segment.start)}</span>
                    <span class="text">{segment.text.trim().to_owned()}</span>
                </li>
            </For>
        </ol>
        {move || unheard.get().unwrap_or_default().into_iter().map(|(from, to)| view! {
            <p class="caution" data-test="unheard">
                {format!(
                    "The stretch from {} to {} could not be transcribed. Save the audio to keep it.",
                    words::timer(from),
                    words::timer(to)
                )}
            </p>
        }).collect_view()}
    }
}
