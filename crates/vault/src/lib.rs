//! Bytes in, sealed bytes out. The vault knows no note, no browser, no disk and no clock: `now` is an argument.
//!
//! ```text
//! passphrase ─Argon2id─┐
//! passkey PRF ────HKDF─┼─▶ wrapping key ─AES-256-GCM─▶ vault key (random; encrypts nothing itself)      header
//! recovery code ──HKDF─┘
//! vault key ─HKDF─▶ K_wrap ─AES-256-GCM─▶ DEK of a record, in one slot that is overwritten in place     keyring
//!           ├HKDF─▶ K_meta ─HMAC────────▶ clock, header hash, end of the audit log                      meta
//!           └HKDF─▶ K_log ──AES-256-GCM─▶ root key of the audit log                                     audit
//! DEK ─HKDF("rev" | n)─▶ key of revision n ─AES-256-GCM─▶ sealed record                                 record
//!     └HKDF(session)───▶ key of a recording ─AES-256-GCM, STREAM─▶ journal                              journal
//! ```
//!
//! Each module's page is the specification of one format; `vectors/formats.py` is a second implementation of all of
//! them, and `vectors/` holds files that every later version must go on reading. Integers are big-endian. Formats are
//! versioned by one byte: a reader refuses a version that it does not know, and never guesses.
//!
//! | module | format | needs a key to read |
//! |---|---|---|
//! | [`header`] | who may open the vault; `SottoVlt` 2 | no |
//! | [`keyring`] | each record's key, shredded in place; `SottoKey` 1 | to open, not to purge |
//! | [`meta`] | the vault's state; `SottoMta` 1 | no, to trust it yes |
//! | [`record`] | sealed records; `SottoRec` 2 | yes |
//! | [`journal`] | a recording while it is made; `SottoAud` 1 | yes |
//! | [`expiry`] | the clock's mark, and what is due | no |
//! | [`audit`] | rows of the audit log | yes |
//! | [`backup`] | everything in one file; `SottoBak` 2 | yes |
//! | [`throttle`] | how long to wait after wrong passphrases | no |
//! | [`check`] | the primitives against published vectors | no |
//! | [`v1`], [`migrate`] | the first version, and the way from it | yes |
//!
//! # A session
//!
//! 1. **Locked.** Read [`Header::parse`], [`meta::Meta::peek`] and the mark's copy ([`expiry::Mark::parse`]), then
//!    [`keyring::parse`] and carry out its repairs. [`expiry::Mark::read`] gives the time; store its mark;
//!    [`expiry::due`] and [`keyring::Keyring::shred`] destroy what is due, its rows are deleted after that; remember it
//!    for [`audit::Log::append_late`].
//! 2. **Unlocking.** [`throttle::Throttle::wait`], then [`Header::unlock`] in a worker that is thrown away after it.
//!    The [`VaultKey`] gives [`Keys`] for the session and, through [`meta::Meta::log_key`], opens the audit log.
//!    [`meta::Meta::rolled_back`] tells whether something old was put back. Exchange the key if
//!    [`meta::Meta::rotation_due`] or [`keyring::Keyring::worn`]; then drop it.
//! 3. **Working.** [`keyring::Keyring::add`] and [`record::seal`] for what is new, [`keyring::Keyring::dek`] and
//!    [`record::open`] for what is there. Whatever changes the keyring, the header or the audit log is followed by a
//!    new [`meta::Meta`].
//! 4. **Locking.** Drop everything; terminate the worker that held it.

#![deny(missing_docs)]
#![forbid(unsafe_code)]

mod failure;
pub use failure::{Failure, Weakness};

mod passphrase;
pub use passphrase::strong_enough;

mod recovery;
pub use recovery::RecoveryCode;

mod kdf;
pub use kdf::{Cost, Kdf, calibrate, trial};

mod secret;
mod wire;

mod keys;
pub use keys::{Keys, VaultId, VaultKey};

pub mod header;
pub use header::{Factor, Header};

pub mod keyring;
pub mod meta;

pub mod record;
pub use record::{Class, Namespace, RecordId};

pub mod audit;
pub mod backup;
pub mod check;
pub mod expiry;
pub mod journal;
pub mod migrate;
pub mod throttle;

pub mod v1;
// The page still keeps a vault of version 1.
pub use v1::{Head, Key, create, expired, open, read_head, seal, unlock};
