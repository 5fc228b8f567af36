//! The platform, one file per capability, in Rust types. Nothing outside this folder names a JavaScript value.

pub mod awake;
pub mod clipboard;
pub mod clock;
pub mod codes;
pub mod disk;
pub mod download;
pub mod file;
pub mod keeper;
pub mod languages;
pub mod mic;
pub mod models;
pub mod offline;
pub mod passkey;
pub mod scope;
pub mod sound;
pub mod store;
pub mod tabs;
pub mod window;
pub mod wire;
pub mod worker;
pub mod writer;
