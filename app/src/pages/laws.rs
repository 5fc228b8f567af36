use leptos::prelude::*;

use super::settings::change;
use super::templates::Back;
use crate::components::{Bar, Messages, text};
use crate::driver::Driver;
use crate::law::{Law, Laws, Rule};

/// The recording laws that the consent screen goes by, and the clinic's own lines.
#[component]
pub fn LawsPage() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let own = Memo::new(move |_| driver.session.with(|session| session.settings.own_laws.clone()));
    let laws = Memo::new(move |_| Laws::stored(&own.read()));
    let mistake = RwSignal::new(String::new());
    let write = move |lines: String| match Laws::with(&lines) {
        Ok(_) => {
            mistake.set(String::new());
            change(driver, |settings| settings.own_laws = lines);
        }
        Err(why) => mistake.set(why),
    };
    let row = |law: &Law| {
        let rule = match law.rule {
            Rule::All => "everyone",
            Rule::One => "one party",
        };
        let name = format!("{}{}", law.name, if law.own { " (your own line)" } else { "" });
        view! {
            <tr>
                <td>{name}</td>
                <td>{rule}</td>
                <td>{law.source.clone()}</td>
                <td>{law.note.clone()}</td>
            </tr>
        }
    };
    view! {
        <Bar />
        <main class="sheet">
            <header class="head">
                <Back />
                <h1>"Recording laws"</h1>
            </header>
            <Messages />
            <p data-test="laws-as-of">
                {text(move || format!(
                    "Who must agree to a recording, as of {}. These are facts with their sources and not legal advice: laws \
                     change, and your counsel knows your practice.",
                    laws.read().as_of,
                ))}
            </p>
            <section class="group" aria-labelledby="own-heading">
                <h2 id="own-heading">"Your own lines"</h2>
                <label>
                    <span class="hint">
                        "A line for a state takes the place of the one below. For example: TX Texas | all | Letter of our \
                         counsel, 3 March | Ask in writing."
                    </span>
                    <textarea
                        class="code" rows="3" data-test="laws-own" prop:value=own
                        on:change:target=move |area| write(area.target().value())
                    ></textarea>
                </label>
                <p class="refusal" role="alert" data-test="laws-mistake">{text(move || mistake.get())}</p>
            </section>
            <div class="table" role="region" aria-label="Recording laws" tabindex="0">
                <table data-test="laws">
                    <thead>
                        <tr>{["State", "Who must agree", "Source", "What else"].map(|name| view! { <th scope="col">{name}</th> })}</tr>
                    </thead>
                    <tbody>{move || laws.read().states.iter().map(row).collect_view()}</tbody>
                </table>
            </div>
            <section class="group" aria-labelledby="ai-heading">
                <h2 id="ai-heading">"Telling patients of artificial intelligence"</h2>
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
