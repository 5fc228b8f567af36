//! Numbers and addresses of the wired world: by their shape, or by the word before them.

use super::tokens::{Kind, Text};
use super::words::UNITS;
use super::{Clue, Identifier, Replaced};

pub fn find(text: &Text) -> Vec<Replaced> {
    let mut found = Vec::new();
    for index in 0..text.tokens.len() {
        found.extend(address(text, index));
        found.extend(spoken_email(text, index));
        found.extend(after_cue(text, index));
        found.extend(phone(text, index));
        found.extend(social_security(text, index));
        found.extend(shaped(text, index));
        found.extend(mentioned(text, index));
    }
    // A number that a word explains is found by that word first.
    found.sort_by_key(|found| found.class == Identifier::Other);
    found
}

/// Words before an identifier, and its class; the longer first where one contains another.
const CUES: [(&str, Identifier); 44] = [
    ("license plate", Identifier::Vehicle),
    ("licence plate", Identifier::Vehicle),
    ("plate number", Identifier::Vehicle),
    ("vin", Identifier::Vehicle),
    ("vehicle identification", Identifier::Vehicle),
    ("medical record", Identifier::MedicalRecord),
    ("mrn", Identifier::MedicalRecord),
    ("record number", Identifier::MedicalRecord),
    ("chart number", Identifier::MedicalRecord),
    ("patient id", Identifier::MedicalRecord),
    ("patient number", Identifier::MedicalRecord),
    ("hospital number", Identifier::MedicalRecord),
    ("member id", Identifier::HealthPlan),
    ("member number", Identifier::HealthPlan),
    ("policy", Identifier::HealthPlan),
    ("insurance number", Identifier::HealthPlan),
    ("insurance id", Identifier::HealthPlan),
    ("subscriber", Identifier::HealthPlan),
    ("beneficiary", Identifier::HealthPlan),
    ("medicare", Identifier::HealthPlan),
    ("medicaid", Identifier::HealthPlan),
    ("group number", Identifier::HealthPlan),
    ("account", Identifier::Account),
    ("acct", Identifier::Account),
    ("credit card", Identifier::Account),
    ("invoice", Identifier::Account),
    ("claim", Identifier::Account),
    ("driver's license", Identifier::Licence),
    ("license", Identifier::Licence),
    ("licence", Identifier::Licence),
    ("certificate", Identifier::Licence),
    ("dea", Identifier::Licence),
    ("npi", Identifier::Licence),
    ("serial", Identifier::Device),
    ("device id", Identifier::Device),
    ("udi", Identifier::Device),
    ("imei", Identifier::Device),
    ("social security", Identifier::SocialSecurity),
    ("ssn", Identifier::SocialSecurity),
    ("passport", Identifier::Other),
    ("case number", Identifier::Other),
    ("accession", Identifier::Other),
    ("study id", Identifier::Other),
    ("confirmation number", Identifier::Other),
];

/// Between a cue and its value.
const FILLERS: [&str; 12] = [
    "number", "no", "num", "id", "is", "was", "#", ":", ".", "of", "the", "ending",
];

fn after_cue(text: &Text, index: usize) -> Option<Replaced> {
    let (class, mut at) = CUES
        .iter()
        .find_map(|(cue, class)| Some((*class, text.phrase(index, cue)?)))?;
    while text.is(at, &FILLERS) {
        at += 1;
    }
    let end = value(text, at)?;
    Some(text.found(class, at..end, Clue::Named))
}

/// The end of an identifier that begins here: at least three of its characters are digits.
fn value(text: &Text, at: usize) -> Option<usize> {
    text.tokens.get(at).filter(|token| token.kind != Kind::Mark)?;
    let mut end = text.chunk(at);
    // Groups of digits with spaces between them are one number.
    while text.number(end).is_some()
        && text.tokens[end].text.len() >= 2
        && !text.is(end + 1, &UNITS)
        && digits(text, end - 1..end) > 0
    {
        end = text.chunk(end);
    }
    let date = text.tokens[at..end].iter().any(|token| token.text == "/");
    (digits(text, at..end) >= 3 && !date && !text.is(end, &UNITS)).then_some(end)
}

fn digits(text: &Text, tokens: std::ops::Range<usize>) -> usize {
    text.all[text.span(tokens)].bytes().filter(u8::is_ascii_digit).count()
}

/// URL, e-mail, IP and hardware addresses: by the shape of what stands between two spaces.
fn address(text: &Text, index: usize) -> Option<Replaced> {
    if index > 0 && text.touches(index - 1) && text.tokens[index - 1].kind != Kind::Mark {
        return None;
    }
    let end = text.chunk(index);
    let chunk = &text.all[text.span(index..end)];
    let lower = chunk.to_lowercase();
    let (name, domain) = chunk.split_once('@').unwrap_or_default();
    let four: Vec<Option<u8>> = chunk.split('.').map(|part| part.parse().ok()).collect();
    let hex = |separator: char, count: usize, longest: usize| {
        let parts: Vec<&str> = chunk.split(separator).collect();
        let fits = |part: &&str| part.len() <= longest && part.chars().all(|c| c.is_ascii_hexdigit());
        parts.len() == count && parts.iter().all(fits) && chunk.len() > count + 2
    };
    if lower.contains("://") || lower.starts_with("www.") || (lower.contains(".com/") || lower.contains(".org/")) {
        Some(text.found(Identifier::Url, index..end, Clue::WebAddress))
    } else if !name.is_empty() && domain.contains('.') {
        Some(text.found(Identifier::Email, index..end, Clue::EmailAddress))
    } else if four.len() == 4 && four.iter().all(Option::is_some) || hex(':', 8, 4) {
        Some(text.found(Identifier::Ip, index..end, Clue::NetworkAddress))
    } else if hex(':', 6, 2) || hex('-', 6, 2) {
        Some(text.found(Identifier::Device, index..end, Clue::HardwareAddress))
    } else {
        None
    }
}

/// `jane dot doe at gmail dot com`
fn spoken_email(text: &Text, index: usize) -> Option<Replaced> {
    let ends = text.is(index, &["dot"]) && text.is(index + 1, &["com", "org", "net", "edu", "gov"]);
    let at = index.checked_sub(2).filter(|&at| ends && text.is(at, &["at"]))?;
    let mut start = at.checked_sub(1)?;
    while start >= 2 && text.is(start - 1, &["dot", "underscore", "dash"]) {
        start -= 2;
    }
    Some(text.found(Identifier::Email, start..index + 2, Clue::EmailSpoken))
}

/// Ten digits in groups of three, three and four, or seven after a word for a phone; with a country's number or without.
fn phone(text: &Text, index: usize) -> Option<Replaced> {
    let token = &text.tokens[index];
    if token.kind == Kind::Word || (index > 0 && text.touches(index - 1) && text.tokens[index - 1].kind != Kind::Mark) {
        return None;
    }
    let mut groups: Vec<usize> = Vec::new();
    let mut plus = false;
    let mut end = index;
    for at in index..text.tokens.len().min(index + 14) {
        let token = &text.tokens[at];
        match token.kind {
            Kind::Number if groups.len() < 5 => {
                groups.push(token.text.len());
                end = at + 1;
            }
            Kind::Mark if token.text == "+" && at == index => plus = true,
            Kind::Mark if matches!(token.text, "(" | ")" | "-" | "." | "‑" | "–") => {}
            _ => break,
        }
        let whole = matches!(groups.as_slice(), [3, 3, 4] | [1, 3, 3, 4] | [10] | [11]);
        if whole {
            break;
        }
    }
    if text.tokens[end.checked_sub(1)?].kind != Kind::Number {
        return None;
    }
    let cue = (1..=5).map(|back| text.before(index, back));
    let called = cue.clone().any(|word| PHONES.contains(&word));
    let faxed = cue.clone().any(|word| ["fax", "faxed", "facsimile"].contains(&word));
    let total: usize = groups.iter().sum();
    let whole = matches!(groups.as_slice(), [3, 3, 4] | [1, 3, 3, 4]);
    let abroad = plus && (8..=15).contains(&total);
    let near = (called || faxed) && (matches!(groups.as_slice(), [3, 4]) || (10..=11).contains(&total));
    if !(whole || abroad || near) || text.is(end, &UNITS) {
        return None;
    }
    let class = if faxed { Identifier::Fax } else { Identifier::Phone };
    Some(text.found(class, index..end, Clue::Telephone))
}

const PHONES: [&str; 12] = [
    "phone",
    "telephone",
    "cell",
    "mobile",
    "call",
    "called",
    "pager",
    "tel",
    "text",
    "reach",
    "reached",
    "voicemail",
];

fn social_security(text: &Text, index: usize) -> Option<Replaced> {
    let length = |at: usize| text.number(at).map_or(0, |_| text.tokens[at].text.len());
    let dash = |at: usize| text.is(at, &["-", "‑", "–"]);
    let dashed =
        length(index) == 3 && dash(index + 1) && length(index + 2) == 2 && dash(index + 3) && length(index + 4) == 4;
    let inside = index > 0 && text.touches(index - 1);
    (dashed && !inside).then(|| text.found(Identifier::SocialSecurity, index..index + 5, Clue::SocialSecurity))
}

/// A long number without an explanation: a vehicle's seventeen characters, or seven digits and more.
fn shaped(text: &Text, index: usize) -> Option<Replaced> {
    if index > 0 && text.touches(index - 1) {
        return None;
    }
    let end = text.chunk(index);
    let chunk = &text.all[text.span(index..end)];
    let digits = chunk.bytes().filter(u8::is_ascii_digit).count();
    let letters = chunk.bytes().filter(u8::is_ascii_uppercase).count();
    if chunk.len() == 17 && digits + letters == 17 && digits > 3 && letters > 3 && !chunk.contains(['I', 'O', 'Q']) {
        return Some(text.found(Identifier::Vehicle, index..end, Clue::Vehicle));
    }
    let long = digits >= 7 && digits + letters == chunk.len() && !text.is(end, &UNITS);
    long.then(|| text.found(Identifier::Other, index..end, Clue::LongNumber))
}

/// Words for what cannot be shown without showing who it is.
fn mentioned(text: &Text, index: usize) -> Option<Replaced> {
    const BIOMETRIC: [&str; 10] = [
        "fingerprint",
        "fingerprints",
        "voiceprint",
        "voiceprints",
        "face scan",
        "iris scan",
        "retina scan",
        "face id",
        "touch id",
        "palm scan",
    ];
    const PHOTO: [&str; 12] = [
        "photo",
        "photos",
        "photograph",
        "photographs",
        "photographed",
        "selfie",
        "selfies",
        "headshot",
        "mugshot",
        "portrait",
        "snapshot",
        "video recording",
    ];
    let of = |words: &[&str]| words.iter().find_map(|words| text.phrase(index, words));
    let biometric = of(&BIOMETRIC).map(|end| text.found(Identifier::Biometric, index..end, Clue::Biometric));
    biometric.or_else(|| of(&PHOTO).map(|end| text.found(Identifier::Photo, index..end, Clue::Picture)))
}
