use zeroize::Zeroizing;

use crate::{Failure, Weakness};

/// NIST SP 800-63B-4: a password that stands alone has at least 15 characters. Six random words always have more.
const SHORTEST: usize = 15;

/// More adds nothing to 256 bits of key; a limit keeps pasted documents out.
const LONGEST: usize = 256;

/// Fewer different characters than this are a pattern, whatever their order.
const FEWEST_DIFFERENT: usize = 5;

/// What everyone thinks of first: common passwords, names and dates, and words of this trade.
const COMMON: &str = include_str!("passphrase/common.txt");

/// A common word, or a number of four digits or more, is worth as much as this many other characters, once.
const WORTH: usize = 3;

/// A passphrase is worth at least this many characters.
const LEAST_WORTH: usize = 12;

/// Checks a *new* passphrase. Any characters are welcome, none are demanded: length is what counts, and that it is not
/// made of what everyone thinks of first.
///
/// # Errors
/// [`Failure::WeakPassphrase`].
pub fn strong_enough(passphrase: &str) -> Result<(), Failure> {
    let characters = passphrase.chars().count();
    // Before anything is made of what may be a pasted document.
    let why = if characters > LONGEST {
        Weakness::Long { limit: LONGEST }
    } else if characters < SHORTEST {
        Weakness::Short {
            characters,
            needed: SHORTEST,
        }
    } else {
        let folded = folded(passphrase);
        if predictable(&folded) {
            Weakness::Predictable
        } else if worth(&folded).min(worth(&unmasked(&folded))) < LEAST_WORTH {
            Weakness::Common
        } else {
            return Ok(());
        }
    };
    Err(Failure::WeakPassphrase { why })
}

fn predictable(folded: &[char]) -> bool {
    let mut different = Zeroizing::new(folded.to_vec());
    different.sort_unstable();
    different.dedup();
    if different.len() < FEWEST_DIFFERENT {
        return true;
    }
    // "password password": every character is the one a period earlier, for a period of at most half the length.
    let repeats = (1..=folded.len() / 2).any(|period| folded[period..].iter().zip(folded).all(|(a, b)| a == b));
    // "123456789012345", "abcdefghijklmno": nearly every step is to a neighbour.
    let steps = folded
        .windows(2)
        .filter(|pair| u32::from(pair[0]).abs_diff(u32::from(pair[1])) <= 1)
        .count();
    repeats || steps * 5 >= (folded.len() - 1) * 4
}

/// How many characters there are when each common word and each long number counts as three, a repeated one as none,
/// and what stands between words as none.
fn worth(signs: &[char]) -> usize {
    let mut text = Zeroizing::new(String::with_capacity(4 * signs.len()));
    text.extend(signs.iter().filter(|sign| !matches!(sign, ' ' | '-' | '_' | '.' | ',')));
    let mut counted: Vec<&str> = Vec::new();
    let (mut worth, mut rest) = (0, text.as_str());
    while let Some(first) = rest.chars().next() {
        let known = common(rest);
        let (piece, after) = rest.split_at(known.unwrap_or(first.len_utf8()));
        if known.is_none() {
            worth += 1;
        } else if !counted.contains(&piece) {
            worth += WORTH;
            counted.push(piece);
        }
        rest = after;
    }
    worth
}

/// Bytes of the longest common word, or number of at least four digits, at the front.
fn common(text: &str) -> Option<usize> {
    let word = COMMON
        .split_whitespace()
        .filter(|word| text.starts_with(word))
        .map(str::len)
        .max();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    word.max((digits >= 4).then_some(digits))
}

/// With the signs that stand for letters in `p4$$w0rd` read as these letters; a digit beside a digit is a number's.
fn unmasked(folded: &[char]) -> Zeroizing<Vec<char>> {
    let digit = |at: usize| folded.get(at).is_some_and(char::is_ascii_digit);
    let mut signs = Zeroizing::new(folded.to_vec());
    for (at, sign) in signs.iter_mut().enumerate() {
        let in_number = digit(at) && (digit(at + 1) || at.checked_sub(1).is_some_and(digit));
        *sign = match *sign {
            other if in_number => other,
            '0' => 'o',
            '1' | '!' | '|' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            other => other,
        };
    }
    signs
}

/// With room for all from the start: a vector that grows leaves copies behind.
fn folded(passphrase: &str) -> Zeroizing<Vec<char>> {
    let lower = Zeroizing::new(passphrase.to_lowercase());
    let mut signs = Zeroizing::new(Vec::with_capacity(lower.len()));
    signs.extend(lower.chars());
    signs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passphrases_are_judged_by_length_and_pattern() {
        let short = |characters| Some(Weakness::Short { characters, needed: 15 });
        let cases = [
            ("", short(0)),
            ("correct horse", short(13)),
            ("ÄÖÜäöüßÄÖÜäöü", short(13)),
            ("aaaaaaaaaaaaaaaaaaaa", Some(Weakness::Predictable)),
            ("               ", Some(Weakness::Predictable)),
            ("password password password", Some(Weakness::Predictable)),
            ("PassWordpAsSwOrD", Some(Weakness::Predictable)),
            ("123456789012345678", Some(Weakness::Predictable)),
            ("abcdefghijklmnopq", Some(Weakness::Predictable)),
            ("zyxwvutsrqponmlk", Some(Weakness::Predictable)),
            ("Password-Sommer-2026", Some(Weakness::Common)),
            ("p4$$w0rd-d0ct0r-2026", Some(Weakness::Common)),
            ("correct horse battery staple", Some(Weakness::Common)),
            ("qwertyuiopasdfgh", Some(Weakness::Common)),
            ("Sotto Clinic Vault 1", Some(Weakness::Common)),
            ("iloveyouforever24", Some(Weakness::Common)),
            ("mypasswordislong", Some(Weakness::Common)),
            ("the doctor keeps nine geese", None),
            ("seven quiet herons", None),
            ("сім тихих чапель біля озера", None),
            ("🦊🐙🦉🌲🍄🧭🪁🎻🧊🪐🫖🧵🪴🛶🪵", None),
            ("qM7#vT2!xK9@pL4", None),
        ];
        for (passphrase, weakness) in cases {
            let expected = weakness.map_or(Ok(()), |why| Err(Failure::WeakPassphrase { why }));
            assert_eq!(strong_enough(passphrase), expected, "{passphrase:?}");
        }
    }

    #[test]
    fn a_passphrase_may_be_256_characters_long() {
        let long: String = ('a'..='z').cycle().step_by(7).take(256).collect();
        assert_eq!(strong_enough(&format!("{}.!?x", &long[..252])), Ok(()));
        let why = Weakness::Long { limit: 256 };
        assert_eq!(strong_enough(&format!("{long}.")), Err(Failure::WeakPassphrase { why }));
    }
}
