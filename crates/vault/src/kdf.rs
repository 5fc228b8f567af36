use argon2::{Algorithm, Argon2, Block, Params, Version};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::Failure;
use crate::secret::Secret;

/// How a passphrase becomes a key. Stored beside the wrapped key and authenticated with it, because later versions may
/// choose another cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kdf {
    /// Argon2id version 0x13, [RFC 9106](https://www.rfc-editor.org/rfc/rfc9106): what a new vault uses.
    Argon2id(Cost),
    /// PBKDF2-HMAC-SHA-256, [RFC 8018](https://www.rfc-editor.org/rfc/rfc8018): for places that must stay with the
    /// algorithms of FIPS 140. Far weaker against guessing machines.
    Pbkdf2 {
        /// From [`Kdf::PBKDF2_ITERATIONS`] to two million.
        iterations: u32,
    },
}

/// What stretching with Argon2id costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes of the memory.
    pub lanes: u32,
}

impl Kdf {
    /// OWASP's floor for PBKDF2-HMAC-SHA-256, and the FIPS profile's cost.
    pub const PBKDF2_ITERATIONS: u32 = 600_000;

    /// False for a cost that makes guessing cheap, and for one that would stall or exhaust the device.
    pub fn acceptable(&self) -> bool {
        match self {
            Kdf::Argon2id(cost) => cost.acceptable(),
            Kdf::Pbkdf2 { iterations } => (Kdf::PBKDF2_ITERATIONS..=2_000_000).contains(iterations),
        }
    }

    /// What a new vault may cost, and a backup: one that asks for more is not Sotto's, and is refused before it costs
    /// anything.
    pub(crate) fn modest(&self) -> bool {
        match self {
            Kdf::Argon2id(cost) => cost.memory <= Cost::STANDARD.memory,
            Kdf::Pbkdf2 { .. } => true,
        }
    }

    /// Must be acceptable.
    pub(crate) fn stretch(&self, passphrase: &str, salt: &[u8; 16]) -> Result<Secret, Failure> {
        match *self {
            Kdf::Argon2id(cost) => argon2id(passphrase, salt, cost),
            Kdf::Pbkdf2 { iterations } => Ok(Secret::filled(|key| {
                pbkdf2::pbkdf2_hmac::<Sha256>(passphrase.as_bytes(), salt, iterations, key);
            })),
        }
    }
}

impl Cost {
    /// RFC 9106's second recommendation with one lane: lanes buy nothing in a single wasm thread.
    pub const STANDARD: Cost = Cost {
        memory: 64 * 1024,
        passes: 3,
        lanes: 1,
    };

    /// OWASP's least: for a device that cannot give 64 MiB. The person must be told.
    pub const FLOOR: Cost = Cost {
        memory: 19 * 1024,
        passes: 2,
        lanes: 1,
    };

    /// False for a cost that makes guessing cheap, and for one that would stall or exhaust the device.
    pub fn acceptable(&self) -> bool {
        (19 * 1024..=1024 * 1024).contains(&self.memory)
            && (2..=16).contains(&self.passes)
            && (1..=4).contains(&self.lanes)
    }
}

/// The cost for a new vault on this device, from one trial of [`trial`] with [`Cost::STANDARD`] that took
/// `milliseconds`: as many passes as take about 0.85 s (0.7 to 1 s where whole passes allow), never fewer than the
/// standard's and at most ten.
pub fn calibrate(milliseconds: f64) -> Cost {
    const TARGET: f64 = 850.0;
    let standard = Cost::STANDARD;
    let pass = (milliseconds / f64::from(standard.passes)).max(1.0);
    // Not a number counts as slow: the cast gives 0.
    let passes = (TARGET / pass).round() as u32;
    Cost {
        passes: passes.clamp(standard.passes, 10),
        ..standard
    }
}

/// Stretches nothing of worth, to be timed by the caller for [`calibrate`].
///
/// # Errors
/// [`Failure::Memory`]: then use [`Cost::FLOOR`], and say so.
pub fn trial(cost: Cost) -> Result<(), Failure> {
    argon2id("how long does this take?", &[0; 16], cost).map(drop)
}

/// `Argon2id(passphrase, salt, cost)`; the cost must be acceptable.
pub(crate) fn argon2id(passphrase: &str, salt: &[u8; 16], cost: Cost) -> Result<Secret, Failure> {
    let params = Params::new(cost.memory, cost.passes, cost.lanes, Some(32)).expect("the cost was checked");
    // Our own memory rather than the crate's: that one is freed with the passphrase's traces still in it.
    let mut memory: Zeroizing<Vec<Block>> = Zeroizing::new(Vec::new());
    memory
        .try_reserve_exact(params.block_count())
        .map_err(|_| Failure::Memory)?;
    memory.resize(params.block_count(), Block::new());
    Ok(Secret::filled(|key| {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(passphrase.as_bytes(), salt, key, memory.as_mut_slice())
            .expect("salt and output have legal lengths and the memory is as long as the parameters ask");
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_outside_its_limits_is_refused_before_it_is_spent() {
        let standard = Cost::STANDARD;
        assert!(standard.acceptable() && Cost::FLOOR.acceptable());
        let refused = [
            Cost {
                memory: 19 * 1024 - 1,
                ..standard
            },
            Cost {
                memory: 1024 * 1024 + 1,
                ..standard
            },
            Cost {
                memory: u32::MAX,
                ..standard
            },
            Cost { passes: 1, ..standard },
            Cost { passes: 17, ..standard },
            Cost { lanes: 0, ..standard },
            Cost { lanes: 5, ..standard },
        ];
        assert!(refused.iter().all(|cost| !cost.acceptable()));
        assert!(!Kdf::Pbkdf2 { iterations: 599_999 }.acceptable());
        assert!(!Kdf::Pbkdf2 { iterations: u32::MAX }.acceptable());
    }

    #[test]
    fn calibration_rises_to_a_second_and_never_below_the_standard() {
        let passes = |milliseconds| calibrate(milliseconds).passes;
        assert_eq!(passes(90.0), 10);
        assert_eq!(passes(300.0), 9);
        assert_eq!(passes(600.0), 4);
        assert_eq!(passes(900.0), 3);
        assert_eq!(passes(30_000.0), 3);
        for odd in [0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(calibrate(odd).acceptable(), "{odd}");
        }
        for milliseconds in 255..=1000 {
            let took = f64::from(milliseconds) / 3.0 * f64::from(passes(f64::from(milliseconds)));
            assert!((700.0..=1000.0).contains(&took), "{milliseconds} ms becomes {took} ms");
        }
    }
}
