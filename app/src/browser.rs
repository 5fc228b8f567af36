//! The platform, one file per capability, in Rust types. Nothing outside this folder names a JavaScript value.

pub mod clipboard;
pub mod clock;
pub mod download;
pub mod file;
pub mod mic;
pub mod offline;
pub mod store;
pub mod window;
pub mod worker;
