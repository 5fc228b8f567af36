use js_sys::{Array, Float32Array, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AudioContext, AudioContextState, AudioWorkletNode, MediaStream, MediaStreamTrack, MediaStreamTrackState,
    MessageEvent,
};

use super::window::window;
use super::wire::Wire;
use crate::problem::MicProblem;

/// An open microphone. Dropping it shuts it.
pub struct Microphone {
    context: AudioContext,
    track: MediaStreamTrack,
    tap: AudioWorkletNode,
    _heard: Closure<dyn Fn(MessageEvent)>,
    _gone: Closure<dyn Fn()>,
}

/// What comes from an open microphone.
pub enum Sound {
    /// About 100 ms of mono sound at the device's rate in hertz.
    Block { rate: u32, wave: Vec<f32> },
    /// Nothing more comes from before the flush.
    Flushed,
    /// Unplugged, or taken away by the browser.
    Gone,
}

/// A microphone that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    pub id: String,
    pub label: String,
}

/// A microphone that the person allowed. Nothing is heard yet; dropping it lets it go.
pub struct Allowed {
    stream: MediaStream,
    track: Option<MediaStreamTrack>,
}

/// # Errors
/// [`MicProblem`], by what the browser answered.
pub async fn ask(device: Option<String>) -> Result<Allowed, MicProblem> {
    let stream = stream(device.as_deref()).await?;
    let track = stream.get_audio_tracks().get(0).dyn_into();
    Ok(Allowed {
        stream,
        track: Some(track.map_err(|_| MicProblem::Missing)?),
    })
}

impl Allowed {
    /// Opens it: its sound comes here, and on the line that `share` gives for its rate in hertz.
    ///
    /// # Errors
    /// [`MicProblem::Other`].
    pub async fn open(
        mut self,
        share: impl FnOnce(u32) -> Option<Wire>,
        on_sound: impl Fn(Sound) + Clone + 'static,
    ) -> Result<Microphone, MicProblem> {
        let track = self.track.take().ok_or(MicProblem::Missing)?;
        let opened = connect(&self.stream, track.clone(), share, on_sound).await;
        if opened.is_err() {
            track.stop();
        }
        let microphone = opened.map_err(|_| MicProblem::Other)?;
        // Unplugged before anybody listened for that.
        match microphone.track.ready_state() {
            MediaStreamTrackState::Ended => Err(MicProblem::Missing),
            _ => Ok(microphone),
        }
    }
}

impl Drop for Allowed {
    fn drop(&mut self) {
        if let Some(track) = &self.track {
            track.stop();
        }
    }
}

/// The microphones; without labels until one was allowed.
pub async fn devices() -> Vec<Device> {
    let Some(media) = media_devices() else { return vec![] };
    let Ok(listing) = media.enumerate_devices() else {
        return vec![];
    };
    let Ok(listed) = JsFuture::from(listing).await else {
        return vec![];
    };
    Array::from(&listed)
        .iter()
        .filter_map(|entry| entry.dyn_into::<web_sys::MediaDeviceInfo>().ok())
        .filter(|entry| entry.kind() == web_sys::MediaDeviceKind::Audioinput && !entry.device_id().is_empty())
        .map(|entry| Device {
            id: entry.device_id(),
            label: entry.label(),
        })
        .collect()
}

/// Calls back whenever a device is plugged in or out, for as long as the page lives.
pub fn watch_devices(changed: impl Fn() + 'static) {
    let Some(media) = media_devices() else { return };
    let changed = Closure::<dyn Fn()>::new(changed);
    media.set_ondevicechange(Some(changed.as_ref().unchecked_ref()));
    changed.forget();
}

impl Microphone {
    /// The last part of a block comes out, then [`Sound::Flushed`], then nothing; the device itself is silenced too.
    pub fn mute(&self) {
        self.post("flush");
        self.track.set_enabled(false);
    }

    pub fn unmute(&self) {
        self.track.set_enabled(true);
        self.post("listen");
    }

    fn post(&self, message: &str) {
        // A tap without a port has already said that it is gone.
        if let Ok(port) = self.tap.port() {
            let _ = port.post_message(&JsValue::from_str(message));
        }
    }
}

impl Drop for Microphone {
    fn drop(&mut self) {
        self.track.set_onended(None);
        if let Ok(port) = self.tap.port() {
            port.set_onmessage(None);
        }
        self.track.stop();
        // Closing a closed context is refused and changes nothing.
        let _ = self.context.close();
    }
}

async fn stream(device: Option<&str>) -> Result<MediaStream, MicProblem> {
    let media = media_devices().ok_or(MicProblem::Unavailable)?;
    let track = web_sys::MediaTrackConstraints::new();
    // Built for calls, these change the voice: suppression cuts the first sounds of words, gain control pumps with the
    // room, and cancelling an echo has no use where nothing is played. The model was trained on plain recordings.
    track.set_echo_cancellation_bool(false);
    track.set_noise_suppression_bool(false);
    track.set_auto_gain_control_bool(false);
    if let Some(id) = device {
        let exact = js_sys::Object::new();
        let set = Reflect::set(&exact, &JsValue::from_str("exact"), &JsValue::from_str(id));
        if set.is_ok() {
            track.set_device_id(&exact);
        }
    }
    let constraints = web_sys::MediaStreamConstraints::new();
    constraints.set_audio(&track);
    let asked = media
        .get_user_media_with_constraints(&constraints)
        .map_err(|why| problem(&why))?;
    let stream = JsFuture::from(asked).await.map_err(|why| problem(&why))?;
    stream.dyn_into().map_err(|_| MicProblem::Other)
}

async fn connect(
    stream: &MediaStream,
    track: MediaStreamTrack,
    share: impl FnOnce(u32) -> Option<Wire>,
    on_sound: impl Fn(Sound) + Clone + 'static,
) -> Result<Microphone, JsValue> {
    // At the device's own rate: the browser's resampler is unknown, Sotto's is tested.
    let context = AudioContext::new()?;
    JsFuture::from(context.audio_worklet()?.add_module("mic-worklet.js")?).await?;
    if context.state() == AudioContextState::Suspended {
        JsFuture::from(context.resume()?).await?;
    }
    let rate = context.sample_rate() as u32;
    let tap = AudioWorkletNode::new(&context, "mic-tap")?;
    let on_gone = on_sound.clone();
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
        let Ok(block) = message.data().dyn_into::<Float32Array>() else {
            return;
        };
        let wave = block.to_vec();
        on_sound(if wave.is_empty() {
            Sound::Flushed
        } else {
            Sound::Block { rate, wave }
        });
    });
    let gone = Closure::<dyn Fn()>::new(move || on_gone(Sound::Gone));
    if let Some(Wire(port)) = share(rate) {
        // Before the microphone is connected, so that the line carries all that is heard.
        tap.port()?
            .post_message_with_transferable(&"share".into(), &Array::of1(&port))?;
    }
    tap.port()?.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    track.set_onended(Some(gone.as_ref().unchecked_ref()));
    context
        .create_media_stream_source(stream)?
        .connect_with_audio_node(&tap)?;
    // The tap gives out silence; being connected is what keeps it running.
    tap.connect_with_audio_node(&context.destination())?;
    Ok(Microphone {
        context,
        track,
        tap,
        _heard: heard,
        _gone: gone,
    })
}

fn media_devices() -> Option<web_sys::MediaDevices> {
    window()
        .navigator()
        .media_devices()
        .ok()
        .filter(|media| !media.is_undefined())
}

/// <https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia>
fn problem(why: &JsValue) -> MicProblem {
    match why.dyn_ref::<web_sys::DomException>().map(|why| why.name()).as_deref() {
        Some("NotAllowedError" | "SecurityError") => MicProblem::Blocked,
        Some("NotFoundError" | "OverconstrainedError") => MicProblem::Missing,
        Some("NotReadableError" | "AbortError") => MicProblem::InUse,
        Some(_) | None => MicProblem::Other,
    }
}
