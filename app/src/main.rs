//! Starts the page.

use app::App;
use app::browser::window;

fn main() {
    // The message of a panic can hold patient text: it is neither shown nor logged.
    std::panic::set_hook(Box::new(|_| window::show_stopped()));
    window::started();
    leptos::mount::mount_to_body(App);
}
