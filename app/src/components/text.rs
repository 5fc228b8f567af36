use leptos::prelude::*;

/// A text that follows what it is made of. Every closure in a view is compiled for itself, and with it all that draws it;
/// these share one kind.
pub fn text(made: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(made)
}
