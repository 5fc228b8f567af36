use language::{Locale, say};
use leptos::prelude::*;
use leptos::task::spawn_local;
use note::Template;

use super::settings::change;
use crate::browser::{clock, window};
use crate::components::text;
use crate::consent::{By, Consent, How};
use crate::driver::Driver;
use crate::keeper::protocol::Request;
use crate::law::{ELSEWHERE, Laws};
use crate::session::{Edit, Event};
use crate::words::Told;

const DAY: u64 = 24 * 3_600;

/// Before the microphone opens: where everybody is, what the law asks there, who agreed, and how.
#[component]
pub fn AskConsent() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let settings = driver.session.with_untracked(|session| session.settings.clone());
    let laws = StoredValue::new(Laws::stored(&settings.own_laws));
    let (patient, clinician) = (RwSignal::new(settings.patient_in), RwSignal::new(settings.clinician_in));
    let told = move |l: Locale| laws.with_value(|laws| told(l, laws, &patient.read(), &clinician.read()));
    let law = Memo::new(move |_| told(l));
    let by = RwSignal::new(0);
    let said = RwSignal::new(None::<Result<String, String>>);
    let note = move |how: How| {
        let kept = driver
            .session
            .with_untracked(|session| Some((session.desk.as_ref()?.id, session.settings.clone())));
        let Some((visit, settings)) = kept else { return };
        let by = By::ALL[by.get_untracked().min(By::ALL.len() - 1)];
        let at = clock::now();
        let consent = Consent {
            visit: visit.to_string(),
            at,
            by,
            how,
            law: untrack(|| told(Locale::en)),
        };
        let expires_at = (at + u64::from(settings.retention.consent_days) * DAY).next_multiple_of(3_600);
        let request = Request::KeepConsent {
            visit: visit.into(),
            consent,
            expires_at,
        };
        // Who is not to be recorded is not: what is dictated afterwards is the note.
        let declined = how == How::Declined;
        let dictated = declined.then(|| Template::built_in().into_iter().find(|template| template.dictated));
        let template = dictated.flatten().unwrap_or_else(|| settings.note.template());
        driver.apply(Event::Edited(Edit::Declined(declined, Box::new(template))));
        spawn_local(async move {
            said.set(Some(match driver.ask(request).await {
                Ok(_) => {
                    window::focus("record");
                    Ok(noted(l, by, how, at))
                }
                Err(why) => Err(why.told(l)),
            }));
        });
    };
    let place = move |name: &'static str, test: &'static str, whose: RwSignal<String>| {
        let choose = move |code: String| {
            whose.set(code);
            change(driver, |settings| {
                settings.patient_in = patient.get_untracked();
                settings.clinician_in = clinician.get_untracked();
            });
        };
        let option = move |(code, name): (String, String)| {
            let selected = code == *whose.read_untracked();
            view! { <option value=code selected=selected>{name}</option> }
        };
        view! {
            <label class="field">
                <span>{name}</span>
                <select data-test=test on:change:target=move |change| choose(change.target().value())>
                    {laws.with_value(|laws| places(l, laws)).into_iter().map(option).collect_view()}
                </select>
            </label>
        }
    };
    view! {
        <section class="consent" aria-labelledby="consent-heading">
            <h2 id="consent-heading">{say!(l, consent.heading)}</h2>
            <Show when=move || !matches!(said.get(), Some(Ok(_)))>
                // It names the artificial intelligence, as some states ask.
                <p class="script" data-test="consent-script">{say!(l, consent.script)}</p>
                {place(say!(l, consent.patient_in), "consent-patient", patient)}
                {place(say!(l, consent.clinician_in), "consent-clinician", clinician)}
                <p class="hint" data-test="consent-law">{text(move || law.get())}</p>
                <label class="field">
                    <span>{say!(l, consent.who)}</span>
                    <select
                        data-test="consent-by"
                        on:change:target=move |change| by.set(change.target().selected_index().max(0) as usize)
                    >
                        {By::ALL.map(|by| view! { <option>{by.name(l)}</option> }).collect_view()}
                    </select>
                </label>
                <div class="buttons start">
                    <button data-test="consent-spoken" on:click=move |_| note(How::Spoken)>
                        {say!(l, consent.spoken)}
                    </button>
                    <button data-test="consent-written" on:click=move |_| note(How::Written)>
                        {say!(l, consent.written)}
                    </button>
                    <button data-test="consent-declined" on:click=move |_| note(How::Declined)>
                        {say!(l, consent.declined)}
                    </button>
                </div>
            </Show>
            <p role="status" data-test="consent-said">
                {text(move || said.get().map_or_else(String::new, |said| said.unwrap_or_else(|why| why)))}
            </p>
            <Show when=move || matches!(said.get(), Some(Ok(_)))>
                <button class="plain" data-test="consent-again" on:click=move |_| said.set(None)>
                    {say!(l, consent.ask_again)}
                </button>
            </Show>
        </section>
    }
}

/// Who decided what, and when.
fn noted(l: Locale, by: By, how: How, at: u64) -> String {
    let (who, time) = (by.name(l), clock::time_of_day(l, at));
    match how {
        How::Spoken => say!(l, consent.noted_spoken, who = who, time = time),
        How::Written => say!(l, consent.noted_written, who = who, time = time),
        How::Declined => say!(l, consent.noted_declined, who = who, time = time),
    }
}

/// What can be chosen: codes and names.
fn places(l: Locale, laws: &Laws) -> Vec<(String, String)> {
    let place = |code: &str, name: &str| (code.to_owned(), name.to_owned());
    let states = laws.states.iter().filter(|law| law.code != "US");
    let mut places = vec![place("", say!(l, consent.not_chosen))];
    places.extend(states.map(|law| place(&law.code, &law.name)));
    places.push(place(ELSEWHERE, say!(l, consent.elsewhere)));
    places
}

/// The law in a sentence, and what is to be said of artificial intelligence.
fn told(l: Locale, laws: &Laws, patient: &str, clinician: &str) -> String {
    if patient.is_empty() || clinician.is_empty() {
        return say!(l, consent.choose).to_owned();
    }
    let mut told = vec![laws.told(l, patient, clinician)];
    told.extend(laws.tellings([patient, clinician]));
    told.push(say!(l, consent.as_of, day = laws.as_of.clone()));
    told.join(" ")
}
