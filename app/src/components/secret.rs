use leptos::prelude::*;

/// A field for a passphrase or code. Password managers may fill it, and it can be pasted into.
#[component]
pub fn Secret(
    /// What to type.
    #[prop(into)]
    label: Signal<String>,
    test: &'static str,
    value: RwSignal<String>,
    /// A passphrase that is made here, and not one that is known.
    #[prop(optional)]
    fresh: bool,
) -> impl IntoView {
    let autocomplete = if fresh { "new-password" } else { "current-password" };
    view! {
        <label class="field">
            <span>{label}</span>
            <input
                type="password"
                autocomplete=autocomplete
                data-test=test
                prop:value=value
                on:input:target=move |input| value.set(input.target().value())
            />
        </label>
    }
}
