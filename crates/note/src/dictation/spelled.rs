//! What is said letter by letter or digit by digit: names, short forms, levels of the spine, record numbers.

use std::borrow::Cow;

use crate::numbers::{below_twenty, is_counted, is_number_word, value};
use crate::words::Token;

/// Behind these, letters are a name.
const SPELLS: &[&str] = &["spelled", "spelt", "spelling", "spells"];

/// Before a single letter that is a name: "vitamin d".
const LETTERED: &[&str] = &["vitamin", "hepatitis", "influenza", "group"];

/// Short forms, as they are written; no word of the language is among them.
const SHORT: &[&str] = &[
    "ICU", "CT", "MRI", "EKG", "ECG", "BP", "COPD", "ABG", "UTI", "URI", "IBS", "IBD", "IUD", "IV", "TIA", "CTA",
    "MRA", "DKA", "DVT", "GCS", "TSH", "CBC", "BMP", "CMP", "INR", "LDL", "HDL", "GERD", "CHF", "CAD", "BMI", "HIV",
    "STI", "NSAID", "NSAIDs", "eGFR", "GFR", "BUN", "EMG", "EEG", "PTSD", "ADHD", "OCD", "ALT", "AST", "PSA", "ESR",
    "CRP", "BID", "TID", "QID", "PRN", "qHS", "HPI", "ROS", "MRSA", "AKI", "CKD", "CPAP", "COVID", "SpO2", "HbA1c",
    "A1c",
];

/// The same, but only where each letter is said: together they are words or other short forms.
const SPELT: &[&str] = &[
    "AMI", "IM", "PO", "pH", "ENT", "ER", "ED", "PA", "AP", "ACE", "ARB", "ALS", "AAA", "IVF", "AFib", "ASA", "PCP",
    "OR",
];

/// Each run of letters or digits as one word, before the numbers are read.
pub(super) fn written(tokens: Vec<Token>) -> Vec<Token> {
    let mut done: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let (text, words) = name(&tokens, at, &done)
            .or_else(|| digits(&tokens, at))
            .or_else(|| lettered(&tokens, at, done.last()))
            .or_else(|| often(&tokens, at))
            .or_else(|| level(&tokens, at))
            .or_else(|| short(&tokens, at))
            .unwrap_or((String::new(), 1));
        done.push(match text.is_empty() {
            true => tokens[at].clone(),
            false => Token::joined(text, &tokens[at..at + words]),
        });
        at += words;
    }
    done
}

fn key(tokens: &[Token], at: usize) -> &str {
    tokens.get(at).map_or("", |token| token.key.as_ref())
}

/// The one letter that a word is; the mark of "S." or "S," belongs to how it is spelled.
fn letter(tokens: &[Token], at: usize) -> Option<char> {
    let mut letters = key(tokens, at).chars();
    let letter = letters.next().filter(char::is_ascii_alphabetic)?;
    letters.next().is_none().then_some(letter)
}

/// Whether a word and the next are said as one; a spelled letter may have a mark.
fn joined(token: &Token, spelling: bool) -> bool {
    token.mark.is_empty() || (spelling && matches!(token.mark.as_ref(), "." | "," | "-"))
}

/// "Spelled s m y t h e", "h a double l", "b as in boy".
fn name(tokens: &[Token], at: usize, done: &[Token]) -> Option<(String, usize)> {
    let before = done.last().filter(|before| before.is_any(SPELLS) || before.is("as"))?;
    if before.is("as") && !done.iter().rev().nth(1).is_some_and(|word| word.is_any(SPELLS)) {
        return None;
    }
    let parts = || key(tokens, at).split('-');
    if parts().count() > 1 && parts().all(|part| part.len() == 1) {
        return Some((capital(&parts().collect::<String>()), 1));
    }
    let mut name = String::new();
    let mut end = at;
    loop {
        let double = usize::from(key(tokens, end) == "double" && letter(tokens, end + 1).is_some());
        let Some(letter) = letter(tokens, end + double) else {
            break;
        };
        name.extend(std::iter::repeat_n(letter, 1 + double));
        end += 1 + double;
        let likened = match key(tokens, end) {
            "as" if key(tokens, end + 1) == "in" => 2,
            "for" => 1,
            _ => 0,
        };
        if likened > 0 && key(tokens, end + likened).starts_with(letter) {
            end += likened + 1;
        }
        if !joined(&tokens[end - 1], true) {
            break;
        }
    }
    (name.len() > 1).then(|| (capital(&name), end - at))
}

fn capital(letters: &str) -> String {
    let (first, rest) = letters.split_at(letters.chars().next().map_or(0, char::len_utf8));
    first.to_uppercase() + &rest.to_lowercase()
}

/// "Four five six seven": three digits or more, and nothing counted by them.
fn digits(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let digit = |at: usize| match key(tokens, at) {
        "oh" | "o" => Some(0),
        key => below_twenty(key).filter(|value| *value < 10),
    };
    let mut digits = String::new();
    let mut end = at;
    while let Some(digit) = digit(end) {
        digits.push_str(&digit.to_string());
        end += 1;
        if !joined(&tokens[end - 1], false) {
            break;
        }
    }
    let next = if tokens[end.max(at + 1) - 1].mark.is_empty() {
        key(tokens, end)
    } else {
        ""
    };
    let goes_on = is_number_word(next) || is_counted(next) || matches!(next, "point" | "am" | "pm" | "a" | "p");
    let decimal = at > 0 && tokens[at - 1].is("point");
    let spoken = key(tokens, at) == "oh" || key(tokens, at) == "o";
    if digits.len() < 3 || goes_on || decimal || spoken {
        return None;
    }
    let grouped = match digits.len() {
        7 => format!("{}-{}", &digits[..3], &digits[3..]),
        10 => format!("{}-{}-{}", &digits[..3], &digits[3..6], &digits[6..]),
        _ => digits,
    };
    Some((grouped, end - at))
}

/// "Vitamin d"
fn lettered(tokens: &[Token], at: usize, before: Option<&Token>) -> Option<(String, usize)> {
    let letter = letter(tokens, at)?;
    before.filter(|before| before.is_any(LETTERED) && before.mark.is_empty())?;
    // "Vitamin b twelve" is read with its number.
    let numbered = tokens[at].mark.is_empty() && letter == 'b' && key(tokens, at + 1) == "twelve";
    (!numbered).then(|| (letter.to_uppercase().collect(), 1))
}

/// "Q four h", "q six hours"
fn often(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let from = below_twenty(key(tokens, at + 1)).filter(|_| key(tokens, at) == "q")?;
    let to = below_twenty(key(tokens, at + 3)).filter(|_| key(tokens, at + 2) == "to");
    let (hours, end) = to.map_or((from.to_string(), 2), |to| (format!("{from}-{to}"), 4));
    Some(match key(tokens, at + end) {
        "h" | "hr" | "hrs" => (format!("q{hours}h"), end + 1),
        _ => (format!("q{hours}"), end),
    })
}

/// "L four l five", "l five s one", "g two p one"
fn level(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let (letter, number, mut end) = one_level(tokens, at)?;
    let mut text = format!("{letter}{number}");
    let next = tokens[end - 1].mark.is_empty();
    let spine = matches!(letter, 'C' | 'T' | 'L');
    let counted = |end: usize| is_counted(key(tokens, end)) || is_number_word(key(tokens, end));
    if let Some((second, other, last)) = one_level(tokens, end).filter(|_| next && spine) {
        let below = (second == letter && other == number + 1) || (other == 1 && second != letter);
        if below {
            text = format!("{text}-{second}{other}");
            end = last;
        }
    } else if next && spine && below_twenty(key(tokens, end)) == Some(number + 1) && !counted(end + 1) {
        text = format!("{text}-{}", number + 1);
        end += 1;
    }
    Some((text, end - at))
}

fn one_level(tokens: &[Token], at: usize) -> Option<(char, u32, usize)> {
    let letter = letter(tokens, at)?.to_ascii_uppercase();
    let highest = match letter {
        'C' => 8,
        'T' => 12,
        'L' | 'S' => 5,
        'G' | 'P' => 19,
        _ => return None,
    };
    let number = below_twenty(key(tokens, at + 1)).filter(|number| (1..=highest).contains(number))?;
    let spelled = letter.is_ascii() && tokens[at].mark.is_empty();
    let longer = matches!(key(tokens, at + 2), "hundred" | "thousand" | "point");
    (spelled && !longer).then_some((letter, number, at + 2))
}

/// "E k g", "b i d", and "ekg" as one word.
fn short(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let known = |lists: &[&[&'static str]], said: &str| {
        let mut all = lists.iter().flat_map(|list| list.iter());
        all.find(|short| short.eq_ignore_ascii_case(said)).copied()
    };
    let Some(first) = letter(tokens, at) else {
        let word = known(&[SHORT], key(tokens, at)).filter(|word| *word != tokens[at].text)?;
        return Some((word.into(), 1));
    };
    let mut letters = String::from(first);
    let mut end = at + 1;
    while joined(&tokens[end - 1], true)
        && let Some(next) = letter(tokens, end)
    {
        letters.push(next);
        end += 1;
    }
    // A half of the day stands behind its hour.
    let hour = at > 0 && (is_number_word(&tokens[at - 1].key) || value(&tokens[at - 1].key).is_some());
    if hour && (letters.starts_with("am") || letters.starts_with("pm")) {
        return Some((letters[..2].into(), 2));
    }
    let whole = (2..=letters.len())
        .rev()
        .find_map(|length| Some((known(&[SHORT, SPELT], &letters[..length])?, length)));
    if let Some((short, length)) = whole {
        return Some((short.into(), length));
    }
    // "A c t scan": the article is none of the letters; "hepatitis b i think": nor is the speaker.
    let article = first == 'a' || first == 'i';
    let letters: Cow<str> = letters.trim_end_matches(['a', 'i']).into();
    (!article && letters.len() > 1).then(|| (letters.to_uppercase(), letters.len()))
}
