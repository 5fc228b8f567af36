use leptos::prelude::*;
use vault::RecordId;

use crate::browser::window;
use crate::driver::Driver;
use crate::pages::{FirstRun, Unlock, Unusable, VisitPage, Visits};
use crate::session::{Session, Vault};

/// Which screen the session calls for.
#[derive(Clone, Copy, PartialEq)]
enum Screen {
    Blank,
    FirstRun,
    Unlock,
    Unusable,
    Visits,
    Visit(RecordId),
}

#[component]
pub fn App() -> impl IntoView {
    let driver = Driver::start();
    provide_context(driver);

    // Both reach outside of the page: the tab's title, and the browser's question before it closes.
    Effect::new(move |_| {
        let recording = driver.session.with(Session::is_recording);
        window::set_title(if recording { "● Recording – Sotto" } else { "Sotto" });
    });
    Effect::new(move |_| window::guard_leaving(driver.session.with(Session::holds_unsaved)));

    // A memo, so that a screen is built anew only when it is another one.
    let screen = Memo::new(move |_| driver.session.with(screen));
    move || match screen.get() {
        Screen::Blank => ().into_any(),
        Screen::FirstRun => view! { <FirstRun /> }.into_any(),
        Screen::Unlock => view! { <Unlock /> }.into_any(),
        Screen::Unusable => view! { <Unusable /> }.into_any(),
        Screen::Visits => view! { <Visits /> }.into_any(),
        Screen::Visit(_) => view! { <VisitPage /> }.into_any(),
    }
}

fn screen(session: &Session) -> Screen {
    match (&session.vault, &session.desk) {
        (Vault::Unread, _) => Screen::Blank,
        (Vault::Absent { .. } | Vault::Creating, _) => Screen::FirstRun,
        (Vault::Locked { .. } | Vault::Unlocking, _) => Screen::Unlock,
        (Vault::Unusable, _) => Screen::Unusable,
        (Vault::Open, None) => Screen::Visits,
        (Vault::Open, Some(desk)) => Screen::Visit(desk.id),
    }
}
