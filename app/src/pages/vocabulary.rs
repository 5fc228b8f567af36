use leptos::prelude::*;
use leptos::task::spawn_local;
use speech::WordList;

use super::settings::change;
use super::templates::Back;
use crate::browser::file;
use crate::components::{Bar, Messages};
use crate::driver::Driver;
use crate::session::{Edit, Event, Notice, Session};
use crate::settings::{OwnList, told};
use crate::words;

/// The lists of words that Sotto listens for: own ones, and the drug names that come with it.
#[component]
pub fn VocabularyPage() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let own = Memo::new(move |_| driver.session.with(|session| session.settings.vocabulary.clone()));
    let expecting = Memo::new(move |_| driver.session.with(expecting));
    let refused = RwSignal::new(String::new());
    let add = move |list: OwnList| change(driver, |settings| settings.vocabulary.lists.push(list));
    let bring = move |event| {
        let Some(chosen) = file::chosen_text(&event) else {
            return;
        };
        let name = chosen.name();
        spawn_local(async move {
            match chosen.read(WordList::LARGEST).await {
                Ok(text) => match told(&text) {
                    Ok(_) => {
                        refused.set(String::new());
                        add(OwnList { name, text, off: false });
                    }
                    Err(why) => refused.set(format!("{name}: {why}")),
                },
                Err(why) => driver.apply(Event::Noticed(Notice::File(why))),
            }
        });
    };
    view! {
        <Bar />
        <main class="sheet narrow">
            <header class="head">
                <Back />
                <h1>"Vocabulary"</h1>
            </header>
            <Messages />
            <p class="hint">
                "Names, drugs and places that you say: Sotto listens for them more closely from the next sentence on. A word \
                 a line. The lists are encrypted with your settings."
            </p>
            <label class="check">
                <input
                    type="checkbox"
                    data-test="drugs"
                    prop:checked=move || own.with(|own| own.drugs)
                    on:change:target=move |event| {
                        let on = event.target().checked();
                        change(driver, |settings| settings.vocabulary.drugs = on);
                    }
                />
                <span>"Names of drugs, from the FDA’s list of substances"</span>
            </label>
            <p class="hint" role="status" data-test="expecting">{expecting}</p>
            {move || own.get().lists.into_iter().enumerate().map(|(at, list)| view! { <Own at list /> }).collect_view()}
            <p class="refusal" role="alert" data-test="list-refused">{refused}</p>
            <div class="buttons start">
                <button data-test="list-add" on:click=move |_| add(OwnList { name: "My words".to_owned(), ..OwnList::default() })>
                    "New list"
                </button>
                <label class="button">
                    <span>"Open a text file"</span>
                    <input class="sr" type="file" accept=".txt,.csv,text/plain" data-test="list-file" on:change=bring />
                </label>
            </div>
        </main>
    }
}

/// How many words are listened for.
fn expecting(session: &Session) -> Option<String> {
    let expecting = session.engine.expecting?;
    let lacking = session.settings.vocabulary.drugs && !expecting.drugs;
    let why = if lacking {
        " The names of drugs could not be loaded: connect to the network once."
    } else {
        ""
    };
    Some(format!(
        "Sotto listens for {}.{why}",
        words::word_count(expecting.terms as usize)
    ))
}

/// One list. What is changed is kept at once, unless it is no list.
#[component]
fn Own(at: usize, list: OwnList) -> impl IntoView {
    let driver = expect_context::<Driver>();
    let count = told(&list.text).unwrap_or_default();
    let refused = RwSignal::new(String::new());
    let set = move |act: &dyn Fn(&mut OwnList)| {
        change(driver, |settings| {
            if let Some(list) = settings.vocabulary.lists.get_mut(at) {
                act(list);
            }
        });
    };
    view! {
        <section class="group" data-test="list">
            <label class="field">
                <span>"Name of the list"</span>
                <input
                    maxlength="60"
                    autocomplete="off"
                    prop:value=list.name
                    on:change:target=move |event| {
                        let name = event.target().value();
                        set(&|list| list.name.clone_from(&name));
                    }
                />
            </label>
            <label class="check">
                <input
                    type="checkbox"
                    data-test="list-on"
                    prop:checked=!list.off
                    on:change:target=move |event| {
                        let off = !event.target().checked();
                        set(&|list| list.off = off);
                    }
                />
                <span>"Listen for these: "{count}</span>
            </label>
            <textarea
                rows="6"
                spellcheck="false"
                autocomplete="off"
                aria-label="Words"
                data-test="list-text"
                prop:value=list.text
                on:change:target=move |event| {
                    let text = event.target().value();
                    match told(&text) {
                        Ok(_) => set(&|list| list.text.clone_from(&text)),
                        Err(why) => refused.set(format!("{why} The list stays as it was.")),
                    }
                }
            ></textarea>
            <p class="refusal" role="alert" data-test="list-mistake">{refused}</p>
            <button
                class="plain"
                data-test="list-delete"
                on:click=move |_| change(driver, |settings| {
                    if at < settings.vocabulary.lists.len() {
                        settings.vocabulary.lists.remove(at);
                    }
                })
            >
                "Delete this list"
            </button>
        </section>
    }
}

/// What is expected in this visit alone.
#[component]
pub fn OfVisit() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let words = driver.session.with_untracked(|session| {
        session
            .desk
            .as_ref()
            .map(|desk| desk.visit.words.clone())
            .unwrap_or_default()
    });
    let refused = RwSignal::new(String::new());
    view! {
        <label class="field">
            "Words for this visit, such as names and drugs"
            <textarea
                rows="2"
                spellcheck="false"
                autocomplete="off"
                data-test="visit-words"
                prop:value=words
                on:change:target=move |event| {
                    let text = event.target().value();
                    refused.set(told(&text).err().map(|why| why.to_string()).unwrap_or_default());
                    driver.apply(Event::Edited(Edit::Words(text)));
                }
            ></textarea>
            <span class="refusal" role="alert" data-test="visit-words-mistake">{refused}</span>
        </label>
    }
}
