//! A whole vault as people and programs read it without Sotto: one text, or one JSON object.

use std::fmt::Write;

use speech::Speaker;
use vault::audit::{self, Row};

use crate::keeper::protocol::{Class, Opened};
use crate::settings::Settings;
use crate::visit::Visit;
use crate::words;

/// How a time is written: `2026-12-21 14:00`.
pub type Date = fn(u64) -> String;

pub fn text_front(now: u64, date: Date) -> String {
    format!(
        "Everything in a vault of Sotto, {}. Not encrypted: keep it as you keep a patient's record.\n",
        date(now)
    )
}

/// One visit; nothing for one whose note does not open.
pub fn text(opened: &Opened, date: Date) -> Option<String> {
    let visit = Visit::from_parts(part(opened, Class::Note)?, part(opened, Class::Transcript)).ok()?;
    let label = if visit.label.is_empty() { "Visit" } else { &visit.label };
    let mut out = format!(
        "\n{}\n{} · {} · {}\n",
        "=".repeat(72),
        note::visible(label),
        date(visit.created),
        words::timer(visit.seconds)
    );
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    if opened.card.held {
        line("Under legal hold.");
    } else {
        line(&format!(
            "Deleted for good in Sotto on {}.",
            date(opened.card.expires_at)
        ));
    }
    if let Some(draft) = &visit.draft {
        match visit.review.attested(draft) {
            Some(word) => line(&format!(
                "Reviewed by {}, {}.\n",
                note::visible(&word.by),
                date(word.at)
            )),
            None => line("A draft: nobody has confirmed it.\n"),
        }
        line(&note::plain_text(draft));
    }
    if !visit.transcript.is_empty() {
        line("WHAT WAS SAID");
        for segment in visit.transcript.segments() {
            let speaker = match segment.speaker {
                Some(Speaker::Clinician) => "Clinician: ",
                Some(Speaker::Patient) => "Patient: ",
                Some(Speaker::Other) => "Other: ",
                None => "",
            };
            line(&format!(
                "{:>7}  {speaker}{}",
                words::timer(segment.start),
                note::visible(&segment.text)
            ));
        }
    }
    Some(out)
}

/// `{"sotto":…,"log":[…],"consents":[…],"settings":…,"visits":[`
pub fn json_front(now: u64, log: &[Row], consents: &[Vec<u8>], settings: &Settings) -> Vec<u8> {
    let rows = audit::jsonl(log);
    let rows: Vec<&str> = rows.lines().collect();
    let mut front = format!(
        "{{\"sotto\":\"everything, version 1\",\"made\":{now},\"log\":[{}],\"consents\":[",
        rows.join(",\n")
    )
    .into_bytes();
    front.extend(consents.join(b",\n".as_slice()));
    front.extend_from_slice(b"],\"settings\":");
    front.extend(settings.to_bytes());
    front.extend_from_slice(b",\n\"visits\":[\n");
    front
}

/// One visit, its parts as they are stored; nothing for one whose note does not open.
pub fn json(opened: &Opened, first: bool) -> Option<Vec<u8>> {
    let (_, note) = part(opened, Class::Note)?;
    let mut head = String::from(if first { "" } else { ",\n" });
    // Writing to a string cannot fail.
    let _ = write!(
        head,
        "{{\"id\":\"{}\",\"expires_at\":{},\"held\":{},\"note\":",
        vault::RecordId::from(opened.card.note),
        opened.card.expires_at,
        opened.card.held
    );
    let words = part(opened, Class::Transcript).map_or(b"null".as_slice(), |(_, bytes)| bytes);
    Some([head.as_bytes(), note, b",\"transcript\":", words, b"}"].concat())
}

pub const JSON_END: &str = "\n]}\n";

fn part(opened: &Opened, class: Class) -> Option<(u16, &[u8])> {
    let part = opened.parts.iter().find(|part| part.class == class)?;
    Some((part.schema, &part.bytes))
}

#[cfg(test)]
mod tests {
    use note::Template;
    use speech::{Segment, SegmentId};

    use super::*;
    use crate::keeper::protocol::{Card, Id, Part};
    use crate::visit::SCHEMA;

    fn opened() -> (Opened, Visit) {
        let mut visit = Visit {
            label: "Room \"5\"".to_owned(),
            ..Visit::new(1_766_300_400, Template::soap())
        };
        visit
            .transcript
            .insert(Segment::new(SegmentId(0), 3.0, 5.0, "A dry cough."));
        let part = |class, bytes| Part {
            class,
            schema: SCHEMA,
            expires_at: 0,
            bytes,
        };
        let opened = Opened {
            damaged: false,
            card: Card {
                note: Id([7; 16]),
                revision: 1,
                expires_at: 1_768_896_000,
                held: true,
                summary: Vec::new(),
            },
            parts: vec![
                part(Class::Note, visit.note_bytes()),
                part(Class::Transcript, visit.words_bytes()),
            ],
            sound: None,
        };
        (opened, visit)
    }

    #[test]
    fn a_text_holds_what_was_said_and_that_it_is_held() {
        let (opened, _) = opened();
        let text = text(&opened, |time| time.to_string()).expect("its note is there");
        for expected in ["Room \"5\"", "1766300400", "Under legal hold.", "0:03  A dry cough."] {
            assert!(text.contains(expected), "{expected} is not in {text}");
        }
    }

    #[test]
    fn the_json_is_json_and_its_parts_are_the_stored_ones() {
        let (opened, visit) = opened();
        let mut whole = json_front(1, &[], &[b"{\"by\":\"Patient\"}".to_vec()], &Settings::default());
        whole.extend(json(&opened, true).expect("its note is there"));
        whole.extend(json(&opened, false).expect("its note is there"));
        whole.extend_from_slice(JSON_END.as_bytes());
        let read: serde_json::Value = serde_json::from_slice(&whole).expect("it is JSON");
        assert_eq!(read["visits"].as_array().map(Vec::len), Some(2));
        assert_eq!(read["consents"][0]["by"], "Patient");
        let note: serde_json::Value = serde_json::from_slice(&visit.note_bytes()).expect("it is JSON");
        assert_eq!(read["visits"][1]["note"], note);
    }
}
