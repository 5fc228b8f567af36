//! The speech worker's entry point; what it does is in [`worker`].

#[cfg(target_arch = "wasm32")]
mod worker;

#[cfg(target_arch = "wasm32")]
fn main() {
    worker::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("The speech worker runs in a browser: build it with `cargo xtask build`.");
}
