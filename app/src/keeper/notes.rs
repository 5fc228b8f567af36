//! Storing, opening and deleting notes.

use vault::audit::Event;
use vault::backup::{Destroyed, certificate, verify_certificate};
use vault::keyring::Entry;
use vault::{Failure, Namespace, RecordId};

use super::hearth::number;
use super::list::{Line, PartAt, Turned};
use super::protocol::{Answer, Card, Class, Id, Opened, Part, Purge, Saving};
use super::state::key;
use super::{Keeper, Refusal, Trouble};
use crate::browser::store::{Change, Row, Table, Unless};
use crate::problem::StoreProblem;

/// Typing is entered into the audit log once in this many seconds, not with every save.
const EDITED_EVERY: u64 = 600;

impl Keeper {
    /// Seals the parts that changed and the note's line, then stores all of it or nothing.
    ///
    /// # Errors
    /// [`StoreProblem::Conflict`] when another revision is stored; [`StoreProblem::Full`] and the rest lose nothing.
    pub async fn save(&mut self, now: u64, saving: Saving) -> Result<Answer, Trouble> {
        let (store, ring, hearth) = self.at_work().await?;
        let reading = hearth.read_clock(store, now).await?;
        let note = saving.note;
        let known = hearth.book.line(note).map(|(line, held)| (line.clone(), held));
        let (mut line, held) = known.clone().unwrap_or_else(|| (Line::new(), false));
        if line.revision + 1 != saving.revision {
            return Err(StoreProblem::Conflict.into());
        }
        line.revision = saving.revision;
        line.summary = saving.summary;
        let mut turned = Turned::default();
        for part in saving.parts {
            // From here on memory is ahead of the disk.
            hearth.spoil();
            let at = line.place(note, part.class, saving.revision, part.expires_at)?;
            let entry = Entry {
                id: at.record.into(),
                namespace: namespace(part.class),
                class: retention(part.class),
                expires_at: at.expires_at,
                hold: held,
            };
            let dek = match hearth.keyring.dek(&hearth.keys, entry.id, reading.now) {
                Ok(dek) => dek,
                Err(Failure::Gone) => {
                    let (dek, writes) = hearth.keyring.add(&hearth.keys, entry)?;
                    turned.writes.extend(writes);
                    dek
                }
                Err(why) => return Err(why.into()),
            };
            let sealed = vault::record::seal(&dek, part.schema, saving.revision, &part.bytes)?;
            let row = Row {
                key: key(hearth.vault(), &entry.id.to_string()),
                expires: dek.entry().expires_at,
                bytes: sealed,
            };
            turned.changes.push(Change::Put(Table::Sealed, row));
        }
        let expires_at = line.expires_at().ok_or(Failure::Damaged)?;
        let page = hearth
            .book
            .write(note, line, (expires_at, held), &hearth.keys, &mut hearth.keyring)?;
        turned.and(page);

        let mut entries = Vec::new();
        if known.is_none() {
            entries.push((Event::Created, Some(note.into()), 0));
        } else if hearth
            .edited
            .is_none_or(|(last, at)| last != note || reading.now >= at + EDITED_EVERY)
        {
            hearth.edited = Some((note, reading.now));
            entries.push((Event::Edited, Some(note.into()), saving.revision));
        }
        hearth.carry_out(&ring, store, &turned.writes).await?;
        let row = key(hearth.vault(), &RecordId::from(note).to_string());
        // The same once more, inside of the transaction: where there are no locks it alone decides.
        let conflict = |stored: Option<&[u8]>| {
            let stored = stored.map(vault::record::read_head);
            match stored {
                None => saving.revision != 1,
                Some(Ok(head)) => head.revision + 1 != saving.revision,
                Some(Err(_)) => true,
            }
        };
        let unless = Unless {
            table: Table::Sealed,
            key: &row,
            conflict: &conflict,
        };
        hearth
            .commit(store, Some(unless), turned.changes, &entries, reading.now)
            .await?;
        hearth.unspoil();
        Ok(Answer::Done)
    }

    /// The log has a row for a note that is shown.
    ///
    /// # Errors
    /// In the vault's own words: what is over, destroyed or damaged does not open.
    pub async fn open_note(&mut self, now: u64, note: Id, shown: bool) -> Result<Answer, Trouble> {
        self.sweep_open(now).await?;
        let (store, hearth) = self.parts()?;
        let reading = hearth.read_clock(store, now).await?;
        let (line, held) = hearth.book.line(note).ok_or(Failure::Expired)?;
        let (line, held) = (line.clone(), held);
        let mut parts = Vec::new();
        let mut entries = Vec::new();
        let mut refused = None;
        let mut damaged = false;
        for at in &line.parts {
            let record: RecordId = at.record.into();
            let row = store
                .get(Table::Sealed, &key(hearth.vault(), &record.to_string()))
                .await?;
            let opened = hearth.keyring.dek(&hearth.keys, record, reading.now).and_then(|dek| {
                let row = row.ok_or(Failure::Damaged)?;
                let (head, plaintext) = vault::record::open(&dek, &row.bytes, reading.now)?;
                // Genuine, and put back from earlier, is not what was stored last.
                let newest = head.revision == at.revision;
                newest.then_some((head, plaintext)).ok_or(Failure::Damaged)
            });
            match opened {
                Ok((head, plaintext)) => parts.push(Part {
                    class: at.class,
                    schema: head.schema,
                    expires_at: head.expires_at,
                    bytes: plaintext.to_vec(),
                }),
                // Its own time was over before the note's.
                Err(Failure::Expired | Failure::Gone) if at.class != Class::Note => {}
                Err(why) => {
                    if why == Failure::Damaged {
                        damaged = true;
                        entries.push((Event::IntegrityFailed, Some(record), 0));
                    }
                    if at.class == Class::Note {
                        refused = Some(why);
                    }
                }
            }
        }
        if let Some(why) = refused {
            if why == Failure::Damaged {
                // Kept where it is, counted, and off the list; the others go on.
                hearth.damaged.insert(note);
            }
            hearth.commit(store, None, Vec::new(), &entries, reading.now).await?;
            return Err(why.into());
        }
        if shown {
            entries.push((Event::Viewed, Some(note.into()), 0));
        }
        if !entries.is_empty() {
            hearth.commit(store, None, Vec::new(), &entries, reading.now).await?;
        }
        let card = Card {
            note,
            revision: line.revision,
            expires_at: line.expires_at().unwrap_or_default(),
            held,
            summary: line.summary,
        };
        let sound = hearth.sound_of(note);
        Ok(Answer::Opened(Opened {
            card,
            parts,
            damaged,
            sound,
        }))
    }

    /// Rows first: a crash in between leaves a key that opens nothing, which the next unlocking destroys. A certificate is
    /// made once the keys are gone.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn delete(&mut self, now: u64, note: Id, certified: bool) -> Result<Answer, Trouble> {
        let purge = self.rings()?.purge();
        let (store, ring, hearth) = self.at_work().await?;
        let reading = hearth.read_clock(store, now).await?;
        let Some((line, held)) = hearth.book.line(note) else {
            return Ok(Answer::Done);
        };
        if held {
            return Err(Trouble::Refused(Refusal::Held));
        }
        let mut records: Vec<RecordId> = line.parts.iter().map(|at| at.record.into()).collect();
        records.extend(hearth.sounds.remove(&note).map(|kept| kept.record));
        hearth.spoil();
        let mut turned = hearth.book.strike(note, &hearth.keys, &mut hearth.keyring)?;
        let vault = hearth.vault();
        let mut destroyed = Vec::new();
        for record in &records {
            let row = key(vault, &record.to_string());
            if certified && let Some(stored) = store.get(Table::Sealed, &row).await? {
                destroyed.push(Destroyed::of(*record, &stored.bytes));
            }
            turned.changes.push(Change::Remove(Table::Sealed, row));
        }
        turned.shred.extend(records);
        hearth.carry_out(&ring, store, &turned.writes).await?;
        let entries = [(Event::Deleted, Some(note.into()), 0)];
        hearth
            .commit(store, None, turned.changes, &entries, reading.now)
            .await?;
        let writes = hearth.keyring.shred(&turned.shred)?;
        hearth.carry_out(&ring, store, &writes).await?;
        let certificate = match &hearth.log {
            Some(log) if certified => Some(certificate(log, reading.now, method(purge), &destroyed)),
            Some(_) | None => None,
        };
        let entry = (
            Event::DeletionCertified,
            Some(note.into()),
            number(destroyed.len() as u64),
        );
        let entries = certificate.as_ref().map(|_| entry);
        hearth
            .commit(store, None, Vec::new(), entries.as_slice(), reading.now)
            .await?;
        hearth.unspoil();
        self.remove_files(vault, &turned.shred).await;
        self.reopen().await?;
        Ok(certificate.map_or(Answer::Done, Answer::Certificate))
    }

    /// # Errors
    /// [`Trouble::Refused`] for a certificate of another vault, or one that was changed.
    pub fn check_certificate(&self, text: &str) -> Result<Answer, Trouble> {
        let log = self.hearth.as_ref().and_then(|hearth| hearth.log.as_ref());
        match verify_certificate(log.ok_or(Trouble::Locked)?, text) {
            Ok(()) => Ok(Answer::Done),
            Err(_) => Err(Trouble::Refused(Refusal::NoCertificate)),
        }
    }

    /// Puts a note with all its parts under legal hold, or lifts it.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn hold(&mut self, now: u64, note: Id, held: bool) -> Result<Answer, Trouble> {
        let (store, ring, hearth) = self.at_work().await?;
        let reading = hearth.read_clock(store, now).await?;
        let (line, _) = hearth.book.line(note).ok_or(Failure::Expired)?;
        let line = line.clone();
        hearth.spoil();
        let mut writes = Vec::new();
        let sound = hearth.sounds.get(&note).map(|kept| kept.record);
        let records = line.parts.iter().map(|at| at.record.into()).chain(sound);
        for record in records {
            if let Some(entry) = hearth.keyring.entry(record).copied() {
                let (_, changed) = hearth.keyring.change(&hearth.keys, Entry { hold: held, ..entry })?;
                writes.extend(changed);
            }
        }
        let expires_at = line.expires_at().unwrap_or_default();
        let turned = hearth
            .book
            .write(note, line, (expires_at, held), &hearth.keys, &mut hearth.keyring)?;
        writes.extend(turned.writes);
        hearth.carry_out(&ring, store, &writes).await?;
        let event = if held { Event::HoldSet } else { Event::HoldLifted };
        hearth
            .commit(
                store,
                None,
                turned.changes,
                &[(event, Some(note.into()), 0)],
                reading.now,
            )
            .await?;
        hearth.unspoil();
        Ok(Answer::Done)
    }
}

/// How a record was destroyed, for its certificate.
fn method(purge: Purge) -> &'static str {
    match purge {
        Purge::Exact => {
            "the 256-bit key of each record overwritten in place in both copies of the keyring and flushed; what it sealed \
             removed from the store"
        }
        Purge::BestEffort => {
            "the 256-bit key of each record and what it sealed removed from the browser's database, which may keep copies \
             for a while"
        }
    }
}

impl Line {
    fn new() -> Self {
        Self {
            revision: 0,
            parts: Vec::new(),
            summary: Vec::new(),
        }
    }

    /// Of the part that lasts longest.
    pub fn expires_at(&self) -> Option<u64> {
        self.parts.iter().map(|at| at.expires_at).max()
    }

    /// Where a part is, or will be. The note has the note's own name; the others get names of their own.
    fn place(&mut self, note: Id, class: Class, revision: u32, expires_at: u64) -> Result<PartAt, Failure> {
        if let Some(at) = self.parts.iter_mut().find(|at| at.class == class) {
            at.revision = revision;
            return Ok(*at);
        }
        let record = match class {
            Class::Note => note,
            Class::Transcript | Class::Audio | Class::Consent => RecordId::random()?.into(),
        };
        let at = PartAt {
            class,
            record,
            revision,
            expires_at,
        };
        self.parts.push(at);
        Ok(at)
    }
}

impl Turned {
    fn and(&mut self, other: Turned) {
        self.writes.extend(other.writes);
        self.changes.extend(other.changes);
        self.shred.extend(other.shred);
    }
}

fn namespace(class: Class) -> Namespace {
    match class {
        Class::Note => Namespace::Visit,
        Class::Transcript => Namespace::Transcript,
        Class::Audio => Namespace::Audio,
        Class::Consent => Namespace::Consent,
    }
}

fn retention(class: Class) -> vault::Class {
    match class {
        Class::Note => vault::Class::Note,
        Class::Transcript => vault::Class::Transcript,
        Class::Audio => vault::Class::Audio,
        Class::Consent => vault::Class::Consent,
    }
}
