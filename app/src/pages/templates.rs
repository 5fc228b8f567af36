use language::{Locale, SPOKEN, say};
use leptos::prelude::*;
use leptos::task::spawn_local;
use note::Template;

use crate::app::Place;
use crate::browser::{download, file};
use crate::components::{Bar, Messages};
use crate::driver::Driver;
use crate::session::{Event, Notice};
use crate::words::Told;

/// What lies in the editor.
#[derive(Clone, PartialEq)]
enum Open {
    /// Comes with the app; it can be copied and not changed.
    BuiltIn(usize),
    /// The clinician's, by its place in the settings.
    Own(usize),
    /// Not kept yet.
    New,
}

/// The shapes of notes: read, copied, edited, taken in and given out as one readable text.
#[component]
pub fn Templates() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let open = RwSignal::new(Open::BuiltIn(0));
    let text = RwSignal::new(note::BUILT_IN[0].to_owned());
    let own = Memo::new(move |_| driver.session.with(|session| session.settings.note.templates.clone()));
    let chosen = Memo::new(move |_| driver.session.with(|session| session.settings.note.template.clone()));
    let show = move |which: Open| {
        let found = match which {
            Open::BuiltIn(at) => note::BUILT_IN.get(at).map(|text| (*text).to_owned()),
            Open::Own(at) => own.with_untracked(|own| own.get(at).cloned()),
            Open::New => None,
        };
        if let Some(found) = found {
            text.set(found);
            open.set(which);
        }
    };
    let row = move |which: Open, name: String| {
        let this = which.clone();
        let default = {
            let name = name.clone();
            move || chosen.with(|chosen| *chosen == name)
        };
        view! {
            <li>
                <button
                    class="plain choice"
                    data-test="template-row"
                    aria-pressed=move || if open.get() == this { "true" } else { "false" }
                    on:click=move |_| show(which.clone())
                >
                    {name}
                </button>
                {move || default().then(|| view! { <span class="chip good">{say!(l, templates.for_new)}</span> })}
            </li>
        }
    };

    view! {
        <Bar />
        <main class="sheet">
            <header class="head">
                <Back />
                <h1>{say!(l, templates.heading)}</h1>
            </header>
            <Messages />
            <div class="split">
                <nav aria-label=say!(l, templates.heading) class="side">
                    <h2>{say!(l, templates.yours)}</h2>
                    <ul>
                        {move || own.get().iter().enumerate().map(|(at, text)| {
                            row(Open::Own(at), name_of(l, text))
                        }).collect_view()}
                    </ul>
                    {move || own.read().is_empty().then(|| view! {
                        <p class="hint">{say!(l, templates.none_yet)}</p>
                    })}
                    <Bring text open />
                    <h2>{say!(l, templates.built_in)}</h2>
                    <ul>
                        {note::BUILT_IN.iter().enumerate().map(|(at, text)| {
                            row(Open::BuiltIn(at), name_of(l, text))
                        }).collect_view()}
                    </ul>
                </nav>
                <Editor text open />
            </div>
        </main>
    }
}

#[component]
fn Editor(text: RwSignal<String>, open: RwSignal<Open>) -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let read = Memo::new(move |_| text.with(|text| Template::parse(text)));
    let built_in = move || matches!(open.get(), Open::BuiltIn(_));
    let mistakes = move || read.with(|read| read.as_ref().err().cloned().unwrap_or_default());
    let name = move || read.with(|read| read.as_ref().ok().map(|template| template.name.clone()));
    let taken = Memo::new(move |_| {
        let name = name()?;
        let own = driver.session.with(|session| session.settings.note.templates.clone());
        let here = open.get();
        let twice = own
            .iter()
            .enumerate()
            .any(|(at, other)| Open::Own(at) != here && name_of(l, other) == name);
        let built_in = note::BUILT_IN.iter().any(|other| name_of(l, other) == name);
        (!matches!(here, Open::BuiltIn(_)) && (twice || built_in)).then_some(name)
    });
    let unfit = move || name().is_none() || taken.get().is_some();
    let keep = move |_| {
        let kept = text.get_untracked();
        let mut settings = driver.session.with_untracked(|session| session.settings.clone());
        let at = match open.get_untracked() {
            Open::Own(at) if at < settings.note.templates.len() => at,
            Open::Own(_) | Open::New | Open::BuiltIn(_) => {
                settings.note.templates.push(String::new());
                settings.note.templates.len() - 1
            }
        };
        settings.note.templates[at] = kept;
        driver.write_settings(settings);
        open.set(Open::Own(at));
    };
    let copy = move |_| {
        let Some(name) = name() else { return };
        text.update(|text| *text = text.replacen(&format!("Template: {name}"), &format!("Template: My {name}"), 1));
        open.set(Open::New);
    };
    let delete = move |_| {
        let Open::Own(at) = open.get_untracked() else { return };
        let mut settings = driver.session.with_untracked(|session| session.settings.clone());
        if at < settings.note.templates.len() {
            settings.note.templates.remove(at);
            driver.write_settings(settings);
        }
        // The text stays in the editor, unkept: a slip costs nothing.
        open.set(Open::New);
    };
    let use_for_new = move |_| {
        let Some(name) = name() else { return };
        let mut settings = driver.session.with_untracked(|session| session.settings.clone());
        settings.note.template = name;
        driver.write_settings(settings);
    };
    let export = move |_| {
        let name = name().unwrap_or_else(|| "template".to_owned());
        let plain: String = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        text.with_untracked(|text| {
            download::save(
                &format!("{}.sotto-template.txt", plain.to_lowercase()),
                "text/plain;charset=utf-8",
                text.as_bytes(),
            );
        });
    };

    view! {
        <section class="editor" aria-labelledby="template-heading">
            <label id="template-heading" for="template-text">
                {move || name().unwrap_or_else(|| say!(l, templates.template).to_owned())}
            </label>
            <textarea
                id="template-text"
                class="code"
                data-test="template-text"
                lang=SPOKEN
                rows="24"
                spellcheck="false"
                autocomplete="off"
                readonly=built_in
                prop:value=text
                on:input:target=move |input| text.set(input.target().value())
            ></textarea>
            <div class="mistakes" role="status" data-test="template-mistakes">
                {move || mistakes().iter().map(|mistake| view! { <p>{mistake.told(l)}</p> }).collect_view()}
                {move || taken.get().map(|name| view! {
                    <p>{say!(l, templates.taken, name = name)}</p>
                })}
            </div>
            <div class="buttons">
                <Show when=move || matches!(open.get(), Open::Own(_))>
                    <button class="plain" data-test="template-delete" on:click=delete>
                        {say!(l, templates.delete)}
                    </button>
                </Show>
                <button data-test="template-export" disabled=move || name().is_none() on:click=export>
                    {say!(l, templates.save_file)}
                </button>
                <Show
                    when=built_in
                    fallback=move || view! {
                        <button class="primary" data-test="template-keep" disabled=unfit on:click=keep>
                            {say!(l, templates.keep)}
                        </button>
                    }
                >
                    <button data-test="template-copy" on:click=copy>{say!(l, templates.copy)}</button>
                </Show>
                <Show when=move || open.get() != Open::New>
                    <button data-test="template-default" disabled=unfit on:click=use_for_new>
                        {say!(l, templates.use_for_new)}
                    </button>
                </Show>
            </div>
        </section>
    }
}

/// From a file, or from a note that is as notes should be.
#[component]
fn Bring(text: RwSignal<String>, open: RwSignal<Open>) -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let example = RwSignal::new(String::new());
    let refused = RwSignal::new(None::<String>);
    let read_file = move |event| {
        let Some(chosen) = file::chosen_text(&event) else {
            return;
        };
        spawn_local(async move {
            match chosen.read(note::LARGEST_TEMPLATE).await {
                Ok(read) => {
                    text.set(read);
                    open.set(Open::New);
                }
                Err(why) => driver.apply(Event::Noticed(Notice::File(why))),
            }
        });
    };
    let make = move |_| match example.with_untracked(|example| Template::from_example(example)) {
        Ok(template) => {
            refused.set(None);
            example.set(String::new());
            text.set(template.to_string());
            open.set(Open::New);
        }
        Err(why) => refused.set(Some(why.told(l))),
    };

    view! {
        <div class="bring">
            <label class="button">
                <span>{say!(l, templates.open_file)}</span>
                <input class="sr" type="file" accept=".txt,text/plain" data-test="template-file" on:change=read_file />
            </label>
            <details>
                <summary>{say!(l, templates.from_example)}</summary>
                <label for="example">{say!(l, templates.example)}</label>
                <textarea
                    id="example"
                    rows="8"
                    data-test="template-example"
                    autocomplete="off"
                    prop:value=example
                    on:input:target=move |input| example.set(input.target().value())
                ></textarea>
                <p class="refusal" role="alert">{refused}</p>
                <button data-test="template-from-example" on:click=make>{say!(l, templates.make)}</button>
                <p class="hint">{say!(l, templates.example_hint)}</p>
            </details>
        </div>
    }
}

/// Back to the visits.
#[component]
pub fn Back() -> impl IntoView {
    let l = expect_context::<Driver>().locale();
    let place = expect_context::<RwSignal<Place>>();
    view! {
        <button class="plain" data-test="back" on:click=move |_| place.set(Place::Visits)>
            {say!(l, templates.back)}
        </button>
    }
}

fn name_of(l: Locale, text: &str) -> String {
    Template::parse(text).map_or_else(|_| say!(l, templates.mistaken).to_owned(), |template| template.name)
}
