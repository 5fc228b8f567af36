//! Words → facts: what the lists know, with its context, its values and its time.

use speech::Span;

use crate::context::Scopes;
use crate::lexicon::{Match, Sense, matches, sounds_like};
use crate::words::Token;
use crate::{About, Context, Fact, Finding, Presence};

mod history;
mod measurement;
mod medication;
mod when;

/// One sentence and all that was found in it.
pub(crate) struct Reading<'t> {
    tokens: &'t [Token],
    /// Without what lies inside of a longer phrase, and without rules of context.
    found: Vec<Match>,
}

/// The facts of a line, in the order in which they stand in it. Of the first `asked` words the answer says whether they hold.
pub(crate) fn facts(tokens: &[Token], places: &[Span], asked: usize, presence: Presence) -> Vec<Fact> {
    let all = matches(tokens);
    let plain: Vec<Match> = all
        .iter()
        .copied()
        .filter(|found| !matches!(found.sense, Sense::Context(_)))
        .collect();
    if plain.is_empty()
        && !tokens.iter().any(|token| {
            token.key.starts_with(|c: char| c.is_ascii_digit())
                || history::telling(token)
                || sounds_like(&token.key).is_some()
        })
    {
        return Vec::new();
    }
    let inside = |inner: &Match| {
        let longer = |outer: &&Match| outer.length > inner.length && outer.at <= inner.at && inner.end() <= outer.end();
        plain.iter().any(|outer| longer(&outer))
    };
    let reading = Reading {
        tokens,
        found: plain.iter().copied().filter(|found| !inside(found)).collect(),
    };
    let scopes = Scopes::of(tokens, &all);
    let mut known = measurement::all(&reading);
    let measured: Vec<(usize, usize)> = known.iter().map(|&(_, from, to)| (from, to)).collect();
    let free = |found: &&Match| !measured.iter().any(|&(from, to)| from <= found.at && found.at < to);
    known.extend(
        reading
            .found
            .iter()
            .filter(free)
            .filter_map(|found| reading.finding(found)),
    );
    known.extend(medication::all(&reading, &measured));
    let lived = history::all(&reading);
    known.retain(|(about, from, to)| !lived.iter().any(|other| part_of(about, (*from, *to), other)));
    known.extend(lived);
    known.sort_by_key(|&(_, from, to)| (from, to));
    let times = when::all(tokens);
    let contexts: Vec<Context> = known.iter().map(|&(_, from, to)| scopes.at(from, to)).collect();
    let answered = |about: &About| {
        let same = known
            .iter()
            .zip(&contexts)
            .find(|((other, from, _), _)| *from >= asked && other == about);
        same.map(|(_, context)| context.presence)
    };
    let facts = known.iter().zip(&contexts).map(|((about, from, to), context)| {
        let mut context = *context;
        if *from < asked {
            // "Nausea, vomiting? Nausea yes, no vomiting."
            context.presence = match answered(about) {
                Some(answer) => answer,
                None if context.presence == Presence::Possible => Presence::Possible,
                None => presence,
            };
        }
        Fact {
            about: about.clone(),
            at: place(places, *from, *to),
            context: settled(about, context),
            when: when::nearest(tokens, &times, *from, *to),
        }
    });
    facts.collect()
}

impl Reading<'_> {
    fn finding(&self, found: &Match) -> Option<(About, usize, usize)> {
        let about = match found.sense {
            Sense::Finding(system) => About::Finding(Finding {
                name: self.words(found.at, found.end()),
                system,
            }),
            Sense::Procedure => About::Procedure {
                name: self.words(found.at, found.end()),
            },
            _ => return None,
        };
        Some((about, found.at, found.end()))
    }

    /// Lower case, without marks.
    fn words(&self, from: usize, to: usize) -> String {
        let keys: Vec<&str> = self.tokens[from..to].iter().map(|token| token.key.as_ref()).collect();
        keys.join(" ")
    }

    /// As written, without marks.
    fn text(&self, from: usize, to: usize) -> String {
        let words: Vec<&str> = self.tokens[from..to].iter().map(|token| token.text.as_ref()).collect();
        words.join(" ")
    }

    fn key(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.key.as_ref())
    }

    /// The place behind the last word of the sentence in which a word stands.
    fn sentence_end(&self, at: usize) -> usize {
        let end = self.tokens[at..].iter().position(Token::ends_sentence);
        end.map_or(self.tokens.len(), |length| at + length + 1)
    }

    /// The place behind the last word of a clause.
    fn clause_end(&self, at: usize) -> usize {
        let end = self.tokens[at..].iter().position(Token::ends_clause);
        end.map_or(self.tokens.len(), |length| at + length + 1)
    }
}

/// What someone is allergic to is not taken, and the reaction is not a symptom of today.
fn part_of(about: &About, (from, to): (usize, usize), (other, start, end): &(About, usize, usize)) -> bool {
    match (about, other) {
        (About::Medication(_), About::Allergy { .. }) => *start <= from && to <= *end,
        (About::Finding(finding), About::Allergy { reaction, .. }) => {
            (*start <= from && to <= *end) || (from >= *end && reaction.as_ref() == Some(&finding.name))
        }
        _ => false,
    }
}

fn place(places: &[Span], from: usize, to: usize) -> Span {
    Span {
        start: places[from].start,
        end: places[to - 1].end,
    }
}

/// What was measured was measured, whatever else the sentence doubts.
fn settled(about: &About, context: Context) -> Context {
    match about {
        About::Measurement(_) => Context {
            presence: Presence::Affirmed,
            ..context
        },
        _ => context,
    }
}
