//! C-CDA: the note as an HL7 CDA R2 document (US Realm header), for systems that read no FHIR.
//!
//! Sotto knows neither patient nor organisation: `nullFlavor="UNK"` stands for both. The template versions are those of
//! C-CDA 5.0 and, for readers of certified systems, C-CDA 2.1.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use note::{Document, Format, Printed, plain_text, printed, visible};

use crate::codes::{self, SectionCode};
use crate::xml::escape;
use crate::{Handover, when};

/// An unstructured document: the canonical plain text.
pub fn unstructured(handover: &Handover) -> String {
    let text = STANDARD.encode(plain_text(handover.draft));
    let body = format!(
        r#"<component><nonXMLBody><text mediaType="text/plain" representation="B64">{text}</text></nonXMLBody></component>"#
    );
    document(handover, &template(UNSTRUCTURED), "", &body)
}

/// A document whose sections carry their codes and their text. It is a C-CDA progress note where it is one: of that kind,
/// and with an assessment and a plan.
pub fn structured(handover: &Handover) -> String {
    let sections = printed(handover.draft);
    let mut claimed = BTreeSet::new();
    let body: String = sections.iter().map(|shown| section(shown, &mut claimed)).collect();
    let has = |code: &str| claimed.contains(code);
    let assessed = has(ASSESSMENT_AND_PLAN) || (has(ASSESSMENT) && has(PLAN));
    let both = has(ASSESSMENT_AND_PLAN) && (has(ASSESSMENT) || has(PLAN));
    let progress = handover.draft.document == Document::Progress && assessed && !both;
    let templates = if progress {
        template(PROGRESS_NOTE)
    } else {
        String::new()
    };
    // CDA wants one section at least; a note without any has none to show.
    let body = if body.is_empty() {
        "<component><section><text/></section></component>".into()
    } else {
        body
    };
    let body = format!("<component><structuredBody>{body}</structuredBody></component>");
    document(handover, &templates, &encounter(handover), &body)
}

const US_REALM: &str = "2.16.840.1.113883.10.20.22.1.1";
const UNSTRUCTURED: &str = "2.16.840.1.113883.10.20.22.1.10";
const PROGRESS_NOTE: &str = "2.16.840.1.113883.10.20.22.1.9";

const ASSESSMENT: &str = "51848-0";
const PLAN: &str = "18776-5";
const ASSESSMENT_AND_PLAN: &str = "51847-2";

/// What a document template is called in C-CDA 2.1 and in 5.0.
fn template(root: &str) -> String {
    let version = |extension: &str| format!(r#"<templateId root="{root}" extension="{extension}"/>"#);
    version("2015-08-01") + &version("2024-05-01")
}

/// The header, and what stands between the header's people and the body.
fn document(handover: &Handover, templates: &str, context: &str, body: &str) -> String {
    let id = handover.uuid("cda");
    let created = when::hl7(handover.created, handover.offset);
    let written = handover
        .reviewed()
        .map_or(created, |attested| when::hl7(attested.at, handover.offset));
    let (code, loinc, title) = (handover.code(), codes::LOINC_OID, escape(&title(handover)));
    let realm = template(US_REALM);
    let (author, authenticator) = (author(handover, &written), authenticator(handover));
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:sdtc="urn:hl7-org:sdtc">
<realmCode code="US"/>
<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
{realm}{templates}
<id root="{id}"/>
<code code="{code}" codeSystem="{loinc}" codeSystemName="LOINC"/>
<title>{title}</title>
<effectiveTime value="{written}"/>
<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
<languageCode code="en-US"/>
{PATIENT}
{author}
{CUSTODIAN}
{authenticator}{context}{body}
</ClinicalDocument>
"#
    )
}

fn title(handover: &Handover) -> String {
    match handover.reviewed() {
        Some(_) => handover.title().into(),
        None => format!("{} (draft, not reviewed)", handover.title()),
    }
}

const PATIENT: &str = r#"<recordTarget><patientRole><id nullFlavor="UNK"/><addr nullFlavor="UNK"/><telecom nullFlavor="UNK"/>
<patient><name nullFlavor="UNK"/><administrativeGenderCode nullFlavor="UNK"/><birthTime nullFlavor="UNK"/>
<raceCode nullFlavor="UNK"/><ethnicGroupCode nullFlavor="UNK"/></patient></patientRole></recordTarget>"#;

const CUSTODIAN: &str = r#"<custodian><assignedCustodian><representedCustodianOrganization><id nullFlavor="UNK"/><name nullFlavor="UNK"/>
<telecom nullFlavor="UNK"/><addr nullFlavor="UNK"/></representedCustodianOrganization></assignedCustodian></custodian>"#;

const NO_ADDRESS: &str = r#"<id nullFlavor="UNK"/><addr nullFlavor="UNK"/><telecom nullFlavor="UNK"/>"#;

/// The clinician who vouches for the note; before that, the program that drafted it.
fn author(handover: &Handover, written: &str) -> String {
    let author = person(handover).unwrap_or_else(|| {
        "<assignedAuthoringDevice><manufacturerModelName>Sotto</manufacturerModelName>\
         <softwareName>Sotto</softwareName></assignedAuthoringDevice>"
            .into()
    });
    format!(r#"<author><time value="{written}"/><assignedAuthor>{NO_ADDRESS}{author}</assignedAuthor></author>"#)
}

fn authenticator(handover: &Handover) -> String {
    let (Some(attested), Some(person)) = (handover.reviewed(), person(handover)) else {
        return String::new();
    };
    let at = when::hl7(attested.at, handover.offset);
    format!(
        "<legalAuthenticator><time value=\"{at}\"/><signatureCode code=\"S\"/>\
         <assignedEntity>{NO_ADDRESS}{person}</assignedEntity></legalAuthenticator>\n"
    )
}

/// Whoever vouches for the note, by the name that was written; none before anyone does.
fn person(handover: &Handover) -> Option<String> {
    let by = visible(&handover.reviewed()?.by);
    let name = if by.is_empty() {
        r#"<name nullFlavor="UNK"/>"#.into()
    } else {
        format!("<name>{}</name>", escape(&by))
    };
    Some(format!("<assignedPerson>{name}</assignedPerson>"))
}

/// The visit: when it began; where is not known.
fn encounter(handover: &Handover) -> String {
    let began = when::hl7(handover.created, handover.offset);
    format!(
        "<componentOf><encompassingEncounter><id nullFlavor=\"UNK\"/><effectiveTime><low value=\"{began}\"/>\
         </effectiveTime><location><healthCareFacility><id nullFlavor=\"UNK\"/></healthCareFacility></location>\
         </encompassingEncounter></componentOf>\n"
    )
}

/// A template is claimed once in a document: `claimed` has the codes of those that are.
fn section(section: &Printed, claimed: &mut BTreeSet<&'static str>) -> String {
    let code = codes::section(&section.heading).map(|known| {
        let first = claimed.insert(known.code);
        let template = known.template.filter(|_| first).map(template_of);
        let SectionCode { code, .. } = known;
        let loinc = codes::LOINC_OID;
        template.unwrap_or_default() + &format!(r#"<code code="{code}" codeSystem="{loinc}" codeSystemName="LOINC"/>"#)
    });
    let (code, title, text) = (code.unwrap_or_default(), escape(&section.heading), narrative(section));
    format!("<component><section>{code}<title>{title}</title><text>{text}</text></section></component>\n")
}

fn template_of((root, extension): (&str, Option<&str>)) -> String {
    let extension = extension.map(|version| format!(r#" extension="{version}""#));
    format!(r#"<templateId root="{root}"{}/>"#, extension.unwrap_or_default())
}

/// CDA's narrative block.
fn narrative(section: &Printed) -> String {
    let each = |tag: &str| -> String {
        let lines = section.lines.iter();
        lines.map(|line| format!("<{tag}>{}</{tag}>", escape(line))).collect()
    };
    match section.format {
        Format::Lines | Format::Paragraph => each("paragraph"),
        Format::Bullets => format!(r#"<list listType="unordered">{}</list>"#, each("item")),
        Format::Numbered => format!(r#"<list listType="ordered">{}</list>"#, each("item")),
    }
}
