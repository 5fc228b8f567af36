use zeroize::{Zeroize, Zeroizing};

use crate::Failure;
use crate::secret::{Secret, hkdf, random};

/// Crockford's base 32: no I, L, O or U, so that nothing on paper can be misread.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// 26 digits of five bits: 130 bits.
const LENGTH: usize = 26;

/// Opens a vault whose passphrase was forgotten: shown once, printed, and typed back before it counts. 26 digits and a
/// check digit; wiped when dropped.
pub struct RecoveryCode([u8; LENGTH]);

impl RecoveryCode {
    /// A new code.
    ///
    /// # Errors
    /// [`Failure::Random`].
    pub fn random() -> Result<RecoveryCode, Failure> {
        loop {
            let drawn = Zeroizing::new(random::<LENGTH>()?);
            let mut code = RecoveryCode([0; LENGTH]);
            for (digit, byte) in code.0.iter_mut().zip(drawn.iter()) {
                *digit = byte & 31;
            }
            // Crockford's check is modulo 37; his five further signs are awkward to type, so one code in seven is drawn
            // again. 129.8 bits remain.
            if code.check() < 32 {
                return Ok(code);
            }
        }
    }

    /// Reads what a person typed: capitals or not, with or without dashes and spaces, O for 0 and I or L for 1.
    ///
    /// # Errors
    /// [`Failure::MistypedCode`] when it cannot be a code of any vault.
    pub fn parse(typed: &str) -> Result<RecoveryCode, Failure> {
        let mut code = RecoveryCode([0; LENGTH]);
        let mut count = 0;
        let mut check = 0;
        for sign in typed
            .chars()
            .filter(|sign| !matches!(sign, '-' | ' ' | '\t' | '\n' | '\r'))
        {
            let value = value(sign).ok_or(Failure::MistypedCode)?;
            match count {
                0..LENGTH => code.0[count] = value,
                LENGTH => check = value,
                _ => return Err(Failure::MistypedCode),
            }
            count += 1;
        }
        if count != LENGTH + 1 || code.check() != u32::from(check) {
            return Err(Failure::MistypedCode);
        }
        Ok(code)
    }

    /// As it is printed: six groups of four and one of three, `XXXX-…-XXX`.
    pub fn text(&self) -> Zeroizing<String> {
        // Room for all of it: a string that grows leaves its shorter copies behind.
        let mut text = Zeroizing::new(String::with_capacity(LENGTH + 7));
        let check = self.check() as u8;
        for (at, digit) in self.0.iter().chain([&check]).enumerate() {
            if at > 0 && at % 4 == 0 {
                text.push('-');
            }
            text.push(char::from(DIGITS[usize::from(*digit)]));
        }
        text
    }

    /// A random code needs no stretching: 2^129 guesses are out of anyone's reach.
    pub(crate) fn stretch(&self, salt: &[u8; 16]) -> Secret {
        hkdf(&self.0, salt, &[b"sotto/v2/recovery"])
    }

    /// The code as a number in base 32, modulo 37: every single wrong digit and every exchange of two neighbours shows.
    fn check(&self) -> u32 {
        self.0.iter().fold(0, |sum, digit| (sum * 32 + u32::from(*digit)) % 37)
    }
}

impl Drop for RecoveryCode {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

fn value(sign: char) -> Option<u8> {
    let sign = match sign.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let at = DIGITS.iter().position(|digit| char::from(*digit) == sign)?;
    u8::try_from(at).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = RecoveryCode([
            0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 0,
        ]);
        let text = code.text();
        assert_eq!(text.len(), 33);
        let typed = [
            text.to_string(),
            text.to_lowercase(),
            text.replace('-', ""),
            text.replace('-', " "),
            text.replace('0', "o").replace('1', "l"),
            text.replace('0', "O").replace('1', "I"),
            format!(" {}\n", *text),
        ];
        for typed in typed {
            let again = RecoveryCode::parse(&typed).expect(&typed);
            assert_eq!(again.0, code.0, "{typed}");
        }
    }

    #[test]
    fn every_wrong_digit_and_every_exchange_of_neighbours_is_noticed() {
        for _ in 0..20 {
            let code = RecoveryCode::random().expect("random bytes");
            let signs: Vec<char> = code.text().replace('-', "").chars().collect();
            for at in 0..signs.len() {
                for digit in DIGITS
                    .iter()
                    .map(|digit| char::from(*digit))
                    .filter(|digit| *digit != signs[at])
                {
                    let mut wrong = signs.clone();
                    wrong[at] = digit;
                    assert!(RecoveryCode::parse(&wrong.iter().collect::<String>()).is_err());
                }
                let mut exchanged = signs.clone();
                exchanged.swap(at, (at + 1) % signs.len());
                // Only neighbours within the number: the check digit is not part of it.
                if at + 2 < signs.len() && exchanged != signs {
                    assert!(RecoveryCode::parse(&exchanged.iter().collect::<String>()).is_err());
                }
            }
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        let code = RecoveryCode::random().expect("random bytes");
        let text = code.text();
        let wrong = [
            String::new(),
            text[1..].to_owned(),
            format!("{}0", *text),
            text.replacen(|sign: char| sign != '-', "U", 1),
            text.replacen(|sign: char| sign != '-', "é", 1),
            "0".repeat(100_000),
        ];
        for wrong in wrong {
            assert_eq!(RecoveryCode::parse(&wrong).err(), Some(Failure::MistypedCode));
        }
    }

    #[test]
    fn no_two_codes_are_alike() {
        let codes: std::collections::BTreeSet<String> = (0..200)
            .map(|_| RecoveryCode::random().expect("random bytes").text().to_string())
            .collect();
        assert_eq!(codes.len(), 200);
        assert!(codes.iter().all(|code| RecoveryCode::parse(code).is_ok()));
    }
}
