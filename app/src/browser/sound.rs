use js_sys::ArrayBuffer;
use speech::wav::Layout;
use speech::{RATE, Samples, mix_down};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AudioBuffer, HtmlAudioElement, OfflineAudioContext, Url};

use super::clock;
use super::file::{AnyFile, fetch};
use super::keeper::promise;
use crate::problem::FileProblem;

/// Hours that one visit takes; its sound is in memory until its note is confirmed, 115 MB for each.
pub const MOST_HOURS: u32 = 4;

/// Minutes of sound in a file that the browser must decode as a whole. Chromium makes 2^28 samples and no more, which at
/// 48 kHz are 93 minutes, and needs 4 GB for them in stereo.
pub const MOST_MINUTES: u32 = 90;

/// The size of such a file in megabytes: 90 minutes of stereo without loss are 500.
pub const MOST_MEGABYTES: u32 = 500;

/// How much of a file is looked at for what it is; bytes.
const HEAD: u64 = 1 << 16;

/// How much of a file is read at once; bytes.
const STRETCH: u64 = 1 << 20;

/// How much is taken at once of what is in memory already; seconds.
const SECONDS: u32 = 10;

/// The browser gets this long to say how long a file lasts, in milliseconds; then it is decoded without that.
const PATIENCE: u32 = 10_000;

/// Sound that was recorded before, read piece by piece.
pub struct Recorded {
    /// Hertz.
    pub rate: u32,
    pub seconds: f64,
    source: Source,
    /// Frames that were read.
    at: u64,
}

enum Source {
    /// Plain samples are read from the file as they are needed, however many they are.
    Plain(AnyFile, Layout),
    Decoded(AudioBuffer),
    /// A recording that was kept.
    Kept(Samples),
}

impl From<Samples> for Recorded {
    fn from(samples: Samples) -> Self {
        Self {
            rate: RATE,
            seconds: samples.seconds(),
            source: Source::Kept(samples),
            at: 0,
        }
    }
}

impl Recorded {
    /// # Errors
    /// [`FileProblem::TooMuch`] before anything large is read, [`FileProblem::Unreadable`], [`FileProblem::NotAudio`].
    pub async fn open(file: AnyFile) -> Result<Self, FileProblem> {
        let size = file.size();
        if let Some(layout) = Layout::of(&file.read(0, HEAD).await?, size) {
            return Self {
                rate: layout.rate,
                seconds: layout.seconds(),
                source: Source::Plain(file, layout),
                at: 0,
            }
            .within(MOST_HOURS * 60);
        }
        let most = f64::from(MOST_MINUTES * 60);
        if size > u64::from(MOST_MEGABYTES) * 1_000_000 || length(&file).await > most {
            return Err(FileProblem::TooMuch);
        }
        let bytes = JsFuture::from(file.handle().array_buffer()).await;
        decode(&bytes.map_err(|_| FileProblem::Unreadable)?.unchecked_into()).await
    }

    /// The bundled sample dictation.
    ///
    /// # Errors
    /// [`FileProblem::SampleMissing`], [`FileProblem::NotAudio`].
    pub async fn sample() -> Result<Self, FileProblem> {
        let bytes = fetch("samples/dictation.wav").await.ok_or(FileProblem::SampleMissing)?;
        decode(&bytes).await
    }

    /// Goes on reading: mono sound, and none at its end.
    ///
    /// # Errors
    /// [`FileProblem::BrokeOff`] where the file cannot be read any further.
    pub async fn next(&mut self) -> Result<Vec<f32>, FileProblem> {
        let wave = match &self.source {
            Source::Plain(file, layout) => {
                let (start, length) = layout.place(self.at, STRETCH);
                let bytes = file.read(start, length).await.map_err(|_| FileProblem::BrokeOff)?;
                layout.mono(&bytes)
            }
            Source::Decoded(buffer) => stretch(buffer, self.at as u32).map_err(|_| FileProblem::NotAudio)?,
            Source::Kept(samples) => {
                let rest = &samples.as_slice()[self.at as usize..];
                Samples::new(rest.iter().take((SECONDS * RATE) as usize).copied().collect()).to_f32()
            }
        };
        self.at += wave.len() as u64;
        Ok(wave)
    }

    fn within(self, minutes: u32) -> Result<Self, FileProblem> {
        if self.seconds > f64::from(minutes * 60) {
            return Err(FileProblem::TooMuch);
        }
        Ok(self)
    }
}

/// Seconds that the file lasts, by the word of its head; no number where that says nothing.
async fn length(file: &AnyFile) -> f64 {
    let Ok((audio, url)) = HtmlAudioElement::new().and_then(|audio| {
        let url = Url::create_object_url_with_blob(file.handle())?;
        Ok((audio, url))
    }) else {
        return f64::NAN;
    };
    let (known, tell) = promise();
    audio.set_onloadedmetadata(Some(&tell));
    audio.set_onerror(Some(&tell));
    audio.set_preload("metadata");
    audio.set_src(&url);
    let _ = clock::within(PATIENCE, JsFuture::from(known)).await;
    // Both fail only for an address that is none.
    let _ = Url::revoke_object_url(&url);
    let seconds = audio.duration();
    if seconds.is_finite() { seconds } else { f64::NAN }
}

/// The browser decodes and resamples; a file that is at 16 kHz already comes out sample for sample.
async fn decode(bytes: &ArrayBuffer) -> Result<Recorded, FileProblem> {
    let not_audio = |_: JsValue| FileProblem::NotAudio;
    let context = OfflineAudioContext::new_with_number_of_channels_and_length_and_sample_rate(1, 1, RATE as f32)
        .map_err(not_audio)?;
    let decoding = context.decode_audio_data(bytes).map_err(not_audio)?;
    let buffer: AudioBuffer = JsFuture::from(decoding)
        .await
        .map_err(not_audio)?
        .dyn_into()
        .map_err(|_| FileProblem::NotAudio)?;
    Recorded {
        rate: RATE,
        seconds: buffer.duration(),
        source: Source::Decoded(buffer),
        at: 0,
    }
    .within(MOST_MINUTES)
}

/// Some seconds of it from this frame on.
fn stretch(buffer: &AudioBuffer, from: u32) -> Result<Vec<f32>, JsValue> {
    let length = (buffer.length() - from).min(SECONDS * RATE) as usize;
    let mut channels = vec![vec![0.0; length]; buffer.number_of_channels() as usize];
    for (channel, wave) in channels.iter_mut().enumerate() {
        buffer.copy_from_channel_with_start_in_channel(wave, channel as i32, from)?;
    }
    let channels: Vec<&[f32]> = channels.iter().map(Vec::as_slice).collect();
    Ok(mix_down(&channels))
}
