//! Who spoke, clinician or patient, by the words, and by the voices where two could be told apart: a linear model says how each
//! turn reads, and the likeliest way through all of them is taken (Viterbi 1967).

use std::sync::LazyLock;

use speech::{Segment, Speaker, Transcript, Voice};

use super::{Features, Linear, sigmoid};
use crate::sentences::bare_words;

/// How likely somebody else speaks behind the end of a turn, as a person marks it.
pub const TURNS: f32 = 0.95;

/// The same behind a pause, which also stands between two sentences of one speaker.
pub const PAUSES: f32 = 0.5;

/// What a voice says for its role, as the logarithm of the odds: of a stretch of next to nothing, and of a long one. The words
/// of a turn are sure of themselves too often, so that a voice has to be surer.
const SHORT_SAYS: f32 = 1.0;
const LONG_SAYS: f32 = 10.0;
/// Seconds, with the silence before and behind it, over which the one becomes the other.
const SHORT: f64 = 1.0;
const LONG: f64 = 3.0;

const ROLES: [Speaker; 2] = [Speaker::Clinician, Speaker::Patient];

/// The speaker of every segment, in order; who is known stays. `change`: how likely it is another one than in the segment
/// before, such as [`TURNS`] or [`PAUSES`].
///
/// Where two voices were told apart, one is the clinician's and the other the patient's: whichever way round the words, and
/// what a person said, make more likely.
pub fn roles(transcript: &Transcript, change: f32) -> Vec<Speaker> {
    let segments = transcript.segments();
    let sounds: Vec<[f32; 2]> = (0..segments.len()).map(|at| sound(segments, at)).collect();
    let [one, other] = [[Voice::First, Voice::Second], [Voice::Second, Voice::First]].map(|voices| {
        let heard = segments.iter().zip(&sounds).map(|(segment, sound)| {
            let heard = heard(segment, voices);
            [0, 1].map(|role| sound[role] + heard[role])
        });
        likeliest(heard, change)
    });
    let (_, found) = if one.0 >= other.0 { one } else { other };
    let known = segments.iter().map(|segment| segment.speaker);
    known
        .zip(found)
        .map(|(known, role)| known.unwrap_or(ROLES[role]))
        .collect()
}

/// How likely each role says these words, as a logarithm; of a person who is known, only one.
fn sound(segments: &[Segment], at: usize) -> [f32; 2] {
    let told = segments[at]
        .speaker
        .and_then(|told| ROLES.iter().position(|role| *role == told));
    let patient = match told {
        Some(role) => role as f32,
        None => sigmoid(MODEL.scores(&turn_features(segments, at))[0]),
    };
    [1.0 - patient, patient].map(|likely| likely.max(f32::MIN_POSITIVE).ln())
}

/// How likely this voice was heard from each role, as a logarithm, if these are their voices.
fn heard(segment: &Segment, voices: [Voice; 2]) -> [f32; 2] {
    let Some(voice) = segment.voice.filter(|_| segment.speaker != Some(Speaker::Other)) else {
        return [0.0; 2];
    };
    let length = ((segment.end - segment.start - SHORT) / (LONG - SHORT)).clamp(0.0, 1.0) as f32;
    let says = SHORT_SAYS + (LONG_SAYS - SHORT_SAYS) * length;
    voices.map(|own| if own == voice { 0.5 * says } else { -0.5 * says })
}

/// The likeliest way through all segments, of which each role has its likelihood as a logarithm: how likely the way is, and
/// the role in each.
fn likeliest(segments: impl Iterator<Item = [f32; 2]>, change: f32) -> (f32, Vec<usize>) {
    // Of the best way to each role in each segment: how likely it is, and the role before.
    let mut ways: Vec<[(f32, usize); 2]> = Vec::new();
    for sound in segments {
        let way = [0, 1].map(|role| {
            let sound = sound[role];
            let Some(before) = ways.last() else {
                return (sound, role);
            };
            let from = |other: usize| before[other].0 + if other == role { 1.0 - change } else { change }.ln();
            if from(role) >= from(1 - role) {
                (from(role) + sound, role)
            } else {
                (from(1 - role) + sound, 1 - role)
            }
        });
        ways.push(way);
    }
    let Some([(clinician, _), (patient, _)]) = ways.last().copied() else {
        return (0.0, Vec::new());
    };
    let mut role = usize::from(patient > clinician);
    let mut found: Vec<usize> = ways
        .iter()
        .rev()
        .map(|way| {
            let before = way[role].1;
            std::mem::replace(&mut role, before)
        })
        .collect();
    found.reverse();
    (clinician.max(patient), found)
}

static MODEL: LazyLock<Linear> = LazyLock::new(|| {
    let (model, _) = Linear::parse(include_bytes!("../../model/roles.bin")).expect("the committed model is whole");
    model
});

/// What the model hears of a turn; of its neighbours whether they ask, and how they begin.
pub fn turn_features(segments: &[Segment], at: usize) -> Features {
    let mut features = Features::default();
    let words = bare_words(&segments[at].text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    features.add_words('w', &words, 1.0);
    let ends: Vec<&str> = [words.first(), words.last()].into_iter().flatten().copied().collect();
    features.add_words('e', &ends, 0.5);
    let asks = |segment: Option<&Segment>| segment.is_some_and(|segment| segment.text.contains('?'));
    features.add('?', if asks(segments.get(at)) { "asks" } else { "tells" }, 1.0);
    // The one who answers, or is answered, is the other: what stands next to a turn says who spoke it.
    let before = at.checked_sub(1).and_then(|before| segments.get(before));
    for (place, neighbour) in [('<', before), ('>', segments.get(at + 1))] {
        features.add(place, if asks(neighbour) { "asks" } else { "tells" }, 1.0);
        let words = neighbour
            .map(|neighbour| bare_words(&neighbour.text))
            .unwrap_or_default();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        features.add_words(place, &words, 0.5);
    }
    let length = words.len().min(32).next_power_of_two();
    features.add('l', &length.to_string(), 1.0);
    features.normalised()
}
