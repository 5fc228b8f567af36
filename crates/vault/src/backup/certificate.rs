use sha2::{Digest, Sha256};

use crate::audit::Log;
use crate::audit::export::{hex, iso};
use crate::{Failure, RecordId};

/// A record that was destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Destroyed {
    /// Which one.
    pub id: RecordId,
    /// SHA-256 of the sealed record as it was stored: whoever still holds a copy can see that it is this one, and that
    /// it no longer opens.
    pub hash: [u8; 32],
}

impl Destroyed {
    /// A record as it lay in the store.
    pub fn of(id: RecordId, sealed: &[u8]) -> Destroyed {
        Destroyed {
            id,
            hash: Sha256::digest(sealed).into(),
        }
    }
}

const HEAD: &str = "Sotto certificate of deletion, version 1";

/// States that these records' keys were destroyed at `time`: text for the file of a patient or of an auditor. `method`
/// says how, in one line.
///
/// The last line is an HMAC under a key of the audit log, so only the vault can check it: [`verify_certificate`]. To
/// everyone else the certificate is a statement.
pub fn certificate(log: &Log, time: u64, method: &str, destroyed: &[Destroyed]) -> String {
    // One line, so that nothing in it reads as another line of the certificate.
    let method: String = method
        .chars()
        .map(|sign| if sign.is_control() { ' ' } else { sign })
        .collect();
    let mut text = format!(
        "{HEAD}\nvault {}\ntime {}\nmethod {method}\n",
        hex(&log.vault().0),
        iso(time)
    );
    for record in destroyed {
        text += &format!("record {} sha256 {}\n", record.id, hex(&record.hash));
    }
    let mac = log.certify(text.as_bytes());
    text + &format!("hmac {}\n", hex(&mac))
}

/// Whether this vault made the certificate and nobody has changed it since.
///
/// # Errors
/// [`Failure::Damaged`].
pub fn verify_certificate(log: &Log, text: &str) -> Result<(), Failure> {
    let (signed, rest) = text.split_at(text.rfind("hmac ").ok_or(Failure::Damaged)?);
    let same = rest == format!("hmac {}\n", hex(&log.certify(signed.as_bytes())));
    if same && signed.starts_with(HEAD) {
        Ok(())
    } else {
        Err(Failure::Damaged)
    }
}
