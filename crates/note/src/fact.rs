//! What a statement says in terms of medicine, as data.

use speech::Span;

/// Something with a clinical meaning, and how it is meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    pub about: About,
    /// Within the statement's text.
    pub at: Span,
    pub context: Context,
    /// When, how long or since when, in the words of the text.
    pub when: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum About {
    /// A symptom, a sign or a condition.
    Finding(Finding),
    Medication(Medication),
    /// A vital sign or a result with its value.
    Measurement(Measurement),
    /// An operation or a procedure.
    Procedure {
        name: String,
    },
    Allergy {
        substance: String,
        reaction: Option<String>,
    },
    Social(Social),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// As written in the text, lower case.
    pub name: String,
    pub system: Option<System>,
}

/// The fourteen systems of a review, in the order in which they are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum System {
    Constitutional,
    Eyes,
    EarsNoseThroat,
    Cardiovascular,
    Respiratory,
    Gastrointestinal,
    Genitourinary,
    Musculoskeletal,
    Skin,
    Neurological,
    Psychiatric,
    Endocrine,
    Hematologic,
    Allergic,
}

/// What was said of a medication; what was not said is `None`, never inferred.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Medication {
    /// In the lexicon's spelling, lower case.
    pub name: String,
    /// Only resembles the name: to be checked by whoever signs.
    pub doubtful: bool,
    pub action: Option<Action>,
    /// In digits: `20`, `1.5`, `5-325`.
    pub dose: Option<String>,
    pub unit: Option<String>,
    pub route: Option<String>,
    pub frequency: Option<String>,
    pub duration: Option<String>,
    pub indication: Option<String>,
}

/// What happens with a medication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    Start,
    Stop,
    Increase,
    Decrease,
    Continue,
    Refill,
}

/// A value with its name; a value that was not spoken is no measurement.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    /// `blood pressure`, `hemoglobin a1c`
    pub name: String,
    /// In digits: `120/80`, `98.6`.
    pub value: String,
    pub unit: Option<String>,
    pub trend: Option<Trend>,
    /// Whether a living patient can have this value; what cannot be is for the clinician to check.
    pub plausible: bool,
    /// Taken of the body (blood pressure), not in a laboratory.
    pub vital: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trend {
    Up,
    Down,
    Stable,
}

/// How a patient lives.
#[derive(Clone, Debug, PartialEq)]
pub enum Social {
    /// `amount` as said: `1 pack a day for 20 years`; pack-years only where both factors were said.
    Tobacco {
        amount: Option<String>,
        pack_years: Option<f32>,
    },
    Alcohol {
        amount: Option<String>,
    },
    Drugs {
        substance: Option<String>,
    },
    Occupation {
        words: String,
    },
    Living {
        words: String,
    },
}

/// How something is meant, in the three dimensions of ConText (Harkema et al., J Biomed Inform 42:839, 2009).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Context {
    pub presence: Presence,
    pub time: Time,
    pub of: Experiencer,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Presence {
    #[default]
    Affirmed,
    Negated,
    Possible,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Time {
    #[default]
    Current,
    Historical,
    /// Not yet, and perhaps never: `if you get a fever`.
    Hypothetical,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Experiencer {
    #[default]
    Patient,
    Family(Relation),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    Mother,
    Father,
    Sister,
    Brother,
    Daughter,
    Son,
    Grandmother,
    Grandfather,
    Aunt,
    Uncle,
    Cousin,
    Partner,
    /// `runs in the family`
    Family,
}

impl Relation {
    /// By its name in the lists: `mother`.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "mother" => Self::Mother,
            "father" => Self::Father,
            "sister" => Self::Sister,
            "brother" => Self::Brother,
            "daughter" => Self::Daughter,
            "son" => Self::Son,
            "grandmother" => Self::Grandmother,
            "grandfather" => Self::Grandfather,
            "aunt" => Self::Aunt,
            "uncle" => Self::Uncle,
            "cousin" => Self::Cousin,
            "partner" => Self::Partner,
            "family" => Self::Family,
            _ => return None,
        })
    }
}
