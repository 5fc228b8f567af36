//! Guessing at the screen is slow: a pure state, 12 bytes, stored in the clear.

use crate::Failure;
use crate::wire::Cut;

/// Slows down guessing at the screen: five free tries, then a pause of 5 seconds that doubles up to 5 minutes, and from
/// the hundredth wrong passphrase on a day between tries (NIST SP 800-63B-4 allows no more than 100 in a row). It binds
/// the person at the keyboard; someone who copied the files is slowed down by the cost of the passphrase alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Throttle {
    failures: u32,
    last: u64,
}

const FREE: u32 = 5;
const FIRST_PAUSE: u64 = 5;
const LONGEST_PAUSE: u64 = 5 * 60;
const MOST: u32 = 100;
const DAY: u64 = 24 * 3600;

impl Throttle {
    /// Seconds to wait before the next try at `now`; 0 when it may be tried.
    pub fn wait(&self, now: u64) -> u64 {
        let pause = match self.failures {
            0..FREE => 0,
            MOST.. => DAY,
            failures => {
                let doubled = FIRST_PAUSE.saturating_mul(1 << (failures - FREE).min(16));
                doubled.min(LONGEST_PAUSE)
            }
        };
        // A clock that was set back must not lock anyone out for longer than the pause.
        let last = self.last.min(now);
        last.saturating_add(pause).saturating_sub(now)
    }

    /// After a wrong passphrase. Store it before the next try.
    pub fn failed(self, now: u64) -> Throttle {
        Throttle {
            failures: self.failures.saturating_add(1),
            last: now,
        }
    }

    /// Wrong tries in a row.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// Failures | time of the last one.
    pub fn to_bytes(self) -> [u8; 12] {
        let mut bytes = [0; 12];
        bytes[..4].copy_from_slice(&self.failures.to_be_bytes());
        bytes[4..].copy_from_slice(&self.last.to_be_bytes());
        bytes
    }

    /// What [`Throttle::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`Failure::Damaged`].
    pub fn parse(bytes: &[u8]) -> Result<Throttle, Failure> {
        let mut cut = Cut(bytes);
        let throttle = Throttle {
            failures: cut.u32()?,
            last: cut.u64()?,
        };
        cut.end()?;
        Ok(throttle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(failures: u32, last: u64) -> Throttle {
        (0..failures).fold(Throttle::default(), |throttle, _| throttle.failed(last))
    }

    #[test]
    fn five_tries_are_free_and_then_the_pause_doubles_to_five_minutes() {
        let pauses = [
            (0, 0),
            (4, 0),
            (5, 5),
            (6, 10),
            (7, 20),
            (8, 40),
            (10, 160),
            (11, 300),
            (99, 300),
            (100, DAY),
            (5000, DAY),
        ];
        for (failures, pause) in pauses {
            let throttle = after(failures, 1000);
            assert_eq!(throttle.wait(1000), pause, "{failures} failures");
            assert_eq!(throttle.wait(1000 + pause), 0, "{failures} failures");
        }
        assert_eq!(after(6, 1000).wait(1004), 6);
    }

    #[test]
    fn a_clock_set_back_never_lengthens_the_pause() {
        assert_eq!(after(6, 1_000_000).wait(5), 10);
        assert_eq!(after(u32::from(u16::MAX), u64::MAX).wait(0), DAY);
    }

    #[test]
    fn the_state_survives_a_reload_and_nothing_else_is_read() {
        let throttle = after(7, 1234);
        assert_eq!(Throttle::parse(&throttle.to_bytes()), Ok(throttle));
        assert_eq!(Throttle::parse(&[0; 11]), Err(Failure::Damaged));
        assert_eq!(Throttle::parse(&[0; 13]), Err(Failure::Damaged));
    }
}
