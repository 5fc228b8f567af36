use wasm_bindgen::JsValue;

/// Seconds since 1970-01-01 00:00 UTC.
pub fn now() -> u64 {
    (js_sys::Date::now() / 1_000.0) as u64
}

/// Milliseconds that never run backwards.
pub fn monotonic() -> f64 {
    super::window::window()
        .performance()
        .map(|performance| performance.now())
        .unwrap_or_default()
}

pub async fn sleep(milliseconds: u32) {
    gloo_timers::future::TimeoutFuture::new(milliseconds).await;
}

/// Lets the browser show what was changed before the page is busy for a while.
pub async fn let_paint() {
    sleep(60).await;
}

/// Calls back every second for as long as the page lives.
pub fn every_second(tick: impl Fn() + 'static) {
    gloo_timers::callback::Interval::new(1_000, tick).forget();
}

/// `21 Dec, 14:00` in local time.
pub fn day_and_time(unix: u64) -> String {
    format(
        unix,
        &[
            ("day", "numeric"),
            ("month", "short"),
            ("hour", "2-digit"),
            ("minute", "2-digit"),
        ],
    )
}

/// `Sunday 21 December` in local time.
pub fn day(unix: u64) -> String {
    format(unix, &[("weekday", "long"), ("day", "numeric"), ("month", "long")])
}

/// `14:00` in local time.
pub fn time_of_day(unix: u64) -> String {
    format(unix, &[("hour", "2-digit"), ("minute", "2-digit")])
}

/// `2026-12-21-1400` in local time, for file names.
pub fn stamp(unix: u64) -> String {
    let date = date(unix);
    let (year, month, day) = (date.get_full_year(), date.get_month() + 1, date.get_date());
    format!(
        "{year}-{month:02}-{day:02}-{:02}{:02}",
        date.get_hours(),
        date.get_minutes()
    )
}

fn date(unix: u64) -> js_sys::Date {
    js_sys::Date::new(&JsValue::from_f64(unix as f64 * 1_000.0))
}

/// The interface is in English with 24-hour times, so its dates are too.
fn format(unix: u64, parts: &[(&str, &str)]) -> String {
    let options = js_sys::Object::new();
    for (name, value) in parts {
        // Setting a property of a fresh plain object cannot fail.
        let _ = js_sys::Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    date(unix).to_locale_string("en-GB", &options).into()
}
