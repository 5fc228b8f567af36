/// Text with nothing but ASCII, and how many characters have no likeness there.
pub struct Folded {
    pub text: String,
    pub lost: usize,
}

pub fn fold(text: &str) -> Folded {
    let mut folded = Folded {
        text: String::with_capacity(text.len()),
        lost: 0,
    };
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let next = text[at + c.len_utf8()..].chars().next();
        if c.is_ascii() {
            folded.text.push(c);
        } else if c == 'µ' || c == 'μ' {
            // A handwritten µg is misread as mg: safe writing is mcg.
            folded.text.push_str(if next == Some('g') { "mc" } else { "u" });
        } else if c == '°' {
            let (left, right) = (before != ' ', next.is_some_and(char::is_alphabetic));
            folded.text.extend(left.then_some(' '));
            folded.text.push_str("deg");
            folded.text.extend(right.then_some(' '));
        } else if let Some(fraction) = fraction(c) {
            if before.is_ascii_digit() {
                folded.text.push(' ');
            }
            folded.text.push_str(fraction);
        } else if let Some(digit) = raised(c) {
            // 10³ is not 103.
            if before.is_ascii_digit() {
                folded.text.push('^');
            }
            folded.text.push(digit);
        } else if let Some(letters) = sign(c).or_else(|| letter(c)) {
            folded.text.push_str(letters);
        } else if !accent(c) {
            folded.text.push('?');
            folded.lost += 1;
        }
        before = c;
    }
    folded
}

/// An accent that stands beside its letter: the letter stays.
fn accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

fn fraction(c: char) -> Option<&'static str> {
    Some(match c {
        '½' => "1/2",
        '¼' => "1/4",
        '¾' => "3/4",
        '⅓' => "1/3",
        '⅔' => "2/3",
        '⅛' => "1/8",
        '⅜' => "3/8",
        '⅝' => "5/8",
        '⅞' => "7/8",
        _ => return None,
    })
}

fn raised(c: char) -> Option<char> {
    Some(match c {
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁰' => '0',
        '⁴'..='⁹' => char::from(b'4' + u8::try_from(u32::from(c) - u32::from('⁴')).ok()?),
        _ => return None,
    })
}

fn sign(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{a0}' | '\u{202f}' => " ",
        '‘' | '’' | '‚' | '‛' | '′' | 'ʼ' => "'",
        '“' | '”' | '„' | '″' | '«' | '»' => "\"",
        '‐' | '‑' | '‒' | '–' | '−' | '•' | '·' | '●' | '▪' | '◦' => "-",
        '—' | '―' => "--",
        '…' => "...",
        '≥' => ">=",
        '≤' => "<=",
        '≠' => "!=",
        '≈' | '∼' => "~",
        '±' => "+/-",
        '×' | '✕' => "x",
        '÷' => "/",
        '→' | '⇒' => "->",
        '←' => "<-",
        '↑' => "increased",
        '↓' => "decreased",
        '℃' => " deg C",
        '℉' => " deg F",
        '™' => "(TM)",
        '®' => "(R)",
        '©' => "(C)",
        '№' => "No.",
        '€' => "EUR",
        '£' => "GBP",
        'α' => "alpha",
        'β' => "beta",
        'γ' => "gamma",
        'δ' | 'Δ' => "delta",
        '₀' => "0",
        '₁' => "1",
        '₂' => "2",
        '₃' => "3",
        '₄' => "4",
        _ => return None,
    })
}

/// Latin letters of western and central Europe.
fn letter(c: char) -> Option<&'static str> {
    Some(match c {
        'ä' | 'æ' => "ae",
        'Ä' | 'Æ' => "Ae",
        'ö' | 'œ' => "oe",
        'Ö' | 'Œ' => "Oe",
        'ü' => "ue",
        'Ü' => "Ue",
        'ß' => "ss",
        'þ' => "th",
        'Þ' => "Th",
        'à'..='ã' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'À'..='Ã' | 'Å' | 'Ā' | 'Ă' | 'Ą' => "A",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'Ç' | 'Ć' | 'Ĉ' | 'Ċ' | 'Č' => "C",
        'ð' | 'ď' | 'đ' => "d",
        'Ð' | 'Ď' | 'Đ' => "D",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'È'..='Ë' | 'Ē' | 'Ĕ' | 'Ė' | 'Ę' | 'Ě' => "E",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'Ĝ' | 'Ğ' | 'Ġ' | 'Ģ' => "G",
        'ĥ' | 'ħ' => "h",
        'Ĥ' | 'Ħ' => "H",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'Ì'..='Ï' | 'Ĩ' | 'Ī' | 'Ĭ' | 'Į' | 'İ' => "I",
        'ĵ' => "j",
        'ķ' => "k",
        'Ķ' => "K",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'Ĺ' | 'Ļ' | 'Ľ' | 'Ŀ' | 'Ł' => "L",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'Ñ' | 'Ń' | 'Ņ' | 'Ň' => "N",
        'ò'..='õ' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'Ò'..='Õ' | 'Ø' | 'Ō' | 'Ŏ' | 'Ő' => "O",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'Ŕ' | 'Ŗ' | 'Ř' => "R",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'Ś' | 'Ŝ' | 'Ş' | 'Š' | 'Ș' => "S",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'Ţ' | 'Ť' | 'Ŧ' | 'Ț' => "T",
        'ù'..='û' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'Ù'..='Û' | 'Ũ' | 'Ū' | 'Ŭ' | 'Ů' | 'Ű' | 'Ų' => "U",
        'ŵ' => "w",
        'Ŵ' => "W",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'Ý' | 'Ÿ' | 'Ŷ' => "Y",
        'ź' | 'ż' | 'ž' => "z",
        'Ź' | 'Ż' | 'Ž' => "Z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_likeness_in_ascii_is_written_so() {
        let cases = [
            ("“It’s 38.5 °C” — she said…", "\"It's 38.5 deg C\" -- she said...", 0),
            ("5 µg, 1½ tablets, ½ at night", "5 mcg, 1 1/2 tablets, 1/2 at night", 0),
            ("WBC 11×10³/µL, SpO₂ ≥ 94 %", "WBC 11x10^3/uL, SpO2 >= 94 %", 0),
            ("José Müller, Łódź, e\u{301}", "Jose Mueller, Lodz, e", 0),
            ("नाम 👍 ok", "??? ? ok", 4),
        ];
        for (text, ascii, lost) in cases {
            let folded = fold(text);
            assert_eq!((folded.text.as_str(), folded.lost), (ascii, lost));
        }
    }
}
