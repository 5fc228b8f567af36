//! FHIR R4 (4.0.1), with the codes of US Core's clinical notes. Both resources carry the same text: a
//! `DocumentReference` for a chart that files notes, a document `Bundle` for one that reads sections.
//!
//! Who the patient is stays unknown: `data-absent-reason` stands where an identity would. A note is `preliminary` until
//! its review is attested.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use note::{Format, Printed, plain_text, visible};
use serde_json::{Value, json};

use crate::xml::escape;
use crate::{Handover, codes, handover, sheet, when};

/// The note as an attachment of plain text: the canonical one.
pub fn document_reference(handover: &Handover) -> String {
    let text = plain_text(handover.draft);
    let created = when::instant(handover.created, handover.offset);
    let mut attachment = json!({
        "contentType": "text/plain; charset=utf-8",
        "size": text.len(),
        "title": handover.title(),
        "creation": created,
    });
    if text.is_empty() {
        attachment["_data"] = absent();
    } else {
        attachment["data"] = STANDARD.encode(&text).into();
    }
    let mut reference = json!({
        "resourceType": "DocumentReference",
        "status": "current",
        "docStatus": status(handover),
        "type": document_type(handover),
        "category": category(),
        "subject": { "reference": "#patient" },
        "date": created,
        "author": [{ "reference": "#author" }],
        "description": string(&described(handover)),
        "contained": [patient("patient"), author(handover, "author")],
        "content": [{ "attachment": attachment }],
        "context": { "period": { "start": created } },
    });
    if handover.reviewed().is_some() {
        reference["authenticator"] = json!({ "reference": "#author" });
    }
    format!("{reference:#}\n")
}

/// The note as a document: a `Composition` with one section for each of the note's, and whom it names.
pub fn bundle(handover: &Handover) -> String {
    let id = |of: &str| handover.uuid(of);
    let name = |of: &str| format!("urn:uuid:{}", handover.uuid(of));
    let created = when::instant(handover.created, handover.offset);
    let reviewed = handover.reviewed();
    let sheet = sheet(handover);
    let mut composition = json!({
        "resourceType": "Composition",
        "id": id("composition"),
        "status": status(handover),
        "type": document_type(handover),
        "category": category(),
        "subject": { "reference": name("patient") },
        "date": reviewed.map_or(created.clone(), |attested| when::instant(attested.at, handover.offset)),
        "author": [{ "reference": name("author") }],
        "title": string(&format!("{} · {}", sheet.title, sheet.subtitle())),
    });
    let sections: Vec<Value> = sheet.sections.iter().map(section).collect();
    if !sections.is_empty() {
        composition["section"] = sections.into();
    }
    if let Some(attested) = reviewed {
        composition["attester"] = json!([{
            "mode": "professional",
            "time": when::instant(attested.at, handover.offset),
            "party": { "reference": name("author") },
        }]);
    }
    let bundle = json!({
        "resourceType": "Bundle",
        "id": id("bundle"),
        "type": "document",
        "identifier": { "system": "urn:ietf:rfc:3986", "value": name("bundle") },
        "timestamp": reviewed.map_or(created, |attested| when::instant(attested.at, handover.offset)),
        "entry": [
            { "fullUrl": name("composition"), "resource": composition },
            { "fullUrl": name("patient"), "resource": patient(&id("patient")) },
            { "fullUrl": name("author"), "resource": author(handover, &id("author")) },
        ],
    });
    format!("{bundle:#}\n")
}

fn section(section: &Printed) -> Value {
    let mut out = json!({ "text": { "status": "generated", "div": narrative(section) } });
    let heading = string(&section.heading);
    if let Some(known) = codes::section(&heading) {
        out["code"] = json!({ "coding": [{ "system": codes::LOINC, "code": known.code }], "text": heading });
    }
    if !heading.is_empty() {
        out["title"] = heading.into();
    }
    if section.silent {
        let reasons = "http://terminology.hl7.org/CodeSystem/list-empty-reason";
        out["emptyReason"] = json!({ "coding": [{ "system": reasons, "code": "notasked" }] });
    }
    out
}

/// XHTML as FHIR allows it: paragraphs and lists.
fn narrative(section: &Printed) -> String {
    let each = |tag: &str| -> String {
        let lines = section.lines.iter();
        lines.map(|line| format!("<{tag}>{}</{tag}>", escape(line))).collect()
    };
    let body = match section.format {
        Format::Lines | Format::Paragraph => each("p"),
        Format::Bullets => format!("<ul>{}</ul>", each("li")),
        Format::Numbered => format!("<ol>{}</ol>", each("li")),
    };
    format!(r#"<div xmlns="http://www.w3.org/1999/xhtml">{body}</div>"#)
}

fn document_type(handover: &Handover) -> Value {
    json!({ "coding": [{ "system": codes::LOINC, "code": handover.code() }], "text": handover.title() })
}

fn category() -> Value {
    let system = "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category";
    json!([{ "coding": [{ "system": system, "code": "clinical-note", "display": "Clinical Note" }] }])
}

fn status(handover: &Handover) -> &'static str {
    if handover.reviewed().is_some() {
        "final"
    } else {
        "preliminary"
    }
}

/// Somebody; `gender` has a code of its own for that.
fn patient(id: &str) -> Value {
    json!({
        "resourceType": "Patient",
        "id": id,
        "identifier": [{ "_system": absent(), "_value": absent() }],
        "name": [absent()],
        "gender": "unknown",
    })
}

/// The clinician who vouches for the note; before that, the program that drafted it.
fn author(handover: &Handover, id: &str) -> Value {
    let Some(attested) = handover.reviewed() else {
        return json!({
            "resourceType": "Device",
            "id": id,
            "deviceName": [{ "name": "Sotto", "type": "user-friendly-name" }],
        });
    };
    let by = string(&visible(&attested.by));
    let name = if by.is_empty() { absent() } else { json!({ "text": by }) };
    json!({ "resourceType": "Practitioner", "id": id, "name": [name] })
}

/// What a person reads of it in a list.
fn described(handover: &Handover) -> String {
    let sheet = sheet(handover);
    let hash = handover
        .reviewed()
        .map(|attested| format!(" SHA-256 {}.", handover::hex(&attested.hash)));
    format!(
        "{} · {}. {}{}",
        sheet.title,
        sheet.subtitle(),
        sheet.footer,
        hash.unwrap_or_default()
    )
}

fn absent() -> Value {
    json!({ "extension": [{
        "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
        "valueCode": "unknown",
    }] })
}

/// A FHIR `string` has no white space other than spaces and line ends.
fn string(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ").trim().to_owned()
}
