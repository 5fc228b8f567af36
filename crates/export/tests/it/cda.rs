//! C-CDA against HL7's own templates: which elements and attributes there are, in which order, how often, with which
//! fixed values. Value sets and FHIRPath rules are not evaluated; the two rules on sections are tests of their own.

use std::collections::HashMap;
use std::io::Read;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use export::cda::{structured, unstructured};
use flate2::read::GzDecoder;
use note::{Document, Draft, Format, Section, Template, plain_text};
use roxmltree::Node;
use serde::Deserialize;

use crate::notes;

#[test]
fn a_soap_note_is_a_progress_note() {
    let draft = notes::soap();
    for handover in [notes::draft_of(&draft), notes::reviewed(&draft, &notes::attest(&draft))] {
        let xml = structured(&handover);
        assert!(claims(&xml, PROGRESS_NOTE));
        check(&xml, "ProgressNote");
    }
}

#[test]
fn any_note_is_an_unstructured_document() {
    for draft in [notes::soap(), Draft::default()] {
        for handover in [notes::draft_of(&draft), notes::reviewed(&draft, &notes::attest(&draft))] {
            let xml = unstructured(&handover);
            check(&xml, "UnstructuredDocument");
            let tree = roxmltree::Document::parse(&xml).expect("XML");
            let text = tree
                .descendants()
                .find(|node| node.has_tag_name((V3, "text")))
                .and_then(|node| node.text());
            let text = STANDARD.decode(text.unwrap_or_default()).expect("base64");
            assert_eq!(text, plain_text(&draft).as_bytes());
        }
    }
}

#[test]
fn every_built_in_template_makes_sections_that_are_what_they_claim() {
    for template in Template::built_in() {
        let draft = Draft {
            template: template.name.clone(),
            document: template.document,
            sections: template
                .sections
                .iter()
                .map(|spec| notes::section(&spec.heading, spec.format, &["Said."]))
                .collect(),
        };
        let xml = structured(&notes::reviewed(&draft, &notes::attest(&draft)));
        if claims(&xml, PROGRESS_NOTE) {
            check(&xml, "ProgressNote");
        }
        sections(&xml);
    }
}

/// Rule `ap-or-a-and-p` of the progress note, and its `ap-combo`.
#[test]
fn only_a_note_with_assessment_and_plan_claims_to_be_a_progress_note() {
    let cases: [(&[&str], bool); 5] = [
        (&["Assessment", "Plan"], true),
        (&["Assessment and plan"], true),
        (&["Plan"], false),
        (&["Assessment and plan", "Plan"], false),
        (&["Goals", "Response"], false),
    ];
    for (headings, claim) in cases {
        let mut draft = Draft {
            sections: headings
                .iter()
                .map(|heading| notes::section(heading, Format::Lines, &["Said."]))
                .collect(),
            ..Draft::default()
        };
        assert_eq!(
            claims(&structured(&notes::draft_of(&draft)), PROGRESS_NOTE),
            claim,
            "{headings:?}"
        );
        draft.document = Document::Letter;
        assert!(!claims(&structured(&notes::draft_of(&draft)), PROGRESS_NOTE));
    }
}

#[test]
fn a_repeated_heading_claims_its_template_once() {
    let plan = || notes::section("Plan", Format::Bullets, &["Rest."]);
    let draft = Draft {
        sections: vec![plan(), notes::section("Assessment", Format::Lines, &["Well."]), plan()],
        ..Draft::default()
    };
    let xml = structured(&notes::draft_of(&draft));
    assert_eq!(xml.matches("2.16.840.1.113883.10.20.22.2.10").count(), 1);
    check(&xml, "ProgressNote");
}

#[test]
fn the_check_refuses_what_is_wrong() {
    let draft = notes::soap();
    let xml = structured(&notes::reviewed(&draft, &notes::attest(&draft)));
    let spoiled = [
        ("<realmCode code=\"US\"/>", ""),
        ("<realmCode code=\"US\"/>", "<realmCode code=\"DE\"/>"),
        ("<title>", "<invented/><title>"),
        ("<languageCode code=\"en-US\"/>", ""),
        ("<raceCode nullFlavor=\"UNK\"/>", ""),
        ("signatureCode code=\"S\"", "signatureCode code=\"X\""),
        ("code=\"61150-9\"", "code=\"61149-1\""),
        (
            "<addr nullFlavor=\"UNK\"/><telecom",
            "<telecom nullFlavor=\"UNK\"/><addr",
        ),
    ];
    for (good, bad) in spoiled {
        let xml = xml.replace(good, bad);
        let caught = std::panic::catch_unwind(|| check(&xml, "ProgressNote"));
        assert!(caught.is_err(), "{good} → {bad}");
    }
}

const V3: &str = "urn:hl7-org:v3";
const PROGRESS_NOTE: &str = "2.16.840.1.113883.10.20.22.1.9";

/// The narrative lines of each section.
pub fn narratives(xml: &str) -> Vec<String> {
    let tree = roxmltree::Document::parse(xml).expect("well-formed XML");
    let lines = tree
        .descendants()
        .filter(|node| ["paragraph", "item"].contains(&node.tag_name().name()));
    lines
        .map(|node| {
            assert!(node.children().all(|child| child.is_text()), "text became markup");
            node.text().unwrap_or_default().to_owned()
        })
        .collect()
}

fn claims(xml: &str, template: &str) -> bool {
    xml.contains(&format!("<templateId root=\"{template}\""))
}

/// Holds the document against a template, and each of its sections against those that it claims.
pub fn check(xml: &str, template: &str) {
    let tree = roxmltree::Document::parse(xml).expect("well-formed XML");
    let root = tree.root_element();
    assert!(root.has_tag_name((V3, "ClinicalDocument")));
    conforms(root, &TEMPLATES[template], "ClinicalDocument");
    sections(xml);
}

fn sections(xml: &str) {
    let tree = roxmltree::Document::parse(xml).expect("well-formed XML");
    for section in tree.descendants().filter(|node| node.has_tag_name((V3, "section"))) {
        let code = section
            .children()
            .find(|child| child.has_tag_name((V3, "code")))
            .and_then(|code| code.attribute("code"));
        for claim in section
            .children()
            .filter(|child| child.has_tag_name((V3, "templateId")))
        {
            let root = claim.attribute("root").expect("a template has a root");
            let known = TEMPLATES.values().find(|elements| {
                let mut roots = elements
                    .iter()
                    .filter(|element| element.id.starts_with("Section.templateId:"));
                roots.any(|element| element.value() == Some(root))
            });
            conforms(
                section,
                known.unwrap_or_else(|| panic!("no template {root}")),
                "Section",
            );
        }
        // A code without a template is one of HL7's section codes all the same.
        let known = |code| {
            TEMPLATES.values().any(|all| {
                all.iter()
                    .any(|one| one.id == "Section.code.code" && one.value() == Some(code))
            })
        };
        let unclaimed = ["11348-0", "42349-1"];
        assert!(
            code.is_none_or(|code| known(code) || unclaimed.contains(&code)),
            "{code:?}"
        );
    }
}

/// One line of a template's snapshot.
#[derive(Deserialize)]
struct Element {
    id: String,
    min: usize,
    max: String,
    #[serde(default)]
    representation: Vec<String>,
    #[serde(flatten)]
    values: HashMap<String, serde_json::Value>,
}

impl Element {
    /// The one value that it may have.
    fn value(&self) -> Option<&str> {
        self.values.values().find_map(|value| value.as_str())
    }

    fn is_attribute(&self) -> bool {
        self.representation.iter().any(|how| how == "xmlAttr")
    }
}

static TEMPLATES: LazyLock<HashMap<String, Vec<Element>>> = LazyLock::new(|| {
    let mut text = String::new();
    GzDecoder::new(include_bytes!("../data/ccda.json.gz").as_slice())
        .read_to_string(&mut text)
        .expect("the templates of the repository");
    serde_json::from_str(&text).expect("the templates are JSON")
});

/// Holds an element and all below it against the lines below `path`.
fn conforms(node: Node, template: &[Element], path: &str) {
    let below: Vec<&Element> = children(template, path)
        .filter(|element| !name(element, path).contains(':'))
        .collect();
    // What a template does not open is a data type of its own, or narrative.
    let opened = !below.is_empty() && !below.iter().any(|element| name(element, path) == "item");
    if !opened {
        return;
    }
    let mut last = 0;
    for child in node.children().filter(Node::is_element) {
        let at = below
            .iter()
            .position(|element| !element.is_attribute() && name(element, path) == called(child));
        let at = at.unwrap_or_else(|| panic!("{path} has no {}", called(child)));
        assert!(at >= last, "{path}.{} stands too late", called(child));
        last = at;
    }
    let empty = node.attribute("nullFlavor").is_some();
    for element in below {
        let field = name(element, path);
        let found = values(node, element, field);
        let most = element.max.parse().unwrap_or(usize::MAX);
        assert!(found <= most, "{}: {found} of at most {most}", element.id);
        assert!(
            empty || found >= element.min,
            "{}: {found} of at least {}",
            element.id,
            element.min
        );
        if element.is_attribute() {
            if let (Some(is), Some(must)) = (node.attribute(field), element.value()) {
                assert_eq!(is, must, "{}", element.id);
            }
            continue;
        }
        for child in node
            .children()
            .filter(|child| child.is_element() && called(*child) == field)
        {
            conforms(child, template, &element.id);
        }
        slices(node, template, &element.id, path, field);
    }
}

/// Named variants of an element, told apart by the fixed values of their attributes.
fn slices(node: Node, template: &[Element], id: &str, path: &str, field: &str) {
    let prefix = format!("{id}:");
    let variants = children(template, path).filter(|element| element.id.starts_with(&prefix));
    for variant in variants {
        let marks: Vec<(&str, &str)> = children(template, &variant.id)
            .filter(|element| element.is_attribute() && element.min > 0)
            .filter_map(|element| Some((name(element, &variant.id), element.value()?)))
            .collect();
        if marks.is_empty() {
            continue;
        }
        let same = |child: &Node| {
            child.is_element()
                && called(*child) == field
                && marks.iter().all(|(key, value)| child.attribute(*key) == Some(value))
        };
        let found = node.children().filter(same).count();
        assert!(
            found >= variant.min,
            "{}: {found} of at least {}",
            variant.id,
            variant.min
        );
        for child in node.children().filter(same) {
            conforms(child, template, &variant.id);
        }
    }
}

fn values(node: Node, element: &Element, field: &str) -> usize {
    if element.is_attribute() {
        usize::from(node.attribute(field).is_some())
    } else {
        node.children()
            .filter(|child| child.is_element() && called(*child) == field)
            .count()
    }
}

fn children<'a>(template: &'a [Element], path: &'a str) -> impl Iterator<Item = &'a Element> {
    template.iter().filter(move |element| {
        let rest = element.id.strip_prefix(path).and_then(|rest| rest.strip_prefix('.'));
        rest.is_some_and(|rest| !rest.contains('.'))
    })
}

fn name<'a>(element: &'a Element, path: &str) -> &'a str {
    &element.id[path.len() + 1..]
}

/// HL7's extensions are called `sdtc…` in the templates.
fn called(node: Node) -> String {
    let name = node.tag_name().name();
    match node.tag_name().namespace() {
        Some("urn:hl7-org:sdtc") => format!("sdtc{}{}", name[..1].to_uppercase(), &name[1..]),
        _ => name.to_owned(),
    }
}

#[test]
fn a_note_without_sections_still_opens() {
    let silent = Draft {
        sections: vec![Section::default()],
        ..Draft::default()
    };
    for draft in [Draft::default(), silent] {
        sections(&structured(&notes::draft_of(&draft)));
    }
}
