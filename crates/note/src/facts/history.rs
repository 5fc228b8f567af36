//! Allergies, and how a patient lives: tobacco, alcohol, drugs, work, home.

use super::Reading;
use crate::lexicon::{Match, Sense};
use crate::numbers::value;
use crate::words::Token;
use crate::{About, Social};

/// With the words that each rests on.
pub(super) fn all(reading: &Reading) -> Vec<(About, usize, usize)> {
    let mut done: Vec<(About, usize, usize)> = Vec::new();
    for found in &reading.found {
        let about = match found.sense {
            Sense::AllergyTo => allergy(reading, found),
            Sense::NoAllergy => Some((
                About::Allergy {
                    substance: reading.words(found.at, found.end()),
                    reaction: None,
                },
                found.at,
                found.end(),
            )),
            Sense::Tobacco => tobacco(reading, found),
            Sense::Alcohol => alcohol(reading, found),
            Sense::Drugs => Some((
                About::Social(Social::Drugs {
                    substance: Some(reading.words(found.at, found.end())),
                }),
                found.at,
                found.end(),
            )),
            _ => None,
        };
        // "I smoke two packs of cigarettes a day" is one habit.
        let again = |(about, ..): &&(About, usize, usize)| {
            matches!(
                (about, &found.sense),
                (About::Social(Social::Tobacco { .. }), Sense::Tobacco)
                    | (About::Social(Social::Alcohol { .. }), Sense::Alcohol)
            )
        };
        let once = done
            .iter()
            .rev()
            .find(again)
            .is_some_and(|&(_, _, to)| found.at < to + SAME_HABIT);
        if !once {
            done.extend(about);
        }
    }
    done.extend(work(reading));
    done.extend(home(reading));
    done
}

/// Words that tell of work or home although no list holds them.
pub(super) fn telling(token: &Token) -> bool {
    token.is_any(&[
        "work",
        "works",
        "working",
        "live",
        "lives",
        "living",
        "retired",
        "unemployed",
        "job",
        "employed",
    ])
}

/// Two mentions this close are of one habit, in words.
const SAME_HABIT: usize = 8;

fn allergy(reading: &Reading, found: &Match) -> Option<(About, usize, usize)> {
    let start =
        (found.end()..reading.tokens.len()).find(|&at| !reading.tokens[at].is_any(&["any", "the", "some", "my"]))?;
    let drug = reading
        .found
        .iter()
        .find(|next| next.at == start && matches!(next.sense, Sense::Drug(_)));
    let end = drug.map_or((start + 1).min(reading.tokens.len()), Match::end);
    // Two words at most, and no pronoun: "allergic to it" names nothing.
    if reading.tokens[start].is_any(&["it", "that", "this", "them", "those", "what", "anything", "something"]) {
        return None;
    }
    let reaction = reading
        .found
        .iter()
        .find(|next| next.at >= end && matches!(next.sense, Sense::Finding(_)))
        .map(|next| reading.words(next.at, next.end()));
    let substance = reading.words(start, end);
    Some((About::Allergy { substance, reaction }, found.at, end))
}

fn tobacco(reading: &Reading, found: &Match) -> Option<(About, usize, usize)> {
    let end = reading.sentence_end(found.at);
    let from = found.at.saturating_sub(4);
    let packs = (from..end).find_map(|at| packs(reading, at));
    let years = (from..end).find_map(|at| {
        let counted = matches!(reading.key(at + 1), "years" | "year")
            && reading.key(at + 2) != "ago"
            && reading.key(at + 2) != "old";
        value(reading.key(at)).filter(|_| counted).map(|years| (years, at + 2))
    });
    let said = (from..end).find_map(|at| {
        let named = reading.key(at + 1).starts_with("pack-year")
            || (reading.key(at + 1) == "pack" && reading.key(at + 2).starts_with("year"));
        value(reading.key(at)).filter(|_| named)
    });
    let cigarettes = (from..end).find_map(|at| {
        let counted =
            matches!(reading.key(at + 1), "cigarettes" | "cigars") && matches!(reading.key(at + 2), "a" | "per");
        value(reading.key(at)).filter(|_| counted).map(|_| (at, at + 4))
    });
    let amount = match (packs, years, cigarettes) {
        (Some((_, at, to)), Some((_, until)), _) if until > at => Some((at, until.max(to))),
        (Some((_, at, to)), ..) | (None, _, Some((at, to))) => Some((at, to)),
        _ => None,
    };
    let pack_years = said.or_else(|| packs.zip(years).map(|((packs, ..), (years, _))| packs * years));
    let amount = amount.map(|(at, to)| reading.text(at, to.min(reading.tokens.len())));
    Some((
        About::Social(Social::Tobacco {
            amount,
            pack_years: pack_years.map(|years| years as f32),
        }),
        found.at,
        found.end(),
    ))
}

/// "2 packs a day", "half a pack per day": packs in a day, and the words.
fn packs(reading: &Reading, at: usize) -> Option<(f64, usize, usize)> {
    let key = |ahead: usize| reading.key(at + ahead);
    let (packs, length) = match (key(0), key(1)) {
        ("half", "a") if key(2) == "pack" => (0.5, 3),
        ("a", "pack") => (1.0, 2),
        ("a", "half") if key(2) == "pack" => (0.5, 3),
        (number, "pack" | "packs") => (value(number)?, 2),
        _ => return None,
    };
    let mut length = length;
    if key(length) == "of" {
        length += 2;
    }
    let daily = matches!(key(length), "a" | "per" | "each" | "every") && key(length + 1) == "day";
    if daily {
        return Some((packs, at, at + length + 2));
    }
    (key(length) == "daily").then_some((packs, at, at + length + 1))
}

fn alcohol(reading: &Reading, found: &Match) -> Option<(About, usize, usize)> {
    let next = &reading.tokens[found.end()
        ..reading
            .clause_end(found.end() - 1)
            .max(found.end())
            .min(reading.tokens.len())];
    let drinks = ["drink", "drinks", "drinking"].contains(&reading.key(found.at));
    let other = [
        "water", "fluids", "liquids", "coffee", "tea", "milk", "juice", "soda", "pop", "plenty", "anything",
        "gatorade", "it", "that", "enough",
    ];
    if drinks && found.length == 1 && next.iter().take(6).any(|token| token.is_any(&other)) {
        return None;
    }
    let end = reading.sentence_end(found.at);
    let units = [
        "drink",
        "drinks",
        "beer",
        "beers",
        "glass",
        "glasses",
        "bottle",
        "bottles",
        "shots",
        "cocktails",
    ];
    let from = found.at.saturating_sub(6);
    let amount = (from..end).find_map(|at| {
        let counted = value(reading.key(at)).is_some() || matches!(reading.key(at), "a" | "couple" | "few");
        let unit = (at + 1..(at + 4).min(end)).find(|&near| units.contains(&reading.key(near)))?;
        if !counted {
            return None;
        }
        let to = (unit + 1..(unit + 6).min(end)).find(|&near| {
            matches!(
                reading.key(near),
                "day" | "week" | "month" | "night" | "weekend" | "daily" | "weekly" | "year"
            )
        });
        Some((at, to.map_or(unit + 1, |to| to + 1)))
    });
    let often = (found.at..end).find(|&at| {
        reading.tokens[at].is_any(&["socially", "occasionally", "rarely", "daily", "weekends", "sometimes"])
    });
    let amount = amount.or_else(|| often.map(|at| (at, at + 1)));
    Some((
        About::Social(Social::Alcohol {
            amount: amount.map(|(at, to)| reading.text(at, to)),
        }),
        found.at,
        found.end(),
    ))
}

/// Words that are still about the work or the home, at most.
const LONGEST: usize = 9;

fn work(reading: &Reading) -> Option<(About, usize, usize)> {
    let at = (0..reading.tokens.len()).find(|&at| {
        let (first, second) = (reading.key(at), reading.key(at + 1));
        let works = matches!(first, "work" | "works" | "working" | "worked" | "employed" | "job")
            && matches!(second, "as" | "at" | "in" | "for" | "from");
        let is = matches!(first, "i'm" | "am" | "he's" | "she's" | "is") && matches!(second, "retired" | "unemployed");
        works || is
    })?;
    let from = if reading.key(at + 1).ends_with("ed") {
        at + 1
    } else {
        at
    };
    let to = reading.clause_end(at).min(at + LONGEST);
    if reading.key(at + 2) == "all" || asks(reading, at) {
        return None;
    }
    Some((
        About::Social(Social::Occupation {
            words: reading.text(from, to),
        }),
        from,
        to,
    ))
}

fn home(reading: &Reading) -> Option<(About, usize, usize)> {
    let at = (0..reading.tokens.len()).find(|&at| {
        matches!(reading.key(at), "live" | "lives" | "living")
            && matches!(reading.key(at + 1), "with" | "alone" | "by" | "in" | "at")
    })?;
    let to = reading.clause_end(at).min(at + LONGEST);
    if asks(reading, at) {
        return None;
    }
    Some((
        About::Social(Social::Living {
            words: reading.text(at, to),
        }),
        at,
        to,
    ))
}

/// "Who lives with you?" says nothing of it.
fn asks(reading: &Reading, at: usize) -> bool {
    let end = reading.sentence_end(at);
    reading.tokens[at..end]
        .last()
        .is_some_and(|last| last.mark.contains('?'))
}
