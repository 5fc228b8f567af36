use js_sys::ArrayBuffer;
use speech::{RATE, mix_down};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::window::window;
use crate::problem::FileProblem;

/// A file that a person chose; nothing of it is read yet.
pub struct AudioFile(web_sys::File);

/// The file chosen in a file input, which is emptied, so that the same file can be chosen again.
pub fn chosen(event: &web_sys::Event) -> Option<AudioFile> {
    let input: web_sys::HtmlInputElement = event.target()?.dyn_into().ok()?;
    let file = input.files()?.get(0)?;
    input.set_value("");
    Some(AudioFile(file))
}

/// The file's sound: mono at [`RATE`].
///
/// # Errors
/// [`FileProblem::Unreadable`], [`FileProblem::NotAudio`].
pub async fn decode(AudioFile(file): AudioFile) -> Result<Vec<f32>, FileProblem> {
    let bytes = JsFuture::from(file.array_buffer())
        .await
        .map_err(|_| FileProblem::Unreadable)?;
    decode_bytes(&bytes.unchecked_into()).await
}

/// The bundled sample dictation, through the same decoder.
///
/// # Errors
/// [`FileProblem::SampleMissing`], [`FileProblem::NotAudio`].
pub async fn decode_sample() -> Result<Vec<f32>, FileProblem> {
    let bytes = fetch("samples/dictation.wav")
        .await
        .map_err(|_| FileProblem::SampleMissing)?;
    decode_bytes(&bytes).await
}

async fn fetch(url: &str) -> Result<ArrayBuffer, JsValue> {
    let response: web_sys::Response = JsFuture::from(window().fetch_with_str(url)).await?.dyn_into()?;
    if !response.ok() {
        return Err(JsValue::NULL);
    }
    JsFuture::from(response.array_buffer()?).await?.dyn_into()
}

/// The browser decodes and resamples; a file that is at 16 kHz already comes out sample for sample.
async fn decode_bytes(bytes: &ArrayBuffer) -> Result<Vec<f32>, FileProblem> {
    let not_audio = |_: JsValue| FileProblem::NotAudio;
    let context =
        web_sys::OfflineAudioContext::new_with_number_of_channels_and_length_and_sample_rate(1, 1, RATE as f32)
            .map_err(not_audio)?;
    let decoding = context.decode_audio_data(bytes).map_err(not_audio)?;
    let buffer: web_sys::AudioBuffer = JsFuture::from(decoding)
        .await
        .map_err(not_audio)?
        .dyn_into()
        .map_err(|_| FileProblem::NotAudio)?;
    let mut channels = Vec::new();
    for channel in 0..buffer.number_of_channels() {
        channels.push(buffer.get_channel_data(channel).map_err(not_audio)?);
    }
    let channels: Vec<&[f32]> = channels.iter().map(Vec::as_slice).collect();
    Ok(mix_down(&channels))
}
