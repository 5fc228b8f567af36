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

const DAY: u64 = 24 * 3_600;

/// What is read to the patient. It names the artificial intelligence, as some states ask.
const SCRIPT: &str = "“May I record our conversation? An artificial intelligence program on this device writes down what \
                      we say and drafts my note, and I check every line. The recording stays on this device, encrypted, \
                      and is deleted. You can say no, and you can stop me at any time; your care is the same.”";

/// Before the microphone opens: where everybody is, what the law asks there, who agreed, and how.
#[component]
pub fn AskConsent() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let settings = driver.session.with_untracked(|session| session.settings.clone());
    let laws = StoredValue::new(Laws::stored(&settings.own_laws));
    let (patient, clinician) = (RwSignal::new(settings.patient_in), RwSignal::new(settings.clinician_in));
    let told = Memo::new(move |_| laws.with_value(|laws| told(laws, &patient.read(), &clinician.read())));
    let by = RwSignal::new(0);
    let said = RwSignal::new(None::<Result<String, String>>);
    let note = move |how: How| {
        let kept = driver
            .session
            .with_untracked(|session| Some((session.desk.as_ref()?.id, session.settings.clone())));
        let Some((visit, settings)) = kept else { return };
        let (by, who) = By::ALL[by.get_untracked().min(By::ALL.len() - 1)];
        let at = clock::now();
        let consent = Consent {
            visit: visit.to_string(),
            at,
            by,
            how,
            law: told.get_untracked(),
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
            let how = match how {
                How::Spoken => "agreed, spoken",
                How::Written => "agreed in writing",
                How::Declined => "declined",
            };
            said.set(Some(match driver.ask(request).await {
                Ok(_) => {
                    window::focus("record");
                    Ok(format!("{who} {how}, at {}. Noted.", clock::time_of_day(at)))
                }
                Err(why) => Err(why.to_string()),
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
                    {laws.with_value(places).into_iter().map(option).collect_view()}
                </select>
            </label>
        }
    };
    view! {
        <section class="consent" aria-labelledby="consent-heading">
            <h2 id="consent-heading">"Consent to the recording"</h2>
            <Show when=move || !matches!(said.get(), Some(Ok(_)))>
                <p class="script" data-test="consent-script">{SCRIPT}</p>
                {place("The patient is in", "consent-patient", patient)}
                {place("The clinician is in", "consent-clinician", clinician)}
                <p class="hint" data-test="consent-law">{text(move || told.get())}</p>
                <label class="field">
                    <span>"Who agrees"</span>
                    <select
                        data-test="consent-by"
                        on:change:target=move |change| by.set(change.target().selected_index().max(0) as usize)
                    >
                        {By::ALL.map(|(_, who)| view! { <option>{who}</option> }).collect_view()}
                    </select>
                </label>
                <div class="buttons start">
                    <button data-test="consent-spoken" on:click=move |_| note(How::Spoken)>"Agreed, spoken"</button>
                    <button data-test="consent-written" on:click=move |_| note(How::Written)>"Agreed in writing"</button>
                    <button data-test="consent-declined" on:click=move |_| note(How::Declined)>"Declined"</button>
                </div>
            </Show>
            <p role="status" data-test="consent-said">
                {text(move || said.get().map_or_else(String::new, |said| said.unwrap_or_else(|why| why)))}
            </p>
            <Show when=move || matches!(said.get(), Some(Ok(_)))>
                <button class="plain" data-test="consent-again" on:click=move |_| said.set(None)>"Ask again"</button>
            </Show>
        </section>
    }
}

/// What can be chosen: codes and names.
fn places(laws: &Laws) -> Vec<(String, String)> {
    let place = |code: &str, name: &str| (code.to_owned(), name.to_owned());
    let states = laws.states.iter().filter(|law| law.code != "US");
    let mut places = vec![place("", "Not chosen")];
    places.extend(states.map(|law| place(&law.code, &law.name)));
    places.push(place(ELSEWHERE, "Elsewhere"));
    places
}

/// The law in a sentence, and what is to be said of artificial intelligence.
fn told(laws: &Laws, patient: &str, clinician: &str) -> String {
    if patient.is_empty() || clinician.is_empty() {
        return "Choose where you both are, and the stricter recording law is shown here.".to_owned();
    }
    let mut told = vec![laws.told(patient, clinician)];
    told.extend(laws.tellings([patient, clinician]));
    told.push(format!("As of {}; not legal advice.", laws.as_of));
    told.join(" ")
}
