use js_sys::{Array, JsString, Object, Reflect};
use language::Locale;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// Declared here, because the one of `js-sys` ends the page where a browser has none, or knows no such code.
    type DisplayNames;

    #[wasm_bindgen(catch, constructor, js_namespace = Intl)]
    fn new(locale: &str, options: &Object) -> Result<DisplayNames, JsValue>;

    #[wasm_bindgen(catch, method)]
    fn of(this: &DisplayNames, code: &str) -> Result<Option<String>, JsValue>;
}

/// What the interface's language calls another one; its code where the browser knows no name.
pub fn name(l: Locale, code: &str) -> String {
    called(names(l).as_ref(), code)
}

/// Codes and names, in the order of the interface's alphabet.
pub fn by_name(l: Locale, codes: Vec<String>) -> Vec<(String, String)> {
    let names = names(l);
    let mut named: Vec<_> = codes
        .into_iter()
        .map(|code| {
            let name = called(names.as_ref(), &code);
            (code, name)
        })
        .collect();
    let (locale, options) = (Array::of1(&language::tag(l).into()), Object::new());
    named.sort_by(|(_, a), (_, b)| {
        let order = JsString::from(a.as_str()).locale_compare(b, &locale, &options);
        order.cmp(&0)
    });
    named
}

fn names(l: Locale) -> Option<DisplayNames> {
    let options = Object::new();
    Reflect::set(&options, &"type".into(), &"language".into()).ok()?;
    DisplayNames::new(language::tag(l), &options).ok()
}

fn called(names: Option<&DisplayNames>, code: &str) -> String {
    let name = names.and_then(|names| names.of(code).ok().flatten());
    name.unwrap_or_else(|| code.to_owned())
}
