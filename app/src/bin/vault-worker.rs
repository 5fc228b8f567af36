//! The vault worker's entry point; what it does is in [`app::keeper`].

fn main() {
    // The message of a panic can hold patient text: it is neither shown nor logged.
    std::panic::set_hook(Box::new(|_| {}));
    app::keeper::start();
}
