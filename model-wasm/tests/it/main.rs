//! The speech model against the original implementation, against itself on a GPU, and against damaged packs.

mod add;
mod golden;
mod gpu;
mod listener;
mod ops;
mod pack;
mod parity;
mod seams;
mod shipped;
mod sizes;
mod times;
mod tokens;
mod whisper;
mod wishes;
