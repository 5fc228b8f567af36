//! LOINC codes of notes and of their sections. The tests compare those of sections with HL7's own C-CDA templates.

use note::Document;

/// A LOINC code.
pub type Code = &'static str;

pub const LOINC: &str = "http://loinc.org";

/// The same code system as C-CDA names it.
pub const LOINC_OID: &str = "2.16.840.1.113883.6.1";

/// The kinds of notes of US Core's clinical notes guidance, and two more of LOINC's document ontology.
pub fn document(document: Document) -> Code {
    match document {
        Document::Progress => "11506-3",
        Document::HistoryAndPhysical => "34117-2",
        Document::Consultation => "11488-4",
        Document::Procedure => "28570-0",
        Document::Telephone => "34748-4",
        Document::Discharge => "18842-5",
        Document::Letter => "51852-2",
    }
}

/// What a section is, to a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SectionCode {
    pub code: Code,
    /// The C-CDA template `(root, extension)` whose text alone is enough. A template that wants coded entries, or says
    /// that there are none, is not claimed: Sotto knows words.
    pub template: Option<(&'static str, Option<&'static str>)>,
}

/// By heading, whatever its case; none where no code says the same.
pub fn section(heading: &str) -> Option<SectionCode> {
    let heading = heading.trim_end_matches(':').replace('&', "and").to_lowercase();
    let (code, template) = match heading.as_str() {
        "subjective" => ("61150-9", Some(("2.16.840.1.113883.10.20.21.2.2", None))),
        "objective" => ("61149-1", Some(("2.16.840.1.113883.10.20.21.2.1", None))),
        "assessment" | "impression" => ("51848-0", Some(("2.16.840.1.113883.10.20.22.2.8", None))),
        "plan" | "plan of treatment" | "recommendations" => {
            ("18776-5", Some(("2.16.840.1.113883.10.20.22.2.10", Some("2014-06-09"))))
        }
        "assessment and plan" | "impression and plan" => {
            ("51847-2", Some(("2.16.840.1.113883.10.20.22.2.9", Some("2014-06-09"))))
        }
        "chief complaint" => ("10154-3", Some(("1.3.6.1.4.1.19376.1.5.3.1.1.13.2.1", None))),
        "reason for visit" | "reason for call" => ("29299-5", Some(("2.16.840.1.113883.10.20.22.2.12", None))),
        "reason for referral" | "reason for consultation" => ("42349-1", None),
        "history of present illness" | "hpi" => ("10164-2", Some(("1.3.6.1.4.1.19376.1.5.3.1.3.4", None))),
        "review of systems" | "ros" => ("10187-3", Some(("1.3.6.1.4.1.19376.1.5.3.1.3.18", None))),
        "past medical history" | "past history" => ("11348-0", None),
        "past surgical history" | "procedures" => ("47519-4", None),
        "medications" | "current medications" => ("10160-0", None),
        "allergies" | "allergies and intolerances" => ("48765-2", None),
        "family history" => ("10157-6", Some(("2.16.840.1.113883.10.20.22.2.15", Some("2015-08-01")))),
        "social history" => ("29762-2", Some(("2.16.840.1.113883.10.20.22.2.17", Some("2015-08-01")))),
        "immunizations" => ("11369-6", None),
        "vitals" | "vital signs" => ("8716-3", None),
        "physical exam" | "physical examination" | "exam" => {
            ("29545-1", Some(("2.16.840.1.113883.10.20.2.10", Some("2015-08-01"))))
        }
        "mental status" | "mental status exam" => ("10190-7", None),
        "results" | "labs" | "labs and imaging" => ("30954-2", None),
        "goals" => ("61146-7", None),
        "instructions" | "patient instructions" => ("69730-0", None),
        "indication" | "indications" => ("59768-2", None),
        "complications" => ("55109-3", None),
        _ => return None,
    };
    Some(SectionCode { code, template })
}
