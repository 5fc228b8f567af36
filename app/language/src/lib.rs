//! Everything that the interface says, in each of its languages: `locales/<language>/<screen>.json`.
//!
//! A crate of its own, so that what is generated from the catalogues is compiled once and not with every screen.

#[allow(warnings, clippy::all)]
mod catalogues {
    include!(concat!(env!("OUT_DIR"), "/catalogues.rs"));
}

pub use catalogues::i18n::Locale;

/// `say!(locale, screen.key, name = value)`: a sentence of a catalogue, with what is filled in.
pub use leptos_i18n::td_string as say;

/// What is drafted and exported, whatever the interface speaks, and recognised, unless the model knows other languages;
/// laws and templates are written in it too.
pub const SPOKEN: &str = "en";

/// Each language by the tag that browsers know it by, and in its own word.
pub const LANGUAGES: [(Locale, &str, &str); 3] = [
    (Locale::en, "en", "English"),
    (Locale::es, "es", "Español"),
    (Locale::de, "de", "Deutsch"),
];

/// The language of a tag such as `de-AT`, if the interface has it.
pub fn of_tag(tag: &str) -> Option<Locale> {
    let language = tag.split(['-', '_']).next()?.to_lowercase();
    let known = LANGUAGES.iter().find(|(_, tag, _)| *tag == language)?;
    Some(known.0)
}

/// What a browser knows it by.
pub fn tag(locale: Locale) -> &'static str {
    let known = LANGUAGES.iter().find(|(known, _, _)| *known == locale);
    known.map_or("en", |(_, tag, _)| tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_s_tag_is_a_language_whatever_its_country() {
        assert_eq!(of_tag("de-AT"), Some(Locale::de));
        assert_eq!(of_tag("ES_mx"), Some(Locale::es));
        assert_eq!(of_tag("fr"), None);
        assert_eq!(of_tag(""), None);
        assert_eq!(LANGUAGES.map(|(locale, _, _)| tag(locale)), ["en", "es", "de"]);
    }
}
