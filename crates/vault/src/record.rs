//! Sealed record, version 2: 90 bytes and the padded body.
//!
//! | offset | bytes | field |
//! |---:|---:|---|
//! | 0 | 8 | magic `SottoRec` |
//! | 8 | 1 | format version: 2 |
//! | 9 | 1 | algorithm: 1 = AES-256-GCM |
//! | 10 | 1 | namespace, see [`Namespace`] |
//! | 11 | 1 | retention class, see [`Class`] |
//! | 12 | 16 | vault id |
//! | 28 | 16 | record id, random |
//! | 44 | 2 | schema of the plaintext; the caller's, not interpreted here |
//! | 46 | 4 | revision |
//! | 50 | 8 | expires at, seconds since 1970-01-01 00:00 UTC |
//! | 58 | 4 | padded length |
//! | 62 | 12 | nonce, random, drawn anew by every [`seal`] |
//! | 74 | padded length | body; AAD = bytes 0 to 61 |
//! | … | 16 | tag |
//!
//! ```text
//! revision key = HKDF-SHA-256(ikm = DEK, no salt, info = "sotto/v2/rev" | revision), 32 bytes
//! body         = length of the plaintext (4 bytes) | plaintext | zeros up to the padded length
//! ```
//!
//! The DEK is the record's own key from the keyring ([`crate::keyring`]): once its slot is overwritten, no copy of the
//! record opens again, wherever it lies. Everything before the nonce is authenticated and nothing follows the tag, so a
//! swapped body, another vault's record, another id, namespace, schema or revision, and a lengthened expiry all fail.
//! The padded length is [Padmé]'s for `4 + plaintext` and at least 4,096: it costs at most 12 % and gives away little
//! more than the order of magnitude.
//!
//! Two dates protect a record, the slot's and its own, and the earlier one counts. To lengthen a life, seal the record
//! anew first and change the slot second; to shorten it, change the slot. A crash in between leaves the earlier date.
//!
//! [Padmé]: https://lbarman.ch/blog/padme/

use zeroize::Zeroizing;

use crate::keyring::Dek;
use crate::secret::{NONCE, TAG, random};
use crate::wire::Cut;
use crate::{Failure, VaultId};

mod kind;
pub use kind::{Class, Namespace, RecordId};

const MAGIC: &[u8; 8] = b"SottoRec";
const VERSION: u8 = 2;
const AES_256_GCM: u8 = 1;

/// Authenticated together with the body.
const HEAD: usize = 62;
const BODY: usize = HEAD + NONCE;

/// The shortest padded body: shorter notes all look alike.
const SHORTEST: usize = 4096;

/// The longest plaintext, 64 MiB: no visit comes near it, and lengths stay far inside 32 bits.
pub const LONGEST: usize = 64 << 20;

/// What a sealed record says about itself in the clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Which vault it belongs to.
    pub vault: VaultId,
    /// What kind of thing it is.
    pub namespace: Namespace,
    /// How long things of this kind are kept.
    pub class: Class,
    /// Which record this is.
    pub id: RecordId,
    /// How the caller laid out the plaintext.
    pub schema: u16,
    /// Counts the versions of this record.
    pub revision: u32,
    /// Seconds since 1970-01-01 00:00 UTC; from then on the record does not open. It can be read without a key: see
    /// [`crate::expiry::whole_hour`].
    pub expires_at: u64,
}

/// Encrypts a record under a fresh random nonce. Id, namespace, class and expiry are the slot's.
///
/// # Errors
/// [`Failure::TooLarge`] or [`Failure::Random`].
pub fn seal(dek: &Dek, schema: u16, revision: u32, plaintext: &[u8]) -> Result<Vec<u8>, Failure> {
    if plaintext.len() > LONGEST {
        return Err(Failure::TooLarge);
    }
    let padded = padme(4 + plaintext.len()).max(SHORTEST);
    let entry = dek.entry();
    let head = Head {
        vault: dek.vault(),
        namespace: entry.namespace,
        class: entry.class,
        id: entry.id,
        schema,
        revision,
        expires_at: entry.expires_at,
    };
    // Encrypted where it lies: no second copy of the plaintext exists that would have to be wiped.
    let mut sealed = vec![0; BODY + padded + TAG];
    sealed[..HEAD].copy_from_slice(&head.to_bytes(padded));
    let nonce = random::<NONCE>()?;
    sealed[HEAD..BODY].copy_from_slice(&nonce);
    let (clear, rest) = sealed.split_at_mut(BODY);
    let (body, tag) = rest.split_at_mut(padded);
    body[..4].copy_from_slice(&length(plaintext.len()));
    body[4..4 + plaintext.len()].copy_from_slice(plaintext);
    tag.copy_from_slice(&revision_key(dek, revision).encrypt(&nonce, &clear[..HEAD], body));
    Ok(sealed)
}

/// Decrypts a record, unless its time is over at `now` (the *effective* time, see [`crate::expiry`]). A record on legal
/// hold opens beyond its time.
///
/// # Errors
/// [`Failure::Expired`], [`Failure::Damaged`] or [`Failure::Unsupported`].
pub fn open(dek: &Dek, sealed: &[u8], now: u64) -> Result<(Head, Zeroizing<Vec<u8>>), Failure> {
    let head = read_head(sealed)?;
    let entry = dek.entry();
    if (head.vault, head.id, head.namespace, head.class) != (dek.vault(), entry.id, entry.namespace, entry.class) {
        return Err(Failure::Damaged);
    }
    if !entry.hold && now >= head.expires_at.min(entry.expires_at) {
        return Err(Failure::Expired);
    }
    let (front, tag) = sealed.split_last_chunk::<TAG>().ok_or(Failure::Damaged)?;
    let mut cut = Cut(&front[HEAD..]);
    let nonce = cut.array()?;
    let mut body = Zeroizing::new(cut.0.to_vec());
    revision_key(dek, head.revision).decrypt(&nonce, &front[..HEAD], &mut body, tag)?;

    let mut cut = Cut(&body);
    let length = cut.u32()? as usize;
    let plaintext = Zeroizing::new(cut.bytes(length)?.to_vec());
    if cut.0.iter().any(|byte| *byte != 0) {
        return Err(Failure::Damaged);
    }
    Ok((head, plaintext))
}

/// What a record says about itself, **not authenticated**: enough to sweep a locked vault, and to list; never enough to
/// trust.
///
/// # Errors
/// [`Failure::Damaged`] or [`Failure::Unsupported`].
pub fn read_head(sealed: &[u8]) -> Result<Head, Failure> {
    let mut cut = Cut(sealed);
    cut.expect(MAGIC)?;
    // Before the length: another version may have another one.
    if cut.u8()? != VERSION || cut.u8()? != AES_256_GCM {
        return Err(Failure::Unsupported);
    }
    let namespace = Namespace::from_byte(cut.u8()?).ok_or(Failure::Unsupported)?;
    let class = Class::from_byte(cut.u8()?).ok_or(Failure::Unsupported)?;
    let head = Head {
        vault: VaultId(cut.array()?),
        namespace,
        class,
        id: RecordId(cut.array()?),
        schema: cut.u16()?,
        revision: cut.u32()?,
        expires_at: cut.u64()?,
    };
    let padded = cut.u32()? as usize;
    if padded < SHORTEST || sealed.len() != BODY + padded + TAG {
        return Err(Failure::Damaged);
    }
    Ok(head)
}

/// Padmé: a length keeps as many significant bits as its order of magnitude has digits in base two, and rounds up.
pub(crate) fn padme(length: usize) -> usize {
    if length < 2 {
        return length;
    }
    let exponent = length.ilog2();
    let kept = exponent.ilog2() + 1;
    let mask = (1 << exponent.saturating_sub(kept)) - 1;
    (length + mask) & !mask
}

fn revision_key(dek: &Dek, revision: u32) -> crate::secret::Secret {
    dek.derive(&[b"sotto/v2/rev", &revision.to_be_bytes()])
}

fn length(n: usize) -> [u8; 4] {
    u32::try_from(n)
        .expect("lengths are limited far below 32 bits")
        .to_be_bytes()
}

impl Head {
    fn to_bytes(self, padded: usize) -> [u8; HEAD] {
        let mut bytes = [0; HEAD];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..12].copy_from_slice(&[VERSION, AES_256_GCM, self.namespace as u8, self.class as u8]);
        bytes[12..28].copy_from_slice(&self.vault.0);
        bytes[28..44].copy_from_slice(&self.id.0);
        bytes[44..46].copy_from_slice(&self.schema.to_be_bytes());
        bytes[46..50].copy_from_slice(&self.revision.to_be_bytes());
        bytes[50..58].copy_from_slice(&self.expires_at.to_be_bytes());
        bytes[58..].copy_from_slice(&length(padded));
        bytes
    }
}
