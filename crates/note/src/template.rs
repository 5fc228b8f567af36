/// The shape of a note, as data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    pub name: String,
    /// In the order in which they are printed.
    pub sections: Vec<SectionSpec>,
}

/// One section and what goes into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionSpec {
    pub heading: String,
    pub takes: Vec<Kind>,
}

/// What a sentence of a visit is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// What the patient reports, and all that is known from before.
    History,
    /// What was measured or seen during this visit.
    Exam,
    /// Laboratory, imaging, tracings.
    Results,
    /// What the clinician makes of it.
    Assessment,
    /// What will be done.
    Plan,
}

impl Template {
    /// Subjective, objective, assessment, plan.
    pub fn soap() -> Template {
        let section = |heading: &str, takes: &[Kind]| SectionSpec {
            heading: heading.into(),
            takes: takes.to_vec(),
        };
        Template {
            name: "SOAP".into(),
            sections: vec![
                section("Subjective", &[Kind::History]),
                section("Objective", &[Kind::Exam, Kind::Results]),
                section("Assessment", &[Kind::Assessment]),
                section("Plan", &[Kind::Plan]),
            ],
        }
    }
}
