use language::say;
use leptos::prelude::*;

use crate::driver::Driver;

/// The list of keys, which `public/keyboard.js` opens as a modal dialog. It outlives the screens and follows the
/// language itself: whether a key opens it is remembered until the page goes.
#[component]
pub fn Keys() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let on = RwSignal::new(true);
    move || {
        let l = driver.language.get();
        view! {
            <dialog id="keys" class="card" aria-labelledby="keys-heading">
                <h2 id="keys-heading">{say!(l, keys.heading)}</h2>
                <dl class="keys">
                    <dt><kbd>{say!(l, keys.tab)}</kbd></dt>
                    <dd>{say!(l, keys.next)}" "<kbd>{say!(l, keys.shift)}</kbd>" "{say!(l, keys.previous)}</dd>
                    <dt><kbd>{say!(l, keys.enter)}</kbd>" "<kbd>{say!(l, keys.space)}</kbd></dt>
                    <dd>{say!(l, keys.presses)}</dd>
                    <dt>
                        <kbd>{say!(l, keys.ctrl)}</kbd>" "{say!(l, keys.or)}" "<kbd>"⌘"</kbd>" + "
                        <kbd>{say!(l, keys.enter)}</kbd>
                    </dt>
                    <dd>{say!(l, keys.presses_main)}</dd>
                    <dt><kbd>{say!(l, keys.esc)}</kbd></dt>
                    <dd>{say!(l, keys.closes)}</dd>
                    <dt><kbd>"?"</kbd></dt>
                    <dd>{say!(l, keys.opens)}</dd>
                </dl>
                <label class="check">
                    <input type="checkbox" id="keys-on" autocomplete="off" bind:checked=on />
                    " "
                    <span>{say!(l, keys.the_key)}" "<kbd>"?"</kbd>" "{say!(l, keys.opens_this)}</span>
                </label>
                <form method="dialog">
                    <button class="primary">{say!(l, keys.close)}</button>
                </form>
            </dialog>
        }
    }
}
