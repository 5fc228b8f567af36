use language::say;
use leptos::prelude::*;
use vault::RecordId;

use crate::browser::{awake, clock, window};
use crate::components::Keys;
use crate::driver::Driver;
use crate::pages::{
    Audit, FirstRun, LawsPage, Models, SettingsPage, Templates, Unlock, Unusable, VisitPage, Visits, VocabularyPage,
};
use crate::session::{Session, Vault};

/// Where the clinician is while no visit is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    #[default]
    Visits,
    Settings,
    Templates,
    Vocabulary,
    Models,
    Audit,
    Laws,
}

/// Which screen the session calls for.
#[derive(Clone, Copy, PartialEq)]
enum Screen {
    Blank,
    FirstRun,
    Unlock,
    Unusable,
    Place(Place),
    Visit(RecordId),
}

#[component]
pub fn App() -> impl IntoView {
    let driver = Driver::start();
    provide_context(driver);
    let place = RwSignal::new(Place::default());
    provide_context(place);

    // These reach outside of the page: the tab's title and icon, the device that stays awake, its keys, and the browser's
    // question before it closes. Memos, so that nothing is asked of the browser anew with every event.
    let records = Memo::new(move |_| driver.session.with(Session::is_recording));
    let paused = Memo::new(move |_| driver.session.with(Session::is_paused));
    Effect::new(move |_| {
        let l = driver.language.get();
        window::set_title(if records.get() {
            say!(l, status.recording_title)
        } else {
            "Sotto"
        });
    });
    Effect::new(move |_| awake::stay_awake(records.get()));
    Effect::new(move |_| {
        awake::show_media_state(match (records.get(), paused.get()) {
            (true, _) => "playing",
            (false, true) => "paused",
            (false, false) => "none",
        });
    });
    Effect::new(move |_| window::guard_leaving(driver.session.with(Session::holds_unsaved)));

    // A memo, so that a screen is built anew only when it is another one.
    let screen = Memo::new(move |_| driver.session.with(|session| screen(session, place.get())));
    // Whoever comes back to a locked vault, or from a visit, begins at the list.
    Effect::new(move |_| {
        if !matches!(screen.get(), Screen::Place(_)) {
            place.set(Place::default());
        }
    });
    // From the start of loading until there is something to press; in the browser's own list of measurements.
    let is_up = Memo::new(move |_| screen.get() != Screen::Blank);
    Effect::new(move |_| {
        if is_up.get() {
            clock::measured("up", 0.0);
        }
    });
    // Another language is another screen: what was built says what it said.
    Effect::new(move |_| window::set_language(language::tag(driver.language.get())));
    let shown = move || match (driver.language.get(), screen.get()).1 {
        Screen::Blank => ().into_any(),
        Screen::FirstRun => view! { <FirstRun /> }.into_any(),
        Screen::Unlock => view! { <Unlock /> }.into_any(),
        Screen::Unusable => view! { <Unusable /> }.into_any(),
        Screen::Place(Place::Visits) => view! { <Visits /> }.into_any(),
        Screen::Place(Place::Settings) => view! { <SettingsPage /> }.into_any(),
        Screen::Place(Place::Templates) => view! { <Templates /> }.into_any(),
        Screen::Place(Place::Vocabulary) => view! { <VocabularyPage /> }.into_any(),
        Screen::Place(Place::Models) => view! { <Models /> }.into_any(),
        Screen::Place(Place::Laws) => view! { <LawsPage /> }.into_any(),
        Screen::Place(Place::Audit) => view! { <Audit /> }.into_any(),
        Screen::Visit(_) => view! { <VisitPage /> }.into_any(),
    };
    view! {
        {shown}
        <Keys />
    }
}

fn screen(session: &Session, place: Place) -> Screen {
    match (&session.vault, &session.desk) {
        (Vault::Unread, _) => Screen::Blank,
        (Vault::Absent { .. } | Vault::Creating, _) => Screen::FirstRun,
        (Vault::Locked { .. } | Vault::Unlocking, _) => Screen::Unlock,
        (Vault::Unusable(_), _) => Screen::Unusable,
        (Vault::Open, None) => Screen::Place(place),
        (Vault::Open, Some(desk)) => Screen::Visit(desk.id),
    }
}
