use zeroize::Zeroizing;

use super::{CHUNK, END, ENTRY, Item, RECORD, nonce, stream_key};
use crate::secret::{Secret, TAG};
use crate::{Failure, Header, VaultKey};

/// Writes a backup piece by piece: append what each call gives. Making one needs the [`VaultKey`], so the passphrase is
/// asked again before everything leaves the vault at once.
pub struct Writer {
    key: Secret,
    /// What does not yet fill a chunk. With room for all of it from the start: a vector that grows leaves copies
    /// behind.
    pending: Zeroizing<Vec<u8>>,
    chunks: u64,
    records: u32,
}

impl Writer {
    /// Begins a backup that opens in every way in which the vault does.
    ///
    /// # Errors
    /// [`Failure::Damaged`] when a slot was exchanged behind the vault's back, [`Failure::Random`].
    pub fn start(vault: &Header, key: &VaultKey) -> Result<(Writer, Vec<u8>), Failure> {
        let (header, key) = vault.for_backup(key)?;
        let writer = Writer {
            key: stream_key(&header, &key),
            pending: Zeroizing::new(Vec::with_capacity(CHUNK)),
            chunks: 0,
            records: 0,
        };
        Ok((writer, header.to_bytes()))
    }

    /// Adds a record; `item.length` is taken from the plaintext.
    pub fn record(&mut self, item: &Item, plaintext: &[u8]) -> Vec<u8> {
        let mut entry = [0; ENTRY];
        entry[..4].copy_from_slice(&[RECORD, item.namespace as u8, item.class as u8, u8::from(item.hold)]);
        entry[4..6].copy_from_slice(&item.schema.to_be_bytes());
        entry[6..10].copy_from_slice(&item.revision.to_be_bytes());
        entry[10..18].copy_from_slice(&item.expires_at.to_be_bytes());
        entry[18..34].copy_from_slice(&item.id.0);
        entry[34..].copy_from_slice(&(plaintext.len() as u64).to_be_bytes());
        self.records += 1;
        let mut out = Vec::with_capacity(plaintext.len() + 2 * (CHUNK + TAG));
        self.feed(&entry, &mut out);
        self.feed(plaintext, &mut out);
        out
    }

    /// The end of the file.
    pub fn finish(mut self) -> Vec<u8> {
        let mut out = Vec::new();
        let records = self.records.to_be_bytes();
        self.feed(&[END], &mut out);
        self.feed(&records, &mut out);
        self.flush(true, &mut out);
        out
    }

    fn feed(&mut self, mut bytes: &[u8], out: &mut Vec<u8>) {
        while !bytes.is_empty() {
            // A full chunk waits until something follows: only then it is known not to be the last.
            if self.pending.len() == CHUNK {
                self.flush(false, out);
            }
            let (now, later) = bytes.split_at(bytes.len().min(CHUNK - self.pending.len()));
            self.pending.extend_from_slice(now);
            bytes = later;
        }
    }

    fn flush(&mut self, last: bool, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(&self.pending);
        let tag = self.key.encrypt(&nonce(self.chunks, last), &[], &mut out[start..]);
        out.extend_from_slice(&tag);
        self.chunks += 1;
        self.pending.clear();
    }
}
