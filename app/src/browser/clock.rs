use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use language::Locale;
use wasm_bindgen::{JsCast, JsValue};

/// Seconds since 1970-01-01 00:00 UTC.
pub fn now() -> u64 {
    (js_sys::Date::now() / 1_000.0) as u64
}

/// Now, by both clocks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Instant {
    /// Seconds since 1970-01-01 00:00 UTC.
    pub wall: u64,
    /// Milliseconds that never run backwards.
    pub monotonic: f64,
}

pub fn moment() -> Instant {
    Instant {
        wall: now(),
        monotonic: monotonic(),
    }
}

/// Milliseconds that never run backwards.
pub fn monotonic() -> f64 {
    let performance = js_sys::Reflect::get(&js_sys::global(), &"performance".into());
    performance
        .map(|performance| performance.unchecked_into::<web_sys::Performance>().now())
        .unwrap_or_default()
}

/// Enters into the browser's own list of measurements how long something took that began at `from` on the monotonic clock.
pub fn measured(name: &str, from: f64) {
    let performance = js_sys::Reflect::get(&js_sys::global(), &"performance".into()).unwrap_or_default();
    let options = js_sys::Object::new();
    let set = js_sys::Reflect::set(&options, &"start".into(), &from.into());
    let measure =
        js_sys::Reflect::get(&performance, &"measure".into()).and_then(|it| it.dyn_into::<js_sys::Function>());
    if let (Ok(_), Ok(measure)) = (set, measure) {
        // A browser without such a list loses a measurement and nothing else.
        let _ = measure.call2(&performance, &name.into(), &options);
    }
}

pub async fn sleep(milliseconds: u32) {
    gloo_timers::future::TimeoutFuture::new(milliseconds).await;
}

/// What the work gives, unless it takes longer than this.
pub async fn within<T>(milliseconds: u32, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut over = pin!(sleep(milliseconds));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => over.as_mut().poll(context).map(|()| None),
    })
    .await
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
pub fn day_and_time(l: Locale, unix: u64) -> String {
    format(
        l,
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
pub fn day(l: Locale, unix: u64) -> String {
    format(l, unix, &[("weekday", "long"), ("day", "numeric"), ("month", "long")])
}

/// `14:00` in local time.
pub fn time_of_day(l: Locale, unix: u64) -> String {
    format(l, unix, &[("hour", "2-digit"), ("minute", "2-digit")])
}

/// Minutes by which local time was ahead of UTC then.
pub fn offset(unix: u64) -> i16 {
    -date(unix).get_timezone_offset() as i16
}

/// `2026-12-21-1400` in local time, for file names.
pub fn stamp(unix: u64) -> String {
    digits(unix, '-', "")
}

/// `2026-12-21 14:00` in local time, for what is read elsewhere.
pub fn date_and_time(unix: u64) -> String {
    digits(unix, ' ', ":")
}

fn digits(unix: u64, before_time: char, in_time: &str) -> String {
    let date = date(unix);
    let (year, month, day) = (date.get_full_year(), date.get_month() + 1, date.get_date());
    let (hours, minutes) = (date.get_hours(), date.get_minutes());
    format!("{year}-{month:02}-{day:02}{before_time}{hours:02}{in_time}{minutes:02}")
}

fn date(unix: u64) -> js_sys::Date {
    js_sys::Date::new(&JsValue::from_f64(unix as f64 * 1_000.0))
}

/// What a moment is written with: a browser needs far longer to make one than to use it.
struct Format {
    language: Locale,
    parts: Parts,
    /// Minutes to UTC when it was made: a format stays in the time zone that the device was in then.
    zone: f64,
    write: js_sys::Function,
}

/// Names of parts of a date, each with how it is written.
type Parts = &'static [(&'static str, &'static str)];

thread_local! {
    static FORMATS: RefCell<Vec<Format>> = const { RefCell::new(Vec::new()) };
}

/// As the interface's language writes it; English with 24-hour times.
fn format(language: Locale, unix: u64, parts: Parts) -> String {
    let zone = js_sys::Date::new_0().get_timezone_offset();
    let moment = JsValue::from(unix as f64 * 1_000.0);
    FORMATS.with_borrow_mut(|formats| {
        let same = |made: &Format| made.language == language && made.parts == parts && made.zone == zone;
        let known = formats.iter().position(same).unwrap_or_else(|| {
            let write = format_of(language, parts);
            formats.push(Format {
                language,
                parts,
                zone,
                write,
            });
            formats.len() - 1
        });
        let written = formats[known].write.call1(&JsValue::NULL, &moment);
        written.ok().and_then(|text| text.as_string()).unwrap_or_default()
    })
}

fn format_of(language: Locale, parts: Parts) -> js_sys::Function {
    let options = js_sys::Object::new();
    for (name, value) in parts {
        // Setting a property of a fresh plain object cannot fail.
        let _ = js_sys::Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    let tag = match language {
        Locale::en => "en-GB",
        Locale::es | Locale::de => language::tag(language),
    };
    js_sys::Intl::DateTimeFormat::new(&js_sys::Array::of1(&tag.into()), &options).format()
}
