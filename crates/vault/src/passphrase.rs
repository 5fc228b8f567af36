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
