//! A sound file to utterances, through the same resampler and segmenter as in the page.

use std::{fs::File, path::Path};

use speech::{RATE, Resampler, Samples, Segmenter, Utterance, mix_down};
use symphonia::core::{
    codecs::audio::AudioDecoderOptions,
    errors::Error,
    formats::{TrackType, probe::Hint},
    io::MediaSourceStream,
};

/// A file's sound as the recogniser gets it.
pub struct Recording {
    pub utterances: Vec<Utterance>,
    pub seconds: f64,
}

/// WAV, FLAC, MP3, M4A or Ogg Vorbis of any rate and any number of channels.
pub fn open(path: &Path) -> Result<Recording, String> {
    let samples = samples(path)?;
    let mut segmenter = Segmenter::new();
    let mut utterances = Vec::new();
    // In pieces as they come from a microphone.
    for piece in samples.as_slice().chunks(RATE as usize / 10) {
        utterances.extend(segmenter.push(&Samples::new(piece.to_vec())));
    }
    utterances.extend(segmenter.finish());
    Ok(Recording {
        utterances,
        seconds: samples.seconds(),
    })
}

/// The whole file; 16 kHz mono passes through bit by bit.
pub fn samples(path: &Path) -> Result<Samples, String> {
    let (mono, rate) = decode(path)?;
    let mut resampler = Resampler::new(rate).map_err(|why| why.to_string())?;
    let mut samples = resampler.push(&mono);
    samples.append(&resampler.finish());
    Ok(samples)
}

/// Mono floats at the file's own rate.
fn decode(path: &Path) -> Result<(Vec<f32>, u32), String> {
    let why = |error: Error| format!("{} is no sound file that can be read: {error}", path.display());
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let source = MediaSourceStream::new(Box::new(file), Default::default());
    let mut hint = Hint::new();
    if let Some(extension) = path.extension().and_then(|extension| extension.to_str()) {
        hint.with_extension(extension);
    }
    let mut format = symphonia::default::get_probe()
        .probe(&hint, source, Default::default(), Default::default())
        .map_err(why)?;
    let track = format
        .default_track(TrackType::Audio)
        .ok_or_else(|| format!("{} has no sound", path.display()))?;
    let id = track.id;
    let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
    let parameters = parameters.ok_or_else(|| format!("{} has no sound", path.display()))?;
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(parameters, &AudioDecoderOptions::default())
        .map_err(why)?;

    let (mut mono, mut rate) = (Vec::new(), RATE);
    while let Some(packet) = format.next_packet().map_err(why)? {
        if packet.track_id != id {
            continue;
        }
        match decoder.decode(&packet) {
            Ok(sound) => {
                rate = sound.spec().rate();
                let mut planes: Vec<Vec<f32>> = Vec::new();
                sound.copy_to_vecs_planar(&mut planes);
                mono.extend(mix_down(&planes.iter().map(Vec::as_slice).collect::<Vec<_>>()));
            }
            // A damaged packet costs its own milliseconds, not the file.
            Err(Error::DecodeError(_)) => {}
            Err(error) => return Err(why(error)),
        }
    }
    Ok((mono, rate))
}
