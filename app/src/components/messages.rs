use language::say;
use leptos::prelude::*;

use crate::browser::clock;
use crate::driver::Driver;
use crate::session::{EngineState, Event, Notice, Vault};
use crate::words::{self, Told};

/// What must be said now. The region is always there, so that what appears in it is read out.
#[component]
pub fn Messages() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let l = driver.locale();
    let notice = Memo::new(move |_| {
        driver
            .session
            .with(|session| session.notice.as_ref().map(|notice| notice.told(l)))
    });
    let of_clock = Memo::new(move |_| {
        driver.session.with(|session| {
            session.vault == Vault::Open && matches!(session.notice, Some(Notice::ClockBack | Notice::PurgeHeld))
        })
    });
    let failure = Memo::new(move |_| {
        driver
            .session
            .with(|session| words::engine_failure(l, &session.engine.state))
    });
    let in_memory = Memo::new(move |_| {
        driver.session.with(|session| {
            let desk = session.desk.as_ref()?;
            let why = desk.sound.trouble?;
            let matters = desk.recorder.is_active() || !session.engine.is_idle();
            matters.then(|| words::sound_in_memory(l, why, desk.sound.seconds()))
        })
    });
    let silent = Memo::new(move |_| {
        driver
            .session
            .with(|session| session.desk.as_ref().is_some_and(|d| d.no_sound))
    });
    let demonstration = Memo::new(move |_| {
        driver
            .session
            .with(|session| matches!(&session.engine.state, EngineState::Ready(e) if e.demonstration))
    });

    view! {
        <div class="messages" role="alert">
            {move || notice.get().map(|text| view! {
                <div class="message" data-test="message">
                    <p>{text}</p>
                    {of_clock.get_untracked().then(|| view! {
                        <button data-test="confirm-clock" on:click=move |_| driver.confirm_clock()>
                            {say!(l, shell.clock_is_right, now = clock::date_and_time(clock::now()))}
                        </button>
                    })}
                    <button class="plain" data-test="dismiss" on:click=move |_| driver.apply(Event::NoticeRead)>
                        {say!(l, shell.dismiss)}
                    </button>
                </div>
            })}
            {move || failure.get().map(|text| view! {
                <div class="message" data-test="engine-failure">
                    <p>{text}</p>
                    <button data-test="engine-retry" on:click=move |_| driver.apply(Event::EngineRetry)>
                        {say!(l, shell.try_again)}
                    </button>
                </div>
            })}
            {move || in_memory.get().map(|text| view! {
                <div class="message" data-test="in-memory"><p>{text}</p></div>
            })}
            {move || silent.get().then(|| view! {
                <div class="message" data-test="no-sound">
                    <p>{say!(l, shell.no_sound)}</p>
                </div>
            })}
        </div>
        {move || demonstration.get().then(|| view! {
            <p class="caution" data-test="demonstration">
                {say!(l, shell.demonstration)}
            </p>
        })}
    }
}
