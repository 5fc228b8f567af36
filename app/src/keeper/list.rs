//! The list of notes without opening them: sealed pages, each with the notes of one hour of expiry.
//!
//! A page has a key of its own in the keyring with that very expiry. So a locked vault destroys the line of the list
//! together with its note, and unlocking opens hundreds of pages where there are ten thousand notes. A page that loses a
//! note to deletion by hand is sealed anew under another key, and its old key is destroyed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use vault::keyring::{Entry, Keyring, Write};
use vault::{Failure, Keys, Namespace, RecordId};

use super::protocol::{Card, Class, Id};
use super::state::key;
use crate::browser::store::{Change, Row, Table};

/// A page that holds as many begins another one: saving a note seals its page anew.
const MOST_ON_A_PAGE: usize = 64;

/// Layout of a page's plaintext.
const SCHEMA: u16 = 1;

/// All pages.
#[derive(Default)]
pub struct Book {
    pages: BTreeMap<RecordId, Page>,
    /// On which page a note is.
    places: BTreeMap<Id, RecordId>,
}

struct Page {
    revision: u32,
    expires_at: u64,
    held: bool,
    lines: BTreeMap<Id, Line>,
}

/// A note on the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub revision: u32,
    pub parts: Vec<PartAt>,
    /// The page's own summary.
    pub summary: Vec<u8>,
}

/// Where a part of a note is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartAt {
    pub class: Class,
    pub record: Id,
    /// The note's when the part was stored last: an older one that was put back does not pass for it.
    pub revision: u32,
    /// Seconds since 1970.
    pub expires_at: u64,
}

/// The lines of a page's plaintext.
///
/// # Errors
/// [`Failure::Unsupported`] for another layout, [`Failure::Damaged`].
pub fn read_lines(schema: u16, plaintext: &[u8]) -> Result<Vec<(Id, Line)>, Failure> {
    if schema != SCHEMA {
        return Err(Failure::Unsupported);
    }
    postcard::from_bytes(plaintext).map_err(|_| Failure::Damaged)
}

/// What [`read_lines`] reads, with its schema.
pub fn write_lines<'a>(lines: impl IntoIterator<Item = (&'a Id, &'a Line)>) -> (u16, Vec<u8>) {
    let lines: Vec<(&Id, &Line)> = lines.into_iter().collect();
    (SCHEMA, postcard::to_stdvec(&lines).expect("lines are plain data"))
}

/// What a changed page asks for.
#[derive(Default)]
pub struct Turned {
    /// For the keyring file, before the rows.
    pub writes: Vec<Write>,
    pub changes: Vec<Change>,
    /// Keys to be destroyed after the rows.
    pub shred: Vec<RecordId>,
}

impl Book {
    /// Takes over a page as it is stored; one that is known in this revision is not opened again.
    ///
    /// # Errors
    /// Why it does not open.
    pub fn read(&mut self, sealed: &[u8], keys: &Keys, keyring: &Keyring, now: u64) -> Result<(), Failure> {
        let head = vault::record::read_head(sealed)?;
        if self
            .pages
            .get(&head.id)
            .is_some_and(|page| page.revision == head.revision)
        {
            return Ok(());
        }
        let dek = keyring.dek(keys, head.id, now)?;
        let (head, plaintext) = vault::record::open(&dek, sealed, now)?;
        if head.namespace != Namespace::Index {
            return Err(Failure::Damaged);
        }
        let lines = read_lines(head.schema, &plaintext)?;
        self.drop_page(head.id);
        self.places.extend(lines.iter().map(|(note, _)| (*note, head.id)));
        let page = Page {
            revision: head.revision,
            expires_at: dek.entry().expires_at,
            held: dek.entry().hold,
            lines: lines.into_iter().collect(),
        };
        self.pages.insert(head.id, page);
        Ok(())
    }

    /// Forgets the pages that are not among these.
    pub fn keep(&mut self, stored: &[RecordId]) {
        let gone: Vec<RecordId> = self
            .pages
            .keys()
            .filter(|page| !stored.contains(page))
            .copied()
            .collect();
        gone.into_iter().for_each(|page| self.drop_page(page));
    }

    /// A note's line, and whether it is held.
    pub fn line(&self, note: Id) -> Option<(&Line, bool)> {
        let page = self.pages.get(self.places.get(&note)?)?;
        Some((page.lines.get(&note)?, page.held))
    }

    pub fn lines(&self) -> impl Iterator<Item = (Id, &Line)> {
        let pages = self.pages.values();
        pages.flat_map(|page| page.lines.iter().map(|(note, line)| (*note, line)))
    }

    pub fn cards(&self) -> Vec<Card> {
        let of_page = |page: &'_ Page| -> Vec<Card> {
            let lines = page.lines.iter();
            lines
                .map(|(note, line)| Card {
                    note: *note,
                    revision: line.revision,
                    expires_at: page.expires_at,
                    held: page.held,
                    summary: line.summary.clone(),
                })
                .collect()
        };
        self.pages.values().flat_map(of_page).collect()
    }

    /// Writes a note's line on the page of its expiry, and takes it off the page on which it was.
    ///
    /// # Errors
    /// Those of the keyring and of sealing.
    pub fn write(
        &mut self,
        note: Id,
        line: Line,
        (expires_at, held): (u64, bool),
        keys: &Keys,
        keyring: &mut Keyring,
    ) -> Result<Turned, Failure> {
        self.write_all(vec![(note, line, (expires_at, held))], keys, keyring)
    }

    /// The same for many: each page is sealed once.
    ///
    /// # Errors
    /// Those of the keyring and of sealing.
    pub fn write_all(
        &mut self,
        lines: Vec<(Id, Line, (u64, bool))>,
        keys: &Keys,
        keyring: &mut Keyring,
    ) -> Result<Turned, Failure> {
        let mut turned = Turned::default();
        let mut touched = BTreeSet::new();
        for (note, line, (expires_at, held)) in lines {
            if let Some(old) = self.places.get(&note).copied()
                && let Some(page) = self.pages.get_mut(&old)
                && (page.expires_at, page.held) != (expires_at, held)
            {
                page.lines.remove(&note);
                touched.insert(old);
                self.places.remove(&note);
            }
            let at = match self.places.get(&note) {
                Some(at) => *at,
                None => self.page_for(expires_at, held, keys, keyring, &mut turned)?,
            };
            self.places.insert(note, at);
            if let Some(page) = self.pages.get_mut(&at) {
                page.lines.insert(note, line);
            }
            touched.insert(at);
        }
        for page in touched {
            self.seal(page, keys, keyring, &mut turned)?;
        }
        Ok(turned)
    }

    /// Takes a note off for good: what is left of its page is sealed under another key.
    ///
    /// # Errors
    /// Those of the keyring and of sealing.
    pub fn strike(&mut self, note: Id, keys: &Keys, keyring: &mut Keyring) -> Result<Turned, Failure> {
        let mut turned = Turned::default();
        let Some(old) = self.places.remove(&note) else {
            return Ok(turned);
        };
        let Some(mut page) = self.pages.remove(&old) else {
            return Ok(turned);
        };
        page.lines.remove(&note);
        turned.shred.push(old);
        turned
            .changes
            .push(Change::Remove(Table::Index, key(keys.vault(), &old.to_string())));
        if !page.lines.is_empty() {
            let new = self.new_page(page.expires_at, page.held, keys, keyring, &mut turned)?;
            self.places.extend(page.lines.keys().map(|note| (*note, new)));
            if let Some(fresh) = self.pages.get_mut(&new) {
                fresh.lines = page.lines;
            }
            self.seal(new, keys, keyring, &mut turned)?;
        }
        Ok(turned)
    }

    /// Forgets what was destroyed: a page, or a note of one.
    pub fn forget(&mut self, records: &[RecordId]) {
        for record in records {
            self.drop_page(*record);
            let note = Id::from(*record);
            if let Some(page) = self.places.remove(&note).and_then(|page| self.pages.get_mut(&page)) {
                page.lines.remove(&note);
            }
        }
    }

    fn page_for(
        &mut self,
        expires_at: u64,
        held: bool,
        keys: &Keys,
        keyring: &mut Keyring,
        turned: &mut Turned,
    ) -> Result<RecordId, Failure> {
        let fits =
            |page: &Page| (page.expires_at, page.held) == (expires_at, held) && page.lines.len() < MOST_ON_A_PAGE;
        match self.pages.iter().find(|(_, page)| fits(page)) {
            Some((id, _)) => Ok(*id),
            None => self.new_page(expires_at, held, keys, keyring, turned),
        }
    }

    fn new_page(
        &mut self,
        expires_at: u64,
        held: bool,
        keys: &Keys,
        keyring: &mut Keyring,
        turned: &mut Turned,
    ) -> Result<RecordId, Failure> {
        let id = RecordId::random()?;
        let entry = Entry {
            id,
            namespace: Namespace::Index,
            class: vault::Class::Note,
            expires_at,
            hold: held,
        };
        let (_, writes) = keyring.add(keys, entry)?;
        turned.writes.extend(writes);
        let page = Page {
            revision: 0,
            expires_at,
            held,
            lines: BTreeMap::new(),
        };
        self.pages.insert(id, page);
        Ok(id)
    }

    fn seal(&mut self, id: RecordId, keys: &Keys, keyring: &Keyring, turned: &mut Turned) -> Result<(), Failure> {
        let Some(page) = self.pages.get_mut(&id) else {
            return Ok(());
        };
        page.revision += 1;
        let (schema, plaintext) = write_lines(&page.lines);
        // The page's own date was checked when its note was opened for writing.
        let dek = keyring.dek(keys, id, 0)?;
        let row = Row {
            key: key(dek.vault(), &id.to_string()),
            expires: page.expires_at,
            bytes: vault::record::seal(&dek, schema, page.revision, &plaintext)?,
        };
        turned.changes.push(Change::Put(Table::Index, row));
        Ok(())
    }

    fn drop_page(&mut self, id: RecordId) {
        if let Some(page) = self.pages.remove(&id) {
            page.lines.keys().for_each(|note| {
                self.places.remove(note);
            });
        }
    }
}
