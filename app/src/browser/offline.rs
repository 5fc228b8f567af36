use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState};

use super::clock;
use super::window::{reload, window};

/// Keeps the app for use without a network. `ready` is called when it is kept, `waiting` when a newer one is; the newer
/// one takes over only through [`take_over`].
pub async fn keep_app(ready: impl Fn() + 'static, waiting: impl Fn() + Clone + 'static) {
    // Without a service worker (an old browser, a private window) the page works as long as there is a network.
    let Some(container) = container() else { return };
    let Ok(registered) = JsFuture::from(container.register("sw.js")).await else {
        return;
    };
    let registration: ServiceWorkerRegistration = registered.unchecked_into();
    tell_of_newer(&registration, waiting);
    if let Ok(kept) = container.ready()
        && JsFuture::from(kept).await.is_ok()
    {
        ready();
    }
}

/// Why a waiting version does not take over.
pub enum Hindrance {
    /// Sotto is open in another tab.
    OtherTabs,
    /// The browser does not start it: seen of Chromium 156 on a busy device, for as long as no other tab was opened.
    Silence,
}

/// Milliseconds for a waiting version to let itself in, and for the page to hear why not.
const LETS_ITSELF_IN: u32 = 10_000;
const IS_HEARD: u32 = 15_000;

/// Lets the waiting version take over, which loads the page anew. `None` where none waits.
pub async fn take_over() -> Option<Hindrance> {
    let container = container()?;
    let found = JsFuture::from(container.get_registration()).await.ok()?;
    let registration = found.dyn_into::<ServiceWorkerRegistration>().ok()?;
    let waiting = registration.waiting()?;
    let changed = Closure::<dyn Fn()>::new(reload);
    container.set_oncontrollerchange(Some(changed.as_ref().unchecked_ref()));
    changed.forget();
    // All that the waiting version has to say is why not.
    let told = js_sys::Promise::new(&mut |tell, _| container.set_onmessage(Some(&tell)));
    let message = js_sys::Object::new();
    let until = js_sys::Date::now() + f64::from(LETS_ITSELF_IN);
    // Setting a property of a fresh plain object cannot fail, and a worker that is gone has nothing to take over.
    let _ = js_sys::Reflect::set(&message, &"takeOver".into(), &until.into());
    let _ = waiting.post_message(&message);
    let told = clock::within(IS_HEARD, JsFuture::from(told)).await;
    Some(told.map_or(Hindrance::Silence, |_| Hindrance::OtherTabs))
}

/// Asks the browser not to clear Sotto's storage when space runs short. It may say no.
pub async fn persist() {
    let storage = window().navigator().storage();
    if storage.is_undefined() {
        return;
    }
    if let Ok(asked) = storage.persist() {
        // Either answer leaves everything as it is here.
        let _ = JsFuture::from(asked).await;
    }
}

/// Has the browser delete what may be left of Sotto, the kept app included, where there is a network and the host sends
/// the header for it.
pub async fn clear() {
    // Without either it stays at what was erased before.
    let _ = JsFuture::from(window().fetch_with_str("erased.txt")).await;
}

fn container() -> Option<ServiceWorkerContainer> {
    let container = window().navigator().service_worker();
    (!container.is_undefined()).then_some(container)
}

fn tell_of_newer(registration: &ServiceWorkerRegistration, waiting: impl Fn() + Clone + 'static) {
    let has_earlier = registration.active().is_some();
    if registration.waiting().is_some() && has_earlier {
        waiting();
    }
    let watched = registration.clone();
    let found = Closure::<dyn Fn()>::new(move || {
        let (Some(newer), true) = (watched.installing(), watched.active().is_some()) else {
            return;
        };
        let (state, waiting) = (newer.clone(), waiting.clone());
        let changed = Closure::<dyn Fn()>::new(move || {
            if state.state() == ServiceWorkerState::Installed {
                waiting();
            }
        });
        newer.set_onstatechange(Some(changed.as_ref().unchecked_ref()));
        changed.forget();
    });
    registration.set_onupdatefound(Some(found.as_ref().unchecked_ref()));
    found.forget();
}
