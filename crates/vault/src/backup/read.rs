use std::collections::HashMap;

use zeroize::Zeroizing;

use super::{CHUNK, END, ENTRY, Item, RECORD, nonce, not_a_backup, stream_key};
use crate::secret::{Secret, TAG};
use crate::wire::Cut;
use crate::{Class, Factor, Failure, Header, Namespace, RecordId, VaultKey};

/// Reads a backup piece by piece.
pub struct Reader {
    key: Secret,
    now: u64,
    limits: Limits,
    /// Encrypted bytes that do not yet make a chunk.
    sealed: Vec<u8>,
    chunks: u64,
    /// Decrypted bytes that do not yet make an entry.
    open: Zeroizing<Vec<u8>>,
    state: State,
    ids: HashMap<RecordId, RecordId>,
    summary: Summary,
}

/// What is refused before it costs anything.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Records.
    pub records: u32,
    /// Bytes of one record.
    pub record: u64,
    /// Bytes of all records.
    pub total: u64,
}

/// What a file gives, in order: each record's head, its bytes in pieces, its end.
pub enum Piece {
    /// A record begins.
    Record {
        /// What the backup says of it.
        item: Item,
        /// Its id in this vault.
        new_id: RecordId,
    },
    /// The next bytes of its plaintext.
    Bytes(Zeroizing<Vec<u8>>),
    /// It is complete.
    End,
}

/// What a complete backup held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Records that were given.
    pub records: u32,
    /// Records that were passed over because their time is over.
    pub expired: u32,
    /// Bytes of all that were given.
    pub bytes: u64,
    /// Old ids and new ones, for records that name others.
    pub ids: Vec<(RecordId, RecordId)>,
}

enum State {
    /// At the start of an entry.
    Entry,
    /// Inside of a plaintext.
    Body { left: u64, expired: bool },
    /// Nothing may follow.
    Ended,
    /// Nothing is read any more.
    Failed,
}

impl Default for Limits {
    /// A hundred thousand records, half a gigabyte each, eight in all.
    fn default() -> Limits {
        Limits {
            records: 100_000,
            record: 512 << 20,
            total: 8 << 30,
        }
    }
}

impl Reader {
    /// Opens a backup by its header, which [`super::read_header`] gave.
    ///
    /// # Errors
    /// As [`Header::unlock`].
    pub fn open(header: &Header, factor: &Factor, now: u64, limits: Limits) -> Result<Reader, Failure> {
        let key = header.unlock(factor).map_err(not_a_backup)?;
        Ok(Reader::start(header, &key, now, limits))
    }

    /// The same with the key that the header has given already, in a worker that was thrown away after it.
    pub fn start(header: &Header, key: &VaultKey, now: u64, limits: Limits) -> Reader {
        Reader {
            key: stream_key(header, key),
            now,
            limits,
            sealed: Vec::with_capacity(CHUNK + TAG),
            chunks: 0,
            open: Zeroizing::new(Vec::with_capacity(CHUNK + ENTRY)),
            state: State::Entry,
            ids: HashMap::new(),
            summary: Summary {
                records: 0,
                expired: 0,
                bytes: 0,
                ids: Vec::new(),
            },
        }
    }

    /// The next bytes of the file.
    ///
    /// # Errors
    /// [`Failure::NotABackup`], [`Failure::TooLarge`], [`Failure::Unsupported`] or [`Failure::Random`]; throw away what
    /// was staged.
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<Vec<Piece>, Failure> {
        let mut pieces = Vec::new();
        while !bytes.is_empty() {
            // A full chunk waits until something follows: only then it is known not to be the last.
            if self.sealed.len() == CHUNK + TAG {
                self.chunk(false, &mut pieces)?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(CHUNK + TAG - self.sealed.len()));
            self.sealed.extend_from_slice(now);
            bytes = later;
        }
        Ok(pieces)
    }

    /// The end of the file: the last pieces, and what there was. Only now anything may be kept.
    ///
    /// # Errors
    /// As [`Reader::push`]; also for a file that was cut short.
    pub fn finish(mut self) -> Result<(Vec<Piece>, Summary), Failure> {
        let mut pieces = Vec::new();
        self.chunk(true, &mut pieces)?;
        if !matches!(self.state, State::Ended) {
            return Err(Failure::NotABackup);
        }
        self.summary.ids = self.ids.drain().collect();
        self.summary.ids.sort_unstable();
        Ok((pieces, self.summary))
    }

    fn chunk(&mut self, last: bool, pieces: &mut Vec<Piece>) -> Result<(), Failure> {
        let outcome = self.decrypted(last).and_then(|()| self.entries(pieces));
        if outcome.is_err() {
            self.state = State::Failed;
        }
        outcome
    }

    fn decrypted(&mut self, last: bool) -> Result<(), Failure> {
        let (text, tag) = self.sealed.split_last_chunk_mut::<TAG>().ok_or(Failure::NotABackup)?;
        self.key
            .decrypt(&nonce(self.chunks, last), &[], text, tag)
            .map_err(not_a_backup)?;
        self.open.extend_from_slice(text);
        self.chunks += 1;
        zeroize::Zeroize::zeroize(&mut self.sealed);
        Ok(())
    }

    fn entries(&mut self, pieces: &mut Vec<Piece>) -> Result<(), Failure> {
        let open = std::mem::take(&mut *self.open);
        let open = Zeroizing::new(open);
        let mut cut = Cut(&open);
        loop {
            match self.state {
                State::Entry if cut.0.first() == Some(&RECORD) && cut.0.len() >= ENTRY => {
                    let item = item(cut.bytes(ENTRY)?)?;
                    self.begin(item, pieces)?;
                }
                State::Entry if cut.0.first() == Some(&END) && cut.0.len() >= 5 => {
                    cut.u8()?;
                    if cut.u32()? != self.summary.records + self.summary.expired {
                        return Err(Failure::NotABackup);
                    }
                    self.state = State::Ended;
                }
                State::Entry if matches!(cut.0.first(), None | Some(&RECORD | &END)) => break,
                State::Body { left: 0, expired } => {
                    if !expired {
                        pieces.push(Piece::End);
                    }
                    self.state = State::Entry;
                }
                State::Body { left, expired } if !cut.0.is_empty() => {
                    let length = usize::try_from(left).unwrap_or(usize::MAX).min(cut.0.len());
                    let bytes = cut.bytes(length)?;
                    if !expired {
                        pieces.push(Piece::Bytes(Zeroizing::new(bytes.to_vec())));
                    }
                    self.state = State::Body {
                        left: left - length as u64,
                        expired,
                    };
                }
                State::Body { .. } => break,
                State::Ended if cut.0.is_empty() => break,
                State::Entry | State::Ended | State::Failed => return Err(Failure::NotABackup),
            }
        }
        self.open = Zeroizing::new(Vec::with_capacity(CHUNK + ENTRY));
        self.open.extend_from_slice(cut.0);
        Ok(())
    }

    fn begin(&mut self, item: Item, pieces: &mut Vec<Piece>) -> Result<(), Failure> {
        let expired = !item.hold && self.now >= item.expires_at;
        let total = self.summary.bytes.saturating_add(item.length);
        let records = self.summary.records + self.summary.expired;
        if item.length > self.limits.record || total > self.limits.total || records >= self.limits.records {
            return Err(Failure::TooLarge);
        }
        let new_id = RecordId::random()?;
        if self.ids.insert(item.id, new_id).is_some() {
            return Err(Failure::NotABackup);
        }
        // Also for what is passed over: a file must not cost more than it is allowed to.
        self.summary.bytes = total;
        if expired {
            self.summary.expired += 1;
        } else {
            self.summary.records += 1;
            pieces.push(Piece::Record { item, new_id });
        }
        self.state = State::Body {
            left: item.length,
            expired,
        };
        Ok(())
    }
}

fn item(entry: &[u8]) -> Result<Item, Failure> {
    let mut cut = Cut(entry);
    cut.expect(&[RECORD])?;
    let namespace = Namespace::from_byte(cut.u8()?).ok_or(Failure::Unsupported)?;
    let class = Class::from_byte(cut.u8()?).ok_or(Failure::Unsupported)?;
    let hold = match cut.u8()? {
        0 => false,
        1 => true,
        _ => return Err(Failure::NotABackup),
    };
    Ok(Item {
        namespace,
        class,
        hold,
        schema: cut.u16()?,
        revision: cut.u32()?,
        expires_at: cut.u64()?,
        id: RecordId(cut.array()?),
        length: cut.u64()?,
    })
}
