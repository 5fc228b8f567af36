//! When a record's time is over, on a device whose clock may be wrong.
//!
//! Times are seconds since 1970-01-01 00:00 UTC. A [`Mark`] remembers the latest time ever seen; every use of the clock
//! goes through [`Mark::read`], and the mark that comes back is stored **before** anything is done with the reading.
//!
//! | the wall clock says | time for reading | destroying |
//! |---|---|---|
//! | about the mark, or up to 30 days later | the later of both | yes |
//! | more than 5 minutes before the mark | the mark | yes, and the clinician is told |
//! | more than 30 days after the mark | the wall clock | held until confirmed, or looked at for 24 hours |
//!
//! So a clock set back does not bring anything back to life, and a clock that jumps ahead (an empty battery, a wrong
//! year) hides records but destroys none before a person had a chance to look at it. The mark lies twice: in the
//! vault's state, authenticated, and by itself with a checksum ([`Mark::to_bytes`]), for purging while the vault is
//! locked.
//!
//! What this cannot see: the whole profile put back as it was, and a clock that creeps by less than 30 days at a time.

use sha2::{Digest, Sha256};

use crate::keyring::Entry;
use crate::wire::Cut;
use crate::{Class, Failure, RecordId};

/// An expiry that never comes, for the owner's own settings.
pub const NEVER: u64 = u64::MAX;

/// A clock this far behind is reported; less is ordinary correction.
const BACK: u64 = 5 * 60;

/// A clock this far ahead is doubted.
const AHEAD: u64 = 30 * DAY;

/// A doubted clock that goes on for this long, looked at once a day at least, is believed.
const LONGEST_HOLD: u64 = DAY;

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// The latest time that was ever seen and believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    time: u64,
    held: Option<Held>,
}

/// A clock that is doubted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Held {
    /// What the wall clock said when it was first doubted.
    since: u64,
    /// What it said last.
    last: u64,
}

/// What the clock means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The time to open records at.
    pub now: u64,
    /// Whether what is due may be destroyed.
    pub purge: bool,
    /// What the clinician should see, and the audit log.
    pub notice: Option<Notice>,
    /// To be stored before the reading is used.
    pub mark: Mark,
}

/// Something is wrong with the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// It was set back by this many seconds.
    Back {
        /// How far behind the mark it is.
        seconds: u64,
    },
    /// It jumped ahead by this many seconds; nothing is destroyed before it is confirmed, or before `until` by itself.
    Ahead {
        /// How far ahead of the mark it is.
        seconds: u64,
        /// When it will be believed.
        until: u64,
    },
}

/// How long to keep something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// 24 hours.
    Day,
    /// 7 days.
    Week,
    /// 30 days.
    Month,
    /// 90 days.
    Quarter,
    /// 365 days.
    Year,
    /// 2,192 days: what HIPAA asks for documentation, 45 CFR 164.316(b)(2).
    SixYears,
    /// Until it is deleted.
    Forever,
}

impl Mark {
    /// The first mark of a vault; also after a clinician has confirmed the clock.
    pub fn confirmed(wall: u64) -> Mark {
        Mark { time: wall, held: None }
    }

    /// The latest time that was believed.
    pub fn time(&self) -> u64 {
        self.time
    }

    /// A time that has certainly come, such as the one this program was built at.
    pub fn at_least(self, time: u64) -> Mark {
        Mark {
            time: self.time.max(time),
            ..self
        }
    }

    /// What the wall clock means, `elapsed` seconds of a clock that nobody can set (`performance.now()`) after this tab
    /// made this very mark; 0 when the mark is another tab's or an earlier session's.
    pub fn read(self, wall: u64, elapsed: u64) -> Reading {
        let least = self.time.saturating_add(elapsed);
        if wall > least.saturating_add(AHEAD) {
            return self.doubted(wall, least);
        }
        let now = wall.max(least);
        let back = least.saturating_sub(wall);
        Reading {
            now,
            purge: true,
            notice: (back > BACK).then_some(Notice::Back { seconds: back }),
            mark: Mark::confirmed(now),
        }
    }

    fn doubted(self, wall: u64, least: u64) -> Reading {
        // A clock that moves again while it is doubted, or that nobody looked at for a day, is doubted anew.
        let since = match self.held {
            Some(held) if (held.since..=held.last.saturating_add(LONGEST_HOLD)).contains(&wall) => held.since,
            Some(_) | None => wall,
        };
        let until = since.saturating_add(LONGEST_HOLD);
        let believed = wall >= until;
        Reading {
            now: wall,
            purge: believed,
            notice: Some(Notice::Ahead {
                seconds: wall - least,
                until,
            }),
            mark: if believed {
                Mark::confirmed(wall)
            } else {
                let held = Held { since, last: wall };
                Mark {
                    time: least,
                    held: Some(held),
                }
            },
        }
    }

    /// The mark of the vault's state with what the copy beside it saw while the vault was locked. The copy can be
    /// altered by anyone, so it moves the mark by 30 days at most.
    pub fn with_copy(self, copy: Mark) -> Mark {
        let believable = self.time..=self.time.saturating_add(AHEAD);
        if believable.contains(&copy.time) { copy } else { self }
    }

    /// Time | doubted since | doubted last (both 0 when not doubted) | the first 8 bytes of SHA-256 of these.
    pub fn to_bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes[..24].copy_from_slice(&self.fields());
        bytes[24..].copy_from_slice(&Sha256::digest(self.fields())[..8]);
        bytes
    }

    /// What [`Mark::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`Failure::Damaged`].
    pub fn parse(bytes: &[u8]) -> Result<Mark, Failure> {
        let mut cut = Cut(bytes);
        let mark = Mark::from_fields(cut.array()?);
        cut.expect(&Sha256::digest(mark.fields())[..8])?;
        cut.end()?;
        Ok(mark)
    }

    pub(crate) fn fields(self) -> [u8; 24] {
        let (since, last) = self.held.map_or((0, 0), |held| (held.since, held.last));
        let mut bytes = [0; 24];
        bytes[..8].copy_from_slice(&self.time.to_be_bytes());
        bytes[8..16].copy_from_slice(&since.to_be_bytes());
        bytes[16..].copy_from_slice(&last.to_be_bytes());
        bytes
    }

    pub(crate) fn from_fields(bytes: [u8; 24]) -> Mark {
        let [time, since, last] = [0, 8, 16].map(|at| {
            let field = bytes[at..].first_chunk().expect("24 bytes are three times eight");
            u64::from_be_bytes(*field)
        });
        Mark {
            time,
            held: (since, last).ne(&(0, 0)).then_some(Held { since, last }),
        }
    }
}

/// The records to destroy now: their time is over, no legal hold is on them, and the clock is believed.
pub fn due<'a>(entries: impl IntoIterator<Item = &'a Entry>, reading: &Reading) -> Vec<RecordId> {
    let over = |entry: &&Entry| reading.purge && !entry.hold && reading.now >= entry.expires_at;
    entries.into_iter().filter(over).map(|entry| entry.id).collect()
}

/// `now` plus the time to keep something, at a whole hour: the date is readable without a key, and seconds would tell
/// when a visit was.
pub fn expires_at(now: u64, keep: Keep) -> u64 {
    keep.seconds()
        .map_or(NEVER, |seconds| whole_hour(now.saturating_add(seconds)))
}

/// The next whole hour, or this one.
pub fn whole_hour(time: u64) -> u64 {
    time.div_ceil(HOUR).saturating_mul(HOUR)
}

impl Keep {
    /// The choices, from the shortest.
    pub const ALL: [Keep; 7] = [
        Keep::Day,
        Keep::Week,
        Keep::Month,
        Keep::Quarter,
        Keep::Year,
        Keep::SixYears,
        Keep::Forever,
    ];

    /// What a new vault starts with. Sound is destroyed when its note is attested, and after a day at the latest.
    pub fn standard(class: Class) -> Keep {
        match class {
            Class::Audio => Keep::Day,
            Class::Transcript => Keep::Week,
            Class::Note => Keep::Month,
            Class::Consent | Class::Audit => Keep::SixYears,
            Class::Own => Keep::Forever,
        }
    }

    /// `None` for ever.
    pub fn seconds(self) -> Option<u64> {
        let days = match self {
            Keep::Day => 1,
            Keep::Week => 7,
            Keep::Month => 30,
            Keep::Quarter => 90,
            Keep::Year => 365,
            Keep::SixYears => 2192,
            Keep::Forever => return None,
        };
        Some(days * DAY)
    }
}
