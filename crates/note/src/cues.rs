//! The words by which a sentence is sorted, and how they are looked up in it.

use crate::sentences::bare_words;

/// A sentence prepared for looking up cues as whole words.
pub(crate) struct Cues {
    pub words: Vec<String>,
}

impl Cues {
    pub fn of(text: &str) -> Cues {
        Cues {
            words: bare_words(text),
        }
    }

    pub fn any(&self, cues: &[&str]) -> bool {
        cues.iter().any(|cue| self.has(cue))
    }

    fn has(&self, cue: &str) -> bool {
        let (first, more) = cue.split_once(' ').unwrap_or((cue, ""));
        let goes_on = |at: usize| {
            let mut words = self.words[at + 1..].iter();
            more.is_empty()
                || more
                    .split(' ')
                    .all(|part| words.next().is_some_and(|word| word == part))
        };
        self.words
            .iter()
            .enumerate()
            .any(|(at, word)| word == first && goes_on(at))
    }

    pub fn patient_speaks(&self) -> bool {
        self.any(&["i", "my", "me", "i've", "i'm", "i'd", "mine"]) && !self.any(SEES)
    }
}

pub(crate) const PLAN_VERBS: &[&str] = &[
    "start",
    "begin",
    "continue",
    "stop",
    "discontinue",
    "increase",
    "decrease",
    "refer",
    "order",
    "schedule",
    "recommend",
    "recommended",
    "follow",
    "return",
    "check",
    "recheck",
    "obtain",
    "prescribe",
    "refill",
    "repeat",
    "avoid",
    "hold",
    "switch",
    "add",
    "taper",
    "titrate",
    "monitor",
    "call",
    "counsel",
    "counseled",
    "advised",
    "advise",
];

/// The clinician looks ahead.
pub(crate) const PLAN_CUES: &[&str] = &[
    "i'm going to",
    "i am going to",
    "we're going to",
    "we are going to",
    "i'm gonna",
    "we're gonna",
    "we'll",
    "we will",
    "i'll",
    "i will",
    "let's",
    "i want you to",
    "i'd like you to",
    "i would like you to",
    "i wanna",
    "go ahead and",
    "we can",
    "we could",
    "we should",
    "you should",
    "you can",
    "you need to",
    "come back",
    "return if",
    "see you in",
    "see you back",
    "will start",
    "will continue",
    "will order",
    "will check",
    "will return",
    "will follow",
    "should return",
    "i recommend",
    "we recommend",
    "refer you",
];

/// Also said of what others did before.
pub(crate) const CARE_CUES: &[&str] = &[
    "follow up",
    "follow-up",
    "referral",
    "recommend",
    "recommended",
    "prescribe",
    "prescription",
    "refill",
    "physical therapy",
    "to the emergency",
    "as needed",
];

/// An announcement begins with these, and goes on with one of [`NEXT_STEPS`].
pub(crate) const NEXT: &[&str] = &[
    "going to",
    "gonna",
    "want to",
    "wanna",
    "like to",
    "go ahead and",
    "let me",
    "let's",
];

/// What is announced and, by itself, no finding.
pub(crate) const NEXT_STEPS: &[&str] = &[
    "listen",
    "listening",
    "examine",
    "take a look",
    "take a quick look",
    "physical exam",
    "quick exam",
    "talk a little bit",
    "go over",
    "check you out",
];

/// Narration of the examination: a future that is over when the visit is.
pub(crate) const NARRATION: &[&str] = &[
    "listen",
    "examine",
    "look at",
    "take a look",
    "feel",
    "press",
    "push",
    "ask you",
    "quick exam",
    "physical exam",
];

/// Who the patient is and why they came, whatever else the sentence mentions.
pub(crate) const PRESENTATION: &[&str] = &[
    "year old",
    "year-old",
    "years old",
    "presents",
    "presenting",
    "past medical history",
    "history of",
    "new patient",
];

pub(crate) const RESULT_NOUNS: &[&str] = &[
    "x-ray",
    "x ray",
    "xray",
    "x-rays",
    "mri",
    "ct",
    "ekg",
    "ecg",
    "echo",
    "echocardiogram",
    "ultrasound",
    "lab",
    "labs",
    "hemoglobin",
    "a1c",
    "creatinine",
    "white count",
    "white blood",
    "cholesterol",
    "urinalysis",
    "biopsy",
    "spirometry",
    "glucose",
    "potassium",
    "tsh",
    "platelets",
    "blood work",
    "pulmonary function",
    "results",
    "cbc",
    "bun",
    "egfr",
    "gfr",
    "esr",
    "crp",
    "lipid",
];

pub(crate) const RESULT_VERBS: &[&str] = &[
    "show",
    "shows",
    "showed",
    "reveal",
    "reveals",
    "revealed",
    "came back",
    "looks",
    "look",
    "looked",
    "is",
    "are",
    "was",
    "were",
    "normal",
    "elevated",
    "negative",
    "positive",
    "demonstrates",
    "within",
];

/// Found with the hands, eyes and ears; nobody plans these.
pub(crate) const FINDINGS: &[&str] = &[
    "tenderness",
    "palpation",
    "auscultation",
    "murmur",
    "pain with",
    "positive for pain",
    "straight leg raise",
    "swelling of",
    "exam is normal",
    "physical exam is",
    "murmurs",
    "regular rate",
    "bilaterally",
    "range of motion",
    "edema",
    "crackles",
    "rales",
    "rhonchi",
    "erythema",
    "reflexes",
    "acute distress",
    "mucous membranes",
    "lymphadenopathy",
    "on exam",
    "on your exam",
    "effusion",
    "bruits",
    "guarding",
    "normocephalic",
    "oropharynx",
    "tympanic",
    "on your physical exam",
    "on your physical examination",
];

/// Also spoken of in plans: "check your blood pressure at home".
pub(crate) const MEASURES: &[&str] = &[
    "blood pressure",
    "heart rate",
    "pulse",
    "temperature",
    "respiratory rate",
    "respirations",
    "oxygen saturation",
    "o2 sat",
    "pulse ox",
    "bmi",
    "vital signs",
    "vitals",
    "tender",
    "rhythm",
    "abdomen",
    "lungs",
    "wheezes",
    "pupils",
    "flexion",
    "extension",
    "carotid",
    "strength is",
    "sensation",
    "gait",
    "thyroid is",
];

/// What a clinician says of a finding in the first person.
const SEES: &[&str] = &[
    "i see",
    "i hear",
    "i feel",
    "i appreciate",
    "i do appreciate",
    "i don't see",
    "i don't hear",
    "i don't appreciate",
    "i can see",
];

pub(crate) const ASSESSMENT_CUES: &[&str] = &[
    "consistent with",
    "likely",
    "diagnosis",
    "impression",
    "i think",
    "i suspect",
    "i believe",
    "suspect",
    "suspicious for",
    "concerning for",
    "concern for",
    "well controlled",
    "poorly controlled",
    "uncontrolled",
    "differential",
    "appears to be",
    "secondary to",
    "exacerbation",
    "rule out",
    "most likely",
    "you have a",
    "evidence of",
    "suggestive of",
    "indicative of",
    "compatible with",
    "due to",
    "problem is",
    "in remission",
];

/// What the patient tells of, even in a sentence with a clinical word.
pub(crate) const OWN: &[&str] = &["my", "me", "i've", "i was", "i had"];
