use language::{LANGUAGES, say};
use leptos::prelude::*;

use crate::driver::Driver;

/// In which language the interface is; each by its own name, so that nobody has to understand another one to find theirs.
#[component]
pub fn LanguageChoice() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let choose = move |at: i32| {
        if let Some((locale, _, _)) = usize::try_from(at).ok().and_then(|at| LANGUAGES.get(at)) {
            driver.speak(*locale);
        }
    };
    view! {
        <label class="field language">
            <span>{say!(driver.locale(), shell.language)}</span>
            <select data-test="language" on:change:target=move |event| choose(event.target().selected_index())>
                {LANGUAGES.map(|(locale, tag, name)| view! {
                    <option value=tag lang=tag selected=locale == driver.locale()>{name}</option>
                }).into_iter().collect_view()}
            </select>
        </label>
    }
}
