use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Function, Reflect};
use language::Locale;
use speech::protocol::BackendChoice;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};

pub(super) fn window() -> web_sys::Window {
    web_sys::window().expect("the page runs in a window")
}

fn document() -> web_sys::Document {
    window().document().expect("a window of a page has a document")
}

/// `?backend=webgpu` or `?backend=cpu`; anything else leaves the choice to Sotto.
pub fn backend_choice() -> BackendChoice {
    let query = window().location().search().unwrap_or_default();
    let wanted = web_sys::UrlSearchParams::new_with_str(&query)
        .ok()
        .and_then(|params| params.get("backend"));
    match wanted.as_deref() {
        Some("webgpu") => BackendChoice::WebGpu,
        Some("cpu") => BackendChoice::Cpu,
        Some(_) | None => BackendChoice::Auto,
    }
}

/// The first of the browser's languages that the interface has; English if it has none of them.
pub fn language() -> Locale {
    let wanted = window().navigator().languages();
    let known = wanted.iter().find_map(|tag| language::of_tag(&tag.as_string()?));
    known.unwrap_or(Locale::en)
}

/// Tells the browser, and whatever reads the page aloud, which language the page is in.
pub fn set_language(tag: &str) {
    if let Some(root) = document().document_element() {
        // What refuses it is read aloud in the wrong accent, and no more.
        let _ = root.set_attribute("lang", tag);
    }
}

/// The icon of the tab.
pub fn set_icon(file: &str) {
    if let Ok(Some(link)) = document().query_selector("link[rel=icon]") {
        // A browser that shows no icons loses nothing by it.
        let _ = link.set_attribute("href", file);
    }
}

pub fn set_title(title: &str) {
    document().set_title(title);
}

/// Removes what `index.html` shows until the page is there.
pub fn started() {
    if let Some(element) = document().get_element_by_id("starting") {
        element.remove();
    }
}

/// After a fault: a fixed message in place of the page. What caused it is not shown or logged; it could hold patient text.
pub fn show_stopped() {
    if let Some(element) = document().get_element_by_id("stopped") {
        // Failing here would be a second fault with nowhere to go.
        let _ = element.remove_attribute("hidden");
    }
}

pub fn focus(id: &str) {
    if let Some(element) = document()
        .get_element_by_id(id)
        .and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok())
    {
        // An element that refuses focus leaves it where it is.
        let _ = element.focus();
    }
}

/// Scrolls as little as needed for the element to show.
pub fn reveal(id: &str) {
    let Some(element) = document().get_element_by_id(id) else {
        return;
    };
    let options = js_sys::Object::new();
    let nearest = Reflect::set(&options, &"block".into(), &"nearest".into());
    let scroll = Reflect::get(&element, &"scrollIntoView".into()).and_then(|scroll| scroll.dyn_into::<Function>());
    if let (Ok(_), Ok(scroll)) = (nearest, scroll) {
        // What does not scroll stays where it is.
        let _ = scroll.call1(&element, &options);
    }
}

/// The same for the first element that a selector finds; one that takes the focus gets it.
pub fn reveal_first(selector: &str) {
    let Ok(Some(element)) = document().query_selector(selector) else {
        return;
    };
    let center = js_sys::Object::new();
    let _ = Reflect::set(&center, &"block".into(), &"center".into());
    if let Ok(scroll) =
        Reflect::get(&element, &"scrollIntoView".into()).and_then(|scroll| scroll.dyn_into::<Function>())
    {
        let _ = scroll.call1(&element, &center);
    }
    if let Ok(button) = element.dyn_into::<web_sys::HtmlButtonElement>() {
        let _ = button.focus();
    }
}

/// Calls back once the element has been on the screen. Where the browser cannot tell, it counts as seen.
pub fn once_seen(element: &web_sys::Element, seen: impl Fn() + 'static) {
    let seen = Rc::new(seen);
    let tell = seen.clone();
    let watched = Closure::<dyn Fn(Array, web_sys::IntersectionObserver)>::new(
        move |entries: Array, observer: web_sys::IntersectionObserver| {
            let visible = |entry: JsValue| {
                entry
                    .unchecked_into::<web_sys::IntersectionObserverEntry>()
                    .is_intersecting()
            };
            if entries.iter().any(visible) {
                observer.disconnect();
                tell();
            }
        },
    );
    match web_sys::IntersectionObserver::new(watched.as_ref().unchecked_ref()) {
        Ok(observer) => observer.observe(element),
        Err(_) => seen(),
    }
    watched.forget();
}

/// The browser's own dialog; saving as PDF is part of it.
pub fn print() {
    // A browser that prints nothing leaves the page as it is.
    let _ = window().print();
}

/// The line of a text area in which its cursor stands, from 0.
pub fn cursor_line(event: &web_sys::Event) -> Option<usize> {
    let area: web_sys::HtmlTextAreaElement = event.target()?.dyn_into().ok()?;
    let cursor = area.selection_start().ok()?? as usize;
    Some(
        area.value()
            .encode_utf16()
            .take(cursor)
            .filter(|&unit| unit == u16::from(b'\n'))
            .count(),
    )
}

pub fn is_hidden() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Hidden
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// While set, the browser asks before it closes or reloads the page.
pub fn guard_leaving(guarded: bool) {
    GUARDED.set(guarded);
}

/// Called once, at the start; a listener that is only there when needed would need its own removal.
pub fn watch_leaving() {
    let ask = Closure::<dyn Fn(web_sys::BeforeUnloadEvent)>::new(|event: web_sys::BeforeUnloadEvent| {
        if GUARDED.get() {
            event.prevent_default();
            // Older browsers ask only when this is set.
            event.set_return_value("unsaved");
        }
    });
    window().set_onbeforeunload(Some(ask.as_ref().unchecked_ref()));
    ask.forget();
}

/// Calls back whenever somebody touches keyboard, mouse or screen.
pub fn watch_touch(touched: impl Fn() + 'static) {
    let heard = Closure::<dyn Fn()>::new(touched);
    for event in ["pointerdown", "pointermove", "keydown", "wheel"] {
        // A page that cannot be listened to is locked too early, never too late.
        let _ = document().add_event_listener_with_callback(event, heard.as_ref().unchecked_ref());
    }
    heard.forget();
}

/// Calls back when the page comes into sight or, with true, goes out of it.
pub fn watch_sight(changed: impl Fn(bool) + 'static) {
    let heard = Closure::<dyn Fn()>::new(move || changed(is_hidden()));
    // Without the event the clock's own tick does the same a little later.
    let _ = document().add_event_listener_with_callback("visibilitychange", heard.as_ref().unchecked_ref());
    heard.forget();
}

/// Leaves the app for one of the site's other pages.
pub fn go(page: &str) {
    // As with reloading.
    let _ = window().location().assign(page);
}

pub fn reload() {
    // A page that cannot reload stays as it is, and its button with it.
    let _ = window().location().reload();
}
