//! Who spoke, clinician or patient, by the words alone: a linear model says how each turn sounds, and the likeliest way
//! through all of them is taken (Viterbi 1967).

use std::sync::LazyLock;

use speech::{Segment, Speaker, Transcript};

use super::{Features, Linear, sigmoid};
use crate::sentences::bare_words;

/// How likely somebody else speaks behind the end of a turn, as a person marks it.
pub const TURNS: f32 = 0.95;

/// The same behind a pause, which also stands between two sentences of one speaker.
pub const PAUSES: f32 = 0.5;

/// The speaker of every segment, in order; who is known stays. `change`: how likely it is another one than in the segment
/// before, such as [`TURNS`] or [`PAUSES`].
pub fn roles(transcript: &Transcript, change: f32) -> Vec<Speaker> {
    likeliest(&MODEL, transcript, change)
}

/// [`roles`] by other weights.
fn likeliest(model: &Linear, transcript: &Transcript, change: f32) -> Vec<Speaker> {
    const ROLES: [Speaker; 2] = [Speaker::Clinician, Speaker::Patient];
    let segments = transcript.segments();
    // Of the best way to each role in each segment: how likely it is, and the role before.
    let mut ways: Vec<[(f32, usize); 2]> = Vec::with_capacity(segments.len());
    for at in 0..segments.len() {
        let patient = sigmoid(model.scores(&turn_features(segments, at))[0]);
        let told = segments[at]
            .speaker
            .and_then(|told| ROLES.iter().position(|role| *role == told));
        let sounds = match told {
            Some(0) => [1.0, 0.0],
            Some(_) => [0.0, 1.0],
            None => [1.0 - patient, patient],
        };
        let way = [0, 1].map(|role| {
            let sound = sounds[role].max(f32::MIN_POSITIVE).ln();
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
    let mut role = ways.last().map_or(0, |way| usize::from(way[1].0 > way[0].0));
    let mut found: Vec<Speaker> = ways
        .iter()
        .rev()
        .map(|way| {
            let here = ROLES[role];
            role = way[role].1;
            here
        })
        .collect();
    found.reverse();
    for (found, segment) in found.iter_mut().zip(segments) {
        *found = segment.speaker.unwrap_or(*found);
    }
    found
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
