use language::{Locale, say};
use leptos::prelude::*;
use leptos::task::spawn_local;
use speech::protocol::Backend;

use crate::driver::Driver;
use crate::keeper::protocol::{Answer, Request, Way};
use crate::session::{EngineState, Session};

/// Pages beside this one, which need no passphrase: what can be checked here, and what is printed for a practice.
fn papers(l: Locale) -> [(&'static str, &'static str); 7] {
    [
        ("prove", say!(l, papers.prove)),
        ("answers", say!(l, papers.answers)),
        ("checklist", say!(l, papers.checklist)),
        ("risk", say!(l, papers.risk)),
        ("notice", say!(l, papers.notice)),
        ("guide", say!(l, papers.guide)),
        ("lost", say!(l, papers.lost)),
    ]
}

/// The file of a page beside the app, in a language.
pub fn page(l: Locale, name: &str) -> String {
    match l {
        Locale::en => format!("{name}.html"),
        Locale::es | Locale::de => format!("{name}.{}.html", language::tag(l)),
    }
}

/// Links to the papers; the settings of this vault go along behind the address's #, which no browser sends.
#[component]
pub fn Papers() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let ways = RwSignal::new(Vec::<Way>::new());
    spawn_local(async move {
        if let Ok(Answer::Ways(found)) = driver.ask(Request::Ways).await {
            ways.set(found.ways);
        }
    });
    let given = Memo::new(move |_| driver.session.with(|session| ways.with(|ways| given(session, ways))));
    view! {
        <section class="group" aria-labelledby="papers-heading">
            <h2 id="papers-heading">{say!(l, papers.heading)}</h2>
            <ul>
                {papers(l).map(|(paper, name)| {
                    let address = move || format!("{}#{}", page(l, paper), given.read());
                    view! {
                        <li>
                            <a href=address target="_blank" rel="noopener" data-test=format!("{paper}.html")>{name}</a>
                        </li>
                    }
                })}
            </ul>
        </section>
    }
}

/// The values under the names that `papers.js` fills in; every one of them is made of letters, digits and hyphens.
fn given(session: &Session, ways: &[Way]) -> String {
    let settings = &session.settings;
    let yes = |is: bool| if is { "yes" } else { "no" };
    let mut given = format!(
        "note_days={}&transcript_days={}&audit_days={}&idle_minutes={}&lock_when_hidden={}&recovery={}",
        settings.retention.note_days,
        settings.retention.transcript_days,
        settings.retention.audit_days,
        settings.idle_minutes,
        yes(settings.lock_when_hidden),
        if ways.iter().any(|way| matches!(way, Way::Recovery)) {
            "made"
        } else {
            "not-made"
        },
    );
    if let EngineState::Ready(engine) = &session.engine.state {
        let backend = match engine.backend {
            Backend::WebGpu => "GPU",
            Backend::Cpu => "CPU",
        };
        given += &format!(
            "&backend={backend}&model={}&demonstration={}",
            engine.model,
            yes(engine.demonstration)
        );
    }
    given
}
