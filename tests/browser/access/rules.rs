//! Every screen against axe-core's rules, light and dark, and against what no tool looks at: that nothing scrolls sideways
//! at 320 pixels, that nothing is cut when letters stand further apart, and that nothing moves for who asked for that.

use language::Locale;
use serde_json::Value;

use super::tour::{DESKTOP, PHONE, tour};
use crate::chrome::{Chrome, Eyes};
use crate::site::from_xtask;

/// 1280 × 1024 pixels at 400 %.
const ZOOMED: (u32, u32) = (320, 256);

/// WCAG 2.2 A and AA, and what axe's authors hold for good practice on top.
const CHECK: &str = "axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    resultTypes: ['violations'],
}).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target}: ${failureSummary}`)))";

/// What is wider than the window, or cut off inside of what does not show all it holds. Tables and text for other programs
/// scroll by themselves.
const TOO_WIDE: &str = "(() => {
    const wide = document.documentElement.clientWidth;
    const own = '.table, pre, textarea, input, select';
    const all = [...document.querySelectorAll('body, body *')].filter((e) => e.checkVisibility() && !e.closest(own));
    const cut = (e) => {
        const { overflowX, clipPath } = getComputedStyle(e);
        // Text for the ear alone has no room on the screen.
        return overflowX !== 'visible' && clipPath === 'none' && e.scrollWidth > e.clientWidth + 1;
    };
    const out = (e) => e.getBoundingClientRect().right > wide + 1;
    const name = (e) => `${e.localName}.${e.className} ${e.textContent.slice(0, 40)}`;
    const found = all.filter((e) => out(e) || cut(e)).map(name);
    const { scrollWidth } = document.scrollingElement;
    return scrollWidth > wide ? [`${scrollWidth} pixels of ${wide}`, ...found] : found;
})()";

/// WCAG 1.4.12: letters and words further apart. Lines are as far apart as it asks for already.
const SPACED: &str =
    "Object.assign(document.documentElement.style, { letterSpacing: '0.12em', wordSpacing: '0.16em' }); []";
const AS_BEFORE: &str = "Object.assign(document.documentElement.style, { letterSpacing: '', wordSpacing: '' }); []";

const MOVING: &str = "[...document.querySelectorAll('*')].filter((e) => {
    const { transitionDuration, animationName } = getComputedStyle(e);
    return animationName !== 'none' || /[1-9]/.test(transitionDuration);
}).map((e) => `${e.localName}.${e.className} moves`)";

#[test]
fn every_screen_keeps_the_rules_in_every_window() {
    keeps_the_rules(Locale::en);
}

#[test]
fn every_screen_keeps_the_rules_in_spanish() {
    keeps_the_rules(Locale::es);
}

#[test]
fn every_screen_keeps_the_rules_in_german() {
    keeps_the_rules(Locale::de);
}

fn keeps_the_rules(l: Locale) {
    let axe = std::fs::read_to_string(from_xtask("SOTTO_AXE")).expect("axe-core is a script");
    let load = format!("typeof axe === 'undefined' && (() => {{ {axe} }})(); typeof axe");
    let (mut seen, mut wrong) = (Vec::new(), Vec::new());
    tour(l, |chrome, screen| {
        let mut look = |as_what: &str, expression: &str| {
            let found = findings(chrome, expression);
            wrong.extend(found.into_iter().map(|what| format!("{screen}, {as_what}: {what}")));
        };
        assert_eq!(chrome.beside_the_page(&load), "object", "axe is there");
        for (name, eyes, size) in [("light", Eyes::Light, DESKTOP), ("dark", Eyes::Dark, PHONE)] {
            chrome.resize(size);
            chrome.is_seen_by(eyes);
            look(name, CHECK);
        }
        chrome.resize(ZOOMED);
        look("at 400 %", TOO_WIDE);
        look("at rest", MOVING);
        chrome.resize(PHONE);
        look("spaced", SPACED);
        look("spaced", TOO_WIDE);
        look("spaced", AS_BEFORE);
        chrome.resize(DESKTOP);
        chrome.is_seen_by(Eyes::Light);
        seen.push(screen.to_owned());
    });
    assert!(seen.len() > 25, "{seen:?}");
    assert!(wrong.is_empty(), "{} findings:\n{}", wrong.len(), wrong.join("\n"));
}

fn findings(chrome: &Chrome, expression: &str) -> Vec<String> {
    let found = chrome.beside_the_page(expression);
    let found = found.as_array().unwrap_or_else(|| panic!("a list, not {found}"));
    let text = |value: &Value| value.as_str().expect("findings are texts").to_owned();
    found.iter().map(text).collect()
}
