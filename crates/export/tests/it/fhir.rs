//! FHIR against HL7's own JSON schema of R4, and against what a schema cannot say.

use std::io::Read;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use export::fhir::{bundle, document_reference};
use flate2::read::GzDecoder;
use jsonschema::Validator;
use note::{Draft, plain_text};
use serde_json::{Value, json};

use crate::notes;

#[test]
fn both_resources_are_valid_r4() {
    for draft in [notes::soap(), Draft::default()] {
        for handover in [notes::draft_of(&draft), notes::reviewed(&draft, &notes::attest(&draft))] {
            valid(&document_reference(&handover));
            valid(&bundle(&handover));
        }
    }
}

#[test]
fn the_schema_refuses_what_is_wrong() {
    let draft = notes::soap();
    let good: Value = serde_json::from_str(&document_reference(&notes::draft_of(&draft))).expect("JSON");
    for (field, wrong) in [
        ("docStatus", json!(3)),
        ("status", json!(null)),
        ("date", json!("today")),
        ("invented", json!(1)),
    ] {
        let mut bad = good.clone();
        bad[field] = wrong;
        assert!(!SCHEMA.is_valid(&bad), "{field}");
    }
}

#[test]
fn a_note_is_preliminary_until_its_review_is_attested() {
    let draft = notes::soap();
    for (handover, status, author) in [
        (notes::draft_of(&draft), "preliminary", "Device"),
        (notes::reviewed(&draft, &notes::attest(&draft)), "final", "Practitioner"),
    ] {
        let reference = valid(&document_reference(&handover));
        assert_eq!(reference["docStatus"], status);
        assert_eq!(reference["contained"][1]["resourceType"], author);
        let bundle = valid(&bundle(&handover));
        assert_eq!(bundle["entry"][0]["resource"]["status"], status);
        assert_eq!(bundle["entry"][2]["resource"]["resourceType"], author);
        assert_eq!(bundle["entry"][0]["resource"]["attester"].is_array(), status == "final");
    }
}

#[test]
fn the_attachment_is_the_canonical_text() {
    let draft = notes::soap();
    let reference = valid(&document_reference(&notes::reviewed(&draft, &notes::attest(&draft))));
    assert_eq!(reference["type"]["coding"][0]["code"], "11506-3");
    assert_eq!(reference["category"][0]["coding"][0]["code"], "clinical-note");
    let attachment = &reference["content"][0]["attachment"];
    let data = STANDARD
        .decode(attachment["data"].as_str().expect("base64"))
        .expect("base64");
    assert_eq!(data, plain_text(&draft).as_bytes());
    assert_eq!(attachment["size"], data.len());
}

/// The rules of a document (bdl-9, bdl-10, bdl-11) and of a composition (cmp-1, cmp-2), and that every reference leads
/// somewhere.
#[test]
fn the_bundle_is_a_document() {
    let draft = notes::soap();
    let bundle = valid(&bundle(&notes::reviewed(&draft, &notes::attest(&draft))));
    assert!(bundle["identifier"]["system"].is_string() && bundle["identifier"]["value"].is_string());
    assert!(bundle["timestamp"].is_string());
    let composition = &bundle["entry"][0]["resource"];
    assert_eq!(composition["resourceType"], "Composition");
    let entries = bundle["entry"].as_array().expect("entries");
    for entry in entries {
        let id = entry["resource"]["id"].as_str().expect("an id");
        assert_eq!(entry["fullUrl"], format!("urn:uuid:{id}"));
    }
    for reference in [
        &composition["subject"],
        &composition["author"][0],
        &composition["attester"][0]["party"],
    ] {
        assert!(
            entries.iter().any(|entry| entry["fullUrl"] == reference["reference"]),
            "{reference}"
        );
    }
    let sections = composition["section"].as_array().expect("sections");
    let codes: Vec<&str> = sections
        .iter()
        .filter_map(|section| section["code"]["coding"][0]["code"].as_str())
        .collect();
    assert_eq!(
        codes,
        ["61150-9", "61149-1", "51848-0", "18776-5", "30954-2", "61146-7"]
    );
    let silent: Vec<bool> = sections
        .iter()
        .map(|section| section["emptyReason"].is_object())
        .collect();
    assert_eq!(silent, [false, false, false, false, true, true]);
}

#[test]
fn nobody_is_invented() {
    let draft = notes::soap();
    let bundle = valid(&bundle(&notes::reviewed(&draft, &notes::attest(&draft))));
    let patient = &bundle["entry"][1]["resource"];
    assert_eq!(patient["gender"], "unknown");
    assert!(patient["identifier"][0]["value"].is_null() && patient["name"][0]["text"].is_null());
    assert_eq!(patient["name"][0]["extension"][0]["valueCode"], "unknown");
}

/// The text of each section's narrative, line by line.
pub fn narratives(bundle: &Value) -> Vec<String> {
    let none = Vec::new();
    let sections = bundle["entry"][0]["resource"]["section"].as_array().unwrap_or(&none);
    let mut lines = Vec::new();
    for section in sections {
        let div = section["text"]["div"].as_str().expect("a narrative");
        let tree = roxmltree::Document::parse(div).expect("well-formed XHTML");
        for node in tree
            .descendants()
            .filter(|node| ["p", "li"].contains(&node.tag_name().name()))
        {
            assert!(node.children().all(|child| child.is_text()), "text became markup");
            lines.push(node.text().unwrap_or_default().to_owned());
        }
    }
    lines
}

/// The resource, when the schema has nothing against it.
pub fn valid(resource: &str) -> Value {
    let resource: Value = serde_json::from_str(resource).expect("JSON");
    if !SCHEMA.is_valid(&resource) {
        // The union of all resources says little; the resource's own schema says where.
        let kind = resource["resourceType"].as_str().expect("a kind");
        let errors: Vec<String> = schema_of(kind)
            .iter_errors(&resource)
            .map(|why| format!("{}: {why:.200}", why.instance_path()))
            .collect();
        panic!("{kind} is not valid: {errors:#?}");
    }
    resource
}

static SCHEMA: LazyLock<Validator> = LazyLock::new(|| jsonschema::draft6::new(&json_schema()).expect("HL7's schema"));

fn schema_of(kind: &str) -> Validator {
    let mut schema = json_schema();
    schema["oneOf"] = json!([{ "$ref": format!("#/definitions/{kind}") }]);
    jsonschema::draft6::new(&schema).expect("HL7's schema of one resource")
}

fn json_schema() -> Value {
    let mut text = String::new();
    GzDecoder::new(include_bytes!("../data/fhir.schema.json.gz").as_slice())
        .read_to_string(&mut text)
        .expect("the schema of the repository");
    serde_json::from_str(&text).expect("the schema is JSON")
}
