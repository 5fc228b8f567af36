//! Pictures of the screens, for the documents and for whoever changes them.

use std::path::PathBuf;

use language::{Locale, of_tag};
use serde_json::json;

use super::tour::{DESKTOP, PHONE, TABLET, tour};
use crate::chrome::{Chrome, Eyes};
use crate::site::from_xtask;

/// Where the tour speaks the language that `SOTTO_SPEAKS` names.
const SPEAKS: &str = "SOTTO_SPEAKS";

/// The screens in the documents; what is left out differs from one of them in a message alone.
const OF_DOCUMENTS: [&str; 26] = [
    "first-run",
    "unlock",
    "visits",
    "keys",
    "consent",
    "recording",
    "review",
    "transcript",
    "suggestions",
    "confirmed",
    "exports",
    "fewer-identifiers",
    "templates",
    "vocabulary",
    "models",
    "settings",
    "recovery-and-erase",
    "laws",
    "audit",
    "prove",
    "answers",
    "notice",
    "checklist",
    "risk",
    "guide",
    "lost",
];

#[test]
#[ignore = "takes pictures: `cargo xtask shots`"]
fn of_documents() {
    tour(Locale::en, |chrome, screen| {
        if OF_DOCUMENTS.contains(&screen) {
            for (size, window) in [("phone", PHONE), ("desktop", DESKTOP)] {
                for (colours, eyes) in [("light", Eyes::Light), ("dark", Eyes::Dark)] {
                    look(chrome, window, eyes);
                    save(chrome, &format!("{screen}-{size}-{colours}"), "webp");
                }
            }
            look(chrome, DESKTOP, Eyes::Light);
        }
    });
}

#[test]
#[ignore = "takes pictures: `cargo xtask shots --all DIR`"]
fn all() {
    let speaks = std::env::var(SPEAKS).ok().and_then(|tag| of_tag(&tag));
    tour(speaks.unwrap_or(Locale::en), |chrome, screen| {
        for (size, window) in [("phone", PHONE), ("tablet", TABLET), ("desktop", DESKTOP)] {
            for (colours, eyes) in [("light", Eyes::Light), ("dark", Eyes::Dark), ("forced", Eyes::Forced)] {
                look(chrome, window, eyes);
                save(chrome, &format!("{screen}-{size}-{colours}"), "png");
            }
            // As long as it is.
            let long = chrome.script("return document.scrollingElement.scrollHeight", json!([]));
            let long = long.as_u64().map_or(window.1, |long| long as u32);
            look(chrome, (window.0, long.clamp(window.1, 6_000)), Eyes::Light);
            save(chrome, &format!("{screen}-{size}-whole"), "png");
        }
        look(chrome, DESKTOP, Eyes::Light);
    });
}

fn look(chrome: &Chrome, window: (u32, u32), eyes: Eyes) {
    chrome.resize(window);
    chrome.is_seen_by(eyes);
}

fn save(chrome: &Chrome, name: &str, format: &str) {
    let folder = PathBuf::from(from_xtask("SOTTO_SHOTS"));
    let file = folder.join(format!("{name}.{format}"));
    std::fs::write(&file, chrome.picture(format)).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
}
