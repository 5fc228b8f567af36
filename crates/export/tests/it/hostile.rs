//! No text breaks an export, and none is lost: random notes made of what breaks other programs.

use std::panic::catch_unwind;

use export::text::{Options, text};
use export::{Handover, SHORTEST_PART, cda, docx, fhir, json, markdown, parts, rtf};
use note::{Attestation, Document, Draft, Format, Line, Section, WhenEmpty, note_hash, plain_text, printed};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

use crate::markup::{docx_lines, markdown_lines, rtf_lines, without_marks};
use crate::{cda as ccda, fhir as r4, json as own, notes};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: Some(Box::new(KEPT)), ..ProptestConfig::default() })]

    #[test]
    fn plain_text_keeps_every_letter(visit in visit(), width in 1_usize..100, crlf: bool, limit in SHORTEST_PART..400) {
        let options = Options { width: Some(width), crlf, ..Options::default() };
        let pasted = text(&visit.handover(), &options).text;
        prop_assert_eq!(letters(&pasted), letters(&plain_text(&visit.draft)));
        prop_assert!(pasted.chars().all(|c| !c.is_control() || "\r\n".contains(c)));
        let parts = parts(&pasted, limit, false).expect("a fair limit");
        prop_assert!(parts.iter().all(|part| part.encode_utf16().count() <= limit));
        prop_assert_eq!(letters(&parts.concat()), letters(&pasted));
    }

    #[test]
    fn ascii_text_is_ascii_and_nothing_in_it_is_expanded(visit in visit()) {
        let options = Options { ascii: true, footer: true, ..Options::default() };
        let once = text(&visit.handover(), &options).text;
        prop_assert!(once.is_ascii());
        let mut again = visit.clone();
        again.draft.sections = vec![Section { heading: "x".into(), lines: once.lines().map(Line::typed).collect(), ..Section::default() }];
        let twice = text(&again.handover(), &Options { ascii: true, ..Options::default() }).text;
        prop_assert_eq!(letters(&twice), letters(&format!("X{once}")));
        let spaces: usize = once.lines().map(|line| line.trim().matches(' ').count()).sum();
        prop_assert_eq!(twice.matches(' ').count(), spaces);
    }

    #[test]
    fn markdown_keeps_every_line(visit in visit()) {
        let handover = visit.handover();
        prop_assert_eq!(markdown_lines(&markdown(&handover)), without_marks(&handover));
    }

    #[test]
    fn rtf_keeps_every_line(visit in visit()) {
        let handover = visit.handover();
        prop_assert_eq!(rtf_lines(&rtf(&handover)), notes::seen(&handover));
    }

    #[test]
    fn docx_keeps_every_line(visit in visit()) {
        let handover = visit.handover();
        prop_assert_eq!(docx_lines(&docx(&handover)), notes::seen(&handover));
    }

    #[test]
    fn fhir_is_valid_and_keeps_every_line(visit in visit()) {
        let handover = visit.handover();
        r4::valid(&fhir::document_reference(&handover));
        prop_assert_eq!(r4::narratives(&r4::valid(&fhir::bundle(&handover))), visit.lines());
    }

    #[test]
    fn cda_is_valid_and_keeps_every_line(visit in visit()) {
        let handover = visit.handover();
        prop_assert_eq!(ccda::narratives(&cda::structured(&handover)), visit.lines());
        ccda::check(&cda::unstructured(&handover), "UnstructuredDocument");
    }

    #[test]
    fn json_is_valid_and_keeps_the_text(visit in visit()) {
        let note = own::valid(&json(&visit.handover(), None));
        prop_assert_eq!(&note["text"], &plain_text(&visit.draft));
    }
}

#[test]
fn a_line_of_a_megabyte_passes_through() {
    for unit in ["word ", "a", "<&\"'>\\{}", "\u{202e}x", "👍", "*_`#"] {
        let draft = Draft {
            sections: vec![notes::section(
                "Plan",
                Format::Bullets,
                &[&unit.repeat(1_000_000 / unit.len())],
            )],
            ..Draft::default()
        };
        let handover = notes::draft_of(&draft);
        let seen = notes::seen(&handover);
        assert_eq!(rtf_lines(&rtf(&handover)), seen);
        assert_eq!(docx_lines(&docx(&handover)), seen);
        assert_eq!(ccda::narratives(&cda::structured(&handover)), printed(&draft)[0].lines);
        let options = Options {
            width: Some(80),
            ..Options::default()
        };
        assert_eq!(letters(&text(&handover, &options).text), letters(&plain_text(&draft)));
        let bundle: serde_json::Value = serde_json::from_str(&fhir::bundle(&handover)).expect("JSON");
        assert_eq!(r4::narratives(&bundle), printed(&draft)[0].lines);
        assert!(catch_unwind(|| markdown(&handover).len() + json(&handover, None).len()).is_ok());
        assert!(parts(&plain_text(&draft), 4_000, true).expect("a fair limit").len() > 50);
    }
}

/// Notes that broke an export once are tried first, for ever.
const KEPT: FileFailurePersistence = FileFailurePersistence::Direct("tests/it/hostile.kept");

#[derive(Clone)]
struct Visit {
    draft: Draft,
    label: String,
    attested: Option<Attestation>,
    created: u64,
    offset: i16,
}

impl std::fmt::Debug for Visit {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(
            f,
            "{:?} {:?} {:?} {} {}",
            self.draft, self.label, self.attested, self.created, self.offset
        )
    }
}

impl Visit {
    fn lines(&self) -> Vec<String> {
        printed(&self.draft)
            .into_iter()
            .flat_map(|section| section.lines)
            .collect()
    }

    fn handover(&self) -> Handover<'_> {
        Handover {
            draft: &self.draft,
            label: &self.label,
            created: self.created,
            offset: self.offset,
            attested: self.attested.as_ref(),
        }
    }
}

fn visit() -> impl Strategy<Value = Visit> {
    let documents = prop_oneof![
        Just(Document::Progress),
        Just(Document::Letter),
        Just(Document::Discharge)
    ];
    let sections = prop::collection::vec(section(), 0..5);
    let people = (hostile(), prop::option::of(hostile()));
    (documents, sections, people, any::<u64>(), any::<i16>()).prop_map(
        |(document, sections, (label, by), created, offset)| {
            let draft = Draft {
                template: "SOAP".into(),
                document,
                sections,
            };
            let hash = note_hash(&draft);
            let attested = by.map(|by| Attestation { by, at: created, hash });
            Visit {
                draft,
                label,
                attested,
                created,
                offset,
            }
        },
    )
}

fn section() -> impl Strategy<Value = Section> {
    let known =
        prop::sample::select(vec!["Plan", "Assessment", "Subjective", "Review of systems"]).prop_map(str::to_owned);
    let formats = prop_oneof![
        Just(Format::Lines),
        Just(Format::Paragraph),
        Just(Format::Bullets),
        Just(Format::Numbered)
    ];
    let silences = prop_oneof![
        Just(WhenEmpty::Omit),
        Just(WhenEmpty::NotDiscussed),
        Just(WhenEmpty::Wildcard)
    ];
    let lines = prop::collection::vec(hostile(), 0..4);
    (prop_oneof![known, hostile()], formats, silences, lines).prop_map(|(heading, format, when_empty, lines)| Section {
        heading,
        format,
        when_empty,
        lines: lines.into_iter().map(Line::typed).collect(),
    })
}

/// Words, other scripts, and what means something to one of the formats.
fn hostile() -> impl Strategy<Value = String> {
    let nasty = vec![
        "",
        " ",
        "word",
        "5 mg",
        "<script>alert(1)</script>",
        "</div>",
        "]]>",
        "<!--",
        "&amp;",
        "&#0;",
        "\\par}",
        "{\\b",
        "\\u-3?",
        "}}",
        "\u{0}",
        "\u{202e}",
        "\u{2066}",
        "\u{fffe}",
        "\u{ffff}",
        "\u{feff}",
        "\u{a0}",
        "\u{3000}",
        "\r\n",
        "\u{2028}",
        "\t",
        "\u{1b}[31m",
        ".phrase",
        "@NAME@",
        "{list:123}",
        "***",
        "---",
        "# ",
        "1. ",
        "12) ",
        "- ",
        "> ",
        "| a | b |",
        "```",
        "[x](javascript:1)",
        "![",
        "~~",
        "=====",
        "+ ",
        "\\",
        "\"",
        "'",
        "é",
        "µg",
        "½",
        "2³",
        "≥",
        "नमस्ते",
        "مرحبا",
        "日本語",
        "👩\u{200d}⚕\u{fe0f}",
        "e\u{301}",
        "\u{10ffff}",
        "\u{d7ff}\u{e000}",
        "%s",
        "\u{7f}\u{85}",
    ];
    let piece = prop_oneof![3 => prop::sample::select(nasty).prop_map(str::to_owned), 1 => any::<String>()];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
