use serde::{Deserialize, Serialize};

/// What a statement of a visit is about. The classes of MTS-Dialog (Ben Abacha et al. 2023), finer where a note needs it:
/// family and social history apart, vitals, and the parts of a behavioural health note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// Why the patient came.
    ChiefComplaint,
    /// What the patient reports of it, and all that is said of the time before the visit and is nothing finer.
    PresentIllness,
    /// Symptoms that were asked for one by one.
    ReviewOfSystems,
    MedicalHistory,
    SurgicalHistory,
    /// What the patient takes; what is newly prescribed is [`Kind::Plan`].
    Medications,
    Allergies,
    FamilyHistory,
    SocialHistory,
    Immunizations,
    /// Menses, pregnancies, births.
    Gynecologic,
    OtherHistory,
    Vitals,
    /// What the clinician saw, heard and felt.
    Exam,
    /// Appearance, mood, affect, thought, insight.
    MentalStatus,
    /// Laboratory values.
    Labs,
    /// Imaging and tracings.
    Imaging,
    /// What was done to the patient in this visit.
    Procedures,
    /// How a stay went, from arrival until now.
    Course,
    /// What a therapist did in the session.
    Intervention,
    /// How the patient took it.
    Response,
    /// What a treatment is to reach.
    Goals,
    /// Danger to oneself or others.
    Risk,
    /// The name of what the patient has.
    Diagnosis,
    /// What the clinician makes of it.
    Assessment,
    /// What will be done.
    Plan,
    /// What the patient was told to do and to watch for.
    Instructions,
    /// When and with whom the next contact is.
    FollowUp,
    /// Where the patient goes from here.
    Disposition,
}

impl Kind {
    pub const ALL: [Kind; 29] = [
        Kind::ChiefComplaint,
        Kind::PresentIllness,
        Kind::ReviewOfSystems,
        Kind::MedicalHistory,
        Kind::SurgicalHistory,
        Kind::Medications,
        Kind::Allergies,
        Kind::FamilyHistory,
        Kind::SocialHistory,
        Kind::Immunizations,
        Kind::Gynecologic,
        Kind::OtherHistory,
        Kind::Vitals,
        Kind::Exam,
        Kind::MentalStatus,
        Kind::Labs,
        Kind::Imaging,
        Kind::Procedures,
        Kind::Course,
        Kind::Intervention,
        Kind::Response,
        Kind::Goals,
        Kind::Risk,
        Kind::Diagnosis,
        Kind::Assessment,
        Kind::Plan,
        Kind::Instructions,
        Kind::FollowUp,
        Kind::Disposition,
    ];

    /// What a template calls it.
    pub fn name(self) -> &'static str {
        self.names()[0]
    }

    /// The kind that goes by this name, in any case; common short forms count.
    pub fn named(name: &str) -> Option<Kind> {
        let name = name.to_lowercase();
        Kind::ALL.into_iter().find(|kind| kind.names().contains(&name.as_str()))
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            Kind::ChiefComplaint => &["chief complaint", "cc", "reason for visit", "presenting complaint"],
            Kind::PresentIllness => &[
                "history of present illness",
                "hpi",
                "history",
                "history of presenting complaint",
                "interval history",
                "present illness",
            ],
            Kind::ReviewOfSystems => &["review of systems", "ros", "review of symptoms"],
            Kind::MedicalHistory => &[
                "past medical history",
                "pmh",
                "medical history",
                "past history",
                "problem list",
            ],
            Kind::SurgicalHistory => &["past surgical history", "psh", "surgical history"],
            Kind::Medications => &[
                "medications",
                "meds",
                "current medications",
                "home medications",
                "medication",
            ],
            Kind::Allergies => &["allergies", "allergy"],
            Kind::FamilyHistory => &["family history", "fh", "fhx"],
            Kind::SocialHistory => &["social history", "sh", "shx"],
            Kind::Immunizations => &["immunizations", "immunisations", "vaccinations"],
            Kind::Gynecologic => &[
                "gynecologic history",
                "gynaecologic history",
                "obstetric history",
                "ob/gyn history",
            ],
            Kind::OtherHistory => &["other history"],
            Kind::Vitals => &["vital signs", "vitals"],
            Kind::Exam => &[
                "exam",
                "physical exam",
                "physical examination",
                "examination",
                "pe",
                "on examination",
            ],
            Kind::MentalStatus => &["mental status", "mental status exam", "mse"],
            Kind::Labs => &["labs", "laboratory", "laboratory results", "results", "lab results"],
            Kind::Imaging => &["imaging", "radiology", "x-ray", "ekg", "ecg"],
            Kind::Procedures => &["procedures", "procedure"],
            Kind::Course => &["course", "hospital course", "ed course", "emergency department course"],
            Kind::Intervention => &["intervention", "interventions"],
            Kind::Response => &["response", "responses", "progress"],
            Kind::Goals => &["goals", "goal"],
            Kind::Risk => &["risk", "risk assessment", "safety"],
            Kind::Diagnosis => &["diagnosis", "diagnoses", "final diagnosis"],
            Kind::Assessment => &["assessment", "impression", "clinical impression"],
            Kind::Plan => &["plan", "recommendations", "treatment plan", "treatment"],
            Kind::Instructions => &["instructions", "patient instructions", "advice"],
            Kind::FollowUp => &["follow-up", "follow up", "followup", "next appointment"],
            Kind::Disposition => &["disposition"],
        }
    }

    /// Where a statement goes in a note that has no section for its kind; none for what stands on its own.
    pub fn wider(self) -> Option<Kind> {
        match self {
            Kind::ChiefComplaint
            | Kind::ReviewOfSystems
            | Kind::MedicalHistory
            | Kind::SocialHistory
            | Kind::OtherHistory
            | Kind::Course
            | Kind::Goals => Some(Kind::PresentIllness),
            Kind::SurgicalHistory
            | Kind::Medications
            | Kind::Allergies
            | Kind::FamilyHistory
            | Kind::Immunizations
            | Kind::Gynecologic => Some(Kind::MedicalHistory),
            Kind::Vitals | Kind::MentalStatus | Kind::Labs | Kind::Procedures => Some(Kind::Exam),
            Kind::Imaging => Some(Kind::Labs),
            Kind::Intervention => Some(Kind::Procedures),
            Kind::Diagnosis | Kind::Response | Kind::Risk => Some(Kind::Assessment),
            Kind::Instructions | Kind::FollowUp | Kind::Disposition => Some(Kind::Plan),
            Kind::PresentIllness | Kind::Exam | Kind::Assessment | Kind::Plan => None,
        }
    }
}
