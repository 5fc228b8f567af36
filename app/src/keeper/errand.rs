//! What a throw-away worker does: everything that stretches a passphrase. Its memory ends with it.

use serde::{Deserialize, Serialize};
use vault::header::{self, Kind};
use vault::{Cost, Factor, Failure, Header, Kdf, RecoveryCode, VaultKey};

use super::protocol::{Credential, Errand, Id, NewWay, encode};
use super::{Refusal, Trouble, migrate};
use crate::browser::clock;

/// What it brings back.
#[derive(Serialize, Deserialize)]
pub struct Brought {
    pub header: Vec<u8>,
    /// The vault key, handed from one worker of this page to another.
    pub key: Vec<u8>,
    /// A new recovery code as it is printed.
    pub code: Option<String>,
}

/// The records of a version-1 vault.
#[derive(Serialize, Deserialize)]
pub struct OldRecords(pub Vec<OldRecord>);

#[derive(Serialize, Deserialize)]
pub struct OldRecord {
    pub id: Id,
    pub revision: u32,
    pub expires_at: u64,
    /// Schema and plaintext; nothing for one that does not open.
    pub opened: Option<(u16, Vec<u8>)>,
    pub sealed: Vec<u8>,
}

pub fn run(errand: Errand) -> Result<Vec<u8>, Trouble> {
    let brought = match errand {
        Errand::Create { passphrase } => create(&passphrase),
        Errand::Unlock { header, with } => Header::parse(&header).and_then(|header| {
            let key = unlock(&header, &with)?;
            Ok(brought(&header, key, None))
        }),
        Errand::OpenBackup { header, with } => vault::backup::read_header(&header).and_then(|(header, _)| {
            let key = unlock(&header, &with)?;
            Ok(brought(&header, key, None))
        }),
        Errand::Add { header, proof, way } => add(&header, &proof, way),
        Errand::Check { vectors } => return check(&vectors),
        Errand::OpenVersion1 {
            header,
            passphrase,
            records,
            now,
        } => {
            let opened = migrate::open_all(&header, &passphrase, records, now)?;
            return Ok(encode(&opened));
        }
    };
    Ok(encode(&brought?))
}

/// The published vectors of one file, or, without a file, those that are no file: Argon2id's, and the hash over ten
/// thousand random operations, which is the same on every machine.
fn check(vectors: &str) -> Result<Vec<u8>, Trouble> {
    if vectors.is_empty() {
        let argon2id = u8::from(vault::check::argon2id());
        return Ok([[argon2id].as_slice(), &vault::check::accumulated(10_000)].concat());
    }
    let checked = vault::check::run(vectors).map_err(|_| Trouble::Refused(Refusal::Vault(Failure::Damaged)))?;
    Ok([checked.valid.to_be_bytes(), checked.invalid.to_be_bytes()].concat())
}

/// The key that was handed over.
pub fn key(brought: &Brought) -> Result<VaultKey, Trouble> {
    let bytes = brought.key.as_slice().try_into().map_err(|_| Trouble::Stopped)?;
    Ok(VaultKey::take_over(bytes))
}

fn create(passphrase: &str) -> Result<Brought, Failure> {
    let (header, key) = header::create(passphrase, cost())?;
    Ok(brought(&header, key, None))
}

fn unlock(header: &Header, with: &Credential) -> Result<VaultKey, Failure> {
    match with {
        Credential::Passphrase(passphrase) => header.unlock(&Factor::Passphrase(passphrase)),
        Credential::Recovery(typed) => header.unlock(&Factor::Recovery(&RecoveryCode::parse(typed)?)),
        Credential::Passkey { output } => header.unlock(&Factor::Passkey(output)),
        Credential::Both { passphrase, output } => header.unlock(&Factor::Both {
            passphrase,
            prf: output,
        }),
    }
}

fn add(header: &[u8], proof: &Credential, way: NewWay) -> Result<Brought, Failure> {
    let mut header = Header::parse(header)?;
    let key = unlock(&header, proof)?;
    let mut code = None;
    match way {
        NewWay::Passphrase(passphrase) => header.put(&key, &Factor::Passphrase(&passphrase), Some(cost()), &[])?,
        NewWay::Recovery => {
            let fresh = RecoveryCode::random()?;
            header.put(&key, &Factor::Recovery(&fresh), None, &[])?;
            code = Some(fresh.text().to_string());
        }
        NewWay::Passkey { credential, output } => header.put(&key, &Factor::Passkey(&output), None, &credential)?,
        NewWay::Both {
            passphrase,
            credential,
            output,
        } => {
            let both = Factor::Both {
                passphrase: &passphrase,
                prf: &output,
            };
            header.put(&key, &both, Some(cost()), &credential)?;
        }
    }
    Ok(brought(&header, key, code))
}

/// What a new passphrase costs on this device: measured, about a second, and never below the standard unless there is no
/// memory for that.
fn cost() -> Kdf {
    let begun = clock::monotonic();
    Kdf::Argon2id(match vault::trial(Cost::STANDARD) {
        Ok(()) => vault::calibrate(clock::monotonic() - begun),
        Err(_) => Cost::FLOOR,
    })
}

fn brought(header: &Header, key: VaultKey, code: Option<String>) -> Brought {
    Brought {
        header: header.to_bytes(),
        key: key.hand_over().to_vec(),
        code,
    }
}

/// The names of the kinds, as the audit log numbers them.
pub fn kind(credential: &Credential) -> Kind {
    match credential {
        Credential::Passphrase(_) => Kind::Passphrase,
        Credential::Recovery(_) => Kind::Recovery,
        Credential::Passkey { .. } => Kind::Passkey,
        Credential::Both { .. } => Kind::Both,
    }
}
