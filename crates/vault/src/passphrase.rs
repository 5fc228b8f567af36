use crate::{Failure, Weakness};

/// NIST SP 800-63B-4: a password that stands alone has at least 15 characters. Six random words always have more.
const SHORTEST: usize = 15;

/// More adds nothing to 256 bits of key; a limit keeps pasted documents out.
const LONGEST: usize = 256;

/// Fewer different characters than this are a pattern, whatever their order.
const FEWEST_DIFFERENT: usize = 5;

/// Checks a *new* passphrase. Any characters are welcome, none are demanded: length is what counts.
///
/// # Errors
/// [`Failure::WeakPassphrase`].
pub fn strong_enough(passphrase: &str) -> Result<(), Failure> {
    let characters = passphrase.chars().count();
    let why = if characters > LONGEST {
        Weakness::Long { limit: LONGEST }
    } else if characters < SHORTEST {
        Weakness::Short {
            characters,
            needed: SHORTEST,
        }
    } else if predictable(passphrase) {
        Weakness::Predictable
    } else {
        return Ok(());
    };
    Err(Failure::WeakPassphrase { why })
}

fn predictable(passphrase: &str) -> bool {
    let folded: Vec<char> = passphrase.to_lowercase().chars().collect();
    let mut different = folded.clone();
    different.sort_unstable();
    different.dedup();
    if different.len() < FEWEST_DIFFERENT {
        return true;
    }
    // "password password": every character is the one a period earlier, for a period of at most half the length.
    let repeats = (1..=folded.len() / 2).any(|period| folded[period..].iter().zip(&folded).all(|(a, b)| a == b));
    // "123456789012345", "abcdefghijklmno": nearly every step is to a neighbour.
    let steps = folded
        .windows(2)
        .filter(|pair| u32::from(pair[0]).abs_diff(u32::from(pair[1])) <= 1)
        .count();
    repeats || steps * 5 >= (folded.len() - 1) * 4
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
