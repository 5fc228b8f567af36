use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState};

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

/// Lets the waiting version take over and shows it; `refused` is called when Sotto is open in another tab.
pub async fn take_over(refused: impl Fn() + 'static) {
    let Some(container) = container() else { return };
    let Ok(found) = JsFuture::from(container.get_registration()).await else {
        return;
    };
    let Ok(registration) = found.dyn_into::<ServiceWorkerRegistration>() else {
        return;
    };
    let Some(waiting) = registration.waiting() else { return };
    let changed = Closure::<dyn Fn()>::new(reload);
    container.set_oncontrollerchange(Some(changed.as_ref().unchecked_ref()));
    changed.forget();
    // All that the waiting version has to say is why not.
    let told = Closure::<dyn Fn()>::new(refused);
    container.set_onmessage(Some(told.as_ref().unchecked_ref()));
    told.forget();
    // A worker that is gone has nothing to take over.
    let _ = waiting.post_message(&JsValue::from_str("take over"));
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
