//! What every screen owes to whoever uses it, whatever they see with and press: `docs/accessibility.md` says which test
//! shows which criterion. `cargo xtask shots` takes pictures on the same way through the screens.

mod keyboard;
mod rules;
mod shots;
mod tour;
