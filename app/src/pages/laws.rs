use language::{SPOKEN, say};
use leptos::prelude::*;

use super::settings::change;
use super::templates::Back;
use crate::components::{Bar, Messages, text};
use crate::driver::Driver;
use crate::law::{Law, Laws, Rule};
use crate::words::Told;

/// The recording laws that the consent screen goes by, and the clinic's own lines.
#[component]
pub fn LawsPage() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let own = Memo::new(move |_| driver.session.with(|session| session.settings.own_laws.clone()));
    let laws = Memo::new(move |_| Laws::stored(&own.read()));
    let mistake = RwSignal::new(String::new());
    let write = move |lines: String| match Laws::with(&lines) {
        Ok(_) => {
            mistake.set(String::new());
            change(driver, |settings| settings.own_laws = lines);
        }
        Err(why) => mistake.set(why.told(l)),
    };
    let row = move |law: &Law| {
        let rule = match law.rule {
            Rule::All => say!(l, law.rule_all),
            Rule::One => say!(l, law.rule_party),
        };
        let name = law.name.clone();
        let name = if law.own {
            say!(l, law.own_name, name = name)
        } else {
            name
        };
        view! {
            <tr>
                <td>{name}</td>
                <td>{rule}</td>
                <td lang=SPOKEN>{law.source.clone()}</td>
                <td lang=SPOKEN>{law.note.clone()}</td>
            </tr>
        }
    };
    view! {
        <Bar />
        <main class="sheet">
            <header class="head">
                <Back />
                <h1>{say!(l, law.heading)}</h1>
            </header>
            <Messages />
            <p data-test="laws-as-of">
                {text(move || say!(l, law.intro, day = laws.read().as_of.clone()))}
            </p>
            <section class="group" aria-labelledby="own-heading">
                <h2 id="own-heading">{say!(l, law.own_lines)}</h2>
                <label>
                    <span class="hint">{say!(l, law.own_hint)}</span>
                    <textarea
                        class="code" rows="3" data-test="laws-own" prop:value=own
                        on:change:target=move |area| write(area.target().value())
                    ></textarea>
                </label>
                <p class="refusal" role="alert" data-test="laws-mistake">{text(move || mistake.get())}</p>
            </section>
            <div class="table" role="region" aria-label=say!(l, law.heading) tabindex="0">
                <table data-test="laws">
                    <thead>
                        <tr>
                            {[say!(l, law.state), say!(l, law.who), say!(l, law.source), say!(l, law.what_else)]
                                .map(|name| view! { <th scope="col">{name}</th> })}
                        </tr>
                    </thead>
                    <tbody>{move || laws.read().states.iter().map(row).collect_view()}</tbody>
                </table>
            </div>
            <section class="group" aria-labelledby="ai-heading">
                <h2 id="ai-heading">{say!(l, law.ai)}</h2>
                <ul>
                    {move || {
                        let item = |(code, asks): &(String, String)| view! { <li>{format!("{code}: {asks}")}</li> };
                        laws.read().ai.iter().map(item).collect_view()
                    }}
                </ul>
            </section>
        </main>
    }
}
