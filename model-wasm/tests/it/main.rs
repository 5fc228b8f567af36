//! The speech model against the original implementation, against itself on a GPU, and against damaged packs.

mod golden;
mod gpu;
mod pack;
mod parity;
mod shipped;
mod tokens;
