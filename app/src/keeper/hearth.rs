//! The open vault: what this worker holds in memory while nobody has locked it.

use std::collections::{BTreeMap, BTreeSet};

use vault::audit::{Event, Log, LogKey, Verdict};
use vault::expiry::{Mark, Notice, Reading};
use vault::keyring::{Keyring, Write};
use vault::meta::{Meta, Roots};
use vault::record::Head;
use vault::{Failure, Header, Keys, Namespace, RecordId, VaultId, VaultKey};

use super::list::Book;
use super::protocol::{ClockSeen, FromWorker, Id, List, News, encode};
use super::ring::Ring;
use super::sound::Kept;
use super::state::{self, key, put};
use super::ways::settings_record;
use super::{Keeper, Trouble, prefix};
use crate::browser::store::{Change, Store, Table, Unless};
use crate::browser::tabs::Line;
use crate::browser::{clock, scope};
use crate::problem::StoreProblem;

/// A mark of the clock this much older is written anew; seconds.
const MARK_EVERY: u64 = 60;

pub struct Hearth {
    pub name: String,
    pub header: Header,
    pub keys: Keys,
    pub keyring: Keyring,
    pub meta: Meta,
    /// Nothing until the unlocking is finished.
    pub log: Option<Log>,
    pub verdict: Option<Verdict>,
    pub book: Book,
    /// Notes that did not open: kept where they are, counted, and off the list.
    pub damaged: BTreeSet<Id>,
    /// The recordings that are kept, by the note that is made of them.
    pub sounds: BTreeMap<Id, Kept>,
    /// Slots and pages that are lost.
    pub lost: u32,
    /// The note that was last entered into the log as edited, and when.
    pub edited: Option<(Id, u64)>,
    pub clock: ClockSeen,
    /// Between an answer that the vault is open and the work that is left after it.
    pub unfinished: Option<Unfinished>,
    mark: Mark,
    /// When the mark was made; milliseconds of the monotonic clock.
    marked_at: f64,
    /// What is in memory is not what is stored: a change failed half-way.
    stale: bool,
    line: Option<Line>,
}

/// What is needed once more after unlocking, and dropped then.
pub struct Unfinished {
    pub key: VaultKey,
    pub log: LogKey,
    /// The kind of the slot that opened it.
    pub kind: u32,
    /// What was noticed on the way in.
    pub entries: Vec<Entry>,
}

/// What a change is about, for the audit log.
pub type Entry = (Event, Option<RecordId>, u32);

impl Hearth {
    pub fn new(
        name: String,
        header: Header,
        keys: Keys,
        keyring: Keyring,
        meta: Meta,
        mark: Mark,
        unfinished: Unfinished,
    ) -> Self {
        // What other tabs say is only that something happened; it is read from the store.
        let vault = header.vault();
        let line = Line::open(&prefix(vault), |_| {
            scope::post(&encode(&FromWorker::News(News::Changed)));
        });
        Self {
            name,
            header,
            keys,
            keyring,
            meta,
            log: None,
            verdict: None,
            book: Book::default(),
            damaged: BTreeSet::new(),
            sounds: BTreeMap::new(),
            lost: 0,
            edited: None,
            clock: ClockSeen::default(),
            unfinished: Some(unfinished),
            mark,
            marked_at: clock::monotonic(),
            stale: false,
            line,
        }
    }

    pub fn vault(&self) -> VaultId {
        self.header.vault()
    }

    /// What the page's clock means. The mark is stored before the reading is used.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn read_clock(&mut self, store: &Store, wall: u64) -> Result<Reading, Trouble> {
        let elapsed = ((clock::monotonic() - self.marked_at) / 1_000.0) as u64;
        let reading = self.mark.read(wall, elapsed);
        let told = self.clock;
        self.clock = ClockSeen {
            back: matches!(reading.notice, Some(Notice::Back { .. })),
            held: matches!(reading.notice, Some(Notice::Ahead { .. })),
        };
        let old = self.meta.mark.time();
        if reading.notice.is_some() || reading.now >= old.saturating_add(MARK_EVERY) {
            store
                .commit(None, &[state::put_mark(self.vault(), reading.mark)])
                .await?;
        }
        self.mark = reading.mark;
        self.marked_at = clock::monotonic();
        let noticed: &[Entry] = match reading.notice {
            Some(Notice::Back { seconds }) if !told.back => &[(Event::ClockBack, None, number(seconds / 60))],
            Some(Notice::Ahead { seconds, .. }) if !told.held => &[(Event::ClockAhead, None, number(seconds / 86_400))],
            Some(_) | None => &[],
        };
        if !noticed.is_empty() {
            self.commit(store, None, Vec::new(), noticed, reading.now).await?;
        }
        Ok(reading)
    }

    pub fn confirm(&mut self, wall: u64) {
        self.mark = Mark::confirmed(wall);
        self.marked_at = clock::monotonic();
        self.clock = ClockSeen::default();
    }

    /// Carries out a change in one transaction: the rows, what the audit log says of them, and the vault's state. Other
    /// tabs hear of it.
    ///
    /// # Errors
    /// Those of the store; then everything is read again before the next request.
    pub async fn commit(
        &mut self,
        store: &Store,
        unless: Option<Unless<'_>>,
        mut changes: Vec<Change>,
        entries: &[Entry],
        now: u64,
    ) -> Result<(), Trouble> {
        // A copy: rows that were not stored must not be part of the chain.
        let mut log = self.log.as_ref().map(Log::fork);
        if let Some(log) = &mut log {
            for (event, record, detail) in entries {
                let number = log.checkpoint().count;
                let row = log.append(now, *event, *record, *detail)?;
                changes.push(put(Table::Audit, log_key(self.vault(), number), row));
            }
        }
        let mut meta = self.meta.clone();
        if let Some(log) = &log {
            meta.audit = log.checkpoint();
        }
        meta.keyring = self.keyring.counter();
        meta.mark = self.mark;
        state::follow(meta.roots.get_or_insert_default(), &changes);
        changes.push(state::put_meta(self.vault(), meta.to_bytes(&self.keys)));
        changes.push(state::put_mark(self.vault(), self.mark));
        match store.commit(unless, &changes).await {
            Ok(()) => {
                self.meta = meta;
                self.log = log;
                self.tell();
                Ok(())
            }
            Err(why) => {
                self.stale = true;
                Err(why.into())
            }
        }
    }

    /// Tells the other tabs that something is other than it was.
    pub fn tell(&self) {
        if let Some(line) = &self.line {
            line.say("changed");
        }
    }

    /// Carries out writes on the keyring.
    ///
    /// # Errors
    /// Those of the store; then everything is read again before the next request.
    pub async fn carry_out(&mut self, ring: &Ring, store: &Store, writes: &[Write]) -> Result<(), Trouble> {
        let done = ring.carry_out(store, writes).await;
        self.stale |= done.is_err();
        Ok(done?)
    }

    /// Memory is about to be ahead of the disk; a change that ends half-way is read again.
    pub fn spoil(&mut self) {
        self.stale = true;
    }

    /// Both are the same again.
    pub fn unspoil(&mut self) {
        self.stale = false;
    }

    /// True while no other tab has changed this vault since.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn is_current(&self, store: &Store) -> Result<bool, Trouble> {
        let stored = state::meta(store, self.vault()).await?;
        let stored = stored.and_then(|bytes| Meta::peek(&bytes).ok());
        Ok(!self.stale && stored.is_some_and(|stored| stored.writes() == self.meta.writes()))
    }

    pub fn list(&self) -> List {
        let mut cards = self.book.cards();
        cards.retain(|card| !self.damaged.contains(&card.note));
        List {
            cards,
            damaged: self.lost + number(self.damaged.len() as u64),
            interrupted: Vec::new(),
        }
    }

    /// Reads the pages of the list that changed.
    ///
    /// # Errors
    /// Those of the store. Pages that do not open, are not the newest or are missing are counted.
    pub async fn read_book(&mut self, store: &Store, now: u64) -> Result<u32, Trouble> {
        let rows = store.all(Table::Index, &prefix(self.vault())).await?;
        let mut unread = 0;
        let mut stored = Vec::with_capacity(rows.len());
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            let page = vault::record::read_head(&row.bytes).and_then(|head| {
                found.push(head.id);
                self.newest(&head)?;
                self.book.read(&row.bytes, &self.keys, &self.keyring, now)?;
                Ok(head.id)
            });
            match page {
                Ok(page) => stored.push(page),
                // Destroyed or about to be.
                Err(Failure::Expired | Failure::Gone) => {}
                Err(_) => unread += 1,
            }
        }
        self.book.keep(&stored);
        let roots = self.meta.roots.iter().flat_map(Roots::ids);
        let missing = roots.filter(|page| {
            let entry = self.keyring.entry(*page);
            let kept = entry.is_some_and(|entry| entry.namespace == Namespace::Index && entry.expires_at > now);
            kept && !found.contains(page)
        });
        Ok(unread + number(missing.count() as u64))
    }

    /// # Errors
    /// [`Failure::Damaged`] for a genuine record that was put back from earlier.
    pub fn newest(&self, head: &Head) -> Result<(), Failure> {
        let roots = self.meta.roots.as_ref();
        let newest = roots.is_none_or(|roots| !Roots::concern(head) || roots.newest(head.id) == Some(head.revision));
        newest.then_some(()).ok_or(Failure::Damaged)
    }

    /// A state that does not know its roots takes what is stored for the newest.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn adopt_roots(&mut self, store: &Store) -> Result<(), Trouble> {
        if self.meta.roots.is_some() {
            return Ok(());
        }
        let mut roots = Roots::default();
        let mut rows = store.all(Table::Index, &prefix(self.vault())).await?;
        if let Some(id) = settings_record(self) {
            rows.extend(store.get(Table::Sealed, &key(self.vault(), &id.to_string())).await?);
        }
        let heads = rows.iter().map(|row| vault::record::read_head(&row.bytes));
        heads.flatten().for_each(|head| roots.note(&head));
        self.meta.roots = Some(roots);
        Ok(())
    }
}

impl Keeper {
    /// Reads what another tab changed.
    ///
    /// # Errors
    /// [`Trouble::Locked`] when the keys do not fit any more, or a way in was exchanged or removed: whoever opened this tab
    /// may have come in by it.
    pub async fn catch_up(&mut self) -> Result<(), Trouble> {
        let (Some(store), Some(rings), Some(hearth)) = (&self.store, &self.rings, &mut self.hearth) else {
            return Err(Trouble::Locked);
        };
        let vault = hearth.vault();
        let found = state::vault(store, vault).await?.ok_or(Trouble::Locked)?;
        if !found.header.keeps_the_ways_of(&hearth.header) {
            return Err(Trouble::Locked);
        }
        let bytes = state::meta(store, vault).await?.ok_or(Trouble::Locked)?;
        let meta = Meta::open(&hearth.keys, &bytes).map_err(|_| Trouble::Locked)?;
        let ring = rings.open(vault).await?;
        let parsed = vault::keyring::parse(&ring.read(store).await?, &found.header).map_err(|_| Trouble::Locked)?;
        hearth.keyring = parsed.keyring;
        hearth.header = found.header;
        let known = hearth.meta.audit.count;
        if let Some(log) = &mut hearth.log {
            let mut new = Vec::new();
            for number in known..meta.audit.count {
                new.extend(store.get(Table::Audit, &log_key(vault, number)).await?);
            }
            log.follow(meta.audit, new.iter().map(|row| row.bytes.as_slice()));
        }
        hearth.meta = meta;
        if std::mem::take(&mut hearth.stale) {
            // A page that was written here and not stored may carry the number of another tab's.
            hearth.book = Book::default();
        }
        let now = hearth.mark.time();
        hearth.read_book(store, now).await?;
        hearth.read_sounds(store, now).await
    }
}

/// Numbers of a fixed length, so that their order is that of the rows.
pub fn log_key(vault: VaultId, number: u64) -> String {
    key(vault, &format!("{number:016x}"))
}

/// As large as the audit log can write it.
pub fn number(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

impl Keeper {
    /// The open vault with everything that a change needs.
    ///
    /// # Errors
    /// [`Trouble::Locked`], and those of the store.
    pub async fn at_work(&mut self) -> Result<(&Store, Ring, &mut Hearth), Trouble> {
        let (Some(store), Some(rings)) = (&self.store, &self.rings) else {
            return Err(Trouble::Store(StoreProblem::Unavailable));
        };
        let hearth = self.hearth.as_mut().ok_or(Trouble::Locked)?;
        let ring = rings.open(hearth.vault()).await?;
        Ok((store, ring, hearth))
    }
}
