//! The words that mean something: one vocabulary over all lists of `data/`, so that each word of a visit is looked up once.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::context::{Direction, Effect, Rule};
use crate::words::Token;
use crate::{Relation, System};

mod sound;

/// What a phrase means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Sense {
    /// Of no one system: pain, cancer.
    Finding(Option<System>),
    /// The name as the list spells it; what it is another name of is not said, and not written.
    Drug(&'static str),
    Context(Rule),
    Procedure,
    Tobacco,
    Alcohol,
    Drugs,
    Route(&'static str),
    Vital(&'static str),
    Result(&'static str),
    AllergyTo,
    NoAllergy,
}

/// A phrase found in a sentence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Match {
    /// Of the first word.
    pub at: usize,
    /// In words.
    pub length: usize,
    pub sense: Sense,
}

impl Match {
    pub fn end(&self) -> usize {
        self.at + self.length
    }
}

struct Phrase {
    /// Behind the first word.
    rest: Vec<&'static str>,
    sense: Sense,
}

struct Lexicon {
    /// By first word, the longest phrases first.
    phrases: HashMap<&'static str, Vec<Phrase>>,
    drugs: Vec<&'static str>,
    /// Names of one word, by how they sound.
    sounds: HashMap<sound::Key, Vec<&'static str>>,
    /// Long names of one word, by their last letters.
    endings: HashMap<&'static str, Vec<&'static str>>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::read);

/// Every phrase of the lists in a sentence, in order. Of the phrases of one kind that begin at a word, the longest counts.
pub(crate) fn matches(tokens: &[Token]) -> Vec<Match> {
    let lexicon = &*LEXICON;
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let Some(phrases) = first(lexicon, &tokens[at].key) else {
            continue;
        };
        // At most one of each kind: a finding, a drug, a rule of context and so on.
        let mut kinds: u32 = 0;
        for phrase in phrases {
            let kind = 1 << kind(phrase.sense);
            if kinds & kind == 0 && fits(&phrase.rest, &tokens[at..]) {
                kinds |= kind;
                found.push(Match {
                    at,
                    length: phrase.rest.len() + 1,
                    sense: phrase.sense,
                });
            }
        }
    }
    found
}

/// Every name of a medication, lower case: for the recogniser's vocabulary as much as for the note.
pub fn drug_names() -> &'static [&'static str] {
    &LEXICON.drugs
}

/// The one name that a misheard word sounds like; `None` where there is none, or more than one, or where the word is known.
pub(crate) fn sounds_like(heard: &str) -> Option<&'static str> {
    if !(SHORTEST..=LONGEST).contains(&heard.len())
        || EVERYDAY.contains(&heard)
        || !heard
            .bytes()
            .all(|letter| letter.is_ascii_lowercase() || letter == b'-')
    {
        return None;
    }
    sounding(heard).or_else(|| ending(heard))
}

/// Every consonant is right, or sounds so.
fn sounding(heard: &str) -> Option<&'static str> {
    let key = sound::key(heard);
    let names = LEXICON.sounds.get(&key)?;
    // Few consonants are easily shared by chance: "protein" and Piriton.
    let allowed = if key.consonants > 4 { 0.23 } else { 0.15 };
    let mut near = names.iter().filter(|name| sound::unlikeness(name, heard) <= allowed);
    let name = near.next()?;
    near.next().is_none().then_some(name)
}

/// "Melformin", "lipinopril": the ending that a class of medications shares is right, and one name is nearest. Of all words of
/// the training sets, two that mean something else come as near to a name; they are in [`EVERYDAY`].
fn ending(heard: &str) -> Option<&'static str> {
    const SLIPS: usize = 2;
    let named = heard.len() > SHORTEST && !heard.ends_with('-');
    let names = LEXICON.endings.get(last_letters(heard).filter(|_| named)?)?;
    let near = names.iter().filter(|name| name.len().abs_diff(heard.len()) <= SLIPS);
    let mut ranked: Vec<(usize, &str)> = near.map(|name| (sound::slips(name, heard), *name)).collect();
    ranked.sort_unstable();
    let nearest = ranked.first().filter(|(slips, _)| (1..=SLIPS).contains(slips))?;
    let alone = ranked.get(1).is_none_or(|second| second.0 > nearest.0);
    alone.then_some(nearest.1)
}

fn last_letters(word: &str) -> Option<&str> {
    word.len().checked_sub(4).and_then(|at| word.get(at..))
}

/// The one name that differs by a slip or two of letters. Only for a word beside a strength: by itself that is too little.
pub(crate) fn resembles(heard: &str) -> Option<&'static str> {
    let slips = if heard.len() >= 9 { 2 } else { 1 };
    let near = |name: &&&str| {
        let long = name.len() >= SHORTEST && heard.len() >= SHORTEST && name.len().abs_diff(heard.len()) <= slips;
        long && name.as_bytes()[0] == heard.as_bytes()[0] && sound::slips(name, heard) <= slips
    };
    let mut names = LEXICON.drugs.iter().filter(near);
    let name = names.next()?;
    names.next().is_none().then_some(name)
}

/// In letters: shorter words resemble each other too often.
const SHORTEST: usize = 6;

/// In letters: no name is longer.
const LONGEST: usize = 40;

/// Words of everyday speech that sound like a brand.
const EVERYDAY: &[&str] = &[
    "brilliant",
    "diabetics",
    "medicare",
    "situation",
    "situations",
    "paragraph",
    "exhalation",
    "medium",
    "purulent",
    "reception",
    "interest",
    "proton",
    "retina",
    "protein",
    "proteins",
    "station",
    "stations",
    "puritan",
    "person",
    "persons",
    "certain",
    "curtain",
    "pretend",
];

fn first<'l>(lexicon: &'l Lexicon, key: &str) -> Option<&'l Vec<Phrase>> {
    lexicon.phrases.get(key).or_else(|| lexicon.phrases.get(singular(key)?))
}

/// The rest of a phrase behind its first word, with no mark between; a plural "s" at its end is understood.
fn fits(rest: &[&str], tokens: &[Token]) -> bool {
    let Some((last, inner)) = rest.split_last() else {
        return true;
    };
    if tokens.len() <= rest.len() || tokens[..rest.len()].iter().any(Token::ends_clause) {
        return false;
    }
    let same = |word: &&str, token: &Token| token.is(word);
    inner.iter().zip(&tokens[1..]).all(|(word, token)| same(word, token))
        && (same(last, &tokens[rest.len()]) || singular(&tokens[rest.len()].key) == Some(last))
}

/// Also of "mom's".
fn singular(key: &str) -> Option<&str> {
    let stem = key.strip_suffix("'s").or_else(|| key.strip_suffix('s'))?;
    (stem.len() > 2).then_some(stem)
}

fn kind(sense: Sense) -> u32 {
    match sense {
        Sense::Finding(_) => 0,
        Sense::Drug(_) => 1,
        Sense::Context(rule) => match rule.effect {
            Effect::Family(_) if rule.direction == Direction::Forward => 2,
            Effect::Family(_) => 14,
            _ if rule.direction == Direction::Backward => 3,
            _ => 4,
        },
        Sense::Procedure => 5,
        Sense::Tobacco => 6,
        Sense::Alcohol => 7,
        Sense::Drugs => 8,
        Sense::Route(_) => 9,
        Sense::Vital(_) => 10,
        Sense::Result(_) => 11,
        Sense::AllergyTo => 12,
        Sense::NoAllergy => 13,
    }
}

impl Lexicon {
    fn read() -> Lexicon {
        let mut lexicon = Lexicon {
            phrases: HashMap::with_capacity(4096),
            drugs: Vec::new(),
            sounds: HashMap::new(),
            endings: HashMap::new(),
        };
        for (heading, terms) in sections(include_str!("../data/findings.txt")) {
            for term in terms {
                for owner in owners(term) {
                    lexicon.add_owned(term, owner, Sense::Finding(system(heading)));
                }
            }
        }
        for (_, names) in sections(include_str!("../data/drugs.txt")) {
            for name in names {
                lexicon.add(name, Sense::Drug(name));
                lexicon.drugs.push(name);
                if name.len() >= SHORTEST && !name.contains(' ') {
                    lexicon.sounds.entry(sound::key(name)).or_default().push(name);
                }
                let long = name.len() > SHORTEST + 1 && !name.contains(' ');
                if let Some(ending) = last_letters(name).filter(|_| long) {
                    lexicon.endings.entry(ending).or_default().push(name);
                }
            }
        }
        for (heading, terms) in sections(include_str!("../data/subjects.txt")) {
            for term in terms {
                let (term, name) = term.split_once('=').unwrap_or((term, term));
                if let Some(sense) = subject(heading, name) {
                    lexicon.add(term, sense);
                }
            }
        }
        for (heading, terms) in sections(include_str!("../data/context.txt")) {
            for term in terms {
                let (term, relation) = term.split_once('=').unwrap_or((term, ""));
                if let Some(rule) = rule(heading, relation) {
                    lexicon.add(term, Sense::Context(rule));
                }
            }
        }
        for phrases in lexicon.phrases.values_mut() {
            phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.rest.len()));
        }
        lexicon
    }

    fn add(&mut self, term: &'static str, sense: Sense) {
        self.add_owned(term, "your", sense);
    }

    /// With this word in the place of "your"; with none, where it is empty.
    fn add_owned(&mut self, term: &'static str, owner: &'static str, sense: Sense) {
        let owned = |word| if word == "your" { owner } else { word };
        let mut words = term.split_whitespace().map(owned).filter(|word| !word.is_empty());
        if let Some(first) = words.next() {
            self.phrases.entry(first).or_default().push(Phrase {
                rest: words.collect(),
                sense,
            });
        }
    }
}

/// "Swelling in your legs" is also "in my legs", and "in legs" once it is denied.
fn owners(term: &str) -> &'static [&'static str] {
    if term.split(' ').any(|word| word == "your") {
        &["your", "my", "the", "his", "her", ""]
    } else {
        &[""]
    }
}

/// `[heading]` lines, and the terms below each, parted by commas and ends of lines.
fn sections(list: &'static str) -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'static str>)> {
    let body = list.split("\n[").skip(1);
    body.filter_map(|section| section.split_once(']'))
        .map(|(heading, terms)| {
            let terms = terms.split([',', '\n']).map(str::trim);
            (heading, terms.filter(|term| !term.is_empty() && !term.starts_with('#')))
        })
}

fn system(heading: &str) -> Option<System> {
    Some(match heading {
        "constitutional" => System::Constitutional,
        "eyes" => System::Eyes,
        "ears nose throat" => System::EarsNoseThroat,
        "cardiovascular" => System::Cardiovascular,
        "respiratory" => System::Respiratory,
        "gastrointestinal" => System::Gastrointestinal,
        "genitourinary" => System::Genitourinary,
        "musculoskeletal" => System::Musculoskeletal,
        "skin" => System::Skin,
        "neurological" => System::Neurological,
        "psychiatric" => System::Psychiatric,
        "endocrine" => System::Endocrine,
        "hematologic" => System::Hematologic,
        "allergic" => System::Allergic,
        _ => return None,
    })
}

fn subject(heading: &str, name: &'static str) -> Option<Sense> {
    Some(match heading {
        "procedure" => Sense::Procedure,
        "tobacco" => Sense::Tobacco,
        "alcohol" => Sense::Alcohol,
        "drugs" => Sense::Drugs,
        "route" => Sense::Route(name),
        "vital" => Sense::Vital(name),
        "result" => Sense::Result(name),
        "allergy" => Sense::AllergyTo,
        "no allergy" => Sense::NoAllergy,
        _ => return None,
    })
}

fn rule(heading: &str, relation: &str) -> Option<Rule> {
    let (effect, direction) = heading.split_once(' ').unwrap_or((heading, "forward"));
    let effect = match effect {
        "negated" => Effect::Negated,
        "affirmed" => Effect::Affirmed,
        "possible" => Effect::Possible,
        "historical" => Effect::Historical,
        "hypothetical" => Effect::Hypothetical,
        "family" => Effect::Family(Relation::named(relation)?),
        "pseudo" => Effect::Pseudo,
        "stop" => Effect::Stop,
        _ => return None,
    };
    let direction = if direction == "backward" {
        Direction::Backward
    } else {
        Direction::Forward
    };
    Some(Rule { effect, direction })
}
