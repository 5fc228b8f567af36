use zeroize::Zeroizing;

use crate::Failure;
use crate::secret::Secret;

/// Which vault something belongs to. Random; part of everything that is authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VaultId(pub [u8; 16]);

/// The key that every slot of a header wraps. It encrypts nothing itself: [`VaultKey::keys`] gives what a session works
/// with. Drop it as soon as the vault is open; only changing the slots, rotating, and backing up need it again, and for
/// those the passphrase is asked again.
pub struct VaultKey {
    pub(crate) vault: VaultId,
    pub(crate) generation: u32,
    pub(crate) secret: Secret,
}

/// What an unlocked session holds: it opens and seals records, and it signs the vault's state. It cannot be printed or
/// copied, and is wiped when dropped.
pub struct Keys {
    pub(crate) vault: VaultId,
    pub(crate) generation: u32,
    /// Wraps the key of each record in the keyring.
    pub(crate) wrap: Secret,
    /// Authenticates the vault's state.
    pub(crate) meta: Secret,
}

impl VaultKey {
    pub(crate) fn random(vault: VaultId, generation: u32) -> Result<VaultKey, Failure> {
        Ok(VaultKey {
            vault,
            generation,
            secret: Secret::random()?,
        })
    }

    /// What the session works with.
    pub fn keys(&self) -> Keys {
        Keys {
            vault: self.vault,
            generation: self.generation,
            wrap: self.secret.derive(&[b"sotto/v2/wrap", &self.vault.0]),
            meta: self.secret.derive(&[b"sotto/v2/meta", &self.vault.0]),
        }
    }

    /// Which vault this opens.
    pub fn vault(&self) -> VaultId {
        self.vault
    }

    /// The key and whose it is, to hand from the worker that stretched the passphrase to the one that works. Wipe what
    /// carried it.
    pub fn hand_over(self) -> Zeroizing<[u8; 52]> {
        let mut bytes = Zeroizing::new([0; 52]);
        bytes[..16].copy_from_slice(&self.vault.0);
        bytes[16..20].copy_from_slice(&self.generation.to_be_bytes());
        bytes[20..].copy_from_slice(self.secret.bytes());
        bytes
    }

    /// What [`VaultKey::hand_over`] gave, on the other side.
    pub fn take_over(bytes: &[u8; 52]) -> VaultKey {
        let (vault, rest) = bytes.split_first_chunk().expect("an id is shorter");
        let (generation, secret) = rest.split_first_chunk().expect("a number is shorter");
        VaultKey {
            vault: VaultId(*vault),
            generation: u32::from_be_bytes(*generation),
            secret: Secret::filled(|key| key.copy_from_slice(secret)),
        }
    }

    /// Wraps the audit log's root key.
    pub(crate) fn log(&self) -> Secret {
        self.secret.derive(&[b"sotto/v2/log", &self.vault.0])
    }

    /// Keeps each slot's wrapping key, so that a new vault key, or a backup's, can be wrapped for a passkey that is not
    /// at hand.
    pub(crate) fn slots(&self) -> Secret {
        self.secret.derive(&[b"sotto/v2/slots", &self.vault.0])
    }
}

impl Keys {
    /// Which vault these open.
    pub fn vault(&self) -> VaultId {
        self.vault
    }

    /// How often the vault key was exchanged.
    pub fn generation(&self) -> u32 {
        self.generation
    }
}
