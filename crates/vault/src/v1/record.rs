use zeroize::Zeroizing;

use super::Key;
use crate::record::padme;
use crate::secret::random;
use crate::{Failure, RecordId};

const MAGIC: &[u8; 8] = b"SottoRec";
const VERSION: u8 = 1;
const VISIT: u8 = 1;

// The table in the crate's documentation, as ranges.
const VAULT: std::ops::Range<usize> = 10..26;
const ID: std::ops::Range<usize> = 26..42;
const SCHEMA: std::ops::Range<usize> = 42..44;
const REVISION: std::ops::Range<usize> = 44..48;
const EXPIRES: std::ops::Range<usize> = 48..56;
const PADDED: std::ops::Range<usize> = 56..60;
const NONCE: std::ops::Range<usize> = 60..72;
const BODY: usize = 72;
const TAG: usize = 16;

/// Authenticated together with the body: everything up to the nonce.
const AAD: std::ops::Range<usize> = 0..NONCE.start;

/// The shortest padded body: shorter notes all look alike.
const SHORTEST: usize = 4096;

/// The longest plaintext, 64 MiB: no visit comes near it, and lengths stay far inside 32 bits.
const LONGEST: usize = 64 << 20;

/// What a sealed record says about itself in the clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Which record this is.
    pub id: RecordId,
    /// How the caller laid out the plaintext.
    pub schema: u16,
    /// Counts the versions of this record.
    pub revision: u32,
    /// Seconds since 1970-01-01 00:00 UTC; from then on the record does not open. It can be read without a key: whole
    /// hours give less away than seconds.
    pub expires_at: u64,
}

/// Encrypts a record under a fresh random nonce.
///
/// # Errors
/// [`Failure::TooLarge`] or [`Failure::Random`].
pub fn seal(key: &Key, head: &Head, plaintext: &[u8]) -> Result<Vec<u8>, Failure> {
    if plaintext.len() > LONGEST {
        return Err(Failure::TooLarge);
    }
    let padded = padme(4 + plaintext.len()).max(SHORTEST);
    // Encrypted where it lies: no second copy of the plaintext exists that would have to be wiped.
    let mut sealed = vec![0; BODY + padded + TAG];
    sealed[..8].copy_from_slice(MAGIC);
    sealed[8] = VERSION;
    sealed[9] = VISIT;
    sealed[VAULT].copy_from_slice(&key.vault.0);
    sealed[ID].copy_from_slice(&head.id.0);
    sealed[SCHEMA].copy_from_slice(&head.schema.to_be_bytes());
    sealed[REVISION].copy_from_slice(&head.revision.to_be_bytes());
    sealed[EXPIRES].copy_from_slice(&head.expires_at.to_be_bytes());
    sealed[PADDED].copy_from_slice(&length(padded));
    let nonce = random::<12>()?;
    sealed[NONCE].copy_from_slice(&nonce);

    let (clear, rest) = sealed.split_at_mut(BODY);
    let (body, tag) = rest.split_at_mut(padded);
    body[..4].copy_from_slice(&length(plaintext.len()));
    body[4..4 + plaintext.len()].copy_from_slice(plaintext);
    let computed = key
        .for_record(head.id, head.revision)
        .encrypt(&nonce, &clear[AAD], body);
    tag.copy_from_slice(&computed);
    Ok(sealed)
}

/// Decrypts a record, unless its time is over at `now` (seconds since 1970-01-01 00:00 UTC).
///
/// # Errors
/// [`Failure::Expired`], [`Failure::Damaged`] or [`Failure::Unsupported`].
pub fn open(key: &Key, sealed: &[u8], now: u64) -> Result<(Head, Zeroizing<Vec<u8>>), Failure> {
    let head = read_head(sealed)?;
    if sealed[VAULT] != key.vault.0 {
        return Err(Failure::Damaged);
    }
    if now >= head.expires_at {
        return Err(Failure::Expired);
    }
    let tag_at = sealed.len() - TAG;
    let mut body = Zeroizing::new(sealed[BODY..tag_at].to_vec());
    key.for_record(head.id, head.revision).decrypt(
        &bytes(sealed, NONCE),
        &sealed[AAD],
        body.as_mut_slice(),
        &bytes(sealed, tag_at..sealed.len()),
    )?;

    let length = u32::from_be_bytes(bytes(&body, 0..4)) as usize;
    if length > body.len() - 4 || body[4 + length..].iter().any(|&b| b != 0) {
        return Err(Failure::Damaged);
    }
    Ok((head, Zeroizing::new(body[4..4 + length].to_vec())))
}

/// What a record says about itself, **not authenticated**: enough to sweep expired records of a locked vault, and to
/// list; never enough to trust.
///
/// # Errors
/// [`Failure::Damaged`] or [`Failure::Unsupported`].
pub fn read_head(sealed: &[u8]) -> Result<Head, Failure> {
    if sealed.len() < 10 || &sealed[..8] != MAGIC {
        return Err(Failure::Damaged);
    }
    // Before the length: another version may have another one.
    if sealed[8] != VERSION || sealed[9] != VISIT {
        return Err(Failure::Unsupported);
    }
    if sealed.len() < BODY + SHORTEST + TAG {
        return Err(Failure::Damaged);
    }
    if u32::from_be_bytes(bytes(sealed, PADDED)) as usize != sealed.len() - BODY - TAG {
        return Err(Failure::Damaged);
    }
    Ok(Head {
        id: RecordId(bytes(sealed, ID)),
        schema: u16::from_be_bytes(bytes(sealed, SCHEMA)),
        revision: u32::from_be_bytes(bytes(sealed, REVISION)),
        expires_at: u64::from_be_bytes(bytes(sealed, EXPIRES)),
    })
}

fn length(n: usize) -> [u8; 4] {
    u32::try_from(n)
        .expect("lengths are limited far below 32 bits")
        .to_be_bytes()
}

fn bytes<const N: usize>(sealed: &[u8], field: std::ops::Range<usize>) -> [u8; N] {
    sealed[field].try_into().expect("the field is as long as its type")
}
