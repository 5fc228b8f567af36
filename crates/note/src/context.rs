//! How a finding is meant: affirmed, negated or possible; now, once or perhaps; the patient's or a relative's. After the
//! manner of ConText (Harkema et al., J Biomed Inform 42:839, 2009): a phrase acts on the words behind or before it, up to
//! where its clause ends. The phrases are in `data/context.txt`.

use crate::lexicon::{Match, Sense};
use crate::words::Token;
use crate::{Context, Experiencer, Presence, Relation, Time};

/// What a phrase does, and where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rule {
    pub effect: Effect,
    pub direction: Direction,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Effect {
    Negated,
    /// Whatever was before: "never had pain this bad".
    Affirmed,
    Possible,
    Historical,
    Hypothetical,
    Family(Relation),
    /// Looks like a rule and is none; hides the rules inside of it.
    Pseudo,
    /// Ends what came before it.
    Stop,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Direction {
    Forward,
    Backward,
}

/// The words on which one phrase acts.
struct Scope {
    effect: Effect,
    /// Of the phrase itself, to tell which of two is nearer.
    at: usize,
    from: usize,
    to: usize,
}

/// The context of every place in a sentence.
pub(crate) struct Scopes(Vec<Scope>);

/// How many words may stand between a phrase, or the last thing that it acted on, and the next.
const REACH: usize = 7;
const SHORT_REACH: usize = 3;
const LONG_REACH: usize = 12;
const BACKWARD_REACH: usize = 6;

/// Adjectives: they act on the noun that follows.
const SHORT: &[&str] = &[
    "previous",
    "prior",
    "former",
    "ex",
    "old",
    "remote",
    "childhood",
    "possible",
    "probable",
    "likely",
    "potential",
    "non",
    "questionable",
    "absent",
    "zero",
    "vaccine",
    "shot",
    "versus",
    "vs",
    "quit",
];

/// With these a new clause begins.
const SUBJECTS: &[&str] = &[
    "i", "i'm", "i've", "i'd", "he", "he's", "she", "she's", "it", "it's", "they", "they're", "we", "we'll", "we're",
    "i'll", "there's", "that's", "you", "you're", "you've",
];

const VERBS: &[&str] = &[
    "have", "had", "has", "do", "did", "does", "am", "is", "was", "are", "were", "get", "got", "feel", "felt", "take",
    "took", "started", "noticed", "notice", "can", "could", "will", "would", "still", "think", "just", "also",
    "always",
];

/// A relative of whom this is said speaks of someone else.
const REPORTING: &[&str] = &[
    "says",
    "said",
    "reports",
    "reported",
    "noticed",
    "notices",
    "thinks",
    "thought",
    "told",
    "states",
    "stated",
    "describes",
    "denies",
    "brought",
    "wanted",
    "wants",
    "made",
    "gave",
    "gives",
    "worries",
    "mentioned",
    "feels",
    "insisted",
    "called",
];

/// Behind these, an earlier time is when something began, not when it was.
const ONSETS: &[&str] = &[
    "started",
    "start",
    "starting",
    "began",
    "begin",
    "since",
    "diagnosed",
    "noticed",
    "first",
    "been",
    "being",
    "came",
    "still",
    "onset",
    "developed",
    "worse",
    "worsened",
];

impl Scopes {
    pub fn of(tokens: &[Token], matches: &[Match]) -> Scopes {
        let rules: Vec<(&Match, Rule)> = matches
            .iter()
            .filter_map(|found| match found.sense {
                Sense::Context(rule) => Some((found, rule)),
                _ => None,
            })
            .collect();
        // Of rules that overlap the one that begins first counts, and of these the longest.
        let hidden = |inner: &Match, rule: Rule| {
            rules.iter().any(|&(outer, other)| {
                let same = other.effect == Effect::Pseudo || group(other) == group(rule);
                let first = (outer.at, inner.length) < (inner.at, outer.length);
                same && first && inner.at < outer.end()
            })
        };
        let active: Vec<(&Match, Rule)> = rules
            .iter()
            .copied()
            .filter(|&(found, rule)| !hidden(found, rule))
            .collect();
        let marks = Marks::of(tokens, matches, &active);
        let mut scopes: Vec<Scope> = active
            .iter()
            .filter_map(|&(found, rule)| marks.scope(found, rule))
            .collect();
        scopes.extend(marks.long_ago());
        Scopes(scopes)
    }

    /// The context of the words from one place to another.
    pub fn at(&self, from: usize, to: usize) -> Context {
        let mut context = Context::default();
        let mut nearest = [usize::MAX; 3];
        for scope in self.0.iter().filter(|scope| scope.from <= from && to <= scope.to) {
            let distance = scope.at.abs_diff(from);
            let mut take = |dimension: usize| {
                let nearer = distance < nearest[dimension];
                if nearer {
                    nearest[dimension] = distance;
                }
                nearer
            };
            match scope.effect {
                Effect::Negated if take(0) => context.presence = Presence::Negated,
                Effect::Possible if take(0) => context.presence = Presence::Possible,
                Effect::Historical if take(1) => context.time = Time::Historical,
                Effect::Hypothetical if take(1) => context.time = Time::Hypothetical,
                Effect::Affirmed => context.presence = Presence::Affirmed,
                // "My aunt on my mother's side" is the aunt.
                Effect::Family(Relation::Family) if context.of != Experiencer::Patient => {}
                Effect::Family(relation) if take(2) => context.of = Experiencer::Family(relation),
                _ => {}
            }
        }
        // What was not, has no past.
        if context.presence == Presence::Negated && context.time == Time::Historical {
            context.time = Time::Current;
        }
        context
    }
}

/// Rules of one group exclude each other where they overlap.
fn group(rule: Rule) -> u8 {
    match (rule.effect, rule.direction) {
        (Effect::Family(_), _) => 0,
        (_, Direction::Backward) => 1,
        (_, Direction::Forward) => 2,
    }
}

/// What the scopes of a sentence are cut out by.
struct Marks<'t> {
    tokens: &'t [Token],
    /// Where a phrase stops what came before.
    stops: Vec<bool>,
    /// Where something stands on which phrases act; its length in words.
    targets: Vec<usize>,
}

impl<'t> Marks<'t> {
    fn of(tokens: &'t [Token], matches: &[Match], rules: &[(&Match, Rule)]) -> Self {
        let mut stops = vec![false; tokens.len()];
        for (found, _) in rules.iter().filter(|(_, rule)| rule.effect == Effect::Stop) {
            stops[found.at] = true;
        }
        for (stop, token) in stops.iter_mut().zip(tokens) {
            *stop |= token.is("since");
        }
        let mut targets = vec![0; tokens.len()];
        for found in matches.iter().filter(|found| !matches!(found.sense, Sense::Context(_))) {
            targets[found.at] = targets[found.at].max(found.length);
        }
        Marks { tokens, stops, targets }
    }

    fn scope(&self, found: &Match, rule: Rule) -> Option<Scope> {
        let (from, to, at) = match (rule.effect, rule.direction) {
            (Effect::Pseudo | Effect::Stop, _) => return None,
            (Effect::Family(_), Direction::Forward) => {
                let speaks = self.tokens[found.end()..]
                    .iter()
                    .take(2)
                    .any(|next| next.is_any(REPORTING));
                if speaks {
                    return None;
                }
                (found.end(), self.family_end(found.end()), found.end())
            }
            (effect, Direction::Forward) => (found.end(), self.forward_end(found, effect), found.end()),
            (_, Direction::Backward) => {
                let last = &self.tokens[found.end() - 1];
                let ends = last.ends_clause() || found.end() == self.tokens.len();
                // "Cough, no fever": the "no" belongs to what follows.
                let first = &self.tokens[found.at];
                let alone = found.length == 1 || first.is_any(&["i", "or", "maybe", "not"]);
                if alone && !ends {
                    return None;
                }
                (self.backward_start(found.at), found.at, found.at)
            }
        };
        Some(Scope {
            effect: rule.effect,
            at,
            from,
            to,
        })
    }

    fn forward_end(&self, found: &Match, effect: Effect) -> usize {
        let short = found.length == 1 && self.tokens[found.at].is_any(SHORT);
        let reach = match effect {
            _ if short => SHORT_REACH,
            Effect::Hypothetical => LONG_REACH,
            _ => REACH,
        };
        let start = found.end();
        let mut left = reach;
        let mut at = start;
        while at < self.tokens.len() && left > 0 {
            let before = &self.tokens[at - 1];
            if before.ends_sentence() || (at > start && self.clause_begins(at, effect)) || self.stopped(at, effect) {
                break;
            }
            if self.targets[at] > 0 {
                at += self.targets[at];
                left = if short { left.saturating_sub(1) } else { reach };
            } else {
                at += 1;
                left -= 1;
            }
        }
        at.min(self.tokens.len())
    }

    /// "Maybe it's just stress": "just" ends a denial, and no more.
    fn stopped(&self, at: usize, effect: Effect) -> bool {
        let narrows = self.tokens[at].is_any(&["just", "only", "mostly", "mainly", "also", "plus", "then"]);
        self.stops[at] && (effect == Effect::Negated || !narrows)
    }

    fn clause_begins(&self, at: usize, effect: Effect) -> bool {
        let token = &self.tokens[at];
        let before = &self.tokens[at - 1];
        let next = self.tokens.get(at + 1);
        let mine = token.is("my") && before.is("and");
        if effect == Effect::Historical && token.is_any(&["has", "have"]) && before.is("and") {
            return true;
        }
        if !token.is_any(SUBJECTS) && !mine {
            return token.is("now") || (before.mark.contains(',') && token.is_any(&["please", "call", "come"]));
        }
        let verb = token.key.contains('\'') || next.is_some_and(|next| next.is_any(VERBS));
        match effect {
            // "If you get a fever, you feel worse or it swells" is one condition.
            Effect::Hypothetical => {
                before.mark.contains(',') && token.is_any(&["i", "i'm", "i'll", "i'd", "we", "we'll", "we're"])
            }
            _ => {
                mine || before.mark.contains(',')
                    || before.is_any(&["and", "or", "so"])
                    || (verb && !before.is_any(&["that", "when", "where", "like"]))
            }
        }
    }

    /// Where what is said of a relative ends: when the talk comes back to the patient.
    fn family_end(&self, start: usize) -> usize {
        let own = |at: usize| {
            let token = &self.tokens[at];
            let relative = self.tokens[at + 1..].iter().take(2).any(|next| is_relative(&next.key));
            token.is_any(&["i", "i'm", "i've", "i'd", "me", "myself", "you've", "you're"])
                || (token.is_any(&["my", "you", "your"]) && !relative)
        };
        let ended = |at: usize| (at > 0 && self.tokens[at - 1].ends_sentence()) || own(at);
        (start..self.tokens.len())
            .find(|&at| ended(at))
            .unwrap_or(self.tokens.len())
    }

    fn backward_start(&self, trigger: usize) -> usize {
        let mut at = trigger;
        while at > 0 && trigger - at < BACKWARD_REACH {
            let token = &self.tokens[at - 1];
            if token.ends_sentence() || self.stops[at - 1] {
                break;
            }
            // A mark right before the phrase ("fever, none") is not the end of a clause.
            if at < trigger
                && token.ends_clause()
                && self.tokens[at].is_any(&["the", "my", "i", "your", "her", "his", "and"])
            {
                break;
            }
            let before = at.checked_sub(2).map(|before| &self.tokens[before]);
            let new_subject =
                token.is_any(&["my", "the", "i", "his", "her"]) && before.is_some_and(|before| before.is("and"));
            at -= 1;
            if new_subject {
                break;
            }
        }
        at
    }

    /// "I had pneumonia four years ago", "back in 2019": the whole clause was once, unless something began then.
    fn long_ago(&self) -> Option<Scope> {
        let key = |at: usize| self.tokens.get(at).map_or("", |token| token.key.as_ref());
        let ago = |at: usize| matches!(key(at), "years" | "months" | "year" | "decades") && key(at + 1) == "ago";
        let year = |at: usize| {
            let named = at + 1 + 2 * usize::from(key(at + 1) == "the" && key(at + 2) == "year");
            let number = key(named)
                .parse::<u32>()
                .is_ok_and(|year| (1920..=2099).contains(&year));
            matches!(key(at), "in" | "of" | "around") && number
        };
        // "When I was 12", "in his fifties"
        let age = |at: usize| {
            let then = matches!(key(at + 2), "was" | "were") && crate::numbers::value(key(at + 3)).is_some();
            let decade = matches!(key(at + 1), "my" | "his" | "her" | "your")
                && (key(at + 2).ends_with("ties") || key(at + 2).ends_with("0s"));
            (key(at) == "when" && then) || (key(at) == "in" && (decade || key(at + 2) == "teens"))
        };
        let at = (0..self.tokens.len()).find(|&at| ago(at) || year(at) || age(at))?;
        let first = |here: usize| {
            here > 0
                && (self.tokens[here - 1].ends_sentence()
                    || self.stops[here]
                    || self.clause_begins(here, Effect::Historical))
        };
        let from = (0..=at).rev().find(|&here| first(here)).unwrap_or(0);
        let to = (at + 2..self.tokens.len())
            .find(|&here| first(here))
            .unwrap_or(self.tokens.len());
        let onset = self.tokens[from..to].iter().any(|token| token.is_any(ONSETS));
        (!onset).then_some(Scope {
            effect: Effect::Historical,
            at,
            from,
            to,
        })
    }
}

fn is_relative(key: &str) -> bool {
    matches!(
        key,
        "mom"
            | "mother"
            | "mum"
            | "dad"
            | "father"
            | "sister"
            | "brother"
            | "daughter"
            | "son"
            | "grandmother"
            | "grandfather"
            | "grandma"
            | "grandpa"
            | "aunt"
            | "uncle"
            | "cousin"
            | "parents"
            | "family"
            | "siblings"
            | "sisters"
            | "brothers"
            | "mom's"
            | "mother's"
            | "dad's"
            | "father's"
            | "wife"
            | "husband"
            | "kids"
            | "children"
    )
}
