use crate::secret::Secret;
use crate::{Class, Namespace, RecordId, VaultId};

/// A record's own key, unwrapped, with the slot that was authenticated with it. Wiped when dropped.
pub struct Dek {
    pub(super) vault: VaultId,
    pub(super) entry: Entry,
    pub(super) secret: Secret,
}

/// What a slot says about its record, readable without a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which record.
    pub id: RecordId,
    /// What kind of thing it is.
    pub namespace: Namespace,
    /// How long things of this kind are kept.
    pub class: Class,
    /// Seconds since 1970-01-01 00:00 UTC.
    pub expires_at: u64,
    /// Under legal hold: neither expires nor is purged until it is lifted.
    pub hold: bool,
}

impl Dek {
    /// Which vault the record belongs to.
    pub fn vault(&self) -> VaultId {
        self.vault
    }

    /// What the slot says, authenticated.
    pub fn entry(&self) -> Entry {
        self.entry
    }

    pub(crate) fn derive(&self, info: &[&[u8]]) -> Secret {
        self.secret.derive(info)
    }
}
