//! From version 1 to version 2, in steps that can be interrupted anywhere: copy, verify, then switch.
//!
//! 1. [`crate::v1::unlock`] with the passphrase, then [`crate::header::create`], [`crate::keyring::create`] and
//!    [`crate::meta::Meta::new`] for the same passphrase.
//! 2. [`record`] for each old record; store its result beside the old one.
//! 3. [`verify`] for each pair, from what was stored.
//! 4. Switch to the new vault in one transaction, and only then delete the old records and the old header.
//!
//! Nothing old is touched before step 4; a crash before it starts again at step 1 with a new vault.

use crate::keyring::{Entry, Keyring, Write};
use crate::{Class, Failure, Keys, Namespace, RecordId, v1};

/// An old record in its new shape.
pub struct Migrated {
    /// Its id, which stays.
    pub id: RecordId,
    /// To be carried out on the keyring file.
    pub writes: Vec<Write>,
    /// The record, sealed under its own key.
    pub sealed: Vec<u8>,
}

/// Seals a record of version 1 anew: a note with the same id, schema, revision, expiry and text, under its own key.
///
/// # Errors
/// [`Failure::Expired`]: it need not be taken over. [`Failure::Damaged`] and the rest as for [`v1::open`]: keep the old
/// vault and say so. Then those of [`Keyring::add`].
pub fn record(old: &v1::Key, keys: &Keys, keyring: &mut Keyring, sealed: &[u8], now: u64) -> Result<Migrated, Failure> {
    let (head, plaintext) = v1::open(old, sealed, now)?;
    let entry = Entry {
        id: head.id,
        namespace: Namespace::Visit,
        class: Class::Note,
        expires_at: head.expires_at,
        hold: false,
    };
    let (dek, writes) = keyring.add(keys, entry)?;
    let sealed = crate::record::seal(&dek, head.schema, head.revision, &plaintext)?;
    Ok(Migrated {
        id: head.id,
        writes,
        sealed,
    })
}

/// True when the new record opens and says exactly what the old one says.
///
/// # Errors
/// Why one of the two does not open.
pub fn verify(
    old: &v1::Key,
    keys: &Keys,
    keyring: &Keyring,
    before: &[u8],
    after: &[u8],
    now: u64,
) -> Result<bool, Failure> {
    let (was, text) = v1::open(old, before, now)?;
    let dek = keyring.dek(keys, was.id, now)?;
    let (is, copy) = crate::record::open(&dek, after, now)?;
    Ok(text == copy && (was.schema, was.revision, was.expires_at) == (is.schema, is.revision, is.expires_at))
}
