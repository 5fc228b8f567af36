//! Everything leaves the vault at once, a piece at a time, so that no more than a few records are in memory.
//!
//! A backup holds notes, transcripts, consents, settings and the pages of the list, which say what belongs together; not the
//! audit log, which is another vault's from then on, and no sound. To be read by people and programs, the page takes one
//! note after the other.

use std::collections::VecDeque;

use vault::audit::Event;
use vault::backup::{Item, Writer};
use vault::{Failure, Namespace, RecordId};

use super::hearth::Hearth;
use super::protocol::{Answer, Credential, Id, Leaving, Packed};
use super::state::key;
use super::{Keeper, Trouble};
use crate::browser::store::{Store, Table};

/// A piece is sent on once it has as many bytes.
const PIECE: usize = 1 << 20;

/// What the audit log says of a whole vault that was saved to be read.
const EVERYTHING: u32 = 2;

/// What is on its way.
pub struct Packing {
    /// Gone once the end was written; never there when it is not encrypted.
    writer: Option<Writer>,
    /// Of a part of a note with the revision that the list knows; an older one that was put back stays behind.
    waiting: VecDeque<(RecordId, Option<u32>)>,
    /// What comes before the next record.
    front: Vec<u8>,
    form: Leaving,
    packed: Packed,
}

impl Keeper {
    /// # Errors
    /// [`Trouble::Wrong`], [`Trouble::Wait`]; those of the store.
    pub async fn pack(&mut self, now: u64, proof: Credential, form: Leaving) -> Result<Answer, Trouble> {
        let vault_key = self.prove(now, proof).await?;
        self.sweep_open(now).await?;
        let (_, hearth) = self.parts()?;
        let mut packing = Packing {
            writer: None,
            waiting: VecDeque::new(),
            front: Vec::new(),
            form,
            packed: Packed { count: 0, left_out: 0 },
        };
        if form == Leaving::Sealed {
            let (writer, header) = Writer::start(&hearth.header, &vault_key)?;
            (packing.writer, packing.front) = (Some(writer), header);
            packing.waiting = leaving(hearth);
        }
        self.packing = Some(packing);
        Ok(Answer::Done)
    }

    /// # Errors
    /// [`Trouble::Stopped`] when nothing is leaving; those of the store.
    pub async fn pack_next(&mut self, now: u64) -> Result<Answer, Trouble> {
        let mut packing = self.packing.take().ok_or(Trouble::Stopped)?;
        let (store, hearth) = self.parts()?;
        let reading = hearth.read_clock(store, now).await?;
        let mut piece = std::mem::take(&mut packing.front);
        if let Some(writer) = &mut packing.writer {
            while piece.len() < PIECE
                && let Some((id, newest)) = packing.waiting.pop_front()
            {
                match record(store, hearth, id, reading.now).await? {
                    Some((item, plaintext)) if newest.is_none_or(|newest| newest == item.revision) => {
                        piece.extend(writer.record(&item, &plaintext));
                        packing.packed.count += 1;
                    }
                    Some(_) | None => packing.packed.left_out += 1,
                }
            }
        }
        if packing.waiting.is_empty()
            && let Some(writer) = packing.writer.take()
        {
            piece.extend(writer.finish());
        }
        if piece.is_empty() {
            let entry = match packing.form {
                Leaving::Sealed => (Event::BackedUp, None, packing.packed.count),
                Leaving::Readable => (Event::Exported, None, EVERYTHING),
            };
            hearth.commit(store, None, Vec::new(), &[entry], reading.now).await?;
            return Ok(Answer::Packed(packing.packed));
        }
        self.packing = Some(packing);
        Ok(Answer::Piece(piece))
    }

    /// One note of those that leave; the log has one row for all of them.
    ///
    /// # Errors
    /// [`Trouble::Stopped`] when nothing is leaving to be read; as [`Keeper::open_note`].
    pub async fn pack_note(&mut self, now: u64, note: Id) -> Result<Answer, Trouble> {
        match &mut self.packing {
            Some(packing) if packing.form == Leaving::Readable => packing.packed.count += 1,
            Some(_) | None => return Err(Trouble::Stopped),
        }
        self.open_note(now, note, false).await
    }

    /// Every consent that opens, as it is stored.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn consents(&mut self, now: u64) -> Result<Answer, Trouble> {
        let (store, hearth) = self.parts()?;
        let mut consents = Vec::new();
        for id in named(hearth, |namespace| namespace == Namespace::Consent) {
            consents.extend(record(store, hearth, id, now).await?.map(|(_, plaintext)| plaintext));
        }
        Ok(Answer::Consents(consents))
    }
}

/// The records of a backup; the pages of the list come last, so that they name nothing newer than they are.
fn leaving(hearth: &Hearth) -> VecDeque<(RecordId, Option<u32>)> {
    let parts = hearth.book.lines().flat_map(|(_, line)| &line.parts);
    let parts = parts.map(|at| (RecordId::from(at.record), Some(at.revision)));
    // What is over before its note is not left out: it is gone.
    let parts = parts.filter(|(id, _)| hearth.keyring.entry(*id).is_some());
    let others = named(hearth, |namespace| {
        matches!(namespace, Namespace::Consent | Namespace::Settings)
    });
    let pages = named(hearth, |namespace| namespace == Namespace::Index);
    let alone = others.into_iter().chain(pages).map(|id| (id, None));
    parts.chain(alone).collect()
}

pub(super) fn named(hearth: &Hearth, wanted: fn(Namespace) -> bool) -> Vec<RecordId> {
    let entries = hearth.keyring.entries();
    entries
        .filter(|entry| wanted(entry.namespace))
        .map(|entry| entry.id)
        .collect()
}

/// A record as a backup has it; nothing for one that does not open, or is gone meanwhile.
pub(super) async fn record(
    store: &Store,
    hearth: &Hearth,
    id: RecordId,
    now: u64,
) -> Result<Option<(Item, Vec<u8>)>, Trouble> {
    let Some(entry) = hearth.keyring.entry(id).copied() else {
        return Ok(None);
    };
    let table = match entry.namespace {
        Namespace::Index => Table::Index,
        _ => Table::Sealed,
    };
    let row = store.get(table, &key(hearth.vault(), &id.to_string())).await?;
    let opened = hearth.keyring.dek(&hearth.keys, id, now).and_then(|dek| {
        let row = row.ok_or(Failure::Damaged)?;
        let (head, plaintext) = vault::record::open(&dek, &row.bytes, now)?;
        hearth.newest(&head)?;
        Ok((dek.entry(), head, plaintext))
    });
    Ok(opened.ok().map(|(entry, head, plaintext)| {
        let item = Item {
            id,
            namespace: entry.namespace,
            class: entry.class,
            hold: entry.hold,
            schema: head.schema,
            revision: head.revision,
            expires_at: entry.expires_at,
            length: plaintext.len() as u64,
        };
        (item, plaintext.to_vec())
    }))
}
