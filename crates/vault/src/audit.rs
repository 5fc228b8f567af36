//! The audit log: who did what to which record and when, without a word about the patient. Rows are only ever appended.
//!
//! | offset | bytes | row |
//! |---:|---:|---|
//! | 0 | 8 | number, from 0 |
//! | 8 | 12 | nonce, random |
//! | 20 | 64 | under AES-256-GCM with `K_read`; AAD = vault id, bytes 0 to 7 |
//! | 84 | 16 | tag |
//!
//! | offset | bytes | decrypted |
//! |---:|---:|---|
//! | 0 | 8 | seconds since 1970-01-01 00:00 UTC |
//! | 8 | 2 | event, see [`Event`] |
//! | 10 | 2 | 1 when it happened while the vault was locked and was entered later, else 0 |
//! | 12 | 4 | detail, a number whose meaning is the event's |
//! | 16 | 16 | record id, or zeros |
//! | 32 | 32 | MAC |
//!
//! ```text
//! K_read = HKDF(root, no salt, "sotto/v2/log-read")      K(0) = HKDF(root, no salt, "sotto/v2/log-chain")
//! K(n+1) = HKDF(K(n), no salt, "sotto/v2/log-next")
//! MAC(n) = HMAC-SHA-256(K(n), MAC(n-1) | vault id | number | decrypted bytes 0 to 31);  MAC(-1) = 32 zeros
//! ```
//!
//! Certificates of deletion are signed under HKDF(root, no salt, "sotto/v2/certificate").
//!
//! `root` is random and lies in the vault's state under `K_log`, together with the number of rows and the last MAC, so
//! that rows cut off the end are missed ([`crate::meta`]). An open session holds only `K_read` and the key of the
//! *next* row: whoever takes over an open session can write false rows from then on, but cannot change one that is
//! written. Whoever has the passphrase can do both.

use crate::secret::{NONCE, Secret, TAG, random};
use crate::wire::Cut;
use crate::{Failure, RecordId, VaultId};

mod event;
pub use event::Event;

pub(crate) mod export;
pub use export::{csv, jsonl};

mod row;
pub use row::{Row, Verdict};

/// Bytes of a stored row.
pub const ROW: usize = 8 + NONCE + PLAIN + TAG;

const PLAIN: usize = 64;

/// The log of an open vault.
pub struct Log {
    vault: VaultId,
    read: Secret,
    /// Of the next row.
    chain: Secret,
    /// Signs certificates of deletion.
    certificate: Secret,
    checkpoint: Checkpoint,
}

/// The audit log's root key. [`Log::open`] consumes it.
pub struct LogKey {
    root: Secret,
    vault: VaultId,
}

/// Where a log stands; authenticated as part of the vault's state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checkpoint {
    /// Number of the first row that is kept.
    pub first: u64,
    /// MAC of the row before it.
    pub before: [u8; 32],
    /// Rows ever written.
    pub count: u64,
    /// MAC of the last row.
    pub head: [u8; 32],
}

impl LogKey {
    pub(crate) fn new(root: Secret, vault: VaultId) -> LogKey {
        LogKey { root, vault }
    }
}

impl Log {
    /// Checks all stored rows, which must be in the order of their numbers, and continues behind the last one. A broken
    /// log goes on too: what was lost stays visible, and the next row follows the authenticated end.
    pub fn open<'a>(key: LogKey, checkpoint: Checkpoint, rows: impl IntoIterator<Item = &'a [u8]>) -> (Log, Verdict) {
        let read = key.root.derive(&[b"sotto/v2/log-read"]);
        let mut chain = key.root.derive(&[b"sotto/v2/log-chain"]);
        for _ in 0..checkpoint.first {
            chain = next(&chain);
        }
        let mut log = Log {
            vault: key.vault,
            read,
            chain,
            certificate: key.root.derive(&[b"sotto/v2/certificate"]),
            checkpoint: Checkpoint {
                count: checkpoint.first,
                head: checkpoint.before,
                ..checkpoint
            },
        };
        let verdict = log.walk(&checkpoint, rows);
        while log.checkpoint.count < checkpoint.count {
            log.chain = next(&log.chain);
            log.checkpoint.count += 1;
        }
        log.checkpoint = checkpoint;
        (log, verdict)
    }

    /// A log that goes on from here by itself: whoever stores rows tries them on one, and keeps it once they are stored.
    pub fn fork(&self) -> Log {
        let copy = |secret: &Secret| Secret::from_bytes(secret.bytes());
        Log {
            vault: self.vault,
            read: copy(&self.read),
            certificate: copy(&self.certificate),
            chain: copy(&self.chain),
            checkpoint: self.checkpoint,
        }
    }

    /// Goes on behind rows that another holder of this log has written: `end` is where the log stands now, `rows` are
    /// those behind the last one known here.
    pub fn follow<'a>(&mut self, end: Checkpoint, rows: impl IntoIterator<Item = &'a [u8]>) -> Verdict {
        let verdict = self.walk(&end, rows);
        while self.checkpoint.count < end.count {
            self.chain = next(&self.chain);
            self.checkpoint.count += 1;
        }
        self.checkpoint = end;
        verdict
    }

    /// The next row, to be stored together with the vault's state that holds the new [`Log::checkpoint`].
    ///
    /// # Errors
    /// [`Failure::Random`]; nothing was entered then.
    pub fn append(
        &mut self,
        time: u64,
        event: Event,
        record: Option<RecordId>,
        detail: u32,
    ) -> Result<Vec<u8>, Failure> {
        self.enter(time, event, record, detail, false)
    }

    /// As [`Log::append`], for something that happened while the vault was locked, such as a wrong passphrase or a
    /// purge. Nobody vouches for what was remembered until then, and the row says so.
    ///
    /// # Errors
    /// [`Failure::Random`]; nothing was entered then.
    pub fn append_late(
        &mut self,
        time: u64,
        event: Event,
        record: Option<RecordId>,
        detail: u32,
    ) -> Result<Vec<u8>, Failure> {
        self.enter(time, event, record, detail, true)
    }

    /// Decrypts one row; whether it belongs where it lies, only [`Log::open`] can say.
    ///
    /// # Errors
    /// [`Failure::Damaged`], or [`Failure::Unsupported`] for an event of a newer Sotto.
    pub fn read(&self, row: &[u8]) -> Result<Row, Failure> {
        let (number, plain) = self.decrypt(row)?;
        Row::parse(number, &plain)
    }

    /// Where the log stands now.
    pub fn checkpoint(&self) -> Checkpoint {
        self.checkpoint
    }

    /// Which vault's log this is.
    pub fn vault(&self) -> VaultId {
        self.vault
    }

    pub(crate) fn certify(&self, text: &[u8]) -> [u8; 32] {
        self.certificate.mac(&[text])
    }

    /// How many rows from the front are older than `before`; remove them and store the new checkpoint in one
    /// transaction.
    ///
    /// # Errors
    /// [`Failure::Damaged`].
    pub fn prune<'a>(&mut self, before: u64, rows: impl IntoIterator<Item = &'a [u8]>) -> Result<u64, Failure> {
        let mut checkpoint = self.checkpoint;
        for row in rows {
            let (number, plain) = self.decrypt(row)?;
            let row = Row::parse(number, &plain)?;
            if row.time >= before || number != checkpoint.first {
                break;
            }
            (checkpoint.first, checkpoint.before) = (number + 1, row.mac);
        }
        let pruned = checkpoint.first - self.checkpoint.first;
        self.checkpoint = checkpoint;
        Ok(pruned)
    }

    fn walk<'a>(&mut self, end: &Checkpoint, rows: impl IntoIterator<Item = &'a [u8]>) -> Verdict {
        for row in rows {
            let number = self.checkpoint.count;
            if number >= end.count {
                return Verdict::Long { number };
            }
            let Ok((stored, plain)) = self.decrypt(row) else {
                return Verdict::Broken { number };
            };
            let mac = self.mac(number, &plain);
            if stored != number || mac != plain[32..] {
                return Verdict::Broken { number };
            }
            self.step(mac);
        }
        let number = self.checkpoint.count;
        if number < end.count {
            Verdict::Short { number }
        } else if self.checkpoint.head != end.head {
            Verdict::Broken {
                number: number.saturating_sub(1),
            }
        } else {
            Verdict::Intact {
                rows: number - end.first,
            }
        }
    }

    fn enter(
        &mut self,
        time: u64,
        event: Event,
        record: Option<RecordId>,
        detail: u32,
        while_locked: bool,
    ) -> Result<Vec<u8>, Failure> {
        let number = self.checkpoint.count;
        let mut plain = [0; PLAIN];
        plain[..8].copy_from_slice(&time.to_be_bytes());
        plain[8..10].copy_from_slice(&(event as u16).to_be_bytes());
        plain[11] = u8::from(while_locked);
        plain[12..16].copy_from_slice(&detail.to_be_bytes());
        plain[16..32].copy_from_slice(&record.map_or([0; 16], |id| id.0));
        let mac = self.mac(number, &plain);
        plain[32..].copy_from_slice(&mac);

        let nonce = random::<NONCE>()?;
        let number = number.to_be_bytes();
        let tag = self
            .read
            .encrypt(&nonce, &[self.vault.0.as_slice(), &number].concat(), &mut plain);
        self.step(mac);
        Ok([number.as_slice(), &nonce, &plain, &tag].concat())
    }

    fn decrypt(&self, row: &[u8]) -> Result<(u64, [u8; PLAIN]), Failure> {
        let mut cut = Cut(row);
        let number = cut.array()?;
        let nonce = cut.array()?;
        let mut plain = cut.array()?;
        let tag = cut.array()?;
        cut.end()?;
        let aad = [self.vault.0.as_slice(), &number].concat();
        self.read.decrypt(&nonce, &aad, &mut plain, &tag)?;
        Ok((u64::from_be_bytes(number), plain))
    }

    fn mac(&self, number: u64, plain: &[u8; PLAIN]) -> [u8; 32] {
        let before = &self.checkpoint.head;
        self.chain
            .mac(&[before, &self.vault.0, &number.to_be_bytes(), &plain[..32]])
    }

    fn step(&mut self, mac: [u8; 32]) {
        self.chain = next(&self.chain);
        self.checkpoint.count += 1;
        self.checkpoint.head = mac;
    }
}

fn next(chain: &Secret) -> Secret {
    chain.derive(&[b"sotto/v2/log-next"])
}
