use aes_gcm::{AeadInOut, Aes256Gcm, KeyInit};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroize;

use crate::Failure;

/// Bytes of every key here.
pub(crate) const KEY: usize = 32;

/// Bytes of an AES-GCM tag.
pub(crate) const TAG: usize = 16;

/// Bytes of an AES-GCM nonce.
pub(crate) const NONCE: usize = 12;

/// Thirty-two secret bytes. They can be neither printed nor copied, lie in one place, so that moving a key leaves no
/// copy behind, and are wiped when it is dropped.
pub(crate) struct Secret(Box<[u8; KEY]>);

impl Secret {
    pub(crate) fn random() -> Result<Secret, Failure> {
        let mut secret = Secret(Box::new([0; KEY]));
        getrandom::fill(secret.0.as_mut_slice()).map_err(|_| Failure::Random)?;
        Ok(secret)
    }

    pub(crate) fn from_bytes(bytes: &[u8; KEY]) -> Secret {
        let mut secret = Secret(Box::new([0; KEY]));
        secret.0.copy_from_slice(bytes);
        secret
    }

    /// Filled in place, so that no copy has to be wiped.
    pub(crate) fn filled(fill: impl FnOnce(&mut [u8; KEY])) -> Secret {
        let mut secret = Secret(Box::new([0; KEY]));
        fill(&mut secret.0);
        secret
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY] {
        &self.0
    }

    /// `HKDF-SHA-256(ikm = self, no salt, info = the parts joined)`, [RFC
    /// 5869](https://www.rfc-editor.org/rfc/rfc5869).
    pub(crate) fn derive(&self, info: &[&[u8]]) -> Secret {
        hkdf(self.0.as_slice(), &[], info)
    }

    /// Encrypts in place with AES-256-GCM and gives the tag.
    pub(crate) fn encrypt(&self, nonce: &[u8; NONCE], aad: &[u8], text: &mut [u8]) -> [u8; TAG] {
        self.cipher()
            .encrypt_inout_detached(&(*nonce).into(), aad, text.into())
            .expect("the length is far below the cipher's limit of 64 GiB")
            .into()
    }

    /// Decrypts in place. What fails to authenticate is left encrypted.
    pub(crate) fn decrypt(
        &self,
        nonce: &[u8; NONCE],
        aad: &[u8],
        text: &mut [u8],
        tag: &[u8; TAG],
    ) -> Result<(), Failure> {
        self.cipher()
            .decrypt_inout_detached(&(*nonce).into(), aad, text.into(), &(*tag).into())
            .map_err(|_| Failure::Damaged)
    }

    /// `HMAC-SHA-256(self, the parts joined)`, [RFC 2104](https://www.rfc-editor.org/rfc/rfc2104).
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        hmac(self.0.as_slice(), parts)
    }

    /// Compares in constant time.
    pub(crate) fn verify(&self, parts: &[&[u8]], mac: &[u8; 32]) -> Result<(), Failure> {
        keyed(self.0.as_slice(), parts)
            .verify_slice(mac)
            .map_err(|_| Failure::Damaged)
    }

    /// Wraps another key: nonce, ciphertext and tag.
    pub(crate) fn wrap(&self, aad: &[u8], inner: &Secret) -> Result<Wrapped, Failure> {
        let nonce = random::<NONCE>()?;
        let mut wrapped = [0; WRAPPED];
        wrapped[..NONCE].copy_from_slice(&nonce);
        wrapped[NONCE..NONCE + KEY].copy_from_slice(inner.bytes());
        let tag = self.encrypt(&nonce, aad, &mut wrapped[NONCE..NONCE + KEY]);
        wrapped[NONCE + KEY..].copy_from_slice(&tag);
        Ok(wrapped)
    }

    pub(crate) fn unwrap_key(&self, aad: &[u8], wrapped: &Wrapped) -> Result<Secret, Failure> {
        let (nonce, rest) = wrapped.split_first_chunk::<NONCE>().expect("a nonce is shorter");
        let (text, tag) = rest.split_last_chunk::<TAG>().expect("a tag is shorter");
        let mut inner = Secret::filled(|bytes| bytes.copy_from_slice(text));
        self.decrypt(nonce, aad, inner.0.as_mut_slice(), tag)?;
        Ok(inner)
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(self.0.as_ref().into())
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// A key under another one: nonce | ciphertext | tag.
pub(crate) type Wrapped = [u8; WRAPPED];

/// Bytes of a wrapped key.
pub(crate) const WRAPPED: usize = NONCE + KEY + TAG;

/// `HKDF-SHA-256` with input of any length and a salt; an empty salt is none.
pub(crate) fn hkdf(ikm: &[u8], salt: &[u8], info: &[&[u8]]) -> Secret {
    Secret::filled(|key| {
        Hkdf::<Sha256>::new(Some(salt), ikm)
            .expand_multi_info(info, key.as_mut_slice())
            .expect("32 bytes are far below HKDF's limit of 255 blocks")
    })
}

/// `HMAC-SHA-256` with a key of any length.
pub(crate) fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    keyed(key, parts).finalize().into_bytes().into()
}

fn keyed(key: &[u8], parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac
}

/// Fills with bytes from the browser's or the system's generator.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Failure::Random)?;
    Ok(bytes)
}
