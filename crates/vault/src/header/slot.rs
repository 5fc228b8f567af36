use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::Purpose;
use crate::secret::{Secret, WRAPPED, Wrapped, hkdf, random};
use crate::wire::Cut;
use crate::{Cost, Failure, Kdf, RecoveryCode, VaultKey};

/// Bytes of a slot.
pub(super) const SLOT: usize = 440;

const CREDENTIAL: usize = 256;

/// What a person opens the vault with.
pub enum Factor<'a> {
    /// The passphrase alone.
    Passphrase(&'a str),
    /// The output of the passkey's PRF extension for [`super::Header::prf_salt`].
    Passkey(&'a [u8]),
    /// The printed code.
    Recovery(&'a RecoveryCode),
    /// Two factors, both needed.
    Both {
        /// The passphrase.
        passphrase: &'a str,
        /// The output of the passkey's PRF extension.
        prf: &'a [u8],
    },
}

/// The kinds of slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Opens with a passphrase.
    Passphrase = 1,
    /// Opens with a passkey.
    Passkey = 2,
    /// Opens with the printed code.
    Recovery = 3,
    /// Opens with passphrase and passkey together.
    Both = 4,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) kind: Kind,
    pub(super) kdf: Option<Kdf>,
    pub(super) credential: Vec<u8>,
    salt: [u8; 16],
    commitment: [u8; 32],
    wrapped: Wrapped,
    kept: Wrapped,
}

impl Slot {
    pub(super) fn seal(
        head: &[u8; 64],
        key: &VaultKey,
        factor: &Factor,
        kdf: Option<Kdf>,
        credential: &[u8],
    ) -> Result<Slot, Failure> {
        let kind = factor.kind();
        if credential.len() > CREDENTIAL {
            return Err(Failure::UnusablePasskey);
        }
        // What a kind does not use is zero, so that there is one way to write each slot.
        let standard = Kdf::Argon2id(Cost::STANDARD);
        let good = kdf.filter(|kdf| kdf.acceptable() && kdf.modest());
        let kdf = kind.stretches().then_some(good.unwrap_or(standard));
        let credential = if kind.has_credential() { credential } else { &[] };
        let mut slot = Slot {
            kind,
            kdf,
            credential: credential.to_vec(),
            salt: random()?,
            commitment: [0; 32],
            wrapped: [0; WRAPPED],
            kept: [0; WRAPPED],
        };
        let secret = slot.stretch(factor)?;
        slot.commitment = *commitment(&secret).bytes();
        let wrapping = wrapping(&secret);
        slot.wrapped = wrapping.wrap(&slot.aad(head), &key.secret)?;
        slot.kept = key.slots().wrap(&slot.aad(head), &wrapping)?;
        Ok(slot)
    }

    pub(super) fn open(&self, head: &[u8; 64], factor: &Factor) -> Result<Secret, Failure> {
        let secret = self.stretch(factor)?;
        if !bool::from(commitment(&secret).bytes().ct_eq(&self.commitment)) {
            return Err(factor.refused());
        }
        wrapping(&secret).unwrap_key(&self.aad(head), &self.wrapped)
    }

    /// The same slot around another key.
    pub(super) fn rewrapped(
        &self,
        old_head: &[u8; 64],
        old: &VaultKey,
        new_head: &[u8; 64],
        new: &VaultKey,
    ) -> Result<Slot, Failure> {
        let wrapping = old.slots().unwrap_key(&self.aad(old_head), &self.kept)?;
        let mut slot = self.clone();
        slot.wrapped = wrapping.wrap(&slot.aad(new_head), &new.secret)?;
        slot.kept = new.slots().wrap(&slot.aad(new_head), &wrapping)?;
        Ok(slot)
    }

    /// A backup is read, never rewrapped.
    pub(super) fn forget_wrapping(&mut self) {
        self.kept = [0; WRAPPED];
    }

    /// True when a header has room for only one of the two: there is one passphrase, one recovery code, and one slot
    /// for each passkey.
    pub(super) fn same_place(&self, other: &Slot) -> bool {
        let stretches = self.kind.stretches() && other.kind.stretches();
        stretches || (self.kind == other.kind && self.credential == other.credential)
    }

    pub(super) fn parse(bytes: &[u8], purpose: Purpose) -> Result<Slot, Failure> {
        let mut cut = Cut(bytes);
        let kind = match cut.u8()? {
            1 => Kind::Passphrase,
            2 => Kind::Passkey,
            3 => Kind::Recovery,
            4 => Kind::Both,
            _ => return Err(Failure::Unsupported),
        };
        let (algorithm, length) = (cut.u8()?, usize::from(cut.u16()?));
        let (memory, passes, lanes) = (cut.u32()?, cut.u32()?, cut.u32()?);
        let kdf = match (algorithm, memory, lanes) {
            (0, 0, 0) if passes == 0 => None,
            (1, ..) => Some(Kdf::Argon2id(Cost { memory, passes, lanes })),
            (2, 0, 0) => Some(Kdf::Pbkdf2 { iterations: passes }),
            (0 | 2, ..) => return Err(Failure::Damaged),
            _ => return Err(Failure::Unsupported),
        };
        let slot = Slot {
            kind,
            kdf,
            salt: cut.array()?,
            commitment: cut.array()?,
            wrapped: cut.array()?,
            kept: cut.array()?,
            credential: cut.bytes(length.min(CREDENTIAL))?.to_vec(),
        };
        let fits = kind.stretches() == kdf.is_some()
            && kdf.is_none_or(|kdf| kdf.acceptable() && (purpose == Purpose::Vault || kdf.modest()))
            && length <= CREDENTIAL
            && (kind.has_credential() || length == 0)
            && cut.0.iter().all(|byte| *byte == 0)
            && (purpose == Purpose::Vault || slot.kept == [0; WRAPPED]);
        if fits { Ok(slot) } else { Err(Failure::Damaged) }
    }

    pub(super) fn to_bytes(&self) -> [u8; SLOT] {
        let mut bytes = [0; SLOT];
        bytes[..64].copy_from_slice(&self.authenticated());
        bytes[64..124].copy_from_slice(&self.wrapped);
        bytes[124..184].copy_from_slice(&self.kept);
        bytes[184..184 + self.credential.len()].copy_from_slice(&self.credential);
        bytes
    }

    fn authenticated(&self) -> [u8; 64] {
        let (algorithm, memory, passes, lanes) = match self.kdf {
            None => (0, 0, 0, 0),
            Some(Kdf::Argon2id(cost)) => (1, cost.memory, cost.passes, cost.lanes),
            Some(Kdf::Pbkdf2 { iterations }) => (2, 0, iterations, 0),
        };
        let mut bytes = [0; 64];
        bytes[0] = self.kind as u8;
        bytes[1] = algorithm;
        let length = u16::try_from(self.credential.len()).expect("at most 256");
        bytes[2..4].copy_from_slice(&length.to_be_bytes());
        bytes[4..8].copy_from_slice(&memory.to_be_bytes());
        bytes[8..12].copy_from_slice(&passes.to_be_bytes());
        bytes[12..16].copy_from_slice(&lanes.to_be_bytes());
        bytes[16..32].copy_from_slice(&self.salt);
        bytes[32..].copy_from_slice(&self.commitment);
        bytes
    }

    /// The head without the number of slots: adding one leaves the others as they are.
    fn aad(&self, head: &[u8; 64]) -> Vec<u8> {
        [&head[..9], &head[12..], &self.authenticated(), &self.credential].concat()
    }

    fn stretch(&self, factor: &Factor) -> Result<Secret, Failure> {
        let passphrase = |passphrase: &str| match self.kdf {
            Some(kdf) => kdf.stretch(passphrase, &self.salt),
            None => Err(Failure::Damaged),
        };
        match factor {
            Factor::Passphrase(text) => passphrase(text),
            Factor::Passkey(output) => prf(output, &self.salt),
            Factor::Recovery(code) => Ok(code.stretch(&self.salt)),
            Factor::Both {
                passphrase: text,
                prf: output,
            } => {
                // The quick one first: an unusable passkey is refused before a second is spent.
                let second = prf(output, &self.salt)?;
                let both = Zeroizing::new([*passphrase(text)?.bytes(), *second.bytes()].concat());
                Ok(hkdf(&both, &self.salt, &[b"sotto/v2/both"]))
            }
        }
    }
}

impl Factor<'_> {
    /// Which slots this can open.
    pub fn kind(&self) -> Kind {
        match self {
            Factor::Passphrase(_) => Kind::Passphrase,
            Factor::Passkey(_) => Kind::Passkey,
            Factor::Recovery(_) => Kind::Recovery,
            Factor::Both { .. } => Kind::Both,
        }
    }

    pub(super) fn refused(&self) -> Failure {
        match self {
            Factor::Passphrase(_) | Factor::Both { .. } => Failure::WrongPassphrase,
            Factor::Passkey(_) => Failure::WrongPasskey,
            Factor::Recovery(_) => Failure::WrongCode,
        }
    }
}

impl Kind {
    fn stretches(self) -> bool {
        matches!(self, Kind::Passphrase | Kind::Both)
    }

    fn has_credential(self) -> bool {
        matches!(self, Kind::Passkey | Kind::Both)
    }
}

fn commitment(secret: &Secret) -> Secret {
    secret.derive(&[b"sotto/v2/commit"])
}

fn wrapping(secret: &Secret) -> Secret {
    secret.derive(&[b"sotto/v2/wrap"])
}

/// An authenticator that does not really have the extension answers too little, or zeros.
fn prf(output: &[u8], salt: &[u8; 16]) -> Result<Secret, Failure> {
    if output.len() < 32 || output.iter().all(|byte| *byte == 0) {
        return Err(Failure::UnusablePasskey);
    }
    Ok(hkdf(output, salt, &[b"sotto/v2/prf"]))
}
