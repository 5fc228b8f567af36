//! `cargo xtask run`: from a fresh clone to a working page.

use crate::{Outcome, build, serve};

/// A fixed first choice, so that the browser keeps model, vault and permission between runs: they belong to an address.
const PORT: u16 = 8321;

pub fn run() -> Outcome {
    let dist = build::build()?;
    let free = (PORT..PORT + 100).find_map(|port| serve::bind(port).ok());
    let server = free.ok_or_else(|| format!("No port from {PORT} to {} is free.", PORT + 99))?;
    println!("Sotto is at {}  (end with Ctrl-C)", serve::address(&server)?);
    serve::serve(&server, serve::Serving::sealed(&dist))
}
