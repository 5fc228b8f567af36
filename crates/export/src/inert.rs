/// Text that an EHR leaves as it is. Epic replaces a word like `.phrase` (SmartPhrase), `@NAME@` (SmartLink) and
/// `{choice:123}` (SmartList) by something else; one space inside takes that away and stays readable. `***` is kept: it
/// is where the EHR stops and asks.
pub fn inert(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut in_braces = false;
    for (at, c) in text.char_indices() {
        out.push(c);
        let rest = &text[at + c.len_utf8()..];
        let next = rest.chars().next().unwrap_or(' ');
        in_braces = match c {
            '{' => rest.contains('}'),
            '}' => false,
            _ => in_braces,
        };
        let phrase = c == '.' && next.is_alphabetic() && !before.is_alphanumeric() && before != '.';
        let link = c == '@' && linked(rest);
        let list = c == ':' && in_braces && next.is_ascii_digit();
        if phrase || link || list {
            out.push(' ');
        }
        before = c;
    }
    out
}

/// Whether another `@` follows in the same word.
fn linked(rest: &str) -> bool {
    let word = rest.split(char::is_whitespace).next().unwrap_or_default();
    word.find('@').is_some_and(|at| at > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_ehr_expands_is_taken_apart_and_nothing_else() {
        let cases = [
            (".hpi and (.ros)", ". hpi and (. ros)"),
            ("He said @NAME@ and @ME@.", "He said @ NAME@ and @ ME@."),
            ("{Pain:19197} {a:b:2}", "{Pain: 19197} {a:b: 2}"),
            (".5 mg, 0.5 mg, e.g. this. That", ".5 mg, 0.5 mg, e.g. this. That"),
            ("a@b.com, c@d.org @home", "a@b.com, c@d.org @home"),
            ("at 10:30 {see below} *** mg", "at 10:30 {see below} *** mg"),
            ("wait...what", "wait...what"),
        ];
        for (said, pasted) in cases {
            assert_eq!(inert(said), pasted);
            assert_eq!(inert(pasted), pasted);
        }
    }
}
