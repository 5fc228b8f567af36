//! A short exchange → the section of a note that it belongs to, by the 20 labels of MTS-Dialog.

use std::sync::LazyLock;

use speech::{Speaker, Transcript};

use super::lines::about;
use super::{Features, Linear, best};
use crate::classify::by_cues;
use crate::sentences::bare_words;
use crate::{Experiencer, understand};

/// The labels of MTS-Dialog (Ben Abacha et al., EACL 2023).
pub const HEADERS: [&str; 20] = [
    "FAM/SOCHX",
    "GENHX",
    "PASTMEDICALHX",
    "CC",
    "PASTSURGICAL",
    "ALLERGY",
    "ROS",
    "MEDICATIONS",
    "ASSESSMENT",
    "EXAM",
    "DIAGNOSIS",
    "DISPOSITION",
    "PLAN",
    "EDCOURSE",
    "IMMUNIZATIONS",
    "IMAGING",
    "GYNHX",
    "PROCEDURES",
    "OTHER_HISTORY",
    "LABS",
];

/// The most likely of [`HEADERS`].
pub fn header(exchange: &Transcript) -> &'static str {
    HEADERS[best(&MODEL.scores(&features(exchange)))]
}

static MODEL: LazyLock<Linear> = LazyLock::new(|| {
    let (model, _) = Linear::parse(include_bytes!("../../model/sections.bin")).expect("the committed model is whole");
    model
});

/// What the model sees of an exchange.
pub fn features(exchange: &Transcript) -> Features {
    let mut features = spoken(exchange);
    for statement in understand(exchange) {
        features.add(
            'g',
            &format!("{:?}", by_cues(&statement.text, statement.reply.is_some())),
            1.0,
        );
        if let Some(reply) = statement.reply {
            features.add('r', &format!("{reply:?}"), 0.5);
        }
        for fact in &statement.facts {
            let about = about(&fact.about);
            features.add('a', about, 1.0);
            features.add('a', &format!("{about} {:?}", fact.context.presence), 0.7);
            features.add('a', &format!("{about} {:?}", fact.context.time), 0.7);
            features.add(
                'a',
                &format!("{about} of patient {}", fact.context.of == Experiencer::Patient),
                0.7,
            );
        }
    }
    features.normalised()
}

/// The same without what was understood of the words.
pub fn word_features(exchange: &Transcript) -> Features {
    spoken(exchange).normalised()
}

fn spoken(exchange: &Transcript) -> Features {
    let mut features = Features::default();
    for (turn, segment) in exchange.segments().iter().enumerate() {
        let words = unspelt(bare_words(&segment.text));
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let speaker = if segment.speaker == Some(Speaker::Clinician) {
            'd'
        } else {
            'p'
        };
        features.add_words('w', &words, 1.0);
        features.add_words(speaker, &words, 0.7);
        if turn == 0 {
            features.add_words('f', &words, 1.0);
        }
        for word in &words {
            features.add_letters('c', word, 0.2);
        }
    }
    let length = exchange.segments().len().min(24);
    features.add('l', &(length / 3).to_string(), 2.0);
    features
}

/// Letters said one by one are one word: `e k g`.
fn unspelt(words: Vec<String>) -> Vec<String> {
    let mut whole: Vec<String> = Vec::with_capacity(words.len());
    let mut spelling = false;
    for word in words {
        let letter = word.len() == 1 && word != "i" && word.starts_with(|c: char| c.is_ascii_alphabetic());
        match whole.last_mut().filter(|_| spelling && letter) {
            Some(last) => last.push_str(&word),
            None => whole.push(word),
        }
        spelling = letter;
    }
    whole
}
