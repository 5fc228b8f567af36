use language::say;
use leptos::prelude::*;

use crate::driver::Driver;

/// How loud it is right now. It is data and no decoration: it moves only when sound does.
#[component]
pub fn Level() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let level = move || driver.meter.with(|meter| meter.level);
    view! {
        <div
            class="level"
            data-test="level"
            role="meter"
            aria-label=say!(driver.locale(), visit.loudness)
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=move || format!("{:.0}", level() * 100.0)
        >
            <span class="fill" style=("--level", move || format!("{:.3}", level()))></span>
        </div>
    }
}
