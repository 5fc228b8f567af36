//! What the pure vocabulary promises to page and worker, over random input.

mod sound;

mod protocol;
mod resampler;
mod samples;
mod segmenter;
mod transcript;
mod voices;
mod wav;
mod word_list;
