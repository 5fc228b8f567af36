//! The sound of a visit: a journal on the disk from the first half second on, until the note made of it is confirmed.
//!
//! Each recording has a key of its own in the keyring, a file in the folder of the journals, and a cover: a sealed record
//! under the same key that says which visit it belongs to. Destroying the key destroys all of it, whatever stays of the
//! file. A crash between the steps leaves a key without a cover, or a file without a key: the next unlocking removes both.

use std::cell::RefCell;
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use speech::RATE;
use vault::audit::Event;
use vault::journal::{CHUNK, HEAD, Journal, Reader};
use vault::keyring::Entry;
use vault::{Failure, Namespace, RecordId, VaultId, record};

use super::hearth::{Hearth, number};
use super::protocol::{Answer, Id, Interrupted, SoundStep};
use super::reel::Reel;
use super::state::key;
use super::{Keeper, Refusal, Trouble, name};
use crate::browser::clock;
use crate::browser::store::{Change, Row, Store, Table};
use crate::browser::wire::Wire;
use crate::problem::StoreProblem;

/// Layout of a cover's plaintext.
const SCHEMA: u16 = 1;

/// Bytes of half a second in a journal: samples, and what surrounds them.
const CHUNK_BYTES: u64 = 2 * CHUNK as u64 + 36;

/// The last block of a microphone that was shut comes within this time; milliseconds.
const LAST_BLOCK: u32 = 1_000;

/// The reel, and the line that writes on it between two requests.
pub type SharedReel = Rc<RefCell<Option<Reel>>>;

/// A recording that is kept.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    pub record: RecordId,
    revision: u32,
    cover: Cover,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Cover {
    note: Id,
    /// Of the visit; seconds since 1970.
    created: u64,
    /// All its words are stored.
    written: bool,
}

impl Keeper {
    /// # Errors
    /// Those of the store; [`StoreProblem::Unavailable`] where there is no private file system.
    pub async fn sound(&mut self, now: u64, note: Id, step: SoundStep) -> Result<Answer, Trouble> {
        if step != SoundStep::Read
            && let Some(reel) = &mut *self.reel.borrow_mut()
        {
            reel.rewind();
        }
        match step {
            SoundStep::Begin { created, expires_at } => self.begin_sound(now, note, created, expires_at).await,
            SoundStep::End => self.end_sound(note).await,
            SoundStep::Written => self.sound_is_written(now, note).await,
            SoundStep::Leave => Ok(self.let_go(note)),
            SoundStep::Destroy { by_hand } => self.destroy_sound(now, note, by_hand).await,
            SoundStep::Read => self.read_sound(now, note).await,
        }
    }

    /// From now on the sound on this line is written to the recording that was begun.
    pub fn hear(&self, rate: u32, wire: Option<Wire>) {
        let Some(wire) = wire else { return };
        let mut shared = self.reel.borrow_mut();
        let Some(reel) = &mut *shared else { return };
        // What another microphone left in the middle of a take.
        reel.hear(rate, &[]);
        let writer = self.reel.clone();
        reel.line = Some(wire.listen(move |block| {
            if let Some(reel) = &mut *writer.borrow_mut() {
                reel.hear(rate, &block);
            }
        }));
    }

    async fn begin_sound(&mut self, now: u64, note: Id, created: u64, expires_at: u64) -> Result<Answer, Trouble> {
        let goes_on = self.reel.borrow().as_ref().is_some_and(|reel| reel.note == note);
        if goes_on {
            return Ok(Answer::Done);
        }
        self.reel.take();
        let folder = self.rings()?.journals().await.ok_or(StoreProblem::Unavailable)?;
        let (store, ring, hearth) = self.at_work().await?;
        let reading = hearth.read_clock(store, now).await?;
        if hearth.sounds.contains_key(&note) {
            return Err(StoreProblem::Conflict.into());
        }
        let entry = Entry {
            id: RecordId::random()?,
            namespace: Namespace::Audio,
            class: vault::Class::Audio,
            expires_at,
            hold: hearth.book.line(note).is_some_and(|(_, held)| held),
        };
        hearth.spoil();
        let (dek, writes) = hearth.keyring.add(&hearth.keys, entry)?;
        hearth.carry_out(&ring, store, &writes).await?;
        let (journal, head) = Journal::start(&dek, RATE)?;
        let file = folder.file(&file_name(hearth.vault(), entry.id)).await?;
        let reel = Reel::begin(note, file, journal, &head)?;
        let kept = Kept {
            record: entry.id,
            revision: 1,
            cover: Cover {
                note,
                created,
                written: false,
            },
        };
        let cover = kept.seal(hearth, reading.now)?;
        hearth.commit(store, None, vec![cover], &[], reading.now).await?;
        hearth.sounds.insert(note, kept);
        hearth.unspoil();
        self.reel.replace(Some(reel));
        Ok(Answer::Done)
    }

    async fn end_sound(&mut self, note: Id) -> Result<Answer, Trouble> {
        const STEP: u32 = 20;
        // The line may lag behind the page.
        for _ in 0..LAST_BLOCK / STEP {
            if self.reel.borrow().as_ref().is_none_or(Reel::is_settled) {
                break;
            }
            clock::sleep(STEP).await;
        }
        if let Some(reel) = self.reel.borrow_mut().as_mut().filter(|reel| reel.note == note) {
            reel.end()?;
        }
        Ok(Answer::Done)
    }

    async fn sound_is_written(&mut self, now: u64, note: Id) -> Result<Answer, Trouble> {
        let (store, hearth) = self.parts()?;
        let reading = hearth.read_clock(store, now).await?;
        if let Some(mut kept) = hearth.sounds.get(&note).copied() {
            kept.revision += 1;
            kept.cover.written = true;
            let cover = kept.seal(hearth, reading.now)?;
            hearth.commit(store, None, vec![cover], &[], reading.now).await?;
            hearth.sounds.insert(note, kept);
        }
        Ok(Answer::Done)
    }

    fn let_go(&mut self, note: Id) -> Answer {
        self.reel.borrow_mut().take_if(|reel| reel.note == note);
        Answer::Done
    }

    /// The key first: should its cover or its file stay, they open no more.
    async fn destroy_sound(&mut self, now: u64, note: Id, by_hand: bool) -> Result<Answer, Trouble> {
        self.let_go(note);
        let (store, ring, hearth) = self.at_work().await?;
        let reading = hearth.read_clock(store, now).await?;
        let Some(kept) = hearth.sounds.get(&note).copied() else {
            return Ok(Answer::Done);
        };
        if hearth.keyring.entry(kept.record).is_some_and(|entry| entry.hold) {
            return Err(Trouble::Refused(Refusal::SoundHeld));
        }
        hearth.spoil();
        let writes = hearth.keyring.shred(&[kept.record])?;
        hearth.carry_out(&ring, store, &writes).await?;
        hearth.sounds.remove(&note);
        let event = if by_hand {
            Event::RecordingDiscarded
        } else {
            Event::Purged
        };
        let vault = hearth.vault();
        let rows = vec![Change::Remove(Table::Sealed, key(vault, &kept.record.to_string()))];
        let entries = [(event, Some(note.into()), 0)];
        hearth.commit(store, None, rows, &entries, reading.now).await?;
        hearth.unspoil();
        self.remove_files(vault, &[kept.record]).await;
        Ok(Answer::Done)
    }

    async fn read_sound(&mut self, now: u64, note: Id) -> Result<Answer, Trouble> {
        let folder = self.rings()?.journals().await.ok_or(StoreProblem::Unavailable)?;
        let (store, hearth) = self.parts()?;
        let reading = hearth.read_clock(store, now).await?;
        let kept = hearth.sounds.get(&note).copied().ok_or(Failure::Expired)?;
        let dek = hearth.keyring.dek(&hearth.keys, kept.record, reading.now)?;
        let is_open = self.reel.borrow().as_ref().is_some_and(|reel| reel.note == note);
        if !is_open {
            let file = folder.existing(&file_name(dek.vault(), kept.record)).await;
            // Another tab has it open, or it is not there.
            let file = file.map_err(|_| StoreProblem::Conflict)?;
            self.reel.replace(Some(Reel::over(note, file)));
        }
        let mut shared = self.reel.borrow_mut();
        let reel = shared.as_mut().ok_or(StoreProblem::Unavailable)?;
        let part = reel.read(kept.cover.created, |head| Reader::new(&dek, head))?;
        Ok(Answer::Sound(part))
    }

    /// The recordings that nobody has decided about and that no tab is at work on.
    pub async fn interrupted(&self) -> Vec<Interrupted> {
        let (Some(hearth), Ok(rings)) = (&self.hearth, self.rings()) else {
            return Vec::new();
        };
        let Some(folder) = rings.journals().await else {
            return Vec::new();
        };
        let mut interrupted = Vec::new();
        for (note, kept) in hearth.sounds.iter().filter(|(_, kept)| !kept.cover.written) {
            let Ok(file) = folder.existing(&file_name(hearth.vault(), kept.record)).await else {
                continue;
            };
            let bytes = file.size().unwrap_or_default().saturating_sub(HEAD as u64);
            if let Some(entry) = hearth.keyring.entry(kept.record)
                && bytes > 0
            {
                interrupted.push(Interrupted {
                    note: *note,
                    created: kept.cover.created,
                    seconds: number(bytes / CHUNK_BYTES / 2),
                    expires_at: entry.expires_at,
                });
            }
        }
        interrupted
    }

    /// Recordings that hold no sound: a crash before the first half second.
    pub(super) async fn empty_sounds(&self) -> Vec<RecordId> {
        let (Some(hearth), Ok(rings)) = (&self.hearth, self.rings()) else {
            return Vec::new();
        };
        let Some(folder) = rings.journals().await else {
            return Vec::new();
        };
        let mut empty = Vec::new();
        for kept in hearth.sounds.values().filter(|kept| !kept.cover.written) {
            let file = folder.existing(&file_name(hearth.vault(), kept.record)).await;
            if file.is_ok_and(|file| file.size().is_ok_and(|size| size <= HEAD as u64)) {
                empty.push(kept.record);
            }
        }
        empty
    }

    /// Removes the files of recordings whose keys are destroyed. One that stays opens nowhere, and is removed at the next
    /// unlocking.
    pub(super) async fn remove_files(&self, vault: VaultId, records: &[RecordId]) {
        let Ok(rings) = self.rings() else { return };
        let Some(folder) = rings.journals().await else { return };
        for record in records {
            let _ = folder.remove(&file_name(vault, *record)).await;
        }
    }

    /// Those of every recording of a vault.
    pub(super) async fn remove_all_files(&self, vault: VaultId) {
        let Ok(rings) = self.rings() else { return };
        let Some(folder) = rings.journals().await else { return };
        for file in folder.names().await.unwrap_or_default() {
            if file.starts_with(&file_prefix(vault)) {
                let _ = folder.remove(&file).await;
            }
        }
    }

    /// The files that no key is left for.
    pub(super) async fn remove_stray_files(&self) {
        let (Some(hearth), Ok(rings)) = (&self.hearth, self.rings()) else {
            return;
        };
        let Some(folder) = rings.journals().await else { return };
        let vault = hearth.vault();
        for file in folder.names().await.unwrap_or_default() {
            let record = file.strip_prefix(&file_prefix(vault)).and_then(|id| id.parse().ok());
            if record.is_some_and(|record: RecordId| hearth.keyring.entry(record).is_none()) {
                let _ = folder.remove(&file).await;
            }
        }
    }
}

impl Hearth {
    /// Reads the covers of all recordings.
    ///
    /// # Errors
    /// Those of the store. A cover that does not open belongs to a recording that does not either.
    pub async fn read_sounds(&mut self, store: &Store, now: u64) -> Result<(), Trouble> {
        let entries = self.keyring.entries();
        let records: Vec<RecordId> = entries
            .filter(|entry| entry.namespace == Namespace::Audio)
            .map(|entry| entry.id)
            .collect();
        self.sounds.clear();
        for id in records {
            let row = store.get(Table::Sealed, &key(self.vault(), &id.to_string())).await?;
            let opened = self.keyring.dek(&self.keys, id, now).and_then(|dek| {
                let row = row.ok_or(Failure::Gone)?;
                record::open(&dek, &row.bytes, now)
            });
            if let Ok((head, plaintext)) = opened
                && let Ok(cover) = postcard::from_bytes::<Cover>(&plaintext)
            {
                let kept = Kept {
                    record: id,
                    revision: head.revision,
                    cover,
                };
                self.sounds.insert(cover.note, kept);
            }
        }
        Ok(())
    }

    /// Whether the sound of a note is kept, and then whether all its words are stored.
    pub fn sound_of(&self, note: Id) -> Option<bool> {
        self.sounds.get(&note).map(|kept| kept.cover.written)
    }
}

impl Kept {
    fn seal(&self, hearth: &Hearth, now: u64) -> Result<Change, Failure> {
        let dek = hearth.keyring.dek(&hearth.keys, self.record, now)?;
        let plaintext = postcard::to_stdvec(&self.cover).expect("a cover is plain data");
        let row = Row {
            key: key(hearth.vault(), &self.record.to_string()),
            expires: dek.entry().expires_at,
            bytes: record::seal(&dek, SCHEMA, self.revision, &plaintext)?,
        };
        Ok(Change::Put(Table::Sealed, row))
    }
}

fn file_name(vault: VaultId, record: RecordId) -> String {
    format!("{}{record}", file_prefix(vault))
}

fn file_prefix(vault: VaultId) -> String {
    format!("{}-", name(&vault.0))
}
