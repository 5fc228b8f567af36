use language::{Locale, say};
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
use crate::words::{self, Told};

/// The lists of words that Sotto listens for: own ones, and the drug names that come with it.
#[component]
pub fn VocabularyPage() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let own = Memo::new(move |_| driver.session.with(|session| session.settings.vocabulary.clone()));
    let expecting = Memo::new(move |_| driver.session.with(|session| expecting(l, session)));
    let refused = RwSignal::new(String::new());
    let add = move |list: OwnList| change(driver, |settings| settings.vocabulary.lists.push(list));
    let bring = move |event| {
        let Some(chosen) = file::chosen_text(&event) else {
            return;
        };
        let name = chosen.name();
        spawn_local(async move {
            match chosen.read(WordList::LARGEST).await {
                Ok(text) => match told(l, &text) {
                    Ok(_) => {
                        refused.set(String::new());
                        add(OwnList { name, text, off: false });
                    }
                    Err(why) => refused.set(format!("{name}: {}", why.told(l))),
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
                <h1>{say!(l, vocabulary.heading)}</h1>
            </header>
            <Messages />
            <p class="hint">{say!(l, vocabulary.hint)}</p>
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
                <span>{say!(l, vocabulary.drugs)}</span>
            </label>
            <p class="hint" role="status" data-test="expecting">{expecting}</p>
            {move || own.get().lists.into_iter().enumerate().map(|(at, list)| view! { <Own at list /> }).collect_view()}
            <p class="refusal" role="alert" data-test="list-refused">{refused}</p>
            <div class="buttons start">
                <button
                    data-test="list-add"
                    on:click=move |_| add(OwnList {
                        name: say!(l, vocabulary.my_words).to_owned(),
                        ..OwnList::default()
                    })
                >
                    {say!(l, vocabulary.new_list)}
                </button>
                <label class="button">
                    <span>{say!(l, vocabulary.open_file)}</span>
                    <input class="sr" type="file" accept=".txt,.csv,text/plain" data-test="list-file" on:change=bring />
                </label>
            </div>
        </main>
    }
}

/// How many words are listened for.
fn expecting(l: Locale, session: &Session) -> Option<String> {
    let expecting = session.engine.expecting?;
    let words = words::word_count(l, expecting.terms as usize);
    let mut said = say!(l, vocabulary.listens_for, words = words);
    if session.settings.vocabulary.drugs && !expecting.drugs {
        said += " ";
        said += say!(l, vocabulary.drugs_lacking);
    }
    Some(said)
}

/// One list. What is changed is kept at once, unless it is no list.
#[component]
fn Own(at: usize, list: OwnList) -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let count = told(l, &list.text).unwrap_or_default();
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
                <span>{say!(l, vocabulary.list_name)}</span>
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
                <span>{say!(l, vocabulary.listen_for, words = count)}</span>
            </label>
            <textarea
                rows="6"
                spellcheck="false"
                autocomplete="off"
                aria-label=say!(l, vocabulary.words)
                data-test="list-text"
                prop:value=list.text
                on:change:target=move |event| {
                    let text = event.target().value();
                    match told(l, &text) {
                        Ok(_) => set(&|list| list.text.clone_from(&text)),
                        Err(why) => refused.set(say!(l, vocabulary.unchanged, why = why.told(l))),
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
                {say!(l, vocabulary.delete)}
            </button>
        </section>
    }
}

/// What is expected in this visit alone.
#[component]
pub fn OfVisit() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
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
            {say!(l, vocabulary.of_visit)}
            <textarea
                rows="2"
                spellcheck="false"
                autocomplete="off"
                data-test="visit-words"
                prop:value=words
                on:change:target=move |event| {
                    let text = event.target().value();
                    refused.set(told(l, &text).err().map(|why| why.told(l)).unwrap_or_default());
                    driver.apply(Event::Edited(Edit::Words(text)));
                }
            ></textarea>
            <span class="refusal" role="alert" data-test="visit-words-mistake">{refused}</span>
        </label>
    }
}
