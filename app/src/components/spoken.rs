use language::say;
use leptos::prelude::*;

use crate::browser::languages;
use crate::driver::Driver;
use crate::words;

/// Which language people speak; nothing to choose with a model that knows one only.
#[component]
pub fn SpokenChoice() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let known = Memo::new(move |_| driver.session.with(|session| session.engine.languages().to_vec()));
    // What holds, and not what was chosen: another model's language is none of this one's.
    let spoken = Memo::new(move |_| {
        driver
            .session
            .with(|session| session.engine.spoken().map(str::to_owned))
    });
    let option = move |(code, name): (Option<String>, String)| {
        let value = code.clone().unwrap_or_default();
        view! { <option value=value prop:selected=move || *spoken.read() == code>{name}</option> }
    };
    let options = move || {
        let told = (None, say!(l, models.from_sound).to_owned());
        let named = languages::by_name(l, known.get()).into_iter();
        let named = named.map(|(code, name)| (Some(code), name));
        std::iter::once(told).chain(named).map(option).collect_view()
    };
    view! {
        <Show when=move || !known.read().is_empty()>
            <label class="field">
                {say!(l, models.spoken)}
                <select
                    data-test="spoken"
                    on:change:target=move |select| {
                        let code = select.target().value();
                        driver.listen_for((!code.is_empty()).then_some(code));
                    }
                >
                    {options}
                </select>
            </label>
        </Show>
    }
}

/// That the note may lack what was said in these languages.
#[component]
pub fn OtherLanguages() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let other = Memo::new(move |_| driver.session.with(words::other_languages));
    let names = move || {
        let names = other.get().into_iter().map(|code| languages::name(l, &code));
        names.collect::<Vec<_>>().join(", ")
    };
    view! {
        <Show when=move || !other.read().is_empty()>
            <p class="caution" data-test="other-languages">
                {move || say!(l, visit.other_languages, languages = names())}
            </p>
        </Show>
    }
}
