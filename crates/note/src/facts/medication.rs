//! Medications: what was said of drug, dose, route, frequency, duration and reason. What was not said stays open.

use super::Reading;
use crate::lexicon::{Match, Sense, resembles, sounds_like};
use crate::numbers::{STRENGTHS, value};
use crate::{About, Action, Medication};

mod action;
mod sig;

/// How far behind a drug its directions may stand, in words.
const REACH: usize = 22;

/// With the words of the name.
pub(super) fn all(reading: &Reading, measured: &[(usize, usize)]) -> Vec<(About, usize, usize)> {
    let mut drugs: Vec<Named> = Vec::new();
    for found in &reading.found {
        // "Potassium was 3.9" is a result.
        let result = measured.iter().any(|&(from, to)| from <= found.at && found.at < to);
        if let (Sense::Drug(name), false) = (found.sense, result) {
            drugs.push((name, found.at, found.end(), false));
        }
    }
    drugs.extend(misheard(reading));
    drugs.sort_by_key(|&(_, from, ..)| from);
    let mut done: Vec<(About, usize, usize)> = Vec::new();
    let mut last: Option<(Action, usize)> = None;
    // No dose is taken twice.
    let mut taken = 0;
    for (number, (name, from, to, doubtful)) in drugs.iter().enumerate() {
        let start = number.checked_sub(1).map_or(0, |before| drugs[before].2);
        let end = drugs.get(number + 1).map_or(reading.tokens.len(), |next| next.1);
        let behind = (*to, end.min(to + REACH).min(reading.sentence_end(to - 1)).max(*to));
        let action = action::of(reading, start, *from, behind).or_else(|| action::shared(reading, last, *from));
        last = action.map(|action| (action, *to));
        let dose = sig::dose(reading, start.max(taken), *from, behind);
        taken = dose.as_ref().map_or(taken, |dose| dose.end);
        let frequency = sig::frequency(reading, behind);
        done.push((
            About::Medication(Medication {
                name: (*name).to_owned(),
                doubtful: *doubtful,
                action,
                dose: dose.as_ref().map(|dose| dose.amount.clone()),
                unit: dose.and_then(|dose| dose.unit),
                route: sig::route(reading, behind),
                frequency,
                duration: sig::duration(reading, behind),
                indication: sig::indication(reading, behind),
            }),
            *from,
            *to,
        ));
    }
    done
}

/// A name, the places of its first word and behind its last, and whether it only sounds like one.
type Named = (&'static str, usize, usize, bool);

/// Words of no list that sound like one name only ("clenol"), or beside a strength are near to one ("metropolol 50 mg").
fn misheard(reading: &Reading) -> impl Iterator<Item = Named> {
    let known = |at: usize| reading.found.iter().any(|found| found.at <= at && at < found.end());
    let strength = |at: usize| value(reading.key(at)).is_some() && STRENGTHS.contains(&reading.key(at + 1));
    let beside = move |at: usize| {
        strength(at + 1)
            || (at >= 3 && strength(at - 3) && reading.key(at - 1) == "of")
            || (at >= 2 && strength(at - 2))
    };
    let unknown = (0..reading.tokens.len()).filter(move |&at| !known(at));
    unknown.filter_map(move |at| {
        let heard = reading.key(at);
        let name = sounds_like(heard).or_else(|| if beside(at) { resembles(heard) } else { None })?;
        Some((name, at, at + 1, true))
    })
}

/// The match of one kind of thing that begins at a place.
fn at<'r>(reading: &'r Reading, place: usize, sense: fn(&Sense) -> bool) -> Option<&'r Match> {
    reading
        .found
        .iter()
        .find(|found| found.at == place && sense(&found.sense))
}
