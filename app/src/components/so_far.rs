use language::{SPOKEN, say};
use leptos::prelude::*;
use note::{Draft, Origin};

use crate::driver::Driver;

/// The lines of the note while the recording goes on: that it is being written reassures, and a page of words does not.
#[component]
pub fn SoFar() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let sections = Memo::new(move |_| {
        driver.session.with(|session| {
            let draft = session.desk.as_ref()?.so_far.as_ref()?;
            Some(lines(draft))
        })
    });
    let sections = move || sections.get().unwrap_or_default();

    view! {
        <Show when=move || !sections().is_empty()>
            <section class="so-far" aria-label=say!(l, visit.so_far) data-test="so-far">
                <h2>{say!(l, visit.so_far)}</h2>
                {move || sections().into_iter().map(|(heading, lines)| view! {
                    <h3>{heading}</h3>
                    <ul>{lines.into_iter().map(|line| view! { <li lang=SPOKEN>{line}</li> }).collect_view()}</ul>
                }).collect_view()}
            </section>
        </Show>
    }
}

/// Heading and lines of each section of which something was said.
fn lines(draft: &Draft) -> Vec<(String, Vec<String>)> {
    let sections = draft.sections.iter().map(|section| {
        let said = section.lines.iter().filter(|line| line.origin == Origin::Drafted);
        (section.heading.clone(), said.map(|line| line.text.clone()).collect())
    });
    sections.filter(|(_, lines): &(_, Vec<_>)| !lines.is_empty()).collect()
}
