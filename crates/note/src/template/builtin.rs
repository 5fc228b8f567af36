//! The templates that come with the app: files in the very format that a clinician edits.

use super::Template;

/// The text of each, comments included, in the order in which they are offered.
pub const BUILT_IN: [&str; 15] = [
    SOAP,
    HISTORY_AND_PHYSICAL,
    include_str!("../../templates/progress.txt"),
    include_str!("../../templates/consultation.txt"),
    include_str!("../../templates/procedure.txt"),
    include_str!("../../templates/telephone.txt"),
    include_str!("../../templates/dap.txt"),
    include_str!("../../templates/birp.txt"),
    include_str!("../../templates/girp.txt"),
    include_str!("../../templates/sirp.txt"),
    include_str!("../../templates/discharge-summary.txt"),
    include_str!("../../templates/after-visit-summary.txt"),
    include_str!("../../templates/patient-letter.txt"),
    include_str!("../../templates/referral-letter.txt"),
    include_str!("../../templates/as-dictated.txt"),
];

const SOAP: &str = include_str!("../../templates/soap.txt");
const HISTORY_AND_PHYSICAL: &str = include_str!("../../templates/history-and-physical.txt");

impl Template {
    /// All templates that come with the app.
    pub fn built_in() -> Vec<Template> {
        BUILT_IN.into_iter().map(read).collect()
    }

    /// Subjective, objective, assessment, plan.
    pub fn soap() -> Template {
        read(SOAP)
    }

    pub fn history_and_physical() -> Template {
        read(HISTORY_AND_PHYSICAL)
    }
}

fn read(text: &str) -> Template {
    Template::parse(text).expect("a test reads every built-in template")
}
